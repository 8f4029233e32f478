"""Requests to revoke (intrekkingsverzoeken, M-52): for who cannot revoke a mandate in the Beheermodule.

    SUBMITTED ─execute▶ EXECUTED   the operator saw that a legal representative asks, and the mandates are revoked
              └refuse─▶ REFUSED    with a reason

Anybody can submit one, without logging in and for a mandate of any origin. What is submitted is what somebody typed: it
says nothing about whether such a mandate exists, and nothing happens before the operator has verified it with KVK.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.representatives import is_authorised
from broker.core.administration.trade_register import Extract, NoAnswer
from broker.core.identifiers import KvkNumber
from broker.core.text import Language


class RequestState(Enum):
    """Where a request is."""

    SUBMITTED = "submitted"
    EXECUTED = "executed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RevocationRequest:
    """One request: whose mandate to whom, who asks and why.

    `representative` is the legal representative that the operator found the requester to be, `mandate_ids` are the
    mandates that were revoked, `answer` is what the requester is told.
    """

    id: str
    client: KvkNumber
    intermediary: KvkNumber
    name: str
    email: str
    reason: str
    language: Language
    submitted_at: datetime
    state: RequestState = RequestState.SUBMITTED
    decided_at: datetime | None = None
    decided_by: str | None = None
    representative: str | None = None
    mandate_ids: tuple[str, ...] = ()
    answer: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed."""

    client: KvkNumber
    intermediary: KvkNumber
    name: str
    email: str
    reason: str
    language: Language = "nl"


def submit(asked: Asked, now: Moment, *, request_id: str) -> RevocationRequest:
    """A new request; raises `ChangeRefused` when client and intermediary are one."""
    if asked.client == asked.intermediary:
        raise ChangeRefused(Obstacle.OWN_ORGANISATION, asked.client)
    return RevocationRequest(
        request_id,
        asked.client,
        asked.intermediary,
        asked.name,
        asked.email,
        asked.reason,
        asked.language,
        now.at,
    )


def verify(said: Extract | NoAnswer | None, representative: str, now: Moment) -> str:
    """The name of `representative`, who according to KVK may act for the client today; raises `ChangeRefused`.

    Of an organisation that is no longer active too: ending a mandate harms nobody.
    """
    if isinstance(said, NoAnswer):
        raise ChangeRefused(Obstacle.KVK_NO_ANSWER, str(said))
    if said is None:
        raise ChangeRefused(Obstacle.KVK_NOT_FOUND, "the client of a revocation request")
    if not is_authorised(said.representatives, representative, now.today):
        raise ChangeRefused(Obstacle.SIGNATORY_NOT_AUTHORISED, representative)
    return representative


def execute(
    request: RevocationRequest, verified: str, mandate_ids: Collection[str], actor: Actor, now: Moment
) -> RevocationRequest:
    """EXECUTED. `verified` is what `verify` gave, `mandate_ids` are the mandates that are revoked with it."""
    _require_open(request, actor)
    if not mandate_ids:
        raise ChangeRefused(Obstacle.NOT_FOUND, f"no mandate was chosen for {request.id}")
    return replace(
        request,
        state=RequestState.EXECUTED,
        decided_at=now.at,
        decided_by=actor.id,
        representative=verified,
        mandate_ids=tuple(sorted(mandate_ids)),
    )


def refuse(request: RevocationRequest, answer: str, actor: Actor, now: Moment) -> RevocationRequest:
    """REFUSED; `answer` says why."""
    _require_open(request, actor)
    return replace(request, state=RequestState.REFUSED, decided_at=now.at, decided_by=actor.id, answer=answer)


def _require_open(request: RevocationRequest, actor: Actor) -> None:
    if actor.kind is not ActorKind.OPERATOR:
        raise ChangeRefused(Obstacle.NOT_BY_THIS_PARTY, f"{actor.id} decides on {request.id}")
    if request.state is not RequestState.SUBMITTED:
        raise ChangeRefused(Obstacle.ENDED, request.state.value)
