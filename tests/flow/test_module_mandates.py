"""Chain mandates in the Beheermodule: issued in steps, looked at, changed by whoever may, and used at a login."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flow.steps import authenticated, choose, details, enter_module, organisations
from tests.interop.driver import Browser
from tests.interop.page import NotOnPage, Page
from tests.network import Network, running_network

OFFICE, CLIENT, INACTIVE = "68750110", "68727720", "96354429"
BAKERY = "Bakkerij De Lachende Maan"
GO_ON, ISSUE = "Ga verder", "Geef de machtiging af"


@pytest.fixture(scope="session")
def managed(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network whose register these tests change, each for clients of its own."""
    with running_network(tmp_path_factory.mktemp("managed"), installation=installation) as running:
        yield running


@pytest.fixture(scope="session")
def client(managed: Network) -> Iterator[Browser]:
    """The browser of Gijs Glas, a manager of a client of the office, who is in."""
    with Browser() as fresh:
        enter_module(fresh, managed, "Gijs Glas")
        yield fresh


@pytest.fixture(scope="session")
def office(managed: Network) -> Iterator[Browser]:
    """The browser of Fleur Voorbeeld, a manager of the office, who is in."""
    with Browser() as fresh:
        enter_module(fresh, managed, "Fleur Voorbeeld")
        yield fresh


def at(browser: Browser, managed: Network, place: str) -> Page:
    return browser.open(f"{managed.broker}/beheer/{place}")


def main(page: Page) -> str:
    return " ".join(page.document.find(".//main").text_content().split())


def told(page: Page) -> str:
    """What the page says was done."""
    return " ".join(page.document.xpath("//main/*[@role='status']")[0].text_content().split())


def mistakes(page: Page) -> dict[str, str]:
    """The summary on top: what is wrong, by the id that its link leads to."""
    links = page.document.xpath("//*[@id='mistakes']//a")
    assert all(page.document.get_element_by_id(link.get("href")[1:]) is not None for link in links)
    return {link.get("href")[1:]: " ".join(link.text_content().split()) for link in links}


def issued(client: Browser, managed: Network, provider: str) -> Page:
    """Go through the four steps for all services of a provider; the page behind them."""
    page = client.submit(at(client, managed, "afgeven").form(GO_ON), {"number": OFFICE})
    form = page.form(GO_ON).choose("Dienstverlenersmachtiging").choose(provider)
    return client.submit(client.submit(client.submit(form).form(GO_ON)).form(ISSUE))


def mandate_of(managed: Network, browser: Browser, place: str, name: str) -> Page:
    """The page of the one mandate that the search for `name` finds."""
    page = at(browser, managed, f"{place}?q={name}")
    (address,) = page.document.xpath("//ul[@class='rows']/li/a/@href")
    return browser.open(managed.broker + address)


def test_M34_issued_in_steps_coupled_and_used(managed: Network, client: Browser, office: Browser, browser: Browser):
    page = client.submit(at(client, managed, "afgeven").form(GO_ON), {"number": " 6875 0110 "})
    assert page.heading == "Wat mag de intermediair?"
    assert details(page)["Naam"] == "Administratiekantoor Papiermolen B.V."
    found = client.submit(page.form("Zoek").choose("Bouwvergunning"), {"q": "parkeer"})
    assert "1 dienst gevonden" in main(found)
    assert details(found) == details(page)
    page = client.submit(found.form(GO_ON).choose("Per dienst"))
    assert page.heading == "Niveau en periode"
    page = client.submit(page.form(GO_ON))
    assert details(page)["Niveau"] == "EH3"
    assert "bouw" in details(page)["Geldt voor"].lower()
    done = client.submit(page.form(ISSUE))
    assert (done.heading, done.status) == ("De ketenmachtiging is afgegeven", 200)
    four = details(done)
    assert four["Uw KvK-nummer"].startswith(CLIENT)
    assert four["KvK-nummer van de ontvanger"].startswith(OFFICE)
    assert {"Diensten", "Geregistreerd bij"} <= four.keys()

    page = client.follow(done, "Bekijk de machtiging")
    assert details(page)["Ontstaan"] == "Afgegeven door de klant zelf"
    assert {"Getekend", "Gecontroleerd bij KVK", "Actief sinds"} <= details(page).keys()
    mandate_id = page.url.rpartition("/")[2]

    page = at(office, managed, f"ketenmachtigingen/{mandate_id}/koppelen")
    page = office.submit(page.form("Koppel").choose("Fleur Voorbeeld"))
    assert told(page) == "Gekoppeld: 1."
    assert "Fleur Voorbeeld" in main(page)
    login = authenticated(browser, managed, "gemeente", 9001, "Fleur Voorbeeld")
    assert any(name.startswith("Glasblazerij Zeepbel") for name in organisations(login))


