"""A login in steps, as a person takes them: only with what the pages offer."""

from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import Network

GO_ON = "Ga verder"
CANCEL = "Annuleren"
STOP_AT_STUB = "Annuleren en terug naar Ketenbroker (simulator)"
WHOSE_BEHALF = "Namens welke organisatie wilt u inloggen?"
REFUSED = "U kunt nu niet inloggen"
CANCELLED = "U bent niet ingelogd"


def to_broker(browser: Browser, network: Network, portal: str, service: int) -> Page:
    """From the portal to the broker's first page."""
    return browser.submit(browser.open(network.login_address(portal, service)).form())


def to_stub(browser: Browser, network: Network, portal: str, service: int) -> Page:
    """From the portal, by way of the broker, to the list of people of the stub authentication service."""
    return browser.submit(to_broker(browser, network, portal, service).form())


def prove(browser: Browser, page: Page, person: str, level: str = "EH3") -> Page:
    """Press the button of a person's means: the page that carries the answer to the broker, or a refusal."""
    return browser.submit(page.form(f"Log in met {level} als {person}"))


def authenticated(
    browser: Browser, network: Network, portal: str, service: int, person: str, level: str = "EH3"
) -> Page:
    """All steps up to the broker's question on whose behalf."""
    answer = prove(browser, to_stub(browser, network, portal, service), person, level)
    return browser.submit(answer.form())


def choose(browser: Browser, page: Page, organisation: str) -> Page:
    """Choose an organisation from the list and go on."""
    return browser.submit(page.form(GO_ON).choose(organisation))


def organisations(page: Page) -> list[str]:
    """The labels of the choices on the page, in order."""
    labels = page.document.xpath("//label[@for=//input[@type='radio'][@name='choice']/@id]")
    return [" ".join(label.text_content().split()) for label in labels]


def facts(page: Page) -> dict[str, list[str]]:
    """The table of a portal's page after login: label and values."""
    rows = page.document.xpath("//table//tr")
    return {row.findtext("th"): [value.text_content() for value in row.findall("td/div")] for row in rows}


def details(page: Page) -> dict[str, str]:
    """The list of facts on a page of the broker, the stub or a portal."""
    return {
        term.text_content().strip(): " ".join(term.getnext().text_content().split())
        for term in page.document.iter("dt")
    }


def module_asked(browser: Browser, network: Network, person: str, level: str = "EH3") -> Page:
    """From the front page of the Beheermodule to the broker's question on whose behalf."""
    front = browser.open(f"{network.broker}/beheer")
    page = browser.submit(browser.submit(front.form("Inloggen met eHerkenning (simulator)")).form())
    return browser.submit(prove(browser, browser.submit(page.form()), person, level).form())


def enter_module(browser: Browser, network: Network, person: str, level: str = "EH3") -> Page:
    """A whole login at the Beheermodule, for the one organisation that the person may act for."""
    return browser.submit(module_asked(browser, network, person, level).form(GO_ON))


def past_login(network: Network, client: str) -> str:
    """A login of Fleur Voorbeeld on behalf of `client`, to its end: its id."""
    with Browser() as browser:
        page = authenticated(browser, network, "gemeente", 9001, "Fleur Voorbeeld")
        choose(browser, page, client)
        return page.url.partition("/login/")[2].partition("?")[0]
