"""The form to revoke and the operator's desk, with a browser's requests, from the first page to the mandate."""

import re
from dataclasses import replace

import lxml.html
import pytest

from broker.core.administration.actors import OPERATOR
from broker.core.administration.representatives import Authority, Representative
from broker.core.administration.trade_register import KvkResult
from broker.core.mandates import ChainStatus
from broker.simulator.administration import checking
from broker.store import scenario
from broker.store.administration import filed, people
from broker.store.administration import revocation_requests as stored
from broker.store.scenario import read_scenario
from broker.web.app import create_app
from tests.core.register_values import OFFICE
from tests.simulator.administration.world import BAKERY

FORM = "/intrekken"
REVIEWS, REQUESTS, REGISTER = "/operator/reviews", "/operator/revocation-requests", "/operator/register"
PAPA = "administratiekantoor-papiermolen--dierenarts-de-pratende-papegaai"
TYPED = {
    "client": BAKERY.kvk_number,
    "intermediary": OFFICE.kvk_number,
    "name": "Bas Bakker",
    "email": "bas@bakkerij.example",
    "reason": "Wij gaan naar een ander kantoor.",
    "representative": "y",
}


class Browser:
    """A browser without scripts at one application."""

    def __init__(self, simulator):
        self.client = create_app(simulator).test_client()

    def open(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return lxml.html.document_fromstring(answer.text)

    def post(self, path, page, **given):
        (form,) = [one for one in page.forms if one.action == path]
        fields = {name: value for name, value in form.fields.items() if value is not None} | given
        return self.client.post(path, data=fields)

    def follow(self, answer):
        assert answer.status_code == 303, answer.text
        return self.open(answer.headers["Location"])


def words(page):
    return " ".join(page.find(".//main").text_content().split())


@pytest.fixture
def browser(world):
    return Browser(world.simulator)


@pytest.fixture
def bakery(world):
    world.simulator.store.write(
        lambda tx: people.add_representatives(tx, BAKERY.id, [Representative("Bas Bakker", Authority.OWNER)])
    )
    return world


def waiting(world):
    return world.simulator.store.read(stored.waiting)


def test_M52_from_the_form_to_the_revocation(bakery, browser):
    mandate = bakery.put().mandate
    received = browser.follow(browser.post(FORM, browser.open(FORM), **TYPED))
    (request,) = waiting(bakery)
    assert request.id in words(received)
    assert (request.name, request.email, request.reason) == (TYPED["name"], TYPED["email"], TYPED["reason"])

    listed = browser.open(REQUESTS)
    assert "Bas Bakker" in words(listed)
    page = browser.open(f"{REQUESTS}/{request.id}")
    execute = f"{REQUESTS}/{request.id}/execute"
    empty = browser.post(execute, page)
    assert empty.status_code == 422
    assert "Kies wie de aanvrager is." in empty.text
    assert bakery.mandate(mandate.id).mandate.status is ChainStatus.ACTIVE

    done = browser.post(execute, page, representative="Bas Bakker", mandates=[mandate.id])
    assert "Het verzoek is uitgevoerd." in words(browser.follow(done))
    assert bakery.mandate(mandate.id).mandate.status is ChainStatus.REVOKED
    again = browser.post(execute, page, representative="Bas Bakker", mandates=[mandate.id])
    assert again.status_code == 409
    assert "Uitgevoerd" in words(browser.open(f"{REQUESTS}/{request.id}"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"client": "123"}, "Vul het KvK-nummer van uw organisatie in: 8 cijfers."),
        ({"intermediary": ""}, "Vul het KvK-nummer van de intermediair in: 8 cijfers."),
        ({"intermediary": BAKERY.kvk_number}, "Een organisatie kan geen intermediair zijn van zichzelf."),
        ({"name": " "}, "Vul uw naam in."),
        ({"email": "bas"}, "Vul een e-mailadres in"),
        ({"reason": ""}, "Vul in waarom u wilt intrekken."),
        ({"reason": "x" * 1001}, "Gebruik niet meer dan 1000 tekens."),
        ({"reason": "mijn BSN is 111222333"}, "Laat burgerservicenummers weg."),
        ({"representative": ""}, "Alleen een wettelijk vertegenwoordiger kan dit vragen."),
    ],
)
def test_M52_I11_what_is_wrong_is_said_and_what_was_typed_is_kept(world, browser, changes, said):
    answer = browser.post(FORM, browser.open(FORM), **TYPED | changes)
    assert answer.status_code == 422
    page = lxml.html.document_fromstring(answer.text)
    assert said in words(page)
    (summary,) = page.xpath("//div[@role='alert']//a[starts-with(@href, '#')]/@href")
    assert page.get_element_by_id(summary[1:]) is not None
    typed = TYPED | changes
    for name in {"client", "intermediary", "name", "email"} - {"name" if not typed["name"].strip() else ""}:
        assert page.forms[0].fields[name] == typed[name]
    assert waiting(world) == ()


def test_M52_the_answer_is_the_same_for_numbers_that_nobody_knows(world, browser):
    known = browser.follow(browser.post(FORM, browser.open(FORM), **TYPED))
    first = waiting(world)[0].id
    unknown = browser.follow(browser.post(FORM, browser.open(FORM), **TYPED | {"client": "00099998"}))
    (second,) = [one.id for one in waiting(world) if one.id != first]
    assert words(known).replace(first, "") == words(unknown).replace(second, "")
    assert "KVK kent het nummer van de klant niet" in words(browser.open(f"{REQUESTS}/{second}"))


def test_M52_without_the_token_of_the_form_nothing_is_taken_in(world, browser):
    browser.open(FORM)
    assert browser.client.post(FORM, data=TYPED).status_code == 400
    assert waiting(world) == ()


