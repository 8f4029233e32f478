"""The door of the Beheermodule: in which quality somebody who logged in may enter (M-24, M-25, M-31, M-35)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.manager_roles import ManagerRole, RoleStatus
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import require_chain_level
from broker.core.administration.policy import RegisterPolicy
from broker.core.assurance import AssuranceLevel
from broker.core.organisations import Means, MeansType, Person


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody who may enter: as a manager of the organisation, or as a user who sees their own couplings.

    `role_ended` tells that a user was a manager until the role ended.
    """

    actor: Actor
    role_ended: bool = False

    @property
    def is_manager(self) -> bool:
        """Whether the actor manages the register for the organisation."""
        return self.actor.kind is ActorKind.MANAGER

    def require_manager(self) -> None:
        """Return for a manager; raises `ChangeRefused` for anybody else."""
        if not self.is_manager:
            obstacle = Obstacle.ROLE_EXPIRED if self.role_ended else Obstacle.NOT_A_MANAGER
            raise ChangeRefused(obstacle, f"{self.actor.id} of {self.actor.organisation_id}")

    def require_chains(self, policy: RegisterPolicy) -> None:
        """Return for a manager whose level reaches what chain mandates need; raises `ChangeRefused`."""
        self.require_manager()
        require_chain_level(self.actor, policy)


def admit(
    person: Person,
    means: Means,
    login: tuple[str, AssuranceLevel],
    roles: Iterable[ManagerRole],
    day: date,
    policy: RegisterPolicy,
) -> Admission:
    """How the holder of `means` enters, who logged in for an organisation (its id) at a level.

    `roles` are all roles of the person. Raises `ChangeRefused` (MEANS_NOT_REGULAR, MEANS_TOO_LOW) for whom the door
    stays shut.
    """
    organisation_id, level = login
    if means.type is not MeansType.REGULAR:
        raise ChangeRefused(Obstacle.MEANS_NOT_REGULAR, means.id)
    if level < policy.module_level:
        raise ChangeRefused(Obstacle.MEANS_TOO_LOW, f"{level.label}, at least {policy.module_level.label}")
    own = [role for role in roles if role.organisation_id == organisation_id]
    in_force = [role for role in own if role.is_in_force(day)]
    if not in_force:
        ended = any(role.status is RoleStatus.ACTIVE and day > role.validity.valid_until for role in own)
        return Admission(Actor(ActorKind.USER, person.id, person.display_name, organisation_id, level), ended)
    highest = max(role.level for role in in_force)
    return Admission(Actor(ActorKind.MANAGER, person.id, person.display_name, organisation_id, level, highest))
