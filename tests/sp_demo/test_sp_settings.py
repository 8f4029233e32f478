"""Settings that cannot be: the application does not start and says where the fault is, in one line."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from sp_demo.app import create_app
from sp_demo.settings import ConfigError, read_settings
from tests.sp_demo import wire_broker
from tests.sp_demo.visit import Visit, heading
from tests.sp_demo.wire_messages import Signer
from tests.sp_demo.wire_pki import make_key_pair


def why(settings_file):
    with pytest.raises(ConfigError) as caught:
        create_app(settings_file)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("pattern", "replacement", "expected"),
    [
        (r'base_url = ".*"', "", "base_url: Field required"),
        (r'base_url = ".*"', 'base_url = "http://127.0.0.1:8082/sp"', "without a path"),
        (r'base_url = ".*"', 'base_url = "127.0.0.1"', "base_url"),
        (r"base_url", "colour = 1\nbase_url", "colour: Extra inputs"),
        (r'level = "EH3"', 'level = "EH5"', "portals.0.services.0.level: Value error, expected one of EH2, EH2+"),
        (r"index = 9002", "index = 9001", "portals.0: Value error, portal kvk: two services have the same index"),
        (r'key = "gemeente"', 'key = "kvk"', "two portals have the same key"),
        (r'key = "kvk"', 'key = "../kvk"', "portals.0.key: String should match pattern"),
        (r"base_url", "base_url = = ", "at line 2"),
        (r"kvk-signing.key", "kvk-encryption.key", "kvk-signing.pem: does not belong to the key"),
        (r"kvk-signing.key", "absent.key", "absent.key"),
        (r"kvk-signing.pem", "absent.pem", "absent.pem"),
        (r"kvk-signing.key", "kvk-signing.pem", "kvk-signing.pem"),
        (r"sp.secret", "absent.secret", "absent.secret"),
        (r"broker.xml", "absent.xml", "absent.xml"),
        (r"sp.sqlite", "absent/sp.sqlite", "sp.sqlite"),
        (
            r'key = "kvk"',
            'key = "kvk"\ntls_key_file = "kvk-signing.key"',
            "portal kvk: tls_key_file and tls_certificate",
        ),
        (
            r'key = "kvk"',
            'key = "kvk"\ntls_key_file = "kvk-signing.key"\ntls_certificate_file = "gemeente-signing.pem"',
            "gemeente-signing.pem, ",
        ),
    ],
)
def test_one_line_says_what_is_wrong(settings_file, pattern, replacement, expected):
    settings_file.write_text(re.sub(pattern, replacement.replace("\\", ""), settings_file.read_text(), count=1))
    assert expected in why(settings_file)


def test_a_short_secret(settings_file):
    (settings_file.parent / "sp.secret").write_bytes(b"short")
    assert "holds 5 bytes, expected at least 32" in why(settings_file)


def test_no_settings_file(tmp_path):
    assert "absent.toml" in why(tmp_path / "absent.toml")


def test_a_weak_key(settings_file):
    pair = make_key_pair("weak", bits=1024)
    (settings_file.parent / "kvk-signing.key").write_bytes(pair.key_pem)
    (settings_file.parent / "kvk-signing.pem").write_bytes(pair.certificate_pem)
    assert "expected an RSA key of at least 2048 bits" in why(settings_file)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda _document: "", "cannot be read as SAML metadata"),
        (lambda _document: "<x/>", "identity providers, expected the broker alone"),
        (lambda document: document[:-9], "cannot be read as SAML metadata"),
        (lambda document: document.replace("IDPSSODescriptor", "SPSSODescriptor"), "holds 0 identity providers"),
        (
            lambda document: document.replace("HTTP-POST", "HTTP-Redirect"),
            "no service for binding urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        ),
        (
            lambda document: document.replace("bindings:SOAP", "bindings:PAOS"),
            "no service for binding urn:oasis:names:tc:SAML:2.0:bindings:SOAP",
        ),
        (lambda document: document.replace('use="signing"', 'use="encryption"'), "no key for signing"),
        (lambda document: re.sub("(Certificate>)[^<]+", r"\1AAAA", document), "a signing certificate of"),
        (
            lambda document: (
                document.replace("</md:EntitiesDescriptor>", "")
                + re.search("<md:EntityDescriptor.*</md:EntityDescriptor>", document)[0].replace(
                    "entities:9001", "entities:9"
                )
                + "</md:EntitiesDescriptor>"
            ),
            "holds 2 identity providers",
        ),
    ],
)
def test_metadata_of_the_broker_that_cannot_be_used(settings_file, change, expected):
    path = settings_file.parent / "broker.xml"
    path.write_text(change(path.read_text()))
    message = why(settings_file)
    assert message.startswith(str(path))
    assert expected in message


def test_a_weak_key_of_the_broker(settings_file, broker):
    weak = make_key_pair("weak", bits=1024)
    (settings_file.parent / "broker.xml").write_text(wire_broker.broker_metadata(broker, [weak]))
    assert "at least 2048 bits" in why(settings_file)


def test_file_names_are_relative_to_the_settings_file(settings_file):
    settings = read_settings(settings_file)
    assert settings.state_file == settings_file.parent / "sp.sqlite"


def test_a_certificate_of_the_broker_that_is_over_does_not_count(visit, settings_file, broker):
    now = datetime.now(UTC)
    over = make_key_pair("over", not_before=now - timedelta(days=2), not_after=now - timedelta(days=1))
    (settings_file.parent / "broker.xml").write_text(wire_broker.broker_metadata(broker, [over]))
    late = Visit(create_app(settings_file).test_client(), broker, visit.pki)
    sent = late.begin()
    page = late.finish(sent, late.answer(sent).but(signer=Signer(over)))
    assert heading(page) == "Wij konden u niet inloggen"
    assert "SP-06" in page.text