def test_M34_every_step_keeps_what_was_typed_and_says_what_is_wrong(managed: Network, client: Browser):
    page = client.submit(at(client, managed, "afgeven").form(GO_ON), {"number": "123"})
    assert page.status == 422
    assert mistakes(page) == {"number": "Vul een KvK-nummer in: 8 cijfers."}
    assert page.form(GO_ON).fields["number"] == "123"
    for number, reason in (
        ("99999999", "KVK kent dit nummer niet."),
        ("96354429", "niet actief"),
        (CLIENT, "zichzelf"),
    ):
        page = client.submit(page.form(GO_ON), {"number": number})
        assert reason in mistakes(page)["number"]
    page = client.submit(page.form(GO_ON), {"number": OFFICE})
    page = client.submit(page.form(GO_ON))
    assert mistakes(page) == {"kind": "Kies waarvoor de machtiging geldt."}
    page = client.submit(page.form(GO_ON).choose("Per dienst"))
    assert mistakes(page) == {"service": "Kies ten minste één dienst."}
    page = client.submit(page.form(GO_ON).choose("Algemene bevoegdheid"))
    page = client.submit(page.form(GO_ON), {"valid_from": "31-02-2027", "valid_until": "1 mei"})
    assert set(mistakes(page)) == {"valid_from", "valid_until"}
    fields = page.form(GO_ON).fields
    assert (fields["valid_from"], fields["valid_until"]) == ("31-02-2027", "1 mei")
    page = client.submit(page.form(GO_ON), {"valid_from": "9999-12-30", "valid_until": "9999-12-31"})
    assert set(mistakes(page)) == {"valid_from"}
    back = client.follow(page, "Terug")
    assert back.form(GO_ON).fields["kind"] == "all"
    assert client.follow(back, "Terug").form(GO_ON).fields["number"] == OFFICE


def test_I10_the_same_twice_goes_back_to_the_scope(managed: Network, client: Browser):
    assert issued(client, managed, "KVK").heading == "De ketenmachtiging is afgegeven"
    page = issued(client, managed, "KVK")
    assert page.status == 422
    assert "Er is al een machtiging" in mistakes(page)["kind"]


def test_M50_the_client_revokes_what_it_issued_and_nobody_logs_in(managed: Network, client: Browser, browser: Browser):
    page = client.follow(issued(client, managed, "UWV"), "Bekijk de machtiging")
    for change, done in (
        ("Schorsen", "De ketenmachtiging is geschorst."),
        ("Schorsing opheffen", "De ketenmachtiging is weer actief."),
        ("Verlengen", "De ketenmachtiging is verlengd."),
        ("Intrekken", "De ketenmachtiging is ingetrokken."),
    ):
        page = client.submit(client.follow(page, change).form(change))
        assert told(page) == done
    assert details(page)["Status"] == "Ingetrokken"
    with pytest.raises(NotOnPage):
        page.link("Intrekken")
    for line in ("Ketenmachtiging ingetrokken", "Ketenmachtiging geschorst", "door Gijs Glas"):
        assert line in main(page)


def test_M51_the_client_of_an_invited_mandate_gets_the_reason_and_the_form(managed: Network, client: Browser):
    page = next(
        page
        for address in at(client, managed, "verleend").document.xpath("//ul[@class='rows']/li/a/@href")
        if details(page := client.open(managed.broker + address))["Ontstaan"] == "Gevraagd door de intermediair"
    )
    for change in ("Intrekken", "Schorsen", "Verlengen"):
        with pytest.raises(NotOnPage):
            page.link(change)
    assert "Uw intermediair vroeg deze machtiging aan. U kunt haar hier niet zelf wijzigen of intrekken." in main(page)
    assert "gebruik het intrekkingsformulier" in main(page)
    page = client.open(f"{page.url}/intrekken")
    assert (page.status, details(page)["Code"]) == (403, "USE_THE_FORM")


def test_M51_the_intermediary_revokes_and_the_very_next_login_is_refused(
    managed: Network, office: Browser, browser: Browser
):
    login = authenticated(browser, managed, "gemeente", 9001, "Fleur Voorbeeld")
    assert any(name.startswith(BAKERY) for name in organisations(login))
    page = mandate_of(managed, office, "ontvangen", BAKERY)
    page = office.submit(office.follow(page, "Intrekken").form("Intrekken"), {"reason": "opgezegd"})
    assert "Reden: opgezegd" in main(page)
    refused = choose(browser, login, BAKERY)
    assert details(refused)["Code"] == "CHAIN_REVOKED"
    happened = main(at(office, managed, "geschiedenis"))
    assert "Inloggen geweigerd" in happened
    assert "login." not in happened


