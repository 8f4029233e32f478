"""Organisations, people, their means and their roles as managers, of a scenario."""

import hmac
from collections.abc import Iterator, Mapping
from hashlib import sha256

from broker.core.administration.manager_roles import ManagerRole
from broker.core.identifiers import InternalPseudonym, KvkNumber, Rsin
from broker.core.organisations import Means, Organisation, Person
from broker.core.validity import Validity
from broker.store.scenario.document import Place
from broker.store.scenario.groups import generate, member_ids
from broker.store.scenario.lookup import at, find, unique
from broker.store.scenario.shapes import MeansShape, ScenarioShape


def read_organisations(scenario: ScenarioShape) -> dict[str, Organisation]:
    """All organisations by id; ids, KvK numbers and RSINs are all different."""
    placed = list(_organisations(scenario))
    unique(placed, lambda organisation: organisation.kvk_number, "KvK number")
    unique(placed, lambda organisation: organisation.rsin, "RSIN")
    return unique(placed, lambda organisation: organisation.id, "organisation")


def read_groups(scenario: ScenarioShape) -> dict[str, tuple[str, ...]]:
    """The ids of the members of each group."""
    return {group.group: member_ids(group) for group in scenario.organisation_groups}


def read_persons(scenario: ScenarioShape, organisations: Mapping[str, Organisation]) -> dict[str, Person]:
    """All people by id."""
    return unique(_persons(scenario, organisations), lambda person: person.id, "person")


def read_means(scenario: ScenarioShape, secret: bytes) -> dict[str, Means]:
    """All means by id, each with an internal pseudonym that is derived from `secret` and its id."""
    return unique(_means(scenario, secret), lambda means: means.id, "means")


def read_roles(scenario: ScenarioShape, organisations: Mapping[str, Organisation]) -> dict[str, ManagerRole]:
    """All roles of managers by id."""
    return unique(_roles(scenario, organisations), lambda role: role.id, "manager's role")


def _organisations(scenario: ScenarioShape) -> Iterator[tuple[Place, Organisation]]:
    for index, shape in enumerate(scenario.organisations):
        yield (
            ("organisations", index),
            Organisation(
                id=shape.id,
                kvk_number=KvkNumber(shape.kvk),
                rsin=Rsin(shape.rsin) if shape.rsin else None,
                legal_form=shape.form,
                statutory_name=shape.name,
                city=shape.city,
                kvk_status=shape.status,
            ),
        )
    for index, group in enumerate(scenario.organisation_groups):
        place = ("organisation_groups", index)
        with at(place):
            for organisation in generate(group):
                yield place, organisation


def _persons(scenario: ScenarioShape, organisations: Mapping[str, Organisation]) -> Iterator[tuple[Place, Person]]:
    for index, shape in enumerate(scenario.people):
        place = ("people", index)
        employer = find(organisations, shape.employer, (*place, "employer"), "an organisation")
        yield (
            place,
            Person(
                id=shape.id,
                organisation_id=employer.id,
                display_name=shape.name,
                status=shape.status,
                last_used_on=shape.last_used,
            ),
        )


def _roles(scenario: ScenarioShape, organisations: Mapping[str, Organisation]) -> Iterator[tuple[Place, ManagerRole]]:
    for index, person in enumerate(scenario.people):
        for number, shape in enumerate(person.manager_of):
            place = ("people", index, "manager_of", number)
            managed = find(organisations, shape.organisation, (*place, "organisation"), "an organisation")
            with at(place):
                yield (
                    place,
                    ManagerRole(
                        id=shape.id or f"{person.id}--{managed.id}",
                        person_id=person.id,
                        organisation_id=managed.id,
                        level=shape.level,
                        validity=Validity(shape.valid_from, shape.valid_until),
                        status=shape.status,
                        may_act_alone=shape.may_act_alone,
                    ),
                )


def _means(scenario: ScenarioShape, secret: bytes) -> Iterator[tuple[Place, Means]]:
    for index, person in enumerate(scenario.people):
        for number, shape in enumerate(person.means):
            place = ("people", index, "means", number)
            with at(place):
                yield place, _one_means(shape, person.id, scenario.authentication_service, secret)


def _one_means(shape: MeansShape, person_id: str, authentication_service: str, secret: bytes) -> Means:
    named = f"{authentication_service}|{shape.id}".encode()
    return Means(
        id=shape.id,
        person_id=person_id,
        authentication_service=authentication_service,
        internal_pseudonym=InternalPseudonym(hmac.new(secret, named, sha256).hexdigest().upper()),
        type=shape.type,
        level=shape.level,
        status=shape.status,
        validity=Validity(shape.valid_from, shape.valid_until),
    )
