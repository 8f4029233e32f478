"""From the shapes of a scenario file to the values of the register."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from broker.core.administration.dossiers import NOT_ENDED
from broker.core.clock import amsterdam_date
from broker.core.identifiers import BranchNumber
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling
from broker.core.organisations import Means, Organisation
from broker.core.scope import Scope
from broker.core.validity import Validity
from broker.store.scenario import papers
from broker.store.scenario.content import Scenario
from broker.store.scenario.document import Misplaced, Place
from broker.store.scenario.lookup import at, find, find_clients, read_scope, unique
from broker.store.scenario.papers import Reading
from broker.store.scenario.parties import (
    read_branches,
    read_groups,
    read_means,
    read_organisations,
    read_persons,
    read_representatives,
    read_roles,
)
from broker.store.scenario.shapes import ChainMandateShape, CouplingShape, DirectMandateShape, MeansShape, ScenarioShape


@dataclass(frozen=True, slots=True)
class _Known:
    """What mandates can refer to."""

    scenario: ScenarioShape
    organisations: Mapping[str, Organisation]
    groups: Mapping[str, tuple[str, ...]]
    means: Mapping[str, Means]


def assemble(scenario: ScenarioShape, reading: Reading, digest: str) -> Scenario:
    """The register that `scenario` describes when it is loaded; raises `Misplaced` where it contradicts itself.

    `digest` is that of the file.
    """
    organisations, groups = read_organisations(scenario), read_groups(scenario)
    means = read_means(scenario, reading.secret)
    known = _Known(scenario, organisations, groups, means)
    direct = unique(_direct_mandates(known), lambda mandate: mandate.id, "direct mandate")
    chains = list(_chain_mandates(known))
    couplings = (placed for place, shape, mandate in chains for placed in _couplings(known, place, shape, mandate))
    mandates = unique(((place, mandate) for place, _, mandate in chains), lambda mandate: mandate.id, "chain mandate")
    _refuse_equals(chains, reading.loaded_at)
    return Scenario(
        organisations=organisations,
        branches=read_branches(scenario),
        representatives=read_representatives(scenario),
        persons=read_persons(scenario, organisations),
        roles=read_roles(scenario, organisations),
        means=means,
        direct_mandates=direct,
        chain_mandates=mandates,
        dossiers=papers.read_dossiers(chains, reading.loaded_at),
        couplings=unique(couplings, lambda coupling: coupling.id, "coupling"),
        relations=papers.read_relations(scenario, organisations, groups, mandates, reading.loaded_at),
        invitations=papers.read_invitations(scenario, organisations, reading),
        checks=papers.read_checks(scenario, organisations),
        requests=papers.read_requests(scenario),
        digest=digest,
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
        version=shape.version,
    )


def _chain_mandates(known: _Known) -> Iterator[tuple[Place, ChainMandateShape, ChainMandate]]:
    for index, shape in enumerate(known.scenario.chain_mandates):
        place = ("chain_mandates", index)
        clients = list(find_clients(known.organisations, known.groups, place, shape.clients, shape.group))
        if shape.id and len(clients) != 1:
            raise Misplaced((*place, "id"), "an id is for a mandate of one client")
        for client_place, client in clients:
            with at(client_place):
                yield client_place, shape, _chain_mandate(known, place, shape, client)


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
        version=shape.version,
    )


def _refuse_equals(chains: list[tuple[Place, ChainMandateShape, ChainMandate]], loaded_at: datetime) -> None:
    """Of mandates between the same two with exactly the same scope, one at most may still count (I10)."""
    today = amsterdam_date(loaded_at)
    found: dict[tuple[str, str, Scope], str] = {}
    for place, _, mandate in chains:
        key = (mandate.grantor_id, mandate.intermediary_id, mandate.scope)
        if mandate.status not in NOT_ENDED or mandate.validity.valid_until < today:
            continue
        if found.setdefault(key, mandate.id) != mandate.id:
            raise Misplaced(place, f"I10: {found[key]} is a mandate between the same two with the same scope")


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
        id=shape.id or f"{mandate.id}--{means.id}",
        mandate_id=mandate.id,
        means_id=means.id,
        narrowing=read_scope(known.scenario, shape.scope, (*place, "scope")) if shape.scope else None,
        level=shape.level or mandate.level,
        validity=Validity(
            shape.valid_from or mandate.validity.valid_from, shape.valid_until or mandate.validity.valid_until
        ),
        status=shape.status,
        version=shape.version,
    )
