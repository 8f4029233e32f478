"""The loop that drives a login: look at a page, do what is to be done there, until nothing is.

The service provider is a stranger. On its pages only two things are done: a form with a SAML message in it is sent, as
its script would, and before the broker is reached a form without anything to fill in, a refresh or the button that was
named is followed. After the broker it is left alone: a form there may be a button to log out.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Unpack
from urllib.parse import urljoin

from broker.headless import screens
from broker.headless.addresses import login_of, origin_of
from broker.headless.browser import Browser, bare
from broker.headless.choices import Choices, Choosing, Screen
from broker.headless.faults import Stuck, named
from broker.headless.page import Form, NotOnPage, Page, buttons_of, words
from broker.headless.result import Outcome, Party, Result, Step
from broker.headless.screens import Shown

MOST_PAGES: Final = 30
_NOT_FILLED_IN: Final = frozenset({"hidden", "submit", "image", "button"})
_FAILED: Final = 400
_REQUEST: Final = "SAMLRequest"
_MESSAGES: Final = frozenset({_REQUEST, "SAMLResponse", "SAMLart"})
_REFUSALS: Final = {"refusal": Outcome.DENIED, "means_refused": Outcome.MEANS_REFUSED}
_QUESTIONS: Final = {
    "sign_in": (Screen.SIGN_IN, screens.sign_in),
    "choose_authentication_service": (Screen.AUTHENTICATION_SERVICE, screens.authentication_service),
    "choose_representation": (Screen.ORGANISATION, screens.organisation),
    "confirm_representation": (Screen.ORGANISATION, screens.confirmation),
}


def log_in(
    start_url: str, *, browser: Browser | None = None, press: str | None = None, **choices: Unpack[Choosing]
) -> Result:
    """Log in at the service provider whose login begins at `start_url`; `choices` are those of `Choices`.

    `press` is the button or link to choose on a page of the service provider, if its login begins with one. A `browser`
    keeps its cookies from one login to the next, and says which hosts it may visit; without one it is a new one, on
    this machine only. Raises `Stuck` when it cannot go on.
    """
    wanted = Choices(**choices)
    if browser is not None:
        return _Drive(browser, wanted, press).run(start_url)
    with Browser() as own:
        return _Drive(own, wanted, press).run(start_url)


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing is left to do."""

    outcome: Outcome
    code: str | None = None
    reason: str | None = None


