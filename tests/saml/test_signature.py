"""Signatures: what must verify does, here and elsewhere; what is not as the scheme wants it does not, row by row."""

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
import xmlsec
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from broker.saml import build, document, names, reading, signature
from broker.saml.faults import ContentReason, DocumentReason, Fault, SignatureReason

from . import donors, receiver
from .donors import DS, ENVELOPED, EXCLUSIVE, SAML, SAMLP, SIGNATURE, SUBJECT, Recipe, Transform, inclusive
from .keyring import NOW
from .witnesses import WITNESSES

QUIET = settings(database=None, deadline=None)


def refusal(element, keys, position=signature.AFTER_ISSUER):
    with pytest.raises(Fault) as caught:
        signature.verify(element, [keys.verification], NOW, position=position)
    return caught.value.reason


def signed(keys, recipe=None, **options) -> etree._Element:
    """A Response signed as `recipe` says, after a trip over the wire."""
    root = donors.unsigned()
    donors.sign(root, keys, recipe or Recipe(), **options)
    return document.read(document.write(root))


@pytest.fixture(scope="session", params=["ours", "signxml", *(["xmlsec1"] if donors.XMLSEC1 else [])])
def signer(request, tmp_path_factory, sender):
    """Somebody who signs as the sender."""
    if request.param == "ours":
        return partial(donors.with_ours, keys=sender)
    if request.param == "signxml":
        return partial(donors.with_signxml, keys=sender)
    return partial(donors.with_xmlsec1, keys=sender, folder=tmp_path_factory.mktemp("xmlsec1"))


@pytest.fixture(scope="session")
def message(sender) -> bytes:
    return donors.response(partial(donors.with_ours, keys=sender))


# --- what must verify ---------------------------------------------------------------------------------------------


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
    with pytest.raises(Exception):  # noqa: B017, PT011  each has its own
        witness(document.read(message), stranger, tmp_path)
    with pytest.raises(Exception):  # noqa: B017, PT011
        witness(document.read(message.replace(b"status:Success", b"status:success")), sender, tmp_path)


def test_sign_gives_the_value_it_wrote_without_line_breaks(sender):
    root = donors.unsigned()
    value = signature.sign(root, sender.signing)
    assert value == document.read(document.write(root)).findtext(f"{SIGNATURE}/{DS}SignatureValue")
    assert len(value) == 344


def test_sign_puts_the_signature_where_it_is_told(sender):
    root = etree.fromstring(f'<md:EntityDescriptor xmlns:md="{names.MD}" ID="_m"><md:Organization/></md:EntityDescriptor>')
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


# --- the consumption rule -----------------------------------------------------------------------------------------


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
    root = etree.fromstring(f'<r xmlns="urn:test" xmlns:samlp="{names.SAMLP}" ID="_r">before<a/>between<b/>after</r>')
    donors.sign(root, sender, replace(Recipe(), position=position))
    received = document.read(document.write(root))
    tail = received.find(SIGNATURE).tail
    received.find(SIGNATURE).tail = (tail or "") + "unsigned"
    assert refusal(received, sender, position) is SignatureReason.INVALID
    received.find(SIGNATURE).tail = tail
    trusted = signature.verify(received, [sender.verification], NOW, position=position)
    assert "".join(trusted.itertext()) == "beforebetweenafter"
    assert document.write(trusted) == b'<r xmlns="urn:test" ID="_r">before<a/>between<b/>after</r>'


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


# --- InclusiveNamespaces ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefixes", ["xs", "xacml-saml", "xs xs xs", "xs nope", "#nope", "ds", "xml", "saml samlp xs xsi", "\t xs \n"])
def test_a_prefix_list_is_honoured(prefixes, sender):
    recipe = Recipe(transforms=(ENVELOPED, inclusive(prefixes)))
    trusted = signature.verify(signed(sender, recipe), [sender.verification], NOW)
    assert (trusted.nsmap.get("xs") == names.XS) == ("xs" in prefixes.split())


