"""A store of its own for each tenant: a file for SQLite, a schema of the same database for PostgreSQL."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from broker.core.errors import ConfigError
from broker.store.engine import migrating_engine, read_url


def address(url: str, name: str, folder: Path) -> str:
    """The address of the store of the tenant `name`, whose files are in `folder`, beside the one at `url`."""
    parsed = read_url(url)
    if parsed.get_backend_name() == "sqlite":
        return f"sqlite:///{folder / 'ketenbroker.sqlite'}"
    # What stands in no schema but this one cannot be seen, so that nothing falls back on the tables of another.
    own = parsed.update_query_dict({"options": f"-csearch_path={_schema(name)}"})
    return own.render_as_string(hide_password=False)


def make(url: str, name: str) -> None:
    """Make place for that store, before `migrate` makes its tables; `url` is that of the one beside it."""
    _run(url, sa.schema.CreateSchema(_schema(name), if_not_exists=True))


def remove(url: str, name: str) -> None:
    """Delete that store with all that is in it; what is in files goes with their folder."""
    _run(url, sa.schema.DropSchema(_schema(name), cascade=True, if_exists=True))


def _schema(name: str) -> str:
    return f"tenant_{name.replace('-', '_')}"


def _run(url: str, statement: sa.Executable) -> None:
    parsed = read_url(url)
    if parsed.get_backend_name() == "sqlite":
        return
    engine = migrating_engine(parsed)
    try:
        with engine.begin() as tx:
            tx.execute(statement)
    except DBAPIError as error:
        raise ConfigError(f"store {parsed.render_as_string()}: {str(error.orig).strip().splitlines()[0]}") from error
    finally:
        engine.dispose()
