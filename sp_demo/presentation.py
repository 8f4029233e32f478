"""A session in words: the heading and the rows of the page that a logged-in visitor sees."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sp_demo.facts import Facts, Identifier, Intermediary
from sp_demo.store import Session

Say = Callable[..., str]
Row = tuple[str, tuple[str, ...]]


def heading(say: Say, facts: Facts) -> str:
    """Whom the visitor acts for, and through whom."""
    client = client_name(say, facts.legal_subject)
    if facts.intermediary is None:
        return say("result.title", client=client)
    return say("result.title_via", client=client, intermediary=_intermediary_name(say, facts.intermediary))


def client_name(say: Say, identifiers: Sequence[Identifier]) -> str:
    """The represented organisation; this party knows numbers only."""
    return ", ".join(f"{_label(say, identifier)} {identifier.value}" for identifier in identifiers)


def rows(say: Say, session: Session) -> list[Row]:
    """Everything that was decoded, as label and values; what is absent has no row."""
    facts = session.facts
    via = () if facts.intermediary is None else (_intermediary_name(say, facts.intermediary),)
    valid = say("fact.valid_value", begin=_moment(facts.valid_from), end=_moment(facts.valid_until))
    table = {
        "legal": tuple(f"{_label(say, identifier)} {identifier.value}" for identifier in facts.legal_subject),
        "intermediary": via,
        "branch": _optional(facts.branch),
        "acting": (facts.acting_subject.value,),
        "level": (facts.level,),
        "service": facts.services,
        "service_uuid": facts.service_uuids,
        "authority": _optional(facts.authenticating_authority),
        "evidence": facts.evidence,
        "valid": (valid,),
        "session": _optional(facts.session_index),
        "request": (session.request_id,),
        "response": (session.response_id,),
        "assertion": (facts.assertion_id,),
    }
    return [(say(f"fact.{name}"), values) for name, values in table.items() if values]


def _label(say: Say, identifier: Identifier) -> str:
    kind = identifier.type.rpartition(":")[2]
    return say(f"identifier.{kind}") if kind in ("KvKnr", "RSIN") else kind


def _intermediary_name(say: Say, intermediary: Intermediary) -> str:
    number = f"{say('identifier.KvKnr')} {intermediary.kvk_number}"
    return number if intermediary.name is None else f"{intermediary.name} ({number})"


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%d-%m-%Y %H:%M:%S UTC")


def _optional(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)