def test_a_prefix_list_for_the_signed_info_is_honoured(sender):
    root = donors.unsigned()
    made = donors.template("#_response")
    made[0][0].append(etree.fromstring(str(inclusive("xs saml")))[0])
    root.insert(1, made)
    context = xmlsec.SignatureContext()
    context.key = sender.signing.key
    context.register_id(root, "ID")
    context.sign(made)
    received = document.read(document.write(root))
    assert signature.verify(received, [sender.verification], NOW).get("ID") == "_response"


@pytest.mark.parametrize("declared_by", ["itself", "an ancestor"])
def test_a_prefix_that_only_xsi_type_uses_survives_when_it_is_listed(declared_by, sender):
    """Without the list exclusive canonicalisation drops it, and the signed content could not be schema-validated."""
    outside, inside = (f'xmlns:xs="{names.XS}"', "") if declared_by == "an ancestor" else ("", f'xmlns:xs="{names.XS}"')
    text = f'<o xmlns="urn:o" {outside}><r xmlns="urn:r" {inside} xmlns:xsi="{names.XSI}" ID="_r"><v xsi:type="xs:int">1</v></r></o>'
    for prefixes, kept in ((("xs",), names.XS), ((), None)):
        root = etree.fromstring(text)
        signature.sign(root[0], sender.signing, position=signature.FIRST, prefixes=prefixes)
        received = document.read(document.write(root))[0]
        trusted = signature.verify(received, [sender.verification], NOW, position=signature.FIRST)
        assert trusted.nsmap.get("xs") == kept


def test_the_default_namespace_in_a_prefix_list_is_harmless_without_one_and_refused_with_one(sender):
    """lxml cannot canonicalise `#default`; what cannot be rebuilt is not trusted."""
    recipe = Recipe(transforms=(ENVELOPED, inclusive("#default xs")))
    assert signature.verify(signed(sender, recipe), [sender.verification], NOW) is not None
    root = etree.fromstring(f'<samlp:Response xmlns:samlp="{names.SAMLP}" xmlns="urn:d" ID="_r"><a xmlns="urn:e"/></samlp:Response>')
    donors.sign(root, sender, recipe)
    assert donors.libxmlsec_accepts(root, sender)
    assert refusal(document.read(document.write(root)), sender) is SignatureReason.DIGEST


@pytest.mark.parametrize("prefixes", [["xs"] * 10_000, [f"p{number}" for number in range(10_000)], ["xs"] * 17])
def test_a_long_prefix_list_is_refused_before_it_costs_anything(prefixes, sender):
    received = signed(sender)
    received[1][0][2][0][1].append(etree.fromstring(str(inclusive(" ".join(prefixes))))[0])
    assert refusal(received, sender) is SignatureReason.TRANSFORMS


@pytest.mark.parametrize(
    "content",
    [
        f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}"/>',
        f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}" PrefixList="xs" Other="x"/>',
        f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}" PrefixList="xs"><x/></ec:InclusiveNamespaces>',
        f'<ec:InclusiveNamespaces xmlns:ec="{names.C14N_EXCLUSIVE}" PrefixList="xs"/>' * 2,
        '<InclusiveNamespaces PrefixList="xs"/>',
        "<ds:XPath>self::node()</ds:XPath>",
    ],
)
def test_SIG_24_parameters_of_the_canonicalisation(content, sender):
    received = signed(sender)
    wrapped = etree.fromstring(f'<w xmlns:ds="{names.DS}">{content}</w>')
    received[1][0][2][0][1].extend(list(wrapped))
    assert refusal(received, sender) is SignatureReason.TRANSFORMS


# --- SIG rows: the structure of a signature -----------------------------------------------------------------------


def test_SIG_14_empty_signature(sender):
    root = donors.unsigned()
    root.insert(1, etree.Element(SIGNATURE))
    assert refusal(root, sender) is SignatureReason.STRUCTURE


@pytest.mark.parametrize("text", ["", "   ", "====", "not base64!", "=AAA"])
@pytest.mark.parametrize("place", ["SignatureValue", "SignedInfo/{0}Reference/{0}DigestValue"])
def test_SIG_14_empty_or_unreadable_value(place, text, sender):
    received = signed(sender)
    received.find(f"{SIGNATURE}/{DS}{place.format(DS)}").text = text
    assert refusal(received, sender) is SignatureReason.STRUCTURE


