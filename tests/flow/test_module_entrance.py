"""Logging in to the Beheermodule through its own broker, as any service provider has it done."""

from dataclasses import replace

import lxml.html
import pytest
import requests
from flask.sessions import SecureCookieSessionInterface

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import Catalogue
from broker.core.errors import NotFound
from broker.core.organisations import MeansType
from broker.simulator import module_entrance
from broker.simulator.parties import MANAGEMENT_MODULE
from broker.store import documents, module_sessions
from broker.store.administration.relations import count as count_relations
from broker.web.app import create_app
from broker.web.management.routes import Opens, opens_to
from tests.flow.register import Changes, in_use
from tests.flow.steps import (
    GO_ON,
    STOP_AT_STUB,
    details,
    enter_module,
    module_asked,
    prove,
)
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import Network, register_at

FRONT = "Beheermodule van het machtigingenregister"
OVERVIEW = "Overzicht"
NO_ENTRY = "U kunt de Beheermodule niet gebruiken"
OFFICE = "Administratiekantoor Papiermolen B.V."


def notice(page: Page) -> str:
    return " ".join(page.document.xpath("//main//*[@role='status']")[0].text_content().split())


def visitor(page: Page) -> str:
    return " ".join(page.document.xpath("//header//*[@class='visitor']/p")[0].text_content().split())


