"""The page about security tells of every row, and of nothing that no test shows."""

import pytest

from tests.docs.pages import read
from tests.security.rows import all_tests, by_row, read_rows

ROWS, SHOWN = read_rows(), by_row()
# Groups that are not about messages that come in: what happens says more than a rule that a test happens to name.
BEYOND_RULES = {"WEB", "OUT"}


@pytest.mark.parametrize("row", ROWS.rows)
def test_every_row_has_a_test_with_its_reason_or_says_why_not(row: str) -> None:
    shown = SHOWN.get(row, [])
    assert bool(shown) != (row in ROWS.not_applicable), "a test, or a reason why not, and not both"
    reasons = {reason for test in shown for reason in test.reasons}
    if shown:
        told = (bool(reasons), row in ROWS.no_refusal)
        assert any(told), "the tests name a reason, or the row says what happens instead"
        assert not all(told) or row.partition("-")[0] in BEYOND_RULES, "what happens is the reason that the tests name"


def test_nothing_is_said_of_rows_that_do_not_exist() -> None:
    assert (ROWS.not_applicable.keys() | ROWS.no_refusal.keys()) - ROWS.rows.keys() == set()
    assert {row.partition("-")[0] for row in ROWS.rows} == ROWS.groups.keys()


def test_the_rows_of_a_group_are_numbered_without_a_gap() -> None:
    for group in ROWS.groups:
        members = [row for row in ROWS.rows if row.startswith(f"{group}-")]
        assert members == [f"{group}-{number:02}" for number in range(1, len(members) + 1)]


def test_a_test_that_carries_the_id_of_a_row_carries_one_that_exists() -> None:
    carried = {row: test for test in all_tests() for row in test.rows if row.partition("-")[0] in ROWS.groups}
    assert {row: test.name for row, test in carried.items() if row not in ROWS.rows} == {}


def test_no_test_of_a_row_may_be_left_out() -> None:
    assert [test.name for test in all_tests() if test.may_not_run] == []


def test_every_row_is_on_the_page_once() -> None:
    text = read("docs/security.md").text
    assert {row: text.count(f"\n| `{row}` |") for row in ROWS.rows} == dict.fromkeys(ROWS.rows, 1)
