"""Every namespace, URN and constant of SAML and of the scheme that messages use. No logic.

SAML names are from the OASIS SAML 2.0 core, bindings and metadata documents; `urn:etoegang` names are from the
interface specifications of the scheme (Afsprakenstelsel Elektronische Toegangsdiensten), version 1.13.
"""

from typing import Final

SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
MD: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
MDATTR: Final = "urn:oasis:names:tc:SAML:metadata:attribute"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XS: Final = "http://www.w3.org/2001/XMLSchema"
XML: Final = "http://www.w3.org/XML/1998/namespace"
XACML_SAML: Final = "urn:oasis:xacml:2.0:saml:assertion:schema:os"
XACML_CONTEXT: Final = "urn:oasis:names:tc:xacml:2.0:context:schema:os"
XACML_POLICY: Final = "urn:oasis:names:tc:xacml:2.0:policy:schema:os"
EME: Final = "urn:etoegang:1.13:metadata-extension"
EME_1_11: Final = "urn:etoegang:1.11:metadata-extension"
ESC: Final = "urn:etoegang:1.13:service-catalog"

PREFIXES: Final = {
    "saml": SAML,
    "samlp": SAMLP,
    "md": MD,
    "mdattr": MDATTR,
    "ds": DS,
    "xenc": XENC,
    "soap": SOAP,
    "xsi": XSI,
    "xs": XS,
    "xacml-saml": XACML_SAML,
    "xacml-context": XACML_CONTEXT,
    "xacml-policy": XACML_POLICY,
    "eme": EME,
    "eme111": EME_1_11,
    "esc": ESC,
}

# --- SAML core and bindings ---------------------------------------------------------------------------------------

VERSION: Final = "2.0"
NAMEID_TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
NAMEID_PERSISTENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
NAMEID_UNSPECIFIED: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
ATTRNAME_URI: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
CONSENT_UNSPECIFIED: Final = "urn:oasis:names:tc:SAML:2.0:consent:unspecified"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
BINDING_REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
BINDING_POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
BINDING_ARTIFACT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
BINDING_SOAP: Final = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
SOAP_ACTION: Final = "http://www.oasis-open.org/committees/security"

STATUS_SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
STATUS_REQUESTER: Final = "urn:oasis:names:tc:SAML:2.0:status:Requester"
STATUS_RESPONDER: Final = "urn:oasis:names:tc:SAML:2.0:status:Responder"
STATUS_AUTHN_FAILED: Final = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
STATUS_REQUEST_UNSUPPORTED: Final = "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported"

# --- signatures and encryption ------------------------------------------------------------------------------------

C14N_EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED_SIGNATURE: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1: Final = "http://www.w3.org/2000/09/xmldsig#sha1"
AES256_CBC: Final = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
RSA_OAEP: Final = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
XENC_ELEMENT: Final = "http://www.w3.org/2001/04/xmlenc#Element"
XENC_ENCRYPTED_KEY: Final = "http://www.w3.org/2001/04/xmlenc#EncryptedKey"
ENCRYPTED_ID_TYPE: Final = "urn:oasis:names:tc:SAML:2.0:assertion#EncryptedID"

# --- the scheme: levels, attributes -------------------------------------------------------------------------------

ASSURANCE_CLASS: Final = "urn:etoegang:core:assurance-class:"
ASSURANCE_CERTIFICATION: Final = "urn:oasis:names:tc:SAML:attribute:assurance-certification"

SERVICE_ID: Final = "urn:etoegang:core:ServiceID"
SERVICE_UUID: Final = "urn:etoegang:core:ServiceUUID"
INTENDED_AUDIENCE: Final = "urn:etoegang:core:IntendedAudience"
ACTING_SUBJECT_ID: Final = "urn:etoegang:core:ActingSubjectID"
ACTING_ENTITY_ID: Final = "urn:etoegang:core:ActingEntityID"
LEGAL_SUBJECT_ID: Final = "urn:etoegang:core:LegalSubjectID"
REPRESENTATION: Final = "urn:etoegang:core:Representation"
AUTHORIZATION_REGISTRY_ID: Final = "urn:etoegang:core:AuthorizationRegistryID"
LEVEL_OF_ASSURANCE: Final = "urn:etoegang:core:LevelOfAssurance"
LEVEL_OF_ASSURANCE_USED: Final = "urn:etoegang:core:LevelOfAssuranceUsed"
LINKED_SIGNATURE_VALUE: Final = "urn:etoegang:core:LinkedDeclarationSignatureValue"
REQUIRE_NEXT_REGISTER: Final = "urn:etoegang:core:RequireConfirmationFromNextMR"
INTERMEDIATE_KVK_NUMBER: Final = "urn:etoegang:1.9:IntermediateEntityID:KvKnr"
INTERMEDIATE_RSIN: Final = "urn:etoegang:1.9:IntermediateEntityID:RSIN"
INTERMEDIATE_SUBJECT_ID: Final = "urn:etoegang:core:IntermediateSubjectID"
INTERMEDIATE_COMPANY_NAME: Final = "urn:etoegang:1.13:attribute-intermediate:CompanyName"
REPRESENTED_COMPANY_NAME: Final = "urn:etoegang:1.11:attribute-represented:CompanyName"
RESTRICTION_BRANCH: Final = "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr"

# --- the scheme: metadata ------------------------------------------------------------------------------------------

NETWORK_METADATA: Final = "urn:etoegang:1.13:metadata:"
ROLE_AUTHENTICATION_SERVICES: Final = "urn:etoegang:role:Authenticatiediensten"
ROLE_REGISTERS: Final = "urn:etoegang:role:Machtigingenregisters"
ROLE_BROKERS: Final = "urn:etoegang:role:Herkenningsmakelaars"

# --- XACML 2.0, as the registers use it ---------------------------------------------------------------------------

XACML_PERMIT: Final = "Permit"
XACML_STATUS_OK: Final = "urn:oasis:names:tc:xacml:1.0:status:ok"
XACML_ACTION_ID: Final = "urn:oasis:names:tc:xacml:1.0:action:action-id"
XACML_ACCESS_SUBJECT: Final = "urn:oasis:names:tc:xacml:1.0:subject-category:access-subject"
XACML_AUTHENTICATE: Final = "Authenticate"
TYPE_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
TYPE_BASE64: Final = "http://www.w3.org/2001/XMLSchema#base64Binary"
