"""Organisations, people and their means, and mandates."""

from flask import Blueprint

from broker.core.administration.actors import OPERATOR
from broker.core.administration.dossiers import FiledMandate
from broker.core.errors import NotFound
from broker.core.mandates import LinkStatus
from broker.core.organisations import Means, Person
from broker.simulator.administration import endings
from broker.simulator.control import register
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.store import register_pages
from broker.store.administration import couplings, filed
from broker.store.database import Transaction
from broker.store.scenario.parties import pseudonym_of
from broker.web.api.document import calls, gives
from broker.web.api.installation import simulator
from broker.web.api.shapes import (
    ChainMandateKnown,
    ChainMandateShape,
    CouplingShape,
    DirectMandateShape,
    Empty,
    LinkStatusShape,
    MeansShape,
    MeansStatusShape,
    NewCouplingShape,
    OrganisationShape,
    OrganisationStatus,
    PageQuery,
    PersonShape,
    PersonStatusShape,
    ReasonShape,
    Shape,
    level_of,
    means_of,
)

blueprint = Blueprint("register", __name__)
_CREATED = 201


class Organisations(Shape):
    """A part of the organisations."""

    organisations: list[OrganisationShape]


class OrganisationQuery(PageQuery):
    """What to look for: words of the name or the place, or the beginning of a KvK number."""

    search: str = ""


class People(Shape):
    """A part of the people."""

    people: list[PersonShape]


class PeopleQuery(PageQuery):
    """Of which organisation; of all when it is left out."""

    employer: str | None = None


class Mandates(Shape):
    """A part of the chain mandates."""

    mandates: list[ChainMandateKnown]


class MandateQuery(PageQuery):
    """Of which organisations, by id."""

    client: str | None = None
    intermediary: str | None = None


@blueprint.get("/organisations")
@calls.validate(resp=gives(Organisations), tags=["Register"])
def organisations(query: OrganisationQuery) -> Organisations:
    """List organisations."""
    found = simulator().store.read(
        lambda tx: register_pages.organisations_found(tx, query.search, offset=query.offset, most=query.most)
    )
    return Organisations(organisations=[OrganisationShape.of(one) for one in found])


@blueprint.post("/organisations")
@calls.validate(resp=gives(OrganisationShape, _CREATED), tags=["Register"])
def add_organisation(json: OrganisationShape) -> tuple[OrganisationShape, int]:
    """Add an organisation."""
    register.add_organisation(simulator(), json.value())
    return organisation_known(json.id), _CREATED


@blueprint.get("/organisations/<organisation>")
@calls.validate(resp=gives(OrganisationShape), tags=["Register"])
def organisation(organisation: str) -> OrganisationShape:
    """One organisation, by id or KvK number."""
    return organisation_known(organisation)


@blueprint.patch("/organisations/<organisation>")
@calls.validate(resp=gives(OrganisationShape), tags=["Register"])
def change_organisation(organisation: str, json: OrganisationStatus) -> OrganisationShape:
    """Have KVK's trade register hold an organisation otherwise."""
    known = organisation_known(organisation)
    return OrganisationShape.of(register.change_organisation(simulator(), known.id, json.status))


@blueprint.get("/people")
@calls.validate(resp=gives(People), tags=["Register"])
def people(query: PeopleQuery) -> People:
    """List people, with their means and direct mandates."""

    def read(tx: Transaction) -> People:
        found = register_pages.people(tx, query.employer, offset=query.offset, most=query.most)
        return People(people=[_person(tx, one) for one in found])

    return simulator().store.read(read)


@blueprint.post("/people")
@calls.validate(resp=gives(PersonShape, _CREATED), tags=["Register"])
def add_person(json: PersonShape) -> tuple[PersonShape, int]:
    """Add a person, with means and direct mandates; the stub authentication service knows them at once."""
    sim, moment = simulator(), simulator().clock()
    means = [_new_means(one, json.id) for one in json.means]
    direct = [
        mandate.value(held, sim.catalogue, moment)
        for shape, held in zip(json.means, means, strict=True)
        for mandate in shape.direct_mandates
    ]
    register.add_person(sim, json.value(), means, direct)
    return _person_known(json.id), _CREATED


