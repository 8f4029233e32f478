"""A network whose catalogue asks for more than can be delivered, and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.driver import Browser
from tests.network import CHECKOUT, Network, running_network

KVK, RSIN = "urn:etoegang:1.9:EntityConcernedID:KvKnr", "urn:etoegang:1.9:EntityConcernedID:RSIN"
BSN = "urn:etoegang:1.12:EntityConcernedID:BSN"
VAT = "urn:etoegang:1.11:attribute-represented:VATRegistrationNumber"
TEXTS = {
    "cancelled_text": "Gestopt",
    "level_code": "responder",
    "level_text": "Niveau kan niet",
    "undeliverable_code": "requester",
    "undeliverable_text": "Gegeven kan niet",
    "unsupported_text": "Kan niet",
    "failed_text": "Storing",
}


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as fresh:
        yield fresh


@pytest.fixture(scope="session")
def demanding_network(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """The Belastingdienst asks a BSN of who has no RSIN, KVK a BSN of everybody, the gemeente a VAT number."""
    with running_network(**_demanding(tmp_path_factory.mktemp("demanding"), installation)) as running:
        yield running


@pytest.fixture(scope="session")
def worded_network(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """The same with every text and code of the section `[errors]` set."""
    with running_network(**_demanding(tmp_path_factory.mktemp("worded"), installation), errors=TEXTS) as running:
        yield running


def _demanding(folder: Path, installation: Path) -> dict[str, object]:
    sample = (CHECKOUT / "metadata" / "service-catalogue.xml").read_text()
    tax, kvk, uwv, town, *others = sample.split("<esc:ServiceProvider esc:")[1:]
    tax = tax.replace(f'setNumber="1">{KVK}', f'setNumber="2">{BSN}', 1)
    kvk = kvk.replace(f'setNumber="1">{KVK}', f'setNumber="1">{BSN}', 1)
    required = (
        f'<esc:RequestedAttribute Name="{VAT}" isRequired="true"><esc:PurposeStatement xml:lang="nl">Test'
        "</esc:PurposeStatement></esc:RequestedAttribute></esc:ServiceDefinition>"
    )
    town = town.replace("</esc:ServiceDefinition>", required, 1)
    catalogue = folder / "catalogue.xml"
    head = sample.partition("<esc:ServiceProvider esc:")[0]
    catalogue.write_text("<esc:ServiceProvider esc:".join((head, tax, kvk, uwv, town, *others)))
    return {"folder": folder, "demo": False, "installation": installation, "paths": {"catalogues": [catalogue]}}
