"""The authentication service's statement: who was authenticated, how strongly, and which register knows the mandates.

HM-AD interface: the acting subject is an internal pseudonym, encrypted for the register that
`AuthorizationRegistryID` names; the broker cannot read it.
"""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.saml import assertion, attributes, names, reading
from broker.saml.assertion import Confirmation, Statement, Window
from broker.saml.build import child
from broker.saml.faults import ContentReason, Fault
from broker.saml.keys import SigningKey


@dataclass(frozen=True, slots=True)
class AuthenticationStatement:
    """The verified content of an authentication service's assertion; several values may still be wrong.

    `confirmations` holds each SubjectConfirmation's method and data; `acting_subject` is the EncryptedID.
    """

    id: str
    version: str
    issuer: str
    issue_instant: datetime
    transient: str
    confirmations: tuple[tuple[str, Confirmation | None], ...]
    window: Window | None
    audience_restrictions: tuple[tuple[str, ...], ...]
    unknown_conditions: tuple[str, ...]
    authn_instant: datetime
    level_urn: str
    authenticating_authority: str | None
    representation: bool
    service_uuid: str
    register: str | None
    acting_subject: etree._Element


def read(root: etree._Element) -> AuthenticationStatement:
    """Read verified content of an `saml:Assertion`; raises `Fault`."""
    subject = reading.one(root, names.SAML, "Subject")
    conditions = reading.optional(root, names.SAML, "Conditions")
    authn = reading.one(root, names.SAML, "AuthnStatement")
    context = reading.one(authn, names.SAML, "AuthnContext")
    authority = reading.optional(context, names.SAML, "AuthenticatingAuthority")
    found = attributes.by_name(reading.one(root, names.SAML, "AttributeStatement"))
    register = found.get(names.AUTHORIZATION_REGISTRY_ID)
    return AuthenticationStatement(
        id=reading.attribute(root, "ID"),
        version=reading.attribute(root, "Version"),
        issuer=reading.text(reading.one(root, names.SAML, "Issuer")),
        issue_instant=reading.moment(root, "IssueInstant"),
        transient=reading.text(reading.one(subject, names.SAML, "NameID")),
        confirmations=tuple(_confirmation(item) for item in subject.findall(f"{{{names.SAML}}}SubjectConfirmation")),
        window=_window(conditions),
        audience_restrictions=_audiences(conditions),
        unknown_conditions=_unknown(conditions),
        authn_instant=reading.moment(authn, "AuthnInstant"),
        level_urn=reading.text(reading.one(context, names.SAML, "AuthnContextClassRef")),
        authenticating_authority=None if authority is None else reading.text(authority),
        representation=_single(found, names.REPRESENTATION) in ("true", "1"),
        service_uuid=_single(found, names.SERVICE_UUID),
        register=None if register is None else reading.text(_only_value(register)),
        acting_subject=reading.one(_only_value(_required(found, names.ACTING_SUBJECT_ID)), names.SAML, "EncryptedID"),
    )


def _confirmation(element: etree._Element) -> tuple[str, Confirmation | None]:
    data = reading.optional(element, names.SAML, "SubjectConfirmationData")
    method = reading.attribute(element, "Method")
    if data is None or any(data.get(name) is None for name in ("InResponseTo", "Recipient", "NotOnOrAfter")):
        return method, None
    if data.get("NotBefore") is not None:
        raise Fault(ContentReason.MALFORMED, "SubjectConfirmationData/@NotBefore is not allowed for bearer")
    return method, Confirmation(
        in_response_to=reading.attribute(data, "InResponseTo"),
        recipient=reading.attribute(data, "Recipient"),
        not_on_or_after=reading.moment(data, "NotOnOrAfter"),
    )


def _window(conditions: etree._Element | None) -> Window | None:
    if conditions is None or conditions.get("NotBefore") is None or conditions.get("NotOnOrAfter") is None:
        return None
    return Window(reading.moment(conditions, "NotBefore"), reading.moment(conditions, "NotOnOrAfter"))


def _audiences(conditions: etree._Element | None) -> tuple[tuple[str, ...], ...]:
    restrictions = () if conditions is None else conditions.findall(f"{{{names.SAML}}}AudienceRestriction")
    return tuple(
        tuple(reading.text(audience) for audience in item.findall(f"{{{names.SAML}}}Audience")) for item in restrictions
    )


def _unknown(conditions: etree._Element | None) -> tuple[str, ...]:
    known = f"{{{names.SAML}}}AudienceRestriction"
    return () if conditions is None else tuple(str(item.tag) for item in conditions if item.tag != known)


def _required(found: dict[str, etree._Element], name: str) -> etree._Element:
    if name not in found:
        raise Fault(ContentReason.MISSING, f"attribute {name}")
    return found[name]


def _only_value(attribute: etree._Element) -> etree._Element:
    return reading.one(attribute, names.SAML, "AttributeValue")


def _single(found: dict[str, etree._Element], name: str) -> str:
    return reading.text(_only_value(_required(found, name)))


@dataclass(frozen=True, slots=True)
class Authentication:
    """What an authentication service states: for `write`."""

    id: str
    issuer: str
    moment: datetime
    transient: str
    confirmation: Confirmation
    window: Window
    audiences: tuple[str, ...]
    level: AssuranceLevel
    authority_oin: str
    service_uuid: str
    register: str
    acting_subject: etree._Element


def write(stated: Authentication, key: SigningKey) -> Statement:
    """The signed assertion. One private-key operation."""
    root = assertion.begin(stated.id, stated.issuer, stated.moment)
    assertion.subject(root, stated.transient, stated.issuer, stated.confirmation)
    assertion.conditions(root, stated.window, stated.audiences)
    assertion.authentication(root, stated.moment, stated.level, stated.authority_oin)
    child(root, names.SAML, "AttributeStatement").extend(
        (
            attributes.plain(names.REPRESENTATION, "true", kind="xs:boolean"),
            attributes.plain(names.SERVICE_UUID, stated.service_uuid),
            attributes.encrypted(names.ACTING_SUBJECT_ID, [stated.acting_subject]),
            attributes.plain(names.AUTHORIZATION_REGISTRY_ID, stated.register),
        )
    )
    return assertion.signed(root, key)
