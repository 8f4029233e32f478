"""Keys, and metadata of a service provider as text, written without the code under test."""

import base64
import datetime
from datetime import UTC, timedelta
from functools import cache

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from xmlsec import constants

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.saml import document, names, signature
from broker.saml.broker_metadata import BrokerDescription, write_broker_metadata
from broker.saml.endpoints import Endpoint
from broker.saml.keys import Certificate, Recipient, SigningKey, VerificationKey
from broker.saml.network import AuthenticationService, Broker, Network, Register
from broker.saml.network_publication import write_network

MOMENT = datetime.datetime(2026, 11, 24, 12, tzinfo=UTC)
START, END = MOMENT - timedelta(days=30), MOMENT + timedelta(days=365)

ENCRYPTION = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=True,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)

SP = "urn:etoegang:DV:00000099000000140000:entities:9001"
SERVICE = "urn:etoegang:DV:00000099000000140000:services:9001"
ACS = "http://127.0.0.1:8082/acs/gemeente"

BROKER = "urn:etoegang:HM:00000099000000010000:entities:9001"
SSO = "http://localhost:8080/broker/sso/1.13"
ARS = "http://localhost:8080/broker/ars/1.13"
SLO = "http://localhost:8080/broker/slo/1.13"
STATEMENTS = "http://localhost:8080/broker/acs/1.13"
AUTHENTICATION_SERVICE = "urn:etoegang:AD:00000099000000020000:entities:9001"
STUB = "http://127.0.0.1:8081/sso"
STUB_LOGOUT = "http://127.0.0.1:8081/logout"
REGISTER_1 = "urn:etoegang:MR:00000099000000030000:entities:9001"
REGISTER_2 = "urn:etoegang:MR:00000099000000040000:entities:9002"


@cache
def signing_key(
    name: str, start: datetime.datetime = START, end: datetime.datetime = END, bits: int = 2048, exponent: int = 65537
) -> SigningKey:
    """The key of `name`, made once per process."""
    private, der = _pair(name, start, end, bits, exponent)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SigningKey(Certificate.from_der(der), xmlsec.Key.from_memory(pem, constants.KeyDataFormatPem))


@cache
def certificate_for_encryption_only() -> str:
    """The base64 of a certificate whose key usage does not include signing."""
    return base64.b64encode(_pair("encryption", START, END, usage=ENCRYPTION)[1]).decode()


@cache
def weak_certificate(bits: int, exponent: int) -> str:
    """The base64 of a certificate that the scheme does not allow."""
    return base64.b64encode(_pair("weak", START, END, bits, exponent)[1]).decode()


def certificate_text(key: SigningKey) -> str:
    """The base64 that stands in an X509Certificate element."""
    return base64.b64encode(key.certificate.der).decode()


def pem(key: SigningKey) -> bytes:
    """The certificate of `key` as a PEM file."""
    return x509.load_der_x509_certificate(key.certificate.der).public_bytes(serialization.Encoding.PEM)


def _pair(
    name: str,
    start: datetime.datetime,
    end: datetime.datetime,
    bits: int = 2048,
    exponent: int = 65537,
    usage: x509.KeyUsage | None = None,
) -> tuple[rsa.RSAPrivateKey, bytes]:
    private = rsa.generate_private_key(exponent, bits)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    certificate = builder.sign(private, hashes.SHA256())
    return private, certificate.public_bytes(serialization.Encoding.DER)


