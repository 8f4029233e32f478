"""Rules for an AuthnRequest that depend on how strict the broker is with its sender.

`TRUST` and `SUPPORT` are what the book says and real service providers do otherwise. Of a service provider that is
judged leniently they are noted and the login goes on. Of one that is judged strictly they reject: `TRUST` with a page,
`SUPPORT` with a signed answer, as in `request`. `NOTES` never reject.
"""

from collections.abc import Iterable
from typing import Final

from broker.core.findings import Finding, Severity
from broker.core.identifiers import oin_of_entity
from broker.core.text import Text
from broker.rules import deliverable
from broker.rules.registration import ANOTHER_CERTIFICATE, differ
from broker.rules.request import MAX_TOLERATED_RELAY_STATE_BYTES, RequestContext, relay_state_size
from broker.rules.rule import Rule, Seen, check, strictly
from broker.saml import names
from broker.saml.post import MAX_RELAY_STATE_BYTES


def _relay_state(context: RequestContext) -> Iterable[Seen]:
    size = relay_state_size(context)
    if MAX_RELAY_STATE_BYTES < size <= MAX_TOLERATED_RELAY_STATE_BYTES:
        yield Seen("RelayState", f"{size} bytes, at most {MAX_RELAY_STATE_BYTES}")


def _issuer(context: RequestContext) -> Iterable[Seen]:
    if not context.request.issuer_is_plain:
        yield Seen("AuthnRequest/Issuer", "has attributes; they are ignored")


def _unused(context: RequestContext) -> Iterable[Seen]:
    for name in context.request.extra:
        yield Seen(f"AuthnRequest/{name}", "not used by the scheme; ignored")


def _by_url(context: RequestContext) -> Iterable[Seen]:
    if context.request.consumer_url is not None:
        yield Seen("AuthnRequest/@AssertionConsumerServiceURL", "by the book the index is used")


def _binding_named(context: RequestContext) -> Iterable[Seen]:
    if context.request.protocol_binding is not None:
        yield Seen("AuthnRequest/@ProtocolBinding", "by the book the index says it")


def _by_default(context: RequestContext) -> Iterable[Seen]:
    if context.request.consumer_index is None and context.request.consumer_url is None:
        yield Seen("AuthnRequest/@AssertionConsumerServiceIndex", "is missing; the default of the metadata is used")


def _key_hint(context: RequestContext) -> Iterable[Seen]:
    if context.key_hint not in (None, "KeyName"):
        yield Seen("AuthnRequest/Signature/KeyInfo", f"holds {context.key_hint}, by the book only KeyName")


def _consent(context: RequestContext) -> Iterable[Seen]:
    if context.request.consent not in (None, names.CONSENT_UNSPECIFIED):
        yield Seen("AuthnRequest/@Consent", f"{context.request.consent!r:.200}; ignored")


def _other_broker(context: RequestContext) -> Iterable[Seen]:
    service, own = context.service, oin_of_entity(context.broker)
    if service is not None and own not in service.brokers:
        listed = ", ".join(sorted(service.brokers)) or "none"
        yield Seen("HerkenningsmakelaarId", f"{service.service_id} is connected to {listed}, not to {own}")


def _extensions(context: RequestContext) -> Iterable[Seen]:
    if context.request.has_extensions:
        yield Seen("AuthnRequest/Extensions", "not used between service provider and broker; ignored")


def _another_certificate(context: RequestContext) -> Iterable[Seen]:
    if differ(context.service_certificates, context.sender):
        yield Seen("KeyDescriptor", f"that of the catalogue is used: {context.service_certificates[0].key_name}")


TRUST: Final[tuple[Rule[RequestContext], ...]] = (
    Rule(
        "EH-REQ-07",
        Severity.WARNING,
        "SAML bindings 3.4.3; etd Interface specifications: RelayState",
        Text("RelayState is langer dan 80 bytes.", "RelayState is longer than 80 bytes."),
        _relay_state,
    ),
)

SUPPORT: Final[tuple[Rule[RequestContext], ...]] = (
    Rule(
        "EH-REQ-05",
        Severity.WARNING,
        "etd DV-HM AuthnRequest: Issuer",
        Text("Issuer heeft attributen die niet zijn toegestaan.", "Issuer has attributes that are not allowed."),
        _issuer,
    ),
    Rule(
        "EH-REQ-40",
        Severity.WARNING,
        "etd DV-HM AuthnRequest: Subject, NameIDPolicy, Conditions, ProxyCount, RequesterID",
        Text(
            "De aanvraag bevat onderdelen die het stelsel niet gebruikt.",
            "The request holds parts that the scheme does not use.",
        ),
        _unused,
    ),
    Rule(
        "EH-REQ-41",
        Severity.INFO,
        "etd DV-HM AuthnRequest: AssertionConsumerServiceIndex",
        Text(
            "Het antwoordadres is als URL gegeven in plaats van als index.",
            "The answer address is given as a URL instead of an index.",
        ),
        _by_url,
    ),
    Rule(
        "EH-REQ-48",
        Severity.INFO,
        "etd DV-HM AuthnRequest: ProtocolBinding",
        Text(
            "De aanvraag noemt de binding van het antwoord; dat hoort bij de index.",
            "The request names the binding of the answer; the index says that.",
        ),
        _binding_named,
    ),
    Rule(
        "EH-REQ-43",
        Severity.WARNING,
        "etd DV-HM AuthnRequest: AssertionConsumerServiceIndex",
        Text("De aanvraag noemt geen antwoordadres.", "The request names no address for the answer."),
        _by_default,
    ),
    Rule(
        "EH-REQ-44",
        Severity.INFO,
        "etd Digital signature: KeyInfo",
        Text(
            "De handtekening bevat een certificaat in plaats van alleen KeyName.",
            "The signature holds a certificate instead of only a KeyName.",
        ),
        _key_hint,
    ),
    Rule(
        "EH-REQ-45",
        Severity.WARNING,
        "etd DV-HM AuthnRequest: Consent",
        Text("Consent heeft een andere waarde dan unspecified.", "Consent has another value than unspecified."),
        _consent,
    ),
    Rule(
        "EH-REQ-46",
        Severity.WARNING,
        "etd Service catalogue: HerkenningsmakelaarId, AdditionalHerkenningsmakelaarId",
        Text(
            "De dienst is volgens de dienstencatalogus niet aangesloten op deze makelaar.",
            "By the service catalogue the service is not connected to this broker.",
        ),
        _other_broker,
    ),
)

NOTES: Final[tuple[Rule[RequestContext], ...]] = (
    Rule("EH-REQ-42", Severity.WARNING, ANOTHER_CERTIFICATE.clause, ANOTHER_CERTIFICATE.text, _another_certificate),
    deliverable.LEFT_OUT,
    Rule(
        "EH-REQ-47",
        Severity.WARNING,
        "etd DV-HM AuthnRequest: Extensions",
        Text("De aanvraag bevat Extensions; die tellen niet mee.", "The request holds Extensions; they do not count."),
        _extensions,
    ),
)

RULES: Final[tuple[Rule[RequestContext], ...]] = (*TRUST, *SUPPORT, *NOTES)


def judged(rules: Iterable[Rule[RequestContext]], context: RequestContext, *, strict: bool) -> tuple[Finding, ...]:
    """What `TRUST` or `SUPPORT` have to say about `context`; reasons to reject it when the broker is strict."""
    found = check(rules, context)
    return strictly(found) if strict else found
