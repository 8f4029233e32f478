"""A person's way from the Django service provider through the broker's real screens, and back."""

from dataclasses import dataclass

from broker.headless import log_in

from . import screens
from .driver import Browser
from .harness import DjangoSp
from .page import Page
from .visit import Visit


@dataclass
class Visitor:
    """Somebody who reads Dutch, with a browser, at the service provider `sp`."""

    browser: Browser
    sp: DjangoSp

    def __post_init__(self) -> None:
        self._already_logged = self.sp.log.stat().st_size

    def to_authentication(self, **start: str | None) -> Page:
        """Start at the service provider, with the arguments of `login_url`, as far as the authentication service."""
        request = self.browser.open(self.sp.login_url(**start)).form()
        return screens.to_authentication(self.browser, self.browser.submit(request))

    def to_representation(self, **start: str | None) -> Page:
        """Log in as Fleur, as far as the broker's page that asks on behalf of whom."""
        return screens.to_representation(self.browser, self.to_authentication(**start))

    def log_in_for(self, organisation: str, **start: str | None) -> Visit:
        """The whole login, on behalf of `organisation`."""
        start_url = self.sp.login_url(**start)
        result = log_in(start_url, browser=self.browser, person="Fleur Voorbeeld", client=organisation)
        return self.arrive(result.page)

    def arrive(self, page: Page) -> Visit:
        """Be back at the service provider, on `page`; the log starts where this visitor came in."""
        return Visit(page, self.sp.log.read_bytes()[self._already_logged :].decode())
