"""A register of any size, the same one every time, loaded as fast as the database takes it.

One large intermediary, and one person there whose means is coupled to `OF_ONE_MEANS` chain mandates; all other mandates
are spread over smaller intermediaries. Each mandate is coupled to one means. What is stored is what the store itself
would write (`rows.write_row`, `selection.refresh_selection`); only the way in is that of a bulk load.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby, islice
from typing import Any, Final

import sqlalchemy as sa

from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import InternalPseudonym, KvkNumber, Oin
from broker.core.mandates import ChainMandate, ChainStatus, DirectMandate, MandateCoupling, Origin
from broker.core.organisations import LegalForm, Means, MeansStatus, MeansType, Organisation, Person
from broker.core.scope import EVERYTHING, Scope
from broker.core.validity import Validity
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.store.database import Store
from broker.store.rows import Registered, table_of, write_row
from broker.store.scopes import keep_scopes
from broker.store.selection import refresh_selection

OF_ONE_MEANS: Final = 50_000
CLIENTS: Final = 100_000
OFFICES: Final = 200
_PEOPLE: Final = 20
_BATCH: Final = 20_000
_ONE_REVOKED_IN: Final = 1_000

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


def load(store: Store, size: Size) -> None:
    """Fill a store that has tables and nothing in them."""
    store.write(lambda tx: keep_scopes(tx, _SCOPES))
    for kind, values in groupby(_values(size), key=type):
        table = table_of(kind)
        while rows := [write_row(value) for value in islice(values, _BATCH)]:
            store.write(lambda tx, table=table, rows=rows: _copy(tx, table, rows))
    store.write(lambda tx: refresh_selection(tx, sa.true()))


def _copy(tx: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if tx.dialect.name == "sqlite":
        tx.execute(sa.insert(table), rows)
        return
    columns = [(name, table.c[name].type.dialect_impl(tx.dialect).bind_processor(tx.dialect)) for name in rows[0]]
    cursor = tx.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join(name for name, _ in columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([process(row[name]) if process else row[name] for name, process in columns])


def _values(size: Size) -> Iterator[Registered]:
    """Everything, each value after what it refers to."""
    offices = [_office(number) for number in range(OFFICES)]
    yield from offices
    yield from map(_client, range(size.clients))
    people = [_person(office, number) for office in offices for number in range(_PEOPLE)]
    yield from people
    means = [_means(person) for person in people]
    yield from means
    yield from (_direct(person, held) for person, held in zip(people, means, strict=True))
    yield from (mandate for mandate, _ in _coupled(size, means))
    yield from (_coupling(mandate, held) for mandate, held in _coupled(size, means))


def _coupled(size: Size, means: list[Means]) -> Iterator[tuple[ChainMandate, Means]]:
    """Each mandate with the means it is coupled to."""
    for number in range(size.of_one_means):
        yield _mandate(number, number % size.clients, 0), means[0]
    for number in range(size.of_one_means, size.mandates):
        held = number % (len(means) - _PEOPLE) + _PEOPLE  # the large intermediary's mandates are those above
        yield _mandate(number, number * 7 % size.clients, held // _PEOPLE), means[held]


def _office(number: int) -> Organisation:
    return _organisation(f"office-{number}", 10_000_000 + number, f"Kantoor {number:03} B.V.", number)


def _client(number: int) -> Organisation:
    words = (_TRADES, _ADJECTIVES, _NOUNS)
    spread = number * 7919
    trade, adjective, noun = (part[spread // step % len(part)] for part, step in zip(words, (1, 8, 72), strict=True))
    return _organisation(f"client-{number}", 20_000_000 + number, f"{trade} De {adjective} {noun} {number}", number)


def _organisation(id_: str, kvk_number: int, name: str, number: int) -> Organisation:
    return Organisation(id_, KvkNumber(f"{kvk_number}"), None, LegalForm.BV, name, _TOWNS[number % len(_TOWNS)])


def _person(office: Organisation, number: int) -> Person:
    name = PERSON if office.id == "office-0" and number == 0 else f"Medewerker {number}"
    return Person(f"{office.id}-person-{number}", office.id, name)


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


def _direct(person: Person, held: Means) -> DirectMandate:
    return DirectMandate(f"{held.id}-direct", held.id, person.organisation_id, EVERYTHING, held.level, _PERIOD)


def _mandate(number: int, client: int, office: int) -> ChainMandate:
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
