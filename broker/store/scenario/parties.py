"""Organisations, people, managers and means of a scenario."""

import hmac
from collections.abc import Iterator, Mapping
from hashlib import sha256

from broker.core.administration.manager_roles import ManagerRole
from broker.core.administration.representatives import Representative
from broker.core.identifiers import BranchNumber, InternalPseudonym, KvkNumber, Rsin
from broker.core.organisations import Branch, Means, Organisation, Person
from broker.core.validity import Validity
from broker.store.scenario.document import Place
from broker.store.scenario.groups import generate, member_ids
from broker.store.scenario.lookup import at, find, unique
from broker.store.scenario.shapes import MeansShape, OrganisationShape, ScenarioShape


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


def read_branches(scenario: ScenarioShape) -> dict[str, Branch]:
    """All branches by number."""
    return unique(_branches(scenario), lambda branch: branch.number, "branch")


def read_representatives(scenario: ScenarioShape) -> dict[str, tuple[Representative, ...]]:
    """Who may sign, by organisation; nobody stands under one organisation twice."""
    return {
        shape.id: _representatives(shape, ("organisations", index))
        for index, shape in enumerate(scenario.organisations)
        if shape.representatives
    }


def read_roles(scenario: ScenarioShape, organisations: Mapping[str, Organisation]) -> dict[str, ManagerRole]:
    """All roles of managers by id."""
    return unique(_roles(scenario, organisations), lambda role: role.id, "manager's role")


def read_means(scenario: ScenarioShape, secret: bytes) -> dict[str, Means]:
    """All means by id, each with an internal pseudonym that is derived from `secret` and its id."""
    return unique(_means(scenario, secret), lambda means: means.id, "means")


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
                trade_names=shape.trade_names,
            ),
        )
    for index, group in enumerate(scenario.organisation_groups):
        place = ("organisation_groups", index)
        with at(place):
            for organisation in generate(group):
                yield place, organisation


def _branches(scenario: ScenarioShape) -> Iterator[tuple[Place, Branch]]:
    for index, organisation in enumerate(scenario.organisations):
        for number, shape in enumerate(organisation.branches):
            branch = Branch(BranchNumber(shape.number), organisation.id, shape.name, shape.city, shape.main)
            yield ("organisations", index, "branches", number), branch


def _representatives(organisation: OrganisationShape, place: Place) -> tuple[Representative, ...]:
    placed = (
        (
            (*place, "representatives", index),
            Representative(shape.name, shape.authority, shape.country, shape.since, shape.until),
        )
        for index, shape in enumerate(organisation.representatives)
    )
    found = unique(placed, lambda one: one.name, "representative")
    return tuple(found[name] for name in sorted(found))


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
                email=shape.email,
            ),
        )


def _means(scenario: ScenarioShape, secret: bytes) -> Iterator[tuple[Place, Means]]:
    for index, person in enumerate(scenario.people):
        for number, shape in enumerate(person.means):
            place = ("people", index, "means", number)
            with at(place):
                service = shape.authentication_service or scenario.authentication_service
                yield place, _one_means(shape, person.id, service, secret)


def _one_means(shape: MeansShape, person_id: str, authentication_service: str, secret: bytes) -> Means:
    return Means(
        id=shape.id,
        person_id=person_id,
        authentication_service=authentication_service,
        internal_pseudonym=pseudonym_of(secret, authentication_service, shape.id),
        type=shape.type,
        level=shape.level,
        status=shape.status,
        validity=Validity(shape.valid_from, shape.valid_until),
    )


def pseudonym_of(secret: bytes, authentication_service: str, means_id: str) -> InternalPseudonym:
    """The internal pseudonym of a means; it never stands in a file."""
    named = f"{authentication_service}|{means_id}".encode()
    return InternalPseudonym(hmac.new(secret, named, sha256).hexdigest().upper())
