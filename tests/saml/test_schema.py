"""XML-15 and XML-18: validation against the schemas that are on this machine, and moments that are none."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from broker.saml import document, names, reading, schema, signature
from broker.saml.faults import ContentReason, DocumentReason, Fault

from . import donors
from .donors import SAML, SAMLP
from .metadata_samples import sp_metadata

QUIET = settings(database=None, deadline=None)


def refusal(root: etree._Element) -> str:
    with pytest.raises(Fault) as caught:
        schema.validate(root)
    assert caught.value.reason is DocumentReason.SCHEMA
    return caught.value.detail


def test_a_message_that_is_as_it_should_be(message):
    schema.validate(document.read(message))


def test_metadata_has_a_schema_of_its_own():
    consumer = '<md:AssertionConsumerService index="0" Binding="b" Location="l"/>'
    roles = f'<md:SPSSODescriptor protocolSupportEnumeration="{names.SAMLP}">{consumer}</md:SPSSODescriptor>'
    data = f'<md:EntityDescriptor xmlns:md="{names.MD}" entityID="urn:x">{roles}</md:EntityDescriptor>'
    schema.validate(document.read(data.encode()))
    assert "AssertionConsumerService" in refusal(document.read(data.replace('index="0" ', "").encode()))


@pytest.mark.parametrize("place", ["CanonicalizationMethod", "Transform"])
@pytest.mark.parametrize("kind", ["message", "metadata"])
def test_inclusive_namespaces_may_stand_where_xml_signature_lets_it(kind, place, sender):
    """No schema at hand declares it, and one of the two places takes only what is declared."""
    root = donors.unsigned() if kind == "message" else document.read(sp_metadata().encode())
    signature.sign(root, sender.signing, position=signature.AFTER_ISSUER if kind == "message" else signature.FIRST)
    *_, method = root.iter(f"{{{names.DS}}}{place}")
    etree.SubElement(method, f"{{{names.C14N_EXCLUSIVE}}}InclusiveNamespaces", PrefixList="xs #default")
    schema.validate(root)
    etree.SubElement(root.find(f".//{{{names.DS}}}CanonicalizationMethod"), "{urn:foreign}Unknown")
    assert "urn:foreign" in refusal(root)


def changed(change) -> etree._Element:
    root = donors.unsigned()
    change(root)
    return document.read(document.write(root))


@pytest.mark.parametrize(
    "change",
    [
        lambda root: root.append(etree.Element(f"{SAMLP}Unknown")),
        lambda root: root.append(etree.Element("{urn:foreign}Unknown")),
        lambda root: root.insert(0, root[1]),
        lambda root: root.remove(root.find(f"{SAMLP}Status")),
        lambda root: root.set("Unknown", "x"),
        lambda root: root.attrib.pop("Version"),
        lambda root: root.set("ID", "1"),
        lambda root: root.set("ID", "d0000099-0011-4000-8000-000000009001"[::-1]),
        lambda root: setattr(root[1], "text", "text between elements"),
        lambda root: donors.assertion_of(root).remove(donors.assertion_of(root)[0]),
    ],
)
def test_XML_15_well_formed_but_not_valid(change):
    refusal(changed(change))


@pytest.mark.parametrize(
    "tag", ["a", "{urn:foreign}Response", "{urn:oasis:names:tc:SAML:1.0:protocol}Response", f"{SAMLP}Other"]
)
def test_XML_15_unknown_root(tag):
    assert "No matching global declaration" in refusal(etree.Element(tag))


def test_PRO_28_an_id_that_starts_with_a_digit_is_for_catalogues_only():
    root = changed(lambda element: element.set("ID", "0123"))
    assert "xs:ID" in refusal(root)


@pytest.mark.parametrize("attribute", ["schemaLocation", "noNamespaceSchemaLocation"])
def test_XML_15_a_schema_that_the_message_names_is_not_fetched(attribute, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.xsd"
        value = address if attribute.startswith("no") else f"urn:foreign {address} {names.SAMLP} {address}"
        root = changed(lambda element: element.set(f"{{{names.XSI}}}{attribute}", value))
        schema.validate(root)
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_schemas_are_compiled_once():
    schema.load()
    assert schema._schema(names.SAMLP) is schema._schema(names.SAMLP)


def test_the_error_is_that_of_the_own_message_in_every_thread():
    """One compiled schema has one error log; without care threads would read each other's."""
    schema.load()
    good = document.write(donors.unsigned())

    def work(number: int) -> set[str]:
        wrong = document.read(good.replace(b'Version="2.0"', b'Version="2.0" Wrong%d=""' % number, 1))
        right = document.read(good)
        found = set()
        for _ in range(200):
            schema.validate(right)
            found.add(refusal(wrong))
        return found

    with ThreadPoolExecutor(8) as pool:
        for number, found in enumerate(pool.map(work, range(8))):
            assert len(found) == 1
            assert f"Wrong{number}" in found.pop()


