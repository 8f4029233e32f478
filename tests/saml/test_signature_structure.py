"""SIG-14 to SIG-33: signatures by the right key that are not as the scheme wants them, one fault each."""

import socket
from dataclasses import replace

import pytest
from lxml import etree

from broker.saml import document, names, signature
from broker.saml.faults import ContentReason, DocumentReason, Fault, SignatureReason

from . import donors, receiver
from .donors import DS, ENVELOPED, EXCLUSIVE, SAML, SAMLP, SIGNATURE, SUBJECT, Recipe, Transform, signed
from .receiver import refusal


def test_SIG_14_empty_signature(sender):
    root = donors.unsigned()
    root.insert(1, etree.Element(SIGNATURE))
    assert refusal(root, sender) is SignatureReason.STRUCTURE


@pytest.mark.parametrize("text", ["", "   ", "====", "not base64!", "AA!AA", "=AAA"])
@pytest.mark.parametrize("place", ["SignatureValue", "SignedInfo/{0}Reference/{0}DigestValue"])
def test_SIG_14_empty_or_unreadable_value(place, text, sender):
    received = signed(sender)
    received.find(f"{SIGNATURE}/{DS}{place.format(DS)}").text = text
    assert refusal(received, sender) is SignatureReason.STRUCTURE


@pytest.mark.parametrize("place", ["SignatureValue", "SignedInfo/{0}Reference/{0}DigestValue"])
def test_SIG_31_element_inside_a_value(place, sender):
    received = signed(sender)
    etree.SubElement(received.find(f"{SIGNATURE}/{DS}{place.format(DS)}"), f"{DS}DigestValue").text = "AAAA"
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


@pytest.mark.parametrize("uri", ["#_response", "#", ""])
def test_SIG_17_element_without_id(uri, sender):
    received = signed(sender)
    del received.attrib["ID"]
    received[1][0][2].set("URI", uri)
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
        server.setblocking(False)
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


@pytest.mark.parametrize(
    "algorithm", [INCLUSIVE_10, INCLUSIVE_11, INCLUSIVE_10 + "#WithComments", names.C14N_EXCLUSIVE + "WithComments"]
)
def test_SIG_25_another_canonicalisation_of_the_content(algorithm, sender):
    received = signed(sender, Recipe(transforms=(ENVELOPED, Transform(algorithm))))
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.TRANSFORMS


@pytest.mark.parametrize(
    "algorithm", [INCLUSIVE_10, INCLUSIVE_11, INCLUSIVE_10 + "#WithComments", names.C14N_EXCLUSIVE + "WithComments"]
)
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


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(transforms=(ENVELOPED, Transform("http://www.w3.org/TR/2001/REC-xml-c14n-20010315"))),
        Recipe(canonicalization="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
    ],
    ids=["reference", "signature"],
)
def test_SIG_24_SIG_25_the_verifier_alone_would_not_have_used_another_algorithm_either(recipe, sender):
    """The look at the structure is one lock, what libxmlsec is allowed is another."""
    received = signed(sender, recipe)
    assert donors.libxmlsec_accepts(received, sender)
    assert not signature._proves(received, received.find(SIGNATURE), sender.verification)
