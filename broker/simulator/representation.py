"""On whose behalf: the organisations that the authenticated person may choose from, as the register has them now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from broker.core import login as attempt
from broker.core.decision import Candidate, best_reason, decide, service_asked
from broker.core.identifiers import InternalPseudonym
from broker.core.login import Authenticated, Login, Step
from broker.core.question import Question
from broker.core.refusals import DenialReason, Denied
from broker.simulator.context import Simulator
from broker.store import register, shortcuts
from broker.store.candidates import CandidatesPage
from broker.store.database import Transaction
from broker.store.shortcuts import NOTHING

SEARCH_FROM = 8
"""Below this number of organisations looking is quicker than searching, or than having some of them on top."""

# How many unusable links are looked at to find the one reason that is told.
_REASONS_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate with the signed token that chooses it, and whether the person pinned it."""

    candidate: Candidate
    token: str
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class Selection:
    """One page of what may be chosen; `total` and `more` are those of `store.candidates.CandidatesPage`.

    On the first page of a long list that nobody searched, what the person pinned and used last stands on top, wherever
    in the list it is; what of it belongs to this page is left out of `choices`, so nothing stands on a page twice.
    `more_with_higher_means` is looked up only when there is one: mandates that no more than the level of the means
    keeps out.
    """

    login: Login
    question: Question
    pinned: tuple[Choice, ...]
    recent: tuple[Choice, ...]
    choices: tuple[Choice, ...]
    total: int
    more: bool
    page: int
    is_long: bool
    is_only_one: bool
    more_with_higher_means: bool


@dataclass(frozen=True, slots=True)
class NothingToChoose:
    """There is no organisation to act for, and why."""

    login: Login
    person: str | None
    denied: Denied


def authenticated(login: Login) -> Authenticated:
    """What was proven of the person; raises `StepOutOfOrder` before that step."""
    attempt.require_step(login, Step.REPRESENT)
    if login.authenticated is None:
        raise AssertionError("unreachable: the step follows authentication")
    return login.authenticated


def question_of(sim: Simulator, tx: Transaction, login: Login, moment: datetime) -> Question | Denied:
    """The question of this login to the register at `moment`, or why it cannot even be asked."""
    proven = authenticated(login)
    service = service_asked(sim.catalogue, login.asked.service_id)
    if isinstance(service, Denied):
        return service
    in_use = register.means_in_use(tx, InternalPseudonym(proven.internal_pseudonym), proven.authentication_service)
    if in_use is None:
        return Denied(DenialReason.MEANS_NOT_USABLE)
    return Question(
        service=service,
        authenticated_level=proven.level,
        in_use=in_use,
        moment=moment,
        requested_level=login.asked.level,
        policy=sim.policy,
        behind=sim.catalogue.behind(service),
        attributes=login.asked.attributes,
    )


def selection(sim: Simulator, login: Login, typed: str = "", page: int = 1) -> Selection | NothingToChoose:
    """What the person of `login` may choose from, searched and paged by the store. Raises `StepOutOfOrder`."""

    def transaction(tx: Transaction) -> Selection | NothingToChoose:
        question = question_of(sim, tx, login, sim.clock())
        if isinstance(question, Denied):
            return NothingToChoose(login, None, question)
        found = register.candidates_page(tx, question, typed, page)
        if found.total == 0 and not typed:
            return NothingToChoose(login, question.in_use.person.display_name, _denied(tx, question))
        return _selection(sim, tx, login, question, found, typed)

    return sim.store.read(transaction)


def _selection(
    sim: Simulator, tx: Transaction, login: Login, question: Question, found: CandidatesPage, typed: str
) -> Selection:
    is_long = bool(typed) or found.total >= SEARCH_FROM
    kept = shortcuts.pinned_by(tx, question.in_use.person.id) if is_long else frozenset()
    on_top = shortcuts.shortcuts(tx, question, kept) if is_long and not typed and found.page == 1 else NOTHING
    shown_above = {candidate.entry for candidate in (*on_top.pinned, *on_top.recent)}

    def choices(candidates: Iterable[Candidate]) -> tuple[Choice, ...]:
        return tuple(
            Choice(candidate, sim.tokens.make(login, candidate.link.reference), candidate.entry in kept)
            for candidate in candidates
        )

    is_only_one = found.total == 1 and not typed
    return Selection(
        login=login,
        question=question,
        pinned=choices(on_top.pinned),
        recent=choices(on_top.recent),
        choices=choices(candidate for candidate in found.candidates if candidate.entry not in shown_above),
        total=found.total,
        more=found.more,
        page=found.page,
        is_long=is_long,
        is_only_one=is_only_one,
        more_with_higher_means=is_only_one and _count(tx, question.with_highest_means()) > found.total,
    )


def why_refused(sim: Simulator, tx: Transaction, login: Login, moment: datetime) -> DenialReason | None:
    """Why the person of `login` cannot go on: the refusal of what they chose last, or else of everything.

    None when they can, or when they are not at that step.
    """
    last = login.history[-1]
    if last.what == "denied":
        return DenialReason(last.detail)
    if login.step is not Step.REPRESENT:
        return None
    question = question_of(sim, tx, login, moment)
    if isinstance(question, Denied):
        return question.reason
    return None if register.candidates_page(tx, question).total else _denied(tx, question).reason


def _count(tx: Transaction, question: Question) -> int:
    return register.candidates_page(tx, question, size=1).total


def _denied(tx: Transaction, question: Question) -> Denied:
    refused = decide(question, register.refused_links(tx, question, _REASONS_LOOKED_AT)).refusals
    return best_reason(question, refused)
