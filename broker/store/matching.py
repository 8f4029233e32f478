"""`core.search.Search.matches` in SQL.

A word may stand anywhere in a name, so each row that a query looks at is looked into: tens of thousands of them for
whoever has as many clients. SQLite takes several times as long for LIKE, which there does not tell capitals from small
letters, as for `instr`; both texts are folded, so that will do. PostgreSQL is as fast with LIKE as with its `strpos`,
and knows of LIKE how many rows to expect.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from broker.core.search import Search
from broker.store.types import PLAIN

_AFTER_DIGITS = ":"  # comes right after 9


class _Holds(FunctionElement[bool]):
    """Whether a text holds a word. Arguments: the text, the word, and the same asked for with LIKE."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(_Holds, "sqlite")
def _in_sqlite(element: _Holds, compiler: SQLCompiler, **how: Any) -> str:
    text, word, _ = element.clauses
    return f"instr({compiler.process(text, **how)}, {compiler.process(word, **how)}) > 0"


@compiles(_Holds, "postgresql")
def _in_postgresql(element: _Holds, compiler: SQLCompiler, **how: Any) -> str:
    *_, like = element.clauses
    return f"({compiler.process(like, **how)})"


def matching(
    search: Search, kvk_number: sa.ColumnElement[str], search_text: sa.ColumnElement[str]
) -> list[sa.ColumnElement[bool]]:
    """Whether `search` finds an organisation with these columns: conditions, none for a search that finds all."""
    prefix = search.kvk_prefix
    numbered = [kvk_number >= prefix, kvk_number < prefix + _AFTER_DIGITS] if prefix else []
    return numbered + [_holds(search_text, word) for word in search.words]


def _holds(text: sa.ColumnElement[str], word: str) -> sa.ColumnElement[bool]:
    return _Holds(text, sa.literal(word, PLAIN), text.contains(word, autoescape=True))
