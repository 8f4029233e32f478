"""The rule for what a person posts to choose an organisation: a token that this broker made."""

from collections.abc import Iterable
from typing import Final

from broker.core.findings import Severity
from broker.core.text import Text
from broker.rules.rule import Rule, Seen


def _forged(posted: str) -> Iterable[Seen]:
    yield Seen("choice", f"{posted[:80]!r} was not made by this broker")


FORGED: Final = Rule(
    "EH-CHO-01",
    Severity.ERROR,
    "limit: only choices that this broker signed",
    Text("De verstuurde keuze is niet door deze makelaar gemaakt.", "The posted choice was not made by this broker."),
    _forged,
)

RULES: Final[tuple[Rule[str], ...]] = (FORGED,)
