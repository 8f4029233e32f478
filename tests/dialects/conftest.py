"""One network in which every service provider of the tests has a dialect of its own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from broker.simulator.service_providers import register
from tests.conftest import OINS
from tests.flow.answers import Answer, answer
from tests.network import CHECKOUT, Network, running_network
from tests.requester import Requester

REPRESENTED = "urn:etoegang:1.11:attribute-represented:"
NAME, VAT = f"{REPRESENTED}CompanyName", f"{REPRESENTED}VATRegistrationNumber"

CASES = {
    "1.13": {},
    "1.11": {"dialect": "1.11"},
    "flat": {"dialect": "flat"},
    "1.13-without-advice": {"advice": "none"},
    "1.11-without-advice": {"dialect": "1.11", "advice": "none"},
    "flat-with-advice": {"dialect": "flat", "advice": "full"},
    "encrypted-number": {"intermediary_number": "encrypted", "intermediary_rsin": True},
    "rsin": {"intermediary_rsin": True},
    "subject": {"intermediary_subject": True},
    "plain-name": {"intermediary_name": "plain", "requested_attributes": "plain"},
    "no-name": {"intermediary_name": "omitted", "requested_attributes": "omitted"},
    "flat-named": {"dialect": "flat"},
    "all-readable": {"advice": "none", "intermediary_name": "plain"},
}
"""Settings of a service provider, by a name of our own; EntityIDs are numbered in this order."""

ASKING = ("encrypted-number", "plain-name", "no-name", "flat-named")
"""Those whose metadata asks for the attributes that the catalogue declares."""


def entity(case: str) -> int:
    return 9100 + list(CASES).index(case)


@pytest.fixture(scope="session")
def network_of_dialects(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """The sample network; the Belastingdienst declares two attributes for its first service."""
    folder = tmp_path_factory.mktemp("dialects")
    catalogue = folder / "catalogue.xml"
    sample = (CHECKOUT / "metadata" / "service-catalogue.xml").read_text()
    declared = "".join(
        f'<esc:RequestedAttribute Name="{name}"><esc:PurposeStatement xml:lang="nl">Test</esc:PurposeStatement>'
        "</esc:RequestedAttribute>"
        for name in (NAME, VAT)
    )
    catalogue.write_text(sample.replace("</esc:ServiceDefinition>", f"{declared}</esc:ServiceDefinition>", 1))
    settings = {
        f"urn:etoegang:DV:{oin}:entities:{entity(case)}": options
        for case, options in CASES.items()
        for oin in OINS.values()
    }
    with running_network(
        folder,
        demo=False,
        installation=installation,
        paths={"catalogues": [catalogue]},
        service_providers=settings,
        messages={"assertion_seconds": 3600},  # python3-saml looks at the real clock, and a slow machine takes its time
    ) as running:
        yield running


@pytest.fixture(scope="session")
def answered(network_of_dialects: Network, make_requester: Callable[..., Requester]) -> Callable[..., Answer]:
    """answered(case, organisation=..., provider=...): what the service provider with these settings is told."""
    known: dict[tuple[str, ...], Answer] = {}

    def log_in(
        case: str,
        organisation: str = "Glasblazerij Zeepbel",
        provider: str = "belastingdienst",
        person: str = "Fleur Voorbeeld",
    ) -> Answer:
        wanted = (case, organisation, provider, person)
        if wanted not in known:
            requester = make_requester(network_of_dialects, provider, entity=entity(case))
            if case in ASKING:
                requester = replace(requester, requested=(NAME, VAT))
                moment = network_of_dialects.clock()
                register(network_of_dialects.simulator.store, requester.metadata(), moment, {})
            changes = {"AttributeConsumingServiceIndex": "9001"}
            known[wanted] = answer(network_of_dialects, requester, person, organisation, **changes)
        return known[wanted]

    return log_in
