"""Every obstacle has words in both languages, for what is the matter and for what to do."""

import pytest

from broker.core.administration.advice import ADVICE, advise
from broker.core.administration.obstacles import Obstacle


def test_there_is_advice_for_every_obstacle_and_no_other():
    assert ADVICE.keys() == set(Obstacle)


@pytest.mark.parametrize("obstacle", Obstacle)
def test_reason_and_next_step_are_sentences_in_dutch_and_in_english(obstacle):
    words = advise(obstacle)
    for text in (words.reason, words.next_step):
        for language in (text.nl, text.en):
            assert language[0].isupper()
            assert language.endswith(".")
            assert len(language.split()) > 3
        assert not {"je", "jij", "jouw"} & set(text.nl.lower().rstrip(".").split())
        assert all(len(sentence.split()) <= 20 for sentence in text.nl.split(". "))
    assert obstacle.value == obstacle.name