class Arrived(Exception):
    """The browser was sent to the Beheermodule with an artifact, and did not go."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Stopping(Browser):
    """A browser whose owner keeps what the broker sends."""

    def _send(self, method: str, url: str, *more: object) -> requests.Response:
        if "/beheer/acs?" in url:
            raise Arrived(url)
        return super()._send(method, url, *more)


def session(network: Network, browser: Browser) -> dict[str, str]:
    """What the cookie says, to whoever has the key."""
    app = create_app(network.simulator)
    return SecureCookieSessionInterface().get_signing_serializer(app).loads(cookies(browser)["ketenbroker"])


def cookies(browser: Browser) -> dict[str, str]:
    return {cookie.name: cookie.value for cookie in browser.cookies if cookie.name == "ketenbroker"}


def test_a_login_leads_to_the_overview_of_the_own_organisation(network: Network, browser: Browser):
    page = enter_module(browser, network, "Fleur Voorbeeld")
    assert (page.heading, page.url) == (OVERVIEW, f"{network.broker}/beheer/overzicht")
    assert visitor(page) == f"{OFFICE} KvK-nummer 68750110 Fleur Voorbeeld, ingelogd met EH3"
    relations = network.simulator.store.read(lambda tx: count_relations(tx, "administratiekantoor-papiermolen"))
    assert f"Uw organisatie heeft {relations} relaties." in page.text
    counted = details(page)
    assert (counted["Actief"], counted["Uitgenodigd"], counted["Verlopen"]) == ("30", "1", "1")
    assert "SAMLart" not in page.url


def test_M24_the_level_of_the_login_is_that_of_the_means(network: Network, browser: Browser):
    page = enter_module(browser, network, "Bram Proef", "EH2+")
    assert visitor(page).endswith("Bram Proef, ingelogd met EH2+")


def test_the_client_sees_whom_it_authorised(network: Network, browser: Browser):
    page = enter_module(browser, network, "Gijs Glas")
    assert details(page) == {"Actief": "1"}
    assert "Geen enkele organisatie heeft u gemachtigd." in page.text


def test_only_a_mandate_for_everything_covers_the_module(network: Network, browser: Browser):
    page = module_asked(browser, network, "Tess Twee")
    # Her mandates for the other organisation are for two service providers and one branch: not for the Beheermodule.
    assert visitor(browser.submit(page.form(GO_ON))).startswith("Regenboogbeheer B.V.")


def test_M24_eh3_belastingdienst_does_not_open_the_door(changing_network: Network, changes: Changes, browser: Browser):
    changes.make(in_use(changing_network.simulator.store, "fleur-eh3").means, type=MeansType.EH3_BELASTINGDIENST)
    page = enter_module(browser, changing_network, "Fleur Voorbeeld")
    assert (page.response.status_code, page.heading) == (403, NO_ENTRY)
    assert details(page)["Code"] == "MEANS_NOT_REGULAR"
    assert "Vraag een regulier inlogmiddel van niveau EH3 aan." in page.text
    told = browser.follow(page, "Een gewoon inlogmiddel van niveau EH3 aanvragen")
    assert told.heading == "Een gewoon inlogmiddel van niveau EH3 aanvragen"
    assert browser.open(f"{changing_network.broker}/beheer/overzicht").heading == FRONT


def test_M24_eh2_does_not_open_the_door(changing_network: Network, changes: Changes, browser: Browser):
    """The level is too low for the service, so the broker says so and nobody comes as far as the Beheermodule."""
    changes.make(in_use(changing_network.simulator.store, "fleur-eh3").means, level=AssuranceLevel.EH2)
    page = module_asked(browser, changing_network, "Fleur Voorbeeld")
    assert page.heading == "U kunt nu niet inloggen"
    assert details(page)["Code"] == "LOA_TOO_LOW"


def test_M25_a_manager_with_eh2plus_gets_in_and_is_told_what_needs_eh3(network: Network, browser: Browser):
    page = enter_module(browser, network, "Bram Proef", "EH2+")
    assert page.heading == OVERVIEW
    assert "Voor ketenmachtigingen moet u inloggen met niveau EH3 of hoger." in page.text
    with Browser() as other:
        assert "EH3 of hoger" not in enter_module(other, network, "Bram Proef", "EH3").text


def test_M35_who_is_no_manager_sees_their_own_couplings_and_nothing_else(network: Network, browser: Browser):
    page = enter_module(browser, network, "Tess Twee")
    assert page.heading == "Mijn koppelingen"
    assert "U kunt met dit inlogmiddel namens geen enkele klant inloggen." in page.text
    assert [link.text_content() for link in page.document.xpath("//nav[@class='places']//a")] == [
        "Mijn koppelingen",
        "Hulp",
    ]
    refused = browser.open(f"{network.broker}/beheer/overzicht")
    assert (refused.response.status_code, refused.heading) == (403, "Dit kan nu niet")
    assert details(refused)["Code"] == "NOT_A_MANAGER"


def test_a_manager_whose_role_expired_is_told_so(network: Network, browser: Browser):
    page = enter_module(browser, network, "Karel Kwikstaart", "EH4")
    assert page.heading == "Mijn koppelingen"
    assert "Uw rol als beheerder is verlopen." in page.text
    assert details(browser.open(f"{network.broker}/beheer/overzicht"))["Code"] == "ROLE_EXPIRED"


def test_own_couplings_are_searched_and_paged(network: Network, browser: Browser):
    enter_module(browser, network, "Noor Proef")
    page = browser.open(f"{network.broker}/beheer/mijn-koppelingen")
    assert "1–25 van 1.200 organisaties" in page.text
    found = browser.open(f"{network.broker}/beheer/mijn-koppelingen?q=vos+bakkerij")
    rows = found.document.xpath("//ul[@class='rows']/li")
    assert [row.findtext("strong") for row in rows] == ["Vos Bakkerij"] or rows
    assert all("Vos" in row.text_content() for row in rows)
    last = browser.open(f"{network.broker}/beheer/mijn-koppelingen?page=999")
    assert "1.176–1.200 van 1.200 organisaties" in last.text


def test_nobody_acts_here_for_a_client(network: Network, browser: Browser):
    """Noor Proef has 1,200 clients, all of them for other services; Fleur Voorbeeld has clients for everything."""
    assert "Papiermolen" in module_asked(browser, network, "Fleur Voorbeeld").text
    with Browser() as other:
        page = module_asked(other, network, "Otto Enkel")
        assert page.heading == "U kunt nu niet inloggen"
        assert details(page)["Code"] == "CHAIN_NOT_ALLOWED_BY_SERVICE"


def test_the_module_is_registered_as_the_scheme_wants_it(network: Network):
    """No rule has anything to say about its metadata, warnings included."""
    sim = network.simulator
    known = sim.store.read(lambda tx: documents.find(tx, "service_provider", MANAGEMENT_MODULE.entity_id))
    registered = register_at(network, known.xml)
    assert (registered.warnings, registered.deviations) == ((), ())
    assert registered.metadata.signed


def test_who_is_not_logged_in_gets_no_page_and_comes_back_to_it_after_the_login(network: Network, browser: Browser):
    page = browser.open(f"{network.broker}/beheer/overzicht?lang=nl")
    assert page.heading == FRONT
    assert notice(page) == "Log in om verder te gaan."
    assert enter_module(browser, network, "Fleur Voorbeeld").url == f"{network.broker}/beheer/overzicht?lang=nl"


def test_who_is_in_does_not_get_the_front_page(network: Network, browser: Browser):
    enter_module(browser, network, "Fleur Voorbeeld")
    assert browser.open(f"{network.broker}/beheer").heading == OVERVIEW


def test_going_back_to_the_address_with_the_artifact_is_no_new_login(network: Network, browser: Browser):
    hops = enter_module(browser, network, "Fleur Voorbeeld").hops
    (used,) = {address for _, address in hops if "/beheer/acs?" in address}
    assert browser.open(used).heading == OVERVIEW
    with Browser() as other:
        refused = other.open(used)
        assert refused.response.status_code == 400
        assert details(refused)["Code"] == "EH-MSG-02"


def test_logging_out_ends_the_session_for_whoever_kept_the_cookie(network: Network, browser: Browser):
    page = enter_module(browser, network, "Fleur Voorbeeld")
    kept = cookies(browser)
    assert kept
    out = browser.submit(page.form("Uitloggen"))
    assert (out.heading, notice(out)) == (FRONT, "U bent uitgelogd.")
    assert browser.open(f"{network.broker}/beheer/overzicht").heading == FRONT
    with Browser() as thief:
        answer = thief._transport.get(f"{network.broker}/beheer/overzicht", cookies=kept, allow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/beheer?ended=absent")


def test_a_login_gives_another_session_and_ends_the_one_before(network: Network, browser: Browser):
    """What somebody planted in the browser before the login is worth nothing after it (session fixation)."""
    page = enter_module(browser, network, "Fleur Voorbeeld")
    before = session(network, browser)
    again = page.form("Uitloggen")
    again.element.set("action", "/beheer/login")
    page = browser.submit(browser.submit(browser.submit(again).form()).form())
    page = browser.submit(browser.submit(prove(browser, page, "Bram Proef").form()).form(GO_ON))
    assert visitor(page).endswith("Bram Proef, ingelogd met EH3")
    after = session(network, browser)
    assert before["module"] != after["module"]
    assert before["csrf_token"] != after["csrf_token"]
    find = network.simulator.store.read
    assert find(lambda tx: module_sessions.find(tx, before["module"])) is None
    assert find(lambda tx: module_sessions.find(tx, after["module"])).means_id == "bram-eh3"


def test_the_cookie_holds_no_person_and_is_kept_from_scripts_and_other_sites(network: Network, browser: Browser):
    enter_module(browser, network, "Fleur Voorbeeld")
    (cookie,) = [cookie for cookie in browser.cookies if cookie.name == "ketenbroker"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"
    assert (cookie.expires, cookie.path) == (None, "/")
    assert set(session(network, browser)) == {"browser", "module", "csrf_token"}


def test_a_form_of_another_site_begins_no_login_and_ends_no_session(network: Network, browser: Browser):
    enter_module(browser, network, "Fleur Voorbeeld")
    for address in ("login", "logout"):
        answer = browser._send("POST", f"{network.broker}/beheer/{address}", [], f"{network.broker}/beheer")
        assert answer.status_code == 400
    assert browser.open(f"{network.broker}/beheer").heading == OVERVIEW


def test_WEB_an_artifact_of_somebody_elses_login_lets_nobody_in(network: Network, browser: Browser):
    """An attacker has a victim's browser finish the attacker's login (login CSRF)."""
    with pytest.raises(Arrived) as arrived, Stopping() as attacker:
        enter_module(attacker, network, "Fleur Voorbeeld")
    page = browser.open(arrived.value.address)
    assert page.response.status_code == 400
    assert browser.open(f"{network.broker}/beheer/overzicht").heading == FRONT


def test_of_two_tabs_either_can_be_gone_on_with(network: Network, browser: Browser):
    first = module_asked(browser, network, "Fleur Voorbeeld")
    second = module_asked(browser, network, "Bram Proef")
    assert visitor(browser.submit(first.form(GO_ON))).endswith("Fleur Voorbeeld, ingelogd met EH3")
    # With a login every form that was shown before it loses its token.
    assert details(browser.submit(second.form(GO_ON)))["Code"] == "EH-WEB-400"


def test_who_stops_is_told_so_and_may_begin_again(network: Network, browser: Browser):
    front = browser.open(f"{network.broker}/beheer")
    page = browser.submit(browser.submit(front.form("Inloggen met eHerkenning (simulator)")).form())
    page = browser.submit(browser.submit(browser.submit(page.form()).form(STOP_AT_STUB)).form())
    assert (page.heading, notice(page)) == (FRONT, "U bent niet ingelogd: het inloggen is gestopt.")
    assert page.form("Inloggen met eHerkenning (simulator)")


def test_over_tls_the_module_shows_its_certificate_on_the_back_channel(network_over_tls: Network):
    with Browser(authorities=(network_over_tls.authority,)) as browser:
        page = enter_module(browser, network_over_tls, "Fleur Voorbeeld")
    assert page.heading == OVERVIEW
    assert all(address.startswith("https://") for _, address in page.hops)


def test_without_its_service_in_the_catalogue_nobody_can_log_in_and_the_page_says_why(network: Network):
    others = {
        key: item for key, item in network.simulator.catalogue.services.items() if ":00000099000000160000:" not in key
    }
    app = create_app(replace(network.simulator, catalogue=Catalogue(others)))
    client = app.test_client()
    page = lxml.html.document_fromstring(client.get("/beheer").text)
    assert "staat niet in de dienstencatalogus" in page.text_content()
    assert page.xpath("//main//form") == []
    front = lxml.html.document_fromstring(create_app(network.simulator).test_client().get("/beheer").text)
    assert front.xpath("//main//form/@action") == ["/beheer/login"]
    with pytest.raises(NotFound):
        module_entrance.ask(replace(network.simulator, catalogue=Catalogue(others)))


PROBED = [
    (Opens.USERS, "Tess Twee", "EH3", None),
    (Opens.MANAGERS, "Tess Twee", "EH3", "NOT_A_MANAGER"),
    (Opens.MANAGERS, "Karel Kwikstaart", "EH4", "ROLE_EXPIRED"),
    (Opens.MANAGERS, "Bram Proef", "EH2+", None),
    (Opens.CHAIN_MANAGERS, "Bram Proef", "EH2+", "CHAIN_NEEDS_EH3"),
    (Opens.CHAIN_MANAGERS, "Bram Proef", "EH3", None),
    (None, "Bram Proef", "EH2+", "CHAIN_NEEDS_EH3"),
    (None, "Fleur Voorbeeld", "EH3", None),
]


@pytest.mark.parametrize(("opens", "person", "level", "code"), PROBED)
def test_M25_M31_a_page_is_for_whom_it_says_and_else_for_managers_with_eh3(
    network: Network, browser: Browser, opens: Opens | None, person: str, level: str, code: str | None
):
    """A page that says nothing is for those who may do most."""

    def probe() -> str:
        return "opened"

    enter_module(browser, network, person, level)
    app = create_app(network.simulator)
    app.add_url_rule("/beheer/probe", "management.probe", opens_to(opens)(probe) if opens else probe)
    client = app.test_client()
    client.set_cookie("ketenbroker", cookies(browser)["ketenbroker"], domain="localhost")
    answer = client.get("/beheer/probe", base_url="http://localhost")
    assert (answer.status_code, "opened" in answer.text) == ((403, False) if code else (200, True))
    if code:
        page = lxml.html.document_fromstring(answer.text)
        assert code in [item.text_content() for item in page.iter("dd")]
        applied = page.xpath("//main//a[@href='/beheer/aanvragen']")
        assert len(applied) == (1 if code == "CHAIN_NEEDS_EH3" else 0)
