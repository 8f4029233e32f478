"""SIG-01 to SIG-11, SIG-13 and SIG-30: the signature is genuine, what it covers is not what stands in its place."""

from collections import Counter

import pytest
import xmlsec
from lxml import etree

from broker.saml import document, names, reading, signature
from broker.saml.faults import ContentReason, DocumentReason, Fault, SignatureReason

from . import donors, receiver
from .donors import DS, FORGED, SAML, SIGNATURE, SUBJECT
from .keyring import NOW
from .wrapping import Layout, layouts, naive_subject, second_signed_info, wrap


@pytest.fixture(scope="session")
def signed_response(sender) -> bytes:
    return donors.response(lambda element: donors.with_ours(element, sender), assertion_signed=False)


@pytest.fixture(scope="session")
def signed_assertion(sender) -> bytes:
    return donors.response(lambda element: donors.with_ours(element, sender), response_signed=False)


def refusal(read, data, sender):
    with pytest.raises(Fault) as caught:
        read(data, [sender.verification])
    return caught.value.reason


def outcome(read, data, keys):
    """Any exception but a `Fault` is a crash, and fails the test."""
    try:
        return read(data, keys)
    except Fault:
        return "refused"


def test_the_donors_are_genuine(sender, signed_response, signed_assertion, message):
    keys = [sender.verification]
    assert receiver.subject_of_signed_response(signed_response, keys) == SUBJECT
    assert receiver.subject_of_signed_assertion(signed_assertion, keys) == SUBJECT
    assert receiver.subject(message, keys) == SUBJECT


RESPONSE_ROWS = {
    "SIG_01": (Layout("Response", "in_signature", "forged"), SignatureReason.STRUCTURE),
    "SIG_02": (Layout("Response", "before_signature", "forged"), SignatureReason.POSITION),
    "SIG_02_after": (Layout("Response", "child_last", "forged"), SignatureReason.REFERENCE),
    "SIG_08_response": (Layout("Response", "in_object", "forged"), SignatureReason.STRUCTURE),
}
ASSERTION_ROWS = {
    "SIG_03": (Layout("Assertion", "forged_before", "original"), ContentReason.REPEATED),
    "SIG_04": (Layout("Assertion", "forged_around_last", "original"), SignatureReason.MISSING),
    "SIG_05": (Layout("Assertion", "forged_before", "forged"), ContentReason.REPEATED),
    "SIG_06": (Layout("Assertion", "in_signature", "forged"), SignatureReason.STRUCTURE),
    "SIG_07": (Layout("Assertion", "forged_in_extensions", "original", same_id=True), DocumentReason.DUPLICATE_ID),
    "SIG_08": (Layout("Assertion", "in_object", "forged"), SignatureReason.STRUCTURE),
    "SIG_10": (Layout("Assertion", "forged_after", "original"), ContentReason.REPEATED),
    "SIG_11_status": (Layout("Assertion", "in_status_detail", "original"), SignatureReason.MISSING),
    "SIG_11_status_signed": (Layout("Assertion", "in_status_detail", "forged"), SignatureReason.REFERENCE),
    "SIG_11_advice": (Layout("Assertion", "in_advice", "original"), SignatureReason.MISSING),
    "SIG_11_advice_signed": (Layout("Assertion", "in_advice", "forged"), SignatureReason.REFERENCE),
}


@pytest.mark.parametrize("row", RESPONSE_ROWS)
def test_SIG_01_SIG_02_SIG_08_response_wrapped(row, sender, signed_response):
    layout, reason = RESPONSE_ROWS[row]
    assert refusal(receiver.subject_of_signed_response, wrap(signed_response, layout), sender) is reason


@pytest.mark.parametrize("row", ASSERTION_ROWS)
def test_SIG_03_to_SIG_11_assertion_wrapped(row, sender, signed_assertion):
    layout, reason = ASSERTION_ROWS[row]
    assert refusal(receiver.subject_of_signed_assertion, wrap(signed_assertion, layout), sender) is reason


def test_SIG_05_the_signature_on_the_forgery_points_elsewhere(sender, signed_assertion):
    """The count of Assertions is one guard; the Reference is another."""
    root = document.read(wrap(signed_assertion, ASSERTION_ROWS["SIG_05"][0]))
    forged = root.findall(f"{SAML}Assertion")[0]
    assert donors.subject_of(forged) == FORGED
    with pytest.raises(Fault) as caught:
        signature.verify(forged, [sender.verification], NOW)
    assert caught.value.reason is SignatureReason.REFERENCE


