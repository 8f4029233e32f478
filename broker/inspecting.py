"""Judging a message from a file, as the command does it."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from broker.core.catalogue import Catalogue
from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.core.text import Language
from broker.inspection import inspector, intake, known, opening, report, second_opinion
from broker.inspection.found import Found, Unreadable
from broker.inspection.inspected import Inspection
from broker.inspection.inspector import Given
from broker.saml import catalogue
from broker.saml.authn_request import AuthnRequest
from broker.saml.keys import UnusableKey
from broker.settings import load
from broker.simulator import at_hand
from broker.simulator.compose import compose


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line. `number` counts from 1; None for all messages."""

    file: Path
    metadata_files: tuple[Path, ...] = ()
    key_files: tuple[Path, ...] = ()
    catalogue_file: Path | None = None
    request_file: Path | None = None
    moment: str | None = None
    own: bool = False
    number: int | None = None
    settings_file: Path | None = None


def inspect(wanted: Wanted, clock: Clock) -> tuple[Inspection, ...]:
    """The inspections of what is in the file; raises `ConfigError` when that is no message, or an option is wrong."""
    given = _given(wanted, clock)
    found = _messages(wanted.file)
    inspected = inspector.inspect_all(found, given)
    if wanted.number is None:
        return inspected
    if wanted.number > len(inspected):
        raise ConfigError(f"--message {wanted.number}: {wanted.file} holds {len(inspected)} message(s)")
    return (inspected[wanted.number - 1],)


def written(found: Iterable[Inspection], language: Language, *, as_json: bool) -> Iterator[str]:
    """The lines to show."""
    if as_json:
        yield json.dumps({"messages": [report.as_json(item) for item in found]}, indent=2, ensure_ascii=False)
        return
    for number, item in enumerate(found):
        yield from ("", "") if number else ()
        yield from (f"# {item.found.label}",) if item.found.label else ()
        yield from report.as_text(item, language)


def status(found: Iterable[Inspection]) -> int:
    """The exit status: that of the worst."""
    return max(item.verdict.value for item in found)


def _messages(file: Path) -> tuple[Found, ...]:
    try:
        return intake.take(_bytes(file))
    except Unreadable as unreadable:
        raise ConfigError(f"{file}: {unreadable}") from unreadable


def _bytes(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read(intake.MAX_INPUT + 1) if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error


def _given(wanted: Wanted, clock: Clock) -> Given:
    moment = None if wanted.moment is None else _moment(wanted.moment)
    now = clock()
    given = Given(
        known=known.read(map(_bytes, wanted.metadata_files), moment or now),
        keys=tuple(map(_key, wanted.key_files)),
        moment=moment,
        now=now,
        catalogue=None if wanted.catalogue_file is None else _catalogue(wanted.catalogue_file),
        request=None if wanted.request_file is None else _request(wanted.request_file),
        ask=second_opinion.opinions,
    )
    if not wanted.own:
        return given
    return at_hand.with_own(given, compose(load(wanted.settings_file), clock, RandomIds()))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"--at {text}: expected a moment such as 2026-11-23T12:00:00Z") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _key(file: Path) -> opening.PrivateKey:
    try:
        return opening.private_key(_bytes(file))
    except UnusableKey as error:
        raise ConfigError(f"{file}: {error}") from error


def _catalogue(file: Path) -> Catalogue:
    return catalogue.read_catalogue(_bytes(file), str(file)).catalogue


def _request(file: Path) -> AuthnRequest:
    request = next(inspector.requests_in(_messages(file)), None)
    if request is None:
        raise ConfigError(f"{file}: holds no AuthnRequest")
    return request
