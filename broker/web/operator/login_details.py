"""One login as its page shows it: from what is kept to lines, lanes and facts."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import url_for

from broker.core import sequence
from broker.core.assurance import AssuranceLevel
from broker.core.clock import AMSTERDAM
from broker.core.findings import Severity
from broker.core.recorded import Carrier, Direction
from broker.core.recorded_words import OUTCOMES
from broker.core.sequence import Diagram, Message
from broker.core.text import Text
from broker.core.understood import authentication_context, described
from broker.saml.glance import Glance, glance
from broker.simulator.audit.logins import Opened, OpenedMessage
from broker.simulator.context import Simulator
from broker.simulator.control import oracle
from broker.web.current import simulator
from broker.web.language import said
from broker.web.management.event_words import ACTIONS
from broker.web.management.register_pages import Fact
from broker.web.management.showing import fact
from broker.web.management.words import CHAIN_STATUS, LINK_STATUS
from broker.web.operator import login_words
from broker.web.operator.login_pages import EventRow, FindingRow, LoginDetails, MessageRow, Station
from broker.web.operator.navigation import frame, hidden

_BROKER: Final = Text("Makelaar", "Broker")
_PROVIDER: Final = Text("Dienstverlener", "Service provider")
_SERVICE: Final = Text("Authenticatiedienst", "Authentication service")
_FIRST: Final = Text("Register intermediair", "Intermediary's register")
_SECOND: Final = Text("Register klant", "Client's register")
_UNKNOWN: Final = Text("Onbekend", "Unknown")
_PERSON: Final = Text("Persoon", "Person")
_INTERMEDIARY: Final = Text("Intermediair", "Intermediary")
_CLIENT: Final = Text("Klant", "Client")
_KEY: Final = 12
_STATUS: Final = {one.value: name for one, name in (*LINK_STATUS.items(), *CHAIN_STATUS.items())}


def details(opened: Opened, *, shown: bool) -> LoginDetails:
    """The page of one login."""
    sim, record = simulator(), opened.record
    facts = _decided(opened)
    rows = _messages(sim, opened)
    return LoginDetails(
        **frame(),
        facts=_facts(opened),
        findings=tuple(
            FindingRow(
                rule=found.rule,
                is_error=found.severity is Severity.ERROR,
                where=found.where,
                detail=found.detail,
                message=number,
            )
            for number, one in enumerate(opened.messages, start=1)
            for found in one.stored.findings
        ),
        diagram=_diagram(sim, opened, rows),
        messages=rows,
        chain=_chain(sim, opened, facts, shown=shown),
        decided=_levels(facts, shown=shown),
        understood=_understood(opened) if shown else "",
        events=tuple(
            EventRow(
                number=one.number,
                at=datetime.fromisoformat(one.content["at"]).astimezone(AMSTERDAM),
                what=ACTIONS.get(one.content["action"], Text(one.content["action"], one.content["action"])),
                # Of a login that succeeded it names the coupling, which may be called after a person.
                reason=one.content["reason"] if shown or one.content["action"] != "login.granted" else "",
                digest=one.digest.hex(),
            )
            for one in opened.events
        ),
        show_url=url_for("operator.logins.reveal_one", login_id=record.id),
        is_shown=shown,
        report_url=url_for("operator.logins.make_report", login_id=record.id),
        evidence_url=url_for("operator.logins.make_evidence", login_id=record.id),
        hidden=hidden(),
        back_url=url_for("operator.logins.listing"),
    )


def _facts(opened: Opened) -> tuple[Fact, ...]:
    record = opened.record
    told = (
        fact(Text("Uitkomst", "Outcome"), OUTCOMES[record.outcome]),
        fact(Text("Reden", "Reason"), record.reason or None),
        fact(_PROVIDER, record.service_provider or None),
        fact(Text("Dienst", "Service"), record.service_id or None),
        fact(Text("Begonnen", "Began"), _clock(record.started_at)),
        fact(Text("Geëindigd", "Ended"), _clock(record.ended_at) if record.ended_at else None),
        fact(Text("Kenmerk", "Reference"), record.id),
    )
    return tuple(line for line in told if line.values)


def _understood(opened: Opened) -> str:
    """As the API tells it; nothing when nobody was logged in."""
    known = oracle.find(simulator(), opened.record.id)
    if known is None:
        return ""
    told = {"understood": described(known), "open_forms": authentication_context(known)}
    return json.dumps(told, indent=2, ensure_ascii=False)


def _messages(sim: Simulator, opened: Opened) -> tuple[MessageRow, ...]:
    rows, before = [], None
    for number, one in enumerate(opened.messages, start=1):
        rows.append(_message(sim, opened, one, number, before))
        before = one.stored.at
    return tuple(rows)


def _message(sim: Simulator, opened: Opened, one: OpenedMessage, number: int, before: datetime | None) -> MessageRow:
    stored, seen = one.stored, glance(one.body.octets) if one.body else Glance()
    is_sent, other = stored.direction is Direction.SENT, _role(sim, stored.peer)
    place: dict[str, Any] = {"login_id": opened.record.id, "number": number}
    return MessageRow(
        number=number,
        at=stored.at.astimezone(AMSTERDAM),
        later=login_words.seconds(stored.at - before) if before else "",
        sender=_BROKER if is_sent else other,
        receiver=other if is_sent else _BROKER,
        kind=stored.kind,
        binding=stored.carrier.value,
        size=stored.size,
        clock=_clock(seen.issued_at) if seen.issued_at else "",
        off=login_words.seconds(seen.issued_at - stored.at) if seen.issued_at else "",
        signer=_signer(one, seen),
        message_id=stored.message_id,
        in_response_to=stored.in_response_to,
        sha256=stored.sha256,
        download_url=url_for("operator.logins.message", **place) if one.body else None,
        inspect_url=url_for("operator.logins.inspect_message", **place),
    )


def _signer(one: OpenedMessage, seen: Glance) -> str:
    """The key that the signature names; a redirect is signed in its address."""
    if seen.is_signed:
        return f"{seen.key_name[:_KEY]}…" if seen.key_name else "✓"
    if one.stored.carrier is Carrier.REDIRECT and one.body and one.body.query and b"Signature=" in one.body.query:
        return "Signature="
    return ""


def _role(sim: Simulator, peer: str) -> Text:
    if peer == sim.intermediary_register.entity_id:
        return _FIRST
    if peer == sim.client_register.entity_id:
        return _SECOND
    if peer in sim.authentication_services:
        return _SERVICE
    return _PROVIDER if peer else _UNKNOWN


def _diagram(sim: Simulator, opened: Opened, rows: Sequence[MessageRow]) -> Diagram:
    """One lane for each party that has a message; the broker always has one."""
    having = {_role(sim, one.stored.peer) for one in opened.messages} | {_BROKER}
    lanes = [one for one in (_UNKNOWN, _PROVIDER, _BROKER, _SERVICE, _FIRST, _SECOND) if one in having]
    arrows = [
        Message(lanes.index(row.sender), lanes.index(row.receiver), f"{row.number} {row.kind}", _note(row))
        for row in rows
        if isinstance(row.sender, Text) and isinstance(row.receiver, Text)
    ]
    return sequence.drawn([said(lane) for lane in lanes], arrows)


def _note(row: MessageRow) -> str:
    return f"{row.binding}, {f'+{row.later}' if row.later else f'{row.at:%H:%M:%S}'}"


def _decided(opened: Opened) -> Mapping[str, Any]:
    """What the last decision rested on."""
    found: Mapping[str, Any] = {}
    for one in opened.events:
        facts = (one.content["after"] or {}).get("facts") or {}
        found = facts if "authenticated_level" in facts else found
    return found


def _chain(sim: Simulator, opened: Opened, facts: Mapping[str, Any], *, shown: bool) -> tuple[Station, ...]:
    """Who acted for whom, over which link as it was at that moment."""
    record, parties = opened.record, opened.parties
    if not record.person_id:
        return ()
    who = Station(role=_PERSON, name=login_words.person(sim, parties, record.person_id, shown=shown))
    if "mandate" not in facts:
        return (who,)
    client = Station(role=_CLIENT, name=login_words.organisation(sim, parties, facts["client"], shown=shown))
    mandate = _link(Text("Machtiging", "Mandate"), facts["mandate"], shown=shown)
    if "coupling" not in facts:
        return (Station(role=who.role, name=who.name, link=mandate), client)
    through = Station(
        role=_INTERMEDIARY,
        name=login_words.organisation(sim, parties, facts["intermediary"], shown=shown),
        link=_link(Text("Ketenmachtiging", "Chain mandate"), facts["mandate"], shown=True),
    )
    coupling = _link(Text("Koppeling aan het inlogmiddel", "Coupling to the means"), facts["coupling"], shown=shown)
    return (Station(role=who.role, name=who.name, link=coupling), through, client)


def _link(name: Text, state: Mapping[str, Any], *, shown: bool) -> tuple[Fact, ...]:
    """A mandate as it was. Ids of what belongs to a person may say who that is."""
    version, called = f"v{state['version']}", state["id"] if shown else login_words.MASK
    validity, scope = state.get("validity") or {}, state.get("scope")
    told = (
        fact(name, f"{called}, {version}"),
        fact(Text("Status", "Status"), _STATUS[state["status"]]),
        fact(Text("Niveau", "Level"), _level(state["level"])),
        fact(Text("Geldig", "Valid"), _period(validity) if validity else None),
        fact(Text("Reikwijdte", "Scope"), _scope(scope) if scope is not None else None),
    )
    return tuple(line for line in told if line.values)


def _period(validity: Mapping[str, Any]) -> str:
    return " – ".join(str(value) for value in validity.values() if value)


def _scope(scope: Mapping[str, Any]) -> Text | str:
    listed = [str(item) for value in scope.values() if isinstance(value, list) for item in value]
    return ", ".join(listed) if listed else Text("alle diensten", "all services")


def _level(value: str) -> str:
    return AssuranceLevel(value).label


def _levels(facts: Mapping[str, Any], *, shown: bool) -> tuple[Fact, ...]:
    if not facts:
        return ()
    means, reached = facts["means"], facts.get("effective_level")
    told = (
        fact(Text("Niveau waarmee is ingelogd", "Level of the login"), _level(facts["authenticated_level"])),
        fact(Text("Niveau dat nodig was", "Level that was needed"), _level(facts["needed_level"])),
        fact(Text("Niveau van de keten", "Level of the chain"), _level(reached) if reached else None),
        fact(Text("Inlogmiddel", "Means"), f"{means['id'] if shown else login_words.MASK}, {means['type']}"),
        fact(Text("Dag van het besluit", "Day of the decision"), facts["day"]),
    )
    return tuple(line for line in told if line.values)


def _clock(moment: datetime) -> str:
    return moment.astimezone(AMSTERDAM).isoformat(sep=" ", timespec="milliseconds")
