"""Who wants to change the register."""

from dataclasses import dataclass
from enum import Enum

from broker.core.assurance import AssuranceLevel


class ActorKind(Enum):
    """In which quality somebody acts.

    A signatory is a legal representative who signs through a link, without means (M-06). The operator is the register's
    own staff. A rule is the register itself: a check that passed, a term that ended.
    """

    MANAGER = "manager"
    USER = "user"
    SIGNATORY = "signatory"
    OPERATOR = "operator"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, the organisation for which they act, and the level of the means that they logged in with.

    `role_level` is the level that a manager's role was registered at. Organisation and levels are None for the
    operator and for rules; a signatory has an organisation and no level.
    """

    kind: ActorKind
    id: str
    name: str
    organisation_id: str | None = None
    level: AssuranceLevel | None = None
    role_level: AssuranceLevel | None = None

    @property
    def own_level(self) -> AssuranceLevel | None:
        """The most that a manager may register (I4): the lower of role and login; None for those without a level."""
        levels = [level for level in (self.level, self.role_level) if level is not None]
        return min(levels) if levels else None


OPERATOR = Actor(ActorKind.OPERATOR, "operator", "Beheerder van het register")


def rule(name: str) -> Actor:
    """The register itself, for the reason `name`: `expiry of an invitation`, `automatic activation`."""
    return Actor(ActorKind.RULE, name, name)
