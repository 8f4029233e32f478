"""Messages of a broker, written out with lxml, signed with signxml and encrypted with cryptography.

Nothing here comes from the code under test or from the broker of this project. A test takes a valid answer and
changes one thing: `edit` (the Response) or `edit_outer` (the ArtifactResponse) before signing, when the signatures
hold; `spoil` after signing, when they break; or the signer of one of the three levels.
"""

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import xmlsec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree
from lxml.builder import ElementMaker
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod

from tests.sp_demo.wire_pki import KeyPair

BROKER = "urn:etoegang:HM:00000099000000010000:entities:9001"
AUTHENTICATION_SERVICE = "urn:etoegang:AD:00000099000000020000:entities:9001"
INTERMEDIARY_REGISTER = "urn:etoegang:MR:00000099000000030000:entities:9001"
CLIENT_REGISTER = "urn:etoegang:MR:00000099000000040000:entities:9002"

NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "xacml-saml": "urn:oasis:xacml:2.0:saml:assertion:schema:os",
    "xacml-context": "urn:oasis:names:tc:xacml:2.0:context:schema:os",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
KVK = "urn:etoegang:1.9:EntityConcernedID:KvKnr"
RSIN = "urn:etoegang:1.9:EntityConcernedID:RSIN"
PSEUDO = "urn:etoegang:1.13:EntityConcernedID:Pseudo"
INTERMEDIARY_KVK = "urn:etoegang:1.9:IntermediateEntityID:KvKnr"
INTERMEDIARY_NAME = "urn:etoegang:1.13:attribute-intermediate:CompanyName"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"

SAMLP = ElementMaker(namespace=NS["samlp"], nsmap={"samlp": NS["samlp"], "saml": NS["saml"], "xs": NS["xs"]})
SAML = ElementMaker(namespace=NS["saml"], nsmap={"saml": NS["saml"]})
XENC = ElementMaker(namespace=NS["xenc"], nsmap={"xenc": NS["xenc"]})
DS = ElementMaker(namespace=NS["ds"], nsmap={"ds": NS["ds"]})
SOAP = ElementMaker(namespace=NS["soap"], nsmap={"soap": NS["soap"]})
CONTEXT = ElementMaker(namespace=NS["xacml-context"], nsmap={"xacml-context": NS["xacml-context"]})

Element = etree._Element


def tag(name):
    prefix, local = name.split(":")
    return f"{{{NS[prefix]}}}{local}"


