"""A whole network in this process: the broker and the stub authentication service, and the demo when it is asked for.

Keys take seconds to make and the sample data takes one to load, so both are kept in a cache and made once for all runs
and all workers. Everything else is made anew, in a folder of its own.
"""

import importlib
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import socket
from typing import Any, Final

from broker import __version__
from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.locking import alone_in
from broker.saml import pki
from broker.settings import Settings
from broker.simulator import secret_files
from broker.simulator.compose import compose
from broker.simulator.layout import Layout
from broker.simulator.parties import CERTIFIED
from broker.simulator.prepare import SECRETS, prepare
from broker.simulator.ready_stores import ready_store
from broker.testing.serving import listening, serving
from broker.web.front import create_front
from idp_stub.app import create_app as create_stub

Sections = Mapping[str, Mapping[str, Any]]
_PARTIES: Final = ("broker", "stub", "demo")
_PACKAGE: Final = Path(__file__).parents[1]


@dataclass(frozen=True)
class Network:
    """The running parties. `start_demo` starts the demo service provider, and tells whether it had to."""

    settings: Settings
    start_demo: Callable[[], bool]


def sample_folder() -> Path:
    """Where the sample data is: inside an installed package, beside it in a checkout."""
    installed = _PACKAGE / "sample"
    return installed if installed.is_dir() else _PACKAGE.parent / "metadata"


@contextmanager
def running(folder: Path, kept: Path, sections: Sections) -> Iterator[Network]:
    """Start everything below `folder`; `kept` is the cache, and `sections` are settings by section. Stops at the end.

    Raises `ConfigError`, and `ValidationError` (a ValueError) for what is no setting.
    """
    with ExitStack() as stack:
        sockets = {party: stack.enter_context(listening()) for party in _PARTIES}
        ports = {party: {"port": item.getsockname()[1]} for party, item in sockets.items()}
        settings = _settings(folder, _keys(kept, system_clock()), ports, sections)
        layout = Layout.of(settings)
        _copy_store(settings, kept)
        prepare(settings, system_clock, RandomIds())
        simulator = compose(settings, system_clock, RandomIds())
        stack.callback(simulator.store.close)
        stack.enter_context(serving(create_front(settings, simulator, system_clock, RandomIds()), sockets["broker"]))
        stack.enter_context(serving(create_stub(layout.stub_config, system_clock), sockets["stub"]))

        yield Network(settings, lambda: _start_demo(settings, sockets, stack))


def _start_demo(settings: Settings, sockets: dict[str, socket], stack: ExitStack) -> bool:
    listens = sockets.pop("demo", None)
    if listens is None:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pysaml2's; whoever uses this plugin may have made warnings errors
        # By name: the demo is another party, and pysaml2, which takes most of a second to load, is its alone.
        create_demo = importlib.import_module("sp_demo.app").create_app
    stack.enter_context(serving(create_demo(Layout.of(settings).demo_config), listens))
    return True


def _settings(folder: Path, certs: Path, ports: Mapping[str, Mapping[str, int]], sections: Sections) -> Settings:
    sample = sample_folder()
    own: dict[str, Any] = {
        **ports,
        "paths": {
            "certs": certs,
            "state": folder,
            "catalogues": (sample / "service-catalogue.xml",),
            "sample_register": sample / "sample-register.yaml",
            "trade_register": sample / "trade-register.yaml",
        },
    }
    for name, section in sections.items():
        own[name] = {**own.get(name, {}), **section}
    return Settings(**own)


def _keys(kept: Path, moment: datetime) -> Path:
    """The folder with keys and secrets, made when it is not there; those of last year are not used any more."""
    certs = kept / f"keys-{__version__}-{moment.year}"
    pki.ensure(certs, CERTIFIED, moment)
    for name in SECRETS:
        secret_files.ensure(Layout(certs, certs).secret(name))
    return certs


def _copy_store(settings: Settings, kept: Path) -> None:
    """Begin with a copy of a store that has the sample data; a store that settings name begins as it is."""
    settings.paths.state.mkdir(parents=True, exist_ok=True)
    if settings.store.url is None:
        stores = kept / "stores"
        stores.mkdir(exist_ok=True)
        with alone_in(kept):
            ready = ready_store(settings, stores, system_clock, with_sample=True)
            shutil.copyfile(ready, settings.paths.state / "ketenbroker.sqlite")
