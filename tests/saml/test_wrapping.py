"""SIG-01 to SIG-11, SIG-13 and SIG-30: the signature is genuine, what it covers is not what stands in its place."""

from collections import Counter

import pytest
import xmlsec
from lxml import etree

from broker.saml import document, names, reading, signature
from broker.saml.faults import ContentReason, DocumentReason, Fault, Reason, SignatureReason

from . import donors, receiver
from .donors import DS, FORGED, SAML, SIGNATURE, SUBJECT
from .keyring import NOW
from .wrapping import Holder, Layout, layouts, naive_subject, second_signed_info, wrap


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


@pytest.fixture
def refused_response(sender, signed_response):
    """refused_response(place, reason): the genuine Response there, and its Signature on the forged one."""

    def refuse(place: str, reason: SignatureReason) -> None:
        data = wrap(signed_response, Layout("Response", place, "forged"))
        assert refusal(receiver.subject_of_signed_response, data, sender) is reason

    return refuse


@pytest.fixture
def refused_assertion(sender, signed_assertion):
    """refused_assertion(place, holder, reason): the genuine Assertion there, and the Signature with `holder`."""

    def refuse(place: str, holder: Holder, reason: Reason, **options: bool) -> None:
        data = wrap(signed_assertion, Layout("Assertion", place, holder, **options))
        assert refusal(receiver.subject_of_signed_assertion, data, sender) is reason

    return refuse


def test_SIG_01_response_inside_the_signature(refused_response):
    refused_response("in_signature", SignatureReason.STRUCTURE)


def test_SIG_02_response_before_the_signature(refused_response):
    refused_response("before_signature", SignatureReason.POSITION)


def test_SIG_02_response_behind_everything(refused_response):
    refused_response("child_last", SignatureReason.REFERENCE)


def test_SIG_03_forged_assertion_in_front(refused_assertion):
    refused_assertion("forged_before", "original", ContentReason.REPEATED)


def test_SIG_04_forged_assertion_around(refused_assertion):
    refused_assertion("forged_around_last", "original", SignatureReason.MISSING)


def test_SIG_05_forged_assertion_with_the_signature(refused_assertion):
    refused_assertion("forged_before", "forged", ContentReason.REPEATED)


def test_SIG_06_assertion_inside_the_signature(refused_assertion):
    refused_assertion("in_signature", "forged", SignatureReason.STRUCTURE)


def test_SIG_07_forged_assertion_in_extensions_under_the_same_id(refused_assertion):
    refused_assertion("forged_in_extensions", "original", DocumentReason.DUPLICATE_ID, same_id=True)


def test_SIG_08_genuine_content_inside_an_object(refused_response, refused_assertion):
    refused_response("in_object", SignatureReason.STRUCTURE)
    refused_assertion("in_object", "forged", SignatureReason.STRUCTURE)


def test_SIG_10_forged_assertion_behind(refused_assertion):
    refused_assertion("forged_after", "original", ContentReason.REPEATED)


@pytest.mark.parametrize("place", ["in_status_detail", "in_advice"])
def test_SIG_11_assertion_hidden_elsewhere(place, refused_assertion):
    refused_assertion(place, "original", SignatureReason.MISSING)
    refused_assertion(place, "forged", SignatureReason.REFERENCE)


def test_SIG_05_the_signature_on_the_forgery_points_elsewhere(sender, signed_assertion):
    """The count of Assertions is one guard; the Reference is another."""
    root = document.read(wrap(signed_assertion, Layout("Assertion", "forged_before", "forged")))
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
