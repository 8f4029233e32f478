"""Every reason can be reached, and of several the first in the scheme's order is given."""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations

import pytest

from broker.core.attributes import choose_attributes
from broker.core.catalogue import Catalogue, RequestedAttribute
from broker.core.decision import best_reason, choose_identifiers, service_asked
from broker.core.identifiers import IdentifierType
from broker.core.links import Link, Part
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus, LegalForm, MeansStatus, MeansType, PersonStatus
from broker.core.question import ChainPolicy, Question
from broker.core.refusals import DenialReason, Denied
from broker.core.validity import Validity
from broker.core.why_not import denial, why_not
from tests.core.register_values import (
    CLIENT,
    EH2,
    EH2_PLUS,
    EH4,
    KVK,
    OFFICE,
    UWV,
    a_chain_link,
    a_direct_link,
    a_question,
    a_service,
    an_organisation,
    an_uncoupled_mandate,
    in_use,
    providers,
    services,
)

OVER = Validity(date(2024, 1, 1), date(2026, 11, 23))
LATER = Validity(date(2026, 11, 25), date(2027, 1, 1))
ELSEWHERE = an_organisation("Elders")
BRANCH = "000000000001"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a login that is otherwise right, and the reason that it gives."""

    reason: DenialReason
    changes: dict[str, dict[str, object]] = field(default_factory=dict)

    def clashes_with(self, other: "Fault") -> bool:
        """Whether both change the same field, so that they cannot be there together."""
        shared = self.changes.keys() & other.changes.keys()
        return any(self.changes[part].keys() & other.changes[part].keys() for part in shared)


def fault(reason: DenialReason, **changes: dict[str, object]) -> Fault:
    return Fault(reason, changes)


OF_MEANS = [
    fault(DenialReason.MEANS_NOT_USABLE, means={"status": MeansStatus.SUSPENDED}),
    fault(DenialReason.MEANS_NOT_USABLE, means={"validity": OVER}),
    fault(DenialReason.MEANS_NOT_USABLE, means={"validity": LATER}),
    fault(DenialReason.USER_BLOCKED, person={"status": PersonStatus.BLOCKED}),
    fault(DenialReason.USER_BLOCKED, person={"status": PersonStatus.LEFT}),
    fault(DenialReason.LOA_TOO_LOW, question={"authenticated_level": EH2}),
    fault(DenialReason.LOA_TOO_LOW, means={"level": EH2_PLUS}),
    fault(DenialReason.LOA_TOO_LOW, question={"requested_level": EH4}),
    fault(DenialReason.USER_LAPSED, person={"last_used_on": date(2024, 11, 23)}),
]
OF_CHAIN = [
    fault(DenialReason.MEANS_TYPE_NOT_ALLOWED, means={"type": MeansType.EH3_BELASTINGDIENST}),
    fault(DenialReason.CHAIN_NEEDS_EH3, means={"level": EH2_PLUS}, service={"required_level": EH2_PLUS}),
    fault(DenialReason.CHAIN_NOT_ALLOWED_BY_SERVICE, service={"chain_allowed": False}),
    *(
        fault(reason, mandate={"status": status})
        for status, reason in {
            ChainStatus.INVITED: DenialReason.CHAIN_NOT_YET_ACTIVE,
            ChainStatus.SIGNING: DenialReason.CHAIN_NOT_YET_ACTIVE,
            ChainStatus.UNDER_REVIEW: DenialReason.CHAIN_NOT_YET_ACTIVE,
            ChainStatus.REJECTED: DenialReason.CHAIN_NEVER_ACTIVATED,
            ChainStatus.CANCELLED: DenialReason.CHAIN_NEVER_ACTIVATED,
            ChainStatus.DECLINED: DenialReason.CHAIN_NEVER_ACTIVATED,
            ChainStatus.LAPSED: DenialReason.CHAIN_NEVER_ACTIVATED,
            ChainStatus.REVOKED: DenialReason.CHAIN_REVOKED,
            ChainStatus.SUSPENDED: DenialReason.CHAIN_SUSPENDED,
        }.items()
    ),
    fault(DenialReason.CHAIN_NOT_YET_VALID, mandate={"validity": LATER}),
    fault(DenialReason.CHAIN_EXPIRED, mandate={"validity": OVER}),
    fault(DenialReason.COUPLING_NOT_ACTIVE, coupling={"status": LinkStatus.REVOKED}),
    fault(DenialReason.COUPLING_NOT_ACTIVE, coupling={"status": LinkStatus.SUSPENDED}),
    fault(DenialReason.COUPLING_EXPIRED, coupling={"validity": OVER}),
    fault(DenialReason.COUPLING_EXPIRED, coupling={"validity": LATER}),
    fault(DenialReason.CHAIN_BROKEN, held={"employer": ELSEWHERE}),
    fault(DenialReason.RELATION_NOT_ACTIVE, client={"kvk_status": KvkStatus.DEREGISTERED}),
    fault(DenialReason.INTERMEDIARY_NOT_ACTIVE, intermediary={"kvk_status": KvkStatus.BANKRUPT}),
    fault(DenialReason.CHAIN_SERVICE_NOT_COVERED, mandate={"scope": providers(KVK)}),
    fault(DenialReason.COUPLING_SERVICE_NOT_COVERED, coupling={"narrowing": services(a_service(UWV))}),
    fault(DenialReason.LOA_TOO_LOW, coupling={"level": EH2_PLUS}),
    fault(DenialReason.LOA_TOO_LOW, mandate={"level": EH2}),
]
OF_DIRECT = [
    fault(DenialReason.ONLY_FOR_THIRD_PARTIES, direct={"for_third_parties_only": True}),
    fault(DenialReason.DIRECT_NOT_ACTIVE, direct={"status": LinkStatus.SUSPENDED}),
    fault(DenialReason.DIRECT_NOT_ACTIVE, direct={"status": LinkStatus.REVOKED}),
    fault(DenialReason.DIRECT_NOT_YET_VALID, direct={"validity": LATER}),
    fault(DenialReason.DIRECT_EXPIRED, direct={"validity": OVER}),
    fault(DenialReason.ORGANISATION_NOT_ACTIVE, own={"kvk_status": KvkStatus.SUSPENSION_OF_PAYMENTS}),
    fault(DenialReason.DIRECT_SERVICE_NOT_COVERED, direct={"scope": providers(KVK)}),
    fault(DenialReason.BRANCH_NOT_ALLOWED, direct={"branch": BRANCH}, service={"restrictions_allowed": frozenset()}),
    fault(DenialReason.LOA_TOO_LOW, direct={"level": EH2_PLUS}),
]
CHAIN_FAULTS, DIRECT_FAULTS = OF_MEANS + OF_CHAIN, OF_MEANS + OF_DIRECT


def question_with(*faults: Fault) -> Question:
    def of(part: str) -> dict[str, object]:
        return {name: value for one in faults for name, value in one.changes.get(part, {}).items()}

    held = in_use(means=of("means"), person=of("person"), employer=of("held").get("employer", OFFICE))
    return a_question(replace(a_service(), **of("service")), held, **of("question"))


def chain_with(*faults: Fault) -> Link:
    def of(part: str) -> dict[str, object]:
        return {name: value for one in faults for name, value in one.changes.get(part, {}).items()}

    client, through = replace(CLIENT, **of("client")), replace(OFFICE, **of("intermediary"))
    return a_chain_link(client, through, mandate=of("mandate"), coupling=of("coupling"))


def direct_with(*faults: Fault) -> Link:
    def of(part: str) -> dict[str, object]:
        return {name: value for one in faults for name, value in one.changes.get(part, {}).items()}

    return a_direct_link(replace(OFFICE, **of("own")), **of("direct"))


def name(one: Fault) -> str:
    return f"{one.reason.value}-{'-'.join(f'{part}.{key}' for part, keys in one.changes.items() for key in keys)}"


def pairs(faults: list[Fault]) -> list[tuple[Fault, Fault]]:
    return [pair for pair in combinations(faults, 2) if not pair[0].clashes_with(pair[1])]


def test_without_faults_both_kinds_of_link_can_be_used():
    assert why_not(question_with(), chain_with()) is None
    assert why_not(question_with(), direct_with()) is None


@pytest.mark.parametrize("one", CHAIN_FAULTS, ids=name)
def test_every_fault_of_a_chain_gives_its_reason(one):
    assert why_not(question_with(one), chain_with(one)) is one.reason


@pytest.mark.parametrize("one", DIRECT_FAULTS, ids=name)
def test_every_fault_of_a_direct_mandate_gives_its_reason(one):
    assert why_not(question_with(one), direct_with(one)) is one.reason


def test_of_two_faults_of_a_chain_the_first_in_the_order_wins():
    for first, second in pairs(CHAIN_FAULTS):
        got = why_not(question_with(first, second), chain_with(first, second))
        assert got is first.reason, f"{name(first)} and {name(second)}"


def test_of_two_faults_of_a_direct_mandate_the_first_in_the_order_wins():
    for first, second in pairs(DIRECT_FAULTS):
        got = why_not(question_with(first, second), direct_with(first, second))
        assert got is first.reason, f"{name(first)} and {name(second)}"


def test_what_is_wrong_with_a_chain_says_nothing_about_a_direct_mandate():
    for one in OF_CHAIN:
        if one.reason is not DenialReason.CHAIN_NEEDS_EH3:
            assert why_not(question_with(one), direct_with()) is None, name(one)


@pytest.mark.parametrize("one", OF_MEANS + OF_CHAIN[:3], ids=name)
def test_an_uncoupled_mandate_is_refused_for_the_means_first(one):
    assert why_not(question_with(one), an_uncoupled_mandate()) is one.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, DenialReason.NO_USER_COUPLING),
        ({"status": ChainStatus.REVOKED}, DenialReason.CHAIN_REVOKED),
        ({"validity": OVER}, DenialReason.CHAIN_EXPIRED),
    ],
)
def test_an_uncoupled_mandate_is_refused_for_its_own_state_before_its_coupling(changes, reason):
    assert why_not(a_question(), an_uncoupled_mandate(**changes)) is reason


def test_a_link_of_another_means_is_never_usable():
    assert why_not(a_question(), a_chain_link(coupling={"means_id": "other"})) is DenialReason.NO_USER_COUPLING
    assert why_not(a_question(), a_direct_link(means_id="other")) is DenialReason.NO_MANDATE


@pytest.mark.parametrize(
    ("link", "question", "weakest"),
    [
        (a_chain_link(mandate={"level": EH2}, coupling={"level": EH2_PLUS}), a_question(), Part.CHAIN_MANDATE),
        (a_chain_link(mandate={"level": EH2}, coupling={"level": EH2}), a_question(), Part.COUPLING),
        (a_direct_link(level=EH2_PLUS), a_question(), Part.DIRECT_MANDATE),
        (a_chain_link(mandate={"level": EH2}), a_question(authenticated_level=EH2_PLUS), Part.MEANS),
    ],
)
def test_a_level_that_is_too_low_names_the_weakest_part(link, question, weakest):
    assert denial(question, link) == Denied(DenialReason.LOA_TOO_LOW, weakest)


@pytest.mark.parametrize(
    ("last_used_on", "months", "expected"),
    [
        (date(2024, 11, 24), 24, None),
        (date(2024, 11, 23), 24, DenialReason.USER_LAPSED),
        (date(2024, 11, 23), None, None),
        (None, 24, None),
    ],
)
def test_somebody_lapses_the_day_after_24_months_without_use(last_used_on, months, expected):
    held = in_use(person={"last_used_on": last_used_on})
    question = a_question(held=held, policy=ChainPolicy(lapse_after_months=months))
    assert why_not(question, a_chain_link()) is expected


SOLE_TRADER = an_organisation("Eenmanszaak", legal_form=LegalForm.EENMANSZAAK)


def test_every_reason_can_be_reached():
    by_link = {one.reason for one in CHAIN_FAULTS + DIRECT_FAULTS}
    uncoupled = {why_not(a_question(), an_uncoupled_mandate())}
    elsewhere = {
        best_reason(a_question(), []).reason,
        service_asked(Catalogue({}), "urn:etoegang:DV:1:services:1").reason,
        choose_identifiers(CLIENT, ()).reason,
        choose_identifiers(SOLE_TRADER, (frozenset({IdentifierType.BSN}),)).reason,
        choose_attributes(CLIENT, (RequestedAttribute("urn:x", is_required=True),)).reason,
        DenialReason.NO_SUITABLE_MANDATE,  # test_decision
    }
    at_issue = {DenialReason.NO_ENCRYPTION_CERTIFICATE}  # tests/simulator/test_encryption_certificate
    assert by_link | uncoupled | elsewhere | at_issue == set(DenialReason)
