"""The people who can log in: read from a JSON file that is looked at again whenever it changed."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from broker.core.assurance import AssuranceLevel
from broker.core.clock import amsterdam_date
from broker.core.identifiers import InternalPseudonym
from broker.core.organisations import MeansStatus, MeansType
from broker.core.text import Text

KINDS = {
    MeansType.REGULAR: Text("gewoon inlogmiddel", "regular means"),
    MeansType.EH3_BELASTINGDIENST: Text("EH3 Belastingdienst", "EH3 Belastingdienst"),
}


@dataclass(frozen=True, slots=True)
class Means:
    """A means of login; `problem_at` says whether it can be used."""

    id: str
    type: MeansType
    level: AssuranceLevel
    status: MeansStatus
    valid_from: date
    valid_until: date
    internal_pseudonym: InternalPseudonym

    def problem_at(self, moment: datetime, needed: AssuranceLevel) -> str | None:
        """Why these means will not do: `NOT_ACTIVE`, `NOT_VALID` or `LEVEL_TOO_LOW`; None when they will."""
        if self.status is not MeansStatus.ACTIVE:
            return "NOT_ACTIVE"
        if not self.valid_from <= amsterdam_date(moment) <= self.valid_until:
            return "NOT_VALID"
        return "LEVEL_TOO_LOW" if self.level < needed else None


@dataclass(frozen=True, slots=True)
class Account:
    """A person, where they work, and their means."""

    person: str
    organisation: str
    means: tuple[Means, ...]

    def matches(self, query: str) -> bool:
        """Whether name, organisation or the label of a level holds what was typed."""
        levels = " ".join(item.level.label for item in self.means)
        return query.casefold() in f"{self.person} {self.organisation} {levels}".casefold()


class Accounts:
    """The accounts in a file, parsed again when its time of change moved."""

    def __init__(self, path: Path) -> None:
        """`path`: a JSON list of accounts."""
        self._path = path
        self._read: tuple[int, tuple[Account, ...]] = (-1, ())

    def all(self) -> tuple[Account, ...]:
        """Everybody, in the order of the file."""
        changed, accounts = self._read
        now = self._path.stat().st_mtime_ns
        if now != changed:
            accounts = tuple(_account(item) for item in json.loads(self._path.read_text(encoding="utf-8")))
            self._read = (now, accounts)
        return accounts

    def find(self, means_id: str) -> tuple[Account, Means] | None:
        """The means with this id, and whose it is."""
        found = ((account, item) for account in self.all() for item in account.means if item.id == means_id)
        return next(found, None)


def _account(item: dict[str, object]) -> Account:
    means = item["means"]
    if not isinstance(means, list):
        raise TypeError("accounts: `means` must be a list")
    return Account(str(item["person"]), str(item["organisation"]), tuple(_means(one) for one in means))


def _means(item: dict[str, str]) -> Means:
    return Means(
        id=item["id"],
        type=MeansType(item["type"]),
        level=AssuranceLevel(item["level"]),
        status=MeansStatus(item["status"]),
        valid_from=date.fromisoformat(item["valid_from"]),
        valid_until=date.fromisoformat(item["valid_until"]),
        internal_pseudonym=InternalPseudonym(item["internal_pseudonym"]),
    )
