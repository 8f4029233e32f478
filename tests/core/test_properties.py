"""What holds for every register and every question."""

from hypothesis import event, given, settings

from broker.core.catalogue import BRANCH_RESTRICTION
from broker.core.decision import Granted, decide, grant
from broker.core.links import ChainLink
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.scope import covers
from broker.core.trace import describe
from tests.core.random_registers import asked_registers

PROPERTY = settings(max_examples=80, deadline=None)


@PROPERTY
@given(asked_registers())
def test_every_link_is_either_carried_passed_over_or_refused(asked):
    register, question = asked
    links = register.links(question.in_use)
    decision = decide(question, links)
    used = [link for c in decision.candidates for link in (c.link, *c.superseded)]
    refused = [refusal.link for refusal in decision.refusals]
    assert sorted(link.reference.id for link in used + refused) == sorted(link.reference.id for link in links)
    entries = [
        (type(c.link), c.organisation.id, c.intermediary or getattr(c.link.mandate, "branch", None))
        for c in decision.candidates
    ]
    assert len(set(entries)) == len(entries)
    event(f"{min(len(decision.candidates), 3)} candidates")


@PROPERTY
@given(asked_registers())
def test_I2_every_chain_has_one_intermediary_that_the_person_works_for(asked):
    register, question = asked
    held = question.in_use
    tied = {held.employer.id} | {
        m.organisation_id
        for m in register.direct
        if m.means_id == held.means.id and m.status is LinkStatus.ACTIVE and m.validity.contains(question.day)
    }
    for candidate in decide(question, register.links(held)).candidates:
        if isinstance(candidate.link, ChainLink):
            assert candidate.intermediary.id in tied
            assert candidate.intermediary.id != candidate.organisation.id
            assert candidate.link.coupling.means_id == held.means.id


@PROPERTY
@given(asked_registers())
def test_I3_every_link_of_a_candidate_is_in_force_today(asked):
    register, question = asked
    for candidate in decide(question, register.links(question.in_use)).candidates:
        assert candidate.link.mandate.validity.contains(question.day)
        if isinstance(candidate.link, ChainLink):
            assert candidate.link.mandate.status is ChainStatus.ACTIVE
            assert candidate.link.coupling.status is LinkStatus.ACTIVE
            assert candidate.link.coupling.validity.contains(question.day)


@PROPERTY
@given(asked_registers())
def test_I8_the_effective_scope_is_what_both_links_cover(asked):
    register, question = asked
    for candidate in decide(question, register.links(question.in_use)).candidates:
        assert covers(candidate.link.mandate.scope, question.service)
        narrowing = candidate.link.coupling.narrowing if isinstance(candidate.link, ChainLink) else None
        assert narrowing is None or covers(narrowing, question.service)


@PROPERTY
@given(asked_registers())
def test_the_effective_level_is_the_minimum_of_all_parts_and_is_enough(asked):
    register, question = asked
    for candidate in decide(question, register.links(question.in_use)).candidates:
        link = candidate.link
        levels = [question.authenticated_level, question.in_use.means.level, link.mandate.level]
        levels += [link.coupling.level] if isinstance(link, ChainLink) else []
        assert candidate.effective_level is min(levels)
        assert candidate.effective_level >= max(question.service.required_level, question.requested_level)


@PROPERTY
@given(asked_registers())
def test_E09_a_branch_only_directly_and_only_where_branches_are_allowed(asked):
    register, question = asked
    for candidate in decide(question, register.links(question.in_use)).candidates:
        if getattr(candidate.link.mandate, "branch", None):
            assert candidate.intermediary is None
            assert BRANCH_RESTRICTION in question.service.restrictions_allowed


@PROPERTY
@given(asked_registers())
def test_I9_what_is_granted_at_issue_is_what_is_offered_at_the_same_moment(asked):
    register, question = asked
    links = register.links(question.in_use)
    decision = decide(question, links)
    offered = {link for c in decision.candidates for link in (c.link, *c.superseded)}
    assert {link for link in links if isinstance(grant(question, link), Granted)} == offered


@PROPERTY
@given(asked_registers())
def test_the_decision_does_not_depend_on_the_order_of_the_links(asked):
    register, question = asked
    links = register.links(question.in_use)
    forwards, backwards = decide(question, links), decide(question, tuple(reversed(links)))
    assert forwards.candidates == backwards.candidates
    assert describe(question, forwards)["candidates"] == describe(question, backwards)["candidates"]
