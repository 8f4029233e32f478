"""What a login means to this party: for whom, by whom, through whom."""

from dataclasses import dataclass

from lxml.etree import _Element as Element

from sp_demo import xml
from sp_demo.decryption import Recipient, decrypt
from sp_demo.names import (
    ACTING_SUBJECT,
    BRANCH_RESTRICTION,
    INTERMEDIARY_KVK_NUMBER,
    INTERMEDIARY_NAME,
    LEGAL_SUBJECT,
    LEVELS,
    PERSISTENT,
    SERVICE_ID,
    SERVICE_UUID,
    saml,
)
from sp_demo.refusal import Reason, Refused
from sp_demo.values import attribute, attribute_values, encrypted_attributes, plain, plain_values


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier and the URN of its type, as `urn:etoegang:1.9:EntityConcernedID:KvKnr`."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Intermediary:
    """The party between (intermediair) in a chain; the name may be missing."""

    kvk_number: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The decoded content of one assertion. `evidence` are the issuers of the statements in Advice, in order."""

    assertion_id: str
    services: tuple[str, ...]
    service_uuids: tuple[str, ...]
    level: str
    authenticating_authority: str | None
    acting_subject: Identifier
    legal_subject: tuple[Identifier, ...]
    intermediary: Intermediary | None
    branch: str | None
    valid_from: str
    valid_until: str
    session_index: str | None
    evidence: tuple[str, ...]


def read_facts(assertion: Element, recipient: Recipient) -> Facts:
    """Read a verified assertion that passed all checks; raises `Refused` when a fact is missing or not readable."""
    conditions = xml.only_child(assertion, saml("Conditions"))
    statement = xml.only_child(assertion, saml("AuthnStatement"))
    context = xml.only_child(statement, saml("AuthnContext"))
    acting = _identifiers(assertion, ACTING_SUBJECT, recipient)
    legal = _identifiers(assertion, LEGAL_SUBJECT, recipient)
    if len(acting) != 1 or not legal:
        raise Refused(Reason.NOT_ENOUGH, f"{len(acting)} acting subjects and {len(legal)} legal subject identifiers")
    return Facts(
        assertion_id=assertion.get("ID", ""),
        services=attribute_values(assertion, SERVICE_ID),
        service_uuids=attribute_values(assertion, SERVICE_UUID),
        level=LEVELS[xml.text_of(xml.only_child(context, saml("AuthnContextClassRef")))],
        authenticating_authority=context.findtext(saml("AuthenticatingAuthority")),
        acting_subject=acting[0],
        legal_subject=legal,
        intermediary=_intermediary(assertion, recipient),
        branch=_first(attribute_values(assertion, BRANCH_RESTRICTION)),
        valid_from=conditions.get("NotBefore", ""),
        valid_until=conditions.get("NotOnOrAfter", ""),
        session_index=statement.get("SessionIndex"),
        evidence=_evidence(assertion),
    )


def _identifiers(assertion: Element, name: str, recipient: Recipient) -> tuple[Identifier, ...]:
    found = attribute(assertion, name)
    if found is None:
        return ()
    return tuple(_identifier(value, recipient) for value in found.findall(saml("AttributeValue")))


def _identifier(value: Element, recipient: Recipient) -> Identifier:
    name_id = decrypt(xml.only_child(value, saml("EncryptedID")), recipient)
    kind = name_id.get("NameQualifier")
    if name_id.tag != saml("NameID") or name_id.get("Format") != PERSISTENT or not kind:
        raise Refused(Reason.MALFORMED, f"decrypted to {name_id.tag} with {sorted(name_id.attrib)}")
    return Identifier(kind, plain(name_id))


def _intermediary(assertion: Element, recipient: Recipient) -> Intermediary | None:
    number = _first(attribute_values(assertion, INTERMEDIARY_KVK_NUMBER))
    if number is None:
        return None
    names = [
        plain_values(part)
        for part in (decrypt(encrypted, recipient) for encrypted in encrypted_attributes(assertion))
        if part.tag == saml("Attribute") and part.get("Name") == INTERMEDIARY_NAME
    ]
    return Intermediary(number, _first(names[0]) if names else None)


def _evidence(assertion: Element) -> tuple[str, ...]:
    advice = assertion.find(saml("Advice"))
    if advice is None:
        return ()
    return tuple(statement.findtext(saml("Issuer"), "") for statement in advice.findall(saml("Assertion")))


def _first(values: tuple[str, ...]) -> str | None:
    return values[0] if values else None
