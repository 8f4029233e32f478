"""The endpoints of the interface that browsers come to.

They get cross-site posts, so they use no cookie and need no CSRF token. Each version of the interface has addresses of
its own for service providers; authentication services use those of the version of today.
"""

from typing import Final

import structlog
from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker.core.findings import Finding
from broker.core.interface import InterfaceVersion
from broker.simulator import artifact_requests, authentication, requests
from broker.simulator.requests import Begun, Unsupported
from broker.web.current import simulator
from broker.web.delivery import deliver

blueprint = Blueprint("saml", __name__, url_prefix="/broker")
log = structlog.get_logger("broker")

_SEE_OTHER: Final = 303
_FORM: Final = "application/x-www-form-urlencoded"


@blueprint.post("/sso/1.13", defaults={"version": "1.13"})
@blueprint.post("/sso/1.11", defaults={"version": "1.11"})
def sso(version: InterfaceVersion) -> AnyResponse:
    """A service provider's AuthnRequest (HTTP-POST), or an artifact of it in a form (HTTP-Artifact)."""
    form = posted_fields()
    return _begun(_by_artifact(form, version) or requests.receive_post(simulator(), form, version))


@blueprint.get("/sso/1.13", defaults={"version": "1.13"})
@blueprint.get("/sso/1.11", defaults={"version": "1.11"})
def sso_redirect(version: InterfaceVersion) -> AnyResponse:
    """A service provider's AuthnRequest (HTTP-Redirect), or an artifact of it in the address (HTTP-Artifact)."""
    query = request.args.to_dict(flat=False)
    return _begun(_by_artifact(query, version) or requests.receive_redirect(simulator(), request.query_string, version))


def _by_artifact(fields: dict[str, list[str]], version: InterfaceVersion) -> Begun | Unsupported | None:
    """What came of an artifact; None when there is none, or a message as well, which its own binding refuses."""
    if "SAMLart" not in fields or "SAMLRequest" in fields:
        return None
    return artifact_requests.receive_artifact(simulator(), fields, version)


def _begun(received: Begun | Unsupported) -> AnyResponse:
    if isinstance(received, Unsupported):
        log.warning("request.unsupported", findings=described(received.findings))
        return deliver(received.delivery)
    login = received.login
    log.info(
        "login.started",
        login=login.id,
        service_provider=login.asked.addressed.service_provider,
        service=login.asked.service_id,
        notes=described(received.notes),
    )
    return redirect(url_for("login.show", login_id=login.id), _SEE_OTHER)


@blueprint.post("/acs/1.13")
def consume() -> AnyResponse:
    """An authentication service's answer (HTTP-POST). The login's own browser fetches it with the token."""
    answered = authentication.receive(simulator(), posted_fields())
    log.info("login.arrived", login=answered.login_id)
    return redirect(url_for("login.show", login_id=answered.login_id, arrival=answered.token), _SEE_OTHER)


def posted_fields() -> dict[str, list[str]]:
    """The fields of the binding's form; one in parts (multipart) is another kind of form, so it has none of them."""
    return request.form.to_dict(flat=False) if request.mimetype == _FORM else {}


@blueprint.get("/metadata/1.13", defaults={"version": "1.13"})
@blueprint.get("/metadata/1.11", defaults={"version": "1.11"})
def metadata(version: InterfaceVersion) -> Response:
    """The broker's signed metadata for service providers that use this version of the interface."""
    return Response(simulator().metadata(version), content_type="application/samlmetadata+xml; charset=utf-8")


def described(findings: tuple[Finding, ...]) -> list[str]:
    """Findings for the log."""
    return [f"{item.rule} {item.severity.value} {item.where}: {item.detail}" for item in findings]
