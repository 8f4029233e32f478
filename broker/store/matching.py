"""`core.search.Search.matches` in SQL.

A word may stand anywhere in a name, so no index finds it: each row that a query looks at is looked into, tens of
thousands of them for whoever has as many clients. That is why it is asked for with what the databases find a piece of
text by (`instr`, `strpos`): LIKE, which has patterns to follow and does not tell capitals from small letters in SQLite,
takes several times as long. Both texts are folded, so no more is needed.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from broker.core.search import Search
from broker.store.types import PLAIN

_AFTER_DIGITS = ":"  # comes right after 9


class _Place(FunctionElement[int]):
    """Where in the first text the second one stands, counting from 1; 0 when it does not."""

    type = sa.Integer()
    inherit_cache = True


@compiles(_Place, "sqlite")
def _in_sqlite(element: _Place, compiler: SQLCompiler, **how: Any) -> str:
    return f"instr({compiler.process(element.clauses, **how)})"


@compiles(_Place, "postgresql")
def _in_postgresql(element: _Place, compiler: SQLCompiler, **how: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **how)})"


def matching(
    search: Search, kvk_number: sa.ColumnElement[str], search_text: sa.ColumnElement[str]
) -> list[sa.ColumnElement[bool]]:
    """Whether `search` finds an organisation with these columns: conditions, none for a search that finds all."""
    prefix = search.kvk_prefix
    numbered = [kvk_number >= prefix, kvk_number < prefix + _AFTER_DIGITS] if prefix else []
    return numbered + [_Place(search_text, sa.literal(word, PLAIN)) > 0 for word in search.words]
