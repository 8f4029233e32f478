"""What changes in several steps share: the number of an organisation that KVK is asked for, and what goes along."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import request
from wtforms import StringField

from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.identifiers import KvkNumber
from broker.core.text import Text
from broker.web.management.showing import told

Found = TypeVar("Found")


class NumberForm(Protocol):
    """A form whose field `number` is a KvK number."""

    number: StringField

    def validate(self) -> bool:
        """Whether the number is one."""

    def refuse(self, name: str, reason: Text) -> None:
        """Say at a field why not."""


def looked_up(form: NumberForm, ask: Callable[[KvkNumber], Found]) -> Found | None:
    """What `ask` gives for the number; None, with the reason at its field, when it is no number or is refused.

    Raises `ChangeRefused` when it is the visitor who may not.
    """
    if not form.validate():
        return None
    try:
        return ask(KvkNumber(form.number.data or ""))
    except ChangeRefused as error:
        if error.obstacle in (Obstacle.CHAIN_NEEDS_EH3, Obstacle.NOT_A_MANAGER):
            raise
        form.refuse("number", told(error))
        return None


def filled(*names: str) -> dict[str, Any]:
    """What was filled in under these names, as an address or a form carries it along."""
    return {name: values for name in names if (values := [value for value in request.values.getlist(name) if value])}
