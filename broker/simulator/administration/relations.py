"""The relations (relaties) of an intermediary: listed, added with what KVK tells (M-20), removed with all that hangs on
them (M-21). All raise `ChangeRefused`.
"""

from dataclasses import dataclass, replace

from broker.core.administration import couplings as coupling_transitions
from broker.core.administration import invitations as invitation_transitions
from broker.core.administration import lifecycle
from broker.core.administration.actors import Actor
from broker.core.administration.dossiers import NOT_ENDED, FiledMandate
from broker.core.administration.events import changed
from broker.core.administration.invitations import Invitation
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import require_manager
from broker.core.administration.relations import Relation
from broker.core.administration.trade_register import Extract
from broker.core.identifiers import KvkNumber
from broker.core.mandates import MandateCoupling
from broker.core.organisations import Organisation
from broker.simulator.administration import checking
from broker.simulator.administration.granting import own_organisation
from broker.simulator.administration.mandates import MandateRow
from broker.simulator.administration.recording import change, moment_of, store_coupling, store_mandate
from broker.simulator.context import Simulator
from broker.store.administration import couplings, events, filed, invitations, organisations
from broker.store.administration import relations as stored
from broker.store.database import Transaction

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class ListedRelation:
    """A relation with its organisation, and how many mandates of it have not ended."""

    relation: Relation
    organisation: Organisation
    mandates: int


