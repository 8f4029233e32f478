"""A register of any size, the same one every time, loaded as fast as the database takes it.

One large intermediary, and one person there whose means is coupled to `OF_ONE_MEANS` chain mandates; all other mandates
are spread over smaller intermediaries. Each mandate is coupled to one means. What is stored is what the store itself
would write (`rows.write_row`, `selection.refresh_selection`); only the way in is that of a bulk load.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from broker.core.administration.dossiers import Dossier, filed_long_ago
from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import InternalPseudonym, KvkNumber, Oin
from broker.core.links import LinkKind, LinkReference
from broker.core.mandates import ChainMandate, ChainStatus, DirectMandate, MandateCoupling, Origin
from broker.core.organisations import LegalForm, Means, MeansStatus, MeansType, Organisation, Person
from broker.core.scope import EVERYTHING, Scope
from broker.core.validity import Validity
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.store.administration.rows import write_dossier
from broker.store.administration.tables import dossiers
from broker.store.database import Store
from broker.store.rows import table_of, write_row
from broker.store.scopes import keep_scopes
from broker.store.selection import refresh_selection

OF_ONE_MEANS: Final = 50_000
CLIENTS: Final = 100_000
OFFICES: Final = 200
_PEOPLE: Final = 20
_MANDATES_OF_AN_OFFICE: Final = 1_000
_BATCH: Final = 20_000
_ONE_REVOKED_IN: Final = 1_000
_CACHE_KIB: Final = 512 * 1024

PERSON: Final = "Vera Veelzijdig"
_PERIOD: Final = Validity(date(2025, 1, 1), date(2029, 12, 31))
_TRADES: Final = ("Aannemer", "Bakkerij", "Cafe", "Drukkerij", "Fietsenmaker", "Garage", "Hovenier", "Installateur")
_ADJECTIVES: Final = ("Blauwe", "Dappere", "Eerlijke", "Gouden", "Kleine", "Lachende", "Snelle", "Vrolijke", "Wilde")
_NOUNS: Final = ("Beer", "Das", "Eekhoorn", "Haas", "Kraai", "Mus", "Otter", "Pauw", "Reiger", "Vos", "Zwaan")
_TOWNS: Final = ("Voorbeeldstad", "Proefdam", "Testerdam", "Oefenwijk", "Schijnhoven", "Fictiedrecht")
_SCOPES: Final = (
    EVERYTHING,
    Scope(providers=frozenset({Oin("00000099000000140000")})),
    Scope(providers=frozenset({Oin("00000099000000110000"), Oin("00000099000000140000")})),
)


@dataclass(frozen=True, slots=True)
class Size:
    """So many chain mandates in all."""

    mandates: int

    @property
    def of_one_means(self) -> int:
        """How many of them the busy person may use."""
        return min(self.mandates, OF_ONE_MEANS)

    @property
    def clients(self) -> int:
        """How many organisations gave them."""
        return min(self.mandates, CLIENTS)

    @property
    def offices(self) -> int:
        """How many intermediaries got them."""
        return min(2 + self.mandates // _MANDATES_OF_AN_OFFICE, OFFICES)


def load(store: Store, size: Size, moment: datetime) -> None:
    """Fill a store that has tables and nothing in them, and have the database look at what it got.

    PostgreSQL does the last by itself within a minute; SQLite never does, so there the plans must be right without.
    """
    people = [_person(office, number) for office in range(size.offices) for number in range(_PEOPLE)]
    parties = (map(_office, range(size.offices)), map(_client, range(size.clients)))
    held = (people, map(_means, people), map(_direct, people))
    store.write(lambda tx: keep_scopes(tx, _SCOPES))
    for kind in (*parties, *held):
        for batch in _batches(kind):
            store.write(lambda tx, batch=batch: _insert(tx, batch))
    for numbers in _batches(range(size.mandates)):
        mandates = [_mandate(size, number) for number in numbers]
        papers = [filed_long_ago(mandate, moment).dossier for mandate in mandates]
        couplings = [
            _coupling(mandate, _means_of(size, number)) for number, mandate in zip(numbers, mandates, strict=True)
        ]
        for batch in (mandates, papers, couplings):
            store.write(lambda tx, batch=batch: _insert(tx, batch))
    store.write(lambda tx: refresh_selection(tx, sa.true()))
    if store.writer.dialect.name == "postgresql":
        alone = sa.create_engine(store.writer.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with alone.connect() as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


def relation(size: Size, number: int) -> tuple[InternalPseudonym, LinkReference]:
    """Who may use mandate `number`, and the link that a login of theirs over it rests on."""
    held, mandate = _means_of(size, number), _mandate(size, number)
    return held.internal_pseudonym, LinkReference(LinkKind.CHAIN, _coupling(mandate, held).id)


def _batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(values)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _insert(tx: sa.Connection, batch: list[Any]) -> None:
    """Values of one kind."""
    if isinstance(batch[0], Dossier):
        _copy(tx, dossiers, [write_dossier(one) for one in batch])
    else:
        _copy(tx, table_of(type(batch[0])), [write_row(one) for one in batch])


def _copy(tx: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Past SQLAlchemy, which takes longer over a row than SQLite and PostgreSQL do."""
    names = ", ".join(rows[0])
    bound = (table.c[name].type.dialect_impl(tx.dialect).bind_processor(tx.dialect) for name in rows[0])
    processors = [process or _as_it_is for process in bound]
    values = ([process(value) for process, value in zip(processors, row.values(), strict=True)] for row in rows)
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")  # ids at random come in everywhere in an index
        places = ", ".join("?" * len(processors))
        tx.connection.cursor().executemany(f"INSERT INTO {table.name} ({names}) VALUES ({places})", values)
        return
    with tx.connection.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _as_it_is(value: Any) -> Any:
    return value


