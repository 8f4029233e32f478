"""What can be done to a message as bytes, and to a base64 text."""

from collections.abc import Callable, Sequence
from random import Random

Edit = Callable[[Random, bytes, bytes], bytes]

# Pieces of XML that parsers and verifiers have stumbled over.
TOKENS = (
    *(b"<!---->", b"<!-- x -->", b"<?x y?>", b"<![CDATA[]]>", b"<![CDATA[x]]>", b"&#13;", b"&#x20;", b"&amp;", b"&x;"),
    *(b" ", b"\n", b"\t", b"\r\n", b"\0", b"\x80", b"\xc2\x80", b"\xe2\x80\x8b", b"\xef\xbb\xbf", b"\xff", b"'", b'"'),
    *(b"<", b">", b"/>", b"</", b"<x/>", b"<x>", b"</x>", b"&", b"&lt;", b"]]>", b"-->", b":", b"="),
    *(b' xmlns=""', b' xmlns:saml="urn:x"', b' xmlns:x="1"', b' ID="_evil"', b' Id="_evil"', b' xml:id="_evil"'),
    *(b' xml:space="preserve"', b' xml:base="http://127.0.0.1:1/"', b' xsi:nil="true"', b' mustUnderstand="1"'),
)
HEADS = (
    *(b'<?xml version="1.0"?>', b'<?xml version="1.0" encoding="utf-8"?>', b'<?xml version="1.1"?>', b"\xef\xbb\xbf"),
    *(b'<?xml version="1.0" encoding="utf-16"?>', b'<?xml version="1.0" encoding="iso-8859-1"?>', b" ", b"\n"),
    *(b"<!DOCTYPE x>", b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/">', b'<!DOCTYPE x [<!ENTITY x "y">]>', b"<!-- -->"),
    b'<?xml-stylesheet href="x"?>',
)


def flip(random: Random, data: bytes, _other: bytes) -> bytes:
    """One bit is the other one."""
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << random.randrange(8))]) + data[place + 1 :]


def cut(random: Random, data: bytes, _other: bytes) -> bytes:
    """A few bytes are gone, or all from here."""
    place = random.randrange(len(data))
    return data[:place] if random.random() < 0.1 else data[:place] + data[place + random.randint(1, 20) :]


def insert(random: Random, data: bytes, _other: bytes) -> bytes:
    """A token comes in, mostly next to a delimiter."""
    place = random.randrange(len(data) + 1)
    if random.random() < 0.7:
        place = max(data.find(random.choice((b"<", b">", b" ", b'"', b"=")), place), 0)
        place += random.randint(0, 1)
    return data[:place] + random.choice(TOKENS) + data[place:]


def repeat(random: Random, data: bytes, _other: bytes) -> bytes:
    """A piece is there twice, or stands elsewhere too."""
    start = random.randrange(len(data))
    piece = data[start : start + random.randint(1, 400)]
    place = random.choice((start, random.randrange(len(data))))
    return data[:place] + piece + data[place:]


def splice(random: Random, data: bytes, other: bytes) -> bytes:
    """A piece is that of another message, at the same place or elsewhere."""
    start = random.randrange(len(data))
    length = random.randint(1, 400)
    begin = random.choice((start % len(other), random.randrange(len(other))))
    return data[:start] + other[begin : begin + length] + data[start + length :]


def head(random: Random, data: bytes, _other: bytes) -> bytes:
    """Something stands before the root, or behind it."""
    piece = random.choice(HEADS)
    return piece + data if random.random() < 0.8 else data + piece


def white(random: Random, data: bytes, _other: bytes) -> bytes:
    """White space, where it means nothing: before the end of a tag."""
    place = data.find(random.choice((b">", b"/>")), random.randrange(len(data)))
    before = data[place - 1 : place]
    return (
        data if place < 0 or before in b"/]-?" else data[:place] + random.choice((b" ", b"\n", b"\t ")) + data[place:]
    )


def quote(random: Random, data: bytes, _other: bytes) -> bytes:
    """The quotes of an attribute are the other ones."""
    start = data.find(b'="', random.randrange(len(data)))
    end = data.find(b'"', start + 2)
    if start < 0 or end < 0 or b"'" in data[start:end]:
        return data
    return data[: start + 1] + b"'" + data[start + 2 : end] + b"'" + data[end + 1 :]


def refer(random: Random, data: bytes, _other: bytes) -> bytes:
    """A character is written as a reference."""
    place = random.randrange(len(data))
    character = data[place : place + 1]
    if not character.isalnum():
        return data
    return data[:place] + (b"&#%d;" if random.random() < 0.5 else b"&#x%x;") % character[0] + data[place + 1 :]


EDITS: tuple[Edit, ...] = (
    flip,
    flip,
    cut,
    insert,
    insert,
    insert,
    repeat,
    splice,
    splice,
    head,
    white,
    quote,
    refer,
    refer,
)


def edit(random: Random, data: bytes, others: Sequence[bytes]) -> tuple[bytes, list[str]]:
    """`data` after one or a few edits, and what they were."""
    done = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if data:
            chosen = random.choice(EDITS)
            data = chosen(random, data, random.choice(others))
            done.append(chosen.__name__)
    return data, done
