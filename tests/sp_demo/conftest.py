import secrets

import pytest

from sp_demo.app import create_app
from tests.sp_demo import wire_broker
from tests.sp_demo.visit import BASE_URL, OINS, Visit
from tests.sp_demo.wire_pki import make_key_pair


@pytest.fixture(scope="session")
def pki():
    names = ["broker", "broker_next", "stranger", "authentication_service", "intermediary_register", "client_register"]
    names += [f"{portal}-{use}" for portal in OINS for use in ("signing", "encryption")]
    return {name: make_key_pair(name) for name in names}


@pytest.fixture
def broker():
    with wire_broker.running() as running:
        yield running


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
