"""The page of an error, as the real application makes it."""

import lxml.html
import requests

from broker.core.errors import NotFound
from tests.simulator.outcome import facts


def test_an_address_that_does_not_exist_has_the_one_code_of_its_error(network):
    answer = requests.get(f"{network.broker}/nothing", timeout=30)
    assert answer.status_code == 404
    page = lxml.html.document_fromstring(answer.content)
    assert page.findtext(".//h1") == "Deze pagina bestaat niet"
    assert facts(page)["Code"] == NotFound.code == "EH-WEB-404"
