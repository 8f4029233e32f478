"""A small register: an office with three people, three clients with a manager each, and a moment that can be moved."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.dossiers import FiledMandate, filed_long_ago
from broker.core.administration.manager_roles import ManagerRole
from broker.core.administration.relations import Relation
from broker.core.decision import decide
from broker.core.links import LinkKind, LinkReference
from broker.core.mandates import ChainMandate
from broker.core.organisations import MeansType, Organisation
from broker.core.question import Question
from broker.core.refusals import DenialReason
from broker.core.validity import Validity
from broker.simulator.context import Simulator
from broker.store.administration import couplings, events, filed, people, relations
from broker.store.administration.events import RecordedEvent
from broker.store.changes import add
from broker.store.database import Transaction
from broker.store.register import means_in_use, reload_link
from tests.core.register_values import (
    EH2_PLUS,
    EH3,
    NOON,
    OFFICE,
    a_direct_link,
    a_mandate,
    a_means,
    a_person,
    an_organisation,
)

BAKERY, GARAGE, FLORIST = (an_organisation(name) for name in ("Bakkerij", "Garage", "Bloemist"))
CLIENTS = (BAKERY, GARAGE, FLORIST)
ANNA, BORIS, CARLA = (
    a_person(id=name, display_name=f"{name.title()} Voorbeeld") for name in ("anna", "boris", "carla")
)
ANNA_EH3, BORIS_EH3 = a_means(ANNA), a_means(BORIS)
BORIS_EH2_PLUS = a_means(BORIS, id="boris-eh2plus", level=EH2_PLUS)
CARLA_TAX = a_means(CARLA, id="carla-tax", type=MeansType.EH3_BELASTINGDIENST)
ROLE = Validity(date(2026, 1, 1), date(2030, 12, 31))


def manager(organisation: Organisation, **changes: object) -> Actor:
    """A manager of the organisation at EH3 who may act alone."""
    person = ANNA.id if organisation == OFFICE else f"manager-{organisation.id}"
    name = ANNA.display_name if organisation == OFFICE else f"Beheerder {organisation.statutory_name}"
    return replace(Actor(ActorKind.MANAGER, person, name, organisation.id, EH3, EH3), **changes)


OF_OFFICE = manager(OFFICE)
OF_BAKERY, OF_GARAGE, OF_FLORIST = map(manager, CLIENTS)
JUNIOR = replace(OF_BAKERY, id="junior", name="Junior Beheerder")


def fill(tx: Transaction) -> None:
    """The organisations, their people and their means; the bakery's junior manager may not sign alone."""
    add(tx, [OFFICE, *CLIENTS])
    managers = [a_person(id=f"manager-{one.id}", organisation_id=one.id) for one in CLIENTS]
    junior = a_person(id=JUNIOR.id, organisation_id=BAKERY.id)
    add(tx, [ANNA, BORIS, CARLA, *managers, junior])
    add(tx, [ANNA_EH3, BORIS_EH3, BORIS_EH2_PLUS, CARLA_TAX, a_direct_link(means_id=ANNA_EH3.id).mandate])
    roles = [(ANNA, OFFICE), *zip(managers, CLIENTS, strict=True)]
    people.add_roles(tx, [ManagerRole(f"role-{who.id}", who.id, of.id, EH3, ROLE) for who, of in roles])
    people.add_roles(tx, [ManagerRole("role-junior", junior.id, BAKERY.id, EH3, ROLE, may_act_alone=False)])


def world_in(sim: Simulator) -> "World":
    """The simulator with the small register in its store as well, at noon."""
    sim.store.write(fill)
    return World(replace(sim, clock=lambda: NOON))


@dataclass
class World:
    """A simulator with the small register, and what tests look at in it."""

    simulator: Simulator

    def at(self, moment: datetime) -> Simulator:
        """The same simulator at another moment."""
        return replace(self.simulator, clock=lambda: moment)

    def under(self, **policy: object) -> Simulator:
        """The same simulator with other rules of the register."""
        return replace(self.simulator, register_policy=replace(self.simulator.register_policy, **policy))

    def put(self, client: Organisation = BAKERY, **changes: object) -> FiledMandate:
        """A mandate of the client to the office in the store, from long ago."""
        mandate = replace(a_mandate(client, OFFICE), **changes)
        made = filed_long_ago(mandate, NOON)
        self.simulator.store.write(lambda tx: self._put(tx, made))
        return made

    @staticmethod
    def _put(tx: Transaction, made: FiledMandate) -> None:
        filed.insert(tx, [made])
        mandate = made.mandate
        if relations.find(tx, mandate.intermediary_id, mandate.grantor_id) is None:
            relations.insert(tx, [Relation(mandate.intermediary_id, mandate.grantor_id, NOON)])

    def mandate(self, mandate_id: str) -> FiledMandate:
        """The mandate as it is stored."""
        found = self.simulator.store.read(lambda tx: filed.load(tx, mandate_id))
        assert found is not None
        return found

    def couplings(self, mandate_id: str) -> dict[str, couplings.CoupledMeans]:
        """The couplings of a mandate by means."""
        found = self.simulator.store.read(lambda tx: couplings.of_mandate(tx, mandate_id))
        return {one.means.id: one for one in found}

    def events(self) -> list[RecordedEvent]:
        """All events in order since the sample register was loaded; the chain is verified on the way."""
        loaded, *since = self.simulator.store.read(lambda tx: list(events.verified(tx)))
        assert loaded.content["action"] == "register.loaded"
        return since

    def actions(self) -> list[str]:
        """What happened, in order."""
        return [event.content["action"] for event in self.events()]

    def refusal(self, mandate: ChainMandate, means_id: str, *, sim: Simulator | None = None) -> DenialReason | None:
        """What a login of these means under this mandate is refused for, at a service that takes every chain."""
        at = sim or self.simulator
        service = next(one for one in at.catalogue.services.values() if one.chain_allowed and not one.portal_for)
        held = {one.id: one for one in (ANNA_EH3, BORIS_EH3, BORIS_EH2_PLUS, CARLA_TAX)}[means_id]

        def look(tx: Transaction) -> DenialReason | None:
            in_use = means_in_use(tx, held.internal_pseudonym, held.authentication_service)
            found = [one for one in couplings.of_mandate(tx, mandate.id) if one.means.id == means_id]
            links = [reload_link(tx, LinkReference(LinkKind.CHAIN, one.coupling.id)) for one in found]
            question = Question(service, held.level, in_use, at.clock(), policy=at.policy)
            decision = decide(question, links)
            if decision.candidates:
                return None
            return decision.refusals[-1].denied.reason if decision.refusals else DenialReason.NO_USER_COUPLING

        return at.store.read(look)
