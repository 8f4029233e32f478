"""The pages and the SAML endpoints."""

import base64
import logging
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from sp_demo import presentation
from sp_demo.clock import Clock
from sp_demo.language import Texts, say
from sp_demo.login import Logins, NewId
from sp_demo.metadata import signed_metadata
from sp_demo.receive import Status
from sp_demo.refusal import Reason, Refused
from sp_demo.settings import Portal, Service, Settings
from sp_demo.store import Session, Store

MAX_MESSAGE = 200

pages = Blueprint("pages", __name__)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages need."""

    settings: Settings
    logins: Logins
    store: Store
    texts: Texts
    clock: Clock
    new_id: NewId

    def say(self, key: str, **values: object) -> str:
        """The text under `key` in the language of this request."""
        return say(self.texts, g.language, key, **values)


@pages.get("/")
def home() -> str:
    """All portals and their services."""
    portals = _site().settings.portals
    return render_template("home.html", portals=[(portal, _current(portal) is not None) for portal in portals])


@pages.route("/login/<key>", methods=["GET", "POST"])
def login(key: str) -> str:
    """Begin a login: a page that posts a signed request to the broker."""
    site, portal = _site(), _portal(key)
    g.asked_service = request.values.get("service")
    service = _service(portal, g.asked_service)
    browser = session.setdefault("browser", site.new_id())
    session.pop(f"outcome:{portal.key}", None)
    ticket = site.logins.begin(portal, service, browser, portal.name.in_language(g.language), site.clock())
    g.form_targets = (site.logins.broker.origin,)
    message = base64.b64encode(ticket.request.encode()).decode("ascii")
    return render_template("send.html", portal=portal, service=service, ticket=ticket, message=message)


@pages.post("/acs/<key>")
def consume_post(key: str) -> Response:
    """The artifact came by POST from another site, so without our cookie: come again by GET."""
    portal = _portal(key)
    artifact, relay_state = request.form.get("SAMLart"), request.form.get("RelayState")
    return redirect(url_for("pages.consume", key=portal.key, SAMLart=artifact, RelayState=relay_state), 303)


@pages.get("/acs/<key>")
def consume(key: str) -> Response:
    """Assertion consumer service: always leads on to a page whose address holds no artifact."""
    site, portal = _site(), _portal(key)
    now = site.clock()
    service = None
    try:
        under_way = site.logins.find(portal, request.args.get("RelayState", ""), session.get("browser", ""), now)
        service = under_way.service
        result = site.logins.finish(under_way, request.args.get("SAMLart", ""), now)
    except Refused as refusal:
        return _to_outcome(portal, service, _refusal(refusal, portal))
    if isinstance(result, Status):
        _log.info("portal %s: the broker answered %s / %s", portal.key, result.code, result.detail)
        return _to_outcome(portal, service, _denial(result))
    _leave(portal)
    session[f"token:{portal.key}"] = result.token
    session.pop(f"outcome:{portal.key}", None)
    return redirect(url_for("pages.result", key=portal.key), 303)


@pages.get("/portal/<key>")
def result(key: str) -> str:
    """For whom the visitor acts at this portal."""
    site, portal = _site(), _portal(key)
    current = _current(portal)
    if current is None:
        return render_template("visitor.html", portal=portal)
    known = [service for service in portal.services if service.service_id in current.facts.services]
    return render_template(
        "result.html",
        portal=portal,
        heading=presentation.heading(site.say, current.facts),
        rows=presentation.rows(site.say, current),
        checks=current.checks,
        service=known[0] if known else portal.services[0],
    )


@pages.get("/portal/<key>/outcome")
def outcome(key: str) -> tuple[str, int]:
    """Why there is no session: stopped at the broker, denied by it, or refused here."""
    portal = _portal(key)
    found = session.get(f"outcome:{portal.key}")
    if found is None:
        return render_template("visitor.html", portal=portal), 200
    page = render_template("outcome.html", portal=portal, outcome=found, service=_service(portal, found["service"]))
    return page, found["http_status"]


@pages.post("/logout/<key>")
def logout(key: str) -> Response:
    """End the session at this portal; the broker keeps none. The Lax cookie keeps other sites from doing this."""
    _leave(_portal(key))
    return redirect(url_for("pages.home"), 303)


@pages.get("/metadata/<key>")
def metadata(key: str) -> Response:
    """The signed metadata of a portal, for the broker."""
    document = signed_metadata(_site().settings, _portal(key))
    return Response(document, mimetype="application/samlmetadata+xml")


def _site() -> Site:
    return cast(Site, current_app.extensions["sp_demo"])


def _portal(key: str) -> Portal:
    return _site().settings.portal(key) or abort(404)


def _service(portal: Portal, index: str | int | None) -> Service:
    """The service asked for, the first when none is; 404 for another."""
    if index is None:
        return portal.services[0]
    found = next((service for service in portal.services if str(service.index) == str(index)), None)
    return found or abort(404)


def _current(portal: Portal) -> Session | None:
    site = _site()
    return site.store.session(portal.key, session.get(f"token:{portal.key}", ""), site.clock())


def _leave(portal: Portal) -> None:
    token = session.pop(f"token:{portal.key}", None)
    if token is not None:
        _site().store.close_session(token)


def _to_outcome(portal: Portal, service: int | None, found: dict[str, object]) -> Response:
    session[f"outcome:{portal.key}"] = {"service": service, **found}
    return redirect(url_for("pages.outcome", key=portal.key), 303)


def _denial(status: Status) -> dict[str, object]:
    return {
        "kind": "stopped" if status.is_stopped else "denied",
        "message": (status.message or "")[:MAX_MESSAGE],
        "status": " / ".join(code.rpartition(":")[2] for code in (status.code, status.detail) if code)[:MAX_MESSAGE],
        "http_status": 200,
    }


def _refusal(refusal: Refused, portal: Portal) -> dict[str, object]:
    reference = _site().new_id()[1:9]
    _log.warning("portal %s, reference %s: refused %s: %r", portal.key, reference, refusal.reason.name, refusal.detail)
    return {
        "kind": "refused",
        "reason": refusal.reason.name,
        "code": refusal.reason.value,
        "reference": reference,
        "http_status": 502 if refusal.reason is Reason.BROKER_SILENT else 400,
    }