def test_M52_refusing_a_request_needs_a_reason(bakery, browser):
    browser.post(FORM, browser.open(FORM), **TYPED)
    (request,) = waiting(bakery)
    path = f"{REQUESTS}/{request.id}"
    assert browser.post(f"{path}/refuse", browser.open(path)).status_code == 422
    done = browser.post(f"{path}/refuse", browser.open(path), answer="Wij konden u niet bereiken.")
    assert "Het verzoek is geweigerd." in words(browser.follow(done))
    assert waiting(bakery) == ()
    assert "Wij konden u niet bereiken." in words(browser.open(path))


def test_M43_reviewing_an_urgent_mandate(sim):
    browser = Browser(sim)
    listed = browser.open(REVIEWS)
    assert "Spoed" in words(listed)
    path = f"{REVIEWS}/{PAPA}"
    page = browser.open(path)
    assert "Papa Gaai" in words(page)
    number = sim.store.read(scenario.take).organisations["dierenarts-de-pratende-papegaai"].kvk_number
    checking.override(sim, OPERATOR, number, KvkResult.ERROR)
    refused = browser.post(f"{path}/activate", page)
    assert refused.status_code == 409
    assert "KVK geeft nu geen antwoord." in refused.text
    checking.take_back(sim, OPERATOR, number)
    done = browser.post(f"{path}/activate", page)
    assert "De ketenmachtiging is actief." in words(browser.follow(done))
    assert sim.store.read(lambda tx: filed.load(tx, PAPA)).mandate.status is ChainStatus.ACTIVE
    assert browser.post(f"{path}/activate", page).status_code == 409
    assert "Er wacht niets op beoordeling." in words(browser.open(REVIEWS))


def test_rejecting_needs_a_reason_that_holds_no_BSN(sim):
    browser, path = Browser(sim), f"{REVIEWS}/{PAPA}"
    page = browser.open(path)
    for reason in ("", "bsn 111222333"):
        assert browser.post(f"{path}/reject", page, reason=reason).status_code == 422
    done = browser.post(f"{path}/reject", page, reason="De handtekening klopt niet.")
    assert "De ketenmachtiging is afgewezen." in words(browser.follow(done))
    found = sim.store.read(lambda tx: filed.load(tx, PAPA))
    assert (found.mandate.status, found.dossier.reason) == (ChainStatus.REJECTED, "De handtekening klopt niet.")


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_the_register_is_downloaded_as_a_file_that_can_be_read_again(sim, tmp_path, ending):
    browser = Browser(sim)
    (link,) = [one for one in browser.open(REGISTER).xpath("//main//a/@href") if one.endswith(f".{ending}")]
    answer = browser.client.get(link)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="register.{ending}"'
    (tmp_path / f"register.{ending}").write_bytes(answer.data)
    read = read_scenario(tmp_path / f"register.{ending}", loaded_at=sim.clock(), secret=b"x")
    assert read.chain_mandates == sim.store.read(scenario.take).chain_mandates
    assert browser.client.get(f"{REGISTER}/export.xml").status_code == 404


def test_going_back_to_the_sample_data_is_asked_first(bakery):
    sim, browser = bakery.simulator, Browser(bakery.simulator)
    browser.post(FORM, browser.open(FORM), **TYPED)
    page = browser.open(f"{REGISTER}/reset")
    assert "Wilt u de voorbeeldgegevens terugzetten?" in words(page)
    assert waiting(bakery) != ()
    done = browser.post(f"{REGISTER}/reset", page)
    assert "Het register bevat weer de voorbeeldgegevens." in words(browser.follow(done))
    held = sim.store.read(scenario.take)
    assert BAKERY.id not in held.organisations
    assert (len(held.organisations), len(held.requests)) == (1245, 0)


def test_sample_data_that_cannot_be_read_leave_everything_as_it_is(bakery, tmp_path):
    broken = tmp_path / "sample.yaml"
    broken.write_text("authentication_service: urn:as\norganisations:\n  - {id: a}\n", encoding="utf-8")
    files = replace(bakery.simulator.register_files, sample=broken)
    browser = Browser(replace(bakery.simulator, register_files=files))
    before = bakery.simulator.store.read(scenario.take)
    answer = browser.post(f"{REGISTER}/reset", browser.open(f"{REGISTER}/reset"))
    assert answer.status_code == 500
    assert re.search(r"sample\.yaml:3: organisations\[0\]\.name: is missing", answer.text)
    assert bakery.simulator.store.read(scenario.take) == before


def test_what_kvk_says_is_set_and_taken_back(world, browser):
    wrong = browser.post(f"{REGISTER}/kvk", browser.open(REGISTER), number="12")
    assert wrong.status_code == 422
    nobody = browser.post(f"{REGISTER}/kvk", browser.open(REGISTER), number="00099997", result="ok")
    assert nobody.status_code == 422
    done = browser.post(f"{REGISTER}/kvk", browser.open(REGISTER), number=BAKERY.kvk_number, result="inactive")
    page = browser.follow(done)
    assert f"KvK-nummer {BAKERY.kvk_number}: Niet actief" in words(page)
    back = browser.post(f"{REGISTER}/kvk/take-back", page)
    assert f"KvK-nummer {BAKERY.kvk_number}:" not in words(browser.follow(back))
    assert checking.overridden(world.simulator) == ()


@pytest.mark.parametrize("path", [f"{REVIEWS}/nobody", f"{REQUESTS}/nobody"])
def test_what_is_not_there_is_told_as_such(browser, path):
    assert browser.client.get(path).status_code == 404
