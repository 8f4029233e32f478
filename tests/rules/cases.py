"""For every rule one context that trips it and no other rule of its set."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import RequestedAttribute
from broker.core.findings import Finding
from broker.core.identifiers import IdentifierType, Oin
from broker.rules import (
    artifact_response,
    by_the_book,
    choice,
    evidence,
    list_request,
    logout,
    metadata_by_the_book,
    question,
    reception,
    refused_metadata,
    registration,
    request,
    resolve,
    statement,
    summary,
    summary_attributes,
    summary_by_the_book,
)
from broker.rules.answer import EnvelopeContext, Repeat
from broker.rules.artifact_response import ArtifactResponseContext
from broker.rules.logout import LogoutContext, ReturnContext
from broker.rules.request import RequestContext
from broker.rules.statement import ContentContext
from broker.rules.summary import SummaryContext
from broker.saml import names
from broker.saml.artifact import Artifact
from broker.saml.assertion import Confirmation, Window
from broker.saml.faults import (
    BindingReason,
    ContentReason,
    DocumentReason,
    EncryptionReason,
    Fault,
    MetadataReason,
    MetadataRejected,
    SignatureReason,
)
from broker.saml.response import authn_failed
from tests.rules.contexts import (
    ARTIFACT_RESPONSE,
    CONTENT,
    ENVELOPE,
    LIST,
    LOGOUT,
    NOW,
    PEER,
    REGISTRATION,
    REQUEST,
    RESOLVE,
    RETURN,
    SERVICE,
    SERVICE_ID,
    SUBJECTS,
    SUMMARY,
    SUMMARY_ENVELOPE,
)
from tests.rules.metadata_cases import REFUSED_CASES, WRITTEN, WRITTEN_CASES
from tests.rules.summary_cases import (
    BY_THE_BOOK,
    EVIDENCE,
    EVIDENCE_CASES,
    QUESTION,
    QUESTION_CASES,
)
from tests.rules.summary_cases import SUBJECTS_CASES as BOOK_SUBJECTS_CASES
from tests.rules.summary_cases import (
    WRITTEN_CASES as BOOK_CASES,
)
from tests.saml.metadata_samples import signing_key

OLD = NOW - timedelta(hours=1)
COMPANY_NAME = "urn:etoegang:1.11:attribute-represented:CompanyName"
LOWER = "urn:etoegang:core:assurance-class:loa2"
HIGHER = "urn:etoegang:core:assurance-class:loa4"


def ids_of(findings: Iterable[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


def asked(**fields: Any) -> RequestContext:
    return replace(REQUEST, request=replace(REQUEST.request, **fields))


def for_service(**fields: Any) -> RequestContext:
    return replace(REQUEST, service=replace(SERVICE, **fields))


def requesting(*attributes: RequestedAttribute, declared: tuple[RequestedAttribute, ...] = ()) -> RequestContext:
    """The metadata asks for `attributes`, the catalogue declares those `declared`."""
    context = for_service(requested_attributes=declared)
    return replace(context, requested_service=replace(context.requested_service, requested_attributes=attributes))


def enveloped(**fields: Any) -> EnvelopeContext:
    return replace(ENVELOPE, response=replace(ENVELOPE.response, **fields))


def stated(**fields: Any) -> ContentContext:
    return replace(CONTENT, statement=replace(CONTENT.statement, **fields))


def answered(**fields: Any) -> EnvelopeContext:
    return replace(SUMMARY_ENVELOPE, response=replace(SUMMARY_ENVELOPE.response, **fields))


def summed_up(**fields: Any) -> SummaryContext:
    return replace(SUMMARY, statement=replace(SUMMARY.statement, **fields))


def leaving(**fields: Any) -> LogoutContext:
    return replace(LOGOUT, request=replace(LOGOUT.request, **fields))


def returned(**fields: Any) -> ReturnContext:
    return replace(RETURN, response=replace(RETURN.response, **fields))


_CONSUMER = CONTENT.expected.consumer_location
_LATER = NOW + timedelta(minutes=2)
_ANOTHER = (signing_key("other").certificate,)
_WITHOUT_CERTIFICATE = replace(REQUEST.sender, encryption_certificates=())

REQUEST_CASES = {
    "EH-REQ-01": asked(version="1.1"),
    "EH-REQ-02": asked(destination="https://elsewhere.invalid/"),
    "EH-REQ-03": asked(issue_instant=OLD),
    "EH-REQ-04": asked(id="_" * 129),
    "EH-REQ-05": asked(issuer_is_plain=False),
    "EH-REQ-06": replace(asked(consumer_index=7), consumer=None),
    "EH-REQ-07": replace(REQUEST, relay_state="é" * 41),
    "EH-REQ-09": replace(REQUEST, relay_state="é" * 513),
    "EH-REQ-20": asked(is_passive=True),
    "EH-REQ-21": replace(asked(service_index=1), requested_service=None, service=None),
    "EH-REQ-22": replace(REQUEST, service=None),
    "EH-REQ-23": for_service(provider_oin=Oin("00000099000000120000")),
    "EH-REQ-24": asked(comparison="exact"),
    "EH-REQ-25": asked(levels=("urn:etoegang:core:assurance-class:loa9",)),
    "EH-REQ-26": asked(levels=(HIGHER,)),
    "EH-REQ-27": asked(scoped=("urn:etoegang:AD:00000099000000099999:entities:9001",)),
    "EH-REQ-28": replace(REQUEST, authentication_levels={"urn:a": AssuranceLevel.EH2}),
    "EH-REQ-29": for_service(identifier_sets=(frozenset({IdentifierType.EIDAS_LEGAL}),)),
    "EH-REQ-30": replace(REQUEST, sender=_WITHOUT_CERTIFICATE),
    "EH-REQ-31": for_service(identifier_sets=(frozenset({IdentifierType.BSN, IdentifierType.KVK_NUMBER}),)),
    "EH-REQ-32": requesting(RequestedAttribute(COMPANY_NAME, is_required=True)),
    "EH-REQ-40": asked(extra=("NameIDPolicy",)),
    "EH-REQ-41": asked(consumer_index=None, consumer_url=REQUEST.consumer.location),
    "EH-REQ-42": replace(REQUEST, service_certificates=_ANOTHER),
    "EH-REQ-43": asked(consumer_index=None),
    "EH-REQ-44": replace(REQUEST, key_hint="X509Data"),
    "EH-REQ-45": asked(consent="urn:oasis:names:tc:SAML:2.0:consent:obtained"),
    "EH-REQ-46": for_service(brokers=frozenset({Oin("00000099000000019999")})),
    "EH-REQ-47": asked(has_extensions=True),
    "EH-REQ-49": requesting(RequestedAttribute(COMPANY_NAME)),
    "EH-REQ-48": asked(protocol_binding=names.BINDING_ARTIFACT),
}

REGISTRATION_CASES = {
    "EH-REG-01": replace(REGISTRATION, metadata=_WITHOUT_CERTIFICATE),
    "EH-REG-02": replace(REGISTRATION, service_certificates={SERVICE_ID: _ANOTHER}),
    "EH-REG-03": replace(REGISTRATION, service_certificates={}),
}

ENVELOPE_CASES = {
    "EH-STM-01": enveloped(version="2.1"),
    "EH-STM-02": enveloped(destination=None),
    "EH-STM-03": enveloped(in_response_to="_another"),
    "EH-STM-04": enveloped(issuer="urn:etoegang:AD:00000099000000020001:entities:9001"),
    "EH-STM-05": enveloped(issue_instant=OLD),
    "EH-STM-06": enveloped(has_extensions=True),
    "EH-STM-07": enveloped(status=authn_failed("")),
}

CONTENT_CASES = {
    "EH-STM-20": stated(issuer="urn:etoegang:AD:00000099000000020001:entities:9001"),
    "EH-STM-21": stated(issue_instant=OLD),
    "EH-STM-22": stated(confirmations=((names.BEARER, Confirmation("_another", _CONSUMER, _LATER)),)),
    "EH-STM-23": stated(window=Window(OLD, OLD + timedelta(minutes=2))),
    "EH-STM-24": stated(audience_restrictions=(("urn:somebody:else",),)),
    "EH-STM-25": stated(unknown_conditions=("{urn:x}OneTimeUse",)),
    "EH-STM-26": stated(level_urn=LOWER),
    "EH-STM-27": stated(authn_instant=OLD),
    "EH-STM-28": stated(authenticating_authority=CONTENT.statement.issuer),
    "EH-STM-29": stated(service_uuid="e0000099-0014-4000-8000-000000009002"),
    "EH-STM-30": stated(representation=False),
    "EH-STM-31": stated(register=None),
    "EH-STM-33": stated(version="1.1"),
    "EH-STM-32": stated(transient="A\N{ZERO WIDTH SPACE}B"),
}

RESOLVE_CASES = {
    "EH-RES-01": replace(RESOLVE, resolve=replace(RESOLVE.resolve, version="1.1")),
    "EH-RES-02": replace(RESOLVE, resolve=replace(RESOLVE.resolve, destination="https://elsewhere.invalid/")),
    "EH-RES-03": replace(RESOLVE, resolve=replace(RESOLVE.resolve, issue_instant=NOW + timedelta(hours=1))),
    "EH-RES-04": replace(RESOLVE, artifact=Artifact(0, bytes(20), bytes(20))),
}

PEER_CASES = {
    "EH-RES-06": replace(PEER, certificate=None),
    "EH-RES-07": replace(PEER, certificate=replace(PEER.certificate, oin="00000099000000120000")),
}


def handed_over(**fields: Any) -> ArtifactResponseContext:
    return replace(ARTIFACT_RESPONSE, response=replace(ARTIFACT_RESPONSE.response, **fields))


_ANOTHERS = etree.fromstring(
    f'<samlp:AuthnRequest xmlns:samlp="{names.SAMLP}" xmlns:saml="{names.SAML}">'
    "<saml:Issuer>urn:etoegang:DV:00000099000000120000:entities:9001</saml:Issuer></samlp:AuthnRequest>"
)
ARTIFACT_RESPONSE_CASES = {
    "EH-ART-10": handed_over(version="1.1"),
    "EH-ART-11": handed_over(issuer="urn:etoegang:DV:00000099000000120000:entities:9001"),
    "EH-ART-12": handed_over(in_response_to=None),
    "EH-ART-13": handed_over(issue_instant=OLD),
    "EH-ART-14": handed_over(status=authn_failed("")),
    "EH-ART-15": handed_over(message=None),
    "EH-ART-16": handed_over(message=_ANOTHERS),
}

LIST_CASES = {
    "EH-LST-01": replace(LIST, uuids=("nothing",), service=None, levels=(LOWER,)),
    "EH-LST-02": replace(LIST, levels=("loa3",)),
    "EH-LST-03": replace(LIST, levels=(HIGHER,)),
    "EH-LST-04": replace(LIST, deliverable=(AssuranceLevel.EH2, AssuranceLevel.EH2_PLUS)),
}

LOGOUT_CASES = {
    "EH-LGO-01": leaving(version="1.1"),
    "EH-LGO-02": leaving(destination=None),
    "EH-LGO-03": leaving(issue_instant=OLD),
    "EH-LGO-04": leaving(issuer_is_plain=False),
    "EH-LGO-05": replace(LOGOUT, relay_state="é" * 41),
    "EH-LGO-06": leaving(not_on_or_after=NOW - timedelta(minutes=1)),
    "EH-LGO-07": leaving(name_id=None),
}

RETURN_CASES = {
    "EH-LGO-20": returned(version="1.1"),
    "EH-LGO-21": returned(destination="https://elsewhere.invalid/"),
    "EH-LGO-22": returned(in_response_to="_another"),
    "EH-LGO-23": returned(issuer="urn:etoegang:AD:00000099000000020001:entities:9001"),
    "EH-LGO-24": returned(issue_instant=NOW + timedelta(hours=1)),
}

SUMMARY_ENVELOPE_CASES = {
    "EH-SUM-10": answered(version="2.1"),
    "EH-SUM-11": answered(destination=None),
    "EH-SUM-12": answered(in_response_to="_another"),
    "EH-SUM-13": answered(issuer="urn:etoegang:HM:00000099000000010001:entities:9001"),
    "EH-SUM-14": answered(issue_instant=OLD),
    "EH-SUM-15": answered(has_extensions=True),
    "EH-SUM-16": answered(status=authn_failed("")),
}
SUMMARY_CASES = {
    "EH-SUM-20": summed_up(issuer="urn:etoegang:HM:00000099000000010001:entities:9001"),
    "EH-SUM-21": summed_up(issue_instant=OLD),
    "EH-SUM-22": summed_up(confirmations=((names.BEARER, Confirmation("_another", _CONSUMER, _LATER)),)),
    "EH-SUM-23": summed_up(window=Window(OLD, OLD + timedelta(minutes=2))),
    "EH-SUM-24": summed_up(audience_restrictions=(("urn:somebody:else",),)),
    "EH-SUM-25": summed_up(unknown_conditions=("{urn:x}OneTimeUse",)),
    "EH-SUM-26": summed_up(level_urn=LOWER),
    "EH-SUM-27": summed_up(authn_instant=OLD),
    "EH-SUM-28": summed_up(service_uuid="e0000099-0014-4000-8000-000000009002"),
    "EH-SUM-29": summed_up(version="1.1"),
    "EH-SUM-30": summed_up(intermediaries=(names.INTERMEDIATE_KVK_NUMBER,)),
}
SUBJECTS_CASES = {
    "EH-SUM-40": replace(SUBJECTS, acting=()),
    "EH-SUM-41": replace(SUBJECTS, legal=SUBJECTS.legal * 2),
}

# What only one function asks, and what is said whenever it is asked.
SINGLE_CASES = {
    "EH-REQ-08": request.Repeat("_request"),
    "EH-STM-08": Repeat("Response", "_answer"),
    "EH-STM-09": "_question",
    "EH-SUM-01": "_nobody",
    "EH-SUM-02": summary.ArtifactContext(Artifact(0, bytes(20), bytes(20)), "urn:broker"),
    "EH-SUM-03": Artifact(7, bytes(20), bytes(20)),
    "EH-SUM-04": None,
    "EH-SUM-05": Repeat("Response", "_answer"),
    "EH-RES-05": resolve.Repeat("_resolve"),
    "EH-ART-01": Artifact(0, bytes(20), bytes(20)),
    "EH-ART-02": Artifact(7, bytes(20), bytes(20)),
    "EH-ART-03": "https://dv.example/ars",
    "EH-LGO-08": logout.Repeat("_logout"),
    "EH-LGO-09": LOGOUT.request,
    "EH-LGO-25": None,
    "EH-ADV-01": BY_THE_BOOK,
    "EH-SND-01": "urn:nobody",
    "EH-CHO-01": "68727720",
    "EH-SND-02": MetadataRejected(MetadataReason.EXPIRED, "EntityDescriptor", "has expired", "SAML metadata 2.3.2"),
}

MESSAGE_REASONS = (DocumentReason, SignatureReason, EncryptionReason, BindingReason, ContentReason)
FAULT_CASES = {reception.finding(Fault(reason)).rule: Fault(reason) for kind in MESSAGE_REASONS for reason in kind}

SETS = {
    "request": ((*request.TRUST, *request.SUPPORT, *by_the_book.RULES), REQUEST_CASES, REQUEST),
    "envelope": (statement.ENVELOPE, ENVELOPE_CASES, ENVELOPE),
    "content": (statement.CONTENT, CONTENT_CASES, CONTENT),
    "summary_envelope": (summary.ENVELOPE, SUMMARY_ENVELOPE_CASES, SUMMARY_ENVELOPE),
    "summary": (summary.CONTENT, SUMMARY_CASES, SUMMARY),
    "subjects": (summary.SUBJECTS, SUBJECTS_CASES, SUBJECTS),
    "summary_by_the_book": ((*summary_by_the_book.RULES, *summary_attributes.WRITTEN), BOOK_CASES, BY_THE_BOOK),
    "subjects_by_the_book": (summary_attributes.SUBJECTS, BOOK_SUBJECTS_CASES, SUBJECTS),
    "evidence": (evidence.LINKED, EVIDENCE_CASES, EVIDENCE),
    "question": (question.RULES, QUESTION_CASES, QUESTION),
    "artifact_response": (artifact_response.RESPONSE, ARTIFACT_RESPONSE_CASES, ARTIFACT_RESPONSE),
    "resolve": (resolve.RESOLVE, RESOLVE_CASES, RESOLVE),
    "metadata": (metadata_by_the_book.RULES, WRITTEN_CASES, WRITTEN),
    "refused_metadata": (refused_metadata.RULES, REFUSED_CASES, Fault(ContentReason.MISSING)),
    "registration": (registration.RULES, REGISTRATION_CASES, REGISTRATION),
    "peer": (resolve.PEER, PEER_CASES, PEER),
    "list": (list_request.RULES, LIST_CASES, LIST),
    "logout": (logout.LOGOUT, LOGOUT_CASES, LOGOUT),
    "return": (logout.RETURN, RETURN_CASES, RETURN),
}
SINGLE = {
    rule.id: rule
    for rule in (
        *(request.REPEATED, statement.REPEATED, statement.UNSOLICITED, resolve.REPEATED),
        *(artifact_response.UNKNOWN_SOURCE, artifact_response.NO_SERVICE, artifact_response.ELSEWHERE),
        *(reception.UNKNOWN_SENDER, reception.SENDER_METADATA, choice.FORGED),
        *(logout.REPEATED, logout.UNKNOWN_LOGIN, logout.UNSOLICITED),
        evidence.MISSING,
        *(summary.UNASKED, summary.SOURCE, summary.NO_SERVICE, summary.MESSAGE, summary.REPEATED),
    )
}
FAULT_RULES = tuple(rule for rule in reception.RULES if rule.id not in SINGLE)
CASES = [(name, id_) for name, (_, cases, _) in SETS.items() for id_ in cases]
ALL_IDS = {*chain.from_iterable(cases for _, cases, _ in SETS.values()), *SINGLE_CASES, *FAULT_CASES}
