"""Bringing the tables up to date."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from broker.core.errors import ConfigError
from broker.locking import alone_in
from broker.store.engine import migrating_engine, read_url

HEAD = "0017"
"""The version of the tables that this program works with: the last file in `migrations/versions`."""

_ONE_AT_A_TIME = 0x6B657465  # any number will do, as long as every process takes the same lock


def migrate(url: str) -> None:
    """Make the tables of the store at `url`, or bring them up to `HEAD`; does nothing, fast, when they are.

    Several processes may do this at once. A SQLite file that does not exist is made, readable by its owner alone.
    Raises `ConfigError` when the database cannot be reached or was made by a newer version of this program.
    """
    parsed = read_url(url)
    _make_file(parsed)
    with _one_at_a_time(parsed):
        engine = migrating_engine(parsed)
        try:
            with engine.begin() as tx:
                if tx.dialect.name == "postgresql":
                    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
                if version(tx) != HEAD:
                    _upgrade(tx)
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise ConfigError(f"store {parsed.render_as_string()}: {reason}") from error
        finally:
            engine.dispose()


def _make_file(url: sa.URL) -> None:
    if url.get_backend_name() != "sqlite" or url.database is None:
        return
    try:
        Path(url.database).touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"store {url.render_as_string()}: {error.strerror}") from error


def _one_at_a_time(url: sa.URL) -> AbstractContextManager[None]:
    """SQLite cannot keep others waiting for as long as making the tables may take on a busy machine.

    Nor does it let them wait at all while a new file gets its journal (PRAGMA journal_mode=WAL): that fails at once
    when two do it together. PostgreSQL has a lock of its own for us.
    """
    return alone_in(Path(url.database or "").parent) if url.get_backend_name() == "sqlite" else nullcontext()


def version(tx: sa.Connection) -> str | None:
    """The version of the tables that are there; None for an empty database."""
    if not sa.inspect(tx).has_table("alembic_version"):
        return None
    return tx.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(tx: sa.Connection) -> None:
    # alembic takes longer to import than a current store takes to open
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": tx})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigError(f"store: made by a newer version of ketenbroker? {error}") from error