def test_SIG_07_forgery_in_extensions_with_its_own_id_is_not_read(sender, signed_assertion):
    data = wrap(signed_assertion, Layout("Assertion", "forged_in_extensions", "original"))
    assert naive_subject(data) == FORGED
    assert receiver.subject_of_signed_assertion(data, [sender.verification]) == SUBJECT


@pytest.mark.parametrize("first", [True, False])
def test_SIG_09_two_signed_infos(first, sender, signed_assertion):
    forged = document.read(signed_assertion.replace(SUBJECT.encode(), FORGED.encode()))
    own = donors.assertion_of(forged)
    own.remove(own.find(SIGNATURE))
    donors.with_ours(own, sender)
    data = second_signed_info(signed_assertion, own.find(f"{SIGNATURE}/{DS}SignedInfo"), first=first)
    assert refusal(receiver.subject_of_signed_assertion, data, sender) is SignatureReason.STRUCTURE


def test_SIG_12_no_signature(sender):
    data = etree.tostring(donors.unsigned())
    assert refusal(receiver.subject, data, sender) is SignatureReason.MISSING
    assert refusal(receiver.subject_of_signed_assertion, data, sender) is SignatureReason.MISSING


def test_SIG_13_EH_01_only_one_of_both_signed(sender, signed_response, signed_assertion):
    assert refusal(receiver.subject, signed_response, sender) is SignatureReason.MISSING
    assert refusal(receiver.subject, signed_assertion, sender) is SignatureReason.MISSING


def test_SIG_30_signature_of_another_document_as_donor(sender, signed_response):
    """Signed metadata lends its Signature: first as it is, then with the victim's ID made to fit."""
    metadata = etree.fromstring('<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_metadata"/>')
    signature.sign(metadata, sender.signing, position=signature.FIRST)
    root = donors.unsigned()
    root.insert(1, metadata[0])
    assert refusal(receiver.subject_of_signed_response, etree.tostring(root), sender) is SignatureReason.REFERENCE
    root.set("ID", "_metadata")
    assert refusal(receiver.subject_of_signed_response, etree.tostring(root), sender) is SignatureReason.INVALID


@pytest.mark.parametrize("layout", tuple(layouts()), ids=str)
def test_SIG_01_to_SIG_11_no_layout_gets_a_forgery_read(layout, sender, signed_response, signed_assertion, message):
    keys = [sender.verification]
    single = (
        (signed_response, receiver.subject_of_signed_response)
        if layout.target == "Response"
        else (signed_assertion, receiver.subject_of_signed_assertion)
    )
    for donor, read in (single, (message, receiver.subject)):
        assert outcome(read, wrap(donor, layout), keys) in (SUBJECT, "refused")


def test_the_generator_makes_attacks_that_work_on_a_naive_receiver(sender, signed_response, signed_assertion):
    """Otherwise the test above proves nothing: any valid signature, then the first NameID."""
    fooled = Counter()
    for layout in layouts():
        data = wrap(signed_response if layout.target == "Response" else signed_assertion, layout)
        if naive_subject(data) == FORGED and _any_signature_is_valid(data, sender):
            fooled[layout.target] += 1
    assert fooled["Response"] >= 5
    assert fooled["Assertion"] >= 10


def _any_signature_is_valid(data: bytes, sender) -> bool:
    root = etree.fromstring(data)
    context = xmlsec.SignatureContext()
    try:
        for item in root.iter(etree.Element):
            if item.get("ID"):
                context.register_id(item, "ID")
    except xmlsec.Error:
        return False
    return any(_is_valid(item, sender) for item in root.iter(SIGNATURE))


def _is_valid(found, sender) -> bool:
    context = xmlsec.SignatureContext()
    context.key = sender.verification.key
    try:
        context.verify(found)
    except xmlsec.Error:
        return False
    return True


def test_SIG_11_SIG_22_reading_is_by_full_name_at_a_fixed_place(sender, message):
    """An Assertion of another namespace, or what stands deeper down, is not found at all."""
    root = document.read(message)
    for namespace, name in (("urn:oasis:names:tc:SAML:1.0:assertion", "Assertion"), (names.SAML, "NameID")):
        with pytest.raises(Fault) as caught:
            reading.one(root, namespace, name)
        assert caught.value.reason is ContentReason.MISSING
