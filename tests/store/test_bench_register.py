"""`make bench` measures what it says: its parts on a small register, on both databases."""

import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench import big_register, invitations, register
from bench.big_register import Size
from bench.children import MIB, spent_on
from bench.installation import prepared
from bench.invitations import Grown
from bench.register import Effort, Row, Timing
from bench.register_file import Ran
from bench.register_file import Row as FileRow
from bench.traffic import Browser, InProcess
from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.simulator.compose import compose
from broker.store.administration import filed
from broker.store.database import Store, open_store
from broker.store.migrate import migrate
from broker.store.register import reload_link
from broker.store.selection import NEVER, refresh_selection
from broker.store.tables import chain_mandates, client_selection, mandate_couplings
from broker.web.app import create_app

FEW, MANY = Size(40), Size(70)
EFFORT = Effort(rounds=2, decisions=3, pages=2, typings=1)


def count(store: Store, table: sa.Table) -> int:
    return store.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_large_register_is_what_the_store_itself_would_write(store):
    big_register.load(store, MANY, system_clock())
    assert count(store, chain_mandates) == count(store, mandate_couplings) == count(store, client_selection) == 70
    rows = sa.select(client_selection).order_by(client_selection.c.coupling_id)
    loaded = store.read(lambda tx: tx.execute(rows).all())
    store.write(lambda tx: refresh_selection(tx, sa.true()))
    assert store.read(lambda tx: tx.execute(rows).all()) == loaded
    assert [row.level_rank for row in loaded].count(NEVER) == 1
    for number in (0, 1, 69):
        _, reference = big_register.relation(MANY, number)
        link = store.read(lambda tx, reference=reference: reload_link(tx, reference))
        assert store.read(lambda tx, link=link: filed.load(tx, link.mandate.id)).mandate == link.mandate


def test_mandates_beyond_those_of_the_busy_person_are_spread_over_offices_and_people(monkeypatch):
    monkeypatch.setattr(big_register, "OF_ONE_MEANS", 10)
    held = [big_register._held_by(Size(10_000), number) for number in range(10_000)]
    assert set(held[:10]) == {(0, 0)}
    assert 0 not in {office for office, _ in held[10:]}
    assert len(set(held[10:])) > 200
    pairs = [(m.grantor_id, m.intermediary_id) for m in (big_register._mandate(Size(10_000), n) for n in range(10_000))]
    assert len(set(pairs)) == len(pairs)


def test_relations_are_decided_in_turns_on_both_stores(url, tmp_path):
    small = f"sqlite:///{tmp_path / 'few.db'}"
    migrate(small)
    for address, size in ((small, FEW), (url, MANY)):
        opened = open_store(address)
        big_register.load(opened, size, system_clock())
        opened.close()
    row = register.decisions("both", (small, url), (FEW, MANY), EFFORT)
    assert row.what == "decide"
    assert 0 < row.few.half <= row.few.most
    assert row.reached == row.many.half / row.few.half


def test_the_list_is_opened_and_searched_and_clients_are_invited(tmp_path, installation: Path):
    shutil.copytree(installation / "certs", tmp_path / "certs")
    address = f"sqlite:///{tmp_path / 'store.db'}"
    register._fill(address, FEW)
    installed = prepared(tmp_path, address)
    simulator = compose(installed.settings, system_clock, RandomIds())
    line = InProcess(create_app(simulator), installed.settings.broker.url, nullcontext)
    timings = register.at_the_list(installed, Browser(line), EFFORT)
    seconds = invitations.invite(simulator, 20)
    simulator.store.close()
    assert min(seconds) > 0
    assert timings.keys() == {"page", "search"}
    assert all(0 < timing.half <= timing.most for timing in timings.values())


@pytest.mark.parametrize(("what", "reached", "missed"), [("decide", 1.3, True), ("decide", 1.1, False)])
def test_an_aim_that_is_missed_is_marked(what, reached, missed):
    row = Row("sqlite", what, Timing(0.001, 0.002), Timing(0.0013, 0.003), reached)
    assert row.missed is missed
    assert ("MISSED" in register._line(row)) is missed


@pytest.mark.parametrize(("more", "missed"), [(15 * MIB, False), (17 * MIB, True)])
def test_memory_that_grows_with_a_file_of_invitations_is_marked(more, missed):
    assert Grown("sqlite", "uploaded", MIB, MIB + more, 1.0, 10.0).missed is missed


@pytest.mark.parametrize(
    ("many", "missed"), [(Ran(12.0, 120), False), (Ran(13.0, 100), True), (Ran(10.0, 130), True)], ids=str
)
def test_a_mandate_that_takes_more_in_a_large_file_is_marked(many, missed):
    assert FileRow("sqlite", "export register.yaml", Ran(1.0, 10), many, 10).missed is missed


def test_memory_of_a_child_is_that_of_its_work():
    spent = spent_on(bytes, _use, 0)
    assert 32 * MIB < spent.extra < 200 * MIB
    assert spent.gave == 64 * MIB


def _use(_nothing: bytes) -> int:
    return len(b"".join([bytes(1024) for _ in range(32 * 1024)] * 2))
