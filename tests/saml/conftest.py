"""One test PKI per process: making seven keys takes a while."""

import pytest

from broker.saml import pki

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
