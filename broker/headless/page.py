"""What a browser shows: pages, the forms on them and the links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urljoin

import lxml.html
import requests

Element = Any
"""An element of lxml.html, of which the type stubs know little."""

NOT_TYPED_IN = {"button", "checkbox", "file", "image", "radio", "reset", "submit"}


class NotOnPage(Exception):
    """The page has no such form, button or link; the message says what it does have."""


@dataclass
class Form:
    """A form on the page at `url`, with the button that will be pressed (None: the form is sent without one)."""

    url: str
    element: Element
    button: Element | None = None

    @property
    def action(self) -> str:
        """The address that the form is sent to: the button's own (`formaction`), else the form's."""
        own = None if self.button is None else self.button.get("formaction")
        return str(urljoin(self.url, own or self.element.get("action") or self.url))

    @property
    def method(self) -> str:
        """`GET` or `POST`."""
        return str(self.element.method)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Names and values as they would be sent, in order, the pressed button last."""
        for control in self.element.iter("input"):
            if control.value is None and control.get("type", "text") not in NOT_TYPED_IN:
                control.value = ""  # lxml leaves an empty field out; browsers send it
        pressed = None if self.button is None else self.button.get("name")
        typed: list[tuple[str, str]] = self.element.form_values()
        return typed + ([(pressed, self.button.get("value", ""))] if self.button is not None and pressed else [])

    @property
    def fields(self) -> dict[str, str]:
        """As `pairs`; of a name that occurs more than once the last value."""
        return dict(self.pairs)

    def fill(self, values: Mapping[str, str]) -> Self:
        """Enter `values`; `KeyError` for a field and `ValueError` for a choice that the form does not offer."""
        for name, value in values.items():
            self.element.fields[name] = value
        return self

    def choose(self, label: str) -> Self:
        """Mark the radio button or checkbox whose label begins with `label`; raises `NotOnPage` unless it is one."""
        labels = [(words(found), found.for_element) for found in self.element.iter("label")]
        meant = [control for said, control in labels if said.startswith(label)]
        if len(meant) != 1:
            raise NotOnPage(f"{self.url}: {len(meant)} choices {label!r}; choices: {[said for said, _ in labels]}")
        if meant[0].get("type") == "checkbox":  # of several with one name each is marked by itself
            meant[0].checked = True
            return self
        return self.fill({meant[0].get("name"): meant[0].get("value")})


@dataclass(frozen=True)
class Page:
    """An answer that is not a redirect, and the hops `(status, address)` that led to it."""

    url: str
    response: requests.Response
    hops: tuple[tuple[int, str], ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(self.response.status_code)

    @property
    def document(self) -> Element:
        """The parsed page; parsed anew each time, so that filling in a form leaves no trace."""
        return lxml.html.document_fromstring(self.response.content.strip() or b"<p>")

    @property
    def text(self) -> str:
        """What there is to read, with single spaces."""
        body = self.document.find("body")
        return "" if body is None else words(body)

    @property
    def title(self) -> str:
        """The title in the head, or an empty string."""
        return next((words(found) for found in self.document.iter("title")), "")

    @property
    def heading(self) -> str:
        """The text of the first h1, or an empty string."""
        return next((words(found) for found in self.document.iter("h1")), "")

    def json(self) -> Any:
        """The page as JSON."""
        return self.response.json()

    def form(self, button: str | None = None) -> Form:
        """The form with a button that reads `button`; without that the page must have exactly one form."""
        document = self.document
        buttons = [(form, pressed) for form in document.forms for pressed in buttons_of(form)]
        if button is None and len(document.forms) == 1:
            return Form(self.url, document.forms[0])
        for form, pressed in buttons:
            if _label(pressed) == button:
                return Form(self.url, form, pressed)
        offered = [_label(pressed) for _, pressed in buttons]
        raise NotOnPage(f"{self.status} {self.url}: no form with button {button!r}; buttons: {offered}; {self.text!r}")

    def link(self, text: str) -> str:
        """The address of the link that reads `text`."""
        links = {words(link): link.get("href") for link in self.document.iter("a")}
        if links.get(text) is None:
            raise NotOnPage(f"{self.status} {self.url}: no link {text!r}; links: {list(links)}")
        return str(urljoin(self.url, links[text]))


def buttons_of(form: Element) -> Iterator[Element]:
    """The buttons that send `form`: those inside it, and those elsewhere that name it."""
    for control in form.getroottree().iter("button", "input"):
        if control.get("type", "submit" if control.tag == "button" else "text") in {"submit", "image"}:
            named = control.get("form")
            if form in control.iterancestors("form") if named is None else form.get("id") == named:
                yield control


def _label(button: Element) -> str:
    return words(button) if button.tag == "button" else button.get("value", "")


def words(element: Element) -> str:
    """What there is to read in an element, with single spaces."""
    return " ".join(element.text_content().split())
