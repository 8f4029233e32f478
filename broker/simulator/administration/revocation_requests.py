"""Requests to revoke (M-52): submitted by anybody, decided on by the operator after verifying with KVK.

Whoever submits one is told the same whatever the numbers are of, so that nobody learns who gave whom a mandate.
"""

from collections.abc import Collection
from dataclasses import dataclass

from broker.core.administration import lifecycle
from broker.core.administration import revocation_requests as transitions
from broker.core.administration.actors import Actor, rule
from broker.core.administration.dossiers import NOT_ENDED, FiledMandate
from broker.core.administration.events import changed
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.revocation_requests import Asked, RevocationRequest
from broker.core.identifiers import KvkNumber
from broker.core.organisations import Organisation
from broker.simulator.administration import checking
from broker.simulator.administration.checking import Said
from broker.simulator.administration.notifying import tell_of_request
from broker.simulator.administration.recording import change, filed_mandate, moment_of, store_mandate
from broker.simulator.context import Simulator
from broker.store.administration import events, filed, trade_register
from broker.store.administration import revocation_requests as stored
from broker.store.database import Transaction

MOST_WAITING = 10_000
"""More requests than this do not wait at once: anybody can submit them."""

_FORM = rule("intrekkingsformulier")


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as the operator sees it: what KVK says of the client, and the mandates between the two that count."""

    request: RevocationRequest
    said: Said
    client: Organisation | None
    intermediary: Organisation | None
    mandates: tuple[FiledMandate, ...]


@dataclass(frozen=True, slots=True)
class Requests:
    """A page of requests that wait, how many wait in all, and the last that were decided on."""

    waiting: tuple[RevocationRequest, ...]
    total: int
    decided: tuple[RevocationRequest, ...]


def listed(sim: Simulator, offset: int, most: int) -> Requests:
    """What waits, oldest first, and what was decided on, newest first."""
    return sim.store.read(
        lambda tx: Requests(stored.waiting(tx, offset, most), stored.count_waiting(tx), stored.decided(tx, most))
    )


def submit(sim: Simulator, asked: Asked) -> RevocationRequest:
    """Take a request in; the same person asking the same once more gets the request that waits. `ChangeRefused`."""
    request_id = sim.ids.token()

    def work(tx: Transaction, now: Moment) -> RevocationRequest:
        new = transitions.submit(asked, now, request_id=request_id)
        there = stored.open_between(tx, asked.client, asked.intermediary, asked.email)
        if there is not None:
            return there
        if stored.count_waiting(tx) >= MOST_WAITING:
            raise ChangeRefused(Obstacle.TOO_MANY_WAITING, str(MOST_WAITING))
        stored.insert(tx, new)
        _record(tx, None, new, "submitted", _FORM, now)
        return new

    return change(sim, work)


def opened(sim: Simulator, request_id: str) -> Opened:
    """Everything that the operator needs to decide; raises `ChangeRefused` when there is no such request."""
    request = sim.store.read(lambda tx: _request(tx, request_id))
    said = checking.ask(sim, request.client)

    now = moment_of(sim)

    def look(tx: Transaction) -> Opened:
        client, intermediary = _party(tx, request.client), _party(tx, request.intermediary)
        between = filed.between(tx, client.id, intermediary.id) if client and intermediary else ()
        counting = tuple(one for one in between if one.status_at(now.at, now.policy.signing_months) in NOT_ENDED)
        return Opened(request, said, client, intermediary, counting)

    return sim.store.read(look)


def execute(
    sim: Simulator,
    actor: Actor,
    request_id: str,
    representative: str,
    mandate_ids: Collection[str],
    version: int | None = None,
) -> RevocationRequest:
    """Revoke the chosen mandates: the requester was found to be this legal representative. `ChangeRefused`."""
    said = checking.ask(sim, sim.store.read(lambda tx: _request(tx, request_id)).client)

    def work(tx: Transaction, now: Moment) -> RevocationRequest:
        before = _request(tx, request_id, version)
        verified = transitions.verify(said, representative, now)
        after = transitions.execute(before, verified, mandate_ids, actor, now)
        client = _known(tx, before.client)
        check = checking.record(tx, sim, client, said, now)
        for mandate_id in after.mandate_ids:
            _revoke(tx, mandate_id, before, actor, now)
        saved = stored.save(tx, after)
        _record(tx, before, saved, "executed", actor, now, reason=f"KVK check {check.id}", about=client.id)
        tell_of_request(tx, saved, now)
        return saved

    return change(sim, work)


def refuse(sim: Simulator, actor: Actor, request_id: str, answer: str, version: int | None = None) -> RevocationRequest:
    """Refuse a request; `answer` is what the requester is told. Raises `ChangeRefused`."""

    def work(tx: Transaction, now: Moment) -> RevocationRequest:
        before = _request(tx, request_id, version)
        saved = stored.save(tx, transitions.refuse(before, answer, actor, now))
        _record(tx, before, saved, "refused", actor, now, reason=answer)
        tell_of_request(tx, saved, now)
        return saved

    return change(sim, work)


def _revoke(tx: Transaction, mandate_id: str, request: RevocationRequest, actor: Actor, now: Moment) -> None:
    before = filed_mandate(tx, mandate_id)
    parties = (_known(tx, request.client).id, _known(tx, request.intermediary).id)
    if (before.mandate.grantor_id, before.mandate.intermediary_id) != parties:
        raise ChangeRefused(Obstacle.NOT_FOUND, f"{mandate_id} is not between the two of {request.id}")
    after = lifecycle.revoke(before, actor, now, request.reason)
    store_mandate(tx, before, after, "revoked", actor=actor, now=now)


def _request(tx: Transaction, request_id: str, version: int | None = None) -> RevocationRequest:
    found = stored.load(tx, request_id)
    if found is None:
        raise ChangeRefused(Obstacle.NOT_FOUND, request_id)
    if version is not None and found.version != version:
        raise ChangeRefused(Obstacle.CHANGED_MEANWHILE, f"{request_id} v{found.version}, seen was v{version}")
    return found


def _party(tx: Transaction, number: KvkNumber) -> Organisation | None:
    known = trade_register.known(tx, (number,)).get(number)
    return known.organisation if known else None


def _known(tx: Transaction, number: KvkNumber) -> Organisation:
    found = _party(tx, number)
    if found is None:
        raise ChangeRefused(Obstacle.NOT_FOUND, f"the register knows no organisation {number}")
    return found


def _record(  # noqa: PLR0913  a change and its event
    tx: Transaction,
    before: RevocationRequest | None,
    after: RevocationRequest,
    verb: str,
    actor: Actor,
    now: Moment,
    *,
    reason: str = "",
    about: str | None = None,
) -> None:
    happened = changed(
        f"revocation_request.{verb}",
        actor,
        now.at,
        about=(about,) if about else (),
        before=before,
        after=after,
        object_id=after.id,
        reason=reason,
    )
    events.append(tx, [happened])
