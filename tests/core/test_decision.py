"""Candidates, their order and merging; the one reason to tell; identifiers; the evaluation at issue."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from broker.core.catalogue import Catalogue
from broker.core.decision import (
    Candidate,
    Decision,
    Granted,
    LegalSubjectId,
    best_reason,
    choose_identifiers,
    decide,
    grant,
    service_asked,
)
from broker.core.identifiers import IdentifierType, Rsin
from broker.core.links import Part
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus, LegalForm, MeansType
from broker.core.question import ChainPolicy
from broker.core.refusals import DenialReason, Denied
from broker.core.validity import Validity
from tests.core.register_values import (
    ALWAYS,
    CLIENT,
    EH2_PLUS,
    EH3,
    EH4,
    KVK,
    NOON,
    OFFICE,
    TAX,
    TODAY,
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

KVK_NUMBER, RSIN, BSN, PSEUDO = (
    IdentifierType.KVK_NUMBER,
    IdentifierType.RSIN,
    IdentifierType.BSN,
    IdentifierType.PSEUDO,
)
COMPANY = an_organisation("Vennootschap", rsin=Rsin("000010005"))
SOLE_TRADER = an_organisation("Eenmanszaak", legal_form=LegalForm.EENMANSZAAK)


def reason(decision: Decision) -> DenialReason:
    (refusal,) = decision.refusals
    return refusal.denied.reason


def test_E01_no_mandate_at_all():
    assert best_reason(a_question(), decide(a_question(), []).refusals) == Denied(DenialReason.NO_MANDATE)


def test_E04_a_relation_reached_directly_and_in_a_chain_is_two_entries():
    own = a_direct_link(CLIENT)
    decision = decide(a_question(held=in_use(own)), [a_chain_link(), own])
    assert [(c.organisation, c.intermediary) for c in decision.candidates] == [(CLIENT, None), (CLIENT, OFFICE)]


def test_E05_one_relation_through_two_intermediaries_is_two_entries():
    second = an_organisation("Tweede Kantoor")
    held = in_use(a_direct_link(second, for_third_parties_only=True))
    decision = decide(a_question(held=held), [a_chain_link(), a_chain_link(CLIENT, second)])
    assert [candidate.intermediary for candidate in decision.candidates] == [OFFICE, second]


def test_E06_expired_yesterday_is_refused_and_expired_during_the_login_is_refused_at_issue():
    def until(day: date):
        return a_chain_link(mandate={"validity": Validity(ALWAYS.valid_from, day)})

    assert reason(decide(a_question(), [until(TODAY - timedelta(1))])) is DenialReason.CHAIN_EXPIRED
    last_day = until(TODAY)
    assert decide(a_question(), [last_day]).candidates
    assert grant(a_question(moment=NOON + timedelta(hours=12)), last_day) == Denied(DenialReason.CHAIN_EXPIRED)


def test_E09_a_branch_is_for_direct_mandates_at_services_that_allow_branches():
    whole_only = a_service(UWV, restrictions_allowed=frozenset())
    branch = a_direct_link(branch="000000000001")
    assert decide(a_question(), [branch]).candidates
    assert reason(decide(a_question(whole_only), [branch])) is DenialReason.BRANCH_NOT_ALLOWED
    assert decide(a_question(whole_only), [a_direct_link()]).candidates
    assert decide(a_question(whole_only), [a_chain_link()]).candidates


def test_E10_a_service_that_takes_no_chains_still_takes_the_own_organisation():
    closed = a_service(chain_allowed=False)
    decision = decide(a_question(closed), [a_direct_link(), a_chain_link()])
    assert [candidate.organisation for candidate in decision.candidates] == [OFFICE]
    assert reason(decision) is DenialReason.CHAIN_NOT_ALLOWED_BY_SERVICE


@pytest.mark.parametrize(
    ("organisation", "sets", "expected"),
    [
        (COMPANY, [{RSIN}], [RSIN]),
        (COMPANY, [{RSIN, KVK_NUMBER}, {KVK_NUMBER}], [KVK_NUMBER, RSIN]),
        (COMPANY, [{BSN, KVK_NUMBER}, {RSIN}], [RSIN]),
        (COMPANY, [{PSEUDO}, {KVK_NUMBER}], [KVK_NUMBER]),
        (SOLE_TRADER, [{RSIN, KVK_NUMBER}, {KVK_NUMBER}], [KVK_NUMBER]),
        (COMPANY, [{PSEUDO, KVK_NUMBER}], [KVK_NUMBER]),
        (SOLE_TRADER, [{RSIN}], DenialReason.IDENTIFIER_NOT_AVAILABLE),
        (SOLE_TRADER, [{RSIN}, {BSN, KVK_NUMBER}], DenialReason.BSN_NOT_AVAILABLE),
        (SOLE_TRADER, [{RSIN}, {BSN, KVK_NUMBER}, {KVK_NUMBER}], [KVK_NUMBER]),
        (COMPANY, [{BSN, KVK_NUMBER}], DenialReason.IDENTIFIER_NOT_AVAILABLE),
        (COMPANY, [{PSEUDO}], DenialReason.IDENTIFIER_NOT_AVAILABLE),
        (COMPANY, [], DenialReason.IDENTIFIER_NOT_AVAILABLE),
        (COMPANY, [set()], DenialReason.IDENTIFIER_NOT_AVAILABLE),
        (COMPANY, [set(), {KVK_NUMBER}], [KVK_NUMBER]),
    ],
)
def test_E11_the_first_set_that_can_be_delivered_is_chosen(organisation, sets, expected):
    chosen = choose_identifiers(organisation, [frozenset(wanted) for wanted in sets])
    values = {KVK_NUMBER: organisation.kvk_number, RSIN: organisation.rsin}
    if isinstance(expected, DenialReason):
        assert chosen == Denied(expected)
    else:
        assert chosen == tuple(LegalSubjectId(kind, values[kind]) for kind in expected)


def test_E11_a_client_without_the_asked_identifier_is_denied_at_issue():
    rsin_only = a_question(a_service(identifier_sets=(frozenset({RSIN}),)))
    link = a_chain_link(SOLE_TRADER)
    assert decide(rsin_only, [link]).candidates
    assert grant(rsin_only, link) == Denied(DenialReason.IDENTIFIER_NOT_AVAILABLE)


def test_E13_a_deregistered_relation_is_refused_unless_the_policy_says_otherwise():
    gone = a_chain_link(replace(CLIENT, kvk_status=KvkStatus.DEREGISTERED))
    lenient = ChainPolicy(relation_must_be_active=False)
    assert reason(decide(a_question(), [gone])) is DenialReason.RELATION_NOT_ACTIVE
    assert decide(a_question(policy=lenient), [gone]).candidates


@pytest.mark.parametrize("switch", ["intermediary_must_be_active", "organisation_must_be_active"])
def test_the_other_switches_on_deregistered_organisations(switch):
    gone = replace(OFFICE, kvk_status=KvkStatus.DEREGISTERED)
    links = [a_chain_link(CLIENT, gone)] if switch.startswith("inter") else [a_direct_link(gone)]
    assert not decide(a_question(), links).candidates
    assert decide(a_question(policy=ChainPolicy(**{switch: False})), links).candidates


def test_E14_with_eh3_belastingdienst_the_own_organisation_stays_and_relations_go():
    held = in_use(means={"type": MeansType.EH3_BELASTINGDIENST})
    decision = decide(a_question(held=held), [a_direct_link(), a_chain_link()])
    assert [candidate.organisation for candidate in decision.candidates] == [OFFICE]
    assert reason(decision) is DenialReason.MEANS_TYPE_NOT_ALLOWED


@pytest.mark.parametrize(
    ("means", "coupling", "mandate", "weakest"),
    [(EH3, EH3, EH3, Part.MEANS), (EH4, EH3, EH4, Part.COUPLING), (EH4, EH4, EH3, Part.CHAIN_MANDATE)],
)
def test_E15_an_eh4_service_names_the_weakest_link(means, coupling, mandate, weakest):
    question = a_question(a_service(level=EH4), in_use(means={"level": means}), authenticated_level=EH4)
    link = a_chain_link(coupling={"level": coupling}, mandate={"level": mandate})
    (refusal,) = decide(question, [link]).refusals
    assert refusal.denied == Denied(DenialReason.LOA_TOO_LOW, weakest)
    all_eh4 = a_chain_link(coupling={"level": EH4}, mandate={"level": EH4})
    good = a_question(a_service(level=EH4), in_use(means={"level": EH4}), authenticated_level=EH4)
    assert decide(good, [all_eh4]).candidates[0].effective_level is EH4


def test_E16_a_provider_wide_mandate_covers_a_service_that_was_added_a_second_ago():
    link = a_chain_link(mandate={"scope": providers(TAX)})
    assert decide(a_question(a_service(index=9999)), [link]).candidates


def test_E17_a_service_that_moves_to_another_provider_stays_in_a_scope_of_services_only():
    before = a_service()
    moved = replace(before, provider_oin=KVK)
    by_service, by_provider = (a_chain_link(mandate={"scope": s}) for s in (services(before), providers(TAX)))
    assert decide(a_question(before), [by_service]).candidates
    assert decide(a_question(before), [by_provider]).candidates
    assert decide(a_question(moved), [by_service]).candidates
    assert reason(decide(a_question(moved), [by_provider])) is DenialReason.CHAIN_SERVICE_NOT_COVERED


def test_E18_somebody_who_leaves_the_intermediary_loses_all_its_relations_at_once():
    elsewhere = in_use(employer=an_organisation("Elders"))
    links = [a_chain_link(an_organisation(f"Klant {n}")) for n in range(5)]
    assert len(decide(a_question(), links).candidates) == 5
    decision = decide(a_question(held=elsewhere), links)
    assert not decision.candidates
    assert {refusal.denied.reason for refusal in decision.refusals} == {DenialReason.CHAIN_BROKEN}


def test_E12_a_sole_trader_may_be_the_intermediary():
    office = replace(OFFICE, legal_form=LegalForm.EENMANSZAAK, rsin=None)
    link = a_chain_link(CLIENT, office)
    decision = decide(a_question(held=in_use(employer=office)), [link])
    assert [candidate.intermediary for candidate in decision.candidates] == [office]
    assert grant(a_question(held=in_use(employer=office)), link).identifiers[0].value == CLIENT.kvk_number


def test_E19_when_the_intermediary_merges_its_mandates_stay_behind_and_new_ones_are_needed():
    """The people go on under another KvK number; mandates name the organisation that was, and cannot be moved."""
    merged = an_organisation("Gefuseerd Kantoor")
    held = in_use(employer=merged)
    decision = decide(a_question(held=held), [a_chain_link(), a_chain_link(CLIENT, merged, mandate={"id": "new"})])
    assert [candidate.intermediary for candidate in decision.candidates] == [merged]
    assert reason(decision) is DenialReason.CHAIN_BROKEN


@pytest.mark.parametrize(
    ("changes", "works_for_office"),
    [
        ({}, True),
        ({"for_third_parties_only": True}, True),
        ({"status": LinkStatus.REVOKED}, False),
        ({"validity": Validity(TODAY - timedelta(9), TODAY - timedelta(1))}, False),
    ],
)
def test_E18_a_direct_mandate_in_force_ties_somebody_to_the_intermediary_as_employment_does(changes, works_for_office):
    held = in_use(a_direct_link(OFFICE, **changes), employer=an_organisation("Elders"))
    assert bool(decide(a_question(held=held), [a_chain_link()]).candidates) is works_for_office


def test_E23_only_for_third_parties_hides_the_own_organisation_and_keeps_its_relations():
    own = a_direct_link(for_third_parties_only=True)
    decision = decide(a_question(held=in_use(own)), [own, a_chain_link()])
    assert [candidate.organisation for candidate in decision.candidates] == [CLIENT]
    assert reason(decision) is DenialReason.ONLY_FOR_THIRD_PARTIES


def test_E25_with_eh2_plus_the_own_organisation_stays_and_relations_need_eh3():
    low = a_question(a_service(level=EH2_PLUS), in_use(means={"level": EH2_PLUS}), authenticated_level=EH2_PLUS)
    links = [a_direct_link(), a_chain_link()]
    decision = decide(low, links)
    assert [candidate.organisation for candidate in decision.candidates] == [OFFICE]
    assert reason(decision) is DenialReason.CHAIN_NEEDS_EH3
    without_floor = replace(low, policy=ChainPolicy(chain_min_level=None))
    assert [c.effective_level for c in decide(without_floor, links).candidates] == [EH2_PLUS, EH2_PLUS]


def test_a_means_is_never_worth_more_than_it_is_registered_for():
    question = a_question(a_service(level=EH4), authenticated_level=EH4)
    (refusal,) = decide(question, [a_direct_link(level=EH4)]).refusals
    assert refusal.denied == Denied(DenialReason.LOA_TOO_LOW, Part.MEANS)


def chain(mandate_id: str, **mandate: object):
    return a_chain_link(mandate={"id": mandate_id, **mandate})


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (chain("b", level=EH3, scope=providers(TAX)), chain("a", level=EH2_PLUS, scope=services(a_service()))),
        (chain("b", scope=services(a_service())), chain("a", scope=providers(TAX))),
        (chain("b", scope=providers(TAX)), chain("a")),
        (chain("b"), chain("a", validity=Validity(ALWAYS.valid_from, TODAY))),
        (chain("a"), chain("b")),
    ],
    ids=["level", "scope-service", "scope-provider", "end", "id"],
)
def test_of_equivalent_chains_one_is_kept(better, worse):
    question = a_question(a_service(level=EH2_PLUS))
    for links in ([better, worse], [worse, better]):
        (candidate,) = decide(question, links).candidates
        assert candidate == Candidate(better, EH3, (worse,))


def test_a_narrowed_coupling_counts_as_the_narrower_kind_of_scope():
    narrowed = a_chain_link(mandate={"id": "b"}, coupling={"narrowing": services(a_service())})
    (candidate,) = decide(a_question(), [chain("a", scope=providers(TAX)), narrowed]).candidates
    assert candidate.link == narrowed


def test_direct_mandates_merge_per_branch():
    one, same, branch = (
        a_direct_link(id="1"),
        a_direct_link(id="2"),
        a_direct_link(id="3", branch="000000000001"),
    )
    decision = decide(a_question(), [branch, same, one])
    assert [candidate.link for candidate in decision.candidates] == [one, branch]


def test_own_organisations_come_first_and_then_clients_by_name():
    names = ("Zee", "Ámsterdam", "boom", "Anker")
    chains = [a_chain_link(an_organisation(f"k{n}", statutory_name=text)) for n, text in enumerate(names)]
    direct = [a_direct_link(an_organisation(text)) for text in ("Zwaan", "Aap")]
    decision = decide(a_question(), [*chains, *direct])
    shown = [candidate.organisation.statutory_name for candidate in decision.candidates]
    assert shown == ["Aap", "Zwaan", "Ámsterdam", "Anker", "boom", "Zee"]


def test_best_reason_tells_the_one_reason_there_is():
    revoked = [chain(f"m{n}", status=ChainStatus.REVOKED) for n in range(3)]
    suspended = chain("s", status=ChainStatus.SUSPENDED)
    question = a_question()
    assert best_reason(question, decide(question, revoked).refusals) == Denied(DenialReason.CHAIN_REVOKED)
    mixed = decide(question, [*revoked, suspended]).refusals
    assert best_reason(question, mixed) == Denied(DenialReason.NO_SUITABLE_MANDATE)


def test_best_reason_names_the_weakest_part_when_it_is_the_same_everywhere():
    question = a_question()
    low_mandate, low_coupling = chain("m", level=EH2_PLUS), a_chain_link(coupling={"level": EH2_PLUS})
    expected = Denied(DenialReason.LOA_TOO_LOW, Part.CHAIN_MANDATE)
    assert best_reason(question, decide(question, [low_mandate]).refusals) == expected
    both = decide(question, [low_mandate, low_coupling]).refusals
    assert best_reason(question, both) == Denied(DenialReason.LOA_TOO_LOW)


def test_best_reason_puts_the_means_first_even_without_any_mandate():
    low = a_question(authenticated_level=EH2_PLUS)
    assert best_reason(low, []) == Denied(DenialReason.LOA_TOO_LOW, Part.MEANS)


def test_best_reason_counts_uncoupled_mandates_when_there_is_nothing_else():
    question, uncoupled = a_question(), an_uncoupled_mandate()
    alone = decide(question, [uncoupled]).refusals
    assert best_reason(question, alone) == Denied(DenialReason.NO_USER_COUPLING)
    expired = chain("x", validity=Validity(ALWAYS.valid_from, TODAY - timedelta(1)))
    beside = decide(question, [uncoupled, expired]).refusals
    assert best_reason(question, beside) == Denied(DenialReason.CHAIN_EXPIRED)


def test_grant_gives_the_candidate_and_its_identifiers():
    question = a_question(a_service(identifier_sets=(frozenset({RSIN, KVK_NUMBER}),)))
    link = a_chain_link(COMPANY)
    granted = grant(question, link)
    identifiers = (LegalSubjectId(KVK_NUMBER, COMPANY.kvk_number), LegalSubjectId(RSIN, COMPANY.rsin))
    assert granted == Granted(Candidate(link, EH3), identifiers, (question.service,))


def test_grant_denies_a_link_that_is_gone_or_was_revoked_in_the_meantime():
    assert grant(a_question(), None) == Denied(DenialReason.NO_MANDATE)
    assert grant(a_question(), chain("m", status=ChainStatus.REVOKED)) == Denied(DenialReason.CHAIN_REVOKED)


def test_M15_a_withdrawn_service_is_unknown_and_leaves_the_mandate_as_it_was():
    service = a_service()
    assert service_asked(Catalogue({service.service_id: service}), service.service_id) == service
    assert service_asked(Catalogue({}), service.service_id) == Denied(DenialReason.SERVICE_UNKNOWN)


def test_with_the_highest_means_only_the_level_of_the_means_is_no_reason_any_more():
    low = a_question(a_service(level=EH2_PLUS), in_use(means={"level": EH2_PLUS}), authenticated_level=EH2_PLUS)
    assert decide(low, [a_chain_link()]).candidates == ()
    assert len(decide(low.with_highest_means(), [a_chain_link()]).candidates) == 1

    highest = a_question().with_highest_means()
    for other in (a_chain_link(mandate={"level": EH2_PLUS}), a_chain_link(mandate={"status": ChainStatus.REVOKED})):
        assert decide(highest, [other]).candidates == ()
