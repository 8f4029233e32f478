"""What we write ourselves: any text becomes that text, or no message at all; and ids that nobody guesses (OUT)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from lxml import etree

from broker.core.ids import RandomIds
from broker.core.text import Text
from broker.saml import (
    attributes,
    authn_request,
    build,
    document,
    encryption,
    localized,
    logout,
    names,
    response,
    signature,
)
from broker.saml.authn_request import AuthnRequest
from broker.saml.logout import LogoutRequest
from broker.saml.response import Response, authn_failed

from .keyring import ENTITY_ID, NOW, Keys

ODD = st.sampled_from("<>&'\"\r\n\t]-\x7f\x85\u2028\u200b\u202e\ufeff\U0001f600")
IMPOSSIBLE = st.sampled_from("\0\x07\x0b\x1b\ufffe\uffff")
OTHERS = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff")
TEXTS = st.one_of(st.text(st.one_of(ODD, OTHERS), max_size=20), st.text(st.one_of(ODD, IMPOSSIBLE), max_size=5))
# XML 1.0, 2.2: the characters that a document may hold, in whatever way they are written.
ALLOWED = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


@dataclass(frozen=True)
class Field:
    """A place in a message for text: how it is written, and read again."""

    write: Callable[[str], etree._Element]
    read: Callable[[etree._Element], str | None]


def _response(message: str = "", destination: str | None = None) -> etree._Element:
    return response.write(Response("_a", "2.0", NOW, ENTITY_ID, "_q", destination, authn_failed(message)))


def _request(provider_name: str) -> etree._Element:
    asked = {"intended_audience": ENTITY_ID, "service_uuid": "x", "consumer_index": 0, "levels": ("urn:x",)}
    return authn_request.write(AuthnRequest("_a", "2.0", NOW, ENTITY_ID, provider_name=provider_name, **asked))


def _logout(name_id: str) -> etree._Element:
    return logout.write_request(LogoutRequest("_a", "2.0", NOW, ENTITY_ID, name_id))


def _name(text: str) -> etree._Element:
    root = build.element(names.MD, "Organization", {"ID": "_a"})
    localized.write(root, names.MD, "OrganizationName", Text(text, text))
    return root


SIGNED = {
    "status message": Field(_response, lambda root: response.read(root).status.message),
    "address": Field(lambda text: _response(destination=text), lambda root: response.read(root).destination),
    "provider name": Field(_request, lambda root: authn_request.read_of_broker(root).provider_name),
    "name id": Field(_logout, lambda root: logout.read_request(root).name_id),
}
PLAIN = {
    "attribute": Field(lambda text: attributes.plain("urn:x", text), lambda root: root[0].text or ""),
    "name of an attribute": Field(lambda text: attributes.plain(text, "x"), lambda root: root.get("Name")),
    "name in metadata": Field(_name, lambda root: root[0].text or ""),
}
QUIET = settings(database=None, deadline=None, max_examples=60)


def over_the_wire(made: etree._Element) -> etree._Element:
    return document.read(document.write(made))


def written(field: Field, text: str) -> etree._Element | None:
    """The element, or None when the text cannot stand in XML and nothing was made of it."""
    try:
        made = field.write(text)
    except ValueError:
        event("refused")
        assert not ALLOWED.fullmatch(text)
        return None
    assert ALLOWED.fullmatch(text)
    return made


@pytest.mark.parametrize("field", SIGNED)
@given(text=TEXTS)
@QUIET
def test_OUT_01_what_stands_in_a_signed_message_is_what_was_meant(sender: Keys, field: str, text: str) -> None:
    made = written(SIGNED[field], text)
    if made is not None:
        signature.sign(made, sender.signing)
        assert SIGNED[field].read(signature.verify(over_the_wire(made), [sender.verification], NOW)) == text


@pytest.mark.parametrize("field", PLAIN)
@given(text=TEXTS)
@QUIET
def test_OUT_01_what_stands_in_a_part_of_one_too(field: str, text: str) -> None:
    made = written(PLAIN[field], text)
    if made is not None:
        assert PLAIN[field].read(over_the_wire(made)) == text


@given(text=TEXTS)
@QUIET
def test_OUT_01_what_is_encrypted_is_what_was_meant(sender: Keys, text: str) -> None:
    made = written(Field(lambda value: attributes.named_attribute("urn:x", value), lambda root: root[0].text), text)
    if made is not None:
        sealed = encryption.encrypt(made, sender.recipient, "_1", "EncryptedAttribute")
        opened = encryption.decrypt(over_the_wire(sealed), sender.decryption, ENTITY_ID)
        assert (opened[0].text or "") == text


def test_OUT_02_ids_have_128_bits_or_more_and_never_come_back() -> None:
    ids = RandomIds()
    messages, transients = [ids.message_id() for _ in range(2000)], [ids.transient() for _ in range(2000)]
    handles, tokens = [ids.handle() for _ in range(2000)], [ids.token() for _ in range(2000)]
    for made in (messages, transients, handles, tokens):
        assert len(set(made)) == 2000
    assert all(re.fullmatch(r"_[0-9a-f]{32}", item) for item in messages)
    assert all(re.fullmatch(r"[0-9A-F]{64}", item) for item in transients)
    assert {len(item) for item in handles} == {20}
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", item) for item in tokens)
    # Each of the 128 bits is 1 in half of them: a counter or a clock in it would show.
    for bit in range(128):
        assert 800 < sum(int(item[1:], 16) >> bit & 1 for item in messages) < 1200