@blueprint.get("/people/<person>")
@calls.validate(resp=gives(PersonShape), tags=["Register"])
def person(person: str) -> PersonShape:
    """One person, by id."""
    return _person_known(person)


@blueprint.patch("/people/<person>")
@calls.validate(resp=gives(PersonShape), tags=["Register"])
def change_person(person: str, json: PersonStatusShape) -> PersonShape:
    """Block a person, or let them in again."""
    register.change_person(simulator(), person, json.status)
    return _person_known(person)


@blueprint.post("/people/<person>/means")
@calls.validate(resp=gives(MeansShape, _CREATED), tags=["Register"])
def add_means(person: str, json: MeansShape) -> tuple[MeansShape, int]:
    """Give a person another means."""
    sim, moment = simulator(), simulator().clock()
    new = _new_means(json, person)
    register.add_means(sim, new, [one.value(new, sim.catalogue, moment) for one in json.direct_mandates])
    return _means_known(new.id), _CREATED


@blueprint.patch("/means/<means>")
@calls.validate(resp=gives(MeansShape), tags=["Register"])
def change_means(means: str, json: MeansStatusShape) -> MeansShape:
    """Suspend or revoke a means, or make it active again."""
    register.change_means(simulator(), means, json.status)
    return _means_known(means)


@blueprint.post("/direct-mandates")
@calls.validate(resp=gives(DirectMandateShape, _CREATED), tags=["Register"])
def add_direct_mandate(json: DirectMandateShape) -> tuple[DirectMandateShape, int]:
    """Let the holder of a means act for an organisation itself."""
    sim = simulator()
    held = sim.store.read(lambda tx: register_pages.means_by_id(tx, json.means or ""))
    if held is None:
        raise NotFound(f"there is no means {json.means!r}")
    new = json.value(held, sim.catalogue, sim.clock())
    register.add_direct_mandate(sim, new)
    return DirectMandateShape.of(new), _CREATED


@blueprint.patch("/direct-mandates/<mandate>")
@calls.validate(resp=gives(DirectMandateShape), tags=["Register"])
def change_direct_mandate(mandate: str, json: LinkStatusShape) -> DirectMandateShape:
    """Suspend or revoke a direct mandate, or make it active again."""
    return DirectMandateShape.of(register.change_direct_mandate(simulator(), mandate, LinkStatus(json.status)))


@blueprint.get("/mandates")
@calls.validate(resp=gives(Mandates), tags=["Register"])
def mandates(query: MandateQuery) -> Mandates:
    """List chain mandates with their couplings."""
    wanted = {"client_id": query.client, "intermediary_id": query.intermediary}

    def read(tx: Transaction) -> Mandates:
        ids = register_pages.chain_mandate_ids(tx, **wanted, offset=query.offset, most=query.most)
        return Mandates(mandates=[_mandate(tx, _filed(tx, one)) for one in ids])

    return simulator().store.read(read)


@blueprint.post("/mandates")
@calls.validate(resp=gives(ChainMandateKnown, _CREATED), tags=["Register"])
def add_mandate(json: ChainMandateShape) -> tuple[ChainMandateKnown, int]:
    """Add a chain mandate, with papers as if everything was arranged before, and couple it."""
    sim = simulator()
    new = json.value(sim.catalogue, sim.clock())
    register.add_chain_mandate(sim, new, json.couple)
    return _mandate_known(new.id), _CREATED


@blueprint.get("/mandates/<mandate>")
@calls.validate(resp=gives(ChainMandateKnown), tags=["Register"])
def mandate(mandate: str) -> ChainMandateKnown:
    """One chain mandate, by id."""
    return _mandate_known(mandate)


