"""Secrets of a login are nowhere but where they must be: not in the log, not in temporary files, not in the store."""

import io
import logging
import tempfile
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from lxml import etree

from broker import log
from broker.simulator.audit.sealing import unseal
from broker.store.audit import messages
from tests.flow.answers import started
from tests.flow.steps import choose, prove
from tests.interop.driver import Browser
from tests.requester import NS, form

RELAY_STATE = "canary-relay-state-5f1c"
PERSON, CLIENT = "Fleur Voorbeeld", "Glasblazerij Zeepbel"


@pytest.fixture(scope="module")
def login(network, make_requester, tmp_path_factory):
    """What was logged at DEBUG, left in the temporary folder, and to be found nowhere, after one login."""
    written, temporary = io.StringIO(), tmp_path_factory.mktemp("temporary")
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    known = structlog.get_config()
    # As `broker.log` configures it, but at DEBUG and with nothing cached: other tests have a log of their own.
    log.configure("json", written)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG), cache_logger_on_first_use=False
    )
    try:
        secrets = _travel(network, make_requester(network))
    finally:
        structlog.configure(**known)
        tempfile.tempdir = before
    return written.getvalue(), temporary, secrets


def _travel(network, requester):
    with Browser() as browser:
        message = requester.signed(requester.request(network.simulator.addresses.sso))
        page = started(browser, requester, network.simulator.addresses.sso, form("SAMLRequest", message, RELAY_STATE))
        answer = prove(browser, browser.submit(page.form()), PERSON, "EH3")
        page = browser.submit(answer.form())
        token = page.document.xpath("//input[@name='csrf_token']/@value")
        arrived = choose(browser, page, CLIENT)
        cookies = [cookie.value for cookie in browser.cookies]
    artifact = parse_qs(urlsplit(arrived.url).query)["SAMLart"][0]
    store, name = network.simulator.store, page.url.partition("/login/")[2].partition("?")[0]
    bodies = [
        unseal(network.simulator.archive_key, one.sealed).octets
        for one in store.read(lambda tx: messages.of_login(tx, name))
    ]
    subject = etree.fromstring(bodies[2]).findtext(".//saml:NameID", namespaces=NS)
    pems = [text for path in network.settings.paths.certs.glob("**/*.key") if (text := _pem(path))]
    # A line from the middle: the first ones of an RSA key hold the modulus, and that is in metadata too.
    keys = [lines[len(lines) // 2] for lines in (text.splitlines()[1:-1] for text in pems)]
    return {
        "private keys": keys,
        "cookies": cookies,
        "tokens of forms": token,
        "artifact": [artifact],
        "RelayState": [RELAY_STATE],
        "messages": [body[60:140].decode() for body in bodies],
        "NameID": [subject],
        "KvK numbers": ["68727720", "68750110"],
        "name of the person": [PERSON],
    }


def _pem(path):
    """A key in PEM; nothing for a secret that is another kind of file."""
    octets = path.read_bytes()
    return octets.decode() if octets.startswith(b"-----BEGIN") else ""


def test_B23_no_secret_of_a_login_is_logged_at_any_level(login):
    written, _, secrets = login
    assert "login.granted" in written
    assert all(secrets.values())
    found = {kind for kind, values in secrets.items() for value in values if value and value in written}
    assert found == set()


def test_B22_a_login_leaves_no_temporary_file(login):
    _, temporary, _ = login
    assert list(temporary.rglob("*")) == []


def test_B22_keys_artifacts_and_tokens_are_not_in_the_store(network, login):
    """What messages said is sealed; what the store must know of an artifact is a digest."""
    _, _, secrets = login
    stored = b"".join(path.read_bytes() for path in network.settings.paths.state.glob("ketenbroker.sqlite*"))
    assert b"login.granted" in stored
    for kind in ("private keys", "artifact", "tokens of forms"):
        assert [value for value in secrets[kind] if value.encode() in stored] == [], kind
