"""Registering a service provider in a real browser, which uploads a file and needs no script for it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from broker.simulator import service_providers
from tests.network import Network
from tests.requester import Requester

pytestmark = pytest.mark.browser


def test_a_file_is_uploaded_and_what_was_refused_can_be_mended(
    network: Network, requester: Requester, open_page: Callable[..., Page], console_errors: list[str]
) -> None:
    newcomer = replace(requester, entity_id="urn:etoegang:DV:00000099000000110000:entities:9079")
    page = open_page(javascript=False)
    page.goto(network.broker)
    page.get_by_role("link", name="Beheer van de simulator").click()
    page.get_by_role("main").get_by_role("link", name="Dienstverleners").last.click()
    broken = newcomer.metadata().replace(b'index="1"', b'index="0"')
    page.get_by_label("Bestand met metadata").set_input_files(
        {"name": "sp.xml", "mimeType": "text/xml", "buffer": broken}
    )
    page.get_by_role("button", name="Registreer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Niet geregistreerd")
    expect(page.get_by_role("alert")).to_contain_text("Er is niets veranderd.")
    assert [text for text in console_errors if "400" in text] == console_errors
    console_errors.clear()

    text = page.get_by_label("Of de metadata zelf")
    assert text.input_value() == broken.decode()
    text.fill(newcomer.metadata().decode())
    page.get_by_role("button", name="Registreer").click()
    expect(page.get_by_role("status")).to_have_text(f"{newcomer.entity_id} is geregistreerd.")
    page.get_by_role("link", name="Verwijder deze dienstverlener").click()
    page.get_by_role("button", name="Verwijder").click()
    expect(page.get_by_role("status")).to_have_text(f"{newcomer.entity_id} is verwijderd.")
    assert not service_providers.remove(network.simulator.store, newcomer.entity_id)
