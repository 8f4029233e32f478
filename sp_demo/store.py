"""What must outlive a request and be shared by all processes: logins under way, used assertions, sessions.

One SQLite file. Every change is one transaction, so that of two that want the same only one succeeds.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from sp_demo.facts import Facts
from sp_demo.refusal import Reason, Refused

LOGIN_TIME = timedelta(minutes=30)
SESSION_TIME = timedelta(minutes=30)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS login (
    request_id TEXT PRIMARY KEY, relay_state TEXT NOT NULL UNIQUE, browser TEXT NOT NULL, portal TEXT NOT NULL,
    service INTEGER NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS used_assertion (id TEXT PRIMARY KEY, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS session (
    token TEXT PRIMARY KEY, portal TEXT NOT NULL, acting_subject TEXT NOT NULL, legal_subject TEXT NOT NULL,
    content BLOB NOT NULL, expires REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Login:
    """A login under way: sent to the broker by the browser that holds the cookie `browser`."""

    request_id: str
    relay_state: str
    browser: str
    portal: str
    service: int


@dataclass(frozen=True, slots=True)
class Session:
    """A visitor who is logged in at one portal. Who that is are two things together: person and organisation."""

    facts: Facts
    request_id: str
    response_id: str
    checks: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Acting subject and legal subject: the same person may act for many clients, each a session of its own."""
        legal = " ".join(f"{identifier.type}={identifier.value}" for identifier in self.facts.legal_subject)
        return self.facts.acting_subject.value, legal


_SESSION = TypeAdapter(Session)


class Store:
    """The file at `path`, made when absent."""

    def __init__(self, path: Path) -> None:
        """Make the tables when they are not there; raises `sqlite3.Error`."""
        self._path = path
        with self._transaction() as database:
            database.executescript(_SCHEMA)

    def begin(self, login: Login, now: datetime) -> None:
        """Remember a login under way and forget everything that is over."""
        with self._transaction() as database:
            for table in ("login", "used_assertion", "session"):
                database.execute(f"DELETE FROM {table} WHERE expires <= ?", (now.timestamp(),))  # noqa: S608 (fixed names)
            database.execute(
                "INSERT INTO login VALUES (?, ?, ?, ?, ?, ?)",
                (*_columns(login), (now + LOGIN_TIME).timestamp()),
            )

    def find(self, portal: str, relay_state: str, browser: str, now: datetime) -> Login:
        """The login that this browser began at this portal; raises `Refused` (NO_LOGIN)."""
        with self._transaction() as database:
            row = database.execute(
                "SELECT request_id, relay_state, browser, portal, service FROM login"
                " WHERE relay_state = ? AND browser = ? AND portal = ? AND expires > ?",
                (relay_state, browser, portal, now.timestamp()),
            ).fetchone()
        if row is None:
            raise Refused(Reason.NO_LOGIN, "no login under way in this browser with this RelayState")
        return Login(*row)

    def finish(self, login: Login) -> None:
        """End a login that got an answer; raises `Refused` (USED_BEFORE) when another did so first."""
        with self._transaction() as database:
            _claim(database, login)

    def open_session(self, login: Login, session: Session, token: str, now: datetime) -> None:
        """End the login, use up the assertion and open a session under `token`, or none of these.

        Raises `Refused` (USED_BEFORE) when the login or the assertion was used before.
        """
        until = (now + SESSION_TIME).timestamp()
        with self._transaction() as database:
            _claim(database, login)
            try:
                # remembered for longer than `checks.issued_now` would accept it
                database.execute("INSERT INTO used_assertion VALUES (?, ?)", (session.facts.assertion_id, until))
            except sqlite3.IntegrityError as error:
                raise Refused(Reason.USED_BEFORE, f"assertion {session.facts.assertion_id}") from error
            database.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)",
                (token, login.portal, *session.key, _SESSION.dump_json(session), until),
            )

    def session(self, portal: str, token: str, now: datetime) -> Session | None:
        """The session under `token` at this portal, or None."""
        with self._transaction() as database:
            row = database.execute(
                "SELECT content FROM session WHERE token = ? AND portal = ? AND expires > ?",
                (token, portal, now.timestamp()),
            ).fetchone()
        return None if row is None else _SESSION.validate_json(row[0])

    def close_session(self, token: str) -> None:
        """End the session under `token`, if there is one."""
        with self._transaction() as database:
            database.execute("DELETE FROM session WHERE token = ?", (token,))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5)) as database, database:
            yield database


def _columns(login: Login) -> tuple[str, str, str, str, int]:
    return login.request_id, login.relay_state, login.browser, login.portal, login.service


def _claim(database: sqlite3.Connection, login: Login) -> None:
    if database.execute("DELETE FROM login WHERE request_id = ?", (login.request_id,)).rowcount != 1:
        raise Refused(Reason.USED_BEFORE, f"login {login.request_id}")
