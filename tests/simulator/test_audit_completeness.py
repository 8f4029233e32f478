"""What the audit log says went out is what went out, whenever the broker dies (B-21)."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
import requests
import sqlalchemy as sa
from lxml import etree

from broker import auditing
from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.core.recorded import Direction
from broker.settings import load
from broker.simulator import resolution
from broker.simulator.audit.sealing import unseal
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.prepare import prepare
from broker.simulator.service_providers import register
from broker.store.administration import events
from broker.store.audit import messages
from broker.store.database import Transaction
from broker.store.tables import artifacts
from tests.network import CHECKOUT, Network
from tests.requester import NS, Requester, enveloped, soap
from tests.simulator.test_posted_choice import at_the_list, choices, choose

SEED = 21
BROWSERS = 4
PATIENCE_S = 60
PATIENCE_FOR_EACH_S = 5


@dataclass
class ServiceProvider:
    """A service provider that writes down each answer as it came, and artifacts of which no answer came."""

    network: Network
    requester: Requester
    received: list[bytes] = field(default_factory=list)
    in_hand: list[str] = field(default_factory=list)

    def log_in(self, number: int) -> None:
        """One login up to its answer, unless the broker dies under it."""
        try:
            login, page = at_the_list(self.network, self.requester)
            answer = choose(login, page, choices(page)[number % 3])
        except (requests.RequestException, KeyError):  # no answer, or the page for a fault
            return
        artifact = parse_qs(urlsplit(answer.headers.get("Location", "")).query).get("SAMLart")
        if artifact:
            self.fetch(artifact[0])

    def fetch(self, artifact: str) -> None:
        """Fetch the answer; if that fails the artifact stays in hand."""
        question = self.requester.signed(self.requester.resolve(artifact))
        try:
            answer = soap(self.network.simulator.addresses.resolution, question)
        except requests.RequestException:
            self.in_hand.append(artifact)
            return
        if answer.status_code == 200:
            self.received.append(answer.content)
        else:  # the store may be busy with what a dead worker left
            assert b"Assertion" not in answer.content
            self.in_hand.append(artifact)


@contextmanager
def dying_broker(settings_file: Path, deaths: Path, most: int) -> Iterator[None]:
    """gunicorn, of which `most` workers die; at the end all of it is killed."""
    called = f"tests.simulator.mortal:application({str(settings_file)!r}, {str(deaths)!r}, {most}, {SEED})"
    port = load(settings_file).broker.port
    options = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}")
    command = [sys.executable, "-m", "gunicorn", *options, "--config", "python:broker.serving", called]
    with (
        deaths.with_suffix(".log").open("w") as log,
        subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            wait_for(port, process)
            yield
        finally:
            first = psutil.Process(process.pid)
            first.suspend()  # so that it starts no others
            for one in (*first.children(), first):
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGKILL)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "gunicorn ended"
        try:
            requests.get(f"http://127.0.0.1:{port}/health/live", timeout=PATIENCE_S)
        except requests.ConnectionError:
            time.sleep(0.02)
        else:
            return


def log_in_until_enough_died(provider: ServiceProvider, deaths: Path, most: int) -> None:
    deadline = time.monotonic() + PATIENCE_S + PATIENCE_FOR_EACH_S * most

    def browser(number: int) -> None:
        while deaths.stat().st_size < most:
            assert time.monotonic() < deadline, f"only {deaths.stat().st_size} died"
            provider.log_in(number)
        provider.log_in(number)

    with ThreadPoolExecutor(BROWSERS) as pool:
        list(pool.map(browser, range(BROWSERS)))


def content(envelope: bytes) -> etree._Element | None:
    """The Response in an answer, if there is one."""
    return etree.fromstring(envelope).find("soap:Body/samlp:ArtifactResponse/samlp:Response", NS)


def named_by(happened: list[dict[str, Any]], action: str) -> dict[str, set[str]]:
    """By login the digests that its event of this name holds; no login has two."""
    found = [event for event in happened if event["action"] == action]
    assert max(Counter(event["login_id"] for event in found).values()) == 1
    return {event["login_id"]: set(event["after"]["messages"]) for event in found}


def reconcile(simulator: Simulator, received: list[bytes]) -> tuple[int, int]:
    """Hold what a service provider received against the log, both ways; how many were received, and granted."""

    def read(tx: Transaction) -> tuple[list[dict[str, Any]], dict[str, list[messages.StoredMessage]], list[Any]]:
        happened = [event.content for event in events.verified(tx)]
        logins = {event["login_id"] for event in happened if event["login_id"]}
        kept = {login: list(messages.of_login(tx, login)) for login in logins}
        return happened, kept, list(tx.execute(sa.select(artifacts.c.login_id, artifacts.c.payload)))

    happened, kept, waiting = simulator.store.read(read)
    granted, delivered = named_by(happened, "login.granted"), named_by(happened, "login.delivered")
    answers = {}
    for login, of_login in kept.items():
        for message in of_login:
            if message.kind == "Response" and message.direction is Direction.SENT:
                octets = unseal(simulator.archive_key, message.sealed).octets
                assert sha256(octets).hexdigest() == message.sha256
                assert b"<saml:Assertion" in octets
                answers[login] = message.message_id, message.sha256, octets

    # Every assertion that is there, fetched or waiting, has its event, and every event its assertion.
    assert answers.keys() == granted.keys()
    assert [login for login, (_, digest, _) in answers.items() if digest not in granted[login]] == []
    assert [login for login, payload in waiting if sha256(payload).hexdigest() not in granted[login]] == []

    # What a service provider has in its hands is that, byte for byte, and that it was handed over is an event too.
    by_id = {name: (login, octets) for login, (name, _, octets) in answers.items()}
    got = [(envelope, response) for envelope in received if (response := content(envelope)) is not None]
    for envelope, response in got:
        login, octets = by_id[response.get("ID")]
        alike = (etree.tostring(one, method="c14n", exclusive=True) for one in (response, etree.fromstring(octets)))
        assert len(set(alike)) == 1
        assert sha256(envelope).hexdigest() in delivered[login]
    assert len({response.get("ID") for _, response in got}) == len(got)
    return len(got), len(granted)


def test_B21_every_assertion_that_went_out_has_its_event_and_every_event_its_assertion(
    on_each_store: Path, stored_requester: Requester, tmp_path: Path, pytestconfig: pytest.Config
):
    settings, deaths, most = load(on_each_store), tmp_path / "deaths", pytestconfig.getoption("--kills")
    deaths.touch()
    simulator = compose(settings, system_clock, RandomIds())
    register(simulator.store, stored_requester.metadata(), system_clock(), simulator.service_certificates)
    provider = ServiceProvider(Network(settings, simulator), stored_requester)
    with dying_broker(on_each_store, deaths, most):
        log_in_until_enough_died(provider, deaths, most)
    simulator.store.close()

    prepare(settings, system_clock, RandomIds())  # as every start does: it refuses when the log is not right
    simulator = compose(settings, system_clock, RandomIds())
    try:
        for artifact in provider.in_hand:
            question = enveloped(stored_requester.signed(stored_requester.resolve(artifact)))
            provider.received.append(resolution.resolve(simulator, question, None).envelope)
        received, granted = reconcile(simulator, provider.received)
    finally:
        simulator.store.close()
    assert deaths.stat().st_size >= most
    assert BROWSERS <= received <= granted
    verdict = auditing.verify(settings).verdict
    assert verdict.broken is None
    assert verdict.events > 3 * granted
