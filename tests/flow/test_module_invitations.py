"""Invitations on screen: from the steps of an intermediary, by the mail in the mailbox, to the client's signature."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.steps import details, enter_module
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.network import Network, running_network

GO_ON, SEND = "Ga verder", "Verstuur de uitnodiging"
KIOSK, BOARD, ABROAD, BELLS = "90006577", "69599068", "69599076", "Stichting Vergeten Fietsbellen"


@pytest.fixture(scope="module")
def inviting(tmp_path_factory: pytest.TempPathFactory, installation: Path) -> Iterator[Network]:
    """A network whose register these tests change."""
    folder = tmp_path_factory.mktemp("inviting")
    with running_network(folder, demo=False, installation=installation) as running:
        yield running


@pytest.fixture(scope="module")
def office(inviting: Network) -> Iterator[Browser]:
    """The browser of Fleur Voorbeeld, a manager of the office, who is in."""
    with Browser() as fresh:
        enter_module(fresh, inviting, "Fleur Voorbeeld")
        yield fresh


def at(browser: Browser, network: Network, place: str) -> Page:
    return browser.open(f"{network.broker}/{place}")


def words(page: Page) -> str:
    return " ".join(page.document.find(".//main").text_content().split())


def mistakes(page: Page) -> dict[str, str]:
    """The summary on top: what is wrong, by the id that its link leads to."""
    links = page.document.xpath("//*[@id='mistakes']//a")
    assert all(page.document.get_element_by_id(link.get("href")[1:]) is not None for link in links)
    return {link.get("href")[1:]: " ".join(link.text_content().split()) for link in links}


def terms(office: Browser, network: Network, number: str, provider: str, start: str = "beheer/uitnodigen") -> Page:
    """Steps 1 and 2: the page that asks where the invitation goes."""
    page = office.submit(at(office, network, start).form(GO_ON), {"number": number})
    return office.submit(page.form(GO_ON).choose("Dienstverlenersmachtiging").choose(provider))


def invited(office: Browser, network: Network, number: str, provider: str, email: str) -> Page:
    """All four steps; the page of the invitation."""
    page = office.submit(terms(office, network, number, provider).form(GO_ON), {"email": email})
    return office.submit(page.form(SEND))


def linked(browser: Browser, network: Network, recipient: str) -> Page:
    """The page behind the link in the last mail to somebody, as the mailbox shows it."""
    found = at(browser, network, f"operator/mailbox?q={recipient}")
    (mail, *_) = found.document.xpath("//ul[@class='entries']//a/@href")
    page = browser.open(network.broker + mail)
    (address,) = page.document.xpath("//div[@class='asked']//a/@href")
    return browser.open(address)


def test_M06_M31_M41_invited_in_steps_answered_by_the_link_in_the_mail_and_active(
    inviting: Network, office: Browser, browser: Browser
):
    page = invited(office, inviting, KIOSK, "KVK", "kiosk@klant.example")
    assert "Wacht op antwoord" in words(page)
    assert details(page)["E-mailadres"].startswith("kiosk@klant.example")
    invitation = page.url

    asked = linked(browser, inviting, "kiosk@klant.example")
    assert asked.status == 200
    assert asked.heading == "Ketenmachtiging voor Administratiekantoor Papiermolen B.V."
    assert "Kiosk Op Elke Hoek B.V." in words(asked)
    wrong = browser.submit(asked.form("Onderteken"))
    assert (wrong.status, set(mistakes(wrong))) == (422, {"representative", "agree"})
    form = wrong.form("Onderteken").choose("Hoek Duizendpoot").choose("Ik ga akkoord")
    done = browser.submit(form)
    assert (done.status, done.heading) == (200, "U hebt getekend")
    assert "De machtiging is actief" in words(done)

    assert "Aanvaard" in words(office.open(invitation))
    mandate = office.follow(office.open(invitation), "Naar de machtiging")
    assert details(mandate)["Ontstaan"] == "Gevraagd door de intermediair"
    assert {"Getekend", "Gecontroleerd bij KVK", "Actief sinds"} <= details(mandate).keys()
    used = browser.open(asked.url)
    assert (used.status, details(used)["Code"]) == (404, "LINK_NOT_VALID")


def test_a_wrong_link_and_a_used_one_look_the_same(inviting: Network, browser: Browser):
    pages = [
        at(browser, inviting, f"{kind}/{token}")
        for kind in ("uitnodiging", "ondertekenen")
        for token in ("x", "y" * 43)
    ]
    assert {page.status for page in pages} == {404}
    assert len({words(page) for page in pages}) == 1


def test_two_who_sign_together_each_get_a_link(inviting: Network, office: Browser, browser: Browser):
    invited(office, inviting, BOARD, "Belastingdienst", "board@klant.example")
    asked = linked(browser, inviting, "board@klant.example")
    alone = browser.submit(asked.form("Onderteken").choose("Rinkel de Groot").choose("Ik ga akkoord"))
    assert mistakes(alone) == {"cosigner": "Kies wie er na u tekent."}
    form = alone.form("Onderteken")
    without = browser.submit(form, {"cosigner": "Tring Zadelmaker"})
    assert set(mistakes(without)) == {"cosigner_email"}
    done = browser.submit(without.form("Onderteken"), {"cosigner_email": "tring@klant.example"})
    assert done.heading == "U hebt getekend"
    second = linked(browser, inviting, "tring@klant.example")
    assert "Getekend door: Rinkel de Groot." in words(second)
    done = browser.submit(second.form("Onderteken").choose("Ik ga akkoord"))
    assert "De machtiging is actief" in words(done)


def test_M43_M44_M45_the_urgent_procedure_begins_by_a_link_and_is_advised_for_who_lives_abroad(
    inviting: Network, office: Browser
):
    advised = terms(office, inviting, ABROAD, "KVK")
    assert "raden de spoedprocedure aan" in words(advised)
    assert not advised.document.get_element_by_id("urgent").checked
    urgent = terms(office, inviting, ABROAD, "KVK", "beheer/uitnodigen?spoed=ja")
    assert "raden de spoedprocedure aan" not in words(urgent)
    page = office.submit(urgent.form(GO_ON), {"email": "abroad@klant.example"})
    assert details(page)["Spoed"] == "Ja"
    assert details(office.submit(page.form(SEND)))["Behandeling"] == "Spoed"


def test_every_step_keeps_what_was_typed_and_says_what_was_expected(inviting: Network, office: Browser):
    page = office.submit(at(office, inviting, "beheer/uitnodigen").form(GO_ON), {"number": "123"})
    assert (page.status, mistakes(page)) == (422, {"number": "Vul een KvK-nummer in: 8 cijfers."})
    for number, reason in (("96354429", "niet actief"), ("90004973", "geen antwoord"), ("68750110", "zichzelf")):
        page = office.submit(page.form(GO_ON), {"number": number})
        assert reason in mistakes(page)["number"]
        assert page.form(GO_ON).fields["number"] == number
    page = office.submit(terms(office, inviting, KIOSK, "UWV").form(GO_ON), {"email": "geen adres"})
    assert mistakes(page) == {"email": "Vul een e-mailadres in, zoals naam@voorbeeld.nl."}
    assert page.form(GO_ON).fields["email"] == "geen adres"


def test_an_address_that_bounces_is_corrected_and_an_invitation_is_taken_back(
    inviting: Network, office: Browser, browser: Browser
):
    page = invited(office, inviting, KIOSK, "UWV", "fout@klant.example")
    found = at(browser, inviting, "operator/mailbox?q=fout@klant")
    mail = browser.open(inviting.broker + found.document.xpath("//ul[@class='entries']//a/@href")[0])
    assert "De mail is teruggekomen" in words(browser.submit(mail.form("Laat deze mail terugkomen")))
    bounced = office.open(page.url)
    assert "Adres klopt niet" in words(bounced)
    mended = office.submit(bounced.form("Verstuur opnieuw"), {"email": "goed@klant.example"})
    assert "De uitnodiging is verstuurd naar goed@klant.example." in words(mended)
    asked = linked(browser, inviting, "goed@klant.example")
    ask = office.follow(office.open(page.url), "Trek de uitnodiging in")
    office.submit(ask.form("Trek in"), {"reason": "vergissing"})
    assert "Ingetrokken" in words(office.open(page.url))
    assert browser.open(asked.url).status == 404


def test_M07_a_client_with_means_answers_in_the_module(inviting: Network, office: Browser, browser: Browser):
    invited(office, inviting, "68727720", "UWV", "glas@klant.example")
    enter_module(browser, inviting, "Gijs Glas")
    page = browser.follow(at(browser, inviting, "beheer/uitnodigingen"), "Administratiekantoor Papiermolen B.V.")
    done = browser.submit(page.form("Onderteken en ga akkoord"))
    assert "U gaf Administratiekantoor Papiermolen B.V. een ketenmachtiging." in words(done)
    assert details(done)["Status"] == "Actief"


def test_M32_M33_M46_an_application_leads_to_a_mail_with_a_link_to_the_module(inviting: Network, browser: Browser):
    page = browser.follow(at(browser, inviting, "ketenmachtigingen"), "Begin als intermediair")
    page = browser.submit(page.form("Meld aan"), {"number": "90004973", "name": "Noor", "email": "noor@begin.example"})
    assert "geen antwoord" in mistakes(page)["number"]
    page = browser.submit(page.form("Meld aan"), {"number": "00010001"})
    assert page.heading == "Uw aanmelding is ontvangen"
    again = browser.open(inviting.broker + "/ketenmachtigingen/aanmelden")
    values = {"number": "00010001", "name": "Noor", "email": "noor@begin.example"}
    browser.submit(again.form("Meld aan"), values)
    assert (
        at(browser, inviting, "operator/mailbox?q=noor@begin").document.xpath("count(//ul[@class='entries']/li)") == 1
    )
    assert linked(browser, inviting, "noor@begin").url == f"{inviting.broker}/beheer"
    enter_module(browser, inviting, "Noor Proef")
    history = at(browser, inviting, "beheer/geschiedenis")
    assert "Beheermodule in gebruik genomen" in words(history)


def test_M40_M41_M42_prices_are_told_and_a_quote_can_be_asked(inviting: Network, browser: Browser):
    page = browser.follow(at(browser, inviting, "ketenmachtigingen"), "Wat kost het?")
    told = words(page).replace("\xa0", " ")
    assert "kost € 19,95 per jaar per klant" in told
    assert "De controle van gegevens bij KVK is inbegrepen" in told
    assert details(page)["100 klanten"].replace("\xa0", " ") == "€ 1.995,00"
    wrong = browser.submit(page.form("Vraag aan"), {"clients": "veel"})
    assert set(mistakes(wrong)) == {"name", "email", "clients"}
    values = {"name": "Noor", "email": "noor@begin.example", "clients": "12"}
    assert browser.submit(wrong.form("Vraag aan"), values).heading == "Uw aanvraag is ontvangen"
    desk = words(browser.follow(at(browser, inviting, "operator"), "Offerteaanvragen")).replace("\xa0", " ")
    assert "Noor, noor@begin.example" in desk
    assert "12 klanten, € 239,40 per jaar" in desk


def test_nobody_gets_to_the_pages_of_others(inviting: Network, office: Browser, browser: Browser):
    page = invited(office, inviting, BOARD, "UWV", "other@klant.example")
    enter_module(browser, inviting, "Noor Proef")
    assert browser.open(page.url).status == 404
    assert BELLS not in words(at(browser, inviting, "beheer/uitnodigingen"))
