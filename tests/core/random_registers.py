"""Small random registers in which much is wrong, and random questions to put to them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Service
from broker.core.links import ChainLink, DirectLink, Link, MeansInUse
from broker.core.mandates import ChainMandate, ChainStatus, DirectMandate, LinkStatus, MandateCoupling, Origin
from broker.core.organisations import KvkStatus, Means, MeansStatus, MeansType, Organisation, Person, PersonStatus
from broker.core.question import ChainPolicy, Question
from broker.core.scope import EVERYTHING, Scope
from broker.core.validity import Validity
from tests.core.register_values import (
    EH2,
    EH2_PLUS,
    EH3,
    EH4,
    KVK,
    NOON,
    TAX,
    TODAY,
    a_means,
    a_person,
    a_service,
    an_organisation,
    providers,
    services,
)

SERVICES = (
    a_service(),
    a_service(index=9002, level=EH2_PLUS),
    a_service(KVK, level=EH2, restrictions_allowed=frozenset()),
    a_service(KVK, index=9002, level=EH4),
    a_service(KVK, index=9003, level=EH2, chain_allowed=False),
    replace(a_service(KVK, index=9004), definition_uuid=a_service().definition_uuid),
)
SCOPES = (
    EVERYTHING,
    providers(TAX),
    providers(TAX, KVK),
    services(SERVICES[0]),
    services(SERVICES[1], SERVICES[2]),
    Scope(providers=frozenset({KVK}), services=services(SERVICES[0]).services),
)
NAMES = ("Élan", "elan", "De Bakker", "Zon & Zn.", "100% Kaas", "B_B")
CITIES = ("Ede", "Den Bosch", "'s-Gravenzande")


@dataclass(frozen=True)
class Register:
    """Everything that a store would hold."""

    organisations: tuple[Organisation, ...]
    persons: tuple[Person, ...]
    means: tuple[Means, ...]
    direct: tuple[DirectMandate, ...]
    mandates: tuple[ChainMandate, ...]
    couplings: tuple[MandateCoupling, ...]

    @property
    def values(self) -> tuple[object, ...]:
        """All values, each after what it refers to."""
        return (*self.organisations, *self.persons, *self.means, *self.direct, *self.mandates, *self.couplings)

    def in_use(self, means: Means) -> MeansInUse:
        """What `store.register.means_in_use` finds for the means."""
        person = next(person for person in self.persons if person.id == means.person_id)
        direct = sorted((m for m in self.direct if m.means_id == means.id), key=lambda mandate: mandate.id)
        return MeansInUse(
            means,
            person,
            self._organisation(person.organisation_id),
            tuple(DirectLink(mandate, self._organisation(mandate.organisation_id)) for mandate in direct),
        )

    def links(self, in_use: MeansInUse) -> tuple[Link, ...]:
        """All links of the means, usable or not."""
        mandates = {mandate.id: mandate for mandate in self.mandates}
        chains = (
            ChainLink(
                coupling,
                mandates[coupling.mandate_id],
                self._organisation(mandates[coupling.mandate_id].grantor_id),
                self._organisation(mandates[coupling.mandate_id].intermediary_id),
            )
            for coupling in self.couplings
            if coupling.means_id == in_use.means.id
        )
        return (*in_use.direct, *chains)

    def _organisation(self, wanted: str) -> Organisation:
        return next(organisation for organisation in self.organisations if organisation.id == wanted)


def seldom(*unusual: object, usual: object, one_in: int) -> st.SearchStrategy:
    """`usual`, or one time in so many any of the others: much can be wrong, so each thing must be so rarely."""
    return st.sampled_from([usual] * (one_in - 1) * len(unusual) + list(unusual))


def members(kind: type, usual: object, one_in: int) -> st.SearchStrategy:
    """`usual`, or seldom another member of the enumeration that can be stored."""
    others = [member for member in kind if member not in (usual, ChainStatus.EXPIRED, LinkStatus.EXPIRED)]
    return seldom(*others, usual=usual, one_in=one_in)


levels = st.sampled_from([EH3] * 8 + [EH4] * 8 + list(AssuranceLevel))
scopes = st.sampled_from([EVERYTHING] * 14 + list(SCOPES))


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    """Periods that end or begin around today."""
    start = draw(seldom(-1, 0, 1, usual=-400, one_in=10))
    length = draw(seldom(0, 1, 399, 400, 401, usual=800, one_in=10))
    return Validity(TODAY + timedelta(start), TODAY + timedelta(start + length))


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Up to five organisations that hold mandates of each other, two people, three means."""
    organisations = tuple(
        an_organisation(
            f"org-{n}",
            statutory_name=draw(st.sampled_from(NAMES)),
            city=draw(st.sampled_from(CITIES)),
            kvk_status=draw(members(KvkStatus, KvkStatus.ACTIVE, 25)),
        )
        for n in range(5)
    )
    ids = st.sampled_from([organisation.id for organisation in organisations])
    persons = tuple(
        a_person(
            id=f"person-{n}",
            organisation_id=draw(seldom("org-1", usual="org-0", one_in=6)),
            status=draw(members(PersonStatus, PersonStatus.ACTIVE, 40)),
            last_used_on=draw(seldom(TODAY, date(2024, 11, 24), date(2024, 11, 23), usual=None, one_in=10)),
        )
        for n in range(2)
    )
    means = tuple(
        a_means(
            id=f"means-{n}",
            person_id=f"person-{n % 2}",
            type=draw(members(MeansType, MeansType.REGULAR, 40)),
            level=draw(seldom(EH2, EH2_PLUS, EH4, usual=EH3, one_in=8)),
            status=draw(members(MeansStatus, MeansStatus.ACTIVE, 40)),
        )
        for n in range(3)
    )
    means_ids = seldom("means-1", "means-2", usual="means-0", one_in=5)
    direct = tuple(draw(direct_mandates(f"direct-{n}", means_ids, ids)) for n in range(draw(st.integers(0, 4))))
    mandates = tuple(draw(chain_mandates(f"chain-{n}", ids)) for n in range(draw(st.integers(1, 7))))
    chosen = st.sampled_from([mandate.id for mandate in mandates])
    coupled = tuple(draw(couplings(f"coupling-{n}", chosen, means_ids)) for n in range(draw(st.integers(4, 12))))
    return Register(organisations, persons, means, direct, mandates, coupled)


