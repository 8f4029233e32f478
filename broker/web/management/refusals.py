"""Where a refusal of the register becomes a page, for every view that does not show it at a field of its form."""

from http import HTTPStatus
from typing import Final

import structlog
from flask import request, url_for
from werkzeug.wrappers import Response

from broker.core.administration.advice import advise
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.web import pages
from broker.web.management import frame, visit
from broker.web.management.pages import Refused
from broker.web.management.routes import blueprint, start

log = structlog.get_logger("broker")

_STATUS: Final = {Obstacle.NOT_FOUND: HTTPStatus.NOT_FOUND, Obstacle.CHANGED_MEANWHILE: HTTPStatus.CONFLICT}
# What other means would solve (M-49).
_MEANS: Final = (Obstacle.CHAIN_NEEDS_EH3, Obstacle.COUPLED_MEANS_TOO_LOW, Obstacle.COUPLED_MEANS_NOT_REGULAR)


@blueprint.errorhandler(ChangeRefused)
def refused(error: ChangeRefused) -> Response:
    """Reason, next step and code; the detail goes to the log."""
    obstacle = error.obstacle
    actor = visit.visitor().admission.actor
    log.info("management.not_done", obstacle=obstacle.value, detail=error.detail, actor=actor.id, path=request.path)
    words = advise(obstacle)
    page = Refused(
        **frame.values(),
        reason=words.reason,
        next_step=words.next_step,
        code=obstacle.value,
        start_url=url_for(start(visit.visitor())),
        apply_url=url_for("management.application") if obstacle in _MEANS else None,
    )
    return pages.render(page, _STATUS.get(obstacle, HTTPStatus.FORBIDDEN))