def at(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id():
    return "_" + secrets.token_hex(16)


class AnyAlgorithm(XMLSigner):
    """signxml refuses to make SHA-1 signatures; a test of their refusal needs one."""

    def check_deprecated_methods(self):
        pass


@dataclass(frozen=True, slots=True)
class Signer:
    pair: KeyPair
    algorithm: str = "rsa-sha256"
    digest: str = "sha256"
    key_info: Callable[[KeyPair], Element] = field(default=lambda pair: DS.KeyInfo(DS.KeyName(pair.name)))

    def sign(self, element):
        """The element, parsed anew, with an enveloped signature right after its Issuer."""
        element.insert(1, DS.Signature(Id="placeholder"))
        signer = AnyAlgorithm(
            signature_algorithm=self.algorithm,
            digest_algorithm=self.digest,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        signed = signer.sign(
            element,
            key=self.pair.key,
            key_info=self.key_info(self.pair),
            reference_uri=element.get("ID"),
            id_attribute="ID",
        )
        return etree.fromstring(etree.tostring(signed))


@dataclass(frozen=True, slots=True)
class SilentSigner(Signer):
    """Does not say which key it uses; KeyInfo is no part of what is signed, so it can go afterwards."""

    def sign(self, element):
        signed = super(SilentSigner, self).sign(element)
        signature = signed[1]
        signature.remove(signature.find(tag("ds:KeyInfo")))
        return signed


@dataclass(frozen=True, slots=True)
class PrefixSigner(Signer):
    """Lists prefixes with the canonicalization, with XML Security since signxml forgets them; ends a line too."""

    prefixes: tuple[str, ...] = ()

    def sign(self, element):
        c14n = xmlsec.constants.TransformExclC14N
        template = xmlsec.template.create(element, c14n, xmlsec.constants.TransformRsaSha256, ns="ds")
        element.insert(1, template)
        template.tail = "\n"
        name = element.get("ID")
        reference = xmlsec.template.add_reference(template, xmlsec.constants.TransformSha256, uri=f"#{name}")
        xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
        transform = xmlsec.template.add_transform(reference, c14n)
        xmlsec.template.transform_add_c14n_inclusive_namespaces(transform, list(self.prefixes))
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(self.pair.key_pem, xmlsec.constants.KeyDataFormatPem)
        context.register_id(element, "ID")
        context.sign(template)
        return etree.fromstring(etree.tostring(element))


def encrypt(content, pair, recipient, *, key_name=None, name="EncryptedID"):
    """An EncryptedID or EncryptedAttribute: EncryptedData, then its EncryptedKey as a sibling."""
    session_key, iv = secrets.token_bytes(32), os.urandom(16)
    plain = etree.tostring(content)
    fill = 16 - len(plain) % 16
    padded = plain + os.urandom(fill - 1) + bytes([fill])
    encryptor = Cipher(algorithms.AES(session_key), modes.CBC(iv)).encryptor()
    data = iv + encryptor.update(padded) + encryptor.finalize()
    wrapped = pair.key.public_key().encrypt(
        session_key, padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), label=None)
    )
    data_id, key_id = new_id(), new_id()
    return SAML(
        name,
        XENC.EncryptedData(
            XENC.EncryptionMethod(Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"),
            DS.KeyInfo(DS.RetrievalMethod(Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey", URI=f"#{key_id}")),
            XENC.CipherData(XENC.CipherValue(base64.b64encode(data).decode())),
            Id=data_id,
            Type="http://www.w3.org/2001/04/xmlenc#Element",
        ),
        XENC.EncryptedKey(
            XENC.EncryptionMethod(
                DS.DigestMethod(Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"),
                Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
            ),
            DS.KeyInfo(DS.KeyName(key_name or pair.name)),
            XENC.CipherData(XENC.CipherValue(base64.b64encode(wrapped).decode())),
            XENC.ReferenceList(XENC.DataReference(URI=f"#{data_id}")),
            Id=key_id,
            Recipient=recipient,
        ),
    )


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """What the broker of the test knows of the portal."""

    entity_id: str
    acs_url: str
    encryption: KeyPair
    service_id: str
    service_uuid: str = "e0000099-0011-4000-8000-000000009001"


@dataclass(frozen=True, slots=True)
class Answer:
    """A valid answer to one request, and the one thing that a test changes."""

    provider: ServiceProvider
    request_id: str
    signer: Signer
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    acting: str = "AB" * 32 + "@" + "CD" * 16
    legal: tuple[tuple[str, str], ...] = ((KVK, "90004566"), (RSIN, "999991073"))
    intermediary: tuple[str, str] | None = None
    branch: str | None = None
    level: str = "loa3"
    evidence: tuple[Element, ...] = ()
    encrypt_for: str | None = None
    encryption_key_name: str | None = None
    status: tuple[str, ...] = ("Success",)
    status_message: str | None = None
    assertion_id: str = field(default_factory=new_id)
    assertion_signer: Signer | None = None
    response_signer: Signer | None = None
    artifact_signer: Signer | None = None
    unsigned: frozenset[str] = frozenset()
    edit: Callable[[Element], None] = lambda _response: None
    edit_outer: Callable[[Element], None] = lambda _artifact_response: None
    spoil: Callable[[Element], None] = lambda _artifact_response: None

    def but(self, **changes):
        return replace(self, **changes)

    def _encrypted(self, content, name="EncryptedID"):
        recipient = self.encrypt_for or self.provider.entity_id
        return encrypt(content, self.provider.encryption, recipient, key_name=self.encryption_key_name, name=name)

    def _subject_attribute(self, name, identifiers):
        values = [
            SAML.AttributeValue(self._encrypted(persistent(qualifier, value))) for qualifier, value in identifiers
        ]
        return SAML.Attribute(*values, Name=name)

    def _attributes(self):
        yield plain("urn:etoegang:core:ServiceID", self.provider.service_id)
        yield plain("urn:etoegang:core:ServiceUUID", self.provider.service_uuid)
        yield self._subject_attribute("urn:etoegang:core:ActingSubjectID", [(PSEUDO, self.acting)])
        yield self._subject_attribute("urn:etoegang:core:LegalSubjectID", self.legal)
        if self.intermediary:
            number, company = self.intermediary
            yield plain(INTERMEDIARY_KVK, number)
            yield self._encrypted(plain(INTERMEDIARY_NAME, company), "EncryptedAttribute")
        if self.branch:
            yield plain("urn:etoegang:1.9:ServiceRestriction:Vestigingsnr", self.branch)

    def assertion(self):
        until = at(self.now + timedelta(minutes=2))
        advice = [SAML.Advice(*self.evidence)] if self.evidence else []
        return SAML.Assertion(
            SAML.Issuer(BROKER),
            SAML.Subject(
                SAML.NameID(
                    secrets.token_hex(32).upper(),
                    Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
                    NameQualifier=AUTHENTICATION_SERVICE,
                ),
                SAML.SubjectConfirmation(
                    SAML.SubjectConfirmationData(
                        InResponseTo=self.request_id, Recipient=self.provider.acs_url, NotOnOrAfter=until
                    ),
                    Method="urn:oasis:names:tc:SAML:2.0:cm:bearer",
                ),
            ),
            SAML.Conditions(
                SAML.AudienceRestriction(SAML.Audience(self.provider.entity_id)),
                NotBefore=at(self.now - timedelta(seconds=5)),
                NotOnOrAfter=until,
            ),
            *advice,
            authn_statement(self.now, self.level, AUTHENTICATION_SERVICE),
            SAML.AttributeStatement(*self._attributes()),
            ID=self.assertion_id,
            Version="2.0",
            IssueInstant=at(self.now),
        )

    def response(self):
        parts = [self.assertion()] if self.status == ("Success",) else []
        response = SAMLP.Response(
            SAML.Issuer(BROKER),
            status(self.status, self.status_message),
            *parts,
            ID=new_id(),
            InResponseTo=self.request_id,
            Version="2.0",
            IssueInstant=at(self.now),
            Destination=self.provider.acs_url,
        )
        self.edit(response)
        for assertion in response.findall(tag("saml:Assertion")):
            if "assertion" not in self.unsigned:
                response.replace(assertion, (self.assertion_signer or self.signer).sign(detached(assertion)))
        if "response" in self.unsigned:
            return response
        return (self.response_signer or self.signer).sign(detached(response))

    def artifact_response(self, resolve_id):
        message = SAMLP.ArtifactResponse(
            SAML.Issuer(BROKER),
            status(("Success",)),
            self.response(),
            ID=new_id(),
            InResponseTo=resolve_id,
            Version="2.0",
            IssueInstant=at(self.now),
        )
        self.edit_outer(message)
        if "artifact_response" not in self.unsigned:
            message = (self.artifact_signer or self.signer).sign(message)
        self.spoil(message)
        return message


def empty_artifact_response(signer, resolve_id):
    message = SAMLP.ArtifactResponse(
        SAML.Issuer(BROKER),
        status(("Success",)),
        ID=new_id(),
        InResponseTo=resolve_id,
        Version="2.0",
        IssueInstant=at(datetime.now(UTC)),
    )
    return signer.sign(message)


def detached(element):
    return etree.fromstring(etree.tostring(element, with_tail=False))


def persistent(qualifier, value):
    return SAML.NameID(value, Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", NameQualifier=qualifier)


def plain(name, *values):
    maker = ElementMaker(namespace=NS["saml"], nsmap={"saml": NS["saml"], "xs": NS["xs"], "xsi": NS["xsi"]})
    return SAML.Attribute(*[maker.AttributeValue(value, {XSI_TYPE: "xs:string"}) for value in values], Name=name)


def status(codes, message=None):
    nested = None
    for code in reversed(codes):
        nested = SAMLP.StatusCode(*([] if nested is None else [nested]), Value=STATUS + code)
    return SAMLP.Status(nested, *([SAMLP.StatusMessage(message)] if message else []))


def authn_statement(moment, level, authority):
    return SAML.AuthnStatement(
        SAML.AuthnContext(
            SAML.AuthnContextClassRef(f"urn:etoegang:core:assurance-class:{level}"),
            SAML.AuthenticatingAuthority(authority),
        ),
        AuthnInstant=at(moment),
        SessionIndex=new_id(),
    )


def envelope(message):
    return etree.tostring(SOAP.Envelope(SOAP.Body(message)))
