"""How PostgreSQL plans a statement that it has seen before."""

import sqlalchemy as sa

_BY_VALUES = "SET LOCAL plan_cache_mode = force_custom_plan"


def plan_by_values(tx: sa.Connection) -> None:
    """Have statements in the rest of this transaction planned for the values that they come with.

    After some repetitions PostgreSQL otherwise makes one plan for whatever values there may be. That one is wrong for
    an intermediary or a means with fifty thousand mandates, and for a word that is hardly ever there. SQLite has no
    such plans.
    """
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql(_BY_VALUES)
