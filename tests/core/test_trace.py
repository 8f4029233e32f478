"""The trace of a decision: complete, plain, and without secrets."""

import json

from hypothesis import given, settings

from broker.core.decision import decide
from broker.core.refusals import DenialReason
from broker.core.trace import describe
from tests.core.random_registers import asked_registers
from tests.core.register_values import (
    CLIENT,
    EH2_PLUS,
    OFFICE,
    TAX,
    a_chain_link,
    a_direct_link,
    a_question,
    a_service,
    an_uncoupled_mandate,
    in_use,
    providers,
    services,
)


def test_a_candidate_shows_the_parts_that_carried_it():
    link = a_chain_link(
        mandate={"scope": providers(TAX), "version": 4}, coupling={"narrowing": services(a_service()), "version": 2}
    )
    (candidate,) = describe(a_question(), decide(a_question(), [link]))["candidates"]
    assert candidate["organisation"]["id"] == CLIENT.id
    assert candidate["intermediary"]["id"] == OFFICE.id
    assert candidate["effective_level"] == "EH3"
    means, coupling, mandate = candidate["carried_by"]
    assert (means["part"], means["level"], means["used_at_level"]) == ("means", "EH3", "EH3")
    assert coupling == {
        "part": "coupling",
        "id": link.coupling.id,
        "version": 2,
        "status": "active",
        "level": "EH3",
        "scope": "SERVICES",
        "valid_from": "2024-01-01",
        "valid_until": "2028-12-31",
    }
    assert (mandate["part"], mandate["version"], mandate["scope"]) == ("chain_mandate", 4, "PROVIDERS")


def test_a_refusal_shows_the_first_rule_that_failed_and_the_weakest_part():
    links = [a_chain_link(mandate={"level": EH2_PLUS}), an_uncoupled_mandate(), a_direct_link(level=EH2_PLUS)]
    chain, uncoupled, direct = describe(a_question(), decide(a_question(), links))["refusals"]
    assert (chain["kind"], chain["reason"], chain["weakest"]) == ("chain", "LOA_TOO_LOW", "chain_mandate")
    assert (uncoupled["kind"], uncoupled["reason"]) == ("uncoupled", DenialReason.NO_USER_COUPLING.value)
    assert (direct["kind"], direct["weakest"]) == ("direct", "direct_mandate")


@settings(max_examples=60, deadline=None)
@given(asked_registers())
def test_every_trace_is_json_and_holds_no_internal_pseudonym(asked):
    register, question = asked
    decision = decide(question, register.links(question.in_use))
    text = json.dumps(describe(question, decision))
    assert json.loads(text) == describe(question, decision)
    assert question.in_use.means.internal_pseudonym not in text


def test_the_question_is_part_of_the_trace():
    asked = describe(a_question(held=in_use(a_direct_link())), decide(a_question(), []))["question"]
    assert asked["service"]["id"] == a_service().service_id
    assert asked["day"] == "2026-11-24"
    assert asked["policy"]["chain_min_level"] == "EH3"
