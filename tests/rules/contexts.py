"""One context of each kind in which no rule has anything to say; tests change one thing in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Service
from broker.core.identifiers import IdentifierType, Oin, ServiceId, ServiceUuid
from broker.core.text import Text
from broker.rules import answer
from broker.rules.answer import EnvelopeContext
from broker.rules.artifact_response import ArtifactResponseContext
from broker.rules.list_request import ListRequest
from broker.rules.logout import LogoutContext, ReturnContext
from broker.rules.registration import Registration
from broker.rules.request import RequestContext
from broker.rules.resolve import PeerContext, ResolveContext
from broker.rules.statement import ContentContext, Expected
from broker.rules.summary import Subjects, SummaryContext
from broker.rules.timing import Tolerance
from broker.saml import artifact, names
from broker.saml.artifact import Artifact, ArtifactResolve
from broker.saml.artifact_resolution import ArtifactResponse
from broker.saml.assertion import Confirmation, Window
from broker.saml.authentication_statement import AuthenticationStatement
from broker.saml.authn_request import AuthnRequest
from broker.saml.client_certificate import ClientCertificate
from broker.saml.logout import LogoutRequest, LogoutResponse
from broker.saml.metadata import Endpoint, RequestedService, ServiceProviderMetadata
from broker.saml.received_summary import ReceivedSummary
from broker.saml.response import SUCCESS, Response
from tests.saml.metadata_samples import signing_key

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BROKER = "urn:etoegang:HM:00000099000000010000:entities:9001"
SERVICE_PROVIDER = "urn:etoegang:DV:00000099000000140000:entities:9001"
AUTHENTICATION_SERVICE = "urn:etoegang:AD:00000099000000020000:entities:9001"
REGISTER = "urn:etoegang:MR:00000099000000030000:entities:9001"
SERVICE_ID = ServiceId("urn:etoegang:DV:00000099000000140000:services:9001")
SERVICE_UUID = ServiceUuid("e0000099-0014-4000-8000-000000009001")
SSO = "http://localhost:8080/broker/sso/1.13"
CONSUMER = "http://localhost:8080/broker/acs/1.13"
SERVICE_PROVIDER_CONSUMER = "http://127.0.0.1:8082/acs/gemeente"
RESOLUTION = "http://localhost:8080/broker/ars/1.13"
LOGOUT_LOCATION = "http://localhost:8080/broker/slo/1.13"
EH3 = "urn:etoegang:core:assurance-class:loa3"

_ENDPOINT = Endpoint(names.BINDING_ARTIFACT, SERVICE_PROVIDER_CONSUMER, 0, is_default=True)
_REQUESTED = RequestedService(9001, True, SERVICE_ID, Text("Bouwvergunning", "Building permit"))
SERVICE = Service(
    service_id=SERVICE_ID,
    instance_uuid=SERVICE_UUID,
    definition_uuid=ServiceUuid("d0000099-0014-4000-8000-000000009001"),
    provider_oin=Oin("00000099000000140000"),
    provider_name=Text("Gemeente", "Municipality"),
    name=Text("Bouwvergunning", "Building permit"),
    description=Text("", ""),
    required_level=AssuranceLevel.EH3,
    identifier_sets=(frozenset({IdentifierType.KVK_NUMBER}),),
    brokers=frozenset({Oin("00000099000000010000")}),
)

REQUEST = RequestContext(
    request=AuthnRequest(
        id="_request",
        version="2.0",
        issue_instant=NOW,
        issuer=SERVICE_PROVIDER,
        destination=SSO,
        consumer_index=0,
        service_index=9001,
        comparison="minimum",
        levels=(EH3,),
    ),
    key_hint="KeyName",
    relay_state="state",
    sender=ServiceProviderMetadata(
        entity_id=SERVICE_PROVIDER,
        display_name=Text("Gemeente", "Municipality"),
        verification_keys=(),
        encryption_certificates=(signing_key("sp").certificate,),
        assertion_consumers=(_ENDPOINT,),
        services=(_REQUESTED,),
        signed=True,
        valid_until=None,
    ),
    consumer=_ENDPOINT,
    requested_service=_REQUESTED,
    service=SERVICE,
    service_certificates=(),
    broker=BROKER,
    sso_location=SSO,
    moment=NOW,
    tolerance=Tolerance(),
    authentication_levels={AUTHENTICATION_SERVICE: AssuranceLevel.EH4},
)

_EXPECTED = Expected(
    request_id="_question",
    sender=AUTHENTICATION_SERVICE,
    audience=BROKER,
    consumer_location=CONSUMER,
    minimum_level=AssuranceLevel.EH3,
    service_uuid=SERVICE_UUID,
    register=REGISTER,
    moment=NOW,
    tolerance=Tolerance(),
)
ENVELOPE = EnvelopeContext(
    response=Response(
        id="_answer",
        version="2.0",
        issue_instant=NOW,
        issuer=AUTHENTICATION_SERVICE,
        in_response_to="_question",
        destination=CONSUMER,
        status=SUCCESS,
        assertions=(etree.Element("Assertion"),),
    ),
    expected=_EXPECTED,
)
CONTENT = ContentContext(
    statement=AuthenticationStatement(
        id="_statement",
        version="2.0",
        issuer=AUTHENTICATION_SERVICE,
        issue_instant=NOW,
        transient="A" * 64,
        confirmations=((names.BEARER, Confirmation("_question", CONSUMER, NOW + timedelta(minutes=2))),),
        window=Window(NOW, NOW + timedelta(minutes=2)),
        audience_restrictions=((BROKER, SERVICE_PROVIDER, REGISTER),),
        unknown_conditions=(),
        authn_instant=NOW,
        level_urn=EH3,
        authenticating_authority="00000099000000020000",
        representation=True,
        service_uuid=SERVICE_UUID,
        register=REGISTER,
        acting_subject=etree.Element("EncryptedID"),
    ),
    expected=_EXPECTED,
)

_AWAITED = answer.Expected(
    request_id="_asked",
    sender=BROKER,
    audience=SERVICE_PROVIDER,
    consumer_location=SERVICE_PROVIDER_CONSUMER,
    minimum_level=AssuranceLevel.EH2_PLUS,
    service_uuid=SERVICE_UUID,
    moment=NOW,
    tolerance=Tolerance(),
)
SUMMARY_ENVELOPE = EnvelopeContext(
    response=replace(ENVELOPE.response, issuer=BROKER, in_response_to="_asked", destination=SERVICE_PROVIDER_CONSUMER),
    expected=_AWAITED,
)
SUMMARY = SummaryContext(
    statement=ReceivedSummary(
        id="_summary",
        version="2.0",
        issuer=BROKER,
        issue_instant=NOW,
        transient="A" * 64,
        confirmations=((names.BEARER, Confirmation("_asked", SERVICE_PROVIDER_CONSUMER, NOW + timedelta(minutes=2))),),
        window=Window(NOW, NOW + timedelta(minutes=2)),
        audience_restrictions=((SERVICE_PROVIDER,),),
        unknown_conditions=(),
        authn_instant=NOW,
        level_urn=EH3,
        authenticating_authority=AUTHENTICATION_SERVICE,
        service_uuid=SERVICE_UUID,
        acting=(),
        legal=(),
        intermediaries=(),
    ),
    expected=_AWAITED,
)
SUBJECTS = Subjects(
    acting=((IdentifierType.PSEUDO.value, "A" * 64),),
    legal=((IdentifierType.KVK_NUMBER.value, "68727720"), (IdentifierType.RSIN.value, "000010029")),
)

RESOLVE = ResolveContext(
    resolve=ArtifactResolve(
        id="_resolve",
        version="2.0",
        issue_instant=NOW,
        issuer=SERVICE_PROVIDER,
        destination=RESOLUTION,
        artifact="AAQ=",
    ),
    artifact=Artifact(0, artifact.source_id(BROKER), bytes(20)),
    broker=BROKER,
    resolution_location=RESOLUTION,
    moment=NOW,
    tolerance=Tolerance(),
)

_REQUEST_ELEMENT = etree.fromstring(
    f'<samlp:AuthnRequest xmlns:samlp="{names.SAMLP}" xmlns:saml="{names.SAML}">'
    f"<saml:Issuer>{SERVICE_PROVIDER}</saml:Issuer></samlp:AuthnRequest>"
)
ARTIFACT_RESPONSE = ArtifactResponseContext(
    response=ArtifactResponse(
        id="_handed_over",
        version="2.0",
        issue_instant=NOW,
        issuer=SERVICE_PROVIDER,
        in_response_to="_asked",
        status=SUCCESS,
        message=_REQUEST_ELEMENT,
    ),
    question_id="_asked",
    sender=SERVICE_PROVIDER,
    moment=NOW,
    tolerance=Tolerance(),
)
REGISTRATION = Registration(metadata=REQUEST.sender, service_certificates={SERVICE_ID: ()})

PEER = PeerContext(sender=REQUEST.sender, certificate=ClientCertificate(b"", "00000099000000140000"))
LOGOUT = LogoutContext(
    request=LogoutRequest(
        id="_logout",
        version="2.0",
        issue_instant=NOW,
        issuer=SERVICE_PROVIDER,
        destination=LOGOUT_LOCATION,
        name_id="A" * 64,
    ),
    relay_state="state",
    logout_location=LOGOUT_LOCATION,
    moment=NOW,
    tolerance=Tolerance(),
)
RETURN = ReturnContext(
    response=LogoutResponse(
        id="_back",
        version="2.0",
        issue_instant=NOW,
        issuer=AUTHENTICATION_SERVICE,
        in_response_to="_ours",
        destination=LOGOUT_LOCATION,
        status=SUCCESS,
    ),
    request_id="_ours",
    authentication_service=AUTHENTICATION_SERVICE,
    logout_location=LOGOUT_LOCATION,
    moment=NOW,
    tolerance=Tolerance(),
)

LIST = ListRequest(uuids=(SERVICE_UUID,), levels=(), service=SERVICE, deliverable=(AssuranceLevel.EH4,))
