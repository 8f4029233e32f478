"""Where elements stand in the bytes: the scan of the text and the reader of XML see the same document."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from broker.inspection.places import places
from broker.saml import document
from tests.inspection.conftest import Messages


def check(octets: bytes, *, comments: bool = False) -> None:
    root = document.read(octets, drop_comments=comments)
    for element, place in places(octets, root).items():
        own = octets[place.start : place.end]
        prefix = f"{element.prefix}:" if element.prefix else ""
        assert own.startswith(f"<{prefix}{etree.QName(element).localname}".encode())
        assert own.endswith(b">")
        declared = "".join(f' xmlns{f":{name}" if name else ""}="{uri}"' for name, uri in element.nsmap.items())
        alone = document.read(f"<x{declared}>".encode() + own + b"</x>", drop_comments=comments)[0]
        assert etree.tostring(alone, method="c14n", exclusive=True) == etree.tostring(
            element, method="c14n", exclusive=True, with_tail=False
        )


@pytest.mark.parametrize("name", ["request", "answer", "envelope"])
def test_the_bytes_of_each_element_of_a_genuine_message_are_that_element(messages: Messages, name: str):
    check(getattr(messages, name))


@pytest.mark.parametrize(
    "octets",
    [
        b"<a/>",
        b"<?xml version='1.0'?>\n<a b='>' c=\"/>\"><b/>x<![CDATA[<c>]]></a >",
        b"<a><b>1</b\n><b\n/><b c='</b>'.></b></a>".replace(b"</b>'.", b"&lt;/b>'"),
        "<a>é<b>ü</b></a>".encode(),
    ],
)
def test_what_looks_like_a_tag_is_told_from_one(octets: bytes):
    check(octets)


def test_comments_of_metadata_are_passed_over():
    check(b"<a><!-- <b> --><c/></a>", comments=True)


_NAMES = st.sampled_from(["a", "b", "p:c"])
_TEXTS = st.sampled_from(["", "x", "&gt;", "<![CDATA[<a>]]>", " \n", "é"])
_VALUES = st.sampled_from(["", ">", "/", "'", "a/>"])


def _element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def written(name: str, value: str, parts: list[str], text: str) -> str:
        content = text + "".join(parts)
        return f'<{name} v="{value}">{content}</{name}>' if content else f'<{name} v="{value}"/>'

    return st.builds(written, _NAMES, _VALUES, st.lists(inside, max_size=3), _TEXTS)


@settings(max_examples=60, deadline=None)
@given(st.recursive(_element(_TEXTS), _element, max_leaves=8))
def test_the_scan_and_the_reader_agree_on_any_document(inner: str):
    check(f'<r xmlns:p="urn:p">{inner}</r>'.encode())
