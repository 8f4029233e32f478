"""Programs that serve: one party under gunicorn, and all three together for a demonstration."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import Final

import requests

from broker import serving
from broker.core.errors import ConfigError
from broker.settings import Server, Settings
from broker.simulator.layout import Layout

_LOCALHOST: Final = "127.0.0.1"
_READY_S: Final = 20.0
_STOP_S: Final = 10.0
_POLL_S: Final = 0.05
# gunicorn touches a file at every event to show that it lives; on a disk that costs more than the event.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  the file that gunicorn makes there has no name


@dataclass(frozen=True, slots=True)
class Party:
    """A program: its name, where it listens, and the application that gunicorn loads."""

    name: str
    server: Server
    application: str
    workers: int = 1
    threads: int = 4

    @property
    def address(self) -> tuple[str, int]:
        """What to listen on; `localhost` is taken as IPv4, so that one name is one address."""
        return (_LOCALHOST if self.server.host == "localhost" else self.server.host, self.server.port)

    @property
    def command(self) -> list[str]:
        """The gunicorn command line."""
        host, port = self.address
        return [
            *(sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--log-level", "warning"),
            *("--workers", str(self.workers), "--threads", str(self.threads)),
            *("--config", f"python:{serving.__name__}"),
            *("--bind", f"{host}:{port}", "--limit-request-line", "8190", "--graceful-timeout", "5"),
            *(("--worker-tmp-dir", str(_MEMORY)) if os.access(_MEMORY, os.W_OK) else ()),
            self.application,
        ]


def broker(settings: Settings, settings_file: Path | None) -> Party:
    """The broker."""
    # Not resolved: paths in a file are relative to where it is named, also when that is a link to it.
    argument = repr(str(settings_file.absolute())) if settings_file else ""
    server = settings.broker
    return Party("broker", server, f"broker.wsgi:application({argument})", server.workers, server.threads)


def others(settings: Settings) -> tuple[Party, Party]:
    """The stub authentication service and the demo service provider."""
    layout = Layout.of(settings)
    stub, demo = str(layout.stub_config.resolve()), str(layout.demo_config.resolve())
    return (
        Party("stub authentication service", settings.stub, f"idp_stub.app:create_app({stub!r})"),
        Party("demo service provider", settings.demo, f"sp_demo.app:create_app({demo!r})"),
    )


class _StopAsked(BaseException):
    """The user or the system asks to stop; like KeyboardInterrupt it passes every handler of errors."""


def run(parties: Sequence[Party], when_ready: Callable[[], None]) -> None:
    """Start the parties, call `when_ready` once each answers, and stay until asked to stop or until one ends.

    Whatever happens, and whenever, no party stays behind. Raises `ConfigError` when an address is taken or a party
    does not come up, and `SystemExit` when it has said itself, in one line, why not.
    """
    for party in parties:
        _require_free(party)
    started: list[subprocess.Popen[bytes]] = []
    with _signals_raise(), suppress(_StopAsked):
        try:
            for party in parties:
                # A session of its own: Ctrl-C reaches this process only, which then stops them in order.
                started.append(subprocess.Popen(party.command, start_new_session=True))  # noqa: S603
            for party, process in zip(parties, started, strict=True):
                _wait_until_ready(party, process)
            when_ready()
            while all(process.poll() is None for process in started):
                time.sleep(_POLL_S)
        finally:
            _stop(started)


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Inside, the first SIGINT or SIGTERM raises `_StopAsked`; later ones are ignored, so that stopping can finish."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) == 1:
            raise _StopAsked

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _require_free(party: Party) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(party.address)
        except OSError as error:
            host, port = party.address
            raise ConfigError(
                f"{host}:{port} for the {party.name} cannot be used ({error.strerror}); "
                f"set another port, for example KETENBROKER_BROKER__PORT=9080"
            ) from error


def _wait_until_ready(party: Party, process: subprocess.Popen[bytes]) -> None:
    host, port = party.address
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline:
        if process.poll() == serving.CANNOT_START:
            raise SystemExit(serving.CANNOT_START)
        if process.poll() is not None:
            raise ConfigError(f"the {party.name} stopped while starting; its reason stands above")
        try:
            if requests.get(f"http://{host}:{port}/", timeout=_READY_S).status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                return
        except requests.ConnectionError:
            time.sleep(_POLL_S)
    raise ConfigError(f"the {party.name} does not answer on {host}:{port}")


def _stop(started: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in started:
        if process.poll() is None:
            process.terminate()
    for process in started:
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
