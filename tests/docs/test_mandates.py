"""The page about chain mandates lists every requirement, and each has a test that carries its id."""

import re

import pytest

from tests.docs.pages import read
from tests.mandates.shown import all_shown, by_requirement, carried_form, read_requirements

ASKED = read_requirements()
HELD = {letter: [one for one in ASKED.requirements if one.startswith(letter)] for letter in ASKED.groups}


def test_the_list_is_whole() -> None:
    """Numbers that nothing was asked under are not on the list; all others are."""
    nothing_asked = {9, *range(16, 20), *range(26, 30), *range(37, 40), 47}
    assert HELD["M"] == [f"M-{number:02}" for number in range(1, 54) if number not in nothing_asked]
    assert HELD["I"] == [f"I{number}" for number in range(1, 15)]
    assert HELD["E"] == [f"E{number:02}" for number in range(1, 26)]
    assert sum(len(held) for held in HELD.values()) == len(ASKED.requirements)


@pytest.mark.parametrize("requirement", ASKED.requirements)
def test_every_requirement_has_a_test(requirement: str) -> None:
    assert by_requirement()[requirement], f"no test is called test_{carried_form(requirement)}_..."


def test_a_test_that_carries_an_id_carries_one_that_exists() -> None:
    known = {carried_form(requirement) for requirement in ASKED.requirements}
    assert {one.test: one.carried for one in all_shown() if not known.issuperset(one.carried)} == {}


def test_no_test_of_a_requirement_may_be_left_out() -> None:
    assert [one.test for one in all_shown() if one.may_not_run] == []


def test_every_requirement_is_on_the_page_once_in_words_of_its_own() -> None:
    text = read("docs/mandates.md").text
    assert {one: text.count(f"\n| `{one}` | {said} |") for one, said in ASKED.requirements.items()} == dict.fromkeys(
        ASKED.requirements, 1
    )
    assert len(set(ASKED.requirements.values())) == len(ASKED.requirements)
    assert all(re.fullmatch(r"[^|`]{15,140}", said) for said in ASKED.requirements.values())
