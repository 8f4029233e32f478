"""A login as the broker recorded it, with what is asked for only when somebody looks."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from broker.testing.calling import Api

Plain = dict[str, Any]
"""JSON of the API; docs/api.md has all shapes."""


@dataclass(frozen=True)
class Login:
    """One login. `outcome` is granted, refused, cancelled, failed, unsupported, untrusted or under_way.

    `reason` is the code of the last refusal, `explanation` what it means. `person`, `client` and `intermediary` are ids
    in the register. `history` has an entry for each thing that happened, with the `facts` that it rests on.
    """

    id: str
    started_at: str
    ended_at: str | None
    service_provider: str
    service: str
    outcome: str
    reason: str
    explanation: str
    person: str
    client: str
    intermediary: str
    history: list[Plain]
    _api: Api = field(repr=False, compare=False)

    @classmethod
    def find(cls, api: Api, wanted: str) -> Self:
        """The login with this id, or with a message with this ID; raises `CallRefused`."""
        return cls(**api.call("GET", f"/logins/{wanted}"), _api=api)

    @cached_property
    def messages(self) -> list[Plain]:
        """Its messages, in their order, each with `kind`, `direction`, `xml` and `findings`."""
        found: list[Plain] = self._api.call("GET", f"/logins/{self.id}/messages")["messages"]
        return found

    @cached_property
    def findings(self) -> list[Plain]:
        """What the rules said of its messages: `rule`, `severity`, `where`, `detail`, and `message`, the kind."""
        return [{"message": one["kind"], **found} for one in self.messages for found in one["findings"]]

    @cached_property
    def oracle(self) -> Plain:
        """What a correct service provider understood: `understood`, in our words, and `open_forms`, in theirs."""
        found: Plain = self._api.call("GET", f"/logins/{self.id}/oracle")
        return found
