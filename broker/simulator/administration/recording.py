"""What all use cases of the administration share: the moment and its rules, and storing a change with its event."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.events import Event, changed
from broker.core.administration.invitations import Invitation
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.mandates import MandateCoupling
from broker.simulator.administration import notifying
from broker.simulator.context import Simulator
from broker.store.administration import events, filed, invitations
from broker.store.changes import replace_mandate
from broker.store.database import Transaction
from broker.store.errors import StoreConflict

Result = TypeVar("Result")


def moment_of(sim: Simulator) -> Moment:
    """Now, and the rules of the register."""
    return Moment(sim.clock(), sim.register_policy)


def change(sim: Simulator, work: Callable[[Transaction, Moment], Result]) -> Result:
    """Run `work` in one transaction; what somebody else changed in between is refused as CHANGED_MEANWHILE."""
    now = moment_of(sim)
    try:
        return sim.store.write(lambda tx: work(tx, now))
    except StoreConflict as error:
        raise ChangeRefused(Obstacle.CHANGED_MEANWHILE, str(error)) from error


def filed_mandate(tx: Transaction, mandate_id: str, version: int | None = None) -> FiledMandate:
    """The mandate with this id; raises `ChangeRefused` when there is none, or when it is another version by now."""
    found = filed.load(tx, mandate_id)
    if found is None:
        raise ChangeRefused(Obstacle.NOT_FOUND, mandate_id)
    if version is not None and found.mandate.version != version:
        raise ChangeRefused(Obstacle.CHANGED_MEANWHILE, f"{mandate_id} v{found.mandate.version}, seen was v{version}")
    return found


def own_mandate(tx: Transaction, actor: Actor, mandate_id: str, version: int | None = None) -> FiledMandate:
    """`filed_mandate`, of an organisation that `actor` acts for; any other is NOT_FOUND, as if it did not exist."""
    found = filed_mandate(tx, mandate_id)
    of_register = actor.kind in (ActorKind.OPERATOR, ActorKind.RULE)
    if not of_register and actor.organisation_id not in (found.mandate.grantor_id, found.mandate.intermediary_id):
        raise ChangeRefused(Obstacle.NOT_FOUND, mandate_id)
    return found if version is None else filed_mandate(tx, mandate_id, version)


def store_coupling(  # noqa: PLR0913  a change and its event
    tx: Transaction,
    before: MandateCoupling,
    after: MandateCoupling,
    verb: str,
    *,
    intermediary_id: str,
    actor: Actor,
    now: Moment,
) -> MandateCoupling:
    """Store a changed coupling together with the event `mandate_coupling.<verb>`, in the intermediary's history."""
    stored = replace_mandate(tx, after)
    events.append(tx, [coupling_event(before, stored, verb, intermediary_id=intermediary_id, actor=actor, now=now)])
    return stored


def coupling_event(
    before: MandateCoupling | None,
    after: MandateCoupling,
    verb: str,
    *,
    intermediary_id: str,
    actor: Actor,
    now: Moment,
) -> Event:
    """The event of a new or changed coupling. Who does the work is no business of the client."""
    return changed(
        f"mandate_coupling.{verb}",
        actor,
        now.at,
        about=(intermediary_id,),
        before=before,
        after=after,
        object_id=after.id,
    )


def store_invitation(
    tx: Transaction, before: Invitation | None, after: Invitation, verb: str, *, actor: Actor, now: Moment
) -> Invitation:
    """Store a new or changed invitation together with the event `invitation.<verb>`."""
    if before is None:
        invitations.insert(tx, [after])
        stored = after
    else:
        invitations.save(tx, after)
        stored = replace(after, version=after.version + 1)
    events.append(tx, [invitation_event(before, stored, verb, actor=actor, now=now)])
    return stored


def invitation_event(before: Invitation | None, after: Invitation, verb: str, *, actor: Actor, now: Moment) -> Event:
    """The event of a new or changed invitation."""
    return changed(
        f"invitation.{verb}",
        actor,
        now.at,
        about=(after.intermediary_id, after.client_id),
        before=before,
        after=after,
        object_id=after.id,
        reason=after.reason or "",
    )


def store_mandate(  # noqa: PLR0913  a change and its event
    tx: Transaction,
    before: FiledMandate | None,
    after: FiledMandate,
    verb: str,
    *,
    actor: Actor,
    now: Moment,
    login_id: str | None = None,
) -> FiledMandate:
    """Store a new or changed mandate together with the event `chain_mandate.<verb>`."""
    if before is None:
        filed.insert(tx, [after])
        stored = after
    else:
        stored = filed.save(tx, after)
    event = changed(
        f"chain_mandate.{verb}",
        actor,
        now.at,
        about=(stored.mandate.grantor_id, stored.mandate.intermediary_id),
        before=before,
        after=stored,
        object_id=stored.mandate.id,
        reason=stored.dossier.reason or "",
        login_id=login_id,
    )
    events.append(tx, [event])
    notifying.tell_of_change(tx, before, stored, now)
    return stored
