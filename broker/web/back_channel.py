"""The back channel: what a service provider's software asks, without a browser. Whatever goes wrong is a SOAP fault."""

import ssl
import time
from typing import Final

import structlog
from flask import Blueprint, Response, request

from broker.core.interface import InterfaceVersion
from broker.saml.client_certificate import ClientCertificate
from broker.simulator import resolution
from broker.web.current import simulator
from broker.web.saml import described

blueprint = Blueprint("back_channel", __name__, url_prefix="/broker")
log = structlog.get_logger("broker")

_SOAP_TYPES: Final = ("text/xml", "application/soap+xml")
# The name that Apache gave it: PEM, put there by the server, never by a header of the request.
_CERTIFICATE: Final = "SSL_CLIENT_CERT"


@blueprint.post("/ars/1.13", defaults={"version": "1.13"})
@blueprint.post("/ars/1.11", defaults={"version": "1.11"})
def resolve(version: InterfaceVersion) -> Response:
    """A service provider's ArtifactResolve (SOAP 1.1)."""
    resolved = resolution.resolve(simulator(), request.get_data(), _client_certificate(), version)
    if resolved.findings:
        log.warning(
            "artifact.refused",
            service_provider=resolved.service_provider,
            findings=described(resolved.findings),
        )
    else:
        log.info("artifact.resolved", service_provider=resolved.service_provider, found=resolved.found)
    if resolved.delay:
        time.sleep(resolved.delay.total_seconds())
    kind = request.mimetype if request.mimetype in _SOAP_TYPES else _SOAP_TYPES[0]
    return Response(resolved.envelope, content_type=f"{kind}; charset=utf-8")


def _client_certificate() -> ClientCertificate | None:
    pem = request.environ.get(_CERTIFICATE)
    return ClientCertificate.from_der(ssl.PEM_cert_to_DER_cert(pem)) if pem else None
