"""What is promised of chain mandates, as far as the decision keeps the promise."""

import pytest

from broker.core.decision import Granted, best_reason, decide, grant
from broker.core.explanations import explain
from broker.core.links import ChainLink
from broker.core.mandates import ChainStatus
from broker.core.organisations import MeansType
from broker.core.refusals import DenialReason, Denied
from tests.core.register_values import (
    CLIENT,
    EH2_PLUS,
    EH3,
    EH4,
    KVK,
    OFFICE,
    TAX,
    TOWN,
    UWV,
    a_chain_link,
    a_coupling,
    a_direct_link,
    a_mandate,
    a_means,
    a_person,
    a_question,
    a_service,
    an_organisation,
    an_uncoupled_mandate,
    in_use,
    providers,
    services,
)

VAT, REPORT, ILLNESS = a_service(TAX), a_service(KVK), a_service(UWV)


def organisations(question, links) -> list:
    return [candidate.organisation for candidate in decide(question, links).candidates]


def test_M02_without_an_active_chain_mandate_no_and_with_it_yes():
    pending = a_chain_link(mandate={"status": ChainStatus.UNDER_REVIEW})
    assert grant(a_question(), None) == Denied(DenialReason.NO_MANDATE)
    assert grant(a_question(), pending) == Denied(DenialReason.CHAIN_NOT_YET_ACTIVE)
    assert isinstance(grant(a_question(), a_chain_link()), Granted)


def test_M05_at_each_service_only_the_relations_that_gave_a_mandate_for_it():
    one, two = an_organisation("Een"), an_organisation("Twee")
    links = [
        a_chain_link(one, mandate={"scope": services(VAT)}),
        a_chain_link(two, mandate={"scope": services(REPORT)}),
    ]
    assert organisations(a_question(VAT), links) == [one]
    assert organisations(a_question(REPORT), links) == [two]


def test_M06_the_relation_needs_neither_people_nor_means():
    granted = grant(a_question(), a_chain_link())
    assert isinstance(granted, Granted)
    assert granted.candidate.organisation == CLIENT


def test_M07_a_relation_with_means_of_its_own_has_both_routes():
    own_person = {"id": "eigenaar"}
    own_means = a_means(a_person(organisation_id=CLIENT.id, **own_person))
    own = a_direct_link(CLIENT, means_id=own_means.id)
    by_itself = a_question(held=in_use(own, person=own_person, employer=CLIENT))
    through_office = a_question()
    assert isinstance(grant(by_itself, own), Granted)
    assert isinstance(grant(through_office, a_chain_link()), Granted)
    assert grant(by_itself, a_chain_link(mandate={"status": ChainStatus.REVOKED})).reason
    assert isinstance(grant(by_itself, own), Granted)


@pytest.mark.parametrize("count", [2, 500, 10_000])
def test_M08_one_means_for_all_relations(count):
    clients = [an_organisation(f"Klant {n:05}") for n in range(count)]
    candidates = decide(a_question(), [a_chain_link(client) for client in clients]).candidates
    assert [candidate.organisation for candidate in candidates] == clients
    assert len({candidate.link.coupling.means_id for candidate in candidates}) == 1


def test_M10_a_service_outside_the_scope_is_refused():
    link = a_chain_link(mandate={"scope": services(VAT)})
    assert grant(a_question(REPORT), link) == Denied(DenialReason.CHAIN_SERVICE_NOT_COVERED)
    assert isinstance(grant(a_question(VAT), link), Granted)


def test_M11_an_active_mandate_without_a_coupling_is_refused():
    refusals = decide(a_question(), [an_uncoupled_mandate()]).refusals
    assert best_reason(a_question(), refusals) == Denied(DenialReason.NO_USER_COUPLING)
    assert decide(a_question(), [a_chain_link()]).candidates


def test_M12_several_people_each_by_their_own_coupling():
    mandate = a_mandate()
    people = [a_person(id=name) for name in ("een", "twee")]
    links = [ChainLink(a_coupling(mandate, a_means(person)), mandate, CLIENT, OFFICE) for person in people]
    first, second = (a_question(held=in_use(person={"id": person.id})) for person in people)
    assert isinstance(grant(first, links[0]), Granted)
    assert isinstance(grant(second, links[1]), Granted)
    assert grant(first, links[1]) == Denied(DenialReason.NO_USER_COUPLING)


@pytest.mark.parametrize("covered", [(TAX,), (TAX, TOWN)])
def test_M13_a_provider_wide_mandate_covers_all_services_of_its_providers(covered):
    link = a_chain_link(mandate={"scope": providers(*covered)})
    for provider in (TAX, TOWN, KVK, UWV):
        for index in (9001, 9002):
            allowed = isinstance(grant(a_question(a_service(provider, index)), link), Granted)
            assert allowed is (provider in covered)


def test_M14_a_new_service_is_covered_by_provider_not_by_list_and_the_level_still_counts():
    known = [a_service(TAX, index) for index in (9001, 9002)]
    new, new_eh4 = a_service(TAX, 9003), a_service(TAX, 9004, EH4)
    wide = a_chain_link(mandate={"scope": providers(TAX)})
    listed = a_chain_link(mandate={"scope": services(*known)})
    assert isinstance(grant(a_question(new), wide), Granted)
    assert grant(a_question(new), listed) == Denied(DenialReason.CHAIN_SERVICE_NOT_COVERED)
    eh4_login = a_question(new_eh4, in_use(means={"level": EH4}), authenticated_level=EH4)
    assert grant(eh4_login, wide).reason is DenialReason.LOA_TOO_LOW


def test_M48_eh3_belastingdienst_takes_no_part_in_chains_and_says_that_a_regular_eh3_is_needed():
    held = in_use(means={"type": MeansType.EH3_BELASTINGDIENST})
    question = a_question(held=held)
    links = [a_chain_link(an_organisation(f"Klant {n}")) for n in range(3)]
    decision = decide(question, links)
    assert not decision.candidates
    told = best_reason(question, decision.refusals)
    assert told == Denied(DenialReason.MEANS_TYPE_NOT_ALLOWED)
    assert "EH3" in explain(told.reason).next_step.nl
    assert "gewoon" in explain(told.reason).next_step.nl


def test_I5_the_profile_asks_eh3_of_the_person_in_every_chain():
    low_service = a_service(level=EH2_PLUS)
    for level, allowed in ((EH2_PLUS, False), (EH3, True), (EH4, True)):
        question = a_question(low_service, in_use(means={"level": level}), authenticated_level=level)
        assert bool(decide(question, [a_chain_link()]).candidates) is allowed
