"""`ketenbroker serve` as docs/operation.md has it started: the broker under gunicorn, with several processes."""

import contextlib
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path

import psutil
import sqlalchemy as sa
from click.testing import CliRunner

from broker.cli import commands
from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.settings import load
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.service_providers import register
from broker.store.tables import pending_logins
from tests.cli.test_commands import COMMAND, READY_S, settings_file
from tests.conftest import OINS
from tests.docs.pages import read
from tests.network import CHECKOUT
from tests.ports import free_ports
from tests.requester import Pair, Requester

WORKERS = 3


@dataclass(frozen=True)
class Served:
    """The broker behind gunicorn, its store, and a service provider that it knows."""

    simulator: Simulator
    port: int
    requester: Requester
    workers: tuple[psutil.Process, ...]
    said: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @contextmanager
    def only(self, worker: psutil.Process) -> Iterator[None]:
        """Inside, no other process answers: the others stand still."""
        others = [other for other in self.workers if other != worker]
        for other in others:
            other.suspend()
        try:
            yield
        finally:
            for other in others:
                other.resume()

    def send(self, octets: bytes) -> list[HTTPResponse]:
        """All answers that come back over one connection, up to its end."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(octets)
            connection.shutdown(socket.SHUT_WR)
            return list(answers(b"".join(iter(lambda: connection.recv(65536), b""))))

    def logins(self) -> int:
        count = sa.select(sa.func.count()).select_from(pending_logins)
        return self.simulator.store.read(lambda tx: tx.scalar(count))


class _Octets(BytesIO):
    """What `HTTPResponse` takes for a connection."""

    def makefile(self, *_: object) -> BytesIO:
        return self

    def close(self) -> None:
        """Several answers stand in it."""


def answers(octets: bytes) -> Iterator[HTTPResponse]:
    """The answers that stand in `octets`, each read to its end."""
    received = _Octets(octets)
    while received.tell() < len(octets):
        answer = HTTPResponse(received)
        answer.begin()
        answer.body = answer.read()
        yield answer


@contextmanager
def serving(folder: Path, installation: Path, keys: dict[str, Pair]) -> Iterator[Served]:
    """The commands of the page, in their order, in `folder`; the last one serves."""
    shutil.copytree(installation, folder, dirs_exist_ok=True)
    shutil.copytree(CHECKOUT / "metadata", folder / "metadata")
    (port,) = free_ports(1)
    settings_file(folder, {"broker": port}, f"workers = {WORKERS}\n")
    *before, serve = _commands()
    with contextlib.chdir(folder):
        said = tuple(_run(words) for words in before)
    settings = load(folder / "ketenbroker.toml")
    with subprocess.Popen([COMMAND, *serve], cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith("Broker ready: ")
            simulator = compose(settings, system_clock, RandomIds())
            oin = OINS["belastingdienst"]
            services = {9001: f"urn:etoegang:DV:{oin}:services:9001"}
            entity_id, consumer = f"urn:etoegang:DV:{oin}:entities:9055", "http://127.0.0.1:9/acs"
            requester = Requester(entity_id, **keys, consumer=consumer, services=services)
            register(simulator.store, requester.metadata(), system_clock(), simulator.service_certificates)
            yield Served(simulator, port, requester, _workers(process.pid), said)
            simulator.store.close()
        finally:
            process.terminate()


def _commands() -> list[list[str]]:
    """The lines of the first block of the page, without the name of the program."""
    language, code = read("docs/operation.md").blocks[0]
    assert language == "sh"
    lines = [shlex.split(line, comments=True) for line in code.splitlines()]
    assert {program for program, *_ in lines} == {"ketenbroker"}
    assert lines[-1] == ["ketenbroker", "serve"]
    return [words for _, *words in lines]


def _run(words: list[str]) -> str:
    done = CliRunner().invoke(commands, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def _workers(command: int) -> tuple[psutil.Process, ...]:
    """The processes below gunicorn's first one, which the command starts; it takes its time between them."""
    (first,) = psutil.Process(command).children()
    deadline = time.monotonic() + READY_S
    while len(first.children()) < WORKERS:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return tuple(first.children())
