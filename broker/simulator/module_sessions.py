"""Who is in the Beheermodule: a session begins with a verified login, and is looked at anew at every request.

A session holds three references and a level. Everything else is read from the register each time and put to the same
decision as a login, so a means that is blocked or a mandate that is withdrawn ends the session at the next request.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final

from broker.core.administration.admission import Admission, admit
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.assurance import AssuranceLevel
from broker.core.clock import amsterdam_date
from broker.core.decision import best_reason, decide
from broker.core.links import MeansInUse
from broker.core.organisations import Organisation
from broker.core.question import Question
from broker.core.refusals import DenialReason, Denied
from broker.simulator.context import Simulator
from broker.simulator.module_entrance import ModuleLogin, service
from broker.simulator.pseudonyms import direct_pseudonym
from broker.store import changes, holders, module_sessions, register
from broker.store.administration import people
from broker.store.database import Transaction
from broker.store.holders import Holder
from broker.store.module_sessions import ModuleSession

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the store knows when a session was last used: a page costs no write transaction each time."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is in, for which organisation, at which level and in which quality: as the register has it at `moment`."""

    in_use: MeansInUse
    organisation: Organisation
    level: AssuranceLevel
    admission: Admission
    moment: datetime

    @property
    def day(self) -> date:
        """The Amsterdam calendar date of the moment."""
        return amsterdam_date(self.moment)


class Ending(Enum):
    """Why there is no session."""

    ABSENT = "absent"
    IDLE = "idle"
    OVER = "over"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Ended:
    """There is no session (any more): nobody logged in, it lasted too long, or the register says no.

    With DENIED it says why: `denied` as at a login, or `obstacle` at the door of the Beheermodule.
    """

    why: Ending
    denied: Denied | None = None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session: its token is for the browser alone."""

    token: str
    visitor: Visitor


def begin(sim: Simulator, login: ModuleLogin, replaced: str | None) -> Begun | Ended:
    """Begin a session for a verified login, in place of the one with the token `replaced`, if any."""
    moment, token = sim.clock(), sim.ids.token()

    def transaction(tx: Transaction) -> Begun | Ended:
        if replaced is not None:
            module_sessions.delete(tx, replaced)
        holder = _holder(sim, tx, login)
        if holder is None:
            return Ended(Ending.DENIED, Denied(DenialReason.NO_MANDATE))
        session = ModuleSession(
            means_id=holder.means_id,
            organisation_id=holder.organisation_id,
            level=login.level,
            name_id=login.name_id,
            seen_at=moment,
            expires_at=moment + sim.lifetimes.module_session,
        )
        visitor = _visitor(sim, tx, session, moment)
        if isinstance(visitor, Ended):
            return visitor
        module_sessions.put(tx, token, session)
        changes.record_use(tx, visitor.in_use.person, visitor.day)
        return Begun(token, visitor)

    return sim.store.write(transaction)


def current(sim: Simulator, token: str | None) -> Visitor | Ended:
    """Who the session of this token is of, as things are now."""
    if token is None:
        return Ended(Ending.ABSENT)
    moment = sim.clock()
    session = sim.store.read(lambda tx: module_sessions.find(tx, token))
    if session is None:
        return Ended(Ending.ABSENT)
    if moment >= session.expires_at:
        return Ended(Ending.OVER)
    if moment >= session.seen_at + sim.lifetimes.module_idle:
        return Ended(Ending.IDLE)
    if moment >= session.seen_at + SEEN_EVERY:
        sim.store.write(lambda tx: module_sessions.seen(tx, token, moment))
    return sim.store.read(lambda tx: _visitor(sim, tx, session, moment))


def end(sim: Simulator, token: str | None) -> None:
    """End the session of this token, if there is one."""
    if token is not None:
        sim.store.write(lambda tx: module_sessions.delete(tx, token))


def _holder(sim: Simulator, tx: Transaction, login: ModuleLogin) -> Holder | None:
    """The means that is known to the Beheermodule by the pseudonym of the assertion."""
    provider = sim.module.service_id.oin
    for holder in holders.list_holders(tx, login.kvk_number):
        known = direct_pseudonym(sim.pseudonym_secret, provider, holder.internal_pseudonym, holder.organisation_id)
        if hmac.compare_digest(known, login.pseudonym):
            return holder
    return None


def _visitor(sim: Simulator, tx: Transaction, session: ModuleSession, moment: datetime) -> Visitor | Ended:
    in_use = register.means_by_id(tx, session.means_id)
    if in_use is None:
        return Ended(Ending.DENIED, Denied(DenialReason.MEANS_NOT_USABLE))
    question = Question(service(sim), session.level, in_use, moment, policy=sim.policy)
    links = [link for link in in_use.direct if link.organisation.id == session.organisation_id]
    decision = decide(question, links)
    if not decision.candidates:
        return Ended(Ending.DENIED, best_reason(question, decision.refusals))
    best = max(decision.candidates, key=lambda candidate: candidate.effective_level)
    login = (best.organisation.id, best.effective_level)
    roles = people.roles_of(tx, in_use.person.id)
    try:
        admission = admit(in_use.person, in_use.means, login, roles, question.day, sim.register_policy)
    except ChangeRefused as refused:
        return Ended(Ending.DENIED, obstacle=refused.obstacle)
    return Visitor(in_use, best.organisation, best.effective_level, admission, moment)
