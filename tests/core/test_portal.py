"""At a portal one service behind it is enough, and all that may be used are given (portaalfunctie)."""

from dataclasses import replace

import pytest

from broker.core.decision import Granted, best_reason, decide, grant
from broker.core.links import Part
from broker.core.mandates import ChainStatus
from broker.core.refusals import DenialReason, Denied
from broker.core.scope import Scope
from broker.core.why_not import denial, denial_of_means, usable_services
from tests.core.register_values import EH2_PLUS, EH3, EH4, TOWN, a_chain_link, a_question, a_service

PARKING = a_service(TOWN, 9002, EH2_PLUS)
BUILDING = a_service(TOWN, 9001, EH3)
SECRET = a_service(TOWN, 9003, EH4)
PORTAL = a_service(TOWN, 9000, EH2_PLUS, portal_for=(BUILDING.service_id, PARKING.service_id, SECRET.service_id))
QUESTION = a_question(PORTAL, behind=(BUILDING, PARKING, SECRET), requested_level=EH2_PLUS)


def only(*services, **changes):
    """A chain link that covers these services."""
    scope = Scope(services=frozenset(service.definition_uuid for service in services))
    return a_chain_link(mandate={"scope": scope, **changes})


def services_of(granted):
    assert isinstance(granted, Granted)
    return granted.services


def test_without_a_portal_the_question_is_about_the_service_that_was_asked():
    question = a_question(BUILDING)
    assert question.each == (question,)
    assert services_of(grant(question, a_chain_link())) == (BUILDING,)


def test_a_portal_asks_for_each_service_behind_it_and_not_for_itself():
    assert [each.service for each in QUESTION.each] == [BUILDING, PARKING, SECRET]
    assert all(each.behind == () for each in QUESTION.each)
    assert isinstance(grant(QUESTION, only(PORTAL)), Denied)


def test_all_services_at_the_needed_level_are_granted_in_the_order_of_the_catalogue():
    link = a_chain_link()
    assert denial(QUESTION, link) is None
    assert services_of(grant(QUESTION, link)) == (BUILDING, PARKING)  # the third needs EH4


def test_one_service_is_enough():
    assert services_of(grant(QUESTION, only(PARKING))) == (PARKING,)
    assert services_of(grant(QUESTION, only(PARKING, BUILDING, level=EH2_PLUS))) == (PARKING,)


def test_a_higher_level_that_was_asked_counts_for_every_service():
    question = replace(QUESTION, requested_level=EH3)
    assert services_of(grant(question, a_chain_link())) == (BUILDING, PARKING)
    assert grant(question, only(PARKING, level=EH2_PLUS)) == Denied(DenialReason.NO_SUITABLE_MANDATE)


@pytest.mark.parametrize(
    ("link", "denied"),
    [
        (a_chain_link(mandate={"status": ChainStatus.REVOKED}), Denied(DenialReason.NO_SUITABLE_MANDATE)),
        (only(SECRET), Denied(DenialReason.NO_SUITABLE_MANDATE)),
    ],
    ids=["revoked-and-means-too-low", "covered-but-too-low"],
)
def test_different_reasons_become_one(link, denied):
    assert grant(QUESTION, link) == denied


def test_the_same_reason_everywhere_is_told():
    question = replace(QUESTION, behind=(BUILDING, PARKING))
    assert grant(question, a_chain_link(mandate={"status": ChainStatus.REVOKED})) == Denied(DenialReason.CHAIN_REVOKED)
    assert grant(question, only(SECRET)) == Denied(DenialReason.CHAIN_SERVICE_NOT_COVERED)


def test_a_means_that_is_too_low_for_every_service_is_the_reason():
    question = replace(QUESTION, behind=(SECRET,))
    assert denial_of_means(question) == Denied(DenialReason.LOA_TOO_LOW, Part.MEANS)
    assert best_reason(question, []) == Denied(DenialReason.LOA_TOO_LOW, Part.MEANS)
    assert denial_of_means(QUESTION) is None


def test_a_service_without_chains_is_left_out():
    closed = replace(PARKING, chain_allowed=False)
    question = replace(QUESTION, behind=(BUILDING, closed))
    assert services_of(grant(question, a_chain_link())) == (BUILDING,)
    assert grant(replace(question, behind=(closed,)), a_chain_link()) == Denied(
        DenialReason.CHAIN_NOT_ALLOWED_BY_SERVICE
    )


def test_of_several_links_the_one_for_the_most_services_is_taken():
    narrow, wide = only(PARKING), a_chain_link(mandate={"id": "wide"}, coupling={"id": "wide", "mandate_id": "wide"})
    (candidate,) = decide(QUESTION, [narrow, wide]).candidates
    assert candidate.link == wide
    assert candidate.superseded == (narrow,)
    assert usable_services(QUESTION, candidate.link) == (BUILDING, PARKING)
    (without_portal,) = decide(a_question(PARKING), [narrow, wide]).candidates
    assert without_portal.link == narrow
