"""Revoking a chain mandate in the middle of a login, from the developer drawer (E07)."""

import structlog
from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from broker.core.administration.advice import advise
from broker.core.administration.obstacles import ChangeRefused
from broker.core.text import Text
from broker.simulator import developer
from broker.web import represent
from broker.web.current import browser, simulator
from broker.web.language import said

blueprint = Blueprint("developer", __name__, url_prefix="/login/<login_id>")
log = structlog.get_logger("broker")


@blueprint.post("/revoke")
def revoke(login_id: str) -> Response:
    """Revoke, and show the page of the login again; with `go_on` go on with the choice as if nothing had happened."""
    token = request.form["choice"]
    try:
        done = developer.revoke(simulator(), login_id, browser(), token)
    except ChangeRefused as refused:
        words = advise(refused.obstacle)
        flash(f"{said(words.reason)} {said(words.next_step)}")
        return represent.back(login_id)
    log.info("login.mandate_revoked", login=login_id)
    if "go_on" in request.form:
        return represent.act(login_id, token)
    flash(
        said(
            Text(
                f"De ketenmachtiging van {done.client} aan {done.intermediary} is ingetrokken.",
                f"The chain mandate of {done.client} to {done.intermediary} has been revoked.",
            )
        )
    )
    return represent.back(login_id)