@st.composite
def direct_mandates(draw: st.DrawFn, mandate_id: str, means: st.SearchStrategy, ids: st.SearchStrategy):
    """A direct mandate."""
    return DirectMandate(
        id=mandate_id,
        means_id=draw(means),
        organisation_id=draw(ids),
        scope=draw(scopes),
        level=draw(levels),
        validity=draw(validities()),
        status=draw(members(LinkStatus, LinkStatus.ACTIVE, 15)),
        branch=draw(seldom("000000000001", usual=None, one_in=4)),
        for_third_parties_only=draw(seldom(True, usual=False, one_in=5)),
    )


@st.composite
def chain_mandates(draw: st.DrawFn, mandate_id: str, ids: st.SearchStrategy):
    """A chain mandate, most often to the organisation that most people work for."""
    through = draw(seldom("org-1", "org-2", usual="org-0", one_in=6))
    return ChainMandate(
        id=mandate_id,
        grantor_id=draw(ids.filter(lambda client: client != through)),
        intermediary_id=through,
        origin=draw(st.sampled_from(Origin)),
        scope=draw(scopes),
        level=draw(levels),
        validity=draw(validities()),
        status=draw(members(ChainStatus, ChainStatus.ACTIVE, 12)),
    )


@st.composite
def couplings(draw: st.DrawFn, coupling_id: str, mandates: st.SearchStrategy, means: st.SearchStrategy):
    """A coupling."""
    return MandateCoupling(
        id=coupling_id,
        mandate_id=draw(mandates),
        means_id=draw(means),
        narrowing=draw(st.one_of(st.none(), st.none(), scopes)),
        level=draw(levels),
        validity=draw(validities()),
        status=draw(members(LinkStatus, LinkStatus.ACTIVE, 15)),
    )


@st.composite
def questions(draw: st.DrawFn, register: Register) -> Question:
    """Somebody uses one of the means of the register."""
    service: Service = draw(seldom(*SERVICES[3:], usual=None, one_in=8)) or draw(st.sampled_from(SERVICES[:3]))
    policy = ChainPolicy(
        chain_min_level=draw(seldom(EH2_PLUS, EH3, EH4, usual=None, one_in=6)),
        relation_must_be_active=draw(st.booleans()),
        intermediary_must_be_active=draw(st.booleans()),
        organisation_must_be_active=draw(st.booleans()),
        lapse_after_months=draw(st.sampled_from([None, 24])),
    )
    moment: datetime = NOON + timedelta(days=draw(seldom(-1, 1, usual=0, one_in=5)))
    return Question(
        service=service,
        authenticated_level=draw(seldom(EH2_PLUS, EH4, usual=EH3, one_in=6)),
        in_use=register.in_use(draw(seldom(*register.means[1:], usual=register.means[0], one_in=5))),
        moment=moment,
        requested_level=draw(seldom(EH3, usual=EH2, one_in=3)),
        policy=policy,
    )


@st.composite
def asked_registers(draw: st.DrawFn) -> tuple[Register, Question]:
    """A register and a question to put to it."""
    register = draw(registers())
    return register, draw(questions(register))
