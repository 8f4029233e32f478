"""Keeping an organisation on top of the list "on whose behalf", for the person who is logged in.

It changes nothing about the login: the list is shown again, and its choices still count.
"""

from dataclasses import dataclass
from enum import Enum

from broker.core.entries import entry_of
from broker.core.refusals import Denied
from broker.core.why_not import denial
from broker.simulator import pending
from broker.simulator.context import Simulator
from broker.simulator.representation import question_of
from broker.store import register, shortcuts
from broker.store.database import Transaction


class Pinned(Enum):
    """What became of it. GONE: the organisation can no longer be acted for. NO_ROOM: `shortcuts.MOST_PINNED`."""

    PINNED = "pinned"
    UNPINNED = "unpinned"
    NO_ROOM = "no_room"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Pinning:
    """What became of it, and the name of the organisation; None when its link is no longer there."""

    outcome: Pinned
    organisation: str | None


def pin(sim: Simulator, login_id: str, browser: str | None, token: str, *, keep: bool) -> Pinning:
    """Pin what the choice `token` names, or unpin it when not `keep`. Raises as `issuing.issue` does for a token."""
    login, moment = pending.find(sim, login_id, browser), sim.clock()

    def step(tx: Transaction) -> Pinning:
        link = register.reload_link(tx, sim.tokens.read(login, token))
        question = question_of(sim, tx, login, moment)
        if link is None or isinstance(question, Denied) or denial(question, link):
            return Pinning(Pinned.GONE, link.organisation.statutory_name if link else None)
        person, entry = question.in_use.person.id, entry_of(link)
        if not keep:
            shortcuts.unpin(tx, person, entry)
            outcome = Pinned.UNPINNED
        else:
            outcome = Pinned.PINNED if shortcuts.pin(tx, person, entry) else Pinned.NO_ROOM
        return Pinning(outcome, link.organisation.statutory_name)

    return sim.store.write(step)
