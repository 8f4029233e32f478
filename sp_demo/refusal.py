"""Why a login is refused: what the visitor is told, and apart from it what the log says."""

from enum import Enum


class Reason(Enum):
    """The value is the code on the page; the words to it stand in `texts.toml` under `[reason]`.

    Everything that signatures, keys and ciphertexts can get wrong is one reason: whoever tries things out learns
    nothing from the difference.
    """

    NO_LOGIN = "SP-01"
    ARTIFACT = "SP-02"
    BROKER_SILENT = "SP-03"
    NOTHING_FOUND = "SP-04"
    MALFORMED = "SP-05"
    UNTRUSTED = "SP-06"
    NOT_FOR_US = "SP-07"
    NOT_NOW = "SP-08"
    OTHER_REQUEST = "SP-09"
    USED_BEFORE = "SP-10"
    NOT_ENOUGH = "SP-11"


class Refused(Exception):
    """A technical refusal. `detail` is for the log only and never shown."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """`detail`: which element or value, in words for a developer."""
        super().__init__(f"{reason.value} {reason.name}: {detail}")
        self.reason = reason
        self.detail = detail
