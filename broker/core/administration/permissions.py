"""The table of who may do what to a mandate (M-50 to M-53 and the table of who-may-do-what), and the one reader of it.

Each row is an action, each column a party; what is not in a row is refused. `FORM` refuses too, and points at the
revocation form, which works without logging in.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.policy import RegisterPolicy
from broker.core.assurance import AssuranceLevel
from broker.core.mandates import Origin


class Party(Enum):
    """What an actor is to one mandate."""

    CLIENT_MANAGER = "client_manager"
    SIGNATORY = "signatory"
    INTERMEDIARY_MANAGER = "intermediary_manager"
    USER = "user"
    OPERATOR = "operator"


class Action(Enum):
    """What may be done. Revoking also stands for setting an earlier end; suspending for resuming."""

    INVITE = "invite"
    ANSWER_INVITATION = "answer_invitation"
    CANCEL_INVITATION = "cancel_invitation"
    SELF_ISSUE = "self_issue"
    SIGN = "sign"
    REVIEW = "review"
    COUPLE = "couple"
    REVOKE = "revoke"
    SUSPEND = "suspend"
    RENEW = "renew"
    SEE_RELATIONS = "see_relations"


class Answer(Enum):
    """Yes; only through the revocation form; or as the setting says."""

    YES = "yes"
    FORM = "form"
    SETTING = "setting"


Y, F, S = Answer.YES, Answer.FORM, Answer.SETTING
CLIENT, SIGNATORY, INTERMEDIARY, USER, OPERATOR = Party
_Row = Mapping[Party, Answer]

TABLE: Final[Mapping[tuple[Action, Origin], _Row]] = {
    **{
        (action, origin): row
        for origin in Origin
        for action, row in {
            Action.INVITE: {INTERMEDIARY: Y},
            Action.ANSWER_INVITATION: {CLIENT: Y, SIGNATORY: Y},
            Action.CANCEL_INVITATION: {INTERMEDIARY: Y, OPERATOR: Y},
            Action.SELF_ISSUE: {CLIENT: Y, SIGNATORY: F},
            Action.SIGN: {CLIENT: Y, SIGNATORY: Y},
            Action.REVIEW: {OPERATOR: Y},
            Action.COUPLE: {INTERMEDIARY: Y},
            Action.SEE_RELATIONS: {INTERMEDIARY: Y, USER: Y, OPERATOR: Y},
        }.items()
    },
    (Action.REVOKE, Origin.SELF_ISSUED): {CLIENT: Y, SIGNATORY: F, INTERMEDIARY: S, OPERATOR: Y},
    (Action.REVOKE, Origin.INVITED_BY_INTERMEDIARY): {CLIENT: F, SIGNATORY: F, INTERMEDIARY: Y, OPERATOR: Y},
    (Action.SUSPEND, Origin.SELF_ISSUED): {CLIENT: Y, SIGNATORY: F, OPERATOR: Y},
    (Action.SUSPEND, Origin.INVITED_BY_INTERMEDIARY): {CLIENT: F, SIGNATORY: F, OPERATOR: Y},
    (Action.RENEW, Origin.SELF_ISSUED): {CLIENT: Y, SIGNATORY: Y, INTERMEDIARY: Y, OPERATOR: Y},
    (Action.RENEW, Origin.INVITED_BY_INTERMEDIARY): {SIGNATORY: Y, INTERMEDIARY: Y, OPERATOR: Y},
}
"""Who may do what, by the route along which the mandate came to be."""


def permit(
    actor: Actor, action: Action, client_id: str, intermediary_id: str, origin: Origin, policy: RegisterPolicy
) -> None:
    """Return if `actor` may do `action` to a mandate of `client_id` to `intermediary_id`; raises `ChangeRefused`."""
    party = party_of(actor, client_id, intermediary_id)
    if actor.kind is ActorKind.MANAGER:
        require_chain_level(actor, policy)
    answer = TABLE[action, origin].get(party)
    if answer is Answer.FORM:
        raise ChangeRefused(Obstacle.USE_THE_FORM, f"{party.value} {action.value} {origin.value}")
    if answer is None or (answer is Answer.SETTING and not policy.intermediary_may_renounce):
        obstacle = Obstacle.NOT_A_MANAGER if party is Party.USER else Obstacle.NOT_BY_THIS_PARTY
        raise ChangeRefused(obstacle, f"{party.value} {action.value} {origin.value}")


def party_of(actor: Actor, client_id: str, intermediary_id: str) -> Party:
    """What `actor` is to a mandate between these two; raises `ChangeRefused` for somebody of another organisation."""
    match actor.kind:
        case ActorKind.OPERATOR | ActorKind.RULE:
            return Party.OPERATOR
        case ActorKind.SIGNATORY if actor.organisation_id == client_id:
            return Party.SIGNATORY
        case ActorKind.USER if actor.organisation_id == intermediary_id:
            return Party.USER
        case ActorKind.MANAGER if actor.organisation_id == client_id:
            return Party.CLIENT_MANAGER
        case ActorKind.MANAGER if actor.organisation_id == intermediary_id:
            return Party.INTERMEDIARY_MANAGER
    raise ChangeRefused(Obstacle.NOT_YOUR_MANDATE, f"{actor.id} of {actor.organisation_id}")


def require_chain_level(actor: Actor, policy: RegisterPolicy) -> None:
    """Return if the manager's own level reaches what chain mandates need (M-25, M-31, M-35); raises `ChangeRefused`."""
    own = actor.own_level
    if policy.chain_level is not None and (own is None or own < policy.chain_level):
        raise ChangeRefused(Obstacle.CHAIN_NEEDS_EH3, f"{actor.id} has {own.label if own else 'no level'}")


def require_manager(actor: Actor, policy: RegisterPolicy) -> str:
    """The id of the organisation that `actor` manages; raises `ChangeRefused` for who may not manage chain mandates."""
    if actor.kind is not ActorKind.MANAGER or actor.organisation_id is None:
        raise ChangeRefused(Obstacle.NOT_A_MANAGER, f"{actor.kind.value} {actor.id}")
    require_chain_level(actor, policy)
    return actor.organisation_id


def require_own_level(actor: Actor, level: AssuranceLevel) -> None:
    """Return if a manager registers nothing above their own level (I4); raises `ChangeRefused`."""
    own = actor.own_level
    if actor.kind is ActorKind.MANAGER and (own is None or level > own):
        raise ChangeRefused(Obstacle.ABOVE_OWN_LEVEL, f"{level.label} by {own.label if own else 'no level'}")
