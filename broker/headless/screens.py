"""The screens of the broker and the stub, and what the person does there.

Both name their pages in a `meta` element, so that no words of a page decide. Each function takes a page and the
choices, and gives the form to send; it raises `Stuck` when what was wanted is not there, and says what is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from broker.headless.choices import Choices, Screen
from broker.headless.faults import Stuck, named
from broker.headless.page import Element, Form, Page, words
from broker.headless.result import Party

_META: Final = "ketenbroker-screen"
_PARTIES: Final = {"broker": Party.BROKER, "stub": Party.AUTHENTICATION_SERVICE}
_KVK_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """Which page of which party; `name` is the page's name within that party."""

    party: Party
    name: str


def shown(page: Page) -> Shown | None:
    """The screen that a page says it is; None for a page of anybody else."""
    for element in page.document.iter("meta"):
        if element.get("name") == _META:
            party, _, name = element.get("content", "").partition(" ")
            return Shown(_PARTIES[party], name) if party in _PARTIES else None
    return None


def fact(page: Page, name: str) -> str | None:
    """A value of the list of facts on a page of the broker or the stub."""
    for term in page.document.iter("dt"):
        if words(term) == name and (value := term.getnext()) is not None:
            return words(value)
    return None


def reason(page: Page) -> str | None:
    """Why it is refused or goes wrong, in the words of the page."""
    found = page.document.xpath("//*[contains(@class, 'utrecht-alert') or contains(@class, 'notice')]")
    return words(found[0]) if found else None


def stop(page: Page) -> Form:
    """Stop, and have the service provider told: the form that leads to an address that ends on `cancel`."""
    for form in page.document.forms:
        if (form.get("action") or "").partition("?")[0].endswith("/cancel"):
            return Form(page.url, form)
    raise Stuck(f"{page.url} has no way to stop")


class Hidden(Exception):
    """The person may not act for the client, and the part of the page for developers says why."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code)
        self.code, self.why = code, why


def sign_in(page: Page, choices: Choices) -> Form:
    """At the stub: the button of the person's means."""
    if choices.cancel_at is Screen.SIGN_IN:
        return stop(page)
    offered = [(_person(button), button) for button in page.document.xpath("//button[@name='means']")]
    if not choices.person:
        raise Stuck(f"at the stub: say which person logs in; there are: {named(who for who, _ in offered)}")
    means = [button for who, button in offered if who == choices.person]
    if not means:
        people = named(who for who, _ in offered)
        raise Stuck(f"at the stub: no person named {choices.person!r}; there are: {people}")
    meant = [button for button in means if _is_meant(button, choices)]
    if not meant:
        there = named(f"{button.get('value')} ({button.get('data-level')})" for button in means)
        raise Stuck(f"at the stub: {choices.person} has no means {_wanted(choices)}; there are: {there}")
    chosen = next((button for button in meant if button.get("data-problem") is None), meant[0])
    return Form(page.url, next(chosen.iterancestors("form")), chosen)


def authentication_service(page: Page, choices: Choices) -> Form:
    """At the broker: where the person logs in; the first one when it was not said."""
    if choices.cancel_at is Screen.AUTHENTICATION_SERVICE:
        return stop(page)
    options = _options(page)
    meant = [one for one in options if one.name.startswith(choices.authentication_service or "")]
    if not meant:
        there = named(one.name for one in options)
        wanted = choices.authentication_service
        raise Stuck(f"at the broker: no authentication service named {wanted!r}; there are: {there}")
    return meant[0].form(page)


def organisation(page: Page, choices: Choices) -> Form:
    """At the broker: on whose behalf. When the page does not have the client, it is searched for first.

    Raises `Hidden`.
    """
    if choices.cancel_at is Screen.ORGANISATION:
        return stop(page)
    options = _options(page)
    if choices.client is None:
        raise Stuck(f"at the broker: say which client is acted for; there are: {named(map(str, options))}")
    meant = [one for one in options if one.is_named(choices.client, choices.via)]
    exact = [one for one in meant if one.name == choices.client]
    found = {one.value: one for one in exact or meant}
    match list(found.values()):
        case [one]:
            return one.form(page)
        case []:
            return _search(page, choices, options)
    raise Stuck(
        f"at the broker: {choices.client!r} is the name of several; there are: {named(map(str, found.values()))}"
    )


def confirmation(page: Page, choices: Choices) -> Form:
    """At the broker: the only organisation there is. Raises `Hidden`."""
    if choices.cancel_at is Screen.ORGANISATION:
        return stop(page)
    there = words(page.document.xpath("//main/dl//dd")[0])
    if choices.client is not None and not _is_client(choices.client, there, page.text):
        raise _missing(page, choices, [there])
    form = next(item for item in page.document.forms if "choice" in item.fields)
    return Form(page.url, form)


@dataclass(frozen=True, slots=True)
class _Option:
    """One radio button: its value, the name beside it, through whom, and the words below."""

    value: str
    name: str
    via: str
    details: str
    element: Element

    def __str__(self) -> str:
        return f"{self.name} {self.via}".strip()

    def is_named(self, client: str, via: str | None) -> bool:
        return _is_client(client, self.name, self.details) and (via is None or via in self.via)

    def form(self, page: Page) -> Form:
        form = next(self.element.iterancestors("form"))
        return Form(page.url, form).fill({"choice": self.value})


def _options(page: Page) -> list[_Option]:
    document = page.document
    found = []
    for radio in document.xpath("//input[@type='radio'][@name='choice']"):
        label = next(item for item in document.iter("label") if item.get("for") == radio.get("id"))
        name, via = label.find("strong"), label.find("span")
        below = document.xpath("//*[@id=$id]", id=radio.get("aria-describedby", ""))
        found.append(
            _Option(
                value=radio.get("value"),
                name=words(label if name is None else name),
                via="" if via is None else words(via),
                details=" ".join(map(words, below)),
                element=radio,
            )
        )
    return found


def _search(page: Page, choices: Choices, options: Iterable[_Option]) -> Form:
    searched = next((form for form in page.document.forms if form.get("role") == "search"), None)
    if searched is not None and searched.fields.get("q") != choices.client:
        return Form(page.url, searched).fill({"q": choices.client or ""})
    raise _missing(page, choices, map(str, options))


def _missing(page: Page, choices: Choices, there: Iterable[str]) -> Hidden | Stuck:
    """Why the client cannot be chosen, as far as the page tells."""
    for row in page.document.xpath("//*[@id='developer']//tr[td/code]"):
        name, (code, why) = words(row.find("th")), row.findall("td")
        if choices.client is not None and name.startswith(choices.client):
            return Hidden(words(code), (why.text or "").strip())
    via = f" via {choices.via!r}" if choices.via else ""
    return Stuck(f"at the broker: no client {choices.client!r}{via} to choose; there are: {named(there)}")


def _is_client(client: str, name: str, details: str) -> bool:
    """Whether `client` is the beginning of this name, or a KvK number in these details."""
    is_number = client.isdigit() and len(client) == _KVK_DIGITS
    return client in details if is_number else name.startswith(client)


def _person(button: Element) -> str:
    return words(next(button.iterancestors("li")).find("h3"))


def _is_meant(button: Element, choices: Choices) -> bool:
    right_means = choices.means is None or button.get("value") == choices.means
    return right_means and (choices.level is None or button.get("data-level") == choices.level)


def _wanted(choices: Choices) -> str:
    return " ".join(part for part in (choices.means, choices.level and f"of level {choices.level}") if part)
