"""A broker with the sample data, on free ports, in a folder of its own."""

import socket
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.settings import Settings, load
from broker.simulator.layout import Layout
from broker.simulator.prepare import prepare

_SAMPLES = Path(__file__).parents[1] / "metadata"


@dataclass(frozen=True, slots=True)
class Installation:
    """Settings, and the file that they stand in."""

    file: Path
    settings: Settings

    @property
    def layout(self) -> Layout:
        """Where its keys and generated files are."""
        return Layout.of(self.settings)


def install(folder: Path, store_url: str | None = None) -> Installation:
    """Settings for an installation below `folder`, with ports that were free a moment ago; nothing else is made.

    `store_url`: another store than a file in the folder.
    """
    names = ("broker", "stub", "demo")
    sections: dict[str, Mapping[str, Any]] = {
        name: {"port": port} for name, port in zip(names, _free_ports(len(names)), strict=True)
    }
    sections["paths"] = {
        "certs": str(folder / "certs"),
        "state": str(folder / "var"),
        "catalogues": [str(_SAMPLES / "service-catalogue.xml")],
        "sample_register": str(_SAMPLES / "sample-register.yaml"),
        "trade_register": str(_SAMPLES / "trade-register.yaml"),
    }
    sections["store"] = {"url": store_url} if store_url else {}
    file = folder / "ketenbroker.toml"
    file.write_text(tomli_w.dumps(sections), encoding="utf-8")
    return Installation(file, load(file))


def prepared(folder: Path, store_url: str | None = None) -> Installation:
    """The same, with keys, store, metadata, and sample data if the store is empty."""
    installation = install(folder, store_url)
    prepare(installation.settings, system_clock, RandomIds())
    return installation


def _free_ports(count: int) -> Iterable[int]:
    with ExitStack() as stack:
        for _ in range(count):
            listening = stack.enter_context(socket.socket())
            listening.bind(("127.0.0.1", 0))
            yield listening.getsockname()[1]
