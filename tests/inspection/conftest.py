"""The messages of one genuine chain login, made once for each worker, and what is known of its parties."""

import base64
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from broker.core.clock import system_clock
from broker.core.ids import RandomIds
from broker.inspection import inspector, intake, known
from broker.inspection.inspected import Inspection
from broker.inspection.inspector import Given
from broker.inspection.known import Known
from broker.saml import document
from broker.simulator import issuing, resolution
from broker.simulator.compose import compose
from broker.simulator.context import Simulator
from broker.simulator.layout import Layout
from broker.simulator.service_providers import register
from tests.network import settings_below
from tests.requester import Requester, enveloped
from tests.simulator.journey import BROWSER, Journey, Stub

CONSUMER = "http://127.0.0.1:8082/acs"


@dataclass(frozen=True)
class Messages:
    """The bytes of a chain login as they went over the wire, and what is known of who sent them."""

    request: bytes
    question: bytes
    answer: bytes
    resolve: bytes
    envelope: bytes
    metadata: tuple[bytes, ...]
    known: Known
    key: rsa.RSAPrivateKey
    moment: datetime
    simulator: Simulator

    def inspect(self, data: bytes, *, known: Known | None = None, keys: bool = False, **given: object) -> Inspection:
        """The inspection of the one message in `data`, with all that is known unless something else is given."""
        found = intake.take(data)[0]
        own = (self.key,) if keys else ()
        return inspector.inspect(
            found, Given(known=self.known if known is None else known, keys=own, now=self.moment, **given)
        )


@pytest.fixture(scope="session")
def messages(
    tmp_path_factory: pytest.TempPathFactory, installation: Path, requester_keys: dict[str, dict[str, object]]
) -> Iterator[Messages]:
    """A login of an intermediary on behalf of a client, from the first message to the last."""
    folder = tmp_path_factory.mktemp("inspected") / "installation"
    shutil.copytree(installation, folder)
    settings = settings_below(folder)
    simulator = compose(settings, system_clock, RandomIds())
    requester = Requester(
        "urn:etoegang:DV:00000099000000110000:entities:9055",
        **requester_keys["one"],
        consumer=CONSUMER,
        services={9001: "urn:etoegang:DV:00000099000000110000:services:9001"},
    )
    register(simulator.store, requester.metadata(), simulator.clock(), simulator.service_certificates)
    journey = Journey(simulator, Stub.of(settings, simulator), requester)
    posted = journey.request()
    login = journey.begin()
    asked = journey.ask(login)
    answer = journey.answer(asked)
    waiting = journey.authenticated(login, answer)
    delivery = issuing.issue(simulator, login.id, BROWSER, journey.token(waiting, "glasblazerij"))
    question = requester.signed(requester.resolve(parse_qs(urlsplit(delivery.location).query)["SAMLart"][0]))
    envelope = resolution.resolve(simulator, enveloped(question), None).envelope
    layout, moment = Layout.of(settings), simulator.clock()
    metadata = (
        layout.broker_metadata("1.13").read_bytes(),
        layout.network_metadata.read_bytes(),
        requester.metadata(),
    )
    yield Messages(
        request=base64.b64decode(posted["SAMLRequest"][0]),
        question=base64.b64decode(asked["SAMLRequest"][0]),
        answer=document.write(answer),
        resolve=etree.tostring(question),
        envelope=envelope,
        metadata=metadata,
        known=known.read(metadata, moment),
        key=requester.encryption.key,
        moment=moment,
        simulator=simulator,
    )
    simulator.store.close()
