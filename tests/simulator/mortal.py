"""The broker under gunicorn, of which workers die (SIGKILL) just where an answer is made or handed over (B-21).

Where is drawn by a seed, from all places at which the store can tell before and after apart: each statement and each
commit from the moment that a request touched an artifact, and the moment at which its answer is ready but not sent.
gunicorn starts another worker for each that dies.
"""

import os
import random
import signal
from collections.abc import Iterable
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from broker import wsgi
from broker.wsgi import Stoppable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_PLACES = 80
"""A worker lives to see so many at most: some three logins."""


class Fate:
    """When a worker dies. `deaths` is a file with one byte for each that did; after `most`, the next ones live."""

    def __init__(self, deaths: Path, most: int, seed: int) -> None:
        self.deaths, self.births, self.most, self.seed = deaths, deaths.with_suffix(".births"), most, seed
        self.request = local()
        self.left: int | None = None

    def begin(self) -> None:
        """A request came."""
        self.request.near = False

    def see(self, statement: str) -> None:
        """A statement is about to run."""
        self.request.near = getattr(self.request, "near", False) or "artifacts" in statement
        self.place()

    def place(self) -> None:
        """Here the worker may die."""
        if not getattr(self.request, "near", False):
            return
        if self.left is None:  # drawn by each worker for itself, which began as a copy of one process
            self.left = random.Random(f"{self.seed} {_one_more(self.births)}").randrange(MOST_PLACES)
        self.left -= 1
        if self.left < 0 and self.deaths.stat().st_size < self.most:
            _one_more(self.deaths)
            os.kill(os.getpid(), signal.SIGKILL)


def _one_more(counted: Path) -> int:
    with counted.open("ab") as file:
        file.write(b".")
        return file.tell()


def application(settings_file: str, deaths: str, most: int, seed: int) -> Stoppable:
    """What `broker.wsgi` serves, with workers that die."""
    broker = wsgi.application(settings_file)
    fate = Fate(Path(deaths), most, seed)

    def told(connection: object, cursor: object, statement: str, *_: Any) -> None:
        fate.see(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", told)
    sa.event.listen(sa.Engine, "commit", lambda _: fate.place())
    sa.event.listen(sa.pool.Pool, "checkin", lambda *_: fate.place())  # a transaction is over
    return Stoppable(_dying(broker.serve, fate), broker.stop)


def _dying(serve: "WSGIApplication", fate: Fate) -> "WSGIApplication":
    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        fate.begin()
        answer = serve(environ, start_response)
        fate.place()
        return answer

    return served
