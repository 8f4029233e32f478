"""A client issues a chain mandate itself (zelf afgeven, M-34, M-35), and what every new mandate goes through."""

from dataclasses import dataclass, replace
from datetime import date

from broker.core.administration import lifecycle
from broker.core.administration.actors import Actor, rule
from broker.core.administration.dossiers import FiledMandate, Priority
from broker.core.administration.lifecycle import Moment, Wanted
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import require_manager
from broker.core.administration.relations import Relation
from broker.core.administration.trade_register import Extract, KvkResult
from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Catalogue
from broker.core.identifiers import KvkNumber
from broker.core.mandates import MAX_YEARS, ChainStatus, Origin
from broker.core.organisations import Organisation
from broker.core.scope import Scope
from broker.core.validity import Validity, years_later
from broker.simulator.administration import checking
from broker.simulator.administration.checking import Said
from broker.simulator.administration.recording import change, own_mandate, store_mandate
from broker.simulator.context import Simulator
from broker.store.administration import filed, organisations, people, relations
from broker.store.database import Transaction

_AUTOMATIC = rule("automatische activering")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client's manager fills in: the intermediary by number, and what it may do."""

    intermediary: KvkNumber
    scope: Scope
    level: AssuranceLevel
    valid_from: date
    valid_until: date
    priority: Priority = Priority.NORMAL


def own_organisation(sim: Simulator, actor: Actor) -> Organisation:
    """The organisation that `actor` manages; raises `ChangeRefused` for who may not manage chain mandates."""
    wanted = require_manager(actor, sim.register_policy)
    found = sim.store.read(lambda tx: organisations.find(tx, wanted))
    if found is None:
        raise ChangeRefused(Obstacle.NOT_FOUND, wanted)
    return found


def intermediary(sim: Simulator, actor: Actor, number: KvkNumber) -> Extract:
    """What KVK tells of the intermediary-to-be, for the person to look at. Raises `ChangeRefused`."""
    if own_organisation(sim, actor).kvk_number == number:
        raise ChangeRefused(Obstacle.OWN_ORGANISATION, number)
    return checking.required(checking.ask(sim, number), number)


def issue(sim: Simulator, actor: Actor, asked: Asked) -> FiledMandate:
    """Issue a mandate: signed by the manager, checked with KVK, and activated when rule and checks allow it.

    Otherwise it waits for review, or for a manager who may sign alone. Raises `ChangeRefused`.
    """
    client = own_organisation(sim, actor)
    extract = intermediary(sim, actor, asked.intermediary)
    said = checking.ask(sim, client.kvk_number)
    require_known(sim.catalogue, asked.scope)
    mandate_id = sim.ids.token()

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        other = checking.keep_organisation(tx, extract)
        checking.record(tx, sim, other, extract, now)
        period = _period(asked.valid_from, asked.valid_until, now)
        wanted = Wanted(client.id, other.id, asked.scope, asked.level, period, asked.priority)
        requested = lifecycle.request(wanted, Origin.SELF_ISSUED, actor, now, mandate_id=mandate_id)
        refuse_second(tx, requested, now)
        add_relation(tx, client.id, other.id, now)
        stored = store_mandate(tx, None, _signed(tx, requested, actor, now), "issued", actor=actor, now=now)
        return check_and_activate(sim, tx, stored, client, said, now)

    return change(sim, work)


def sign(sim: Simulator, actor: Actor, mandate_id: str, version: int | None = None) -> FiledMandate:
    """Sign a mandate that a colleague issued who may not sign alone. Raises `ChangeRefused`."""
    client = own_organisation(sim, actor)
    said = checking.ask(sim, client.kvk_number)

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        before = own_mandate(tx, actor, mandate_id, version)
        if not may_act_alone(tx, actor, now):
            raise ChangeRefused(Obstacle.SIGNATURES_MISSING, actor.id)
        after = lifecycle.sign_as_manager(before, actor, now)
        stored = store_mandate(tx, before, after, "signed", actor=actor, now=now)
        return check_and_activate(sim, tx, stored, client, said, now)

    return change(sim, work)


def check_and_activate(
    sim: Simulator, tx: Transaction, stored: FiledMandate, client: Organisation, said: Said, now: Moment
) -> FiledMandate:
    """Record the KVK check of the client, and activate what waits for review if that needs nobody (M-41, I7)."""
    check = checking.record(tx, sim, client, said, now)
    waits = stored.mandate.status is ChainStatus.UNDER_REVIEW
    if not waits or not now.policy.automatic_activation or check.result is not KvkResult.OK:
        return stored
    after = lifecycle.activate(stored, check, _AUTOMATIC, now)
    return store_mandate(tx, stored, after, "activated", actor=_AUTOMATIC, now=now)


def refuse_second(tx: Transaction, new: FiledMandate, now: Moment) -> None:
    """Return if there is no mandate between the two with exactly this scope (I10); raises `ChangeRefused`."""
    mandate = new.mandate
    there = filed.same_scope(tx, mandate.grantor_id, mandate.intermediary_id, mandate.scope, now.today)
    if there is not None:
        raise ChangeRefused(Obstacle.ALREADY_THERE, there)


def require_known(catalogue: Catalogue, scope: Scope) -> None:
    """Return if every provider and service in the scope exists; raises `ChangeRefused`."""
    services = catalogue.services.values()
    unknown = (scope.providers - {service.provider_oin for service in services}) | (
        scope.services - {service.definition_uuid for service in services}
    )
    if unknown:
        raise ChangeRefused(Obstacle.SCOPE_UNKNOWN, min(unknown))


def add_relation(tx: Transaction, client_id: str, intermediary_id: str, now: Moment) -> None:
    """Whoever grants a mandate is a relation of the intermediary from then on; one that is there stays as it is."""
    known = relations.find(tx, intermediary_id, client_id)
    if known is None:
        relations.insert(tx, [Relation(intermediary_id, client_id, now.at)])
    elif known.removed_at is not None:
        relations.keep(tx, [replace(known, removed_at=None)])


def may_act_alone(tx: Transaction, actor: Actor, now: Moment) -> bool:
    """Whether the manager may sign for the organisation without a legal representative."""
    return any(
        role.may_act_alone and role.organisation_id == actor.organisation_id and role.is_in_force(now.today)
        for role in people.roles_of(tx, actor.id)
    )


def _signed(tx: Transaction, requested: FiledMandate, actor: Actor, now: Moment) -> FiledMandate:
    return lifecycle.sign_as_manager(requested, actor, now) if may_act_alone(tx, actor, now) else requested


def _period(valid_from: date, valid_until: date, now: Moment) -> Validity:
    if valid_until < valid_from:
        raise ChangeRefused(Obstacle.PERIOD_REVERSED, f"{valid_from} to {valid_until}")
    if valid_from < now.today:
        raise ChangeRefused(Obstacle.PERIOD_IN_THE_PAST, str(valid_from))
    if valid_from > years_later(now.today, MAX_YEARS):
        raise ChangeRefused(Obstacle.PERIOD_TOO_LONG, str(valid_from))
    return Validity(valid_from, valid_until)
