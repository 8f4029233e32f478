"""Pending logins in the store: a `Login` as a JSON document, changed in a transaction and by compare-and-swap only."""

from collections.abc import Callable
from typing import Final, TypeVar

from pydantic import TypeAdapter

from broker.core import login as attempt
from broker.core.errors import LoginUnknown
from broker.core.login import Login
from broker.core.script import Script
from broker.simulator.audit import recording
from broker.simulator.context import Simulator
from broker.store import logins
from broker.store.database import Transaction
from broker.store.logins import PendingLogin

Result = TypeVar("Result")

_LOGINS: Final = TypeAdapter(Login)


def create(sim: Simulator, tx: Transaction, login: Login) -> None:
    """Store a new login, and record that it began."""
    logins.create(tx, _row(login, 1))
    recording.follow(sim, tx, None, login)


def find(sim: Simulator, login_id: str, browser: str | None) -> Login:
    """The login of this browser; raises `LoginUnknown` or `LoginExpired`."""
    return sim.store.read(lambda tx: _owned(sim, tx, login_id, browser)[0])


def bound(sim: Simulator, login_id: str, browser: str) -> Login:
    """The login, tied to `browser` if no browser came before; raises `LoginUnknown` when another one did.

    A service provider's request comes by cross-site post, which carries no cookie, so the login begins without one.
    """
    login = sim.store.read(lambda tx: _alive(sim, logins.find(tx, login_id))[0])
    if login.browser is not None:
        attempt.require_browser(login, browser)
        return login
    moment = sim.clock()

    def step(_tx: Transaction, current: Login) -> tuple[Login, Login]:
        tied = attempt.bind(current, browser, moment)
        return tied, tied

    return change(sim, login_id, step)


def script_of(tx: Transaction, login_id: str) -> Script | None:
    """What was written down for the person to choose in this login, while the login is known."""
    row = logins.find(tx, login_id)
    return None if row is None else _LOGINS.validate_json(row.document).script


def find_by_request(sim: Simulator, request_id: str) -> Login | None:
    """The login that sent this question to an authentication service and still waits for the answer, or None."""
    row = sim.store.read(lambda tx: logins.find_by_request_id(tx, request_id))
    return None if row is None else _alive(sim, row)[0]


def change(sim: Simulator, login_id: str, step: Callable[[Transaction, Login], tuple[Login, Result]]) -> Result:
    """Apply `step` to a login in one transaction: it gives the next login, and what the caller wants to know.

    `step` checks whose login it is. What it raises undoes everything; it may be run again, so it has no effects
    outside the transaction.
    """

    def transaction(tx: Transaction) -> Result:
        login, version = _alive(sim, logins.find(tx, login_id))
        changed, result = step(tx, login)
        logins.replace(tx, _row(changed, version))
        recording.follow(sim, tx, login, changed)
        return result

    return sim.store.write(transaction)


def change_owned(
    sim: Simulator,
    login_id: str,
    browser: str | None,
    step: Callable[[Transaction, Login], tuple[Login, Result]],
) -> Result:
    """The same for a login of this browser; raises `LoginUnknown` for another's."""

    def checked(tx: Transaction, login: Login) -> tuple[Login, Result]:
        attempt.require_browser(login, browser)
        return step(tx, login)

    return change(sim, login_id, checked)


def _owned(sim: Simulator, tx: Transaction, login_id: str, browser: str | None) -> tuple[Login, int]:
    login, version = _alive(sim, logins.find(tx, login_id))
    attempt.require_browser(login, browser)
    return login, version


def _alive(sim: Simulator, row: PendingLogin | None) -> tuple[Login, int]:
    if row is None:
        raise LoginUnknown("there is no such login")
    login = _LOGINS.validate_json(row.document)
    attempt.require_alive(login, sim.clock())
    return login, row.version


def _row(login: Login, version: int) -> PendingLogin:
    return PendingLogin(
        id=login.id,
        version=version,
        browser=login.browser,
        step=login.step.value,
        authn_request_id=login.sent.request_id if login.sent else None,
        expires_at=login.expires_at,
        document=_LOGINS.dump_json(login).decode(),
    )