def test_the_intermediary_starts_a_renewal_and_the_client_is_asked(managed: Network, office: Browser):
    page = mandate_of(managed, office, "ontvangen", "Rijschool Achteruit")
    before = details(page)["Geldig tot en met"]
    ask = office.follow(page, "Uw klant om verlenging vragen")
    page = office.submit(ask.form("Uw klant om verlenging vragen"), {"email": "rijschool"})
    assert mistakes(page) == {"email": "Vul een e-mailadres in, zoals naam@voorbeeld.nl."}
    page = office.submit(page.form("Uw klant om verlenging vragen"), {"email": "rijschool@example.test"})
    assert told(page) == "De uitnodiging is verstuurd."
    assert details(page)["Geldig tot en met"] == before


def test_WEB14_who_is_second_sees_both_and_decides(managed: Network, office: Browser):
    page = mandate_of(managed, office, "ontvangen", "Kapsalon Wilde Haren")
    first, second = (office.follow(page, "Laten eindigen op een dag") for _ in range(2))
    today = managed.clock().date()
    ending = "Laten eindigen op een dag"
    office.submit(first.form(ending), {"until": str(today + timedelta(days=20))})
    conflict = office.submit(second.form(ending), {"until": str(today + timedelta(days=10))})
    assert (conflict.status, conflict.heading) == (409, "Iemand anders was u voor")
    wanted = (today + timedelta(days=10)).strftime("%d-%m-%Y")
    current = (today + timedelta(days=20)).strftime("%d-%m-%Y")
    before, _, after = main(conflict).partition("Zoals het nu is")
    assert wanted in before
    assert current in after
    page = office.submit(conflict.form(f"Toch doen: {ending}"))
    assert details(page)["Geldig tot en met"] == wanted


def test_WEB14_what_is_not_possible_any_more_is_not_offered(managed: Network, office: Browser):
    page = mandate_of(managed, office, "ontvangen", "Slagerij Tofu")
    first, second = (office.follow(page, "Intrekken") for _ in range(2))
    office.submit(first.form("Intrekken"))
    conflict = office.submit(second.form("Intrekken"))
    assert conflict.status == 409
    with pytest.raises(NotOnPage):
        conflict.form("Toch doen: Intrekken")


def test_WEB13_addresses_of_others_are_all_alike(managed: Network, client: Browser, office: Browser):
    of_other = mandate_of(managed, office, "ontvangen", "Tuincentrum").url.rpartition("/")[2]
    for mandate_id in (of_other, "nothing"):
        for tail in ("", "/intrekken", "/geschiedenis", "/koppelen"):
            page = client.open(f"{managed.broker}/beheer/ketenmachtigingen/{mandate_id}{tail}")
            assert (page.status, details(page)["Code"]) == (404, "NOT_FOUND")
    page = client.open(f"{managed.broker}/beheer/relaties/van/bloemist-plastic-tulp")
    assert (page.status, details(page)["Code"]) == (404, "NOT_FOUND")


def test_M20_M21_a_relation_is_added_and_removed(managed: Network, office: Browser):
    page = office.submit(at(office, managed, "relaties/nieuw").form(GO_ON), {"number": "00010035"})
    assert details(page)["Naam"] == "Wolkenfabriek B.V."
    page = office.submit(page.form("Voeg deze relatie toe"), {"email": "geen adres"})
    assert page.status == 422
    assert page.form("Voeg deze relatie toe").fields["email"] == "geen adres"
    page = office.submit(page.form("Voeg deze relatie toe"), {"email": "wolk@example.test"})
    assert told(page) == "Wolkenfabriek B.V. is toegevoegd aan uw relaties."
    page = office.follow(office.submit(page.form("Zoek"), {"q": "wolkenfab"}), "Wolkenfabriek B.V.")
    assert details(page)["E-mailadres"] == "wolk@example.test"
    page = office.follow(at(office, managed, "relaties?q=ijssalon"), "IJssalon Poolster B.V.")
    page = office.follow(page, "Relatie verwijderen")
    assert details(page)["Ketenmachtigingen"] == "1"
    assert int(details(page)["Koppelingen aan inlogmiddelen"]) > 0
    page = office.submit(page.form("Verwijder deze relatie"))
    assert told(page) == "IJssalon Poolster B.V. is geen relatie meer."
    assert "Niets gevonden." in main(at(office, managed, "relaties?q=ijssalon"))
    assert "Relatie verwijderd" in main(at(office, managed, "geschiedenis"))


