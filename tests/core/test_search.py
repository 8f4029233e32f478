"""Matching and order of organisations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.identifiers import KvkNumber
from broker.core.search import MAX_NAME, Search, folded, search_text, sort_name
from tests.core.register_values import an_organisation

BAKERY = an_organisation("Bakkerij De Lachende Maan", city="'s-Gravenhage", kvk_number=KvkNumber("00012345"))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "bakkerij",
        "BAKKER",
        "lachende maan",
        "maan bakker",
        "akkerij",
        "gravenhage",
        "maan 's-gra",
        "bákkerij",
        "0001",
        "0001 2345",
        "00012345",
        "maan\x00",
    ],
)
def test_found(typed):
    assert Search.read(typed).matches(BAKERY)


@pytest.mark.parametrize("typed", ["slager", "maan slager", "12345", "1", "000123456", "b_kkerij", "%", "maan2"])
def test_not_found(typed):
    assert not Search.read(typed).matches(BAKERY)


def test_accents_case_and_white_space_make_no_difference():
    assert folded("  Coöperatie\tÉén\n ß ") == "cooperatie een ss"
    assert sort_name(an_organisation("x", statutory_name="ÉÉN")) == "een"


def test_a_search_is_bounded():
    assert len(Search.read("a b c d e f g h i j k l").words) == 8
    assert Search.read("x" * 10_000).words == ("x" * 100,)
    assert len(sort_name(an_organisation("x", statutory_name="n" * 5000))) == MAX_NAME


@given(st.text())
def test_any_text_can_be_searched_for_and_finds_the_organisation_that_is_called_so(typed):
    search = Search.read(typed)
    assert all(word.isprintable() for word in search.words)
    if len(folded(typed)) <= 60 and not search.kvk_prefix:
        assert search.matches(an_organisation("x", statutory_name=typed, city="y"))


def test_name_and_city_are_not_read_as_one():
    assert "maan 's" not in search_text(BAKERY)
