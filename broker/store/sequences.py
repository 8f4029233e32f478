"""Numbers that only grow, such as that of the network metadata: the highest one that was noted under each name.

What is counted from one on, such as the logins of a run with a seed, begins again when it is forgotten.
"""

import sqlalchemy as sa

from broker.store.tables import sequences

_column = sequences.c
_FIND = sa.select(_column.number).where(_column.name == sa.bindparam("wanted"))
_RAISE = sa.update(sequences).where(_column.name == sa.bindparam("wanted"), _column.number < sa.bindparam("new"))


def highest(tx: sa.Connection, name: str) -> int:
    """The highest number that was noted under `name`; 0 when none was."""
    return tx.execute(_FIND, {"wanted": name}).scalar_one_or_none() or 0


def note(tx: sa.Connection, name: str, number: int) -> None:
    """Remember `number` under `name`, unless a higher one is known."""
    if tx.execute(_FIND, {"wanted": name}).scalar_one_or_none() is None:
        tx.execute(sa.insert(sequences), {"name": name, "number": number})
    else:
        tx.execute(_RAISE.values(number=number), {"wanted": name, "new": number})


def following(tx: sa.Connection, name: str) -> int:
    """The next number under `name`, from 1, which is noted."""
    number = highest(tx, name) + 1
    note(tx, name, number)
    return number


def forget(tx: sa.Connection, name: str) -> None:
    """Begin again at 1."""
    tx.execute(sa.delete(sequences).where(_column.name == name))
