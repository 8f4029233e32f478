import secrets
from dataclasses import dataclass

import pytest
import wire_broker
import wire_evidence
from flask.testing import FlaskClient
from lxml import html
from wire_broker import WireBroker
from wire_messages import Answer, ServiceProvider, Signer, envelope
from wire_pki import make_key_pair

from sp_demo.app import create_app

BASE_URL = "http://127.0.0.1:8082"
OINS = {"kvk": "00000099000000120000", "gemeente": "00000099000000140000"}


@pytest.fixture(scope="session")
def pki():
    names = ["broker", "broker_next", "stranger", "authentication_service", "intermediary_register", "client_register"]
    names += [f"{portal}-{use}" for portal in OINS for use in ("signing", "encryption")]
    return {name: make_key_pair(name) for name in names}


@pytest.fixture
def broker():
    with wire_broker.running() as running:
        yield running


@dataclass
class Visit:
    """One browser at the portals, the broker on the wire, and the keys of everybody."""

    browser: FlaskClient
    broker: WireBroker
    pki: dict

    def get(self, path, **arguments):
        return self.browser.get(path, base_url=BASE_URL, **arguments)

    def post(self, path, **arguments):
        return self.browser.post(path, base_url=BASE_URL, **arguments)

    def another_browser(self):
        return Visit(self.browser.application.test_client(), self.broker, self.pki)

    def begin(self, portal="kvk", service=9001):
        page = self.post(f"/login/{portal}", data={"service": service})
        assert page.status_code == 200
        return wire_broker.sent_form(page.text)

    def answer(self, sent, portal="kvk", service=9001):
        """A valid answer to what was sent, without a chain."""
        provider = ServiceProvider(
            entity_id=f"urn:etoegang:DV:{OINS[portal]}:entities:9001",
            acs_url=f"{BASE_URL}/acs/{portal}",
            encryption=self.pki[f"{portal}-encryption"],
            service_id=f"urn:etoegang:DV:{OINS[portal]}:services:{service}",
        )
        return Answer(provider, sent.request.get("ID"), Signer(self.pki["broker"]))

    def chain_answer(self, sent, **arguments):
        """A valid answer with an intermediary and the three statements in Advice."""
        answer = self.answer(sent, **arguments)
        parties = ("authentication_service", "intermediary_register", "client_register")
        evidence = wire_evidence.chain(answer.now, answer.provider, [self.pki[party] for party in parties])
        return answer.but(intermediary=("90001354", "Voorbeeld Accountants"), evidence=evidence)

    def hand_out(self, answer):
        return self.broker.artifact(lambda resolve_id: envelope(answer.artifact_response(resolve_id)))

    def come_back(self, sent, artifact, portal="kvk"):
        """Follow the redirect with the artifact to the page where it ends."""
        step = self.get(f"/acs/{portal}", query_string={"SAMLart": artifact, "RelayState": sent.relay_state})
        assert step.status_code == 303
        return self.get(step.location)

    def finish(self, sent, answer, portal="kvk"):
        return self.come_back(sent, self.hand_out(answer), portal)


@pytest.fixture
def settings_file(tmp_path, pki, broker):
    (tmp_path / "broker.xml").write_text(wire_broker.broker_metadata(broker, [pki["broker_next"], pki["broker"]]))
    (tmp_path / "sp.secret").write_bytes(secrets.token_bytes(32))
    portals = []
    for portal, oin in OINS.items():
        for use in ("signing", "encryption"):
            pair = pki[f"{portal}-{use}"]
            (tmp_path / f"{portal}-{use}.key").write_bytes(pair.key_pem)
            (tmp_path / f"{portal}-{use}.pem").write_bytes(pair.certificate_pem)
        portals.append(PORTAL.format(portal=portal, oin=oin))
    path = tmp_path / "sp.toml"
    path.write_text(SETTINGS.format(base_url=BASE_URL) + "".join(portals))
    return path


@pytest.fixture
def app(settings_file):
    return create_app(settings_file)


@pytest.fixture
def visit(app, broker, pki):
    return Visit(app.test_client(), broker, pki)


def heading(page):
    return html.fromstring(page.text).find(".//h1").text_content()


SETTINGS = """
base_url = "{base_url}"
secret_key_file = "sp.secret"
state_file = "sp.sqlite"
broker_metadata_file = "broker.xml"
"""

PORTAL = """
[[portals]]
key = "{portal}"
entity_id = "urn:etoegang:DV:{oin}:entities:9001"
name = {{ nl = "Portaal {portal}", en = "Portal {portal}" }}
signing_key_file = "{portal}-signing.key"
signing_certificate_file = "{portal}-signing.pem"
encryption_key_file = "{portal}-encryption.key"
encryption_certificate_file = "{portal}-encryption.pem"

[[portals.services]]
index = 9001
service_id = "urn:etoegang:DV:{oin}:services:9001"
name = {{ nl = "Jaarrekening deponeren", en = "File annual accounts" }}
level = "EH3"

[[portals.services]]
index = 9002
service_id = "urn:etoegang:DV:{oin}:services:9002"
name = {{ nl = "Handelsregister wijzigen", en = "Change the register" }}
level = "EH2+"
"""
