"""Suspending, resuming, revoking and ending chain mandates: counts at the very next decision, in every process.

`version` is the version that the caller saw; None takes whatever there is. All raise `ChangeRefused`.
"""

from collections.abc import Callable
from datetime import date

from broker.core.administration import lifecycle
from broker.core.administration.actors import Actor
from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.lifecycle import Moment
from broker.simulator.administration.recording import change, own_mandate, store_mandate
from broker.simulator.context import Simulator
from broker.store.database import Transaction

Transition = Callable[[FiledMandate, Moment], FiledMandate]


def revoke(
    sim: Simulator,
    actor: Actor,
    mandate_id: str,
    reason: str,
    version: int | None = None,
    *,
    login_id: str | None = None,
) -> FiledMandate:
    """Revoke a mandate at once and for good (M-50 to M-53); `login_id` is the login during which it happens (E07)."""

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        before = own_mandate(tx, actor, mandate_id, version)
        after = lifecycle.revoke(before, actor, now, reason)
        return store_mandate(tx, before, after, "revoked", actor=actor, now=now, login_id=login_id)

    return change(sim, work)


def suspend(sim: Simulator, actor: Actor, mandate_id: str, reason: str, version: int | None = None) -> FiledMandate:
    """No login until the mandate is resumed."""
    return _moved(
        sim, actor, mandate_id, version, "suspended", lambda filed, now: lifecycle.suspend(filed, actor, now, reason)
    )


def resume(sim: Simulator, actor: Actor, mandate_id: str, version: int | None = None) -> FiledMandate:
    """Usable again."""
    return _moved(sim, actor, mandate_id, version, "resumed", lambda filed, now: lifecycle.resume(filed, actor, now))


def end_on(sim: Simulator, actor: Actor, mandate_id: str, last_day: date, version: int | None = None) -> FiledMandate:
    """An earlier last day, today at the earliest."""
    return _moved(
        sim, actor, mandate_id, version, "shortened", lambda filed, now: lifecycle.end_on(filed, last_day, actor, now)
    )


def _moved(
    sim: Simulator, actor: Actor, mandate_id: str, version: int | None, verb: str, transition: Transition
) -> FiledMandate:
    def work(tx: Transaction, now: Moment) -> FiledMandate:
        before = own_mandate(tx, actor, mandate_id, version)
        return store_mandate(tx, before, transition(before, now), verb, actor=actor, now=now)

    return change(sim, work)
