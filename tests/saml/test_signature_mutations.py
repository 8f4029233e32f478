"""Properties: whatever happens to a signed document, what is read from it is what was signed, or nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from broker.saml import document, signature
from broker.saml.faults import Fault

from . import receiver
from .donors import SUBJECT
from .keyring import NOW

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