def _held_by(size: Size, number: int) -> tuple[int, int]:
    """The office that mandate `number` was given to, and the person there whose means it is coupled to."""
    if number < size.of_one_means:
        return 0, 0
    return number % (size.offices - 1) + 1, number // size.offices % _PEOPLE


def _means_of(size: Size, number: int) -> Means:
    return _means(_person(*_held_by(size, number)))


def _office(number: int) -> Organisation:
    return _organisation(f"office-{number}", 10_000_000 + number, f"Kantoor {number:03} B.V.", number)


def _client(number: int) -> Organisation:
    words = (_TRADES, _ADJECTIVES, _NOUNS)
    spread = number * 7919
    trade, adjective, noun = (part[spread // step % len(part)] for part, step in zip(words, (1, 8, 72), strict=True))
    return _organisation(f"client-{number}", 20_000_000 + number, f"{trade} De {adjective} {noun} {number}", number)


def _organisation(id_: str, kvk_number: int, name: str, number: int) -> Organisation:
    return Organisation(id_, KvkNumber(f"{kvk_number}"), None, LegalForm.BV, name, _TOWNS[number % len(_TOWNS)])


@lru_cache(maxsize=OFFICES * _PEOPLE)
def _person(office: int, number: int) -> Person:
    name = PERSON if office == number == 0 else f"Medewerker {number}"
    return Person(f"office-{office}-person-{number}", f"office-{office}", name)


@lru_cache(maxsize=OFFICES * _PEOPLE)
def _means(person: Person) -> Means:
    return Means(
        id=f"{person.id}-eh3",
        person_id=person.id,
        authentication_service=AUTHENTICATION_SERVICE.entity_id,
        internal_pseudonym=InternalPseudonym(sha256(person.id.encode()).hexdigest().upper()),
        type=MeansType.REGULAR,
        level=AssuranceLevel.EH3,
        validity=_PERIOD,
        status=MeansStatus.ACTIVE,
    )


def _direct(person: Person) -> DirectMandate:
    held = _means(person)
    return DirectMandate(f"{held.id}-direct", held.id, person.organisation_id, EVERYTHING, held.level, _PERIOD)


def _mandate(size: Size, number: int) -> ChainMandate:
    # Offices go round faster than clients, so a client has a mandate of several offices.
    client, (office, _) = number * 7 % size.clients if number >= size.of_one_means else number, _held_by(size, number)
    return ChainMandate(
        id=_spread(f"mandate {number}"),
        grantor_id=f"client-{client}",
        intermediary_id=f"office-{office}",
        origin=Origin.INVITED_BY_INTERMEDIARY,
        scope=_SCOPES[number % len(_SCOPES)],
        level=AssuranceLevel.EH3,
        validity=_PERIOD,
        status=ChainStatus.REVOKED if number % _ONE_REVOKED_IN == 1 else ChainStatus.ACTIVE,
    )


def _coupling(mandate: ChainMandate, held: Means) -> MandateCoupling:
    id_ = _spread(f"coupling {mandate.id}")
    return MandateCoupling(id_, mandate.id, held.id, None, held.level, _PERIOD)


def _spread(name: str) -> str:
    """An id as random as real ones, so that rows that are used together do not lie together."""
    return sha256(name.encode()).hexdigest()[:32]