@pytest.mark.parametrize("name", ["CanonicalizationMethod", "SignatureMethod", "Reference"])
def test_SIG_14_signed_info_without_a_part(name, sender):
    received = signed(sender)
    info = received.find(f"{SIGNATURE}/{DS}SignedInfo")
    info.remove(info.find(f"{DS}{name}"))
    assert refusal(received, sender) is SignatureReason.STRUCTURE


@pytest.mark.parametrize("name", ["Transforms", "DigestMethod", "DigestValue"])
def test_SIG_14_reference_without_a_part(name, sender):
    received = signed(sender)
    reference = received.find(f"{SIGNATURE}/{DS}SignedInfo/{DS}Reference")
    reference.remove(reference.find(f"{DS}{name}"))
    assert refusal(received, sender) is SignatureReason.STRUCTURE


def test_SIG_15_two_signatures_of_which_the_second_is_right(sender, stranger):
    root = donors.unsigned()
    donors.sign(root, stranger)
    donors.sign(root, sender, replace(Recipe(), position=2))
    assert refusal(document.read(document.write(root)), sender) is SignatureReason.POSITION


def test_SIG_16_two_references(sender):
    second = donors.template("#_assertion").find(f"{DS}SignedInfo/{DS}Reference")
    received = signed(sender, Recipe(more_references=etree.tostring(second).decode()))
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.STRUCTURE


@pytest.mark.parametrize("uri", ["", "#xpointer(/)", "#xpointer(id('_response'))", "#_assertion"])
def test_SIG_17_SIG_19_reference_to_something_else_that_libxmlsec_accepts(uri, sender):
    received = signed(sender, uri=uri)
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.REFERENCE


@pytest.mark.parametrize("uri", ["#", "#_nobody", "_response", "# _response", "#_Response", None])
def test_SIG_17_reference_to_nothing(uri, sender):
    received = signed(sender)
    reference = received.find(f"{SIGNATURE}/{DS}SignedInfo/{DS}Reference")
    del reference.attrib["URI"]
    if uri is not None:
        reference.set("URI", uri)
    assert refusal(received, sender) is SignatureReason.REFERENCE


def test_SIG_17_element_without_id(sender):
    received = signed(sender)
    del received.attrib["ID"]
    assert refusal(received, sender) is SignatureReason.REFERENCE


def test_SIG_18_external_file(sender, tmp_path):
    canary = tmp_path / "canary.xml"
    canary.write_text("<canary/>")
    received = signed(sender, Recipe(transforms=(EXCLUSIVE,)), uri=canary.as_uri())
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.REFERENCE


def test_SIG_18_external_address_is_not_fetched(sender):
    received = signed(sender)
    with socket.create_server(("127.0.0.1", 0)) as server:
        received[1][0][2].set("URI", f"http://127.0.0.1:{server.getsockname()[1]}/")
        assert refusal(received, sender) is SignatureReason.REFERENCE
        server.setblocking(False)  # noqa: FBT003
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("place", [f"{SAMLP}Status", f"{SAML}Assertion"])
def test_SIG_19_reference_to_a_part(place, sender):
    root = donors.unsigned()
    root.find(place).set("ID", "_part")
    donors.sign(root, sender, uri="#_part")
    received = document.read(document.write(root))
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.REFERENCE


def test_SIG_19_reference_to_the_parent(sender):
    """A Signature in the Assertion that covers the Response: every byte is covered, but not by its own parent."""
    root = donors.unsigned()
    inner = donors.assertion_of(root)
    donors.sign(inner, sender, uri="#_response")
    received = document.read(document.write(root))
    assert donors.libxmlsec_accepts(donors.assertion_of(received), sender)
    assert refusal(donors.assertion_of(received), sender) is SignatureReason.REFERENCE
    assert refusal(received, sender) is SignatureReason.MISSING


