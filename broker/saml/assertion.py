"""The parts that every `saml:Assertion` of the scheme has: header, subject, confirmation, conditions, authentication.

`authentication_statement`, `register_statement` and `summary` each write one kind of assertion with these.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.saml import document, levels, names, signature
from broker.saml.build import child, element, instant
from broker.saml.keys import SigningKey

TAG: Final = f"{{{names.SAML}}}Assertion"
# Prefixes that only occur in xsi:type values; exclusive canonicalisation would drop them without being told.
VALUE_PREFIXES: Final = ("xacml-saml", "xs")


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open interval: `not_before` counts, `not_on_or_after` does not."""

    not_before: datetime
    not_on_or_after: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A bearer confirmation: to which request, at which address, until when."""

    in_response_to: str
    recipient: str
    not_on_or_after: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """A signed assertion as it goes into Advice: its element, ID and SignatureValue, to which the next one links."""

    element: etree._Element
    id: str
    signature_value: str


def begin(id_: str, issuer: str, moment: datetime) -> etree._Element:
    """An assertion with its Issuer."""
    root = element(
        names.SAML,
        "Assertion",
        {"ID": id_, "Version": names.VERSION, "IssueInstant": instant(moment)},
        "xs",
        "xsi",
        "xacml-saml",
    )
    child(root, names.SAML, "Issuer", text=issuer)
    return root


def subject(
    root: etree._Element,
    value: str,
    qualifier: str | None,
    confirmation: Confirmation | None = None,
    format_: str = names.NAMEID_TRANSIENT,
) -> None:
    """Append the subject, and its bearer confirmation when the assertion is meant for a relying party."""
    parent = child(root, names.SAML, "Subject")
    attributes = {"Format": format_} | ({} if qualifier is None else {"NameQualifier": qualifier})
    child(parent, names.SAML, "NameID", attributes, value)
    if confirmation is not None:
        bearer = child(parent, names.SAML, "SubjectConfirmation", {"Method": names.BEARER})
        data = {
            "InResponseTo": confirmation.in_response_to,
            "Recipient": confirmation.recipient,
            "NotOnOrAfter": instant(confirmation.not_on_or_after),
        }
        child(bearer, names.SAML, "SubjectConfirmationData", data)


def conditions(root: etree._Element, window: Window, audiences: tuple[str, ...] = ()) -> None:
    """Append the period of validity and the one AudienceRestriction."""
    attributes = {"NotBefore": instant(window.not_before), "NotOnOrAfter": instant(window.not_on_or_after)}
    parent = child(root, names.SAML, "Conditions", attributes)
    if audiences:
        restriction = child(parent, names.SAML, "AudienceRestriction")
        for audience in audiences:
            child(restriction, names.SAML, "Audience", text=audience)


def authentication(
    root: etree._Element, moment: datetime, level: AssuranceLevel, authority: str, session_index: str | None = None
) -> None:
    """Append the AuthnStatement with the level and the authenticating authority."""
    attributes = {"AuthnInstant": instant(moment)}
    if session_index is not None:
        attributes["SessionIndex"] = session_index
    statement = child(root, names.SAML, "AuthnStatement", attributes)
    context = child(statement, names.SAML, "AuthnContext")
    child(context, names.SAML, "AuthnContextClassRef", text=levels.urn(level))
    child(context, names.SAML, "AuthenticatingAuthority", text=authority)


def signed(root: etree._Element, key: SigningKey) -> Statement:
    """Sign the finished assertion. One private-key operation."""
    value = signature.sign(root, key, prefixes=VALUE_PREFIXES)
    return Statement(root, root.get("ID", ""), value)


def received(standalone: bytes) -> Statement:
    """A statement of another party from the bytes of `signature.self_contained`, ready for Advice."""
    root = document.reread(standalone)
    value = root.findtext(f"{{{names.DS}}}Signature/{{{names.DS}}}SignatureValue") or ""
    return Statement(root, root.get("ID", ""), "".join(value.split()))
