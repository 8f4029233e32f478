"""What a check saw: findings, and the references they cite."""

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """`ERROR` rejects the message; the others are shown and logged."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that one rule has to say about one message.

    `rule` is the stable id of the rule (`EH-SIG-03`), `where` names the element or attribute, `detail` says what was
    found in words for a developer. None of it is ever shown to the sender of a message that failed on trust.
    """

    rule: str
    severity: Severity
    where: str
    detail: str
