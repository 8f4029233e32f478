"""A question over SOAP to a party that is slow, endless or broken (ART-13)."""

import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from broker.core.clock import system_clock
from broker.core.identifiers import Oin
from broker.saml import pki
from broker.saml.faults import BindingReason, Fault
from broker.simulator import back_channel
from broker.simulator.layout import Layout
from broker.tls import TlsFiles, server_context
from tests.simulator.artifact_service import raw_service

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n"
PATIENCE = timedelta(seconds=0.5)


NO_FILES = TlsFiles(Path("none.pem"), Path("none.key"))


def ask(address: str, patience: timedelta = timedelta(seconds=5), tls: TlsFiles = NO_FILES) -> bytes:
    return back_channel.ask(address, b"<question/>", patience, tls)


def refused(address: str, patience: timedelta = timedelta(seconds=5), tls: TlsFiles = NO_FILES) -> str:
    with pytest.raises(Fault) as caught:
        ask(address, patience, tls)
    assert caught.value.reason is BindingReason.UNANSWERED
    return caught.value.detail


def test_an_answer_with_a_length():
    with raw_service(HEAD + b"Content-Length: 4\r\n\r\n<a/>") as address:
        assert ask(address) == b"<a/>"


def test_an_answer_in_chunks():
    with raw_service(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"2\r\n<a\r\n", b"2\r\n/>\r\n", b"0\r\n\r\n") as at:
        assert ask(at) == b"<a/>"


def test_an_answer_until_the_connection_closes():
    with raw_service(HEAD.replace(b"text/xml", b"application/soap+xml") + b"\r\n<a/>") as address:
        assert ask(address) == b"<a/>"


@pytest.mark.parametrize(
    ("head", "endless"),
    [
        ((), b""),
        ((), b"H"),
        ((b"HTTP/1.1 200 OK\r\n",), b"X"),
        ((b"HTTP/1.1 200 OK\r\n",), b"X: y\r\n"),
        ((HEAD + b"\r\n",), b"x"),
        ((HEAD + b"Content-Length: 100000\r\n\r\n",), b"x"),
        ((HEAD + b"Transfer-Encoding: chunked\r\n\r\n",), b"1\r\nx\r\n"),
    ],
    ids=["silence", "status", "header", "headers", "body", "body-with-length", "chunks"],
)
def test_ART_13_who_drips_is_cut_off(head, endless):
    with raw_service(*head, pause=0.05, endless=endless) as address:
        detail = refused(address, PATIENCE)
    assert "TimeoutError" in detail


@pytest.mark.parametrize("announced", [b"", b"Content-Length: 1073741824\r\n"], ids=["unannounced", "announced"])
def test_ART_13_who_does_not_stop_is_cut_off(announced):
    with raw_service(HEAD + announced + b"\r\n", endless=b" " * 65536) as address:
        assert refused(address).startswith("more than")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "HTTP status 302"),
        (b"HTTP/1.1 500 Oops\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>", "HTTP status 500"),
        (b"HTTP/1.1 204 Nothing\r\nContent-Type: text/xml\r\n\r\n", "HTTP status 204"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<a/>", "content type text/html"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a/>", "content type text/plain"),
        (b"rubbish\r\n\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "HTTPException"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "LineTooLong"),
    ],
    ids=["redirect", "fault", "no-content", "html", "no-type", "no-http", "many-headers", "long-header"],
)
def test_ART_12_ART_13_what_is_no_answer(answer, told):
    with raw_service(answer) as address:
        assert told in refused(address)


def test_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        assert "ConnectionRefusedError" in refused(f"http://127.0.0.1:{taken.getsockname()[1]}/ars")


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., TlsFiles]:
    """files("one", "other"): the pair of a party of the authority `one`, which trusts what `other` issued."""

    def made(authority: str, trusted: str) -> TlsFiles:
        for name in (authority, trusted):
            pki.ensure(tmp_path / name, (pki.Party("party", "Partij", Oin("00000099000000990000")),), system_clock())
        folder = tmp_path / authority / "party"
        return TlsFiles(folder / "tls.pem", folder / "tls.key", pki.authority_path(tmp_path / trusted))

    return made


def test_over_https_both_sides_show_a_certificate(files):
    with raw_service(HEAD + b"\r\n<a/>", tls=server_context(files("theirs", "ours"))) as address:
        assert ask(address, tls=files("ours", "theirs")) == b"<a/>"


def test_over_https_the_broker_shows_its_own_certificate_and_trusts_the_test_authority(network):
    party = Layout.of(network.settings)
    with raw_service(HEAD + b"\r\n<a/>", tls=server_context(party.tls_files("kvk", network.authority))) as address:
        assert ask(address, tls=network.simulator.tls) == b"<a/>"
    assert network.simulator.tls.certificate == network.client_certificate("broker")[0]


def test_files_that_cannot_be_read_are_a_fault_in_the_log(files):
    with raw_service(HEAD + b"\r\n<a/>", tls=server_context(files("theirs", "ours"))) as address:
        assert "FileNotFoundError" in refused(address)


def test_ART_13_https_with_a_certificate_that_nobody_vouches_for_is_refused(files):
    with raw_service(HEAD + b"\r\n<a/>", tls=server_context(files("theirs", "ours"))) as address:
        assert "CERTIFICATE_VERIFY_FAILED" in refused(address, tls=files("ours", "ours"))


def test_ART_13_https_under_another_name_than_that_of_the_certificate_is_refused(files):
    with raw_service(HEAD + b"\r\n<a/>", tls=server_context(files("theirs", "ours"))) as address:
        elsewhere = address.replace("127.0.0.1", "127.1")  # the same place
        assert "CERTIFICATE_VERIFY_FAILED" in refused(elsewhere, tls=files("ours", "theirs"))
