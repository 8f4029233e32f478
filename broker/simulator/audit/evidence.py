"""Bundles of evidence: all that is kept of logins in one signed zip file, which a stranger can verify offline."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from broker import __version__
from broker.core.administration.actors import OPERATOR
from broker.core.administration.events import FIRST_LINK, Event, state_of
from broker.core.recorded import Direction
from broker.core.text import LANGUAGES
from broker.simulator.audit import bundle_verifier, bundled_documents, heads, report, report_page, report_pdf
from broker.simulator.audit.bundled_documents import Documents
from broker.simulator.audit.heads import HeadRefused
from broker.simulator.audit.logins import Opened, OpenedMessage, Search, open_in, wanted_of
from broker.simulator.audit.sealing import Unreadable
from broker.simulator.context import Simulator
from broker.store.administration import chain, events
from broker.store.administration.chain import ChainBroken
from broker.store.audit import records
from broker.store.audit.in_force import Altered
from broker.store.database import Transaction

MOST: Final = 1_000
"""Logins in one bundle at most."""
NOT_AS_WRITTEN: Final = (Altered, ChainBroken, HeadRefused, Unreadable)
"""What is raised when something that was kept is not what was written."""
_HEADS: Final = "heads.jsonl"


class NothingToShow(Exception):
    """There is no login to make a bundle of, or there are more than `MOST`; the message says which."""


def of_login(sim: Simulator, login_id: str) -> bytes:
    """The bundle of one login; raises `NothingToShow`. That it was made is an event."""
    return _bundle(sim, [login_id])


def of_search(sim: Simulator, search: Search) -> bytes:
    """The bundle of all logins that are found; raises `NothingToShow`."""

    def found(tx: Transaction) -> list[str]:
        return [one.id for one in records.search(tx, wanted_of(tx, search), most=MOST + 1)]

    names = sim.store.read(found)
    if len(names) > MOST:
        raise NothingToShow(f"more than {MOST} logins; choose a shorter period")
    return _bundle(sim, names)


def _bundle(sim: Simulator, login_ids: Sequence[str]) -> bytes:
    # Every event that goes in must have a head.
    heads.sign(sim.notary, sim.store, sim.clock(), at_once=True)
    members = sim.store.read(lambda tx: _members(sim, tx, login_ids))
    noted = Event(sim.clock(), OPERATOR, "audit.evidence_made", "logins", (), after={"logins": list(login_ids)})
    sim.store.write(lambda tx: events.append(tx, [noted]))
    return sealed(sim, members)


def sealed(sim: Simulator, members: Mapping[str, bytes]) -> bytes:
    """The zip file of these members with a manifest and its signature."""
    files = {name: {"sha256": sha256(content).hexdigest(), "size": len(content)} for name, content in members.items()}
    manifest = _json(
        {
            "made_at": sim.clock().isoformat(),
            "made_by": f"ketenbroker {__version__}",
            "key": sim.notary.key.public.fingerprint,
            "files": files,
        }
    )
    signature = sim.notary.key.sign(bundle_verifier.SIGNED_AS + manifest).hex().encode()
    return bundle_verifier.packed({bundle_verifier.MANIFEST: manifest, bundle_verifier.SIGNATURE: signature, **members})


def _members(sim: Simulator, tx: Transaction, login_ids: Iterable[str]) -> dict[str, bytes]:
    found = [one for name in login_ids if (one := open_in(sim, tx, name)) is not None]
    if not found:
        raise NothingToShow("there is no such login")
    in_force = bundled_documents.of_logins(sim, tx, found)
    members = {
        "verify.py": Path(bundle_verifier.__file__).read_bytes(),
        bundle_verifier.KEY: sim.notary.key.public.pem,
        _HEADS: b"".join(_heads_of(sim, {event.number for one in found for event in one.events})),
    }
    for language in LANGUAGES:
        told = report.of_logins(found, language, sim.clock())
        members |= {
            f"report.{language}.html": report_page.written(told),
            f"report.{language}.pdf": report_pdf.written(told),
        }
    for number, one in enumerate(found, start=1):
        members |= _login(tx, f"logins/{number:04d}", one, in_force[number - 1])
    return members | bundled_documents.members(in_force)


def _login(tx: Transaction, folder: str, one: Opened, in_force: Documents) -> dict[str, bytes]:
    files = {number: _file(number, kept) for number, kept in enumerate(one.messages, start=1)}
    members = {
        f"{folder}/login.json": _json(
            {
                "record": state_of(one.record),
                "people": dict(one.parties.people),
                "organisations": {name: state_of(known) for name, known in one.parties.organisations.items()},
                "messages": [_described(kept, files[number]) for number, kept in enumerate(one.messages, start=1)],
                "present": in_force.present.listing.sha256 if in_force.present else None,
            }
        ),
        f"{folder}/events.json": _json(list(_chained(tx, one))),
        f"{folder}/decision.json": _json([_decision(event.content) for event in one.events]),
        f"{folder}/findings.json": _json(
            [
                {"message": number, **asdict(finding), "severity": finding.severity.value}
                for number, kept in enumerate(one.messages, start=1)
                for finding in kept.stored.findings
            ]
        ),
        f"{folder}/in-force.json": _json(bundled_documents.described(in_force)),
    }
    for number, kept in enumerate(one.messages, start=1):
        if kept.body is not None:
            members[f"{folder}/messages/{files[number]}"] = kept.body.octets
            if kept.body.query is not None:
                members[f"{folder}/messages/{files[number]}.query"] = kept.body.query
    return members


def _file(number: int, kept: OpenedMessage) -> str:
    way = "sent" if kept.stored.direction is Direction.SENT else "received"
    return f"{number:02d}-{way}-{kept.stored.kind}.xml"


def _described(kept: OpenedMessage, file: str) -> dict[str, Any]:
    one = kept.stored
    return {
        "file": file if kept.body else None,
        "at": one.at.isoformat(),
        "direction": one.direction.value,
        "binding": one.carrier.value,
        "kind": one.kind,
        "peer": one.peer,
        "id": one.message_id,
        "in_response_to": one.in_response_to,
        "size": one.size,
        "sha256": one.sha256,
    }


def _decision(content: Mapping[str, Any]) -> dict[str, Any]:
    facts = (content["after"] or {}).get("facts") or {}
    return {"at": content["at"], "what": content["action"], "reason": content["reason"], "facts": facts}


def _chained(tx: Transaction, one: Opened) -> Iterator[dict[str, Any]]:
    """The events of a login as they stand in the chain, each with the digest of the one before it."""
    for event in one.events:
        before = chain.digest_at(tx, event.number - 1) if event.number > 1 else FIRST_LINK
        yield {
            "number": event.number,
            "document": event.document,
            "digest": event.digest.hex(),
            "previous": before.hex() if isinstance(before, bytes) else "",
        }


def _heads_of(sim: Simulator, numbers: set[int]) -> Iterator[bytes]:
    """The lines of the file of heads that vouch for these events."""
    known = heads.read_file(sim.notary.file, sim.notary.key.public)
    with sim.notary.file.open("rb") as file:
        for head, line in zip(known, file, strict=False):
            if any(head.first <= number <= head.last for number in numbers):
                yield line


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=str).encode() + b"\n"
