"""`ketenbroker login`: drive a login, ask the broker's record about it, and tell both."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Unpack

from broker.core.errors import ConfigError
from broker.core.findings import Finding
from broker.core.recorded import LoginRecord
from broker.core.recorded import Outcome as Recorded
from broker.headless import Browser, Outcome, Result, Step, Stuck, cookie_file, log_in
from broker.headless.browser import bare
from broker.headless.choices import Choosing
from broker.headless.faults import NotAllowed, NotTrusted
from broker.saml.pki import authority_path
from broker.settings import Settings
from broker.simulator.layout import Layout
from broker.store.audit import messages, records
from broker.store.database import Transaction, open_store
from broker.store.errors import StoreUnavailable

EXIT: Final = {
    Outcome.LOGGED_IN: 0,
    Outcome.CANCELLED: 3,
    Outcome.DENIED: 4,
    Outcome.MEANS_REFUSED: 5,
    Outcome.MESSAGE_REFUSED: 6,
    Outcome.NOT_ACCEPTED: 7,
    Outcome.NOT_SENT: 8,
    Outcome.ANSWERED: 9,
}
STUCK: Final = 10
_BY_RECORD: Final = {
    Recorded.GRANTED: Outcome.LOGGED_IN,
    Recorded.CANCELLED: Outcome.CANCELLED,
    Recorded.REFUSED: Outcome.DENIED,
    Recorded.UNSUPPORTED: Outcome.MESSAGE_REFUSED,
    Recorded.UNTRUSTED: Outcome.MESSAGE_REFUSED,
}
_OPTIONS: Final = {NotAllowed: "--allow-host HOST", NotTrusted: "--authority FILE"}
_MOST_TEXT: Final = 600


@dataclass(frozen=True, slots=True)
class Way:
    """How to go: in which language, what to press first, which other hosts, and where cookies are kept."""

    language: str = "nl"
    press: str | None = None
    hosts: Collection[str] = ()
    cookies: Path | None = None
    authorities: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of it. `record` and `findings` are the broker's, when its store is here; `stuck` says why it ended."""

    steps: tuple[Step, ...]
    result: Result | None
    record: LoginRecord | None = None
    findings: tuple[Finding, ...] = ()
    stuck: str | None = None
    expected: str | None = None

    @property
    def outcome(self) -> Outcome | None:
        """How it ended: the broker's record decides where a browser cannot see it. None: it could not go on."""
        if self.result is None:
            return None
        if self.expected is not None and self._lacks_what_was_expected:
            return Outcome.NOT_ACCEPTED
        if self.result.outcome is Outcome.ANSWERED and self.record is not None:
            return _BY_RECORD.get(self.record.outcome, Outcome.ANSWERED)
        return self.result.outcome

    @property
    def exit_status(self) -> int:
        """That of the command."""
        return STUCK if self.outcome is None else EXIT[self.outcome]

    @property
    def _lacks_what_was_expected(self) -> bool:
        return (
            self.result is not None
            and self.result.outcome in (Outcome.LOGGED_IN, Outcome.ANSWERED)
            and str(self.expected) not in self.result.page.text
        )


def attempt(
    settings: Settings, start_url: str, way: Way, expected: str | None = None, **choices: Unpack[Choosing]
) -> Attempt:
    """Log in as the choices say; `expected` is a text that the last page of the service provider must show."""
    own = authority_path(Layout.of(settings).certs)
    authorities = (own, *way.authorities) if own.exists() else way.authorities
    try:
        with Browser(way.language, authorities=authorities, hosts=way.hosts) as browser:
            if way.cookies is not None:
                cookie_file.load(browser.cookies, way.cookies)
            result = log_in(start_url, browser=browser, press=way.press, **choices)
            if way.cookies is not None:
                cookie_file.save(browser.cookies, way.cookies)
    except Stuck as error:
        option = _OPTIONS.get(type(error))
        return Attempt(error.steps, None, stuck=f"{error} ({option})" if option else str(error))
    record, findings = _known(settings, result.login_id)
    return Attempt(result.steps, result, record, findings, expected=expected)


def _known(settings: Settings, login_id: str | None) -> tuple[LoginRecord | None, tuple[Finding, ...]]:
    """What the broker wrote down, if it is the one of these settings."""
    if login_id is None:
        return None, ()

    def read(tx: Transaction) -> tuple[LoginRecord | None, tuple[Finding, ...]]:
        found = [finding for message in messages.of_login(tx, login_id) for finding in message.findings]
        return records.find(tx, login_id), tuple(dict.fromkeys(found))

    store = open_store(settings.store_url)
    try:
        return store.read(read)
    except StoreUnavailable:
        return None, ()
    finally:
        store.close()


def told(attempt: Attempt) -> Iterator[str]:
    """Lines to read."""
    for step in attempt.steps:
        yield f"{step.method:4} {step.status}  {step.party.value:22}  {bare(step.url)}"
    yield ""
    if attempt.outcome is None or attempt.result is None:
        yield f"Stuck: {attempt.stuck}"
        return
    result, page = attempt.result, attempt.result.page
    why = ": ".join(part for part in (result.code, result.reason) if part)
    yield f"Outcome  {attempt.outcome.value}{f' ({why})' if why else ''}"
    if attempt.expected is not None and attempt.expected not in page.text:
        yield f"Missing  {attempt.expected!r} is not on the last page"
    yield f"Ended    {page.status} {bare(page.url)}"
    yield f"Title    {page.title}"
    yield f"Text     {page.text[:_MOST_TEXT]}{'…' if len(page.text) > _MOST_TEXT else ''}"
    yield f"Login    {result.login_id or 'none'}"
    if attempt.record is not None:
        yield f"Broker   {attempt.record.outcome.value}{' ' + attempt.record.reason if attempt.record.reason else ''}"
    for finding in attempt.findings:
        yield f"Finding  {finding.rule} {finding.severity.value}: {finding.where}: {finding.detail}"


def as_json(attempt: Attempt) -> str:
    """The same for programs; addresses are whole here, with what stands behind the question mark."""
    result, record = attempt.result, attempt.record
    values: dict[str, Any] = {
        "outcome": attempt.outcome.value if attempt.outcome else "stuck",
        "steps": [
            {"method": step.method, "url": step.url, "status": step.status, "party": step.party.value}
            for step in attempt.steps
        ],
        "stuck": attempt.stuck,
        "code": result.code if result else None,
        "reason": result.reason if result else None,
        "login": result.login_id if result else None,
        "page": None,
        "broker": {"outcome": record.outcome.value, "reason": record.reason} if record else None,
        "findings": [
            {"rule": one.rule, "severity": one.severity.value, "where": one.where, "detail": one.detail}
            for one in attempt.findings
        ],
    }
    if result is not None:
        page = result.page
        values["page"] = {"url": page.url, "status": page.status, "title": page.title, "text": page.text}
    return json.dumps(values, indent=2, ensure_ascii=False)


def require_address(url: str) -> str:
    """`url` itself; raises `ConfigError` for what is no web address, before anything is sent."""
    if not url.startswith(("http://", "https://")):
        raise ConfigError(f"{url}: is no web address; give the one at which a visitor begins, with http:// before it")
    return url
