"""A person's way through the broker's screens and those of the stub authentication service.

Each step takes the page it starts at, and gives the page where it ends.
"""

from .driver import Browser
from .page import Page

LOG_IN_AS_FLEUR = "Log in met EH3 als Fleur Voorbeeld"
"""She works for the accountant."""


def to_authentication(browser: Browser, page: Page) -> Page:
    """From the broker's first page to the authentication service."""
    return browser.submit(page.form("Ga verder"))


def to_representation(browser: Browser, page: Page) -> Page:
    """Log in as Fleur at the authentication service, as far as the broker's page that asks on behalf of whom."""
    answer = browser.submit(page.form(LOG_IN_AS_FLEUR))
    return browser.submit(answer.form("Ga verder"))


def choose(browser: Browser, page: Page, organisation: str) -> Page:
    """On behalf of `organisation`: back to the service provider."""
    return browser.submit(page.form("Ga verder").choose(organisation))


def cancel_authentication(browser: Browser, page: Page) -> Page:
    """Stop at the authentication service: back to the service provider."""
    answer = browser.submit(page.form("Annuleren en terug naar Ketenbroker (simulator)"))
    return browser.submit(answer.form("Ga verder"))


def cancel_representation(browser: Browser, page: Page) -> Page:
    """Stop at the broker's page that asks on behalf of whom: back to the service provider."""
    return browser.submit(page.form("Annuleren"))
