"""A network that tests of the API may change and put back, and somebody who calls the API as a program does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.network import Network, running_network
from tests.requester import Requester


@dataclass
class Caller:
    """Calls the API at `base`: gives the JSON of an answer, and fails on another status than `status`."""

    base: str
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, json: Any = None, *, status: int = 200, **more: Any) -> Any:
        body = {"json": {}} if json is None and method in ("POST", "PUT", "PATCH") and "data" not in more else {}
        body = {"json": json} if json is not None else body
        headers = {**self.headers, **more.pop("headers", {})}
        answer = requests.request(method, f"{self.base}/api/v1{path}", headers=headers, timeout=30, **body, **more)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def of(self, tenant: str) -> "Caller":
        """The same for a tenant."""
        return Caller(f"{self.base}/t/{tenant}", self.headers)


@pytest.fixture(scope="session")
def controlled(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network for tests that control it over the API; `api` puts it back before each."""
    folder = tmp_path_factory.mktemp("controlled")
    with running_network(folder, installation=installation, messages={"artifact_seconds": 600}) as running:
        yield running


@pytest.fixture
def api(controlled: Network) -> Caller:
    """The API of `controlled`, which was reset just now."""
    caller = Caller(controlled.broker)
    caller("POST", "/reset")
    return caller


@pytest.fixture
def provider(controlled: Network, make_requester: Callable[..., Requester]) -> Requester:
    """A service provider of the test's own, registered at `controlled`."""
    return make_requester(controlled)
