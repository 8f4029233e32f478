"""Forms of signature that are refused before, and whatever, XML Security says of them."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from sp_demo import signature
from sp_demo.keys import trusted_key
from sp_demo.refusal import Reason, Refused
from sp_demo.signature_form import read_claim
from tests.sp_demo.wire_messages import DS, NS, SAML, Signer, new_id, tag

SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
WITH_COMMENTS = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


@pytest.fixture
def signed(pki):
    return Signer(pki["broker"]).sign(SAML.Assertion(SAML.Issuer("x"), SAML.Advice(), ID=new_id(), Version="2.0"))


def find(element, path):
    return element.find("/".join(tag(f"ds:{step}") for step in path.split("/")))


INFO = "Signature/SignedInfo"
REFERENCE = f"{INFO}/Reference"
TRANSFORMS = f"{REFERENCE}/Transforms"


def attribute(path, name, value):
    def change(element):
        find(element, path).set(name, value)

    return change


def insert(path, position, make):
    def change(element):
        find(element, path).insert(position, make())

    return change


def second_signature(element):
    element.append(etree.fromstring(etree.tostring(element[1])))


def at_the_end(element):
    element.append(element[1])


def without_id(element):
    element.attrib.pop("ID")
    find(element, REFERENCE).set("URI", "#None")


REFUSED = {
    "another algorithm": attribute(f"{INFO}/SignatureMethod", "Algorithm", RSA_SHA1),
    "another digest": attribute(f"{REFERENCE}/DigestMethod", "Algorithm", SHA1),
    "canonicalization with comments": attribute(f"{INFO}/CanonicalizationMethod", "Algorithm", WITH_COMMENTS),
    "inclusive canonicalization": attribute(f"{INFO}/CanonicalizationMethod", "Algorithm", INCLUSIVE),
    "another first transform": attribute(f"{TRANSFORMS}/Transform", "Algorithm", INCLUSIVE),
    "a third transform": insert(TRANSFORMS, 2, lambda: DS.Transform(Algorithm=WITH_COMMENTS)),
    "a transform with a parameter": insert(f"{TRANSFORMS}/Transform", 0, DS.XPath),
    "an unknown parameter of canonicalization": lambda element: find(element, TRANSFORMS)[1].append(DS.XPath()),
    "a truncated signature": insert(f"{INFO}/SignatureMethod", 0, lambda: DS.HMACOutputLength("8")),
    "no reference": lambda element: find(element, INFO).remove(find(element, REFERENCE)),
    "two references": insert(INFO, 3, lambda: DS.Reference(URI="")),
    "a reference to the document": attribute(REFERENCE, "URI", ""),
    "a reference to a file": attribute(REFERENCE, "URI", "file:///etc/hostname"),
    "a reference to another element": attribute(REFERENCE, "URI", "#other"),
    "an element without ID": without_id,
    "a second SignedInfo": insert("Signature", 1, DS.SignedInfo),
    "an object": insert("Signature", 3, DS.Object),
    "two signatures": second_signature,
    "a signature at the end": at_the_end,
    "a key in the message": insert("Signature/KeyInfo", 1, DS.KeyValue),
    "a digest that is not base64": lambda element: setattr(find(element, f"{REFERENCE}/DigestValue"), "text", "A"),
}


def test_the_form_that_is_accepted(signed, pki):
    assert read_claim(signed).key_name == pki["broker"].name


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_forms_that_are_refused(signed, change):
    change(signed)
    with pytest.raises(Refused) as caught:
        read_claim(signed)
    assert caught.value.reason is Reason.UNTRUSTED


def test_only_what_was_digested_is_handed_on(signed, pki, monkeypatch):
    """Even when the library that verifies should say yes to everything."""
    monkeypatch.setattr(signature, "_holds", lambda *_: True)
    key = trusted_key(pki["broker"].certificate_pem, pki["broker"].name)
    assert signature.verify(signed, [key], datetime.now(UTC)).findtext(tag("saml:Issuer")) == "x"
    signed.find(tag("saml:Issuer")).text = "y"
    with pytest.raises(Refused, match="digest"):
        signature.verify(signed, [key], datetime.now(UTC))


def test_a_prefix_that_was_not_listed_is_not_part_of_what_is_handed_on(signed, pki):
    key = trusted_key(pki["broker"].certificate_pem, pki["broker"].name)
    content = signature.verify(signed, [key], datetime.now(UTC))
    assert set(content.nsmap.values()) == {NS["saml"]}
    assert content.find(tag("ds:Signature")) is None
