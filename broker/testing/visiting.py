"""Driving a login through a service provider, without a browser, and what came of it on both sides."""

from dataclasses import dataclass, field
from typing import Any, Final

from broker.headless import Browser, Outcome, Stuck, log_in
from broker.headless.page import Page
from broker.headless.result import Step
from broker.testing.eherkenning import Eherkenning
from broker.testing.logins import Login, Plain

NOT_SENT: Final = "not_sent"
_FAILED: Final = 400
_NOT_BACK: Final = frozenset({Outcome.NOT_SENT, Outcome.MESSAGE_REFUSED})


@dataclass(frozen=True)
class Visit:
    """A login that was driven to its end.

    `outcome` is that of `login`, as the broker recorded it; not_sent when the service provider sent nobody to the
    broker, and then `login` is None. `accepted` tells whether the service provider, with its answer, showed a page
    without an error: `page`, the last one. `steps` are all requests. `browser` is still logged in there.
    """

    outcome: str
    accepted: bool
    page: Page = field(repr=False)
    login: Login | None = field(repr=False)
    steps: tuple[Step, ...] = field(repr=False)
    browser: Browser = field(repr=False)

    @property
    def reason(self) -> str:
        """The code of the refusal, if it was one."""
        return self.login.reason if self.login else ""

    @property
    def oracle(self) -> Plain:
        """What a correct service provider understood; raises `LookupError` when nobody came to the broker."""
        if self.login is None:
            raise LookupError(f"{self.page.url}: nobody came to the broker from there")
        return self.login.oracle


def visit(
    eherkenning: Eherkenning, browser: Browser, start_url: str, *, press: str | None = None, **script: Any
) -> Visit:
    """Log in at the service provider whose login begins at `start_url`, with `script` as in `Eherkenning.next_login`.

    Without a script the login goes as was said before. `press` is the button or link to choose on a page of the service
    provider, if its login begins with one. Raises `CallRefused`, and `Stuck` when the login cannot go on.
    """
    if script:
        eherkenning.next_login(**script)
    known = {one.id for one in eherkenning.logins}
    try:
        result = log_in(start_url, browser=browser, press=press)
    except Stuck as stuck:
        stuck.add_note("\n".join(f"  {step.status} {step.method} {step.url.partition('?')[0]}" for step in stuck.steps))
        raise
    new = [one for one in eherkenning.logins if one.id not in known]
    login = new[-1] if new else None
    back = result.outcome not in _NOT_BACK and result.page.status < _FAILED
    accepted = back and result.outcome is not Outcome.NOT_ACCEPTED and login is not None
    return Visit(login.outcome if login else NOT_SENT, accepted, result.page, login, result.steps, browser)
