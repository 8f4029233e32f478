"""What a service provider is told of a login that ends without an assertion (etd Error handling).

Top-level codes of the scheme are Requester and Responder, second-level ones AuthnFailed and RequestUnsupported. Which
one fits some of the cases its text does not settle, so the statuses come from settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from broker.rules.rule import Rule
from broker.saml import names
from broker.saml.response import Status

Code = Literal["requester", "responder"]

CODES: Final[Mapping[Code, str]] = {"requester": names.STATUS_REQUESTER, "responder": names.STATUS_RESPONDER}
# Rules for the requests whose status can be set; all others are just unsupported.
LEVEL: Final = frozenset({"EH-REQ-26", "EH-REQ-28"})
UNDELIVERABLE: Final = frozenset({"EH-REQ-29", "EH-REQ-31", "EH-REQ-32"})


@dataclass(frozen=True, slots=True)
class Statuses:
    """The status for each way to end; one without a message gets the text of the rule that was broken.

    `cancelled`: the person stopped, or got no further. `level`: no authentication service reaches the level, or it is
    above that of the catalogue. `undeliverable`: the service needs what nobody delivers. `unsupported`: any other
    request that cannot be. `failed`: a failure of our own.
    """

    cancelled: Status
    level: Status
    undeliverable: Status
    unsupported: Status
    failed: Status


def of_request(statuses: Statuses, rule: Rule[Any]) -> Status:
    """The status for a request that broke `rule`."""
    status = statuses.unsupported
    if rule.id in LEVEL:
        status = statuses.level
    elif rule.id in UNDELIVERABLE:
        status = statuses.undeliverable
    return status if status.message is not None else replace(status, message=rule.text.en)


def declined(message: str | None) -> Status:
    """The status for a login that its authentication service could not do, with what that service said."""
    return Status(names.STATUS_RESPONDER, names.STATUS_REQUEST_UNSUPPORTED, message)
