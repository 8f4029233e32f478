"""The browser of these tests reaches this machine only."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("address", ["http://example.org/", "https://www.eherkenning.nl/", "http://192.0.2.1/"])
def test_nothing_outside_loopback_is_reached(address: str, open_page: Callable[..., Page]) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        open_page().goto(address)
