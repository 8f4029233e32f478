"""I11: a BSN that somebody types is seen, however it is written."""

import pytest

from broker.core.bsn import holds_bsn


@pytest.mark.parametrize("text", ["111222333", "mijn bsn is 123456782.", "1112.22.333", "111 222 333", "111-222-333"])
def test_I11_a_number_that_may_be_a_BSN_is_seen(text):
    assert holds_bsn(text)


@pytest.mark.parametrize(
    "text", ["", "68750110", "999999999", "1112223334", "000037178598", "06-12345678", "111222334"]
)
def test_I11_other_numbers_are_not(text):
    assert not holds_bsn(text)
