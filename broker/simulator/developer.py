"""For whoever tests: who is not in the list and why, what a candidate rests on, and revoking in the middle of a login.

A real broker shows this to nobody. It is shown to the person who logs in and never told to a service provider (I14),
and the setting `login.developer_drawer` takes it away.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from broker.core.administration.actors import OPERATOR
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.decision import Candidate, Decision, Refusal, decide
from broker.core.errors import NotFound
from broker.core.links import ChainLink
from broker.core.login import Login, Step
from broker.core.refusals import Denied
from broker.core.search import Search
from broker.core.trace import Plain, describe
from broker.simulator import pending
from broker.simulator.administration import endings
from broker.simulator.context import Simulator
from broker.simulator.representation import question_of
from broker.store import refused, register
from broker.store.database import Transaction

MOST_SHOWN = 50
"""How many hidden organisations are shown; whoever wants to see another searches."""

# To find what is hidden every coupling of the means is looked at. From this number on that is done when it is asked.
_COUPLINGS_LOOKED_AT = 2_000

_REASON = "ingetrokken tijdens een login, vanuit het ontwikkelaarspaneel"


@dataclass(frozen=True, slots=True)
class Hidden:
    """The first of those who cannot be acted for, and how many there are in all."""

    refusals: tuple[Refusal, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Insight:
    """What the decision rested on. `trace` is that of `core.trace`; `hidden` is None when it was not looked up."""

    trace: Plain
    hidden: Hidden | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """The parties of the chain mandate that was revoked."""

    client: str
    intermediary: str


def look(
    sim: Simulator, login: Login, candidates: Sequence[Candidate], typed: str = "", *, everything: bool = False
) -> Insight | None:
    """What is behind a page of `login` that shows `candidates`; None when there is nothing to show, or nobody may see.

    `typed` searches in what is hidden; `everything` looks it up however long that takes.
    """
    if not sim.developer_drawer or login.step is not Step.REPRESENT:
        return None

    def transaction(tx: Transaction) -> Insight | None:
        question = question_of(sim, tx, login, sim.clock())
        if isinstance(question, Denied):
            return None
        most = _COUPLINGS_LOOKED_AT + 1
        if not everything and refused.count_couplings(tx, question, most) == most:
            return Insight(describe(question, Decision(tuple(candidates), ())), None)
        found = refused.look_up_refused(tx, question, Search.read(typed), MOST_SHOWN)
        refusals = decide(question, found.links).refusals
        return Insight(describe(question, Decision(tuple(candidates), refusals)), Hidden(refusals, found.total))

    return sim.store.read(transaction)


def revoke(sim: Simulator, login_id: str, browser: str | None, token: str) -> Revoked:
    """Revoke the chain mandate behind the choice `token`, at once and as the register's operator (E07).

    The login itself is left as it is, so a page that was shown before can still choose what is now revoked. Raises
    `NotFound` when there is no developer drawer, `ChangeRefused`, and as `issuing.issue` does for a token.
    """
    if not sim.developer_drawer:
        raise NotFound("login.developer_drawer is off")
    login = pending.find(sim, login_id, browser)
    reference = sim.tokens.read(login, token)
    link = sim.store.read(lambda tx: register.reload_link(tx, reference))
    if not isinstance(link, ChainLink):
        raise ChangeRefused(Obstacle.NOT_FOUND, reference.id)
    endings.revoke(sim, OPERATOR, link.mandate.id, _REASON, login_id=login_id)
    return Revoked(link.client.statutory_name, link.intermediary.statutory_name)
