"""What is written down beforehand for a login: what the person chooses on which screen, and what happens meanwhile.

Only the choices of a person are made for them. Messages, checks, decisions and signatures are those of any login.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import TypeVar

from broker.core.assurance import LOWEST
from broker.core.links import ChainLink, Link
from broker.core.mandates import ChainMandate, DirectMandate
from broker.core.validity import Validity

_Mandate = TypeVar("_Mandate", ChainMandate, DirectMandate)


class Screen(Enum):
    """The screens on which a person can stop, in the order in which they come.

    The first is there only when there is more than one authentication service, but stopping there works all the same.
    """

    AUTHENTICATION_SERVICE = "authentication_service"
    SIGN_IN = "sign_in"
    ORGANISATION = "organisation"


class Point(Enum):
    """Points of a login, in their order; what is to happen after one happens before the next.

    Authenticated: it is known who the person is, and the list of organisations was not made yet. Organisation chosen:
    the person chose from that list, and the decision is not taken anew yet. Answer issued: the answer is signed, and
    the service provider did not fetch it yet.
    """

    AUTHENTICATED = "authenticated"
    ORGANISATION_CHOSEN = "organisation_chosen"
    ANSWER_ISSUED = "answer_issued"


class Refused(Enum):
    """What the register says of the chosen mandate when the decision is taken anew, for this login alone."""

    NO_MANDATE = "no_mandate"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    LEVEL_TOO_LOW = "level_too_low"


@dataclass(frozen=True, slots=True)
class Script:
    """What happens in one login; what is None is left to whoever sits at the screen.

    `means` is the id of the means that the person logs in with, `client` that of the organisation acted for and
    `intermediary` that of the organisation through which, if several ways lead there. `answer_delay` is how long the
    answer takes once it is asked for. `service_is_down`: the authentication service answers nothing but an error.
    """

    means: str | None = None
    client: str | None = None
    intermediary: str | None = None
    cancel_at: Screen | None = None
    refused: Refused | None = None
    revoke_after: Point | None = None
    answer_delay: timedelta = timedelta()
    service_is_down: bool = False

    @property
    def chooses_organisation(self) -> bool:
        """Whether the question on whose behalf is answered here."""
        return self.client is not None or self.refused is not None or self.revoke_after is not None


def as_registered(link: Link | None, refused: Refused | None, day: date) -> Link | None:
    """`link` as the register gives it on `day` to a login whose script says that it is `refused`."""
    if link is None or refused is None:
        return link
    if refused is Refused.NO_MANDATE:
        return None
    if isinstance(link, ChainLink):
        return replace(link, mandate=_as_refused(link.mandate, refused, day))
    return replace(link, mandate=_as_refused(link.mandate, refused, day))


def _as_refused(mandate: _Mandate, refused: Refused, day: date) -> _Mandate:
    statuses = type(mandate.status)
    match refused:
        case Refused.EXPIRED:
            return replace(mandate, validity=_over(mandate.validity, day))
        case Refused.REVOKED:
            return replace(mandate, status=statuses.REVOKED)
        case Refused.SUSPENDED:
            return replace(mandate, status=statuses.SUSPENDED)
        case _:
            return replace(mandate, level=LOWEST)


def _over(validity: Validity, day: date) -> Validity:
    """A period that ended on the day before `day`."""
    yesterday = day - timedelta(days=1)
    return Validity(min(validity.valid_from, yesterday), yesterday)
