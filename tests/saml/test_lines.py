"""The line of a place in metadata, also when what was read is what a signature covers."""

import pytest
from lxml import etree

from broker.saml.lines import line_of
from broker.saml.metadata import read_as_written
from broker.saml.reading import path
from tests.rules.metadata_cases import KEY, by_the_book
from tests.saml.metadata_samples import MOMENT, service, signed

# Each element on a line of its own, the root on the first.
SECOND = "urn:etoegang:DV:00000099000000140000:services:2"
LINES = by_the_book(services=service() + service(2, SECOND)).replace("><", ">\n<")


def line_with(text: str, number: int = 1) -> int:
    return [line for line, found in enumerate(LINES.splitlines(), 1) if text in found][number - 1]


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("EntityDescriptor", 1),
        ("EntityDescriptor/@entityID", 1),
        ("SPSSODescriptor", 2),
        ("SPSSODescriptor/@WantAssertionsSigned", 2),
        ("SPSSODescriptor/KeyDescriptor", line_with("<md:KeyDescriptor")),
        ("SPSSODescriptor/KeyDescriptor[1]", line_with("<md:KeyDescriptor")),
        ("SPSSODescriptor/KeyDescriptor[2]", 2),
        ("SPSSODescriptor/NameIDFormat", 2),
        ("SPSSODescriptor/AttributeConsumingService[2]", line_with("<md:AttributeConsumingService", 2)),
        ("AttributeConsumingService[@index=2]/RequestedAttribute", line_with("<md:RequestedAttribute", 2)),
        ("AttributeConsumingService[@index=3]/RequestedAttribute", None),
        ("document", None),
        ("", None),
    ],
)
def test_the_line_of_a_path_or_of_what_is_nearest_around_it(where, line):
    assert line_of(LINES.encode(), where, "") == line


def test_a_fault_of_the_whole_document_says_its_line_itself():
    assert line_of(b"<a>\n<b></a>", "document", "Opening and ending tag mismatch: b line 2 and a, line 2") == 2
    assert line_of(LINES.encode(), "document", "line 7: Element 'x'") == 7
    assert line_of(b"<a", "SPSSODescriptor", "no number") is None


def test_of_signed_metadata_it_is_the_line_of_the_file():
    """What is read was written anew from the signature, on lines of its own."""
    data = signed(LINES, KEY).replace(b"<md:EntityDescriptor ", b"\n\n<md:EntityDescriptor ", 1).strip()
    data = data.replace(b'" entityID="', b'"\n\n\nentityID="', 1)
    _, entity = read_as_written(data, MOMENT)
    role = entity.find("{*}SPSSODescriptor")
    written = next(line for line, text in enumerate(data.splitlines(), 1) if b"<md:SPSSODescriptor" in text)
    assert role.sourceline != written
    assert line_of(data, path(role), "") == written


def test_in_a_wrapper_the_entity_is_found_too():
    namespace = etree.fromstring(LINES).nsmap["md"]
    wrapped = f'<md:EntitiesDescriptor xmlns:md="{namespace}">\n{LINES}</md:EntitiesDescriptor>'.encode()
    _, entity = read_as_written(wrapped, MOMENT)
    for found, line in ((entity, 2), (entity.find("{*}SPSSODescriptor"), 3)):
        assert line_of(wrapped, path(found), "") == line
