"""How people find an organisation in a list: the one definition of matching and of order.

The store indexes these same texts, so that what a query finds and what these functions say cannot differ.
"""

import unicodedata
from dataclasses import dataclass
from typing import Self

from broker.core.organisations import Organisation

MAX_SEARCH = 100
MAX_WORDS = 8
MAX_NAME = 200


def folded(text: str) -> str:
    """`text` for comparison: no accents, no case, no control characters, single spaces."""
    if text.isascii() and text.isprintable():
        return " ".join(text.casefold().split())
    plain = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    printable = "".join(char if char.isprintable() else " " for char in plain)
    return " ".join(printable.casefold().split())


def sort_name(organisation: Organisation) -> str:
    """What organisations are ordered by; equal names are ordered by id."""
    return folded(organisation.statutory_name)[:MAX_NAME]


def search_text(organisation: Organisation) -> str:
    """What the words of a search are looked for in: name, city and trade names, a line each."""
    return "\n".join(map(folded, (organisation.statutory_name, organisation.city, *organisation.trade_names)))


@dataclass(frozen=True, slots=True)
class Search:
    """Digits only look for the start of a KvK number; otherwise every word must occur in a name or the city.

    Nothing asked matches everything.
    """

    kvk_prefix: str = ""
    words: tuple[str, ...] = ()

    @classmethod
    def read(cls, typed: str) -> Self:
        """Any text that somebody typed; only the first `MAX_SEARCH` characters and `MAX_WORDS` words count."""
        text = folded(typed[:MAX_SEARCH])
        digits = text.replace(" ", "")
        if digits.isascii() and digits.isdigit():
            return cls(kvk_prefix=digits)
        return cls(words=tuple(dict.fromkeys(text.split()))[:MAX_WORDS])

    def matches(self, organisation: Organisation) -> bool:
        """Whether `organisation` is found."""
        text = search_text(organisation)
        return organisation.kvk_number.startswith(self.kvk_prefix) and all(word in text for word in self.words)


EVERYTHING = Search()
