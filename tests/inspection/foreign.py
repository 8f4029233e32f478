"""Messages of the shapes that are seen in public, made and signed by programs of others: nothing here is ours.

Each is written anew with made-up values. `Made.xml` is what goes over the wire; the sender is `SENDER` always.
"""

import base64
import subprocess
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner

from tests.requester import NS, Pair, at

SENDER = "https://idp.voorbeeld.example/metadata"
RECEIVER = "https://sp.voorbeeld.example/metadata"
NOW = datetime.now(UTC)
AT, SOON = at(NOW), at(NOW + timedelta(minutes=5))
_DS = NS["ds"]
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-"
DIGEST = "http://www.w3.org/2001/04/xmlenc#sha"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"

_ASSERTION = f"""<saml2:Assertion xmlns:saml2="{NS["saml"]}" ID="_assertion" Version="2.0" IssueInstant="{AT}">
<saml2:Issuer>{SENDER}</saml2:Issuer><saml2:Subject><saml2:NameID>iemand</saml2:NameID>
<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData
 InResponseTo="_request" Recipient="https://sp.voorbeeld.example/acs" NotOnOrAfter="{SOON}"/>
</saml2:SubjectConfirmation></saml2:Subject>
<saml2:Conditions NotBefore="{AT}" NotOnOrAfter="{SOON}"><saml2:AudienceRestriction>
<saml2:Audience>{RECEIVER}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>
<saml2:AuthnStatement AuthnInstant="{AT}" SessionIndex="_session"><saml2:AuthnContext><saml2:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml2:AuthnContextClassRef></saml2:AuthnContext>
</saml2:AuthnStatement><saml2:AttributeStatement><saml2:Attribute Name="mail"><saml2:AttributeValue>iemand
</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>"""
_RESPONSE = f"""<samlp:Response xmlns:samlp="{NS["samlp"]}" ID="_response" Version="2.0" IssueInstant="{AT}"
 InResponseTo="_request" Destination="https://sp.voorbeeld.example/acs">
<Issuer xmlns="{NS["saml"]}">{SENDER}</Issuer><samlp:Status><samlp:StatusCode
 Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{_ASSERTION}</samlp:Response>"""


def response() -> etree._Element:
    """A Response of a general identity provider with one assertion: two prefixes and a default namespace."""
    return etree.fromstring(_RESPONSE)


