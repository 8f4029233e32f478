"""What can be done to what carries a message: base64, the fields of a form, the query of a redirect, an artifact."""

import base64
import binascii
import zlib
from collections.abc import Sequence
from random import Random
from urllib.parse import quote, quote_plus, unquote_to_bytes

from broker.saml import names
from tests.mutants import octets
from tests.mutants.donors import deflated
from tests.simulator.journey import Form

FIELDS = ("SAMLRequest", "SAMLResponse", "SAMLart", "RelayState", "SigAlg", "Signature", "SAMLEncoding", "x")
ALGORITHMS = (
    names.RSA_SHA256,
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    "",
)


def base64_text(random: Random, text: str) -> str:
    """Base64 that is broken, wrapped, or of another kind."""
    place = random.randint(0, len(text))
    odd = random.choice(("\r\n", "\n", " ", "\t", "=", "-", "_", "\0", "é", "%3D"))
    head = text.rstrip("=")
    return random.choice(
        (
            text[:place] + odd + text[place:],
            text[:place],
            head,
            text + random.choice(("=", "AAAA", "\n", "!")),
            text.replace("+", "-").replace("/", "_"),
            base64.encodebytes(text.encode()).decode(),
            # The last character before the padding has bits that mean nothing.
            head[:-1] + random.choice("ABCDEFGH") + text[len(head) :],
        )
    )


def text_of_xml(data: bytes) -> str:
    """`data` as a text that XML can hold."""
    return "".join(character if character.isprintable() else " " for character in data.decode("latin-1"))


def fields(random: Random, form: Form, name: str, other: str) -> Form:
    """A form with a field repeated, missing, foreign or broken; `name` is the field of the message, `other` another."""
    made = {key: list(values) for key, values in form.items()}
    choice = random.randrange(5)
    if choice == 0:
        made[name] = [*made[name], other] if random.random() < 0.5 else [other, *made[name]]
    elif choice == 1:
        made[random.choice(FIELDS)] = [random.choice(("", "x", other))]
    elif choice == 2:
        made.pop(name)
    elif choice == 3:
        made["RelayState"] = [random.choice(("", "x" * 81, "\0", "<x>", "state")), *made.get("RelayState", [])]
    else:
        made[name] = [base64_text(random, made[name][0])]
    return made


def query(random: Random, raw: bytes, others: Sequence[bytes]) -> tuple[bytes, list[str]]:
    """A signed query after one or a few changes, and what they were."""
    done = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        change = random.choice(QUERY_CHANGES)
        raw = change(random, raw, random.choice(others))
        done.append(change.__name__)
    return raw, done


def reorder(random: Random, raw: bytes, _other: bytes) -> bytes:
    """The parameters stand in another order."""
    parts = raw.split(b"&")
    random.shuffle(parts)
    return b"&".join(parts)


def lend(random: Random, raw: bytes, other: bytes) -> bytes:
    """A parameter of another query takes the place of its own, or comes beside it."""
    parts, lent = raw.split(b"&"), random.choice(other.split(b"&"))
    name = lent.partition(b"=")[0]
    if random.random() < 0.7:
        return b"&".join(lent if part.partition(b"=")[0] == name else part for part in parts)
    parts.insert(random.randint(0, len(parts)), lent)
    return b"&".join(parts)


def drop(random: Random, raw: bytes, _other: bytes) -> bytes:
    """A parameter is gone, or empty."""
    parts = raw.split(b"&")
    place = random.randrange(len(parts))
    if random.random() < 0.5:
        del parts[place]
    else:
        parts[place] = parts[place].partition(b"=")[0] + random.choice((b"=", b""))
    return b"&".join(parts)


def add(random: Random, raw: bytes, _other: bytes) -> bytes:
    """A parameter comes in; it may be one that is there, spelled in another way."""
    name = random.choice(FIELDS)
    spelled = random.choice((name, name.lower(), "%" + name[0].encode().hex() + name[1:], name + "%00", " " + name))
    return raw + f"&{spelled}={quote_plus(random.choice(('x', '', *ALGORITHMS)))}".encode()


def respell(random: Random, raw: bytes, _other: bytes) -> bytes:
    """A value is encoded otherwise, which leaves its meaning and changes what was signed."""
    parts = raw.split(b"&")
    place = random.randrange(len(parts))
    name, _, value = parts[place].partition(b"=")
    plain = unquote_to_bytes(value)
    spelled = random.choice(
        (
            quote(plain, safe="").lower().encode(),
            quote(plain, safe="/+=:#").encode(),
            b"".join(b"%%%02X" % octet for octet in plain),
            value.replace(b"%2B", b"+"),
            value.replace(b"%20", b"+"),
        )
    )
    parts[place] = name + b"=" + spelled
    return b"&".join(parts)


def recompress(random: Random, raw: bytes, other: bytes) -> bytes:
    """The message is another one, compressed as it should be or not."""
    parts = raw.split(b"&")
    message = _message(random.choice((raw, other)))
    spoilt, _ = octets.edit(random, message, [message]) if message else (b"", [])
    packed = random.choice((deflated(spoilt), deflated(spoilt) + b"\0", deflated(spoilt)[:-1], spoilt))
    value = b"SAMLRequest=" + quote_plus(base64.b64encode(packed).decode()).encode()
    return b"&".join(value if part.startswith(b"SAMLRequest=") else part for part in parts)


def _message(raw: bytes) -> bytes:
    value = next((part for part in raw.split(b"&") if part.startswith(b"SAMLRequest=")), b"")
    try:
        return zlib.decompress(base64.b64decode(unquote_to_bytes(value.partition(b"=")[2])), -zlib.MAX_WBITS)
    except (zlib.error, binascii.Error, ValueError):
        return b""


def rebase(random: Random, raw: bytes, _other: bytes) -> bytes:
    """A value is broken as base64."""
    parts = raw.split(b"&")
    place = random.randrange(len(parts))
    name, _, value = parts[place].partition(b"=")
    text = base64_text(random, unquote_to_bytes(value).decode("latin-1"))
    parts[place] = name + b"=" + quote_plus(text).encode()
    return b"&".join(parts)


def bytewise(random: Random, raw: bytes, other: bytes) -> bytes:
    """The query is edited as bytes."""
    return octets.edit(random, raw, [other])[0] if raw else raw


QUERY_CHANGES = (reorder, lend, lend, drop, add, respell, recompress, recompress, rebase, bytewise, bytewise)


def artifact(random: Random, text: str) -> str:
    """Another artifact: random, of another type, index, source or length, or spelled otherwise; always text of XML."""
    known = base64.b64decode(text)
    place = random.randrange(len(known))
    spoilt = random.choice(
        (
            known[:place] + bytes([known[place] ^ (1 << random.randrange(8))]) + known[place + 1 :],
            random.randbytes(2) + known[2:],
            known[:2] + random.randbytes(2) + known[4:],
            known[:4] + random.randbytes(20) + known[24:],
            known[:24] + random.randbytes(20),
            known[:place] + random.randbytes(random.randrange(60)),
        )
    )
    spelled = ("", " " + text, text + "\n", text + text, text.lower(), text[:20] + "\n" + text[20:])
    return random.choice(
        (
            base64.b64encode(spoilt).decode(),
            base64.b64encode(spoilt).decode(),
            base64_text(random, text).replace("\0", " "),
            random.choice(spelled),
        )
    )
