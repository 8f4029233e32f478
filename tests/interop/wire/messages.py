"""The answer to a login in a chain: summary, and in its Advice what the three other parties stated."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from lxml import etree
from lxml.builder import ElementMaker

from .crypto import NS, Party, sign
from .elements import CORE, SAML, SAMLP, XSI_TYPE, assertion, identifiers, new_id, plain_attribute, timestamp, transient

XACML = ElementMaker(namespace=NS["xacml-context"], nsmap={"xacml-context": NS["xacml-context"]})
XACML_STATEMENT = "urn:oasis:xacml:2.0:saml:assertion:schema:os"

KVK = "urn:etoegang:1.9:EntityConcernedID:KvKnr"
RSIN = "urn:etoegang:1.9:EntityConcernedID:RSIN"
PSEUDO = "urn:etoegang:1.13:EntityConcernedID:Pseudo"
INTERMEDIARY_KVK = "urn:etoegang:1.9:IntermediateEntityID:KvKnr"
LEVEL = CORE + "assurance-class:loa3"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"


@dataclass(frozen=True)
class ServiceProvider:
    """What a broker knows of a service provider from its metadata and catalogue files."""

    entity_id: str
    acs_url: str
    certificate: x509.Certificate
    service_id: str
    service_uuid: str

    @classmethod
    def read(cls, metadata: Path, catalogue: Path) -> "ServiceProvider":
        """From the files that the service provider generated."""
        root, services = etree.parse(metadata).getroot(), etree.parse(catalogue)
        certificate = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----".format(
            root.findtext(".//md:KeyDescriptor//ds:X509Certificate", namespaces=NS).strip()
        )
        instance = services.find(".//{*}ServiceInstance")
        return cls(
            entity_id=root.get("entityID"),
            acs_url=root.find(".//md:AssertionConsumerService", NS).get("Location"),
            certificate=x509.load_pem_x509_certificate(certificate.encode()),
            service_id=instance.findtext("{*}ServiceID"),
            service_uuid=instance.findtext("{*}ServiceUUID"),
        )


@dataclass(frozen=True)
class Chain:
    """Who acts for whom, and the four parties that say so."""

    client_kvk: str
    client_rsin: str
    intermediary_kvk: str
    broker: Party
    authentication_service: Party
    intermediary_register: Party
    client_register: Party


def chain_response(request: etree._Element, chain: Chain, provider: ServiceProvider) -> etree._Element:
    """The Response to `request`: its summary Assertion unsigned, the three statements in Advice signed."""
    now = datetime.now(UTC)
    issued = {"ID": new_id(), "Version": "2.0", "IssueInstant": timestamp(now)}
    return SAMLP.Response(
        issued,
        SAML.Issuer(chain.broker.entity_id),
        SAMLP.Status(SAMLP.StatusCode(Value=SUCCESS)),
        _summary(request, chain, provider, now),
        Destination=provider.acs_url,
        InResponseTo=request.get("ID"),
    )


def _summary(request: etree._Element, chain: Chain, provider: ServiceProvider, now: datetime) -> etree._Element:
    authority, until = chain.authentication_service, timestamp(now + timedelta(minutes=2))
    statements = _statements(chain, provider, now)
    name_id = transient(statements[0].findtext("saml:Subject/saml:NameID", namespaces=NS), authority)
    confirmed = {"InResponseTo": request.get("ID"), "Recipient": provider.acs_url, "NotOnOrAfter": until}
    bearer = SAML.SubjectConfirmation(
        SAML.SubjectConfirmationData(confirmed), Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"
    )
    level = SAML.AuthnContext(SAML.AuthnContextClassRef(LEVEL), SAML.AuthenticatingAuthority(authority.entity_id))
    return assertion(
        chain.broker,
        now,
        SAML.Subject(name_id, bearer),
        SAML.Conditions(
            SAML.AudienceRestriction(SAML.Audience(provider.entity_id)),
            NotBefore=timestamp(now - timedelta(seconds=5)),
            NotOnOrAfter=until,
        ),
        SAML.Advice(*statements),
        SAML.AuthnStatement(level, AuthnInstant=timestamp(now), SessionIndex=str(uuid.uuid4())),
        SAML.AttributeStatement(
            plain_attribute(CORE + "ServiceID", provider.service_id),
            plain_attribute(CORE + "ServiceUUID", provider.service_uuid),
            _encrypted("ActingSubjectID", provider, {PSEUDO: f"{'AB' * 32}@{'CD' * 16}"}),
            _encrypted("LegalSubjectID", provider, {KVK: chain.client_kvk, RSIN: chain.client_rsin}),
            plain_attribute(INTERMEDIARY_KVK, chain.intermediary_kvk),
        ),
    )


def _statements(chain: Chain, provider: ServiceProvider, now: datetime) -> list[etree._Element]:
    """Authentication service, intermediary's register and client's register, each linked to the one before."""
    authority = chain.authentication_service
    subject = SAML.Subject(transient(new_id(), authority))
    acting = SAML.AttributeStatement(_encrypted("ActingSubjectID", provider, {PSEUDO: "EF" * 32}))
    login = sign(assertion(authority, now, subject, acting), authority)
    first = _link(chain.intermediary_register, login, {INTERMEDIARY_KVK: chain.intermediary_kvk}, now)
    second = _link(chain.client_register, first, {KVK: chain.client_kvk}, now)
    return [login, first, second]


def _link(register: Party, previous: etree._Element, facts: dict[str, str], now: datetime) -> etree._Element:
    """A register's statement that a mandate exists, referring to the statement before it."""
    signature = previous.findtext("ds:Signature/ds:SignatureValue", namespaces=NS)
    namespaces = {"saml": NS["saml"], "xsi": NS["xsi"], "xacml-saml": XACML_STATEMENT}
    decision = etree.Element(f"{{{NS['saml']}}}Statement", nsmap=namespaces)
    decision.set(XSI_TYPE, "xacml-saml:XACMLAuthzDecisionStatementType")
    decision.append(XACML.Response(XACML.Result(XACML.Decision("Permit"))))
    decision.append(
        XACML.Request(
            XACML.Subject(_fact(CORE + "LinkedDeclarationSignatureValue", signature, "base64Binary")),
            XACML.Resource(*[_fact(name, value) for name, value in facts.items()]),
            XACML.Action(_fact("urn:oasis:names:tc:xacml:1.0:action:action-id", "Authenticate")),
            XACML.Environment(),
        )
    )
    subject = SAML.Subject(transient(new_id(), register))
    advice = SAML.Advice(SAML.AssertionIDRef(previous.get("ID")))
    return sign(assertion(register, now, subject, advice, decision), register)


def _fact(name: str, value: str, data_type: str = "string") -> etree._Element:
    typed = {"AttributeId": name, "DataType": f"{NS['xs']}#{data_type}"}
    return XACML.Attribute(typed, XACML.AttributeValue(value))


def _encrypted(core_name: str, provider: ServiceProvider, values: dict[str, str]) -> etree._Element:
    return identifiers(CORE + core_name, provider.entity_id, provider.certificate, values)
