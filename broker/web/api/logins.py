"""Logins: what came of them, their messages, and what a correct service provider understood."""

import json as plain_json
from typing import Any

from flask import Blueprint, Response
from pydantic import Field

from broker.core.errors import NotFound
from broker.core.explanations import explain
from broker.core.recorded import Carrier, Direction, LoginRecord, Outcome
from broker.core.refusals import DenialReason
from broker.core.understood import authentication_context, described
from broker.simulator.audit.sealing import unseal
from broker.simulator.control import oracle
from broker.store.audit import messages, records
from broker.store.audit.messages import StoredMessage
from broker.store.audit.records import Wanted
from broker.store.database import Transaction
from broker.web.api.document import calls, gives
from broker.web.api.installation import simulator
from broker.web.api.shapes import Moment, PageQuery, Shape

blueprint = Blueprint("logins", __name__)


class LoginQuery(PageQuery):
    """Which logins."""

    service_provider: str = ""
    outcome: Outcome | None = None


class HappenedShape(Shape):
    """One entry of the history of a login."""

    at: Moment
    what: str
    detail: str
    facts: dict[str, Any] = Field(description="What it rests on: ids and versions in the register, levels.")


class LoginShape(Shape):
    """A login: how it stands or ended, and why."""

    id: str
    started_at: Moment
    ended_at: Moment | None
    service_provider: str
    service: str
    outcome: Outcome
    reason: str = Field(description="Code of the last refusal, or of the rule that the request broke.")
    explanation: str = Field(description="What that refusal means.")
    person: str = Field(description="Id in the register.")
    client: str = Field(description="Id of the organisation acted for.")
    intermediary: str = Field(description="Id; empty when there was no chain.")


class LoginDetails(LoginShape):
    """The same, with its history."""

    history: list[HappenedShape]


class LoginsShape(Shape):
    """A part of the logins, the newest first."""

    logins: list[LoginShape]


class FindingShape(Shape):
    """What a rule said of a message."""

    rule: str
    severity: str
    where: str
    detail: str


class MessageShape(Shape):
    """A message of a login, as it travelled."""

    number: int
    at: Moment
    direction: Direction = Field(description="Seen from the broker.")
    carrier: Carrier
    kind: str
    peer: str = Field(description="EntityID of the other party.")
    message_id: str
    in_response_to: str
    size: int
    sha256: str
    findings: list[FindingShape]
    xml: str | None = Field(description="Byte for byte, in UTF-8; null when its time is over.")


class MessagesShape(Shape):
    """All messages of a login, in their order."""

    messages: list[MessageShape]


class IdentifierShape(Shape):
    """An identifier of the organisation acted for."""

    type: str = Field(description="kvk_number or rsin.")
    value: str


class IntermediaryShape(Shape):
    """The intermediary of a chain."""

    kvk_number: str
    rsin: str | None
    name: str | None


class UnderstoodShape(Shape):
    """Who acts for whom, at which level, for what: what is left out of the answer is left out here."""

    service_provider: str
    level: str
    service_ids: list[str]
    service_uuid: str
    acting_subject: str = Field(description="Pseudonym of the person.")
    identifiers: list[IdentifierShape] = Field(description="In the order of the answer.")
    branch: str | None
    is_chain: bool
    intermediary: IntermediaryShape | None
    attributes: dict[str, str]


class OracleShape(Shape):
    """What a correct service provider understood: in our words, and as Open Forms keeps it. Both are null when nobody
    was logged in; then `outcome` and `reason` say why.
    """

    login: str
    outcome: Outcome
    reason: str
    understood: UnderstoodShape | None
    open_forms: dict[str, Any] | None


@blueprint.get("/logins")
@calls.validate(resp=gives(LoginsShape), tags=["Logins"])
def logins(query: LoginQuery) -> LoginsShape:
    """List logins, the newest first."""
    wanted = Wanted(service_provider=query.service_provider, outcome=query.outcome)
    found = simulator().store.read(lambda tx: records.search(tx, wanted, offset=query.offset, most=query.most))
    return LoginsShape(logins=[LoginShape(**_told(one)) for one in found])


@blueprint.get("/logins/<login>")
@calls.validate(resp=gives(LoginDetails), tags=["Logins"])
def login(login: str) -> LoginDetails:
    """One login, by id or by the ID of one of its messages (the AuthnRequest, say)."""
    found = _record(login)
    history = [HappenedShape(**one) for one in plain_json.loads(found.document)] if found.document != "{}" else []
    return LoginDetails(**_told(found), history=history)


@blueprint.get("/logins/<login>/messages")
@calls.validate(resp=gives(MessagesShape), tags=["Logins"])
def messages_of(login: str) -> MessagesShape:
    """The messages of a login."""
    found = _record(login)
    kept = simulator().store.read(lambda tx: messages.of_login(tx, found.id))
    return MessagesShape(messages=[_message(one) for one in kept])


@blueprint.get("/logins/<login>/messages/<int:number>")
@calls.validate(resp=gives(), tags=["Logins"])
def message(login: str, number: int) -> Response:
    """One message, byte for byte, as application/xml."""
    found = _record(login)
    kept = simulator().store.read(lambda tx: messages.find(tx, number))
    if kept is None or kept.login_id != found.id or kept.sealed is None:
        raise NotFound(f"login {found.id} has no message {number}, or what it said is no longer kept")
    return Response(unseal(simulator().archive_key, kept.sealed).octets, content_type="application/xml")


@blueprint.get("/logins/<login>/oracle")
@calls.validate(resp=gives(OracleShape), tags=["Logins"])
def understanding(login: str) -> OracleShape:
    """What a correct service provider understood of a login."""
    found = _record(login)
    known = oracle.find(simulator(), found.id)
    return OracleShape(
        login=found.id,
        outcome=found.outcome,
        reason=found.reason,
        understood=UnderstoodShape(**described(known)) if known else None,
        open_forms=authentication_context(known) if known else None,
    )


def _record(wanted: str) -> LoginRecord:
    def read(tx: Transaction) -> LoginRecord | None:
        found = records.find(tx, wanted)
        named = None if found else messages.login_of(tx, wanted)
        return records.find(tx, named) if named else found

    found = simulator().store.read(read) if wanted.isprintable() else None
    if found is None:
        raise NotFound(f"there is no login {wanted[:80]!r}")
    return found


def _told(record: LoginRecord) -> dict[str, Any]:
    known = record.reason in {one.value for one in DenialReason}
    return {
        "id": record.id,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "service_provider": record.service_provider,
        "service": record.service_id,
        "outcome": record.outcome,
        "reason": record.reason,
        "explanation": explain(DenialReason(record.reason)).reason.en if known else "",
        "person": record.person_id,
        "client": record.client_id,
        "intermediary": record.intermediary_id,
    }


def _message(kept: StoredMessage) -> MessageShape:
    octets = None if kept.sealed is None else unseal(simulator().archive_key, kept.sealed).octets
    return MessageShape(
        number=kept.number,
        at=kept.at,
        direction=kept.direction,
        carrier=kept.carrier,
        kind=kept.kind,
        peer=kept.peer,
        message_id=kept.message_id,
        in_response_to=kept.in_response_to,
        size=kept.size,
        sha256=kept.sha256,
        findings=[
            FindingShape(rule=one.rule, severity=one.severity.value, where=one.where, detail=one.detail)
            for one in kept.findings
        ],
        xml=None if octets is None else octets.decode(errors="replace"),
    )
