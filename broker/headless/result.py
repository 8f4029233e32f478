"""What came of a login, and the way it went."""

from dataclasses import dataclass
from enum import Enum

from broker.headless.page import Page


class Party(Enum):
    """Who answered a request, as far as its pages tell."""

    SERVICE_PROVIDER = "service provider"
    BROKER = "broker"
    AUTHENTICATION_SERVICE = "authentication service"
    OTHER = "other"


class Outcome(Enum):
    """How a login ended, as far as a browser can see it.

    Logged in: an answer was carried to the service provider, which then showed a page without an error. Cancelled: the
    person stopped. Denied: the broker has nobody to act for, or refused at the last moment. Means refused: the
    authentication service did not take the means. Message refused: the broker or the stub shows a problem with what it
    was sent. Not accepted: the service provider got an answer and shows an error. Answered: the broker answered without
    any choice of the person, because it refused the request or because the choices were written down at the broker; its
    own record tells which. Not sent: the service provider never sent its visitor to the broker.
    """

    LOGGED_IN = "logged_in"
    CANCELLED = "cancelled"
    DENIED = "denied"
    MEANS_REFUSED = "means_refused"
    MESSAGE_REFUSED = "message_refused"
    NOT_ACCEPTED = "not_accepted"
    ANSWERED = "answered"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class Step:
    """One request and the status of its answer. The URL is whole: it may hold a message or an artifact."""

    method: str
    url: str
    status: int
    party: Party


@dataclass(frozen=True)
class Result:
    """`page` is the last one; `login_id` is that of the broker, if it showed any page of the login.

    `code` and `reason` are those of the page that denied or refused.
    """

    outcome: Outcome
    page: Page
    steps: tuple[Step, ...]
    login_id: str | None
    code: str | None = None
    reason: str | None = None
