"""What somebody may do to a mandate now: a page shows the buttons that would work, and why others would not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from broker.core.administration import lifecycle
from broker.core.administration.actors import Actor
from broker.core.administration.dossiers import NOT_ENDED, FiledMandate
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import Action, Party, party_of, permit
from broker.core.mandates import ChainStatus


class Possibility(Enum):
    """What a page of a mandate may offer, in its order."""

    SIGN = "sign"
    RENEW = "renew"
    ASK_RENEWAL = "ask_renewal"
    COUPLE = "couple"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class Possibilities:
    """What would be done, and what would be refused to this person for a reason that is worth telling."""

    allowed: frozenset[Possibility]
    refused: tuple[tuple[Obstacle, tuple[Possibility, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Attempt:
    filed: FiledMandate
    actor: Actor
    now: Moment
    acts_alone: bool

    @property
    def party(self) -> Party:
        mandate = self.filed.mandate
        return party_of(self.actor, mandate.grantor_id, mandate.intermediary_id)

    def permit(self, action: Action) -> None:
        mandate = self.filed.mandate
        permit(self.actor, action, mandate.grantor_id, mandate.intermediary_id, mandate.origin, self.now.policy)

    def require_party(self, party: Party) -> None:
        if self.party is not party:
            raise ChangeRefused(Obstacle.WRONG_STATE, f"is for {party.value}")

    def require_signature(self) -> None:
        if not self.acts_alone:
            raise ChangeRefused(Obstacle.SIGNATURES_MISSING, self.actor.id)


def possibilities(filed: FiledMandate, actor: Actor, now: Moment, *, acts_alone: bool) -> Possibilities:
    """What `actor` may do; `acts_alone` is whether a manager may sign without a legal representative.

    What makes no sense in the state that the mandate is in, or for another party, is no refusal: nothing is said of it.
    """
    status = filed.status_at(now.at, now.policy.signing_months)
    attempt = _Attempt(filed, actor, now, acts_alone)
    allowed: set[Possibility] = set()
    refused: dict[Obstacle, list[Possibility]] = {}
    for possibility, (statuses, trying) in _ATTEMPTS.items():
        if status not in statuses:
            continue
        try:
            trying(attempt)
        except ChangeRefused as error:
            if error.obstacle is not Obstacle.WRONG_STATE:
                refused.setdefault(error.obstacle, []).append(possibility)
        else:
            allowed.add(possibility)
    return Possibilities(frozenset(allowed), tuple((obstacle, tuple(which)) for obstacle, which in refused.items()))


def _sign(one: _Attempt) -> None:
    one.require_party(Party.CLIENT_MANAGER)
    one.require_signature()
    lifecycle.sign_as_manager(one.filed, one.actor, one.now)


def _renew(one: _Attempt) -> None:
    one.require_party(Party.CLIENT_MANAGER)
    one.permit(Action.RENEW)
    one.require_signature()


def _ask_renewal(one: _Attempt) -> None:
    one.require_party(Party.INTERMEDIARY_MANAGER)
    one.permit(Action.RENEW)


def _couple(one: _Attempt) -> None:
    one.require_party(Party.INTERMEDIARY_MANAGER)
    one.permit(Action.COUPLE)


_LASTING = frozenset({ChainStatus.ACTIVE, ChainStatus.SUSPENDED})
_RENEWABLE = frozenset({ChainStatus.ACTIVE, ChainStatus.EXPIRED})
_ATTEMPTS: dict[Possibility, tuple[frozenset[ChainStatus], Callable[[_Attempt], object]]] = {
    Possibility.SIGN: (frozenset({ChainStatus.SIGNING}), _sign),
    Possibility.RENEW: (_RENEWABLE, _renew),
    Possibility.ASK_RENEWAL: (_RENEWABLE, _ask_renewal),
    Possibility.COUPLE: (_LASTING, _couple),
    Possibility.SUSPEND: (frozenset({ChainStatus.ACTIVE}), lambda one: one.permit(Action.SUSPEND)),
    Possibility.RESUME: (frozenset({ChainStatus.SUSPENDED}), lambda one: one.permit(Action.SUSPEND)),
    Possibility.END: (_LASTING, lambda one: one.permit(Action.REVOKE)),
    Possibility.REVOKE: (NOT_ENDED, lambda one: one.permit(Action.REVOKE)),
}
