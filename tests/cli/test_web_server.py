"""`ketenbroker serve`: what gunicorn lets through to the broker, and what it does not (WEB-09, WEB-11, WEB-12)."""

import base64
import os
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from lxml import etree

from broker.web.app import MAX_BODY
from tests.cli.served import Served
from tests.simulator.test_redirect import deflated, joined, query

LONGEST_LINE = 8190
CRLF = b"\r\n"
HOST = b"Host: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
SECOND = b"GET /help HTTP/1.1\r\nHost: localhost\r\n\r\n"


def lines(served: Served) -> Iterator[bytes]:
    """First lines of signed requests by redirect, each some octets longer than the one before."""
    sso = served.simulator.addresses.sso
    random = base64.b64encode(os.urandom(LONGEST_LINE)).decode()  # does not compress
    for size in range(5000, 7000, 25):
        asked = served.requester.request(sso, ProviderName=random[:size])
        raw = query(deflated(etree.tostring(asked)), served.requester.signing, relay_state="x" * 80)
        yield f"GET /broker/sso/1.13?{joined(raw)} HTTP/1.1\r\n".encode()


def test_WEB_11_a_signed_request_by_redirect_may_be_as_long_as_gunicorn_can_take(served: Served):
    """A usual one has some 2,000 octets; by default gunicorn stops at 4,094."""
    fitting, before = [line for line in lines(served) if len(line) - len(CRLF) <= LONGEST_LINE], served.logins()
    assert len(fitting[-1]) > LONGEST_LINE - 100
    (answer,) = served.send(fitting[-1] + HOST + b"Connection: close\r\n\r\n")
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/login/")
    assert served.logins() == before + 1


def test_WEB_11_a_longer_one_is_refused_and_begins_nothing(served: Served):
    line, before = next(line for line in lines(served) if len(line) - len(CRLF) > LONGEST_LINE), served.logins()
    (answer,) = served.send(line + HOST + b"\r\n" + SECOND)
    assert answer.status == 414
    assert line[100:200] not in answer.body
    assert served.logins() == before


def posted(*headers: bytes, body: bytes = b"") -> bytes:
    return b"POST /broker/sso/1.13 HTTP/1.1\r\n" + HOST + FORM + b"".join(headers) + b"\r\n" + body


@pytest.mark.parametrize(
    "octets",
    [
        posted(b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", body=b"0\r\n\r\n"),
        posted(b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", body=b"0\r\n\r\n"),
        posted(b"Content-Length: 0\r\nContent-Length: 40\r\n"),
        posted(b"Content-Length: +4\r\n", body=b"a=b&"),
        posted(b"Content-Length: 4, 4\r\n", body=b"a=b&"),
        posted(b"Content-Length : 4\r\n", body=b"a=b&"),
        posted(b"Transfer-Encoding : chunked\r\n", body=b"0\r\n\r\n"),
        posted(b"Transfer-Encoding: xchunked\r\n", body=b"0\r\n\r\n"),
        posted(b"Transfer-Encoding: chunked, identity\r\n", body=b"0\r\n\r\n"),
        posted(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", body=b"0\r\n\r\n"),
        posted(b"X: a\r\n Transfer-Encoding: chunked\r\n", body=b"0\r\n\r\n"),
        posted(b"X: a\rTransfer-Encoding: chunked\r\n"),
        posted(b"X: " + b"a" * 9000 + b"\r\n"),
        posted(*(b"X-%d: a\r\n" % number for number in range(200))),
        b"GET /help HTTP/1.1\r\nHost: localhost\r\nHost : evil.invalid\r\n\r\n",
    ],
    ids=[
        "length-and-chunked",
        "chunked-and-length",
        "two-lengths",
        "signed-length",
        "listed-length",
        "space-before-colon",
        "space-before-colon-of-chunked",
        "unknown-coding",
        "chunked-is-not-last",
        "chunked-twice",
        "folded",
        "bare-carriage-return",
        "large-header",
        "many-headers",
        "space-in-host",
    ],
)
def test_WEB_11_a_request_of_which_the_end_can_be_disputed_is_refused_and_the_connection_closed(
    served: Served, octets: bytes
):
    """So what one server takes for a second request is never read as one by the next."""
    (answer,) = served.send(octets + SECOND)
    assert answer.status in (400, 431, 501)
    assert answer.will_close


def test_WEB_11_WEB_12_a_body_in_chunks_has_the_same_limit(served: Served):
    fields = urlencode(served.requester.begin(served.simulator.addresses.sso)).encode()
    chunked, closing = b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n"
    taken, large = served.logins(), b"a" * (MAX_BODY + 1)
    (answer,) = served.send(posted(chunked, closing, body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(fields), fields)))
    assert (answer.status, served.logins()) == (303, taken + 1)
    (answer,) = served.send(posted(chunked, closing, body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(large), large)))
    assert answer.status == 413
    assert b"EH-WEB-413" in answer.body


@pytest.mark.parametrize(
    "headers",
    [
        b"X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n",
        b"X-Forwarded-Host: evil.invalid\r\nForwarded: host=evil.invalid;proto=https\r\n",
    ],
)
def test_WEB_09_what_a_header_says_of_the_way_here_means_nothing(served: Served, headers: bytes):
    """Also not for gunicorn, which by default believes whoever is on the same machine."""
    asked = b"GET /help?lang=en HTTP/1.1\r\n" + HOST + headers + b"Connection: close\r\n\r\n"
    (answer,) = served.send(asked)
    assert answer.status == 200
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert b"evil.invalid" not in answer.body


def test_WEB_09_a_header_does_not_say_below_which_path_the_broker_is(served: Served):
    asked = b"GET //evil.invalid/help HTTP/1.1\r\n" + HOST + b"SCRIPT_NAME: //evil.invalid\r\n"
    (answer,) = served.send(asked + b"Connection: close\r\n\r\n")
    assert answer.status == 404
    assert b"evil.invalid" not in answer.body
