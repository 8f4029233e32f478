"""Every reason has words in both languages, for what is the matter and for what to do."""

import pytest

from broker.core.explanations import EXPLANATIONS, PART_NAMES, explain
from broker.core.links import Part
from broker.core.refusals import DenialReason


def test_there_is_an_explanation_for_every_reason_and_no_other():
    assert EXPLANATIONS.keys() == set(DenialReason)
    assert PART_NAMES.keys() == set(Part)


@pytest.mark.parametrize("reason", DenialReason)
def test_reason_and_next_step_are_sentences_in_dutch_and_in_english(reason):
    explanation = explain(reason)
    for text in (explanation.reason, explanation.next_step):
        for words in (text.nl, text.en):
            assert words[0].isupper()
            assert words.endswith(".")
            assert len(words.split()) > 3
        assert text.nl != text.en
    assert explanation.reason != explanation.next_step


@pytest.mark.parametrize("reason", DenialReason)
def test_dutch_texts_say_u_and_keep_sentences_short(reason):
    explanation = explain(reason)
    for words in (explanation.reason.nl, explanation.next_step.nl):
        assert not {"je", "jij", "jouw"} & set(words.lower().rstrip(".").split())
        for sentence in words.split(". "):
            assert len(sentence.split()) <= 20


@pytest.mark.parametrize("reason", DenialReason)
def test_codes_are_their_own_names(reason):
    assert reason.value == reason.name
