"""A text in the two languages of the simulator."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One meaning in Dutch and in English; Dutch is the default everywhere."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in `language`; anything that is not `en` gets Dutch."""
        return self.en if language == "en" else self.nl