@pytest.mark.parametrize("first", [True, False])
def test_SIG_20_duplicate_id(first, sender, message):
    root = etree.fromstring(message)
    twin = etree.Element(f"{SAMLP}Extensions", ID="_assertion")
    root.insert(2 if first else len(root), twin)
    with pytest.raises(Fault) as caught:
        receiver.subject(etree.tostring(root), [sender.verification])
    assert caught.value.reason is DocumentReason.DUPLICATE_ID


def test_SIG_20_duplicate_id_across_spellings(message):
    """`ds:Object/@Id` and `saml:Assertion/@ID` are one name space of IDs."""
    root = etree.fromstring(message)
    etree.SubElement(root, f"{DS}Object", Id="_assertion")
    with pytest.raises(Fault) as caught:
        document.read(etree.tostring(root))
    assert caught.value.reason is DocumentReason.DUPLICATE_ID


@pytest.mark.parametrize("name", [f"{SAMLP}ID", f"{{{names.XML}}}id", "Id", "id", "iD", "{urn:evil}ID", "{urn:evil}id"])
def test_SIG_21_attribute_pollution(name, message):
    root = etree.fromstring(message)
    donors.assertion_of(root).set(name, "_other")
    with pytest.raises(Fault) as caught:
        document.read(etree.tostring(root))
    assert caught.value.reason is DocumentReason.FOREIGN_ID


@pytest.mark.parametrize("name", ["ID", "id", f"{DS}Id"])
def test_SIG_21_attribute_pollution_of_a_signature(name, message):
    root = etree.fromstring(message)
    root.find(SIGNATURE).set(name, "_other")
    with pytest.raises(Fault) as caught:
        document.read(etree.tostring(root))
    assert caught.value.reason is DocumentReason.FOREIGN_ID


@pytest.mark.parametrize("namespace", ["", "http://www.w3.org/2000/09/xmldsig", "http://www.w3.org/2000/09/XMLDSIG#"])
def test_SIG_22_signature_of_another_namespace(namespace, sender, message):
    data = message.replace(b'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"', f'xmlns:ds="{namespace}"'.encode())
    data = data.replace(b"ds:", b"").replace(b"xmlns:ds", b"xmlns") if not namespace else data
    assert refusal(document.read(data), sender) is SignatureReason.MISSING


def test_SIG_22_prefix_bound_anew_deeper_down(sender):
    """`saml:Assertion` by its looks, but of another namespace, with the genuine one hidden inside."""
    root = donors.unsigned()
    genuine = donors.assertion_of(root)
    donors.sign(genuine, sender)
    foreign = etree.fromstring('<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion"/>')
    root.replace(genuine, foreign)
    foreign.append(genuine)
    with pytest.raises(Fault) as caught:
        receiver.subject_of_signed_assertion(etree.tostring(root), [sender.verification])
    assert caught.value.reason is ContentReason.MISSING


def test_SIG_23_relative_namespace(sender, message):
    with pytest.raises(Fault) as caught:
        receiver.subject(message.replace(b"<samlp:Response ", b'<samlp:Response xmlns:x="1" '), [sender.verification])
    assert caught.value.reason is DocumentReason.RELATIVE_NAMESPACE


def test_SIG_23_canonicalisation_that_fails_is_fatal(sender, message, monkeypatch):
    root = document.read(message)

    def failing(*_arguments):
        raise etree.C14NError("no")

    monkeypatch.setattr(document, "canonical", failing)
    assert refusal(root, sender) is SignatureReason.CANONICALIZATION


def test_SIG_23_empty_canonical_form(sender, monkeypatch):
    """Were canonicalisation to give nothing, the digest of nothing would be right, and is refused all the same."""
    received = signed(sender)
    monkeypatch.setattr(document, "canonical", lambda *_arguments: b"")
    monkeypatch.setattr(signature, "_proves", lambda *_arguments: True)
    received[1][0][2][2].text = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert refusal(received, sender) is SignatureReason.DIGEST


def test_SIG_23_the_own_digest_decides_too(sender, monkeypatch):
    """Were libxmlsec to say yes to anything, what was not digested would still not be returned."""
    received = signed(sender)
    received[0].text = "urn:evil"
    monkeypatch.setattr(signature, "_proves", lambda *_arguments: True)
    assert refusal(received, sender) is SignatureReason.DIGEST


