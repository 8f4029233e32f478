"""Metadata, certificates and catalogue in a bundle of evidence: as they were at each event of the logins in it.

Logins of before that was kept get those of the moment at which the bundle is made, and the bundle says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from broker.core.in_force import Document
from broker.simulator.audit import bundle_verifier, in_force
from broker.simulator.audit.in_force import InForce
from broker.simulator.audit.logins import Opened
from broker.simulator.context import Simulator
from broker.store.database import Transaction

_SHORT: Final = 16
"""So many digits of a digest tell the members of a bundle apart."""


@dataclass(frozen=True, slots=True)
class Documents:
    """What was in force in one login: by number of the event; `present` stands in for what was not kept."""

    at: Mapping[int, InForce]
    present: InForce | None


def of_logins(sim: Simulator, tx: Transaction, found: Iterable[Opened]) -> Sequence[Documents]:
    """Those of each of these logins; raises `Altered` when one is not what it was."""
    kept = cache(partial(in_force.kept, tx))  # most logins of a period name the same
    return [_of_login(sim, tx, one, kept) for one in found]


def members(found: Iterable[Documents]) -> dict[str, bytes]:
    """The members of the bundle: lists and documents, and certificates from them for whoever wants to look at one."""
    files: dict[str, bytes] = {}
    for one in {one.listing.sha256: one for documents in found for one in _all(documents)}.values():
        files[f"{bundle_verifier.IN_FORCE}{one.listing.sha256}.json"] = one.listing.octets
        for document in one.documents:
            files |= _with_certificates(document)
    return files


def described(documents: Documents) -> dict[str, Any]:
    """Which member was what, for whoever reads: the program that verifies goes by the digests in the events."""
    return {
        "as_it_was": documents.present is None,
        "at_event": {str(number): _files(one) for number, one in documents.at.items()},
        "when_the_bundle_was_made": _files(documents.present) if documents.present else None,
    }


def _of_login(sim: Simulator, tx: Transaction, one: Opened, kept: Any) -> Documents:
    named = {event.number: in_force.named_by(event) for event in one.events}
    record = one.record
    present = (
        None
        if named and all(named.values())
        else in_force.of_moment(sim, tx, record.service_provider, record.service_id)
    )
    return Documents({number: kept(digest) for number, digest in named.items() if digest}, present)


def _all(documents: Documents) -> Iterable[InForce]:
    return (*documents.at.values(), *((documents.present,) if documents.present else ()))


def _files(one: InForce) -> dict[str, str]:
    return {document.name: _file(document) for document in one.documents}


def _file(document: Document) -> str:
    ending = "json" if document.name == in_force.SERVICE else "xml"
    return f"{bundle_verifier.DOCUMENTS}{document.name}-{document.sha256[:_SHORT]}.{ending}"


def _with_certificates(document: Document) -> dict[str, bytes]:
    name = _file(document)
    stem = name.removeprefix(bundle_verifier.DOCUMENTS).rpartition(".")[0]
    files = {name: document.octets}
    for number, (_, der) in enumerate(bundle_verifier.signing_certificates(name, document.octets), start=1):
        files[f"certificates/{stem}-{number}.pem"] = load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    return files
