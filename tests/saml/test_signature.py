"""Signatures that must verify, here and elsewhere, and the rule that only signed bytes are read."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from lxml import etree

from broker.saml import build, document, names, reading, signature
from broker.saml.faults import ContentReason, Fault, SignatureReason

from . import donors, receiver
from .donors import DS, SAML, SAMLP, SIGNATURE, SUBJECT, Recipe, signed
from .keyring import NOW
from .receiver import refusal
from .witnesses import WITNESSES


@pytest.fixture(scope="session", params=["ours", "signxml", *(["xmlsec1"] if donors.XMLSEC1 else [])])
def signer(request, tmp_path_factory, sender):
    """Somebody who signs as the sender."""
    if request.param == "ours":
        return partial(donors.with_ours, keys=sender)
    if request.param == "signxml":
        return partial(donors.with_signxml, keys=sender)
    return partial(donors.with_xmlsec1, keys=sender, folder=tmp_path_factory.mktemp("xmlsec1"))


def test_whoever_signs_as_the_scheme_wants_is_verified(signer, sender):
    assert receiver.subject(donors.response(signer), [sender.verification]) == SUBJECT


@pytest.mark.parametrize("witness", WITNESSES)
@pytest.mark.parametrize("with_certificate", [True, False])
def test_others_verify_what_we_sign(witness, with_certificate, sender, tmp_path):
    root = donors.unsigned()
    inner = donors.assertion_of(root)
    signature.sign(inner, sender.signing, prefixes=("xs",), with_certificate=with_certificate)
    signature.sign(root, sender.signing, with_certificate=with_certificate)
    received = document.read(document.write(root))
    witness(received, sender, tmp_path)
    witness(donors.assertion_of(received), sender, tmp_path)


@pytest.mark.parametrize("witness", WITNESSES)
def test_the_witnesses_can_say_no(witness, sender, stranger, message, tmp_path):
    with pytest.raises(Exception):  # noqa: B017  each has its own
        witness(document.read(message), stranger, tmp_path)
    with pytest.raises(Exception):  # noqa: B017
        witness(document.read(message.replace(b"status:Success", b"status:success")), sender, tmp_path)


def test_sign_gives_the_value_it_wrote_without_line_breaks(sender):
    root = donors.unsigned()
    value = signature.sign(root, sender.signing)
    assert value == document.read(document.write(root)).findtext(f"{SIGNATURE}/{DS}SignatureValue")
    assert len(value) == 344


def test_sign_puts_the_signature_where_it_is_told(sender):
    root = etree.fromstring(
        f'<md:EntityDescriptor xmlns:md="{names.MD}" ID="_m"><md:Organization/></md:EntityDescriptor>'
    )
    signature.sign(root, sender.signing, position=signature.FIRST, with_certificate=True)
    received = document.read(document.write(root))
    assert signature.verify(received, [sender.verification], NOW, position=signature.FIRST).get("ID") == "_m"
    assert refusal(received, sender) is SignatureReason.POSITION


def test_sign_needs_an_id(sender):
    with pytest.raises(Fault) as caught:
        signature.sign(etree.Element(f"{SAMLP}Response"), sender.signing)
    assert caught.value.reason is ContentReason.MISSING


def test_key_info_may_be_absent(sender):
    assert signature.verify(signed(sender), [sender.verification], NOW) is not None


def test_the_second_key_of_a_sender_is_tried_too(sender, stranger):
    keys = [stranger.verification, sender.verification]
    assert signature.verify(signed(sender), keys, NOW).get("ID") == "_response"


def test_what_is_returned_is_what_was_digested(sender, message):
    root = document.read(message)
    trusted = signature.verify(root, [sender.verification], NOW)
    assert trusted.find(SIGNATURE) is None
    root.remove(root.find(SIGNATURE))
    assert document.canonical(trusted, ("xs",)) == document.canonical(root, ("xs",))


def test_the_tree_that_came_in_stays_as_it_was(sender, message):
    root = document.read(message)
    signature.verify(root, [sender.verification], NOW)
    assert document.write(root) == message


@pytest.mark.parametrize("position", [0, 1, 2])
def test_text_around_the_signature_is_kept(position, sender):
    """lxml ties the text behind an element to it, and would drop it with the signature; it is covered all the same."""
    root = etree.fromstring('<r xmlns="urn:test" ID="_r">before<a/>between<b/>after</r>')
    donors.sign(root, sender, replace(Recipe(), position=position, tail="behind"))
    received = document.read(document.write(root))
    trusted = signature.verify(received, [sender.verification], NOW, position=position)
    texts = ["before", "between", "after"]
    texts[position] += "behind"
    assert document.write(trusted) == '<r xmlns="urn:test" ID="_r">{}<a/>{}<b/>{}</r>'.format(*texts).encode()
    received.find(SIGNATURE).tail = "other"
    assert refusal(received, sender, position) is SignatureReason.INVALID


def test_an_assertion_inside_a_verified_response_still_verifies(sender, message):
    outer = signature.verify(document.read(message), [sender.verification], NOW)
    inner = signature.verify(donors.assertion_of(outer), [sender.verification], NOW)
    assert inner.getparent() is None
    assert donors.subject_of(inner) == SUBJECT


def test_three_signatures_deep(sender):
    """An ArtifactResponse around the Response around the Assertion, each signed."""
    root = donors.unsigned()
    for element in (donors.assertion_of(root), root):
        signature.sign(element, sender.signing, prefixes=("xs",))
    outer = build.element(names.SAMLP, "ArtifactResponse", {"ID": "_outer"}, "saml", "xs")
    build.child(outer, names.SAML, "Issuer")
    outer.append(root)
    signature.sign(outer, sender.signing, prefixes=("xs",))
    trusted = document.read(document.write(outer))
    for place in (".", f"{SAMLP}Response", f"{SAML}Assertion"):
        trusted = signature.verify(trusted.find(place), [sender.verification], NOW)
    assert donors.subject_of(trusted) == SUBJECT


def test_eight_threads_sign_and_verify_at_once(sender, stranger):
    def work(number: int) -> int:
        good = 0
        for turn in range(50):
            mine, other = (sender, stranger) if (number + turn) % 2 else (stranger, sender)
            root = build.element(names.SAMLP, "AuthnRequest", {"ID": f"_{number}-{turn}"}, "saml")
            build.child(root, names.SAML, "Issuer", text=f"{number}-{turn}")
            signature.sign(root, mine.signing)
            received = document.read(document.write(root))
            trusted = signature.verify(received, [mine.verification], NOW)
            good += reading.text(trusted[0]) == f"{number}-{turn}"
            good += refusal(received, other) is SignatureReason.NO_KEY
        received[0].text += "x"
        return good + (refusal(received, mine) is SignatureReason.INVALID)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [101] * 8


_OPTIMISED = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from broker.saml import document, signature
from broker.saml.faults import Fault
from broker.saml.keys import Certificate, VerificationKey
key = VerificationKey.of(Certificate.from_pem_file(Path(sys.argv[1])))
for name in sys.argv[2:]:
    try:
        root = document.read(Path(name).read_bytes())
        trusted = signature.verify(root, [key], datetime(2026, 11, 23, 12, tzinfo=UTC))
        sys.stdout.write(trusted.get("ID") + "\\n")
    except Fault as fault:
        sys.stdout.write(fault.reason.name + "\\n")
"""


def test_nothing_depends_on_assert_statements(sender, small, tmp_path):
    variants = {
        "good": small,
        "content": small.replace(b"urn:x", b"urn:y"),
        "doctype": b"<!DOCTYPE r>" + small,
        "unsigned": small[: small.index(b"<ds:Signature ")] + small[small.index(b"</ds:Signature>") + 15 :],
        "reference": small.replace(b'URI="#_r"', b'URI=""'),
    }
    files = []
    for name, data in variants.items():
        files.append(tmp_path / name)
        files[-1].write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-O", "-c", _OPTIMISED, sender.certificate_file, *files],
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.split() == ["_r", "INVALID", "DOCTYPE", "MISSING", "REFERENCE"]