@dataclass
class _Drive:
    """One login under way. `end` is how it ends, once the person has done what decides that."""

    browser: Browser
    choices: Choices
    press: str | None
    end: _End | None = None
    parties: dict[str, Party] = field(default_factory=dict)

    def run(self, start_url: str) -> Result:
        before = len(self.browser.sent)
        self.parties[origin_of(start_url)] = Party.SERVICE_PROVIDER
        try:
            page = self.browser.open(start_url)
            for _ in range(MOST_PAGES):
                move = self._move(page)
                if isinstance(move, _End):
                    steps = self._steps(before)
                    return Result(
                        move.outcome,
                        page,
                        steps,
                        login_of(step.url for step in steps if step.party is Party.BROKER),
                        move.code,
                        move.reason,
                    )
                page = self.browser.open(move, from_page=page) if isinstance(move, str) else self.browser.submit(move)
        except Stuck as error:
            error.steps = self._steps(before)
            raise
        often = Counter(bare(step.url) for step in self._steps(before)).most_common(3)
        again = ", ".join(f"{url} ({times} times)" for url, times in often)
        raise Stuck(f"after {MOST_PAGES} pages the login has not ended; it goes round by {again}", self._steps(before))

    def _move(self, page: Page) -> Form | str | _End:
        """The form to send, the address to go to, or the end."""
        at = screens.shown(page)
        if at is not None:
            self.parties[origin_of(page.url)] = at.party
        message = form_with_message(page)
        if message is not None:
            if self.end is not None and _REQUEST in message.fields:
                return self._again()
            return message
        if at is not None:
            return self._at(page, at)
        if Party.BROKER in self.parties.values():
            self.parties.setdefault(origin_of(page.url), Party.SERVICE_PROVIDER)
            return self._back(page)
        return self._onwards(page)

    def _at(self, page: Page, at: Shown) -> Form | str | _End:
        """At a screen of the broker or the stub."""
        if at.name == "problem":
            return _End(Outcome.MESSAGE_REFUSED, screens.fact(page, "Code"), screens.reason(page))
        if at.name == "finished":
            return self.end or _End(Outcome.CANCELLED)
        if at.name == "authentication_cancelled":
            self.end = self.end or _End(Outcome.CANCELLED)
            return screens.stop(page)
        if at.name in _REFUSALS:
            if self.end is None or self.end.outcome is Outcome.LOGGED_IN:
                self.end = _End(_REFUSALS[at.name], screens.fact(page, "Code"), screens.reason(page))
            return screens.stop(page)
        if at.name not in _QUESTIONS:
            return self._back(page) if self.end is not None else self._onwards(page)
        return self._again() if self.end is not None else self._answer(page, at)

    def _answer(self, page: Page, at: Shown) -> Form:
        """Choose what was written down. The organisation decides how it ends, and so does stopping."""
        screen, choose = _QUESTIONS[at.name]
        try:
            form = choose(page, self.choices)
        except screens.Hidden as hidden:
            self.end = _End(Outcome.DENIED, hidden.code, hidden.why)
            return screens.stop(page)
        if self.choices.cancel_at is screen:
            self.end = _End(Outcome.CANCELLED)
        elif screen is Screen.ORGANISATION and form.method == "POST":  # a search is no choice
            self.end = _End(Outcome.LOGGED_IN)
        return form

    def _again(self) -> _End:
        """The service provider got its answer, and sends its visitor to the broker again."""
        if self.end is None or self.end.outcome is Outcome.LOGGED_IN:
            return _End(Outcome.NOT_ACCEPTED, reason="the service provider sends its visitor to the broker again")
        return self.end

    def _back(self, page: Page) -> _End:
        """At the service provider after the broker."""
        end = self.end or _End(Outcome.ANSWERED)
        if page.status >= _FAILED and end.outcome in (Outcome.LOGGED_IN, Outcome.ANSWERED):
            return _End(Outcome.NOT_ACCEPTED, reason=f"the service provider answers with status {page.status}")
        return end

    def _onwards(self, page: Page) -> Form | str | _End:
        """At the service provider, or whom it sends to, before the broker."""
        if self.press is not None:
            pressed, self.press = self.press, None
            try:
                return page.form(pressed)
            except NotOnPage:
                return _link(page, pressed)
        refresh = _refresh(page)
        if refresh is not None:
            return refresh
        form = form_without_fields(page)
        return form if form is not None and page.status < _FAILED else self._nothing_to_do(page)

    def _nothing_to_do(self, page: Page) -> _End:
        buttons = [_called(button) for form in page.document.forms for button in buttons_of(form)]
        offers = f"; it has the buttons: {named(buttons)}" if buttons else ""
        said = page.title or page.heading or page.text[:100]
        where = f"status {page.status}, {said!r}{offers}"
        return _End(Outcome.NOT_SENT, reason=f"{bare(page.url)} does not lead to the broker: {where}")

    def _steps(self, since: int) -> tuple[Step, ...]:
        return tuple(
            Step(sent.method, sent.url, sent.status, self.parties.get(origin_of(sent.url), Party.OTHER))
            for sent in self.browser.sent[since:]
        )


def form_with_message(page: Page) -> Form | None:
    """The form of a page that carries a SAML message on."""
    for form in page.document.forms:
        if _MESSAGES & set(form.fields.keys()):
            return Form(page.url, form)
    return None


def form_without_fields(page: Page) -> Form | None:
    """The only form of a page, if there is nothing to fill in: one that sends itself where there is a script."""
    forms = page.document.forms
    if len(forms) != 1:
        return None
    fields = [item for item in forms[0].iter("input", "select", "textarea") if item.get("type") not in _NOT_FILLED_IN]
    return None if fields else Form(page.url, forms[0])


def _refresh(page: Page) -> str | None:
    for element in page.document.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "refresh":
            # "0; url=/next", with blanks anywhere, a comma, or the address in quotes
            *_, told = re.split("[;,]", element.get("content") or "", maxsplit=1)
            name, _, address = told.partition("=")
            return urljoin(page.url, address.strip().strip("\"'")) if name.strip().lower() == "url" else None
    return None


def _link(page: Page, text: str) -> str:
    try:
        return page.link(text)
    except NotOnPage as error:
        raise Stuck(f"at the service provider: no button or link {text!r} on {error}") from error


def _called(button: object) -> str:
    return words(button) or str(getattr(button, "value", "") or "a button without a name")
