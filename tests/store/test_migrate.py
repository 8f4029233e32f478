"""Making the tables, once, by whoever comes first."""

import multiprocessing
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from broker.core.errors import ConfigError
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.validity import Validity
from broker.store import engine
from broker.store import migrate as schema
from broker.store.changes import add
from broker.store.database import open_store
from broker.store.migrate import migrate
from broker.store.scenario import is_empty
from broker.store.selection import NEVER
from broker.store.tables import client_selection, metadata
from tests.core.register_values import (
    ALWAYS,
    OFFICE,
    TODAY,
    a_coupling,
    a_mandate,
    a_means,
    a_person,
    an_organisation,
)


def test_head_is_the_last_migration():
    assert _scripts().get_heads() == [schema.HEAD]


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    return ScriptDirectory.from_config(config)


def test_the_migrations_make_the_tables_of_the_program(url):
    store = open_store(url)
    with store.writer.begin() as tx:
        differences = compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata)
    store.close()
    assert differences == []


def test_the_index_of_the_selection_gets_the_couplings_that_had_no_row(url):
    """Until 0006 a coupling had one only while both its links were active."""
    clients = [an_organisation(f"Klant {number}") for number in range(4)]
    soon = Validity(TODAY, ALWAYS.valid_until)
    mandates = [
        a_mandate(clients[0]),
        a_mandate(clients[1], status=ChainStatus.REVOKED, validity=soon),
        a_mandate(clients[2]),
        a_mandate(clients[3], status=ChainStatus.SIGNING),
    ]
    couplings = [a_coupling(mandate) for mandate in mandates]
    couplings[2] = replace(couplings[2], status=LinkStatus.SUSPENDED, validity=soon)
    store = open_store(url)
    store.write(lambda tx: add(tx, [OFFICE, *clients, a_person(), a_means(), *mandates, *couplings]))
    rows = sa.select(client_selection).order_by(client_selection.c.coupling_id)

    def before_and_after(tx):
        now = tx.execute(rows).all()
        tx.execute(sa.delete(client_selection).where(client_selection.c.level_rank == NEVER))
        assert len(tx.execute(rows).all()) == 1
        tx.execute(sa.text(_scripts().get_revision("0006").module.MISSING))
        return now, tx.execute(rows).all()

    now, again = store.write(before_and_after)
    store.close()
    assert len(now) == 4
    assert now == again


def test_migrating_again_changes_nothing_and_does_not_need_alembic(url, monkeypatch):
    monkeypatch.setattr(schema, "_upgrade", lambda _: pytest.fail("a current store was upgraded"))
    migrate(url)


def test_several_processes_may_migrate_at_once(empty_url):
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=migrate, args=(empty_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    store = open_store(empty_url)
    assert store.read(is_empty)
    store.close()


def test_who_migrates_a_file_waits_for_whoever_was_first_however_long_that_takes(tmp_path, monkeypatch):
    """SQLite itself would refuse at once here, and on a busy machine after its timeout."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 0)
    address = f"sqlite:///{tmp_path / 'new.db'}"
    together = threading.Barrier(4)

    def start() -> None:
        together.wait()
        migrate(address)

    with ThreadPoolExecutor(together.parties) as threads:
        for started in [threads.submit(start) for _ in range(together.parties)]:
            started.result()


def test_a_store_of_a_newer_version_is_refused(url):
    store = open_store(url)
    store.write(lambda tx: tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    store.close()
    with pytest.raises(ConfigError, match=r"newer version.*9999"):
        migrate(url)


def test_a_new_file_is_readable_by_its_owner_alone(tmp_path):
    file = tmp_path / "new.db"
    migrate(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://localhost/x", "mysql is not supported"),
        ("no address", "not an address of a database"),
        ("sqlite:////nowhere/at/all/store.db", "No such file"),
    ],
)
def test_an_address_that_cannot_be_a_store_is_refused_in_one_line(address, reason):
    with pytest.raises(ConfigError, match=reason) as refused:
        migrate(address)
    assert "\n" not in str(refused.value)


def test_an_unreachable_server_is_refused_in_one_line_without_the_password(tmp_path):
    with pytest.raises(ConfigError) as refused:
        migrate(f"postgresql://me:s3cret@/db?host={tmp_path}")
    assert "s3cret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("no database at all, " * 100)
    with pytest.raises(ConfigError, match="not a database"):
        migrate(f"sqlite:///{file}")
