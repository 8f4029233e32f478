"""One frozen dataclass per template: exactly what that template may see, and `render`, which shows it.

A view fills in one of these and returns `render(page)`; it never names a template or passes loose values. The text
beside each field says what it is for. Words that people read come in as `Text` (both languages) or, for names of
people and organisations, as `str`; the fixed words of a page stand in its template.

    Home                          what listens where
    Help                          what the codes mean
    ChooseAuthenticationService   one option of several
    ChooseRepresentation          on whose behalf: search, pages of 25
    ConfirmRepresentation         on whose behalf, when there is one candidate
    SendForm                      a form that goes to another party
    Refusal                       a legitimate no: reason and next step
    AuthenticationCancelled       the person stopped at the authentication service
    Finished                      this login has already ended
    LogoutImpossible              it is not known where the login was
    Problem                       an error: nothing is told but a code and an incident number

The pages of the operator's area are in `broker.web.operator.pages`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar

from flask import Flask, Response, make_response, render_template, url_for
from jinja2 import StrictUndefined

from broker.core.assurance import AssuranceLevel
from broker.core.text import Text
from broker.simulator.representation import SEARCH_FROM
from broker.web.drawer import Drawer
from broker.web.headers import content_security_policy
from broker.web.language import said

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAsked:
    """What the person is logging in for. All but `provider_name` is the catalogue's, so no sender chooses the words."""

    service: Annotated[Text, "name of the service"]
    provider: Annotated[Text, "name of the service provider (dienstverlener)"]
    level: Annotated[AssuranceLevel, "the lowest level that will do"]
    provider_name: Annotated[Text | str | None, "ProviderName of the request, in brackets behind the service"] = None
    description: Annotated[Text | None, "the catalogue's explanation of the service"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One authentication service to choose from; `value` is posted as `choice`."""

    value: Annotated[str, "what is posted: the EntityID, or a token"]
    name: Annotated[Text | str, "display name from the metadata"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """An organisation that the person may act for; `token` is posted as `choice`, never a number."""

    token: Annotated[str, "signed choice"]
    name: Annotated[str, "name of the organisation"]
    kvk_number: Annotated[str, "eight digits"]
    city: Annotated[str, "place of establishment"]
    level: Annotated[AssuranceLevel, "effective level: the minimum over the links"]
    valid_until: Annotated[date | None, "last day of validity in the Netherlands; None for no end"] = None
    expires_soon: Annotated[bool, "whether to warn that the last day is near"] = False
    intermediary: Annotated[str | None, "name of the intermediary, for a chain mandate"] = None
    branch: Annotated[str | None, "branch (vestiging) that the mandate is limited to"] = None
    pinned: Annotated[bool | None, "whether the person pinned it; None when the page offers no pinning"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Which part of the found organisations is on the page; numbers start at 1."""

    total: Annotated[int, "how many organisations were found, on all pages together"]
    more: Annotated[bool, "whether there are more than that, which only searching finds"] = False
    number: Annotated[int, "which page this is"] = 1
    size: Annotated[int, "how many organisations a full page has"] = PAGE_SIZE

    @property
    def first(self) -> int:
        """Number of the first organisation on this page; 0 when nothing was found."""
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last(self) -> int:
        """Number of the last organisation on this page."""
        return min(self.number * self.size, self.total)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def links(self) -> tuple[int | None, ...]:
        """Pages to link to: the ends and the neighbours, with None where pages are left out."""
        shown = sorted({1, self.number - 1, self.number, self.number + 1, self.pages} & set(range(1, self.pages + 1)))
        links: list[int | None] = []
        for previous, number in zip([0, *shown], shown, strict=False):
            skipped = number - previous - 1
            links += [number - 1] if skipped == 1 else [None] if skipped else []
            links.append(number)
        return tuple(links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Someone who listens somewhere."""

    name: Annotated[Text, "name of the party"]
    role: Annotated[Text, "what it does, in a few words"]
    address: Annotated[str, "where it listens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code and what it means."""

    code: Annotated[str, "as pages and log show it"]
    meaning: Annotated[Text, "what is the matter"]
    advice: Annotated[Text | None, "what the person can do"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has. One that does not come again at its address has no link to itself in another language."""

    template: ClassVar[str]
    comes_again: ClassVar[bool] = True
    form_targets: Annotated[
        tuple[str, ...], "addresses of others where a form of this page may end up, redirects included"
    ] = ()

    def leads_to(self) -> tuple[str, ...]:
        """The addresses that the page's security policy must let forms go to."""
        return self.form_targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Page):
    """What every step of a login has. All forms are POST and carry `hidden`; cancelling is always possible."""

    asked: Annotated[ServiceAsked, "what the person is logging in for"]
    cancel_url: Annotated[str, "POST: stop, and tell the service provider"]
    hidden: Annotated[Mapping[str, str], "fields that every form of the page posts unchanged"] = field(
        default_factory=dict
    )
    finish_before: Annotated[datetime | None, "moment when the login expires, with a time zone"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationStep(Step):
    """What the pages about whom to act for have besides."""

    drawer: Annotated[Drawer | None, "why the page shows what it shows, for developers"] = None
    message: Annotated[str | None, "what the person just did, in the language of the page"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home(Page):
    """What this simulator is and who listens where."""

    template: ClassVar[str] = "home.html"
    parties: Annotated[tuple[Party, ...], "who listens where"]
    metadata_url: Annotated[str, "the broker's metadata for service providers"]
    help_url: Annotated[str, "what the codes mean"]
    operator_url: Annotated[str | None, "the operator's area, where there is one"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(Page):
    """What every code means that a page or the log may show."""

    template: ClassVar[str] = "help.html"
    refusals: Annotated[tuple[Code, ...], "why a person may not act for an organisation"]
    errors: Annotated[tuple[Code, ...], "why a login cannot go on"]
    rules: Annotated[tuple[Code, ...], "what may be wrong with a message"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseAuthenticationService(Step):
    """Choose where to authenticate. The page sorts the options by name, ignoring case, as the scheme wants."""

    template: ClassVar[str] = "choose_authentication_service.html"
    options: Annotated[tuple[Option, ...], "authentication services that can deliver what is asked"]
    choose_url: Annotated[str, "POST with `choice`, and `remember` when the box is ticked"]
    nothing_chosen: Annotated[bool, "whether the form came back without a choice"] = False
    chosen_before: Annotated[str | None, "`value` of the option that this browser chose last time"] = None
    remember: Annotated[bool | None, "whether the box to remember the choice is ticked; None for no box"] = True

    @property
    def sorted_options(self) -> tuple[Option, ...]:
        """The options in the order of the page, which depends on its language."""
        return tuple(sorted(self.options, key=lambda option: said(option.name).casefold()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseRepresentation(RepresentationStep):
    """On whose behalf does the person log in? On the first page what is at hand, then the own organisation, then those
    who gave a mandate.

    Searching and paging are GET on `list_url` with `q` and `page`; choosing is POST on `choose_url` with `choice`;
    pinning is POST on `pin_url` with the token as `pin` or `unpin`.
    """

    template: ClassVar[str] = "choose_representation.html"
    person: Annotated[str, "name of the person who is logged in"]
    own: Annotated[tuple[Representation, ...], "own organisation, on this page of results"]
    clients: Annotated[tuple[Representation, ...], "organisations that gave a mandate, on this page of results"]
    results: Annotated[Results, "which part of what was found is on the page"]
    pinned: Annotated[tuple[Representation, ...], "on top: what the person pinned"] = ()
    recent: Annotated[tuple[Representation, ...], "on top: whom the person acted for last"] = ()
    pin_url: Annotated[str, "POST with `pin` or `unpin`"]
    query: Annotated[str, "what was searched for; empty for everything"] = ""
    list_url: Annotated[str, "GET with `q` and `page`"]
    choose_url: Annotated[str, "POST with `choice`"]
    nothing_chosen: Annotated[bool, "whether the form came back without a choice"] = False

    @property
    def searchable(self) -> bool:
        """Whether a search field helps."""
        return bool(self.query) or self.results.total >= SEARCH_FROM

    @property
    def pinnable(self) -> bool:
        """Whether something on the page can be pinned or unpinned."""
        return any(entry.pinned is not None for entry in (*self.pinned, *self.recent, *self.own, *self.clients))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRepresentation(RepresentationStep):
    """There is one organisation to act for: say so before it happens, and offer another (E02)."""

    template: ClassVar[str] = "confirm_representation.html"
    person: Annotated[str, "name of the person who is logged in"]
    candidate: Annotated[Representation, "the organisation"]
    choose_url: Annotated[str, "POST with `choice`, the candidate's token"]
    other_means_url: Annotated[str, "POST: authenticate again, with other means"]
    more_with_higher_means: Annotated[bool, "whether means of a higher level would give more to choose"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendForm(Page):
    """The browser carries a message to another party; a script presses the button, and so can the person."""

    template: ClassVar[str] = "send_form.html"
    heading: Annotated[Text, "where the person goes, as a heading"]
    target: Annotated[str, "absolute address that the form is posted to"]
    fields: Annotated[Mapping[str, str], "what is posted: SAMLRequest, SAMLResponse or SAMLart, and RelayState"]
    method: Annotated[str, "post, or get when the fields go in the address"] = "post"

    def leads_to(self) -> tuple[str, ...]:
        """The target, and what the view added."""
        return (self.target, *self.form_targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(RepresentationStep):
    """A legitimate no (weigering), with the way on that the scheme demands (handelingsperspectief)."""

    template: ClassVar[str] = "refusal.html"
    reason: Annotated[Text, "why not, in one or two sentences"]
    next_step: Annotated[Text, "what the person can do about it"]
    code: Annotated[str, "stable reason code to quote"]
    person: Annotated[str | None, "name of the person, when known"] = None
    organisation: Annotated[str | None, "the organisation it is about, when known"] = None
    other_organisation_url: Annotated[str | None, "GET: back to the list, when there is one"] = None
    other_means_url: Annotated[str | None, "POST: authenticate again with other means, when that may help"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationCancelled(Step):
    """The person stopped at the authentication service, or it could not recognise the person."""

    template: ClassVar[str] = "authentication_cancelled.html"
    authentication_service: Annotated[Text | str, "its display name"]
    again_url: Annotated[str, "POST: back to the choice of an authentication service, or to the only one"]
    others_available: Annotated[bool, "whether there is another authentication service to choose"]
    said: Annotated[str | None, "what it said of a failure that the person did not cause"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Page):
    """This login has ended: the button was pressed twice, or the person went back in the browser."""

    template: ClassVar[str] = "finished.html"
    asked: Annotated[ServiceAsked | None, "what the person was logging in for, when known"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutImpossible(Page):
    """The broker does not know at which authentication service the login was; the words are those of the scheme."""

    template: ClassVar[str] = "logout_impossible.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Page):
    """Something is wrong that the person did not cause. The cause itself is for the log only."""

    template: ClassVar[str] = "problem.html"
    title: Annotated[Text, "what is the matter, in a few words"]
    happened: Annotated[Text, "what happened, without detail"]
    advice: Annotated[Text, "what the person can do"]
    code: Annotated[str, "stable error code to quote"]
    incident: Annotated[str, "number of this very event, the same as in the log"]
    start_url: Annotated[str | None, "the front page, when going there is of use"] = None


def install(app: Flask) -> None:
    """Let the templates of `app` fail on a misspelt name, and give them addresses of static files."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """Address of a static file; it changes with the content, so that browsers may keep the file for a year."""
    return url_for("static", filename=name, v=_fingerprint(name))


def render(page: Page, status: int = 200) -> Response:
    """The page as an answer, in the language of the request and with the security policy that its forms need."""
    response = make_response(render_template(page.template, page=page), status)
    response.headers["Content-Security-Policy"] = content_security_policy(page.leads_to())
    return response


@cache
def _fingerprint(name: str) -> str:
    return sha256((Path(__file__).parent / "static" / name).read_bytes()).hexdigest()[:12]
