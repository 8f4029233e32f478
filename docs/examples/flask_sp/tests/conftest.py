"""The service provider on a free port, registered at the broker of the plugin."""

import secrets
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import flask_sp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from werkzeug.serving import make_server

OIN = "00000099000000140000"  # in the plugin's service catalogue
ENTITY_ID = f"urn:etoegang:DV:{OIN}:entities:9100"
SERVICE_ID = f"urn:etoegang:DV:{OIN}:services:9001"


@pytest.fixture(scope="session")
def eherkenning_settings():
    """Answers in plain attributes; and requests may come from a clock that is fifteen minutes ahead."""
    return {"service_providers": {ENTITY_ID: {"dialect": "flat"}}, "messages": {"clock_skew_seconds": 900}}


@pytest.fixture(scope="session")
def site(eherkenning_network) -> Iterator[str]:
    """The address of the running application."""
    with urllib.request.urlopen(eherkenning_network.metadata_url) as answer:
        broker_metadata = answer.read().decode()
    key, certificate = make_pair()
    server = make_server("127.0.0.1", 0, None, threaded=True)  # first the port, which is in our metadata
    url = f"http://127.0.0.1:{server.server_port}"
    party = flask_sp.Party(url, ENTITY_ID, SERVICE_ID, key, certificate)
    server.app = flask_sp.create_app(party, broker_metadata, secrets.token_hex())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    eherkenning_network.register(f"{url}/metadata")
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


def make_pair() -> tuple[str, str]:
    """A private key and a certificate with our OIN, for a day."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = [x509.NameAttribute(NameOID.COMMON_NAME, "flask_sp"), x509.NameAttribute(NameOID.SERIAL_NUMBER, OIN)]
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(issuer_name=x509.Name(name), subject_name=x509.Name(name))
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    signed = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    certificate = signed.sign(key, hashes.SHA256())
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return written.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()
