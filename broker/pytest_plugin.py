"""The pytest plugin: a running eHerkenning network for tests of service providers (docs/pytest.md).

pytest loads it for every run on a machine where ketenbroker is installed, also those that have nothing to do with it.
So nothing of the broker is imported until a fixture is used, nothing is done without one, and all names begin alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from broker.testing.demo import DemoServiceProvider
    from broker.testing.eherkenning import Eherkenning
    from broker.testing.networks import Networks, Started
    from broker.testing.visiting import Visit

_MARKER = "eherkenning_settings"
_IN_USE = pytest.StashKey["Eherkenning"]()


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of our marker."""
    config.addinivalue_line(
        "markers", f"{_MARKER}(**sections): settings of the eHerkenning network of this test, by section"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Have the report of a test that failed tell what the broker saw."""
    report = yield
    eherkenning = item.stash.get(_IN_USE, None)
    if eherkenning is not None and report.failed and report.when == "call":
        from broker.testing.report import told

        report.sections.append(("eHerkenning", told(eherkenning)))
    return report


@pytest.fixture(scope="session")
def eherkenning_settings() -> Mapping[str, Mapping[str, Any]]:
    """Settings by section, to override: `{"messages": {"assertion_seconds": 30}}`."""
    return {}


@pytest.fixture(scope="session")
def _eherkenning_networks(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Networks]:
    from broker.testing.networks import Networks

    cache = getattr(request.config, "cache", None)
    kept = cache.mkdir("ketenbroker") if cache is not None else _shared(tmp_path_factory, request.config)
    with Networks.of(tmp_path_factory.mktemp("eherkenning"), kept) as networks:
        yield networks


@pytest.fixture(scope="session")
def eherkenning_network(
    _eherkenning_networks: Networks, eherkenning_settings: Mapping[str, Mapping[str, Any]]
) -> Eherkenning:
    """The running network for fixtures of a whole run: what is registered here stays, all else goes before a test."""
    return _eherkenning_networks.find(eherkenning_settings).lasting


@pytest.fixture
def _eherkenning_started(
    request: pytest.FixtureRequest,
    _eherkenning_networks: Networks,
    eherkenning_settings: Mapping[str, Mapping[str, Any]],
) -> Started:
    """The network that this test asks for, with its marker or without."""
    sections = {name: dict(section) for name, section in eherkenning_settings.items()}
    for marker in reversed(list(request.node.iter_markers(_MARKER))):  # the nearest one counts last
        for name, section in marker.kwargs.items():
            sections[name] = {**sections.get(name, {}), **section}
    return _eherkenning_networks.find(sections)


@pytest.fixture
def eherkenning(request: pytest.FixtureRequest, _eherkenning_started: Started) -> Iterator[Eherkenning]:
    """A running network with the sample data, as new for each test."""
    fresh = _eherkenning_started.fresh()
    request.node.stash[_IN_USE] = fresh
    yield fresh
    fresh.forget_registrations(_eherkenning_started.lasting)


@pytest.fixture
def eherkenning_sp(_eherkenning_started: Started) -> DemoServiceProvider:
    """A service provider that is there already, for who has none yet: the demo's portals."""
    from broker.testing.demo import DemoServiceProvider

    return DemoServiceProvider.started(_eherkenning_started)


@pytest.fixture
def eherkenning_login(eherkenning: Eherkenning) -> Iterator[Callable[..., Visit]]:
    """eherkenning_login(start_url, person=…, client=…, …): a login through your service provider, without a browser."""
    from broker.headless import Browser
    from broker.testing.visiting import visit

    with Browser() as browser:

        def log_in(start_url: str, *, press: str | None = None, **script: Any) -> Visit:
            return visit(eherkenning, browser, start_url, press=press, **script)

        yield log_in


def _shared(tmp_path_factory: pytest.TempPathFactory, config: pytest.Config) -> Path:
    """A folder for this run alone, where pytest keeps no cache; one for all workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(config, "workerinput") else base) / "ketenbroker"
    folder.mkdir(exist_ok=True)
    return folder