def test_M12_M22_M48_M49_users_and_couplings(managed: Network, office: Browser):
    page = at(office, managed, "gebruikers")
    assert "EH3 Belastingdienst kan niet worden gebruikt met ketenmachtigingen." in main(page)
    assert office.follow(page, "Een gewoon inlogmiddel van niveau EH3 aanvragen").status == 200
    without = (page for page in _received(managed, office) if "Saskia Test" not in main(page))
    address = f"{next(without).url}/koppelen"
    refused = office.open(address)
    values = {**dict(refused.form("Koppel").pairs), "means": "saskia-eh3-belastingdienst"}
    answer = office._navigate("POST", address, list(values.items()), refused.url)
    assert answer.status == 422
    assert "EH3 Belastingdienst kan niet" in mistakes(answer)["means"]
    assert answer.link("Een gewoon inlogmiddel van niveau EH3 aanvragen")


def test_M22_in_bulk_and_one_coupling_suspended_and_ended(managed: Network, office: Browser):
    page = at(office, managed, "koppelen")
    page = office.submit(page.form(GO_ON).choose("Fleur Voorbeeld").choose("Bram Proef"), {"q": "kaasmakerij"})
    assert details(page)["Ketenmachtigingen"] == "1"
    page = office.submit(page.form("Koppel ze"))
    assert page.heading == "Klaar met koppelen"
    counted = details(page)
    assert int(counted["Gekoppeld"]) + int(counted["Was al gekoppeld"]) == 2
    page = mandate_of(managed, office, "ontvangen", "Kaasmakerij")
    for button in ("Schorsen", "Weer actief maken", "Ontkoppelen"):
        page = _press(office, page, button)
    assert told(page) == "Gedaan: ontkoppelen."


def test_M22_uncoupled_in_bulk(managed: Network, office: Browser):
    page = at(office, managed, "koppelen")
    page = office.submit(page.form(GO_ON).choose("Bram Proef"), {"q": "kaasmakerij"})
    office.submit(page.form("Koppel ze"))
    page = office.follow(at(office, managed, "gebruikers"), "Veel machtigingen tegelijk ontkoppelen")
    nobody = office.submit(page.form(GO_ON), {"q": "kaasmakerij"})
    assert mistakes(nobody) == {"means": "Kies ten minste één inlogmiddel."}
    none = office.submit(
        nobody.form(GO_ON).choose("Bram Proef – EH3, gewoon inlogmiddel, actief"), {"q": "bestaat niet"}
    )
    assert mistakes(none) == {"q": "Voor deze klanten is er niets gekoppeld."}
    page = office.submit(none.form(GO_ON), {"q": "kaasmakerij"})
    assert details(page)["Koppelingen"] == "1"
    page = office.submit(page.form("Ontkoppel ze"))
    assert (page.heading, details(page)) == ("Klaar met ontkoppelen", {"Ontkoppeld": "1"})
    page = mandate_of(managed, office, "ontvangen", "Kaasmakerij")
    assert page.document.xpath("//button[@aria-label='Ontkoppelen: Bram Proef']") == []


def _received(managed: Network, office: Browser) -> Iterator[Page]:
    for address in at(office, managed, "ontvangen?status=active").document.xpath("//ul[@class='rows']/li/a/@href"):
        yield office.open(managed.broker + address)


def _press(browser: Browser, page: Page, button: str) -> Page:
    """Press the button of Bram Proef's coupling."""
    (form,) = page.document.xpath(f"//button[@aria-label='{button}: Bram Proef']/ancestor::form")
    fields = [(item.get("name"), item.get("value")) for item in form.iter("input")]
    return browser._navigate("POST", page.url.partition("/beheer")[0] + form.get("action"), fields, page.url)


def test_lists_are_filtered_and_bad_parameters_do_no_harm(managed: Network, office: Browser):
    everything = main(at(office, managed, "ontvangen"))
    assert "1–25 van" in everything
    page = at(office, managed, "ontvangen?status=expired")
    assert page.document.xpath("//main//li/strong/text()") == ["Verlopen"]
    assert "1–25 van" in main(at(office, managed, "ontvangen?status=nonsense&page=-3"))
    assert main(at(office, managed, "ontvangen?page=nonsense")) == everything
    assert at(office, managed, "geschiedenis?before=nonsense").status == 200
    assert at(office, managed, "ketenmachtigingen/x/nonsense").status == 404


def test_M25_with_EH2_plus_every_page_gives_the_reason_and_the_way_on(managed: Network, browser: Browser):
    enter_module(browser, managed, "Bram Proef", "EH2+")
    for place in ("relaties", "ontvangen", "verleend", "afgeven", "gebruikers", "koppelen", "geschiedenis"):
        page = at(browser, managed, place)
        assert (page.status, details(page)["Code"]) == (403, "CHAIN_NEEDS_EH3")
        assert page.link("Een gewoon inlogmiddel van niveau EH3 aanvragen")
