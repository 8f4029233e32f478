"""What a refusal must look like from outside, and what it must leave behind: a line in the log and nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import lxml.html
import requests
import sqlalchemy as sa

from broker.store.database import Store
from broker.store.tables import artifacts, pending_logins
from tests.network import Network

NOT_TRUSTED = "Wij kunnen deze inlogpoging niet vertrouwen"
Entry = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """What there was in the store at one moment: logins by id and version, and answers to fetch."""

    logins: frozenset[tuple[str, int]]
    answers: frozenset[bytes]

    @classmethod
    def by(cls, store: Store) -> "Kept":
        column = pending_logins.c
        return store.read(
            lambda tx: cls(
                frozenset((row.id, row.version) for row in tx.execute(sa.select(column.id, column.version))),
                frozenset(tx.scalars(sa.select(artifacts.c.handle_digest))),
            )
        )

    def holds_all_of(self, later: "Kept") -> bool:
        """Whether nothing was added or changed since; what expired may be gone."""
        return later.logins <= self.logins and later.answers <= self.answers


@dataclass
class Watch:
    """The network from outside, its log, and its store."""

    network: Network
    log: list[Entry]
    seen: list[requests.Response] = field(default_factory=list)

    def refuses(self, send: Callable[[], requests.Response], *rules: str) -> requests.Response:
        """`send` is answered with the one page that all failures of trust have; only the log names the `rules`."""
        answer = self.leaves_nothing(send)
        assert answer.status_code == 400, answer.text
        assert "Location" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        page = lxml.html.document_fromstring(answer.content)
        assert page.findtext(".//h1") == NOT_TRUSTED
        assert facts(page)["Code"] == "EH-MSG-02"
        entry = self.rejection()
        assert entry["code"] == "EH-MSG-02"
        assert entry["incident"] == facts(page)["Incidentnummer"]
        assert [line.split()[0] for line in entry["detail"]] == list(rules), entry["detail"]
        for line in entry["detail"]:
            assert line.split()[0] not in answer.text
            detail = line.partition(": ")[2]
            assert len(detail) < 9 or detail not in answer.text
        self.seen.append(answer)
        return answer

    def faults(self, send: Callable[[], requests.Response], *rules: str) -> requests.Response:
        """`send` to the back channel is answered with a SOAP fault that tells no more than the page would."""
        answer = self.leaves_nothing(send)
        assert answer.status_code == 500, answer.text
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        entry = self.rejection()
        assert [line.split()[0] for line in entry["detail"]] == list(rules), entry["detail"]
        assert f"<faultstring>EH-MSG-02 {entry['incident']}</faultstring>" in answer.text
        assert "Response" not in answer.text
        self.seen.append(answer)
        return answer

    def leaves_nothing(self, send: Callable[[], requests.Response]) -> requests.Response:
        """What `send` is answered with; no login began or went on, and there is nothing to fetch."""
        before = Kept.by(self.network.simulator.store)
        self.log.clear()
        answer = send()
        assert before.holds_all_of(Kept.by(self.network.simulator.store))
        return answer

    def rejection(self) -> Entry:
        """The one line of the log that says what was refused."""
        (entry,) = [entry for entry in self.log if entry["event"] == "rejected"]
        # Only what requests led to: other networks of this process have threads that log what they meet.
        told = [each for each in self.log if each["log_level"] != "info" and "incident" in each]
        assert [each["event"] for each in told] == ["rejected"]
        return entry

    def all_look_alike(self) -> None:
        """All answers so far are the same from outside, but for the number of the incident."""
        assert len(self.seen) > 1
        assert len({_without_incident(answer) for answer in self.seen}) == 1


def facts(page: lxml.html.HtmlElement) -> dict[str, str]:
    """The list of facts on a page."""
    return {term.text: term.getnext().text for term in page.iter("dt")}


def _without_incident(answer: requests.Response) -> tuple[int, str, tuple[str, ...]]:
    text = re.sub(r"\b[0-9a-f]{12}\b", "(incident)", answer.text)
    return answer.status_code, text, tuple(sorted(set(answer.headers) - {"Date", "Content-Length"}))
