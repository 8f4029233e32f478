"""Writing down what the next logins will do, and doing it when they come.

A login takes its script in the transaction in which it begins, so no two logins get the same one, in whatever process
they begin. From then on it is part of the login.
"""

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from broker.core.administration.actors import OPERATOR
from broker.core.decision import decide
from broker.core.errors import InputInvalid
from broker.core.links import ChainLink, Link, LinkReference, UncoupledMandate
from broker.core.login import Login
from broker.core.mandates import LinkStatus
from broker.core.question import Question
from broker.core.refusals import Denied
from broker.core.script import Point, Script
from broker.core.search import Search
from broker.simulator.administration import endings
from broker.simulator.context import Simulator
from broker.simulator.control import register as control
from broker.simulator.representation import question_of
from broker.store import refused, register, register_pages, scripts
from broker.store.database import Transaction

MOST: Final = 1000
"""How many may wait."""
_SCRIPTS: Final = TypeAdapter(Script)
_REASON: Final = "revoked during a login, as its script says"
_LOOKED_AT: Final = 50


@dataclass(frozen=True, slots=True)
class Queued:
    """A script that waits, and for whose next login: an EntityID, or None for anybody's."""

    number: int
    service_provider: str | None
    script: Script


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person of a script chooses: a link by its reference, or None when the register holds nothing that fits;
    and the mandate that it rests on.
    """

    reference: LinkReference | None
    link: Link | None


def put(sim: Simulator, script: Script, service_provider: str | None = None) -> Queued:
    """Put a script at the end of the queue; raises `InputInvalid` when that is full."""

    def work(tx: Transaction) -> Queued:
        if scripts.count(tx) >= MOST:
            raise InputInvalid((("", f"{MOST} logins are scripted already; DELETE forgets them"),))
        number = scripts.put(tx, service_provider, _SCRIPTS.dump_json(script).decode())
        return Queued(number, service_provider, script)

    return sim.store.write(work)


def waiting(sim: Simulator) -> tuple[Queued, ...]:
    """The queue, the next one first."""
    found = sim.store.read(scripts.listed)
    return tuple(Queued(one.number, one.service_provider, _SCRIPTS.validate_json(one.document)) for one in found)


def clear(sim: Simulator) -> int:
    """Forget what waits; gives how many."""
    return sim.store.write(scripts.clear)


def take(tx: Transaction, service_provider: str) -> Script | None:
    """The script for a login that begins at this service provider, which is then no longer in the queue."""
    document = scripts.take(tx, service_provider)
    return None if document is None else _SCRIPTS.validate_json(document)


def service_of(sim: Simulator, script: Script) -> str | None:
    """The authentication service that issued the means of the script; None when it names none."""
    if script.means is None:
        return None
    found = sim.store.read(lambda tx: register_pages.means_by_id(tx, script.means or ""))
    return found.authentication_service if found else None


def choose(sim: Simulator, login: Login, script: Script) -> Chosen | None:
    """What the person chooses on the screen that asks on whose behalf; None leaves it to whoever sits there.

    What cannot be acted for is chosen too: the decision then says why. Revokes what the script has revoked before.
    """
    chosen = sim.store.read(lambda tx: _choose(sim, tx, login, script))
    if chosen is not None and script.revoke_after in (Point.AUTHENTICATED, Point.ORGANISATION_CHOSEN):
        revoke(sim, login, chosen)
    return chosen


def revoke(sim: Simulator, login: Login, chosen: Chosen) -> None:
    """Revoke the mandate behind what was chosen, at once and for good."""
    if isinstance(chosen.link, ChainLink):
        endings.revoke(sim, OPERATOR, chosen.link.mandate.id, _REASON, login_id=login.id)
    elif chosen.link is not None:
        control.change_direct_mandate(sim, chosen.link.mandate.id, LinkStatus.REVOKED)


def _choose(sim: Simulator, tx: Transaction, login: Login, script: Script) -> Chosen | None:
    question = question_of(sim, tx, login, sim.clock())
    if isinstance(question, Denied):
        return None
    if script.client is None:
        page = register.candidates_page(tx, question, size=2)
        only = page.candidates[0].link if len(page.candidates) == 1 else None
        return None if only is None else Chosen(only.reference, only)
    return _of_client(tx, question, script, script.client)


def _of_client(tx: Transaction, question: Question, script: Script, client: str) -> Chosen:
    known = register_pages.organisation(tx, client)
    if known is None:
        return Chosen(None, None)
    found: list[Link] = [one.link for one in register.candidates_page(tx, question, known.kvk_number).candidates]
    hidden = refused.look_up_refused(tx, question, Search.read(known.kvk_number), _LOOKED_AT).links
    refusals = decide(question, hidden).refusals
    found += [one.link for one in refusals if not isinstance(one.link, UncoupledMandate)]
    for link in found:
        through = link.intermediary.id if isinstance(link, ChainLink) else None
        if link.organisation.id == known.id and script.intermediary in (None, through):
            return Chosen(link.reference, link)
    return Chosen(None, None)