def metadata(pair: Pair) -> bytes:
    """The metadata of the sender: both an identity provider and a service provider, with one key."""
    key = f'<md:KeyDescriptor><ds:KeyInfo xmlns:ds="{_DS}"><ds:X509Data><ds:X509Certificate>{pair.text}' + (
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{SENDER}">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{NS["samlp"]}">{key}'
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        ' Location="https://idp.voorbeeld.example/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    ).encode()


# --- signxml ------------------------------------------------------------------------------------------------------


def by_signxml(message: etree._Element, pair: Pair, **options: object) -> etree._Element:
    """Signed directly behind Issuer, with the certificate in KeyInfo, as most software does."""
    place = etree.Element(f"{{{_DS}}}Signature", Id="placeholder", nsmap={"ds": _DS})
    message.insert(1, place)
    signer = XMLSigner(
        signature_algorithm=options.get("signature", SignatureMethod.RSA_SHA256),
        digest_algorithm=options.get("digest", DigestAlgorithm.SHA256),
        c14n_algorithm=options.get("c14n", CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return signer.sign(
            message,
            key=pair.key,
            cert=[pair.certificate],
            reference_uri=f"#{message.get('ID')}",
            id_attribute="ID",
            always_add_key_value=False,
        )


def signxml_response(pair: Pair, _folder: Path) -> bytes:
    return etree.tostring(by_signxml(response(), pair))


def signxml_assertion_in_response(pair: Pair, _folder: Path) -> bytes:
    whole = response()
    assertion = whole.find("saml:Assertion", NS)
    alone = etree.fromstring(etree.tostring(assertion))
    alone.tail = None
    whole.replace(assertion, by_signxml(alone, pair))
    return etree.tostring(whole)


def signxml_sha512(pair: Pair, _folder: Path) -> bytes:
    options = {"signature": SignatureMethod.RSA_SHA512, "digest": DigestAlgorithm.SHA512}
    return etree.tostring(by_signxml(response(), pair, **options))


# --- the program xmlsec1 ------------------------------------------------------------------------------------------


def by_xmlsec1(message: etree._Element, pair: Pair, folder: Path, **options: str) -> bytes:
    """A template that the program fills in; `last` puts it behind everything else."""
    method, digest = options.get("method", f"{RSA}sha256"), options.get("digest", f"{DIGEST}256")
    uri = options.get("uri", f"#{message.get('ID')}")
    c14n, info = options.get("c14n", EXCLUSIVE), options.get("info", "<ds:KeyName>sleutel</ds:KeyName>")
    template = f"""<ds:Signature xmlns:ds="{_DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{c14n}"/>
<ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="{uri}"><ds:Transforms>
<ds:Transform Algorithm="{_DS}enveloped-signature"/><ds:Transform Algorithm="{c14n}"/></ds:Transforms>
<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>
<ds:KeyInfo>{info}</ds:KeyInfo></ds:Signature>"""
    message.insert(len(message) if "last" in options else 1, etree.fromstring(template))
    file, key = folder / "message.xml", folder / "key.pem"
    file.write_bytes(etree.tostring(message))
    key.write_bytes(pair.key_pem)
    (folder / "certificate.pem").write_bytes(pair.certificate_pem)
    name = etree.QName(message)
    command = ["xmlsec1", "--sign", "--privkey-pem", f"{key},{folder / 'certificate.pem'}"]
    command += ["--id-attr:ID", f"{name.namespace}:{name.localname}", str(file)]
    return subprocess.run(command, capture_output=True, check=True).stdout.removeprefix(b'<?xml version="1.0"?>\n')


def xmlsec1_key_value(pair: Pair, folder: Path) -> bytes:
    return by_xmlsec1(response(), pair, folder, info="<ds:KeyValue/>")


def xmlsec1_sha1(pair: Pair, folder: Path) -> bytes:
    return by_xmlsec1(response(), pair, folder, method=f"{_DS}rsa-sha1", digest=f"{_DS}sha1", info="<ds:X509Data/>")


def xmlsec1_sha1_digest(pair: Pair, folder: Path) -> bytes:
    return by_xmlsec1(response(), pair, folder, digest=f"{_DS}sha1", info="<ds:X509Data/>")


def xmlsec1_inclusive(pair: Pair, folder: Path) -> bytes:
    return by_xmlsec1(response(), pair, folder, c14n=INCLUSIVE, info="<ds:X509Data/>")


def xmlsec1_whole_document(pair: Pair, folder: Path) -> bytes:
    """The reference is empty: it is over whatever document it stands in."""
    return by_xmlsec1(response(), pair, folder, uri="", info="<ds:X509Data/>")


def xmlsec1_last(pair: Pair, folder: Path) -> bytes:
    return by_xmlsec1(response(), pair, folder, last="yes", info="<ds:X509Data/>")


# --- python3-saml (maykin) ----------------------------------------------------------------------------------------


def _onelogin(pair: Pair) -> dict[str, object]:
    certificate = pair.text
    return {
        "strict": True,
        "sp": {
            "entityId": SENDER,
            "assertionConsumerService": {"url": "https://idp.voorbeeld.example/acs"},
            "x509cert": certificate,
            "privateKey": pair.key_pem.decode(),
        },
        "idp": {
            "entityId": RECEIVER,
            "singleSignOnService": {"url": "https://sp.voorbeeld.example/sso"},
            "singleLogoutService": {"url": "https://sp.voorbeeld.example/slo"},
            "x509cert": certificate,
        },
        "security": {
            "authnRequestsSigned": True,
            "logoutRequestSigned": True,
            "signMetadata": True,
            "signatureAlgorithm": f"{RSA}sha256",
            "digestAlgorithm": f"{DIGEST}256",
        },
    }


def _auth(pair: Pair) -> OneLogin_Saml2_Auth:
    request = {"http_host": "idp.voorbeeld.example", "script_name": "/", "get_data": {}, "post_data": {}}
    return OneLogin_Saml2_Auth(request, old_settings=_onelogin(pair))


def onelogin_request(pair: Pair, _folder: Path) -> bytes:
    """The address that a browser is sent to: the query is signed."""
    return _auth(pair).login(return_to="https://idp.voorbeeld.example/terug").encode()


def onelogin_logout(pair: Pair, _folder: Path) -> bytes:
    return _auth(pair).logout(return_to="https://idp.voorbeeld.example/terug", name_id="iemand").encode()


def onelogin_metadata(pair: Pair, _folder: Path) -> bytes:
    made = OneLogin_Saml2_Settings(_onelogin(pair), sp_validation_only=True).get_sp_metadata()
    return made if isinstance(made, bytes) else made.encode()


def onelogin_response(pair: Pair, _folder: Path) -> bytes:
    """Posted: base64 of a Response that its own function signed."""
    signed = OneLogin_Saml2_Utils.add_sign(
        etree.tostring(response()).decode(), pair.key_pem.decode(), pair.certificate_pem.decode(),
        sign_algorithm=f"{RSA}sha256", digest_algorithm=f"{DIGEST}256",
    )  # fmt: skip
    return base64.b64encode(signed if isinstance(signed, bytes) else signed.encode())


# --- pysaml2 ------------------------------------------------------------------------------------------------------


def _pysaml2(pair: Pair, folder: Path) -> "object":
    from saml2.client import Saml2Client  # noqa: PLC0415  takes most of a second
    from saml2.config import SPConfig  # noqa: PLC0415

    (folder / "own.key").write_bytes(pair.key_pem)
    (folder / "own.pem").write_bytes(pair.certificate_pem)
    config = SPConfig()
    config.load(
        {
            "entityid": SENDER,
            "key_file": str(folder / "own.key"),
            "cert_file": str(folder / "own.pem"),
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "service": {"sp": {"endpoints": {"assertion_consumer_service": ["https://idp.voorbeeld.example/acs"]}}},
        }
    )
    return Saml2Client(config)


def pysaml2_request(pair: Pair, folder: Path) -> bytes:
    _, made = _pysaml2(pair, folder).create_authn_request(
        "https://sp.voorbeeld.example/sso", sign=True, sign_alg=f"{RSA}sha256", digest_alg=f"{DIGEST}256"
    )
    return str(made).encode()


def pysaml2_logout(pair: Pair, folder: Path) -> bytes:
    from saml2.saml import NameID  # noqa: PLC0415

    _, made = _pysaml2(pair, folder).create_logout_request(
        "https://sp.voorbeeld.example/slo", RECEIVER, name_id=NameID(text="iemand"), sign=True,
        sign_alg=f"{RSA}sha256", digest_alg=f"{DIGEST}256",
    )  # fmt: skip
    return str(made).encode()


Make = Callable[[Pair, Path], bytes]