# --- moments ------------------------------------------------------------------------------------------------------


def moment(text: str) -> datetime:
    return reading.moment(etree.Element("a", At=text), "At")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-23T12:00:00Z", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("2026-11-23T12:00:00.5Z", datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-23T12:00:00.123456789012345678901234567890Z", datetime(2026, 11, 23, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-23T13:00:00+01:00", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("2026-11-23T02:00:00+14:00", datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("2026-11-22T22:00:00-14:00", datetime(2026, 11, 23, 12, tzinfo=UTC)),
    ],
)
def test_XML_18_moments_with_a_zone(text, wanted):
    assert moment(text) == wanted
    assert moment(text).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-11-23T99:99:99Z",
        "2026-11-23T23:59:60Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T12:00:00",
        "2026-11-23",
        "2026-11-23Z",
        "2026-11-23 12:00:00Z",
        "2026-11-23T12:00Z",
        "2026-11-23T12:00:00+24:00",
        "2026-11-23T12:00:00+0100",
        "2026-11-23T12:00:00.Z",
        "2026-11-23T12:00:00,5Z",
        "2026-W48-1T12:00:00Z",
        "20261123T120000Z",
        "2026-11-23T12:00:00Z ",
        "2026-11-23T12:00:00z",
        "٢٠٢٦-11-23T12:00:00Z",
        "12026-11-23T12:00:00Z",
        "-2026-11-23T12:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "9" * 40,
        "2026-11-23T12:00:00" + "9" * 40 + "Z",
    ],
)
def test_XML_18_what_is_no_moment(text):
    with pytest.raises(Fault) as caught:
        moment(text)
    assert caught.value.reason is ContentReason.MALFORMED


def test_XML_18_no_moment_at_all():
    with pytest.raises(Fault) as caught:
        reading.moment(etree.Element("a"), "At")
    assert caught.value.reason is ContentReason.MISSING


@QUIET
@given(
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", fullmatch=True
    )
)
def test_XML_18_anything_in_the_form_of_a_moment_is_one_or_is_refused(text):
    try:
        assert moment(text).tzinfo is UTC
    except Fault as fault:
        assert fault.reason is ContentReason.MALFORMED  # noqa: PT017


@pytest.mark.parametrize(
    "value",
    ["2026-13-01T00:00:00Z", "2026-11-23T99:99:99Z", "9" * 40, "2026-11-23", "2026-11-23T12:00:00+15:00"],
)
def test_XML_18_malformed_moments_are_refused_by_the_schema_first(value):
    assert "xs:dateTime" in refusal(changed(lambda root: root.set("IssueInstant", value)))


@pytest.mark.parametrize(("text", "wanted"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_booleans(text, wanted):
    assert reading.boolean(etree.Element("a", b=text), "b", default=not wanted) is wanted
    assert reading.boolean(etree.Element("a"), "b", default=wanted) is wanted


@pytest.mark.parametrize("text", ["", "True", "yes", " true", "2"])
def test_what_is_no_boolean(text):
    with pytest.raises(Fault) as caught:
        reading.boolean(etree.Element("a", b=text), "b", default=True)
    assert caught.value.reason is ContentReason.MALFORMED


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "x", "٣", "²", "1" * 10, " 1"])
def test_what_is_no_number(text):
    with pytest.raises(Fault) as caught:
        reading.number(etree.Element("a", b=text), "b")
    assert caught.value.reason is ContentReason.MALFORMED


def test_numbers():
    assert reading.number(etree.Element("a", b="0042"), "b") == 42
    assert reading.number(etree.Element("a"), "b") is None


def test_text_is_whole_or_refused():
    assert reading.text(document.read(b"<a> x<![CDATA[y]]>&#122; </a>")) == " xyz "
    assert reading.text(document.read(b"<a/>")) == ""
    with pytest.raises(Fault) as caught:
        reading.text(document.read(f'<a xmlns="{names.SAML}">x<b/>y</a>'.encode()))
    assert caught.value.reason is ContentReason.MALFORMED


def test_one_and_optional_count():
    root = document.read(f'<a xmlns="{names.SAML}"><b/><c/><c/></a>'.encode())
    assert reading.one(root, names.SAML, "b").tag == f"{SAML}b"
    assert reading.optional(root, names.SAML, "d") is None
    for name, reason in (("c", ContentReason.REPEATED), ("d", ContentReason.MISSING)):
        with pytest.raises(Fault) as caught:
            reading.one(root, names.SAML, name)
        assert caught.value.reason is reason
