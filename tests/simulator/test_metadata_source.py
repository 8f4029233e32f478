"""Metadata at an address of the operator's choosing: fetched once, in limited time and size, and from nowhere else."""

import re
import socket

import pytest
import requests
from flask import Response, redirect

from broker.saml import document
from broker.saml.faults import MetadataReason, MetadataRejected
from broker.simulator import metadata_source
from tests.network import Network
from tests.publishing import publishing
from tests.simulator.artifact_service import raw_service


def refused(network: Network, address: str) -> str:
    with pytest.raises(MetadataRejected) as caught:
        metadata_source.fetch(address, network.simulator.tls)
    assert (caught.value.reason, caught.value.where) == (MetadataReason.SOURCE, "address")
    return caught.value.what


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Response("no", 404), "status 404;"),
        (redirect("http://elsewhere.invalid/metadata"), "status 302, to http://elsewhere.invalid/metadata;"),
        (Response(b"x" * (document.MAX_BYTES + 1)), f"more than {document.MAX_BYTES} bytes"),
    ],
    ids=["missing", "redirect", "large"],
)
def test_an_address_that_gives_no_metadata(network, answer, said):
    with publishing(answer) as address:
        assert said in refused(network, address)


def test_the_largest_metadata_is_read(network):
    with publishing(Response(b"x" * document.MAX_BYTES)) as address:
        assert len(metadata_source.fetch(address, network.simulator.tls)) == document.MAX_BYTES


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://127.0.0.1/sp.xml", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http:///sp.xml", "no host name"),
        ("http://user:secret@127.0.0.1/sp.xml", "user name or password"),
        ("http://127.0.0.1:99999/", "Port out of range"),
        ("http://127.0.0.1/sp xml", "white space"),
        (f"http://{'a' * 70}.invalid/", "label"),
    ],
)
def test_what_is_no_address_is_not_fetched(network, address, said):
    assert re.search(said, refused(network, address))


def test_nobody_listens(network):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert "ConnectionRefusedError" in refused(network, f"http://127.0.0.1:{bound.getsockname()[1]}/metadata")


def test_who_drips_is_cut_off(network, monkeypatch):
    monkeypatch.setattr(metadata_source, "_PATIENCE", metadata_source._PATIENCE / 20)
    with raw_service(b"HTTP/1.1 200 OK\r\n\r\n", pause=0.05, endless=b"x", until=b"\r\n\r\n") as address:
        assert "TimeoutError" in refused(network, address)


def test_over_https_the_test_authority_is_trusted(network_over_tls):
    """The portals of the demonstration publish their metadata so."""
    address = f"{network_over_tls.demo}/metadata/kvk"
    expected = requests.get(address, verify=network_over_tls.authority, timeout=30).content
    fetched = metadata_source.fetch(address, network_over_tls.simulator.tls)
    assert fetched[:60] == expected[:60]
