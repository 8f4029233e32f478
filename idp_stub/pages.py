"""One frozen dataclass per page of the stub authentication service, and `render`, which shows it.

It is another party than the broker, so it has a look, a cookie and headers of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, ClassVar
from urllib.parse import urlencode, urlsplit

from babel import negotiate_locale
from flask import Flask, Response, make_response, render_template, request
from jinja2 import StrictUndefined

from broker.core.assurance import AssuranceLevel
from broker.core.text import LANGUAGES, Language, Text
from idp_stub import texts

# Cookies are shared by all ports of a host name: each party needs a name of its own.
LANGUAGE_COOKIE = "stub_language"
_ONE_YEAR = 365 * 24 * 3600
_FILE = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansOption:
    """Login means (middel) of a person; `token` is posted as `means`."""

    token: Annotated[str, "reference of the means"]
    level: Annotated[AssuranceLevel, "level of the means"]
    kind: Annotated[Text, "what sort of means it is"]
    problem: Annotated[Text | None, "why it will be refused; None when it suffices"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A fictitious person and their means."""

    name: Annotated[str, "name of the person"]
    means: Annotated[tuple[MeansOption, ...], "at least one"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation and the people who work there."""

    name: Annotated[str, "name of the organisation"]
    people: Annotated[tuple[Person, ...], "the people found there"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has."""

    template: ClassVar[str]

    def leads_to(self) -> tuple[str, ...]:
        """Addresses of others that the page's security policy must let forms go to."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home(Page):
    """What this is, and where a login begins."""

    template: ClassVar[str] = "home.html"
    demo_url: Annotated[str, "the demo service provider"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(Page):
    """Pick a person and means, in the place of a password. Searching is GET on `list_url` with `q`."""

    template: ClassVar[str] = "sign_in.html"
    broker: Annotated[Text, "display name of the broker that asks"]
    level: Annotated[AssuranceLevel, "the lowest level that will do"]
    organisations: Annotated[tuple[Organisation, ...], "who was found, by organisation"]
    list_url: Annotated[str, "GET with `q` and `hidden`; also followed as a link"]
    sign_in_url: Annotated[str, "POST with `means`"]
    cancel_url: Annotated[str, "POST: stop, and tell the broker"]
    service: Annotated[Text | None, "name of the service, when the catalogue has it"] = None
    provider: Annotated[Text | str | None, "the service provider, under the name that was told if any was"] = None
    query: Annotated[str, "what was searched for; empty for everyone"] = ""
    hidden: Annotated[Mapping[str, str], "fields that every form posts unchanged"] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many people are on the page."""
        return sum(len(organisation.people) for organisation in self.organisations)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansRefused(Page):
    """These means will not do: why, and what else there is."""

    template: ClassVar[str] = "means_refused.html"
    broker: Annotated[Text, "display name of the broker that asks"]
    level: Annotated[AssuranceLevel, "the lowest level that will do"]
    person: Annotated[str, "name of the person"]
    means: Annotated[MeansOption, "the means that were tried"]
    reason: Annotated[Text, "why not: blocked, expired, too low"]
    suggestion: Annotated[Text, "what the person can do"]
    code: Annotated[str, "stable reason code"]
    retry_url: Annotated[str, "GET with `hidden`: back to the list"]
    cancel_url: Annotated[str, "POST: stop, and tell the broker"]
    hidden: Annotated[Mapping[str, str], "fields that every form posts unchanged"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnForm(Page):
    """The browser carries the statement to the broker; a script presses the button, and so can the person."""

    template: ClassVar[str] = "return_form.html"
    broker: Annotated[Text, "display name of the broker"]
    target: Annotated[str, "absolute address that the form is posted to"]
    fields: Annotated[Mapping[str, str], "what is posted: SAMLResponse and RelayState"]

    def leads_to(self) -> tuple[str, ...]:
        """The broker's address."""
        return (self.target,)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut(Page):
    """The person is logged out. This is the last page, unless the broker wants the browser back."""

    template: ClassVar[str] = "logged_out.html"
    provider: Annotated[str | None, "the service provider of the login that ended, when it is known"] = None
    target: Annotated[str | None, "the broker's address to go back to; None when there is no way back"] = None
    fields: Annotated[Mapping[str, str], "SAMLResponse and RelayState"] = field(default_factory=dict)

    def leads_to(self) -> tuple[str, ...]:
        """The broker, when there is a way back."""
        return () if self.target is None else (self.target,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Page):
    """Something is wrong that the person did not cause. The cause itself is for the log only."""

    template: ClassVar[str] = "problem.html"
    title: Annotated[Text, "what is the matter, in a few words"]
    happened: Annotated[Text, "what happened, without detail"]
    advice: Annotated[Text, "what the person can do"]
    code: Annotated[str, "stable error code to quote"]
    incident: Annotated[str, "number of this very event, the same as in the log"]


def install(app: Flask, base_url: str) -> None:
    """Give `app`, with this public address, the two languages, what templates need, and headers on every answer."""
    parts = urlsplit(base_url)
    secure = parts.scheme == "https"
    # A promise of https for `localhost` would hold for every other program on the developer's machine.
    promises = secure and parts.hostname != "localhost"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(texts=texts, current_language=current_language, address_in=address_in)
    app.jinja_env.filters["said"] = said
    app.after_request(lambda response: _remember_language(response, secure=secure))
    app.after_request(lambda response: _protected(response, promises=promises))


def render(page: Page, status: int = 200) -> Response:
    """The page as an answer, in the language of the request and with the security policy that its forms need."""
    response = make_response(render_template(page.template, page=page), status)
    response.headers["Content-Security-Policy"] = _content_security_policy(page.leads_to())
    return response


def current_language() -> Language:
    """The language of the request parameter, else of the cookie, else of the browser, else Dutch."""
    wishes = (
        request.args.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        negotiate_locale(request.accept_languages.values(), LANGUAGES, sep="-"),
    )
    return next((language for wish in wishes for language in LANGUAGES if language == wish), "nl")


def said(text: Text | str, **values: Text | str | int) -> str:
    """The text in the language of the page, with its `{name}` places filled in; a name (str) stays as it is."""
    if isinstance(text, str):
        return text
    words = text.in_language(current_language())
    filled = {name: said(value) if isinstance(value, Text) else value for name, value in values.items()}
    return words.format(**filled) if filled else words


def address_in(language: Language) -> str:
    """This page in `language`, as a relative address."""
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return "?" + urlencode([*others, ("lang", language)])


def _remember_language(response: Response, *, secure: bool) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = current_language()
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, current_language(), secure=secure, httponly=True, samesite="Lax")
    return response


def _content_security_policy(form_targets: tuple[str, ...] = ()) -> str:
    origins = ["{0.scheme}://{0.netloc}".format(urlsplit(target)) for target in form_targets]
    forms = " ".join(["form-action 'self'", *origins])
    return f"default-src 'self'; object-src 'none'; {forms}; frame-ancestors 'none'; base-uri 'none'"


def _protected(response: Response, *, promises: bool) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Content-Security-Policy", _content_security_policy())
    if promises:
        response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
    if request.endpoint != "static" or response.status_code not in _FILE:
        response.headers["Cache-Control"] = "no-cache, no-store"
        response.headers["Pragma"] = "no-cache"
    return response