@blueprint.post("/mandates/<mandate>/couplings")
@calls.validate(resp=gives(CouplingShape, _CREATED), tags=["Register"])
def couple(mandate: str, json: NewCouplingShape) -> tuple[CouplingShape, int]:
    """Couple a chain mandate to a means."""
    return CouplingShape.of(register.couple(simulator(), mandate, json.means)), _CREATED


@blueprint.post("/mandates/<mandate>/revoke")
@calls.validate(resp=gives(ChainMandateKnown), tags=["Register"])
def revoke(mandate: str, json: ReasonShape) -> ChainMandateKnown:
    """Revoke a chain mandate, at once and for good."""
    endings.revoke(simulator(), OPERATOR, mandate, json.reason)
    return _mandate_known(mandate)


@blueprint.post("/mandates/<mandate>/suspend")
@calls.validate(resp=gives(ChainMandateKnown), tags=["Register"])
def suspend(mandate: str, json: ReasonShape) -> ChainMandateKnown:
    """Suspend a chain mandate until it is resumed."""
    endings.suspend(simulator(), OPERATOR, mandate, json.reason)
    return _mandate_known(mandate)


@blueprint.post("/mandates/<mandate>/resume")
@calls.validate(resp=gives(ChainMandateKnown), tags=["Register"])
def resume(mandate: str, json: Empty) -> ChainMandateKnown:
    """Make a suspended chain mandate active again."""
    del json
    endings.resume(simulator(), OPERATOR, mandate)
    return _mandate_known(mandate)


def organisation_known(wanted: str) -> OrganisationShape:
    """The organisation with this id or KvK number; raises `NotFound`."""
    found = simulator().store.read(lambda tx: register_pages.organisation(tx, wanted))
    if found is None:
        raise NotFound(f"there is no organisation {wanted[:80]!r}")
    return OrganisationShape.of(found)


def _new_means(shape: MeansShape, person_id: str) -> Means:
    sim, service = simulator(), AUTHENTICATION_SERVICE.entity_id
    return Means(
        id=shape.id,
        person_id=person_id,
        authentication_service=service,
        internal_pseudonym=pseudonym_of(sim.register_files.secret, service, shape.id),
        type=shape.type,
        level=level_of(shape.level),
        status=shape.status,
        validity=shape.period(sim.clock()),
    )


def _person_known(wanted: str) -> PersonShape:
    def read(tx: Transaction) -> PersonShape:
        found = register_pages.person(tx, wanted)
        if found is None:
            raise NotFound(f"there is no person {wanted[:80]!r}")
        return _person(tx, found)

    return simulator().store.read(read)


def _person(tx: Transaction, known: Person) -> PersonShape:
    held = register_pages.means_of(tx, known.id)
    return PersonShape(
        id=known.id,
        name=known.display_name,
        employer=known.organisation_id,
        email=known.email,
        status=known.status,
        means=[means_of(one, register_pages.direct_mandates_of(tx, one.id)) for one in held],
    )


def _means_known(wanted: str) -> MeansShape:
    def read(tx: Transaction) -> MeansShape:
        found = register_pages.means_by_id(tx, wanted)
        if found is None:
            raise NotFound(f"there is no means {wanted[:80]!r}")
        return means_of(found, register_pages.direct_mandates_of(tx, found.id))

    return simulator().store.read(read)


def _mandate_known(wanted: str) -> ChainMandateKnown:
    return simulator().store.read(lambda tx: _mandate(tx, _filed(tx, wanted)))


def _filed(tx: Transaction, wanted: str) -> FiledMandate:
    found = filed.load(tx, wanted)
    if found is None:
        raise NotFound(f"there is no chain mandate {wanted[:80]!r}")
    return found


def _mandate(tx: Transaction, known: FiledMandate) -> ChainMandateKnown:
    sim = simulator()
    status = known.status_at(sim.clock(), sim.register_policy.signing_months)
    return ChainMandateKnown.of(
        known.mandate, status, [one.coupling for one in couplings.of_mandate(tx, known.mandate.id)]
    )
