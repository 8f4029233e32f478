"""At a portal SQL selects what the pure decision gives, for every register and every set of services behind it."""

from dataclasses import replace

from hypothesis import event, given
from hypothesis import strategies as st

from broker.core.decision import decide
from broker.store.changes import add
from broker.store.register import means_in_use, refused_links
from tests.core.random_registers import SERVICES, asked_registers
from tests.store.test_selection import DIFFERENTIAL, decided, in_passing, selected

BEHIND = st.lists(st.sampled_from(SERVICES), min_size=1, max_size=4, unique_by=lambda service: service.service_id)


@DIFFERENTIAL
@given(asked=asked_registers(), behind=BEHIND)
def test_the_store_selects_what_the_decision_decides_at_a_portal(store, asked, behind):
    register, alone = asked
    question = replace(alone, behind=tuple(behind))

    def compare(tx):
        add(tx, register.values)
        held = question.in_use.means
        found = replace(question, in_use=means_in_use(tx, held.internal_pseudonym, held.authentication_service))
        expected = decided(register, question)
        assert selected(tx, found) == expected
        one_by_one = {
            (candidate.organisation, candidate.intermediary)
            for service in behind
            for candidate in decided(register, replace(alone, service=service))
        }
        assert {(candidate.organisation, candidate.intermediary) for candidate in expected} == one_by_one
        event(f"{min(len(expected), 4)} candidates")

    in_passing(store, compare)


@DIFFERENTIAL
@given(asked=asked_registers(), behind=BEHIND)
def test_the_store_finds_the_links_that_the_decision_refuses_at_a_portal(store, asked, behind):
    register, alone = asked
    question = replace(alone, behind=tuple(behind))

    def compare(tx):
        add(tx, register.values)
        decision = decide(question, register.links(question.in_use))
        if decision.refusals:
            found = refused_links(tx, question, 100)
            assert set(found) == {refusal.link for refusal in decision.refusals}
            assert len(refused_links(tx, question, 1)) == 1
        event("candidates" if decision.candidates else "refusals" if decision.refusals else "nothing")

    in_passing(store, compare)
