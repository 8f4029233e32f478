"""What the person does who logs in: written down beforehand, since nobody sits at the screen."""

from dataclasses import dataclass
from enum import Enum
from typing import TypedDict


class Screen(Enum):
    """A screen on which the person may stop, in the order in which they come."""

    AUTHENTICATION_SERVICE = "authentication_service"
    SIGN_IN = "sign_in"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of one login.

    `person` is a name on the page of the stub; `means` the id of one of their means, `level` the level of one (EH3).
    With neither, it is the first that suffices. `client` is the organisation acted for: the name, its beginning, or the
    KvK number; `via` is part of the intermediary's name, where several lead there. Without a client the login must
    leave no choice.
    `authentication_service` is the beginning of a name, when there is more than one; else the first is taken.
    """

    person: str = ""
    client: str | None = None
    via: str | None = None
    means: str | None = None
    level: str | None = None
    authentication_service: str | None = None
    cancel_at: Screen | None = None


class Choosing(TypedDict, total=False):
    """The fields of `Choices` as arguments by name."""

    person: str
    client: str | None
    via: str | None
    means: str | None
    level: str | None
    authentication_service: str | None
    cancel_at: Screen | None
