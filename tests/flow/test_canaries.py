"""What lets somebody in, or could be a BSN, is not in the store and not in the log (I11).

Every secret that travelled between browser and broker is collected on the way, and every one that the installation has;
then the files of the store and all that was logged are searched for them.
"""

import io
import json
import re
import zlib
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import structlog

from broker import log
from tests.flow.steps import authenticated, choose, enter_module, facts
from tests.flow.test_module_invitations import KIOSK, at, invited, linked, mistakes
from tests.interop.driver import Browser
from tests.network import Network, running_network

BSN = "111222333"
# A RelayState comes from others and names nothing; an ID of a message is no secret, it stands in the log on purpose.
NO_SECRETS = {"RelayState"}
NO_SECRET = re.compile(r"[ @]|^[0-9]+$")
LEAST = 20


@dataclass
class Spied:
    """A network, what it logs, and the secrets that were seen."""

    network: Network
    logged: io.StringIO
    seen: dict[bytes, str] = field(default_factory=dict)

    def watch(self, browser: Browser) -> Browser:
        """Collect what this browser gets and sends."""
        send = browser._transport.send

        def send_and_collect(*arguments, **named):
            response = send(*arguments, **named)
            self._collect(response)
            return response

        browser._transport.send = send_and_collect
        return browser

    def _collect(self, response) -> None:
        asked, broker = response.request, urlsplit(self.network.broker).netloc
        body = asked.body if isinstance(asked.body, str) else ""
        for name, value in parse_qsl(urlsplit(asked.url).query) + parse_qsl(body):
            if name not in NO_SECRETS and len(value) >= LEAST and not NO_SECRET.search(value):
                self.seen |= dict.fromkeys(written(name, value), name)
        if urlsplit(asked.url).netloc == broker:
            for cookie in response.cookies:
                self.seen |= dict.fromkeys((cookie.value.encode(), *in_session(cookie.value)), cookie.name)
            _, kind, *rest = urlsplit(asked.url).path.split("/")
            if kind in ("uitnodiging", "ondertekenen"):
                self.seen[rest[0].encode()] = kind

    def kept(self) -> dict[str, bytes]:
        """All that is left when everybody has gone."""
        stores = sorted(self.network.settings.paths.state.rglob("*sqlite*"))
        assert stores
        return {"log": self.logged.getvalue().encode()} | {store.name: store.read_bytes() for store in stores}


def written(name: str, value: str) -> set[bytes]:
    """A value as it travelled, and what is inside it."""
    found = {value.encode()}
    if name == "SAMLart":
        handle = b64decode(value)[-20:]
        found |= {handle, handle.hex().encode()}
    return found


def in_session(cookie: str) -> Iterator[bytes]:
    """The values in a signed session cookie of Flask."""
    packed, _, rest = cookie.removeprefix(".").partition(".")
    if not rest:
        return
    content = urlsafe_b64decode(packed + "==")
    content = zlib.decompress(content) if cookie.startswith(".") else content
    for value in json.loads(content).values():
        if isinstance(value, str) and len(value) >= LEAST and not value.startswith("_"):
            yield value.encode()


def of_installation(certs: Path) -> Iterator[bytes]:
    """Every secret and private key, raw and in the ways in which bytes are written down."""
    for file in (certs / "secrets").iterdir():
        octets = file.read_bytes().strip()
        yield from (octets, octets.hex().encode(), b64encode(octets), urlsafe_b64encode(octets))
    for file in certs.rglob("*.key"):
        lines = [line for line in file.read_bytes().splitlines() if len(line) == 64]
        yield from lines[len(lines) // 3 :]  # the modulus comes first, which certificates tell everybody


@contextmanager
def logging_to(stream: io.StringIO) -> Iterator[None]:
    """Log as a party does, without what makes a process keep it so."""
    before = structlog.get_config()
    log.configure("json", stream)
    structlog.configure(cache_logger_on_first_use=False)
    yield
    structlog.reset_defaults()
    structlog.configure(**before)


@pytest.fixture
def spied(tmp_path: Path, installation: Path) -> Iterator[Spied]:
    stream = io.StringIO()
    with logging_to(stream), running_network(tmp_path, installation=installation) as running:
        yield Spied(running, stream)


def test_I11_no_secret_of_logins_and_of_administration_is_in_store_or_log(spied: Spied):
    network = spied.network
    with Browser() as person, Browser() as office, Browser() as client:
        for browser in (person, office, client):
            spied.watch(browser)
        page = authenticated(person, network, "gemeente", 9001, "Fleur Voorbeeld")
        assert "68727720" in str(facts(choose(person, page, "Glasblazerij Zeepbel")))
        enter_module(office, network, "Fleur Voorbeeld")
        invited(office, network, KIOSK, "KVK", "kiosk@klant.example")
        asked = linked(client, network, "kiosk@klant.example")
        client.open(f"{asked.url}/akkoord")  # nothing to see there, which is logged
        client.submit(asked.form("Onderteken").choose("Hoek Duizendpoot").choose("Ik ga akkoord"))
        client.open(asked.url)  # used by now
        form = at(client, network, "intrekken").form("Verstuur het verzoek")
        values = {"client": KIOSK, "intermediary": "68750110", "name": "Hoek", "email": "hoek@klant.example"}
        refused = client.submit(form, values | {"reason": f"mijn nummer is {BSN}"})
        assert "reason" in mistakes(refused)
    installed = dict.fromkeys(of_installation(network.settings.paths.certs), "installation")
    secrets = {BSN.encode(): "BSN", **spied.seen, **installed}
    assert len(spied.seen) > 20
    kept = spied.kept()
    assert b"EH-" in kept["log"] or b"http.error" in kept["log"]
    found = {
        (where, secrets[secret], secret) for where, octets in kept.items() for secret in secrets if secret in octets
    }
    assert found == set()
