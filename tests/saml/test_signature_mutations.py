"""Properties: whatever happens to a signed document, what is read from it is what was signed, or nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from broker.saml import document, signature
from broker.saml.faults import Fault

from . import receiver
from .donors import SUBJECT
from .keyring import NOW
from .witnesses import signxml_verifies
from .xml_strategies import documents

QUIET = settings(database=None, deadline=None)


def _accepted_or_refused(data: bytes, keys, genuine: bytes) -> None:
    """The oracle: whatever comes through is, byte for byte, what was signed."""
    try:
        trusted = signature.verify(document.read(data), [keys.verification], NOW)
    except Fault:
        return
    assert document.canonical(trusted, ("xs",)) == genuine


@pytest.mark.parametrize("flip", [0x01, 0x20])
def test_no_single_bit_of_a_signed_document_changes_what_is_read(flip, sender, small):
    genuine = document.canonical(signature.verify(document.read(small), [sender.verification], NOW), ("xs",))
    for place in range(len(small)):
        _accepted_or_refused(small[:place] + bytes([small[place] ^ flip]) + small[place + 1 :], sender, genuine)


@QUIET
@given(data=st.data())
def test_no_edit_of_a_signed_document_changes_what_is_read(data, sender, message):
    genuine = document.canonical(signature.verify(document.read(message), [sender.verification], NOW), ("xs",))
    start = data.draw(st.integers(0, len(message)))
    length = data.draw(st.integers(0, 40))
    copied_from = data.draw(st.integers(0, len(message)))
    insert = data.draw(
        st.one_of(
            st.binary(max_size=3),
            st.sampled_from([b"<!---->", b"<?x?>", b"<![CDATA[]]>", b"&#13;", b"&#x20;", b" xmlns=''", b"<x/>"]),
            st.just(message[copied_from : copied_from + length]),
        )
    )
    cut = data.draw(st.integers(0, 3))
    _accepted_or_refused(message[:start] + insert + message[start + cut :], sender, genuine)


@QUIET
@given(data=st.data())
def test_no_element_moved_or_copied_changes_what_is_read(data, sender, message):
    root = etree.fromstring(message)
    for _ in range(data.draw(st.integers(1, 3))):
        elements = list(root.iter(etree.Element))
        moved = data.draw(st.sampled_from(elements[1:]))
        target = data.draw(st.sampled_from(elements))
        if moved in list(target.iterancestors()) or moved is target:
            continue
        if data.draw(st.booleans()):
            moved = etree.fromstring(etree.tostring(moved, with_tail=False))
            if moved.get("ID") and data.draw(st.booleans()):
                moved.set("ID", "_evil")
        target.insert(data.draw(st.integers(0, len(target))), moved)
    try:
        read = receiver.subject(etree.tostring(root), [sender.verification])
    except Fault:
        return
    assert read == SUBJECT


PREFIXES = st.lists(st.sampled_from(["p", "q", "nope"]), max_size=2).map(tuple)


# Binds the prefixes that a part uses otherwise, or not at all.
OUTER = b'<q:o xmlns:q="urn:outer" xmlns:p="urn:p" xmlns="urn:d">text%stail</q:o>'


def signed_element(data: bytes, prefixes: tuple[str, ...], keys, *, inside: bool) -> etree._Element:
    """The root of any document, or the same as a part of another, signed and sent."""
    root = document.read(OUTER % data if inside else data)
    element = root[0] if inside else root
    element.set("ID", "_r")
    signature.sign(element, keys.signing, position=signature.FIRST, prefixes=prefixes)
    received = document.read(document.write(root))
    return received[0] if inside else received


@QUIET
@given(documents(), PREFIXES, st.booleans())
def test_whatever_is_signed_verifies_and_comes_back_as_it_was(sender, data, prefixes, inside):
    element = signed_element(data, prefixes, sender, inside=inside)
    trusted = signature.verify(element, [sender.verification], NOW, position=signature.FIRST)
    del trusted.attrib["ID"]
    original = document.read(OUTER % data)[0] if inside else document.read(data)
    assert document.canonical(trusted) == document.canonical(original)


@settings(QUIET, max_examples=30)
@given(documents(), PREFIXES)
def test_whatever_is_signed_is_verified_by_signxml_too(sender, data, prefixes):
    signxml_verifies(signed_element(data, prefixes, sender, inside=False), sender, Path())
