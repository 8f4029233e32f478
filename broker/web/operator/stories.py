"""Logins that are one click away: stories to show, and a link of which the address says what to choose.

Opening an address changes nothing: the button on the page writes down the choices for the next login, and goes there.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker.core.loopback import is_loopback
from broker.core.script import Screen, Script
from broker.core.text import Text
from broker.simulator import stories
from broker.simulator.control import scripting
from broker.store import register_pages
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.operator.navigation import frame, hidden
from broker.web.operator.story_pages import Act, PreparedLogin, Stories, Story

blueprint = Blueprint("stories", __name__)

_SEE_OTHER: Final = 303
_BAD_REQUEST: Final = 400
_FIELDS: Final = {
    "sp": Text("Begint bij", "Begins at"),
    "means": Text("Inlogmiddel", "Means"),
    "client": Text("Organisatie", "Organisation"),
    "via": Text("Intermediair", "Intermediary"),
    "cancel_at": Text("Stopt bij", "Stops at"),
}
_NO_START: Final = Text(
    "Geef in sp het adres waar het inloggen begint. Het moet op deze computer zijn.",
    "Give in sp the address where the login begins. It must be on this machine.",
)
_NO_MEANS: Final = Text("Er is geen inlogmiddel met het kenmerk in means.", "There are no means with the id in means.")
_NO_CLIENT: Final = Text(
    "Er is geen organisatie met het kenmerk of KvK-nummer in client of via.",
    "There is no organisation with the id or KvK number in client or via.",
)
_NO_SCREEN: Final = Text(
    "cancel_at is een van: " + ", ".join(screen.value for screen in Screen) + ".",
    "cancel_at is one of: " + ", ".join(screen.value for screen in Screen) + ".",
)


@blueprint.get("/stories")
def listing() -> Response:
    """Stories to show."""
    sim = simulator()
    starts = {story.key: stories.start_url(sim, story) for story in stories.STORIES}
    return common.render(
        Stories(
            **frame(),
            stories=tuple(_story(item, bool(starts[item.key])) for item in stories.STORIES),
            hidden=hidden(),
            form_targets=tuple({address for address in starts.values() if address}),
        )
    )


@blueprint.post("/stories/<key>/<number>")
def tell(key: str, number: str) -> AnyResponse:
    """Begin a login of a story."""
    return redirect(stories.begin(simulator(), key, number), _SEE_OTHER)


@blueprint.get("/log-in")
def prepared() -> Response:
    """What is about to happen, by the choices in the address."""
    given = {name: request.args.get(name, "").strip() for name in _FIELDS}
    return _prepared(given, _problem(given))


@blueprint.post("/log-in")
def log_in() -> AnyResponse:
    """Write down the choices for the next login, and go where it begins."""
    given = {name: request.form.get(name, "").strip() for name in _FIELDS}
    problem = _problem(given)
    if problem is not None:
        return _prepared(given, problem)
    script = Script(
        means=given["means"] or None,
        client=given["client"] or None,
        intermediary=_organisation(given["via"]),
        cancel_at=Screen(given["cancel_at"]) if given["cancel_at"] else None,
    )
    scripting.put(simulator(), script)
    return redirect(given["sp"], _SEE_OTHER)


def _story(story: stories.Story, can_be_shown: bool) -> Story:
    acts = (
        Act(label=act.label, action=url_for("operator.stories.tell", key=story.key, number=number))
        for number, act in enumerate(story.acts)
    )
    return Story(
        key=story.key,
        title=story.title,
        seen=story.seen,
        why=story.why,
        acts=tuple(acts) if can_be_shown else (),
    )


def _prepared(given: dict[str, str], problem: Text | None) -> Response:
    return common.render(
        PreparedLogin(
            **frame(),
            choices=tuple((_FIELDS[name], value) for name, value in given.items() if value),
            action=url_for("operator.stories.log_in"),
            hidden={**hidden(), **given},
            problem=problem,
            form_targets=() if problem else (given["sp"],),
        ),
        _BAD_REQUEST if problem else 200,
    )


def _problem(given: dict[str, str]) -> Text | None:
    """What is wrong with the choices, if anything."""
    if not _is_on_this_machine(given["sp"]):
        return _NO_START
    if given["cancel_at"] and given["cancel_at"] not in {screen.value for screen in Screen}:
        return _NO_SCREEN
    means = given["means"]
    if means and simulator().store.read(lambda tx: register_pages.means_by_id(tx, means)) is None:
        return _NO_MEANS
    known = [_organisation(given[name]) for name in ("client", "via") if given[name]]
    return _NO_CLIENT if None in known else None


def _organisation(wanted: str) -> str | None:
    found = simulator().store.read(lambda tx: register_pages.organisation(tx, wanted)) if wanted else None
    return found.id if found else None


def _is_on_this_machine(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and is_loopback(parts.hostname or "") and url.isprintable()
    except ValueError:
        return False
