"""What every assertion says that a browser brings from one party to another: about whom, for whom, when, how strongly.

SAML profiles 4.1.4. `authentication_statement` and `received_summary` read the two kinds that there are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from lxml import etree

from broker.saml import names, reading
from broker.saml.assertion import Confirmation, Window
from broker.saml.faults import ContentReason, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerAssertion:
    """Verified content; several values may still be wrong. `confirmations`: method and data of each confirmation."""

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
    service_uuid: str


class BearerValues(TypedDict):
    """The fields of a `BearerAssertion` but for ServiceUUID, which is an attribute."""

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


def read(root: etree._Element) -> BearerValues:
    """Read verified content of a `saml:Assertion`; raises `Fault`."""
    subject = reading.one(root, names.SAML, "Subject")
    conditions = reading.optional(root, names.SAML, "Conditions")
    authn = reading.one(root, names.SAML, "AuthnStatement")
    context = reading.one(authn, names.SAML, "AuthnContext")
    authority = reading.optional(context, names.SAML, "AuthenticatingAuthority")
    return {
        "id": reading.attribute(root, "ID"),
        "version": reading.attribute(root, "Version"),
        "issuer": reading.text(reading.one(root, names.SAML, "Issuer")),
        "issue_instant": reading.moment(root, "IssueInstant"),
        "transient": reading.text(reading.one(subject, names.SAML, "NameID")),
        "confirmations": tuple(_confirmation(item) for item in subject.findall(f"{{{names.SAML}}}SubjectConfirmation")),
        "window": _window(conditions),
        "audience_restrictions": _audiences(conditions),
        "unknown_conditions": _unknown(conditions),
        "authn_instant": reading.moment(authn, "AuthnInstant"),
        "level_urn": reading.text(reading.one(context, names.SAML, "AuthnContextClassRef")),
        "authenticating_authority": None if authority is None else reading.text(authority),
    }


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
