"""signxml agrees with the broker on what is well signed; each kind of difference is explained in the documentation."""

import pytest
from lxml import etree

from broker.saml import document, signature
from tests.docs.pages import read
from tests.mutants import trees, witness
from tests.mutants.witness import AGREED_NO, AGREED_YES

SEEDS = 1_000
PAGE = "docs/second-opinion.md"


@pytest.fixture(scope="session")
def judges(a_world):
    return witness.judges(a_world)


def explained() -> set[str]:
    """The kinds of difference that the page explains."""
    return {row[0].strip("`") for row in read(PAGE).rows("Where they differ")}


@pytest.mark.parametrize("name", ["response", "request", "metadata", "network"])
def test_signxml_agrees_or_the_difference_is_explained(all_targets, judges, name):
    found = witness.opinions(judges[name], all_targets[name], range(SEEDS))
    assert set(found) - {AGREED_NO, AGREED_YES} <= explained()
    assert found[AGREED_NO] > SEEDS // 2
    assert found[AGREED_YES] > SEEDS // 50
    assert found[AGREED_NO] + found[AGREED_YES] > found.total() * 0.95


def in_signature(change):
    """Change the signature, which does not cover itself."""

    def made(data: bytes) -> bytes:
        root = etree.fromstring(data)
        change(root.find(trees.SIGNATURE))
        return etree.tostring(root)

    return made


def first(data: bytes) -> bytes:
    """The signature before the Issuer; its digest covers neither place."""
    root = etree.fromstring(data)
    root.insert(0, root.find(trees.SIGNATURE))
    return etree.tostring(root)


def within(extra: bytes):
    return lambda data: data.replace(b"</saml:Issuer>", extra + b"</saml:Issuer>")


def key_info(found) -> etree._Element:
    return found.find(f"{trees.DS}KeyInfo")


def other_key(found) -> None:
    key_info(found)[0].text = "x"


def colon_in_value(found) -> None:
    value = found.find(f"{trees.DS}SignatureValue")
    value.text = f":{value.text}"


EXAMPLES = {
    "broker: foreign-node": within(b"<!-- x -->"),
    "broker: xml-declaration": lambda data: b'<?xml version="1.1"?>' + data,
    "broker: not-utf8": lambda data: b"\xef\xbb\xbf" + data,
    "broker: no-key": in_signature(other_key),
    "broker: key-info": in_signature(lambda found: etree.SubElement(key_info(found), f"{trees.DS}MgmtData")),
    "broker: structure": in_signature(colon_in_value),
    "broker: position": first,
    "broker: duplicate-id": in_signature(lambda found: found.set("Id", found.getparent().get("ID"))),
    "broker: relative-namespace": lambda data: data.replace(b"<ds:KeyName>", b'<ds:KeyName xmlns:x="1">'),
    "signxml: DocumentInvalid": in_signature(lambda found: key_info(found).set("x", "y")),
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_difference_that_is_explained_is_there(genuine, judges, kind):
    """The genuine request with one thing changed, which is all that they differ on."""
    data = genuine.requests[0]
    assert judges["request"].compare(data) == AGREED_YES
    assert judges["request"].compare(EXAMPLES[kind](data)) == kind


def test_the_page_explains_no_more_and_no_less():
    assert explained() == set(EXAMPLES)


def test_a_difference_is_seen(genuine, judges, monkeypatch):
    """A broker that no longer looks where a signature stands, or what it covers, is contradicted."""
    root = etree.fromstring(genuine.requests[0])
    root.set("ForceAuthn", "false")
    monkeypatch.setattr(signature, "verify", lambda element, *_, **__: document.detached(element))
    assert judges["request"].compare(etree.tostring(root)).startswith("signxml: ")
