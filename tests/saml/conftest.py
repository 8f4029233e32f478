"""One test PKI per process: making seven keys takes a while."""

import importlib.util
from functools import partial
from pathlib import Path

import pytest
from lxml import etree

from broker.saml import build, document, names, pki, signature

from . import donors
from .keyring import NOW, SENDER, STRANGER, Keys, load


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki") / "certs"
    pki.ensure(folder, (SENDER, STRANGER), NOW)
    return folder


@pytest.fixture(scope="session")
def sender(certs) -> Keys:
    """The party that must have signed."""
    return load(certs, SENDER)


@pytest.fixture(scope="session")
def stranger(certs) -> Keys:
    """Another party of the network, with keys as good as the sender's."""
    return load(certs, STRANGER)


@pytest.fixture(scope="session")
def message(sender) -> bytes:
    """A Response of the sender, signed inside and out."""
    return donors.response(partial(donors.with_ours, keys=sender))


@pytest.fixture(scope="session")
def small(sender) -> bytes:
    """A signed request, as short as it can be."""
    root = build.element(names.SAMLP, "AuthnRequest", {"ID": "_r", "Version": "2.0"}, "saml")
    build.child(root, names.SAML, "Issuer", text="urn:x")
    build.child(root, names.SAMLP, "RequestedAuthnContext", {"Comparison": "minimum"})
    signature.sign(root, sender.signing)
    return document.write(root)


@pytest.fixture(scope="session")
def their_schema() -> etree.XMLSchema:
    """The schema of service catalogues that django-digid-eherkenning brings along."""
    found = importlib.util.find_spec("digid_eherkenning")
    assert found is not None
    assert found.submodule_search_locations
    return etree.XMLSchema(file=str(Path(found.submodule_search_locations[0]) / "xsd" / "eherkenning-dc.xml"))
