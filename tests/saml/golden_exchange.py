"""One login after another with a fixed clock, counted ids and fixed secrets: the same messages every time."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from broker.core.identifiers import Oin
from broker.core.interface import InterfaceVersion
from broker.saml import pki
from broker.settings import Settings
from broker.simulator import authentication, issuing, requests, resolution
from broker.simulator.answers import Delivery
from broker.simulator.compose import compose
from broker.simulator.layout import Layout
from broker.simulator.parties import BROKER
from broker.simulator.prepare import prepare
from broker.simulator.service_providers import register
from tests.network import CHECKOUT
from tests.requester import NS, Pair, Requester, at, enveloped, form
from tests.simulator.journey import BROWSER, Journey, Stub, listed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PARTY = pki.Party("requester", "Dienstverlener (test)", Oin("00000099000000110000"))


def clock() -> datetime:
    """It is always noon."""
    return NOW


@dataclass
class CountedIds:
    """Ids that tell which login they are of, and in which order they were made."""

    name: str
    counted: Iterator[int] = field(default_factory=lambda: count(1))

    def message_id(self) -> str:
        return f"_{self.name}-{next(self.counted)}"

    def transient(self) -> str:
        return self._digest().hex().upper()

    def handle(self) -> bytes:
        return self._digest()[:20]

    def token(self) -> str:
        return f"token-{self.message_id()}"

    def within(self, *_step: str) -> "CountedIds":
        return self

    def _digest(self) -> bytes:
        return hashlib.sha256(self.message_id().encode()).digest()


@dataclass(frozen=True)
class LoggedIn:
    """The messages of one login, in the order in which they were sent."""

    question: etree._Element
    answer: etree._Element
    artifact_response: etree._Element

    @property
    def assertion(self) -> etree._Element:
        return self.artifact_response.find("samlp:Response/saml:Assertion", NS)

    @property
    def evidence(self) -> list[etree._Element]:
        return self.assertion.findall("saml:Advice/saml:Assertion", NS)


@dataclass(frozen=True)
class Exchange:
    """Logins that each begin with counted ids anew, so that one does not depend on another."""

    settings: Settings

    @classmethod
    def below(cls, folder: Path) -> "Exchange":
        """Keys, secrets, a store with the sample data and metadata, as of noon."""
        settings = Settings(
            paths={
                "certs": folder / "certs",
                "state": folder / "var",
                "catalogues": [CHECKOUT / "metadata" / "service-catalogue.xml"],
                "sample_register": CHECKOUT / "metadata" / "sample-register.yaml",
                "trade_register": CHECKOUT / "metadata" / "trade-register.yaml",
            }
        )
        layout = Layout.of(settings)
        for name in ("register", "pseudonyms"):
            secret = layout.secret(name)
            secret.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            secret.touch(mode=0o600)
            secret.write_bytes(hashlib.sha256(name.encode()).digest())
        pki.ensure(layout.certs, (PARTY,), NOW)
        prepare(settings, clock, CountedIds("metadata"))
        return cls(settings)

    @property
    def certs(self) -> Path:
        return self.settings.paths.certs

    def broker_metadata(self, version: InterfaceVersion) -> etree._Element:
        return etree.fromstring(Layout.of(self.settings).broker_metadata(version).read_bytes())

    @property
    def network_metadata(self) -> etree._Element:
        return etree.fromstring(Layout.of(self.settings).network_metadata.read_bytes())

    def login(self, name: str, organisation: str) -> LoggedIn:
        """A login on behalf of the organisation whose name holds `organisation`; `name` is in all its ids."""
        journey = self._journey(name)
        login = journey.begin(ID=f"_{name}-request", IssueInstant=at(NOW))
        asked = journey.ask(login)
        answer = journey.answer(asked)
        waiting = journey.authenticated(login, answer)
        delivery = issuing.issue(journey.simulator, login.id, BROWSER, journey.token(waiting, organisation))
        question = etree.fromstring(base64.b64decode(asked["SAMLRequest"][0]))
        return LoggedIn(question, answer, collected(journey, delivery))

    def cancelled(self) -> tuple[etree._Element, etree._Element]:
        """What the stub answers when the person stops there, and what is then resolved."""
        journey = self._journey("cancelled")
        login = journey.begin(ID="_cancelled-request", IssueInstant=at(NOW))
        answer = journey.stop(journey.ask(login))
        authentication.receive(journey.simulator, listed(form("SAMLResponse", answer, login.id)))
        return answer, collected(journey, issuing.cancel(journey.simulator, login.id, BROWSER))

    def unsupported(self) -> etree._Element:
        """What is resolved after a request for a login without screens."""
        journey = self._journey("passive")
        posted = journey.request(ID="_passive-request", IssueInstant=at(NOW), IsPassive="true")
        return collected(journey, requests.receive_post(journey.simulator, posted).delivery)

    def nothing(self) -> etree._Element:
        """What is resolved with an artifact that nobody issued."""
        journey = self._journey("nothing")
        source = hashlib.sha1(BROKER.entity_id.encode()).digest()
        return resolved(journey, base64.b64encode(b"\0\4\0\0" + source + bytes(20)).decode())

    def _journey(self, name: str) -> Journey:
        simulator = compose(self.settings, clock, CountedIds(name))
        requester = Requester(
            entity_id="urn:etoegang:DV:00000099000000110000:entities:9055",
            signing=Pair.load(self.certs / PARTY.folder, "signing"),
            encryption=Pair.load(self.certs / PARTY.folder, "encryption"),
            consumer="http://127.0.0.1:8082/acs",
            services={9001: "urn:etoegang:DV:00000099000000110000:services:9001"},
        )
        register(simulator.store, requester.metadata(), NOW, simulator.service_certificates)
        return Journey(simulator, Stub.of(self.settings, simulator), requester)


def collected(journey: Journey, delivery: Delivery) -> etree._Element:
    """The ArtifactResponse for what was delivered."""
    return resolved(journey, parse_qs(urlsplit(delivery.location).query)["SAMLart"][0])


def resolved(journey: Journey, artifact: str) -> etree._Element:
    """The ArtifactResponse for an artifact; the end of the journey."""
    name = journey.simulator.ids.usual.name
    question = journey.requester.resolve(artifact, ID=f"_{name}-resolve", IssueInstant=at(NOW))
    answer = resolution.resolve(journey.simulator, enveloped(journey.requester.signed(question)), None)
    journey.simulator.store.close()
    return etree.fromstring(etree.tostring(etree.fromstring(answer.envelope).find("soap:Body", NS)[0]))
