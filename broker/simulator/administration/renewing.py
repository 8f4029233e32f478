"""Renewing chain mandates: in place while they last, and by a successor once they have expired.

Couplings follow, so nobody has to be coupled again. A renewal needs the client: its own manager here, or whoever signs
for it under an invitation that `renews`; who handles such an answer calls `renew_in_place` or `succeed`.
"""

from dataclasses import replace
from datetime import date

from broker.core.administration import couplings as transitions
from broker.core.administration import lifecycle
from broker.core.administration.actors import Actor
from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.lifecycle import Moment, Wanted
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import Action, Party, party_of, permit
from broker.core.administration.trade_register import KvkCheck
from broker.core.mandates import ChainStatus, MandateCoupling
from broker.core.organisations import Organisation
from broker.core.validity import Validity
from broker.simulator.administration import checking
from broker.simulator.administration.granting import (
    add_relation,
    check_and_activate,
    may_act_alone,
    refuse_second,
)
from broker.simulator.administration.recording import (
    change,
    coupling_event,
    moment_of,
    own_mandate,
    store_coupling,
    store_mandate,
)
from broker.simulator.context import Simulator
from broker.store.administration import couplings, events, organisations, people
from broker.store.changes import add
from broker.store.database import Transaction


def renew(sim: Simulator, actor: Actor, mandate_id: str, until: date, version: int | None = None) -> FiledMandate:
    """The same mandate for a new period up to and including `until`; an expired one gets a successor.

    Gives the mandate that holds from now on. For the client's manager: what an intermediary starts needs the client's
    signature (SIGNATURES_MISSING). Raises `ChangeRefused`.
    """
    now = moment_of(sim)
    client = sim.store.read(lambda tx: _client(tx, _renewable(tx, actor, mandate_id, now, version)))
    said = checking.ask(sim, client.kvk_number)

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        before = _renewable(tx, actor, mandate_id, now, version)
        if before.mandate.status_at(now.today) is ChainStatus.EXPIRED:
            requested = successor(before, until, actor, now, mandate_id=sim.ids.token())
            signed = lifecycle.sign_as_manager(requested, actor, now)
            begun = succeed(sim, tx, before, signed, actor, now)
            return check_and_activate(sim, tx, begun, client, said, now)
        check = checking.record(tx, sim, client, said, now)
        return renew_in_place(tx, before, until, check, actor, now)

    return change(sim, work)


def renew_in_place(
    tx: Transaction, before: FiledMandate, until: date, check: KvkCheck, actor: Actor, now: Moment
) -> FiledMandate:
    """Store the renewed mandate, and move the couplings that would have ended with it. Raises `ChangeRefused`."""
    stored = store_mandate(
        tx, before, lifecycle.renew(before, until, check, actor, now), "renewed", actor=actor, now=now
    )
    for coupling in couplings.not_ended(tx, [before.mandate.id], now.today):
        moved = transitions.follow_renewal(coupling, before.mandate, stored.mandate, now.today)
        if moved != coupling:
            intermediary_id = before.mandate.intermediary_id
            store_coupling(tx, coupling, moved, "renewed", intermediary_id=intermediary_id, actor=actor, now=now)
    return stored


def successor(
    before: FiledMandate, until: date, actor: Actor, now: Moment, *, mandate_id: str, invitation_id: str | None = None
) -> FiledMandate:
    """The mandate that takes the place of an expired one: from today, with the same scope and level, not signed yet."""
    old = before.mandate
    if until < now.today:
        raise ChangeRefused(Obstacle.PERIOD_IN_THE_PAST, str(until))
    period = Validity(now.today, until)
    wanted = Wanted(old.grantor_id, old.intermediary_id, old.scope, old.level, period, before.dossier.priority)
    new = lifecycle.request(wanted, old.origin, actor, now, mandate_id=mandate_id, invitation_id=invitation_id)
    return replace(new, dossier=replace(new.dossier, successor_of=old.id))


def succeed(
    sim: Simulator, tx: Transaction, before: FiledMandate, new: FiledMandate, actor: Actor, now: Moment
) -> FiledMandate:
    """Store a successor with the couplings of the mandate before it, of means that may still be used."""
    refuse_second(tx, new, now)
    add_relation(tx, new.mandate.grantor_id, new.mandate.intermediary_id, now)
    stored = store_mandate(tx, None, new, "issued", actor=actor, now=now)
    carried = [
        copy for old in couplings.ended_with(tx, before.mandate) if (copy := _carried(sim, tx, old, stored, now))
    ]
    add(tx, carried)
    intermediary_id = new.mandate.intermediary_id
    happened = [
        coupling_event(None, copy, "carried_over", intermediary_id=intermediary_id, actor=actor, now=now)
        for copy in carried
    ]
    events.append(tx, happened)
    return stored


def _carried(
    sim: Simulator, tx: Transaction, old: MandateCoupling, new: FiledMandate, now: Moment
) -> MandateCoupling | None:
    held = people.held_means(tx, old.means_id, now.today)
    if held is None:
        return None
    try:
        transitions.check_means(held, new.mandate.intermediary_id, now)
    except ChangeRefused:
        return None
    return replace(
        old,
        id=sim.ids.token(),
        mandate_id=new.mandate.id,
        level=min(old.level, new.mandate.level),
        validity=new.mandate.validity,
        version=1,
    )


def _renewable(tx: Transaction, actor: Actor, mandate_id: str, now: Moment, version: int | None) -> FiledMandate:
    """The mandate, if `actor` may renew it without anybody else's signature."""
    found = own_mandate(tx, actor, mandate_id, version)
    mandate = found.mandate
    permit(actor, Action.RENEW, mandate.grantor_id, mandate.intermediary_id, mandate.origin, now.policy)
    party = party_of(actor, mandate.grantor_id, mandate.intermediary_id)
    consents = party is Party.CLIENT_MANAGER and may_act_alone(tx, actor, now)
    if not consents and party is not Party.OPERATOR:
        raise ChangeRefused(Obstacle.SIGNATURES_MISSING, f"{party.value} renews {mandate_id}")
    return found


def _client(tx: Transaction, filed: FiledMandate) -> Organisation:
    found = organisations.find(tx, filed.mandate.grantor_id)
    if found is None:
        raise ChangeRefused(Obstacle.NOT_FOUND, filed.mandate.grantor_id)
    return found
