"""Working on the register in a real browser: issuing without scripts, and many couplings by a page that goes on."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, expect

from broker.core.administration.batches import Batch
from broker.simulator.administration import batch_work, coupling
from broker.simulator.context import Simulator
from broker.web.app import create_app
from broker.web.bodies import MOST_OF_A_FILE
from tests.browser.conftest import PHONE
from tests.flow.test_module_batches import a_file
from tests.flow.test_module_sessions import begun
from tests.network import Network, running_network

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def managed(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network whose register these tests change."""
    with running_network(tmp_path_factory.mktemp("managed"), demo=False, installation=installation) as running:
        yield running


def enter(page: Page, network: Network) -> None:
    """Fleur Voorbeeld is in: the entrance has tests of its own."""
    app = create_app(network.simulator)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    value = serializer.dumps({"module": begun(network).token})
    page.context.add_cookies([{"name": "ketenbroker", "value": value, "url": network.broker}])


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_M34_issued_on_a_phone_without_scripts(
    managed: Network,
    language: str,
    open_page: Callable[..., Page],
    screenshot: Callable[[Page, str], None],
    console_errors: list[str],
) -> None:
    go_on, service, kind, issue = {
        "nl": ("Ga verder", "Bouwvergunning aanvragen", "Per dienst", "Geef de machtiging af"),
        "en": ("Continue", "Applying for a building permit", "Service by service", "Issue the mandate"),
    }[language]
    page = open_page(language, PHONE, javascript=False)
    enter(page, managed)
    page.goto(f"{managed.broker}/beheer/afgeven")
    page.locator("#number").fill("12")
    press(page, go_on)
    page.locator("#mistakes a").click()
    expect(page.locator("#number")).to_be_focused()
    page.locator("#number").fill({"nl": "00010035", "en": "00010036"}[language])
    press(page, go_on)
    assert console_errors.pop().endswith("422 (UNPROCESSABLE ENTITY)")  # the browser tells it a moment later
    page.locator("#q").fill(service.split()[-1])
    page.locator("#q").press("Enter")  # the first button of the form: search, not go on
    expect(page).to_have_url(re.compile(r"/reikwijdte\?"))
    page.get_by_label(kind).check()
    page.get_by_label(service).check()
    screenshot(page, f"{language}-module-issue-scope-phone")
    press(page, go_on)
    press(page, go_on)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    press(page, issue)
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        {"nl": "Informeer uw intermediair", "en": "Inform your intermediary"}[language]
    )
    screenshot(page, f"{language}-module-issued-phone")


def test_M22_in_bulk_the_page_goes_on_by_itself(
    managed: Network,
    open_page: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(coupling.couple_part, "__kwdefaults__", {"most": 6, "batch": 3})
    page = open_page("nl")
    enter(page, managed)
    page.goto(f"{managed.broker}/beheer/koppelen")
    page.get_by_label("Fleur Voorbeeld").check()
    press(page, "Ga verder")
    press(page, "Koppel ze")
    expect(page.get_by_role("heading", level=1)).to_have_text("Klaar met koppelen")
    expect(page.get_by_role("status")).to_contain_text("van")
    assert_accessible(page)
    screenshot(page, "nl-module-bulk-done")
    for place in ("relaties", "ontvangen", "gebruikers", "geschiedenis"):
        page.goto(f"{managed.broker}/beheer/{place}")
        screenshot(page, f"nl-module-{place}")
    page.goto(f"{managed.broker}/beheer/ontvangen?q=bakkerij")
    page.get_by_role("main").get_by_role("link", name="Bakkerij").first.click()
    assert_accessible(page)
    screenshot(page, "nl-module-mandate")


def test_M23_a_file_is_uploaded_and_the_page_shows_how_far_it_is(
    managed: Network,
    open_page: Callable[..., Page],
    screenshot: Callable[[Page, str], None],
    console_errors: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    page = open_page("nl", PHONE, javascript=False)
    enter(page, managed)
    page.goto(f"{managed.broker}/beheer/uitnodigingen/reeksen")
    page.set_input_files("#file", {"name": "klanten.csv", "mimeType": "text/csv", "buffer": a_file()})
    press(page, "Upload en controleer")
    expect(page.get_by_role("status")).to_contain_text("Gecontroleerd, nog niet verstuurd", timeout=15_000)
    screenshot(page, "nl-module-file-checked-phone")

    work_part, may_go_on, parts = batch_work._next_part, threading.Event(), []

    def slowly(sim: Simulator, batch: Batch) -> Batch | None:
        parts.append(batch)
        assert len(parts) == 1 or may_go_on.wait(30)
        return work_part(sim, batch)

    monkeypatch.setattr(batch_work, "_next_part", slowly)
    press(page, "Verstuur de uitnodigingen")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "250", timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    screenshot(page, "nl-module-file-sending-phone")
    may_go_on.set()
    expect(page.get_by_role("status")).to_contain_text("Klaar", timeout=15_000)

    page.goto(f"{managed.broker}/beheer/uitnodigingen/reeksen")
    too_large = tmp_path / "veel.csv"
    too_large.write_bytes(b"x" * (MOST_OF_A_FILE + 1))
    page.set_input_files("#file", too_large)
    press(page, "Upload en controleer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit is te groot")
    assert "413" in console_errors.pop()
