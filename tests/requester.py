"""A service provider of the tests' own: messages as text, signed by signxml, opened with cryptography.

Nothing here comes from the code under test but the certificates, which are made as every party's are.
"""

import base64
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree
from signxml import CanonicalizationMethod, XMLSigner

NS = {
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "xacml-context": "urn:oasis:names:tc:xacml:2.0:context:schema:os",
    "xacml-policy": "urn:oasis:names:tc:xacml:2.0:policy:schema:os",
}
ARTIFACT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
SOAP = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)

_METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{ds}" entityID="{entity}">
<md:SPSSODescriptor protocolSupportEnumeration="{samlp}" AuthnRequestsSigned="true" WantAssertionsSigned="true">
{keys}
{resolutions}
<md:AssertionConsumerService Binding="{artifact}" Location="{consumer}" index="0" isDefault="true"/>
<md:AssertionConsumerService Binding="{artifact}" Location="{consumer}/second?x=1" index="1"/>
<md:AssertionConsumerService Binding="{post}" Location="{consumer}/post" index="2"/>
{services}
</md:SPSSODescriptor></md:EntityDescriptor>"""
_KEY = """<md:KeyDescriptor use="{use}"><ds:KeyInfo><ds:KeyName>{name}</ds:KeyName><ds:X509Data>
<ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"""
_RESOLUTION = '<md:ArtifactResolutionService Binding="{soap}" Location="{location}" index="{index}"/>'
_SERVICE = """<md:AttributeConsumingService index="{index}"><md:ServiceName xml:lang="nl">Dienst</md:ServiceName>
<md:RequestedAttribute Name="{service}"/>{requested}</md:AttributeConsumingService>"""


@dataclass(frozen=True)
class Pair:
    """A private key and its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def load(cls, folder: Path, use: str) -> "Pair":
        key = serialization.load_pem_private_key((folder / f"{use}.key").read_bytes(), None)
        return cls(key, x509.load_pem_x509_certificate((folder / f"{use}.pem").read_bytes()))

    @property
    def name(self) -> str:
        """The KeyName."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def der(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as files have it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key as files have it."""
        none = serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none)

    @property
    def text(self) -> str:
        """The content of X509Certificate."""
        return base64.b64encode(self.der).decode()


@dataclass(frozen=True)
class Requester:
    """A service provider: EntityID, keys, the address that answers go to, and its services by index.

    `resolutions` are its artifact resolution services by index, `requested` the attributes that every service asks for.
    """

    entity_id: str
    signing: Pair
    encryption: Pair
    consumer: str
    services: Mapping[int, str]
    resolutions: Mapping[int, str] = field(default_factory=dict)
    requested: tuple[str, ...] = ()

    def metadata(self) -> bytes:
        """Unsigned metadata, as the operator of a broker may register it."""
        requested = "".join(f'<md:RequestedAttribute Name="{name}"/>' for name in self.requested)
        pairs = {"signing": self.signing, "encryption": self.encryption}
        return _METADATA.format(
            **{"ds": NS["ds"], "samlp": NS["samlp"], "artifact": ARTIFACT, "post": POST},
            entity=self.entity_id,
            consumer=self.consumer,
            keys="".join(_KEY.format(use=use, name=pair.name, text=pair.text) for use, pair in pairs.items()),
            resolutions="".join(
                _RESOLUTION.format(soap=SOAP, location=location, index=index)
                for index, location in self.resolutions.items()
            ),
            services="".join(
                _SERVICE.format(index=index, service=name, requested=requested) for index, name in self.services.items()
            ),
        ).encode()

    def request(
        self, destination: str, *, issuer: str | None = None, children: Iterable[str] = (), **attributes: str | None
    ) -> etree._Element:
        """An unsigned AuthnRequest; `attributes` replace (None: leave out) the usual ones, `children` follow Issuer."""
        usual = {"Destination": destination, "AssertionConsumerServiceIndex": "0", "ForceAuthn": "true"}
        root = _message("AuthnRequest", self.entity_id if issuer is None else issuer, usual | attributes)
        for text in children:
            root.append(etree.fromstring(f'<x xmlns:saml="{NS["saml"]}" xmlns:samlp="{NS["samlp"]}">{text}</x>')[0])
        return root

    def resolve(self, artifact: str, **attributes: str | None) -> etree._Element:
        """An unsigned ArtifactResolve."""
        root = _message("ArtifactResolve", self.entity_id, attributes)
        etree.SubElement(root, _tag("samlp", "Artifact")).text = artifact
        return root

    def logout(self, destination: str, name_id: str, **attributes: str | None) -> etree._Element:
        """An unsigned LogoutRequest for the login with this NameID."""
        root = _message("LogoutRequest", self.entity_id, {"Destination": destination} | attributes)
        etree.SubElement(root, _tag("saml", "NameID")).text = name_id
        return root

    def signed(self, message: etree._Element) -> etree._Element:
        """A copy with this party's signature behind Issuer; KeyInfo holds a KeyName."""
        return sign(message, self.signing)

    def begin(self, destination: str, relay_state: str | None = "state", **changes: str | None) -> dict[str, str]:
        """The fields of a form that begins a login."""
        return form("SAMLRequest", self.signed(self.request(destination, **changes)), relay_state)

    def collect(
        self, resolution: str, artifact: str, content_type: str = "text/xml", **connection: Any
    ) -> etree._Element:
        """Resolve `artifact` over SOAP, over a `connection` as in `soap`; the ArtifactResponse."""
        answer = soap(resolution, self.signed(self.resolve(artifact)), content_type, **connection)
        assert answer.status_code == 200, answer.text
        (content,) = etree.fromstring(answer.content).find("soap:Body", NS)
        return etree.fromstring(etree.tostring(content))


