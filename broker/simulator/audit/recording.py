"""Keeping what happens in a login: its messages, its record, and its events, in the transaction in which it happens.

A message that is not trusted begins no login. It is kept under an id of its own, but not in the chain of events, which
never forgets anything: whoever can reach the broker could make it grow without end.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from lxml import etree
from pydantic import TypeAdapter

from broker.core.administration.actors import rule
from broker.core.administration.events import Event
from broker.core.errors import UntrustedMessage
from broker.core.findings import Finding
from broker.core.login import Event as Happened
from broker.core.login import Login, Step
from broker.core.recorded import Carrier, Direction, LoginRecord, Outcome, WireMessage
from broker.saml import document, names
from broker.saml.assertion import Statement
from broker.simulator.audit import in_force
from broker.simulator.audit.sealing import Body, seal
from broker.simulator.context import Simulator
from broker.store.administration import events
from broker.store.audit import messages, records
from broker.store.database import Transaction

BROKER: Final = rule("broker")
_ISSUER: Final = f"{{{names.SAML}}}Issuer"
_HISTORY: Final = TypeAdapter(tuple[Happened, ...])
_OUTCOMES: Final = {
    "granted": Outcome.GRANTED,
    "cancelled": Outcome.CANCELLED,
    "refused": Outcome.REFUSED,
    "declined": Outcome.REFUSED,
    "failed": Outcome.FAILED,
}
_ALWAYS_RECORDED: Final = frozenset({"started", "denied", "accepted"})


def keep(sim: Simulator, tx: Transaction, message: WireMessage) -> None:
    """Keep a message, its body sealed."""
    messages.put(tx, message, seal(sim.archive_key, Body(message.octets, message.query)))


def keep_statements(
    sim: Simulator, tx: Transaction, login_id: str, moment: datetime, statements: Iterable[Statement]
) -> None:
    """Keep what the registers stated: these go along in Advice, and are all that the broker gets of them."""
    for statement in statements:
        octets = document.write(statement.element)
        kind, name, issuer = (
            etree.QName(statement.element).localname,
            statement.id,
            statement.element.findtext(_ISSUER, ""),
        )
        keep(sim, tx, WireMessage(login_id, moment, Direction.RECEIVED, Carrier.CALL, kind, issuer, octets, name))


def follow(sim: Simulator, tx: Transaction, before: Login | None, after: Login) -> None:
    """Record what changed in a login. No answer leaves without its event: this is the transaction that makes it."""
    new = after.history[len(before.history) if before else 0 :]
    telling = [entry for entry in new if entry.what in _ALWAYS_RECORDED or entry.what in _OUTCOMES]
    if not telling:
        return
    record = _record(after)
    records.put(tx, record)
    about = tuple(filter(None, (record.client_id, record.intermediary_id)))
    known = _known(sim, tx, after.id, record.service_provider, record.service_id)
    happened = [
        Event(
            at=entry.at,
            actor=BROKER,
            action=f"login.{entry.what}",
            object_id=after.id,
            about=about,
            after={"facts": entry.facts, **known},
            reason=entry.detail,
            login_id=after.id,
        )
        for entry in telling
    ]
    events.append(tx, happened)


def delivered(sim: Simulator, tx: Transaction, login_id: str, moment: datetime, service_provider: str) -> None:
    """Record that the answer of a login was fetched."""
    _happened(sim, tx, Event(moment, BROKER, "login.delivered", login_id, (), login_id=login_id), service_provider)


def logging_out(
    sim: Simulator, tx: Transaction, login_id: str, service_provider: str, exchanged: Iterable[WireMessage]
) -> None:
    """Keep messages about logging out, and record that they went; of a login of before logins were kept, nothing."""
    if not login_id:
        return
    moment = sim.clock()
    for message in exchanged:
        keep(sim, tx, replace(message, login_id=login_id))
    _happened(sim, tx, Event(moment, BROKER, "login.logout", login_id, (), login_id=login_id), service_provider)


def unsupported(sim: Simulator, tx: Transaction, request: WireMessage, findings: tuple[Finding, ...]) -> None:
    """Record a request of a proven sender that could not be."""
    login_id, moment, reason = request.login_id, request.at, findings[0].rule if findings else ""
    record = LoginRecord(login_id, moment, request.peer, "", Outcome.UNSUPPORTED, reason=reason, ended_at=moment)
    records.put(tx, record)
    event = Event(moment, BROKER, "login.unsupported", login_id, (), reason=reason, login_id=login_id)
    _happened(sim, tx, event, request.peer)


def _happened(sim: Simulator, tx: Transaction, event: Event, service_provider: str) -> None:
    """An event about nobody in the register, with what is known of its login."""
    events.append(tx, [replace(event, after=_known(sim, tx, event.object_id, service_provider))])


def _known(
    sim: Simulator, tx: Transaction, login_id: str, service_provider: str, service_id: str = ""
) -> dict[str, Any]:
    """What each event of a login names by digests: all messages until now, and what is in force."""
    return {
        "messages": messages.digests_of_login(tx, login_id),
        "in_force": in_force.keep(sim, tx, service_provider, service_id),
    }


@contextmanager
def untrusted_kept(sim: Simulator, message: WireMessage) -> Iterator[None]:
    """Inside, a message that turns out not to be trusted is kept with its findings before the error goes on."""
    try:
        yield
    except UntrustedMessage as error:
        found = error.findings
        sim.store.write(lambda tx: _keep_untrusted(sim, tx, replace(message, findings=found)))
        raise


def _keep_untrusted(sim: Simulator, tx: Transaction, message: WireMessage) -> None:
    keep(sim, tx, message)
    reason = message.findings[0].rule if message.findings else ""
    record = LoginRecord(
        message.login_id, message.at, message.peer, "", Outcome.UNTRUSTED, reason=reason, ended_at=message.at
    )
    records.put(tx, record)
    records.forget_untrusted_beyond(tx, sim.retention.most_untrusted)


def _record(login: Login) -> LoginRecord:
    known: dict[str, Any] = {}
    for entry in login.history:
        known |= entry.facts
    last = login.history[-1]
    denied = [entry.detail for entry in login.history if entry.what == "denied"]
    outcome = _OUTCOMES.get(last.what, Outcome.UNDER_WAY) if login.step is Step.ANSWERED else Outcome.UNDER_WAY
    return LoginRecord(
        id=login.id,
        started_at=login.started_at,
        service_provider=login.asked.addressed.service_provider,
        service_id=login.asked.service_id,
        outcome=outcome,
        reason=denied[-1] if denied and outcome is not Outcome.GRANTED else "",
        person_id=known.get("person") or "",
        client_id=known.get("client") or "",
        intermediary_id=known.get("intermediary") or "",
        ended_at=None if outcome is Outcome.UNDER_WAY else last.at,
        document=_HISTORY.dump_json(login.history).decode(),
    )
