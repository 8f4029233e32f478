"""The page of an error, as the real application makes it."""

import lxml.html
import pytest
import requests

from broker.core.errors import NotFound
from broker.core.explanations import EXPLANATIONS
from broker.rules import RULES
from tests.simulator.outcome import facts


def test_an_address_that_does_not_exist_has_the_one_code_of_its_error(network):
    answer = requests.get(f"{network.broker}/nothing", timeout=30)
    assert answer.status_code == 404
    page = lxml.html.document_fromstring(answer.content)
    assert page.findtext(".//h1") == "Deze pagina bestaat niet"
    assert facts(page)["Code"] == NotFound.code == "EH-WEB-404"


def test_an_address_that_does_not_exist_leads_to_the_front_page(network):
    page = lxml.html.document_fromstring(requests.get(f"{network.broker}/nothing", timeout=30).content)
    (link,) = page.xpath("//main//a")
    assert (link.text, link.get("href")) == ("Naar de startpagina", "/")


def test_an_error_in_a_login_does_not_lead_away_from_it(network):
    answer = requests.get(f"{network.broker}/login/unknown", timeout=30)
    assert lxml.html.document_fromstring(answer.content).xpath("//main//a") == []


def explained(network, language: str) -> dict[str, str]:
    """The page of codes: code and words."""
    answer = requests.get(f"{network.broker}/help?lang={language}", timeout=30)
    assert answer.status_code == 200
    page = lxml.html.document_fromstring(answer.content)
    return {entry.get("id"): entry.findtext("dd") for entry in page.xpath("//main//dl/div")}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_code_that_is_shown_or_logged_is_explained_in_both_languages(network, language):
    told = explained(network, language)
    for reason, words in EXPLANATIONS.items():
        assert told[reason.value] == f"{words.reason.in_language(language)} {words.next_step.in_language(language)}"
    for rule in RULES:
        assert told[rule.id] == rule.text.in_language(language)
    for code in (
        "EH-MSG-02",
        "EH-FLW-02",
        "EH-FLW-03",
        "EH-FLW-04",
        "EH-STO-04",
        "EH-WEB-400",
        "EH-WEB-404",
        "EH-SIM-00",
    ):
        assert len(told[code].split()) > 5, code
    assert "EH-CFG-01" not in told


def test_the_code_of_a_problem_is_on_the_page_of_codes(network):
    shown = lxml.html.document_fromstring(requests.get(f"{network.broker}/login/unknown", timeout=30).content)
    assert facts(shown)["Code"] in explained(network, "nl")


def test_the_front_page_leads_to_the_codes_and_to_front_pages_that_are_there(network):
    page = lxml.html.document_fromstring(requests.get(network.broker, timeout=30).content)
    page.make_links_absolute(network.broker)
    links = page.xpath("//main//a/@href | //footer//a/@href")
    assert f"{network.broker}/help" in links
    assert {requests.get(link, timeout=30).status_code for link in links} == {200}
