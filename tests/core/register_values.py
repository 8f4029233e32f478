"""Values of the register for tests: every one usable as it is, every field open to change by keyword."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import BRANCH_RESTRICTION, Service
from broker.core.identifiers import IdentifierType, InternalPseudonym, KvkNumber, Oin, ServiceId, ServiceUuid
from broker.core.links import ChainLink, DirectLink, MeansInUse, UncoupledMandate
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling, Origin
from broker.core.organisations import LegalForm, Means, MeansStatus, MeansType, Organisation, Person
from broker.core.question import Question
from broker.core.scope import EVERYTHING, Scope
from broker.core.text import Text
from broker.core.validity import Validity

EH2, EH2_PLUS, EH3, EH4 = AssuranceLevel
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ALWAYS = Validity(date(2024, 1, 1), date(2028, 12, 31))
TAX, KVK, UWV, TOWN = (Oin(f"000000990000001{n}0000") for n in (1, 2, 3, 4))
AUTHENTICATION_SERVICE = "urn:etoegang:AD:00000099000000020000:entities:9001"


def a_service(provider: Oin = TAX, index: int = 9001, level: AssuranceLevel = EH3, **changes: object) -> Service:
    """A service that asks for a KvK number and allows branches."""
    tail = f"{provider[14:16]}-4000-8000-00000000{index}"
    service = Service(
        service_id=ServiceId(f"urn:etoegang:DV:{provider}:services:{index}"),
        instance_uuid=ServiceUuid(f"e0000099-00{tail}"),
        definition_uuid=ServiceUuid(f"d0000099-00{tail}"),
        provider_oin=provider,
        provider_name=Text("Dienstverlener", "Provider"),
        name=Text(f"Dienst {index}", f"Service {index}"),
        description=Text("", ""),
        required_level=level,
        identifier_sets=(frozenset({IdentifierType.KVK_NUMBER}),),
        restrictions_allowed=frozenset({BRANCH_RESTRICTION}),
    )
    return replace(service, **changes)


def an_organisation(name: str = "client", **changes: object) -> Organisation:
    """An organisation whose id is its name in lower case; the KvK number follows from the id."""
    number = int(sha256(name.encode()).hexdigest(), 16) % 100_000
    organisation = Organisation(
        id=name.lower().replace(" ", "-"),
        kvk_number=KvkNumber(f"000{number:05}"),
        rsin=None,
        legal_form=LegalForm.BV,
        statutory_name=name,
        city="Voorbeeldstad",
    )
    return replace(organisation, **changes)


OFFICE = an_organisation("Kantoor")
CLIENT = an_organisation("Bakkerij")


def a_person(**changes: object) -> Person:
    """Somebody who works at the office."""
    return replace(Person("fleur", OFFICE.id, "Fleur Voorbeeld"), **changes)


def a_means(person: Person | None = None, **changes: object) -> Means:
    """A regular EH3 means of the person at the office."""
    holder = person or a_person()
    means = Means(
        id=f"{holder.id}-eh3",
        person_id=holder.id,
        authentication_service=AUTHENTICATION_SERVICE,
        internal_pseudonym=InternalPseudonym("0" * 64),
        type=MeansType.REGULAR,
        level=EH3,
        status=MeansStatus.ACTIVE,
        validity=ALWAYS,
    )
    means = replace(means, **changes)
    return replace(means, internal_pseudonym=InternalPseudonym(sha256(means.id.encode()).hexdigest().upper()))


def a_direct_link(organisation: Organisation = OFFICE, **changes: object) -> DirectLink:
    """A direct mandate of the means for everything, at EH3."""
    mandate = DirectMandate(
        id=f"direct-{organisation.id}",
        means_id=a_means().id,
        organisation_id=organisation.id,
        scope=EVERYTHING,
        level=EH3,
        validity=ALWAYS,
    )
    return DirectLink(replace(mandate, **changes), organisation)


def a_mandate(client: Organisation = CLIENT, through: Organisation = OFFICE, **changes: object) -> ChainMandate:
    """A chain mandate of the client to the office for everything, at EH3."""
    mandate = ChainMandate(
        id=f"{through.id}--{client.id}",
        grantor_id=client.id,
        intermediary_id=through.id,
        origin=Origin.INVITED_BY_INTERMEDIARY,
        scope=EVERYTHING,
        level=EH3,
        validity=ALWAYS,
    )
    return replace(mandate, **changes)


def a_coupling(mandate: ChainMandate, means: Means | None = None, **changes: object) -> MandateCoupling:
    """A coupling of the mandate to the means, as wide as the mandate."""
    held = means or a_means()
    coupling = MandateCoupling(
        id=f"{mandate.id}--{held.id}",
        mandate_id=mandate.id,
        means_id=held.id,
        narrowing=None,
        level=EH3,
        validity=ALWAYS,
    )
    return replace(coupling, **changes)


def a_chain_link(
    client: Organisation = CLIENT,
    through: Organisation = OFFICE,
    *,
    mandate: dict[str, object] | None = None,
    coupling: dict[str, object] | None = None,
) -> ChainLink:
    """A chain from the means to the client, with changes to either link."""
    chain = a_mandate(client, through, **(mandate or {}))
    return ChainLink(a_coupling(chain, **(coupling or {})), chain, client, through)


def an_uncoupled_mandate(client: Organisation = CLIENT, **changes: object) -> UncoupledMandate:
    """A chain mandate to the office without a coupling."""
    return UncoupledMandate(a_mandate(client, **changes), client, OFFICE)


def in_use(
    *direct: DirectLink,
    means: dict[str, object] | None = None,
    person: dict[str, object] | None = None,
    employer: Organisation = OFFICE,
) -> MeansInUse:
    """The means in use, with changes to it and to its holder."""
    holder = a_person(**{"organisation_id": employer.id, **(person or {})})
    return MeansInUse(a_means(holder, **(means or {})), holder, employer, direct)


def a_question(service: Service | None = None, held: MeansInUse | None = None, **changes: object) -> Question:
    """At noon, with an EH3 login, at the EH3 service of the tax office."""
    question = Question(service or a_service(), EH3, held or in_use(), NOON)
    return replace(question, **changes)


def providers(*oins: Oin) -> Scope:
    """The scope of a provider-wide mandate."""
    return Scope(providers=frozenset(oins))


def services(*asked: Service) -> Scope:
    """The scope of some services."""
    return Scope(services=frozenset(service.definition_uuid for service in asked))
