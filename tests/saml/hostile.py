"""Documents that are meant to hurt a parser: what each is called, what it is, and why it must be refused."""

from broker.saml.faults import DocumentReason

_BOMB = '<!ENTITY e0 "lol">' + "".join(
    '<!ENTITY e{} "{}">'.format(level, f"&e{level - 1};" * 10) for level in range(1, 10)
)
_MANY_NAMES = [f"a{number:x}" for number in range(27_000)]
_ATTRIBUTES = " ".join(f'{name}=""' for name in _MANY_NAMES)
_NAMESPACES = " ".join(f'xmlns:{name}="a:b"' for name in _MANY_NAMES[:13_000])
_TWENTY = " ".join(f'xmlns:{name}="a:b"' for name in _MANY_NAMES[:20])
_SIBLINGS = "".join(f'<b ID="_{number}"/>' for number in range(1_900))
_LONG = "u:" + "x" * 120_000

HOSTILE: dict[str, tuple[bytes, DocumentReason]] = {
    "billion laughs": (f"<!DOCTYPE a [{_BOMB}]><a>&e9;</a>".encode(), DocumentReason.DOCTYPE),
    "billion laughs in UTF-16": (
        f'<?xml version="1.0"?><!DOCTYPE a [{_BOMB}]><a>&e9;</a>'.encode("utf-16-le"),
        DocumentReason.NOT_UTF8,
    ),
    "quadratic blow-up": (
        b'<!DOCTYPE a [<!ENTITY e "' + b"x" * 100_000 + b'">]><a>' + b"&e;" * 50_000 + b"</a>",
        DocumentReason.DOCTYPE,
    ),
    "nested a hundred deep": (b"<a>" * 100 + b"</a>" * 100, DocumentReason.TOO_DEEP),
    "nested as deep as fits": (b"<a>" * 37_000 + b"</a>" * 37_000, DocumentReason.NOT_WELL_FORMED),
    "elements, as many as fit": (b"<a>" + b"<b/>" * 65_000 + b"</a>", DocumentReason.TOO_MANY_ELEMENTS),
    "attributes, as many as fit": (
        f"<a {_ATTRIBUTES}/>".encode(),
        DocumentReason.TOO_MANY_ATTRIBUTES,
    ),
    "attributes on many elements": (
        b"<a>" + b'<b c="" d="" e="" f="" g=""/>' * 1_900 + b"</a>",
        DocumentReason.TOO_MANY_ATTRIBUTES,
    ),
    "namespaces, as many as fit": (
        f"<a {_NAMESPACES}/>".encode(),
        DocumentReason.TOO_MANY_NAMESPACES,
    ),
    "namespaces piling up": (
        f"<a {_TWENTY}>".encode() * 30 + b"</a>" * 30,
        DocumentReason.TOO_MANY_NAMESPACES,
    ),
    "one long namespace used often": (
        f'<a xmlns:p="{_LONG}">'.encode() + b"<p:b/>" * 1_900 + b"</a>",
        DocumentReason.TOO_MANY_NAMESPACES,
    ),
    "a name without end": (b"<" + b"a" * 250_000 + b"/>", DocumentReason.NOT_WELL_FORMED),
    "an attribute without end": (b'<a b="' + b"x" * 300_000 + b'"/>', DocumentReason.TOO_LARGE),
    "nothing but lesser-than": (b"<" * 250_000, DocumentReason.NOT_WELL_FORMED),
    "nothing but ampersands": (b"<a>" + b"&" * 250_000 + b"</a>", DocumentReason.NOT_WELL_FORMED),
    "a declaration without end": (b"<?xml" + b" " * 250_000 + b"version='1.0'", DocumentReason.XML_DECLARATION),
    "the same id at both ends": (
        f'<a>{_SIBLINGS}<b ID="_0"/></a>'.encode(),
        DocumentReason.DUPLICATE_ID,
    ),
    "a hundred megabytes": (b"<a>" + b"x" * 100_000_000 + b"</a>", DocumentReason.TOO_LARGE),
}
