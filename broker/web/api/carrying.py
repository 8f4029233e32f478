"""The broker's side of a login in one call, for tests that have no browser: request in, way back out."""

from typing import Final

from flask import Blueprint
from pydantic import Field

from broker.core.errors import InputInvalid
from broker.core.recorded import Outcome
from broker.headless import Stuck
from broker.headless.addresses import origin_of
from broker.headless.page import Page
from broker.headless.passing import Onwards, Passed, pass_through
from broker.saml.pki import authority_path
from broker.simulator.control import scripting
from broker.store.audit import records
from broker.web.api.control import ScriptShape, script_of
from broker.web.api.document import calls, gives
from broker.web.api.installation import installation
from broker.web.api.shapes import Shape

blueprint = Blueprint("carrying", __name__)
_NOBODY: Final = "say who logs in, or where somebody stops: nobody sits at the screen"


class BroughtShape(ScriptShape):
    """Where a service provider sent its visitor, with what happens in that login, as in a script."""

    url: str = Field(description="The address, with its query: one of this broker for requests.")
    fields: dict[str, str] = Field(default={}, description="What the form held, unless the request is in the address.")


class BackShape(Shape):
    """What the browser would do next: ask for the address, or send the fields there."""

    method: str
    url: str
    fields: dict[str, str]


class CarriedShape(Shape):
    """What came of it."""

    login: str | None = Field(description="Its id; null when none began that had a page.")
    outcome: Outcome | None = Field(description="Of the login.")
    reason: str = Field(description="Code of the refusal, if it was refused.")
    back: BackShape


@blueprint.post("/logins")
@calls.validate(resp=gives(CarriedShape), tags=["Logins"])
def carry(json: BroughtShape) -> CarriedShape:
    """Do the broker's side of a login: bring a request, make the choices, and tell what the browser would take back.

    Page, messages, decision and signatures are those of any login. When it ends at a page of ours instead, that is an
    error, which names the page.
    """
    here = installation()
    base, settings = here.simulator.addresses.base, here.settings
    if not json.url.startswith(f"{base}/"):
        raise InputInvalid((("url", f"is no address of this broker, {base}"),))
    if not (json.person or json.means or json.cancel_at or json.authentication_service_down):
        raise InputInvalid((("person", _NOBODY),))
    services = [item.sso_location for item in here.simulator.authentication_services.values()]
    within = set(map(origin_of, (base, *services)))
    authorities = (authority_path(settings.paths.certs),) if base.startswith("https:") else ()
    queued = scripting.put(here.simulator, script_of(json), json.service_provider)
    try:
        passed = pass_through(json.url, json.fields, within=within, authorities=authorities)
    except Stuck as stuck:
        raise InputInvalid((("url", str(stuck)),)) from stuck
    finally:
        scripting.withdraw(here.simulator, queued.number)
    return _carried(passed)


def _carried(passed: Passed) -> CarriedShape:
    if passed.onwards is None:
        raise InputInvalid((("url", f"leads to a page and no further: {_named(passed.page)}"),))
    sim, login_id = installation().simulator, passed.login_id
    record = sim.store.read(lambda tx: records.find(tx, login_id)) if login_id else None
    return CarriedShape(
        login=login_id,
        outcome=record.outcome if record else None,
        reason=record.reason if record else "",
        back=_back(passed.onwards),
    )


def _back(onwards: Onwards) -> BackShape:
    return BackShape(method=onwards.method, url=onwards.url, fields=dict(onwards.fields))


def _named(page: Page | None) -> str:
    if page is None:
        return "none"
    codes = [" ".join(code.text_content().split()) for code in page.document.iter("code")]
    return f"{page.heading!r}, status {page.status}{''.join(f', {code}' for code in codes[:1])}"
