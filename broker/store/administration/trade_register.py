"""What the stub of the trade register draws on: organisations by KvK number, and the operator's answers.

Everything is asked for many numbers at once, in as many statements as for one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from broker.core.administration.representatives import Representative
from broker.core.administration.trade_register import KvkResult
from broker.core.identifiers import KvkNumber
from broker.core.organisations import Organisation
from broker.store.administration.rows import read_representative
from broker.store.administration.tables import branches, representatives, trade_register_answers
from broker.store.rows import read_organisation
from broker.store.tables import organisations

_BATCH = 5000  # numbers in one statement; SQLite takes 32,766 parameters
_answer = trade_register_answers.c
_WANTED = sa.bindparam("wanted", expanding=True, type_=sa.Text)
_ORGANISATIONS = sa.select(organisations).where(organisations.c.kvk_number.in_(_WANTED))
_REPRESENTATIVES = (
    sa.select(representatives)
    .join(organisations, organisations.c.id == representatives.c.organisation_id)
    .where(organisations.c.kvk_number.in_(_WANTED))
    .order_by(representatives.c.name)
)
_BRANCHES = (
    sa.select(branches.c.organisation_id, sa.func.count())
    .join(organisations, organisations.c.id == branches.c.organisation_id)
    .where(organisations.c.kvk_number.in_(_WANTED))
    .group_by(branches.c.organisation_id)
)
_ANSWERS = sa.select(trade_register_answers).where(_answer.kvk_number.in_(_WANTED))


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation as the register has it."""

    organisation: Organisation
    representatives: tuple[Representative, ...]
    branches: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the operator has the trade register say about a number, until it is taken back."""

    kvk_number: KvkNumber
    result: KvkResult
    by: str
    set_at: datetime


def known(tx: sa.Connection, numbers: Collection[KvkNumber]) -> Mapping[KvkNumber, Known]:
    """Organisations of the register by number; the others are not in it."""
    found: dict[KvkNumber, Known] = {}
    for wanted in _batches(numbers):
        people: dict[str, list[Representative]] = defaultdict(list)
        for row in tx.execute(_REPRESENTATIVES, wanted).mappings():
            people[row["organisation_id"]].append(read_representative(row))
        counted = {row[0]: row[1] for row in tx.execute(_BRANCHES, wanted)}
        for row in tx.execute(_ORGANISATIONS, wanted).mappings():
            one = read_organisation(row)
            found[one.kvk_number] = Known(one, tuple(people.get(one.id, ())), counted.get(one.id, 0))
    return found


def answers(tx: sa.Connection, numbers: Collection[KvkNumber]) -> Mapping[KvkNumber, Answer]:
    """The operator's answers about these numbers."""
    rows = (row for wanted in _batches(numbers) for row in tx.execute(_ANSWERS, wanted).mappings())
    return {answer.kvk_number: answer for answer in map(_read_answer, rows)}


def all_answers(tx: sa.Connection) -> tuple[Answer, ...]:
    """Every answer of the operator, by number."""
    rows = tx.execute(sa.select(trade_register_answers).order_by(_answer.kvk_number)).mappings()
    return tuple(map(_read_answer, rows))


def put_answer(tx: sa.Connection, answer: Answer) -> None:
    """Store an answer in place of an earlier one about the same number."""
    remove_answer(tx, answer.kvk_number)
    row = {"kvk_number": answer.kvk_number, "result": answer.result, "by": answer.by, "set_at": answer.set_at}
    tx.execute(sa.insert(trade_register_answers), row)


def remove_answer(tx: sa.Connection, number: KvkNumber) -> None:
    """Forget the answer about a number, if there is one."""
    tx.execute(sa.delete(trade_register_answers).where(_answer.kvk_number == number))


def _read_answer(row: sa.RowMapping) -> Answer:
    return Answer(KvkNumber(row["kvk_number"]), row["result"], row["by"], row["set_at"])


def _batches(numbers: Collection[KvkNumber]) -> Iterator[dict[str, list[str]]]:
    wanted = [str(number) for number in dict.fromkeys(numbers)]
    return ({"wanted": wanted[start : start + _BATCH]} for start in range(0, len(wanted), _BATCH))
