"""Every reason why a change of the register is refused. `advice` has the words; the codes are stable."""

from enum import Enum, unique

from broker.core.errors import SimulatorError


@unique
class Obstacle(Enum):
    """Why not. The value is the code that pages, logs and tests use."""

    # who asks
    MEANS_TOO_LOW = "MEANS_TOO_LOW"
    MEANS_NOT_REGULAR = "MEANS_NOT_REGULAR"
    NOT_A_MANAGER = "NOT_A_MANAGER"
    ROLE_EXPIRED = "ROLE_EXPIRED"
    CHAIN_NEEDS_EH3 = "CHAIN_NEEDS_EH3"
    NOT_YOUR_MANDATE = "NOT_YOUR_MANDATE"
    NOT_BY_THIS_PARTY = "NOT_BY_THIS_PARTY"
    USE_THE_FORM = "USE_THE_FORM"
    ABOVE_OWN_LEVEL = "ABOVE_OWN_LEVEL"
    # what is asked
    OWN_ORGANISATION = "OWN_ORGANISATION"
    PERIOD_TOO_LONG = "PERIOD_TOO_LONG"
    PERIOD_REVERSED = "PERIOD_REVERSED"
    PERIOD_IN_THE_PAST = "PERIOD_IN_THE_PAST"
    LEVEL_TOO_LOW = "LEVEL_TOO_LOW"
    BRANCH_NOT_ALLOWED = "BRANCH_NOT_ALLOWED"
    SCOPE_UNKNOWN = "SCOPE_UNKNOWN"
    ALREADY_THERE = "ALREADY_THERE"
    ALREADY_INVITED = "ALREADY_INVITED"
    # the means that is coupled
    COUPLED_MEANS_TOO_LOW = "COUPLED_MEANS_TOO_LOW"
    COUPLED_MEANS_NOT_REGULAR = "COUPLED_MEANS_NOT_REGULAR"
    COUPLED_MEANS_OF_OTHERS = "COUPLED_MEANS_OF_OTHERS"
    COUPLED_MEANS_NOT_USABLE = "COUPLED_MEANS_NOT_USABLE"
    ALREADY_COUPLED = "ALREADY_COUPLED"
    # the state it is in
    WRONG_STATE = "WRONG_STATE"
    ENDED = "ENDED"
    LINK_NOT_VALID = "LINK_NOT_VALID"
    # checks
    KVK_NOT_FOUND = "KVK_NOT_FOUND"
    KVK_NOT_ACTIVE = "KVK_NOT_ACTIVE"
    KVK_NO_ANSWER = "KVK_NO_ANSWER"
    KVK_CHECK_TOO_OLD = "KVK_CHECK_TOO_OLD"
    SIGNATORY_NOT_AUTHORISED = "SIGNATORY_NOT_AUTHORISED"
    SIGNATURES_MISSING = "SIGNATURES_MISSING"
    # others
    TOO_MANY_WAITING = "TOO_MANY_WAITING"
    CHANGED_MEANWHILE = "CHANGED_MEANWHILE"
    NOT_FOUND = "NOT_FOUND"


class ChangeRefused(SimulatorError):
    """The register does not make this change; nothing was written. `obstacle` says why, `detail` what exactly."""

    code = "EH-BEH-01"
    http_status = 403

    def __init__(self, obstacle: Obstacle, detail: str = "") -> None:
        """`detail` is for the log and for developers; the words for people are in `advice`."""
        super().__init__(f"{obstacle.value}: {detail}" if detail else obstacle.value)
        self.obstacle = obstacle
        self.detail = detail