@dataclass(frozen=True, slots=True)
class RelationPage:
    """A page of relations, and how many there are on all pages together."""

    relations: tuple[ListedRelation, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LookedRelation:
    """A relation with its organisation and its mandates, ended ones too, the latest end first."""

    relation: Relation
    organisation: Organisation
    mandates: tuple[MandateRow, ...]


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a relation and ends with it."""

    relation: Relation
    organisation: Organisation
    mandates: tuple[FiledMandate, ...]
    couplings: tuple[MandateCoupling, ...]
    invitations: tuple[Invitation, ...]


def listed(sim: Simulator, actor: Actor, typed: str = "", number: int = 1) -> RelationPage:
    """Page `number`, from 1, of the relations that `typed` finds."""
    own, today = require_manager(actor, sim.register_policy), moment_of(sim).today

    def look(tx: Transaction) -> RelationPage:
        found = stored.page(tx, own, typed, offset=(number - 1) * PAGE_SIZE, most=PAGE_SIZE)
        names = organisations.by_ids(tx, {one.client_id for one in found})
        counts = filed.count_not_ended(tx, own, names.keys(), today)
        rows = tuple(ListedRelation(one, names[one.client_id], counts.get(one.client_id, 0)) for one in found)
        return RelationPage(rows, stored.count(tx, own, typed))

    return sim.store.read(look)


def look(sim: Simulator, actor: Actor, client_id: str) -> LookedRelation:
    """One relation with its mandates."""
    own, now = require_manager(actor, sim.register_policy), moment_of(sim)

    def read(tx: Transaction) -> LookedRelation:
        relation, organisation = _relation(tx, own, client_id)
        found = filed.between(tx, client_id, own)
        counts = couplings.count_of_mandates(tx, {one.mandate.id for one in found}, now.today)
        status = {one.mandate.id: one.status_at(now.at, now.policy.signing_months) for one in found}
        rows = (
            MandateRow(one, organisation, status[one.mandate.id], counts.get(one.mandate.id, 0))
            for one in sorted(found, key=lambda one: one.mandate.validity.valid_until, reverse=True)
        )
        return LookedRelation(relation, organisation, tuple(rows))

    return sim.store.read(read)


def look_up(sim: Simulator, actor: Actor, number: KvkNumber) -> Extract:
    """What KVK tells of a relation-to-be, for the person to confirm."""
    if own_organisation(sim, actor).kvk_number == number:
        raise ChangeRefused(Obstacle.OWN_ORGANISATION, number)
    return checking.required(checking.ask(sim, number), number)


def add(sim: Simulator, actor: Actor, number: KvkNumber, email: str = "", contact: str = "") -> Relation:
    """Add the organisation with this number; one that was removed comes back, one that is there gets this address."""
    extract = look_up(sim, actor, number)
    own = require_manager(actor, sim.register_policy)

    def work(tx: Transaction, now: Moment) -> Relation:
        organisation = checking.keep_organisation(tx, extract)
        checking.record(tx, sim, organisation, extract, now)
        before = stored.find(tx, own, organisation.id)
        added_at = before.added_at if before else now.at
        after = Relation(own, organisation.id, added_at, email=email, contact=contact)
        stored.keep(tx, [after])
        _tell(tx, before, after, "added", actor, now)
        return after

    return change(sim, work)


def what_ends(sim: Simulator, actor: Actor, client_id: str) -> Hanging:
    """What removing the relation would end."""
    own, now = require_manager(actor, sim.register_policy), moment_of(sim)
    return sim.store.read(lambda tx: _hanging(tx, own, client_id, now))


def remove(sim: Simulator, actor: Actor, client_id: str, reason: str) -> Hanging:
    """Remove a relation: its mandates, couplings and open invitations end, each with an event of its own (M-21).

    What happened stays in the history. Gives what has ended.
    """
    own = require_manager(actor, sim.register_policy)

    def work(tx: Transaction, now: Moment) -> Hanging:
        hanging = _hanging(tx, own, client_id, now)
        by_id = {one.mandate.id: one.mandate for one in filed.between(tx, client_id, own)}
        for coupling in hanging.couplings:
            after = coupling_transitions.uncouple(by_id[coupling.mandate_id], coupling, actor, now)
            store_coupling(tx, coupling, after, "ended", intermediary_id=own, actor=actor, now=now)
        for one in hanging.mandates:
            store_mandate(tx, one, lifecycle.revoke(one, actor, now, reason), "revoked", actor=actor, now=now)
        for invitation in hanging.invitations:
            _cancel(tx, invitation, actor, now, reason)
        stored.remove(tx, own, client_id, now.at)
        _tell(tx, hanging.relation, replace(hanging.relation, removed_at=now.at), "removed", actor, now)
        return hanging

    return change(sim, work)


def _hanging(tx: Transaction, own: str, client_id: str, now: Moment) -> Hanging:
    relation, organisation = _relation(tx, own, client_id)
    mandates = filed.between(tx, client_id, own)
    lasting = tuple(one for one in mandates if one.status_at(now.at, now.policy.signing_months) in NOT_ENDED)
    return Hanging(
        relation=relation,
        organisation=organisation,
        mandates=lasting,
        couplings=couplings.not_ended(tx, {one.mandate.id for one in mandates}, now.today),
        invitations=invitations.all_open_between(tx, client_id, own, now.today),
    )


def _relation(tx: Transaction, own: str, client_id: str) -> tuple[Relation, Organisation]:
    relation = stored.find(tx, own, client_id)
    organisation = organisations.find(tx, client_id)
    if relation is None or organisation is None or relation.removed_at is not None:
        raise ChangeRefused(Obstacle.NOT_FOUND, client_id)
    return relation, organisation


def _cancel(tx: Transaction, before: Invitation, actor: Actor, now: Moment, reason: str) -> None:
    after = invitation_transitions.cancel(before, actor, now, reason)
    invitations.save(tx, after)
    event = changed(
        "invitation.cancelled",
        actor,
        now.at,
        about=(before.intermediary_id, before.client_id),
        before=before,
        after=replace(after, version=after.version + 1),
        object_id=before.id,
        reason=reason,
    )
    events.append(tx, [event])


def _tell(tx: Transaction, before: Relation | None, after: Relation, verb: str, actor: Actor, now: Moment) -> None:
    event = changed(
        f"relation.{verb}",
        actor,
        now.at,
        about=(after.intermediary_id,),
        before=before,
        after=after,
        object_id=f"{after.intermediary_id}/{after.client_id}",
    )
    events.append(tx, [event])
