"""What somebody has becomes one or more messages, and each guess on the way is told."""

import re
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote

from broker.core.text import Text
from broker.inspection import traces
from broker.inspection.found import AS_XML, GIVE, Found, Unreadable, decoded, from_fields, from_query

MAX_INPUT: Final = 4 * 1024 * 1024
"""Bytes: an export of a browser holds much besides messages."""

_IN_TEXT: Final = re.compile(r"(?:^|[?&\s])(SAMLRequest|SAMLResponse|SAMLart)=")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"

_AS_PAGE: Final = Text("webpagina met een formulier", "web page with a form")


def take(data: bytes) -> tuple[Found, ...]:
    """The messages in `data`, at least one; raises `Unreadable`."""
    text = _text(data)
    if text[0] in "{[":
        return traces.read(text)
    if text[0] == "<":
        return (_page(text),) if re.match(r"<(!doctype )?html\b", text, re.IGNORECASE) else (_xml(text),)
    if _IN_TEXT.search(text):
        return (from_query(_run_around(text)),)
    if _BASE64.fullmatch("".join(unquote(text).split())):
        octets, how = decoded(text)
        return (Found(octets, how),)
    raise Unreadable(Text("Dit is geen SAML-bericht.", "This is no SAML message."), GIVE)


def _text(data: bytes) -> str:
    if len(data) > MAX_INPUT:
        size, most = f"{len(data):,}", f"{MAX_INPUT:,}"
        raise Unreadable(
            Text(f"Dit is te groot: {size} bytes, en {most} mag.", f"This is too large: {size} bytes, {most} may be."),
            Text("Geef alleen het bericht.", "Give the message alone."),
        )
    try:
        text = data.decode("utf-8").removeprefix(_MARK).strip()
    except UnicodeDecodeError as error:
        raise Unreadable(
            Text(f"Byte {error.start} is geen UTF-8.", f"Byte {error.start} is not UTF-8."),
            Text(
                "Geef het bericht als tekst in UTF-8, of als base64.", "Give the message as text in UTF-8, or base64."
            ),
        ) from error
    if not text:
        raise Unreadable(Text("Er is niets gegeven.", "Nothing was given."), GIVE)
    return text


def _xml(text: str) -> Found:
    return Found(text.encode(), (AS_XML,))


def _run_around(text: str) -> str:
    """The address or query that holds the parameter, without what stands around it."""
    found = _IN_TEXT.search(text)
    start = 0 if found is None else found.start(1)
    begin = max(text.rfind(character, 0, start) for character in " \t\r\n\"'<>") + 1
    rest = re.split(r"[\s\"'<>#]", text[begin:], maxsplit=1)[0]
    return rest.partition("?")[2] or rest


class _Fields(HTMLParser):
    """The input fields of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the name and the value of an input."""
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""


def _page(text: str) -> Found:
    reader = _Fields()
    reader.feed(text)
    found = from_fields(reader.fields)
    if found is None:
        raise Unreadable(
            Text("Deze webpagina bevat geen formulier met een bericht.", "This web page holds no form with a message."),
            GIVE,
        )
    return Found(found.octets, (_AS_PAGE, *found.read_as[1:]), found.parameter, None, found.relay_state)
