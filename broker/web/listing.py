"""The list of authentication services, for software of service providers: what is wrong is told in plain text."""

from typing import Final

import structlog
from flask import Blueprint, Response, request

from broker.core.errors import MessageRejected
from broker.rules.list_request import LEVEL, UUID
from broker.simulator import preselection
from broker.web.current import simulator
from broker.web.saml import described

blueprint = Blueprint("listing", __name__)
log = structlog.get_logger("broker")

_METADATA: Final = "application/samlmetadata+xml; charset=utf-8"
_BAD_REQUEST: Final = 400


@blueprint.get("/listAD.xml")
def authentication_services() -> Response:
    """Those that can be preselected for a service, by the ServiceUUID of its instance."""
    asked = request.args
    return Response(
        preselection.authentication_services(simulator(), asked.getlist(UUID), asked.getlist(LEVEL)),
        content_type=_METADATA,
    )


@blueprint.errorhandler(MessageRejected)
def _refused(error: MessageRejected) -> Response:
    """The sender of this is a developer, and no message of anybody is at stake: rule and reason are told."""
    said = described(error.findings)
    log.info("list.refused", findings=said)
    return Response("\n".join(said) + "\n", _BAD_REQUEST, content_type="text/plain; charset=utf-8")
