"""The programs of an installation: each is one party, or a part of it, under gunicorn."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broker import serving
from broker.core.errors import ConfigError
from broker.settings import Listener, Server, Settings
from broker.simulator.layout import Layout
from broker.simulator.parties import AUTHENTICATION_SERVICE, BROKER, PORTALS
from broker.tls import TlsFiles, server_context

_LOCALHOST: Final = "127.0.0.1"
# gunicorn touches a file at every event to show that it lives; on a disk that costs more than the event.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  the file that gunicorn makes there has no name


@dataclass(frozen=True, slots=True)
class Party:
    """A program: its name, where it listens, the application that gunicorn loads, and its files if it serves https."""

    name: str
    server: Listener
    application: str
    tls: TlsFiles | None
    workers: int = 1
    threads: int = 4

    @property
    def address(self) -> tuple[str, int]:
        """What to listen on; `localhost` is taken as IPv4, so that one name is one address."""
        return (_LOCALHOST if self.server.host == "localhost" else self.server.host, self.server.port)

    @property
    def arguments(self) -> list[str]:
        """What stands behind `gunicorn` on its command line."""
        host, port = self.address
        return [
            *("--worker-class", "gthread", "--log-level", "warning"),
            *("--workers", str(self.workers), "--threads", str(self.threads)),
            *("--config", f"python:{serving.__name__}"),
            *("--bind", f"{host}:{port}", "--limit-request-line", "8190", "--graceful-timeout", "5"),
            # Else whoever is on this machine may say in a header over which scheme, and below which path, it came.
            *("--forwarded-allow-ips", ""),
            *(("--worker-tmp-dir", str(_MEMORY)) if os.access(_MEMORY, os.W_OK) else ()),
            *(_tls_options(self.tls) if self.tls else ()),
            self.application,
        ]


def _tls_options(files: TlsFiles) -> Iterator[str]:
    yield from ("--certfile", str(files.certificate), "--keyfile", str(files.key))
    if files.authorities:
        yield from ("--ca-certs", str(files.authorities))


def broker(settings: Settings, settings_file: Path | None) -> tuple[Party, ...]:
    """The broker; with TLS a second program for its back channel. Raises `ConfigError` for files that are no use."""
    server, layout = settings.broker, Layout.of(settings)
    # Not resolved: paths in a file are relative to where it is named, also when that is a link to it.
    arguments = f"({str(settings_file.absolute()) if settings_file else ''!r}, {server.tls})"
    size = (server.workers, server.threads)
    folder = BROKER.certificates.folder
    front = Party("broker", server, f"broker.wsgi:application{arguments}", _tls(server, layout, folder), *size)
    if not server.tls:
        return (front,)
    files = _usable(layout.tls_files(folder, layout.tls_authorities))
    back_channel = settings.back_channel
    return front, Party("broker's back channel", back_channel, f"broker.wsgi:back_channel{arguments}", files, *size)


def others(settings: Settings) -> tuple[Party, Party]:
    """The stub authentication service and the demo service provider. Raises `ConfigError` as `broker` does."""
    layout = Layout.of(settings)
    stub, demo = str(layout.stub_config.resolve()), str(layout.demo_config.resolve())
    stub_tls = _tls(settings.stub, layout, AUTHENTICATION_SERVICE.certificates.folder)
    # One program serves all portals at one address: the certificate of the first one is as good as any.
    demo_tls = _tls(settings.demo, layout, PORTALS[0].key)
    return (
        Party("stub authentication service", settings.stub, f"idp_stub.app:create_app({stub!r})", stub_tls),
        Party("demo service provider", settings.demo, f"sp_demo.app:create_app({demo!r})", demo_tls),
    )


def _tls(server: Server, layout: Layout, folder: str) -> TlsFiles | None:
    return _usable(layout.tls_files(folder)) if server.tls else None


def _usable(files: TlsFiles) -> TlsFiles:
    for file in (files.certificate, files.key, files.authorities):
        if file and not file.is_file():
            raise ConfigError(f"{file}: is missing; 'ketenbroker init' makes what is missing")
    try:
        server_context(files)
    except OSError as error:
        raise ConfigError(f"{files.certificate}, {files.key}: cannot be used for TLS: {error}") from error
    return files
