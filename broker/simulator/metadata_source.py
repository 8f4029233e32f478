"""Metadata of a service provider at a web address of the operator's choosing."""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

from broker.saml import document, endpoints
from broker.saml.faults import Fault, MetadataReason, MetadataRejected
from broker.simulator.exchange import Sent, exchange
from broker.tls import TlsFiles

_PATIENCE: Final = timedelta(seconds=10)
_ASKED: Final = Sent("GET", {"Accept": "application/samlmetadata+xml, application/xml, text/xml, */*"})
_CLAUSE: Final = f"limit: http and https, no redirect, {_PATIENCE.seconds} s, {document.MAX_BYTES // 1024} KiB"


def is_address(source: str) -> bool:
    """Whether `source` is a web address, and not the name of a file."""
    return source.startswith(("http://", "https://"))


def fetch(address: str, tls: TlsFiles) -> bytes:
    """The octets behind an http(s) address; raises `MetadataRejected`.

    A redirect is not followed: the operator chose this address and no other. Over https the site must be one that `tls`
    or the system vouches for.
    """
    fault = endpoints.fault_of(address)
    if fault:
        raise _rejected(fault)
    try:
        answer = exchange(address, _ASKED, _PATIENCE, tls)
    except Fault as unanswered:
        raise _rejected(f"cannot be fetched: {unanswered.detail}") from unanswered
    if answer.status != HTTPStatus.OK:
        to = f", to {answer.location}" if answer.location else ""
        raise _rejected(f"answered with status {answer.status}{to}; give the address of the metadata itself")
    if len(answer.body) > document.MAX_BYTES:
        raise _rejected(f"more than {document.MAX_BYTES} bytes")
    return answer.body


def _rejected(what: str) -> MetadataRejected:
    return MetadataRejected(MetadataReason.SOURCE, "address", what, _CLAUSE)