XPATH = "<ds:XPath>ancestor-or-self::*</ds:XPath>"
XPATH2 = '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="intersect">/*</f:XPath>'
XSLT = (
    '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0">'
    '<x:template match="/"><e/></x:template></x:stylesheet>'
)
INCLUSIVE_10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
INCLUSIVE_11 = "http://www.w3.org/2006/12/xml-c14n11"


@pytest.mark.parametrize(
    ("transforms", "reason"),
    [
        ((ENVELOPED, EXCLUSIVE, EXCLUSIVE), SignatureReason.STRUCTURE),
        ((ENVELOPED, ENVELOPED, EXCLUSIVE), SignatureReason.STRUCTURE),
        ((ENVELOPED,), SignatureReason.STRUCTURE),
        ((EXCLUSIVE,), SignatureReason.STRUCTURE),
        ((), SignatureReason.STRUCTURE),
        ((EXCLUSIVE, ENVELOPED), SignatureReason.TRANSFORMS),
        ((EXCLUSIVE, EXCLUSIVE), SignatureReason.TRANSFORMS),
        ((ENVELOPED, ENVELOPED), SignatureReason.TRANSFORMS),
        ((Transform("http://www.w3.org/TR/1999/REC-xpath-19991116", XPATH), EXCLUSIVE), SignatureReason.TRANSFORMS),
        ((Transform("http://www.w3.org/2002/06/xmldsig-filter2", XPATH2), EXCLUSIVE), SignatureReason.TRANSFORMS),
        ((Transform("http://www.w3.org/TR/1999/REC-xslt-19991116", XSLT), EXCLUSIVE), SignatureReason.TRANSFORMS),
        ((ENVELOPED, Transform("http://www.w3.org/TR/1999/REC-xslt-19991116", XSLT)), SignatureReason.TRANSFORMS),
        ((ENVELOPED, Transform("http://www.w3.org/2000/09/xmldsig#base64")), SignatureReason.TRANSFORMS),
        ((ENVELOPED, Transform("http://www.w3.org/2002/07/decrypt#XML")), SignatureReason.TRANSFORMS),
        ((Transform(names.ENVELOPED_SIGNATURE, XPATH), EXCLUSIVE), SignatureReason.TRANSFORMS),
        ((Transform("", ""), EXCLUSIVE), SignatureReason.TRANSFORMS),
    ],
    ids=lambda value: "+".join(item.algorithm[-16:] for item in value) if isinstance(value, tuple) else value.name,
)
def test_SIG_24_transforms(transforms, reason, sender):
    received = signed(sender)
    reference = received.find(f"{SIGNATURE}/{DS}SignedInfo/{DS}Reference")
    reference.replace(reference[0], donors.template("#x", Recipe(transforms=transforms))[0][2][0])
    assert refusal(received, sender) is reason


@pytest.mark.parametrize("algorithm", [INCLUSIVE_10, INCLUSIVE_11, INCLUSIVE_10 + "#WithComments", names.C14N_EXCLUSIVE + "WithComments"])
def test_SIG_25_another_canonicalisation_of_the_content(algorithm, sender):
    received = signed(sender, Recipe(transforms=(ENVELOPED, Transform(algorithm))))
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.TRANSFORMS


@pytest.mark.parametrize("algorithm", [INCLUSIVE_10, INCLUSIVE_11, INCLUSIVE_10 + "#WithComments", names.C14N_EXCLUSIVE + "WithComments"])
def test_SIG_25_another_canonicalisation_of_the_signed_info(algorithm, sender):
    received = signed(sender, Recipe(canonicalization=algorithm))
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.CANONICALIZATION


@pytest.mark.parametrize("node", [b"<!---->", b"<!--x-->", b"<?x?>"])
@pytest.mark.parametrize("tag", [b"ds:DigestValue", b"ds:SignatureValue", b"saml:Issuer", b"saml:NameID"])
def test_SIG_26_SIG_27_SIG_28_comment_or_instruction_inside_a_value(tag, node, sender, message):
    start = message.index(b">", message.index(b"<" + tag)) + 9
    with pytest.raises(Fault) as caught:
        receiver.subject(message[:start] + node + message[start:], [sender.verification])
    assert caught.value.reason is DocumentReason.FOREIGN_NODE


