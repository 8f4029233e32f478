"""pysaml2 inside the portal: it signs and verifies in this process and is a second judge of its own."""

import tempfile

import pytest
from lxml import etree
from saml2.sigver import SignatureError

from sp_demo.backend import InProcessBackend
from sp_demo.broker import read_broker
from sp_demo.client import PortalClient
from sp_demo.clock import system_clock
from sp_demo.keys import read_own_key
from sp_demo.refusal import Reason, Refused
from sp_demo.settings import read_settings
from tests.sp_demo.wire_messages import new_id, tag


@pytest.fixture
def client(settings_file):
    settings = read_settings(settings_file)
    portal = settings.portals[0]
    key = read_own_key(portal.signing_key_file, portal.signing_certificate_file)
    return PortalClient(settings, portal, read_broker(settings.broker_metadata_file), key, system_clock)


@pytest.fixture
def answer(visit):
    return visit.chain_answer(visit.begin())


def judge(client, answer):
    client.judge(etree.tostring(answer.response()), answer.request_id)


def test_it_accepts_a_chain_with_statements_in_advice(client, answer):
    judge(client, answer)


def test_it_accepts_a_cancellation(client, answer):
    judge(client, answer.but(status=("Responder", "AuthnFailed")))


def audience(response):
    response.find(f".//{tag('saml:Assertion')}/{tag('saml:Conditions')}/{tag('saml:AudienceRestriction')}")[
        0
    ].text = "x"


def recipient(response):
    path = "/".join(tag(f"saml:{step}") for step in ("Assertion", "Subject", "SubjectConfirmation"))
    response.find(path)[0].set("Recipient", "http://elsewhere.example/")


def destination(response):
    response.set("Destination", "http://elsewhere.example/")


def over(response):
    response.find(f"{tag('saml:Assertion')}/{tag('saml:Conditions')}").set("NotOnOrAfter", "2001-01-01T00:00:00Z")


def another_request(response):
    response.set("InResponseTo", "_other")


def another_issuer(response):
    response.find(f"{tag('saml:Assertion')}/{tag('saml:Issuer')}").text = "urn:other"


@pytest.mark.parametrize("change", [audience, recipient, destination, over, another_request, another_issuer])
def test_it_refuses_on_its_own(client, answer, change):
    with pytest.raises(Refused) as caught:
        judge(client, answer.but(edit=change))
    assert caught.value.reason is Reason.MALFORMED
    assert "pysaml2" in caught.value.detail


@pytest.mark.parametrize("level", ["response", "assertion"])
def test_it_refuses_what_is_not_signed(client, answer, level):
    with pytest.raises(Refused):
        judge(client, answer.but(unsigned=frozenset([level])))


def test_it_refuses_what_was_changed(client, answer):
    response = answer.response()
    response.find(f".//{tag('saml:NameID')}").text = "somebody else"
    with pytest.raises(Refused):
        client.judge(etree.tostring(response), answer.request_id)


def test_it_uses_no_temporary_files(client, answer, monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("a temporary file")

    monkeypatch.setattr(tempfile, "_get_candidate_names", refuse)
    judge(client, answer)
    client.login_request(new_id(), 9001, "KVK")


def test_it_runs_no_program(client, answer, monkeypatch):
    monkeypatch.setenv("PATH", "")
    judge(client, answer)
    client.login_request(new_id(), 9001, "KVK")


@pytest.fixture
def backend(settings_file):
    settings = read_settings(settings_file)
    portal = settings.portals[0]
    key = read_own_key(portal.signing_key_file, portal.signing_certificate_file)
    return InProcessBackend(key, read_broker(settings.broker_metadata_file), system_clock)


ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"


def test_the_backend_verifies_the_element_that_was_named(backend, answer):
    response = answer.response()
    document = etree.tostring(response)
    own = response.find(tag("saml:Assertion"))
    assert backend.validate_signature(document, node_name=ASSERTION, node_id=own.get("ID")) is True
    theirs = own.find(f"{tag('saml:Advice')}/{tag('saml:Assertion')}")
    with pytest.raises(SignatureError):
        backend.validate_signature(document, node_name=ASSERTION, node_id=theirs.get("ID"))
    with pytest.raises(SignatureError):
        backend.validate_signature(document, node_name=ASSERTION, node_id=response.get("ID"))


def test_the_backend_gives_its_version(backend):
    assert backend.version_nums >= (1, 3)
