"""An assertion as it is written, whoever wrote it: every value that a rule may want to look at, and no judgement.

Three parties write assertions: the broker its summary (etd DV-HM response), the authentication service its statement
(HM-AD) and a mandate register its decision (HM-MR). The last two stand in Advice of the first. What is missing is None
or empty; nothing here raises but for a moment that is none.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lxml import etree

from broker.saml import names, reading
from broker.saml.assertion import Window

_SAML: Final = f"{{{names.SAML}}}"
_XACML: Final = f"{{{names.XACML_CONTEXT}}}"
_POLICY: Final = f"{{{names.XACML_POLICY}}}"
_XENC: Final = f"{{{names.XENC}}}"
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a register decided (XACML): the word, what it was asked, and which register must confirm it.

    `facts` are the plain values by AttributeId: services, levels, the intermediary.
    """

    word: str
    facts: Mapping[str, tuple[str, ...]]
    next_registers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One assertion. `plain` and `encrypted` are its attributes by name: the values, and how many are encrypted.

    `recipients` are those of all encrypted keys outside Advice; `empty` the names of attributes with an empty value.
    """

    id: str
    version: str
    issuer: str
    issue_instant: datetime
    issuer_is_plain: bool = True
    signature_value: str | None = None
    name_id: str | None = None
    name_format: str | None = None
    name_qualifier: str | None = None
    confirmations: int = 0
    window: Window | None = None
    audiences: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    has_authentication: bool = False
    session_index: str | None = None
    level_urn: str | None = None
    authority: str | None = None
    plain: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    encrypted: Mapping[str, int] = field(default_factory=dict)
    encrypted_attributes: int = 0
    recipients: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    decision: Decision | None = None

    def fact(self, name: str) -> str | None:
        """The first plain value under this name, in the attributes or in the decision of a register."""
        found = self.plain.get(name, ()) or (self.decision.facts.get(name, ()) if self.decision else ())
        return found[0] if found else None


def read(root: etree._Element) -> Stated:
    """Read an assertion; raises `Fault` when its IssueInstant or a limit of its validity is no moment."""
    subject = root.find(f"{_SAML}Subject")
    name = None if subject is None else subject.find(f"{_SAML}NameID")
    conditions, authn = root.find(f"{_SAML}Conditions"), root.find(f"{_SAML}AuthnStatement")
    attributes = root.findall(f"{_SAML}AttributeStatement/{_SAML}Attribute")
    issuer = root.find(f"{_SAML}Issuer")
    plain, encrypted = _values(attributes)
    return Stated(
        id=root.get("ID", ""),
        version=root.get("Version", ""),
        issuer=_text(issuer) or "",
        issue_instant=reading.moment(root, "IssueInstant"),
        issuer_is_plain=issuer is None or not issuer.attrib,
        signature_value=_signature_value(root),
        name_id=_text(name),
        name_format=None if name is None else name.get("Format"),
        name_qualifier=None if name is None else name.get("NameQualifier"),
        confirmations=0 if subject is None else len(subject.findall(f"{_SAML}SubjectConfirmation")),
        window=_window(conditions),
        audiences=_texts(conditions, f"{_SAML}AudienceRestriction/{_SAML}Audience"),
        refers_to=_texts(root, f"{_SAML}Advice/{_SAML}AssertionIDRef"),
        has_authentication=authn is not None,
        session_index=None if authn is None else authn.get("SessionIndex"),
        level_urn=_text(root.find(f"{_SAML}AuthnStatement/{_SAML}AuthnContext/{_SAML}AuthnContextClassRef")),
        authority=_text(root.find(f"{_SAML}AuthnStatement/{_SAML}AuthnContext/{_SAML}AuthenticatingAuthority")),
        plain=plain,
        encrypted=encrypted,
        encrypted_attributes=len(root.findall(f"{_SAML}AttributeStatement/{_SAML}EncryptedAttribute")),
        recipients=tuple(_recipients(root)),
        empty=tuple(name for name, values in plain.items() if any(not value.strip() for value in values)),
        decision=_decision(root.find(f"{_SAML}Statement")),
    )


def in_advice(root: etree._Element) -> list[etree._Element]:
    """The assertions in Advice, in their order."""
    return root.findall(f"{_SAML}Advice/{_SAML}Assertion")


def _text(element: etree._Element | None) -> str | None:
    return None if element is None else (element.text or "").strip()


def _texts(parent: etree._Element | None, path: str) -> tuple[str, ...]:
    return () if parent is None else tuple(_text(item) or "" for item in parent.findall(path))


def _signature_value(root: etree._Element) -> str | None:
    value = root.findtext(f"{{{names.DS}}}Signature/{{{names.DS}}}SignatureValue")
    return None if value is None else _SPACE.sub("", value)


def _window(conditions: etree._Element | None) -> Window | None:
    if conditions is None or conditions.get("NotBefore") is None or conditions.get("NotOnOrAfter") is None:
        return None
    return Window(reading.moment(conditions, "NotBefore"), reading.moment(conditions, "NotOnOrAfter"))


def _values(attributes: list[etree._Element]) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    plain: dict[str, tuple[str, ...]] = {}
    encrypted: dict[str, int] = {}
    for attribute in attributes:
        name, values = attribute.get("Name", ""), attribute.findall(f"{_SAML}AttributeValue")
        sealed = [value for value in values if value.find(f"{_SAML}EncryptedID") is not None]
        texts = tuple(_text(value) or "" for value in values if value not in sealed)
        if texts or not values:
            plain[name] = plain.get(name, ()) + (texts or ("",))
        if sealed:
            encrypted[name] = encrypted.get(name, 0) + len(sealed)
    return plain, encrypted


def _recipients(root: etree._Element) -> Iterator[str]:
    statement = f"{_SAML}AttributeStatement"
    for path in (
        f"{statement}/{_SAML}Attribute/{_SAML}AttributeValue/{_SAML}EncryptedID",
        f"{statement}/{_SAML}EncryptedAttribute",
    ):
        for key in root.findall(f"{path}/{_XENC}EncryptedKey"):
            yield key.get("Recipient", "")


def _decision(statement: etree._Element | None) -> Decision | None:
    if statement is None:
        return None
    result, request = f"{_XACML}Response/{_XACML}Result", f"{_XACML}Request"
    facts: dict[str, tuple[str, ...]] = {}
    for part in ("Subject", "Resource", "Action"):
        for attribute in statement.findall(f"{request}/{_XACML}{part}/{_XACML}Attribute"):
            values = [item for item in attribute.findall(f"{_XACML}AttributeValue") if not len(item)]
            if values:
                facts[attribute.get("AttributeId", "")] = tuple(_SPACE.sub("", _text(item) or "") for item in values)
    obligations = statement.findall(f"{result}/{_POLICY}Obligations/{_POLICY}Obligation")
    wanted = [item for item in obligations if item.get("ObligationId") == names.REQUIRE_NEXT_REGISTER]
    return Decision(
        word=_text(statement.find(f"{result}/{_XACML}Decision")) or "",
        facts=facts,
        next_registers=tuple(_texts(item, f"{_POLICY}AttributeAssignment")[0] for item in wanted if len(item)),
    )
