"""Artifacts of a broker that runs, and what a question about one may be answered with."""

from urllib.parse import parse_qs, urlsplit

from lxml import etree

from broker.core.login import Addressed
from broker.saml import response
from broker.simulator import answers
from broker.simulator.context import Simulator
from tests.requester import NS, Requester, make_id

STATUS = "urn:oasis:names:tc:SAML:2.0:status:Success"


def issued(simulator: Simulator, requester: Requester) -> str:
    """An artifact for `requester`; behind it stands a signed answer without an assertion."""
    return issued_to(simulator, requester.entity_id, requester.consumer)


def issued_to(simulator: Simulator, entity_id: str, consumer: str) -> str:
    """The same for a service provider by its EntityID and the address that answers go to."""
    to = Addressed(entity_id, make_id(), consumer, None)
    delivery = simulator.store.write(
        lambda tx: answers.refuse(simulator, tx, "login", to, response.authn_failed("stopped"))
    )
    return parse_qs(urlsplit(delivery.location).query)["SAMLart"][0]


def assert_empty(answer: etree._Element) -> None:
    """Status Success and no message: what every artifact gets that leads to nothing."""
    assert answer.find("samlp:Status/samlp:StatusCode", NS).get("Value") == STATUS
    assert answer.find("samlp:Response", NS) is None


def assert_answered(answer: etree._Element) -> None:
    """There is a message."""
    assert len(answer.findall("samlp:Response", NS)) == 1
