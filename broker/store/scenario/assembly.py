"""From the shapes of a scenario file to the values of the register."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from broker.core.administration.manager_roles import ManagerRole
from broker.core.identifiers import BranchNumber
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling
from broker.core.organisations import Means, Organisation, Person
from broker.core.validity import Validity
from broker.store.rows import Registered
from broker.store.scenario.document import Misplaced, Place
from broker.store.scenario.lookup import at, find, read_scope, unique
from broker.store.scenario.parties import read_groups, read_means, read_organisations, read_persons, read_roles
from broker.store.scenario.shapes import ChainMandateShape, CouplingShape, DirectMandateShape, MeansShape, ScenarioShape


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole register, each part by id."""

    organisations: Mapping[str, Organisation]
    persons: Mapping[str, Person]
    means: Mapping[str, Means]
    direct_mandates: Mapping[str, DirectMandate]
    chain_mandates: Mapping[str, ChainMandate]
    couplings: Mapping[str, MandateCoupling]
    roles: Mapping[str, ManagerRole]

    @property
    def values(self) -> tuple[Registered, ...]:
        """What a login needs, in an order in which each value refers to earlier ones only."""
        return (
            *self.organisations.values(),
            *self.persons.values(),
            *self.means.values(),
            *self.direct_mandates.values(),
            *self.chain_mandates.values(),
            *self.couplings.values(),
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """What mandates can refer to."""

    scenario: ScenarioShape
    organisations: Mapping[str, Organisation]
    groups: Mapping[str, tuple[str, ...]]
    means: Mapping[str, Means]


def assemble(scenario: ScenarioShape, secret: bytes) -> Scenario:
    """The register that `scenario` describes; raises `Misplaced` where it contradicts itself."""
    organisations = read_organisations(scenario)
    persons = read_persons(scenario, organisations)
    means = read_means(scenario, secret)
    known = _Known(scenario, organisations, read_groups(scenario), means)
    direct = unique(_direct_mandates(known), lambda mandate: mandate.id, "direct mandate")
    chains = list(_chain_mandates(known))
    couplings = (placed for place, shape, mandate in chains for placed in _couplings(known, place, shape, mandate))
    return Scenario(
        organisations,
        persons,
        means,
        direct,
        unique(((place, mandate) for place, _, mandate in chains), lambda mandate: mandate.id, "chain mandate"),
        unique(couplings, lambda coupling: coupling.id, "coupling"),
        read_roles(scenario, organisations),
    )


def _direct_mandates(known: _Known) -> Iterator[tuple[Place, DirectMandate]]:
    for index, person in enumerate(known.scenario.people):
        for number, means in enumerate(person.means):
            for count, shape in enumerate(means.direct):
                place = ("people", index, "means", number, "direct", count)
                with at(place):
                    yield place, _direct_mandate(known, place, means, shape)


def _direct_mandate(known: _Known, place: Place, means: MeansShape, shape: DirectMandateShape) -> DirectMandate:
    organisation = find(known.organisations, shape.organisation, (*place, "organisation"), "an organisation")
    return DirectMandate(
        id=shape.id or f"{means.id}--{organisation.id}",
        means_id=means.id,
        organisation_id=organisation.id,
        scope=read_scope(known.scenario, shape.scope, (*place, "scope")),
        level=shape.level or means.level,
        validity=Validity(shape.valid_from, shape.valid_until),
        status=shape.status,
        branch=BranchNumber(shape.branch) if shape.branch else None,
        for_third_parties_only=shape.for_third_parties_only,
    )


def _chain_mandates(known: _Known) -> Iterator[tuple[Place, ChainMandateShape, ChainMandate]]:
    for index, shape in enumerate(known.scenario.chain_mandates):
        place = ("chain_mandates", index)
        clients = list(_clients(known, place, shape))
        if shape.id and len(clients) != 1:
            raise Misplaced((*place, "id"), "an id is for a mandate of one client")
        for client_place, client in clients:
            with at(client_place):
                yield client_place, shape, _chain_mandate(known, place, shape, client)


def _clients(known: _Known, place: Place, shape: ChainMandateShape) -> Iterator[tuple[Place, str]]:
    if bool(shape.clients) == bool(shape.group):
        raise Misplaced(place, "expected either clients or group")
    for index, name in enumerate(shape.clients):
        client_place = (*place, "clients", index)
        yield client_place, find(known.organisations, name, client_place, "an organisation").id
    if shape.group:
        for name in find(known.groups, shape.group, (*place, "group"), "a group of organisations"):
            yield (*place, "group"), name


def _chain_mandate(known: _Known, place: Place, shape: ChainMandateShape, client_id: str) -> ChainMandate:
    through = find(known.organisations, shape.intermediary, (*place, "intermediary"), "an organisation")
    return ChainMandate(
        id=shape.id or f"{through.id}--{client_id}",
        grantor_id=client_id,
        intermediary_id=through.id,
        origin=shape.origin,
        scope=read_scope(known.scenario, shape.scope, (*place, "scope")),
        level=shape.level,
        validity=Validity(shape.valid_from, shape.valid_until),
        status=shape.status,
    )


def _couplings(
    known: _Known, place: Place, shape: ChainMandateShape, mandate: ChainMandate
) -> Iterator[tuple[Place, MandateCoupling]]:
    for index, coupling in enumerate(shape.couple):
        coupling_place = (*place[:2], "couple", index)
        with at(coupling_place):
            yield coupling_place, _coupling(known, coupling_place, coupling, mandate)


def _coupling(known: _Known, place: Place, shape: CouplingShape, mandate: ChainMandate) -> MandateCoupling:
    if shape.means in known.organisations:
        raise Misplaced(place, f"CHAIN_TOO_LONG: {shape.means} is an organisation; a coupling goes to a means")
    means = find(known.means, shape.means, place, "a means")
    return MandateCoupling(
        id=f"{mandate.id}--{means.id}",
        mandate_id=mandate.id,
        means_id=means.id,
        narrowing=read_scope(known.scenario, shape.scope, (*place, "scope")) if shape.scope else None,
        level=shape.level or mandate.level,
        validity=Validity(
            shape.valid_from or mandate.validity.valid_from, shape.valid_until or mandate.validity.valid_until
        ),
        status=shape.status,
    )
