"""What is known besides the message itself, and how a set of rules is applied as far as that goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from broker.core.catalogue import Catalogue
from broker.core.findings import Finding
from broker.core.text import Text
from broker.inspection.inspected import Unchecked
from broker.inspection.known import Known
from broker.rules.rule import Rule, check
from broker.rules.timing import Tolerance
from broker.saml.authn_request import AuthnRequest

C = TypeVar("C")

NO_METADATA: Final = Text("Er is geen metadata van de afzender.", "There is no metadata of the sender.")
NO_RECEIVER: Final = Text("Er is geen metadata van de ontvanger.", "There is no metadata of the receiver.")
NO_CATALOGUE: Final = Text("Er is geen dienstencatalogus.", "There is no service catalogue.")
NO_REQUEST: Final = Text(
    "De vraag waarop dit antwoordt, is er niet bij.", "The request that this answers is not at hand."
)
NO_MOMENT: Final = Text("Er is niet gezegd wanneer het bericht aankwam.", "It was not said when the message arrived.")
NO_KEY: Final = Text("Er is geen sleutel om het te ontsleutelen.", "There is no key to decrypt it with.")
NO_MEMORY: Final = Text("Wat eerder kwam, weet alleen de ontvanger.", "What came before is known to the receiver only.")
Withheld = Mapping[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """`moment` is when the message is judged; `given` whether somebody chose it. Otherwise it is that of its issue.

    `request` is the AuthnRequest that an answer belongs to, `relay_state` what came beside the message.
    """

    known: Known
    moment: datetime
    given: bool = False
    catalogue: Catalogue | None = None
    request: AuthnRequest | None = None
    relay_state: str | None = None
    key_hint: str | None = None
    tolerance: Tolerance = field(default_factory=Tolerance)

    def takes_requests(self, destination: str | None) -> str | None:
        """The party whose metadata has this address for requests."""
        parties = self.known.parties.values()
        return next((party.entity_id for party in parties if destination in party.requests_at), None)

    def whom_was_asked(self) -> str | None:
        """Who should give the answer: the party that the request went to, when both are known."""
        return self.takes_requests(self.request.destination) if self.request else None

    def without_moment(self, *rules: str) -> dict[str, Text]:
        """These rules are about how old a message was on arrival: nothing to say when nobody knows when that was."""
        return {} if self.given else dict.fromkeys(rules, NO_MOMENT)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What rules say about one part of a message, and which could not be asked."""

    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()

    def __add__(self, other: "Judgement") -> "Judgement":
        return Judgement(self.findings + other.findings, self.unchecked + other.unchecked)


def asked(rules: Iterable[Rule[C]], context: C, withheld: Withheld) -> Judgement:
    """The findings of `rules`, but for those of which it is `withheld` what they need."""
    every = tuple(rules)
    return Judgement(
        check([rule for rule in every if rule.id not in withheld], context),
        tuple(Unchecked(rule.id, rule.text, withheld[rule.id]) for rule in every if rule.id in withheld),
    )
