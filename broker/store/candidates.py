"""The list "on behalf of which organisation", a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from broker.core.decision import Candidate, decide
from broker.core.question import Question
from broker.core.search import Search
from broker.store.lines import MOST_LINES, ClientKey, Lines, list_lines
from broker.store.links import CHAIN_LINKS, read_chain_link
from broker.store.tables import client_selection, mandate_couplings

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class CandidatesPage:
    """One page of the list; `page` counts from 1, `total` counts the lines of the whole list.

    When there are `more`, `total` is how many of them can be paged through; the others are found by searching.
    """

    candidates: tuple[Candidate, ...]
    total: int
    page: int
    size: int
    more: bool = False

    @property
    def pages(self) -> int:
        """How many pages the list has; an empty list has one."""
        return _pages(self.total, self.size)

    @property
    def first(self) -> int:
        """The number, from 1, of the first line of this page; 0 when the list is empty."""
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last line of this page; 0 when the list is empty."""
        return min(self.page * self.size, self.total)


_LINKS_OF_LINES = CHAIN_LINKS.where(
    mandate_couplings.c.id.in_(
        sa.select(client_selection.c.coupling_id).where(
            client_selection.c.means_id == sa.bindparam("means_id"),
            client_selection.c.sort_name.in_(sa.bindparam("names", expanding=True)),
            client_selection.c.client_id.in_(sa.bindparam("clients", expanding=True)),
        )
    )
)


def candidates_page(
    tx: sa.Connection, question: Question, search: str = "", page: int = 1, size: int = PAGE_SIZE
) -> CandidatesPage:
    """A page of whom may be acted for: own organisations first, then clients by name.

    `search` is any text, read as `core.search.Search` does. A page number outside the list gives the nearest page.
    `question.in_use` must have been read in the same transaction, for its direct mandates are taken as they are.
    """
    wanted = Search.read(search)
    own = [
        candidate
        for candidate in decide(question, question.in_use.direct).candidates
        if wanted.matches(candidate.organisation)
    ]

    def clients(number: int) -> Lines:
        start = (number - 1) * size
        room = size - len(own[start : start + size])
        return list_lines(tx, question, wanted, offset=max(0, start - len(own)), limit=room)

    page = min(max(page, 1), _pages(len(own) + MOST_LINES, size))
    lines = clients(page)
    total = len(own) + lines.total
    if page > _pages(total, size):
        page = _pages(total, size)
        lines = clients(page)
    shown = [*own[(page - 1) * size : page * size], *_evaluate(tx, question, lines.keys)]
    return CandidatesPage(tuple(shown), total, page, size, lines.more)


def _pages(total: int, size: int) -> int:
    return max(1, -(-total // size))


def _evaluate(tx: sa.Connection, question: Question, lines: tuple[ClientKey, ...]) -> Iterable[Candidate]:
    """The candidates of these lines, in their order. Nothing that the pure decision refuses gets through."""
    if not lines:
        return
    selected = {
        "means_id": question.in_use.means.id,
        "names": [line.sort_name for line in lines],
        "clients": [line.client_id for line in lines],
    }
    links = (read_chain_link(row) for row in tx.execute(_LINKS_OF_LINES, selected).mappings().all())
    wanted = {(line.client_id, line.intermediary_id) for line in lines}
    for candidate in decide(question, links).candidates:
        if candidate.intermediary and (candidate.organisation.id, candidate.intermediary.id) in wanted:
            yield candidate