@pytest.mark.parametrize(
    "written",
    ["<![CDATA[{0}]]>{1}", "{0}<![CDATA[{1}]]>", "<![CDATA[{0}]]><![CDATA[{1}]]>", "&#68;{0}{1}", "&#x44;{0}{1}"],
)
def test_SIG_29_cdata_and_character_references_do_not_cut_a_value(written, sender, message):
    head, tail = SUBJECT[:5], SUBJECT[5:]
    if written.startswith("&"):
        head = head[1:]
    data = message.replace(SUBJECT.encode(), written.format(head, tail).encode())
    assert data != message
    assert receiver.subject(data, [sender.verification]) == SUBJECT


@pytest.mark.parametrize("place", ["before", "after", "status"])
def test_SIG_31_digest_value_outside_its_place(place, sender, message):
    root = etree.fromstring(message)
    stray = etree.Element(f"{DS}DigestValue")
    stray.text = root.findtext(f"{SIGNATURE}/{DS}SignedInfo/{DS}Reference/{DS}DigestValue")
    found = root.find(SIGNATURE)
    if place == "status":
        root.find(f"{SAMLP}Status").append(stray)
        wanted = SignatureReason.INVALID
    else:
        found.insert(0 if place == "before" else len(found), stray)
        wanted = SignatureReason.STRUCTURE
    assert refusal(document.read(etree.tostring(root)), sender) is wanted


@pytest.mark.parametrize("position", [0, 2, 3])
def test_SIG_32_signature_not_after_the_issuer(position, sender):
    received = signed(sender, replace(Recipe(), position=position))
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.POSITION


def test_SIG_33_assertion_of_another_answer(sender, message):
    """Inside a signed Response it breaks the outer signature; whether it belongs is for the rules."""
    other = etree.fromstring(message)
    root = donors.unsigned()
    signature.sign(root, sender.signing)
    root.replace(donors.assertion_of(root), donors.assertion_of(other))
    with pytest.raises(Fault) as caught:
        receiver.subject(etree.tostring(root), [sender.verification])
    assert caught.value.reason is SignatureReason.INVALID


# --- properties ---------------------------------------------------------------------------------------------------


def _accepted_or_refused(data: bytes, keys, genuine: bytes) -> None:
    """The oracle: whatever comes through is, byte for byte, what was signed."""
    try:
        trusted = signature.verify(document.read(data), [keys.verification], NOW)
    except Fault:
        return
    assert document.canonical(trusted, ("xs",)) == genuine


@pytest.fixture(scope="session")
def small(sender) -> bytes:
    root = build.element(names.SAMLP, "AuthnRequest", {"ID": "_r", "Version": "2.0"}, "saml")
    build.child(root, names.SAML, "Issuer", text="urn:x")
    build.child(root, names.SAMLP, "RequestedAuthnContext", {"Comparison": "minimum"})
    signature.sign(root, sender.signing)
    return document.write(root)


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


# --- threads, -O --------------------------------------------------------------------------------------------------


def test_eight_threads_sign_and_verify_at_once(sender, stranger):
    def work(number: int) -> int:
        good = 0
        for turn in range(200):
            mine, other = (sender, stranger) if (number + turn) % 2 else (stranger, sender)
            root = build.element(names.SAMLP, "AuthnRequest", {"ID": f"_{number}-{turn}"}, "saml")
            build.child(root, names.SAML, "Issuer", text=f"{number}-{turn}")
            signature.sign(root, mine.signing)
            received = document.read(document.write(root))
            trusted = signature.verify(received, [mine.verification], NOW)
            good += reading.text(trusted[0]) == f"{number}-{turn}"
            good += refusal(received, other) is SignatureReason.NO_KEY
            received[0].text += "x"
            good += refusal(received, mine) is SignatureReason.INVALID
        return good

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [600] * 8


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
        trusted = signature.verify(document.read(Path(name).read_bytes()), [key], datetime(2026, 11, 23, 12, tzinfo=UTC))
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
