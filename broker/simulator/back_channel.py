"""One question over SOAP to another party."""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

from broker.saml import document, names
from broker.saml.faults import BindingReason, Fault
from broker.simulator.exchange import Sent, exchange
from broker.tls import TlsFiles

_TYPES: Final = ("text/xml", "application/soap+xml")
_HEADERS: Final = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{names.SOAP_ACTION}"'}


def ask(location: str, envelope: bytes, patience: timedelta, tls: TlsFiles) -> bytes:
    """The SOAP envelope that answers `envelope`, at most as large as a message may be; see `exchange`.

    Raises `Fault` when there is no answer within `patience`, or another one.
    """
    answer = exchange(location, Sent("POST", _HEADERS, envelope), patience, tls)
    if answer.status != HTTPStatus.OK or answer.content_type not in _TYPES:
        detail = f"HTTP status {answer.status}, content type {answer.content_type[:80]}"
        raise Fault(BindingReason.UNANSWERED, detail)
    if len(answer.body) > document.MAX_BYTES:
        raise Fault(BindingReason.UNANSWERED, f"more than {document.MAX_BYTES} bytes")
    return answer.body