@dataclass(frozen=True)
class Listening(Requester):
    """A service provider that takes answers to its logout requests."""

    @classmethod
    def of(cls, other: Requester, entity: int) -> "Listening":
        """Like `other`, with an EntityID and addresses of its own."""
        entity_id = f"{other.entity_id.rpartition(':')[0]}:{entity}"
        return cls(entity_id, other.signing, other.encryption, f"{other.consumer}-{entity}", other.services)

    @property
    def listens_at(self) -> str:
        """Where answers to logout requests go."""
        return f"{self.consumer}/slo"

    def metadata(self) -> bytes:
        """As others', with SingleLogoutService."""
        address = f'<md:SingleLogoutService Binding="{POST}" Location="{self.listens_at}"/>'
        first = b"<md:AssertionConsumerService"
        return super().metadata().replace(first, address.encode() + first, 1)


def make_id() -> str:
    """An ID that never was before."""
    return f"_{uuid4().hex}"


def now() -> str:
    """This moment as XML has it."""
    return at(datetime.now(UTC))


def at(moment: datetime) -> str:
    """`moment` as XML has it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(message: etree._Element, pair: Pair, key_name: str | None = None, hint: str = "KeyName") -> etree._Element:
    """A signed copy; `key_name` lies about the key, `hint` is what KeyInfo holds: KeyName, X509Data or nothing."""
    unsigned = deepcopy(message)
    unsigned.find("saml:Issuer", NS).addnext(etree.Element(_tag("ds", "Signature"), {"Id": "placeholder"}))
    info = etree.Element(_tag("ds", "KeyInfo"), nsmap={"ds": NS["ds"]})
    if hint == "KeyName":
        etree.SubElement(info, _tag("ds", "KeyName")).text = pair.name if key_name is None else key_name
    else:
        etree.SubElement(etree.SubElement(info, _tag("ds", "X509Data")), _tag("ds", "X509Certificate")).text = pair.text
    signer = XMLSigner(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
    signed = signer.sign(unsigned, key=pair.key, key_info=info, reference_uri=unsigned.get("ID"), id_attribute="ID")
    if not hint:
        signed.find("ds:Signature", NS).remove(signed.find("ds:Signature/ds:KeyInfo", NS))
    return etree.fromstring(etree.tostring(signed))


def form(field: str, message: etree._Element | bytes, relay_state: str | None) -> dict[str, str]:
    """Fields of the HTTP-POST binding."""
    octets = message if isinstance(message, bytes) else etree.tostring(message)
    fields = {field: base64.b64encode(octets).decode()}
    return fields if relay_state is None else fields | {"RelayState": relay_state}


def enveloped(message: etree._Element | bytes) -> bytes:
    """`message` in a SOAP 1.1 envelope."""
    content = message if isinstance(message, bytes) else etree.tostring(message)
    return b'<s:Envelope xmlns:s="%s"><s:Body>%s</s:Body></s:Envelope>' % (NS["soap"].encode(), content)


def soap(
    address: str, message: etree._Element | bytes, content_type: str = "text/xml", **connection: Any
) -> requests.Response:
    """Post `message` in a SOAP 1.1 envelope; `connection` is for requests: `verify`, `cert`."""
    headers = {"Content-Type": f"{content_type}; charset=utf-8"}
    return requests.post(address, enveloped(message), headers=headers, timeout=30, **connection)


def opened(encrypted: etree._Element, pair: Pair) -> etree._Element:
    """What stands in an EncryptedID or EncryptedAttribute; raises ValueError when `pair` does not open it."""
    key = pair.key.decrypt(_octets(encrypted, "xenc:EncryptedKey"), _OAEP)
    content = _octets(encrypted, "xenc:EncryptedData")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(content[:16])).decryptor()
    padded = decryptor.update(content[16:]) + decryptor.finalize()
    return etree.fromstring(padded[: -padded[-1]])


def _octets(encrypted: etree._Element, part: str) -> bytes:
    return base64.b64decode(encrypted.findtext(f"{part}/xenc:CipherData/xenc:CipherValue", None, NS))


def _message(name: str, issuer: str, attributes: Mapping[str, str | None]) -> etree._Element:
    usual = {"ID": make_id(), "Version": "2.0", "IssueInstant": now()}
    given = {key: value for key, value in (usual | dict(attributes)).items() if value is not None}
    root = etree.Element(_tag("samlp", name), given, {"samlp": NS["samlp"], "saml": NS["saml"]})
    etree.SubElement(root, _tag("saml", "Issuer")).text = issuer
    return root


def _tag(prefix: str, name: str) -> str:
    return f"{{{NS[prefix]}}}{name}"
