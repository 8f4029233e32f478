"""Rules for asking which authentication services can be chosen for a service (etd RequestADlist)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Service
from broker.core.findings import Severity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen
from broker.saml import levels

UUID: Final = "ServiceUUID"
LEVEL: Final = "RequestedAuthnContext"


@dataclass(frozen=True, slots=True)
class ListRequest:
    """The values of the two parameters, as often as they were given, and the service instance if there is one.

    `deliverable`: the highest level of each authentication service.
    """

    uuids: Sequence[str]
    levels: Sequence[str]
    service: Service | None
    deliverable: Sequence[AssuranceLevel]

    @property
    def level(self) -> AssuranceLevel | None:
        """The level that was asked, or else that of the catalogue; None for one that is not known."""
        if self.levels:
            return levels.read(self.levels[0])
        return self.service.required_level if self.service else None


def _service(asked: ListRequest) -> Iterable[Seen]:
    if len(asked.uuids) != 1:
        yield Seen(UUID, f"given {len(asked.uuids)} times, expected once")
    elif asked.service is None:
        yield Seen(UUID, f"{asked.uuids[0][:80]!r} is not the ServiceUUID of a ServiceInstance in the catalogue")


def _level(asked: ListRequest) -> Iterable[Seen]:
    if len(asked.levels) > 1:
        yield Seen(LEVEL, f"given {len(asked.levels)} times, expected once at most")
    elif asked.levels and asked.level is None:
        known = ", ".join(levels.urn(item) for item in AssuranceLevel)
        yield Seen(LEVEL, f"{asked.levels[0][:80]!r} is not a level; known are {known}")


def _level_in_catalogue(asked: ListRequest) -> Iterable[Seen]:
    service, level = asked.service, asked.level
    if service is not None and level is not None and level > service.required_level:
        yield Seen(LEVEL, f"{level.label} asked, {service.required_level.label} in catalogue")


def _deliverable(asked: ListRequest) -> Iterable[Seen]:
    level = asked.level
    if level is not None and all(highest < level for highest in asked.deliverable):
        yield Seen(LEVEL, f"no authentication service can deliver {level.label}")


RULES: Final[tuple[Rule[ListRequest], ...]] = (
    Rule(
        "EH-LST-01",
        Severity.ERROR,
        "etd RequestADlist: ServiceUUID",
        Text("ServiceUUID noemt geen dienst.", "ServiceUUID names no service."),
        _service,
    ),
    Rule(
        "EH-LST-02",
        Severity.ERROR,
        "etd RequestADlist: RequestedAuthnContext",
        Text("RequestedAuthnContext is geen niveau.", "RequestedAuthnContext is no level."),
        _level,
    ),
    Rule(
        "EH-LST-03",
        Severity.ERROR,
        "etd RequestADlist: RequestedAuthnContext; etd Levels of assurance",
        Text(
            "Het gevraagde niveau is hoger dan in de dienstencatalogus staat.",
            "The level that was asked is higher than the service catalogue says.",
        ),
        _level_in_catalogue,
    ),
    Rule(
        "EH-LST-04",
        Severity.ERROR,
        "etd RequestADlist; etd HM user interface",
        Text(
            "Geen authenticatiedienst kan dit niveau leveren.",
            "No authentication service can deliver this level.",
        ),
        _deliverable,
    ),
)
