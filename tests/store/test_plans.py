"""No statement of a login, and no change that it meets, reads a whole table: each finds its rows by an index.

PostgreSQL reads a small table whole because that is cheaper. Told not to where there is another way, it shows that way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from broker.core.entries import entry_of
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.search import Search
from broker.store import register, shortcuts
from broker.store.administration import filed
from broker.store.changes import add, record_use, replace_mandate, replace_party
from broker.store.database import Store, Transaction
from broker.store.refused import count_couplings, look_up_refused
from tests.core.register_values import (
    AUTHENTICATION_SERVICE,
    CLIENT,
    NOON,
    OFFICE,
    TODAY,
    a_chain_link,
    a_direct_link,
    a_means,
    a_question,
)

MEANS, LINK, OWN = a_means(), a_chain_link(), a_direct_link()
PERSON = a_question().in_use.person
# The names by which statements call a table that grows with the register.
GROWING = {
    *("organisations", "client", "intermediary", "persons", "means", "direct_mandates", "chain_mandates"),
    *("mandate_couplings", "client_selection", "pinned_entries", "recent_entries", "dossiers", "relations"),
}
Work = Callable[[Transaction], object]


def asked(tx: Transaction):
    return a_question(held=register.means_in_use(tx, MEANS.internal_pseudonym, AUTHENTICATION_SERVICE))


def searched(typed: str) -> Work:
    return lambda tx: register.candidates_page(tx, asked(tx), typed)


READ: dict[str, Work] = {
    "who is this": asked,
    "the chosen link": lambda tx: [register.reload_link(tx, link.reference) for link in (LINK, OWN)],
    "the first page": searched(""),
    "a word": searched("bakker"),
    "two words": searched("bakker stad"),
    "a number": searched("000"),
    "what is at hand": lambda tx: shortcuts.shortcuts(tx, asked(tx), shortcuts.pinned_by(tx, PERSON.id)),
    "why not": lambda tx: register.refused_links(tx, asked(tx), 500),
    "how many couplings": lambda tx: count_couplings(tx, asked(tx), 2001),
    "who is hidden": lambda tx: look_up_refused(tx, asked(tx), Search(), 50),
    "who of these is hidden": lambda tx: look_up_refused(tx, asked(tx), Search.read("bakker"), 50),
}
WRITTEN: dict[str, Work] = {
    "a use": lambda tx: record_use(tx, PERSON, TODAY),
    "an entry used": lambda tx: shortcuts.remember_use(tx, PERSON.id, entry_of(LINK), NOON),
    "an entry pinned": lambda tx: shortcuts.pin(tx, PERSON.id, entry_of(LINK)),
    "an entry unpinned": lambda tx: shortcuts.unpin(tx, PERSON.id, entry_of(LINK)),
    "a mandate with its papers": lambda tx: filed.load(tx, LINK.mandate.id),
    "a mandate revoked": lambda tx: replace_mandate(tx, replace(LINK.mandate, status=ChainStatus.REVOKED)),
    "a coupling suspended": lambda tx: replace_mandate(tx, replace(LINK.coupling, status=LinkStatus.SUSPENDED)),
    "a client renamed": lambda tx: replace_party(tx, replace(CLIENT, statutory_name="Anders")),
}


@pytest.fixture
def filled(store: Store) -> Store:
    """An office, somebody who works there, and a client; an entry used and one pinned."""
    values = [OFFICE, CLIENT, PERSON, MEANS, OWN.mandate, LINK.mandate, LINK.coupling]

    def fill(tx: Transaction) -> None:
        add(tx, values)
        shortcuts.remember_use(tx, PERSON.id, entry_of(LINK), NOON)
        shortcuts.pin(tx, PERSON.id, entry_of(OWN))

    store.write(fill)
    return store


def test_a_scan_is_seen(filled):
    """The tests below would fail."""
    whole = filled.read(lambda tx: scans(tx, [("SELECT * FROM chain_mandates", ())]))
    assert whole == {"SELECT * FROM chain_mandates": ["chain_mandates"]}


@pytest.mark.parametrize("what", READ)
def test_what_a_login_reads_is_found_by_an_index(filled, what):
    assert filled.read(lambda tx: scans(tx, statements(tx, READ[what]))) == {}


@pytest.mark.parametrize("what", WRITTEN)
def test_what_changes_meanwhile_is_found_by_an_index(filled, what):
    assert filled.write(lambda tx: scans(tx, statements(tx, WRITTEN[what]))) == {}


def test_a_plan_is_made_for_the_means_and_the_word_that_are_asked_for(filled):
    """PostgreSQL makes one for whatever comes, after so many repetitions on a connection, where nobody forbids it."""

    def generic_plans(work: Work) -> int:
        with filled.reader.connect() as connection:
            if connection.dialect.name != "postgresql":
                return 0
            for _ in range(20):
                with connection.begin():
                    work(connection)
            counted = "SELECT coalesce(sum(generic_plans), 0) FROM pg_prepared_statements WHERE statement LIKE %s"
            return connection.exec_driver_sql(counted, ("%client_selection%",)).scalar_one()

    assert generic_plans(searched("bakker")) == 0
    assert generic_plans(lambda tx: look_up_refused(tx, asked(tx), Search(), 50)) == 0


def statements(tx: Transaction, work: Work) -> list[tuple[str, object]]:
    """The statements that `work` executes, with their parameters; those in bulk with the first of these."""
    seen: list[tuple[str, object]] = []

    def see(_connection, _cursor, statement, parameters, _context, executemany) -> None:
        if not statement.startswith("SET LOCAL "):  # has no plan
            seen.append((statement, parameters[0] if executemany else parameters))

    with _listening(tx, see):
        work(tx)
    assert seen
    return seen


@contextmanager
def _listening(tx: Transaction, see: Callable[..., None]) -> Iterator[None]:
    sa.event.listen(tx, "before_cursor_execute", see)
    try:
        yield
    finally:
        sa.event.remove(tx, "before_cursor_execute", see)


def scans(tx: Transaction, seen: list[tuple[str, object]]) -> dict[str, list[str]]:
    """By statement the tables that grow and that it reads whole."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain, words = "EXPLAIN", "Seq Scan on "
    else:
        explain, words = "EXPLAIN QUERY PLAN", "SCAN "
    found = {}
    for statement, parameters in seen:
        plan = [row[-1].strip() for row in tx.exec_driver_sql(f"{explain} {statement}", parameters)]
        named = (set(line.partition(words)[2].split()) & GROWING for line in plan if words in line)
        if read := sorted(set().union(*named)):
            found[statement] = read
    return found
