"""Each endpoint of a party when something is wrong, by the routing table: nobody has to think of a new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from structlog.testing import capture_logs
from werkzeug.routing import Rule

from tests.crawl.answers import Answer
from tests.crawl.parties import IMPLIED, Party
from tests.crawl.rules import FOR_MESSAGES

TOO_LARGE = 100 * 1024 * 1024
VALUE = "not-for-your-eyes"  # no part of an incident number or a token can be this
SECRET = f"a fault that nobody foresaw, with {VALUE} in it"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Asked:
    """One request to an endpoint, what is wrong with it, and the answer."""

    wrong: str
    endpoint: str
    answer: Answer

    def __str__(self) -> str:
        return f"{self.wrong}: {self.answer}"


def sweep(party: Party, language: str) -> Iterator[Asked]:
    """Nothing sent, another method, a body that is too large; for each endpoint."""
    yield from nothing_sent(party, language)
    for rule in party.rules:
        for method in ("GET", "POST", "PATCH", "TRACE"):
            if party.endpoint(party.path(rule), method) is None:
                yield _ask(party, language, rule, "another method", method)
        yield _ask(party, language, rule, "what may be asked", "OPTIONS")
        if "POST" in (rule.methods or ()):
            said = {"CONTENT_LENGTH": str(TOO_LARGE), "CONTENT_TYPE": FORM}
            yield _ask(party, language, rule, "too large", "POST", environ_overrides=said)


def nothing_sent(party: Party, language: str) -> Iterator[Asked]:
    """Each endpoint with each of its methods."""
    for rule in party.rules:
        for method in sorted((rule.methods or set()) - IMPLIED):
            yield _ask(party, language, rule, "nothing sent", method)


def broken(party: Party, language: str) -> Iterator[Asked]:
    """Each endpoint of which the view itself fails. Afterwards `party` is of no more use."""

    def fail(**_: object) -> None:
        raise RuntimeError(SECRET)

    party.app.config["WTF_CSRF_ENABLED"] = False
    for doors in [functions for name, functions in party.app.before_request_funcs.items() if name is not None]:
        doors.clear()  # else nobody gets as far as a view that only some may open
    party.app.view_functions.update(dict.fromkeys(party.app.view_functions, fail))
    with capture_logs():  # else each trace is written out with all values
        for rule in party.rules:
            for method in sorted((rule.methods or set()) - IMPLIED):
                yield _ask(party, language, rule, "broken", method)


def needs_a_token(asked: Asked) -> bool:
    """Whether an endpoint of the broker takes posts of its own forms only."""
    return asked.answer.method == "POST" and (
        f"broker {asked.endpoint}" not in FOR_MESSAGES | {"broker back_channel.resolve"}
    )


def _ask(party: Party, language: str, rule: Rule, wrong: str, method: str, **sent: Any) -> Asked:
    path = party.path(rule)
    client = party.app.test_client()
    got = client.open(path, method=method, base_url=party.base, query_string={"lang": language}, **sent)
    return Asked(wrong, rule.endpoint, Answer.of_client(party, method, path, language, got))
