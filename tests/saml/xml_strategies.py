"""Arbitrary small documents, as text, that `document.read` accepts."""

from xml.sax.saxutils import escape

from hypothesis import strategies as st

_NAMES = st.sampled_from(["a", "b", "Name", "x-1", "x.y"])
_URIS = st.sampled_from(["urn:a", "urn:b", "http://example.org/#"])
_TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cs", "Cc"],
        exclude_characters="\ufffe\uffff",
        include_characters="\t\n\r<>&'\"]",
    ),
    max_size=8,
)
_REFERENCES = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;", '"': "&quot;"}


@st.composite
def documents(draw) -> bytes:
    """Elements with text, CDATA, attributes, and prefixes that are declared, used and bound anew at every level."""
    return _element(draw, {}, 3).encode()


def _element(draw, bound: dict[str, str], depth: int) -> str:
    declared = draw(st.dictionaries(st.sampled_from(["p", "q", ""]), _URIS, max_size=2))
    bound = bound | declared
    tag = _qualified(draw, bound, "")
    declarations = "".join(f' xmlns{":" if prefix else ""}{prefix}="{uri}"' for prefix, uri in declared.items())
    content = _text(draw) + "".join(
        _element(draw, bound, depth - 1) + _text(draw) for _ in range(draw(st.integers(0, 2)) if depth else 0)
    )
    return f"<{tag}{declarations}{_attributes(draw, bound)}>{content}</{tag}>"


def _qualified(draw, bound: dict[str, str], unprefixed: str) -> str:
    prefix = draw(st.sampled_from([unprefixed, *(prefix for prefix in bound if prefix)]))
    return f"{prefix}{':' if prefix else ''}{draw(_NAMES)}"


def _attributes(draw, bound: dict[str, str]) -> str:
    found: dict[tuple[str, str], str] = {}
    for _ in range(draw(st.integers(0, 3))):
        name = _qualified(draw, bound, "")
        prefix, _, local = name.rpartition(":")
        found[bound[prefix] if prefix else "", local] = f' {name}="{escape(draw(_TEXT), _REFERENCES)}"'
    return "".join(found.values())


def _text(draw) -> str:
    text = draw(_TEXT)
    if "]]>" not in text and "\r" not in text and draw(st.booleans()):
        return f"<![CDATA[{text}]]>"
    return escape(text, {"\r": "&#13;"})
