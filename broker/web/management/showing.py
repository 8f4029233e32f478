"""What pages of the register share: organisations as facts, refusals at a field, the way back."""

from typing import Final

from flask import request
from werkzeug.datastructures import MultiDict

from broker.core.administration.advice import advise
from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.trade_register import Extract
from broker.core.organisations import Organisation
from broker.core.text import Text
from broker.web.management.register_pages import Fact, Said
from broker.web.management.words import KVK_STATUS

NAME: Final = Text("Naam", "Name")
NUMBER: Final = Text("KvK-nummer", "KvK number")
CITY: Final = Text("Plaats", "Place")
STATUS: Final = Text("Status", "Status")
BACK: Final = Text("Terug", "Back")
CANCEL: Final = Text("Annuleren", "Cancel")
AS_CSV: Final = Text("Downloaden als CSV", "Download as CSV")
_AT_KVK: Final = Text("Bij KVK", "At KVK")
_TRADE_NAMES: Final = Text("Handelsnamen", "Trade names")
_NO_PAGE: Final = 1_000_000


def fact(name: Text, *values: Said | None) -> Fact:
    """A line of facts, without what is not known."""
    return Fact(name=name, values=tuple(value for value in values if value is not None))


def facts_of(one: Organisation | Extract) -> tuple[Fact, ...]:
    """An organisation, as KVK or the register has it."""
    status = one.status if isinstance(one, Extract) else one.kvk_status
    told = (
        fact(NAME, one.statutory_name),
        fact(_TRADE_NAMES, *one.trade_names),
        fact(NUMBER, one.kvk_number),
        fact(CITY, one.city),
        fact(_AT_KVK, KVK_STATUS[status]),
    )
    return tuple(line for line in told if line.values)


def told(error: ChangeRefused) -> Text:
    """Why a change is refused and what helps, for the place in a form where it was asked."""
    words = advise(error.obstacle)
    return Text(f"{words.reason.nl} {words.next_step.nl}", f"{words.reason.en} {words.next_step.en}")


def page_number(given: MultiDict[str, str] | None = None) -> int:
    """The page that was asked for in the address, or in what was `given`, from 1; anything else is the first.

    No list has a page of a million or more: what comes before it would be a number that no database can count to.
    """
    number = (request.args if given is None else given).get("page", 1, type=int)
    return number if 1 <= number < _NO_PAGE else 1