def key_descriptor(certificate: str, use: str | None = None, key_name: str | None = None) -> str:
    """A KeyDescriptor as text."""
    usage = f' use="{use}"' if use else ""
    name = f"<ds:KeyName>{key_name}</ds:KeyName>" if key_name else ""
    return (
        f"<md:KeyDescriptor{usage}><ds:KeyInfo>{name}<ds:X509Data><ds:X509Certificate>{certificate}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )


def consumer(location: str = ACS, index: int = 0, binding: str = names.BINDING_ARTIFACT, more: str = "") -> str:
    """An AssertionConsumerService as text."""
    return f'<md:AssertionConsumerService Binding="{binding}" Location="{location}" index="{index}"{more}/>'


def service(index: int = 9001, service_id: str = SERVICE, more: str = "", attributes: str = "") -> str:
    """An AttributeConsumingService as text."""
    return (
        f'<md:AttributeConsumingService index="{index}"{more}>'
        '<md:ServiceName xml:lang="nl">Bouwvergunning aanvragen</md:ServiceName>'
        f'<md:RequestedAttribute Name="{service_id}"/>{attributes}</md:AttributeConsumingService>'
    )


ORGANIZATION = (
    '<md:Organization><md:OrganizationName xml:lang="nl">x</md:OrganizationName>'
    '<md:OrganizationDisplayName xml:lang="nl">Gemeente Voorbeeldstad</md:OrganizationDisplayName>'
    '<md:OrganizationDisplayName xml:lang="en">Municipality of Voorbeeldstad</md:OrganizationDisplayName>'
    '<md:OrganizationURL xml:lang="nl">https://voorbeeldstad.invalid/</md:OrganizationURL></md:Organization>'
)


def sp_metadata(
    keys: str | None = None,
    consumers: str | None = None,
    services: str | None = None,
    organization: str = ORGANIZATION,
    attributes: str = "",
    others: str = "",
) -> str:
    """Metadata of a service provider, unsigned; each part can be replaced."""
    return (
        f'<md:EntityDescriptor xmlns:md="{names.MD}" xmlns:ds="{names.DS}" xmlns:eme="{names.EME}" ID="_sp"'
        f' entityID="{SP}" eme:version="1.13"{attributes}>'
        f'<md:SPSSODescriptor AuthnRequestsSigned="true" protocolSupportEnumeration="{names.SAMLP}">'
        f"{key_descriptor(certificate_text(signing_key('sp'))) if keys is None else keys}{others}"
        f"{consumer() if consumers is None else consumers}{service() if services is None else services}"
        f"</md:SPSSODescriptor>{organization}</md:EntityDescriptor>"
    )


def signed(xml: str, key: SigningKey) -> bytes:
    """`xml` with an enveloped signature as its first child."""
    root = document.read(xml.encode())
    signature.sign(root, key, position=signature.FIRST, with_certificate=True)
    return document.write(root)


def broker_description(*certificates: Certificate) -> BrokerDescription:
    """The broker with the bindings that it may come to serve."""
    return BrokerDescription(
        entity_id=BROKER,
        display_name=Text("Ketenbroker (simulator)", "Ketenbroker (simulator)"),
        signing_certificates=certificates or (signing_key("broker").certificate,),
        single_sign_on=(Endpoint(names.BINDING_POST, SSO), Endpoint(names.BINDING_REDIRECT, SSO)),
        artifact_resolution=ARS,
        single_logout=(Endpoint(names.BINDING_POST, SLO), Endpoint(names.BINDING_REDIRECT, SLO)),
    )


def broker_metadata() -> bytes:
    """Signed metadata of the broker."""
    return write_broker_metadata(broker_description(), signing_key("broker"), "_metadata")


def network(sequence: int = 7, valid_until: datetime.datetime = MOMENT + timedelta(days=30)) -> Network:
    """One authentication service, two registers, one broker."""
    return Network(
        sequence=sequence,
        valid_until=valid_until,
        authentication_services=(
            AuthenticationService(
                entity_id=AUTHENTICATION_SERVICE,
                names=Text("Testmiddelen", "Test means"),
                sso_location=STUB,
                verification_keys=(VerificationKey.of(signing_key("ad").certificate),),
                maximum_level=AssuranceLevel.EH3,
                logout_location=STUB_LOGOUT,
            ),
        ),
        registers=(register(REGISTER_1, "mr1"), register(REGISTER_2, "mr2")),
        brokers=(
            Broker(
                entity_id=BROKER,
                names=Text("Ketenbroker", "Chain broker"),
                assertion_consumers={1: STATEMENTS},
                verification_keys=(VerificationKey.of(signing_key("broker").certificate),),
                logout_location=SLO,
            ),
        ),
    )


def network_metadata() -> bytes:
    """The network, signed by the management organisation."""
    return write_network(network(), signing_key("bo"), "_network")


def register(entity_id: str, name: str) -> Register:
    """A register with its own keys."""
    return Register(
        entity_id=entity_id,
        names=Text(f"Register {name}", f"Register {name}"),
        verification_keys=(VerificationKey.of(signing_key(name).certificate),),
        recipient=Recipient(entity_id, signing_key(f"{name} encryption").certificate),
    )
