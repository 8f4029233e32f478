"""The rows of the table in docs/errors.md about resolving."""

from urllib.parse import parse_qs, urlsplit

import pytest

from broker.core.ids import RandomIds
from broker.saml import artifact as artifacts
from tests.errors.told import asked
from tests.requester import NS, soap


def an_artifact(network, requester) -> str:
    """One behind which a status waits."""
    location = asked(network, requester, IsPassive="true").headers["Location"]
    return parse_qs(urlsplit(location).query)["SAMLart"][0]


def test_ERR_13_a_question_that_cannot_be_trusted(network, requester):
    unsigned = requester.resolve(an_artifact(network, requester))
    answer = soap(network.simulator.addresses.resolution, unsigned)
    assert answer.status_code == 500
    assert "<faultcode>soap:Client</faultcode>" in answer.text
    assert "Response" not in answer.text


@pytest.mark.parametrize("case", ["unknown", "used", "of-another"])
def test_ERR_14_an_artifact_that_gives_nothing(network, requester, make_requester, case):
    resolution = network.simulator.addresses.resolution
    artifact = an_artifact(network, requester)
    asking = requester
    if case == "unknown":
        artifact = artifacts.encode(network.simulator.entity_id, RandomIds().handle())
    elif case == "used":
        requester.collect(resolution, artifact)
    else:
        asking = make_requester(network, keys="other", entity=9060)
    found = asking.collect(resolution, artifact)
    assert [code.get("Value") for code in found.iter("{*}StatusCode")] == ["urn:oasis:names:tc:SAML:2.0:status:Success"]
    assert found.find("samlp:Response", NS) is None


def test_ERR_14_an_artifact_that_expired(own_network, make_requester):
    requester = make_requester(own_network)
    artifact = an_artifact(own_network, requester)
    moved = own_network.simulator.lifetimes.artifact
    own_network.clock.offset = moved
    later = (own_network.clock()).strftime("%Y-%m-%dT%H:%M:%SZ")
    signed = requester.signed(requester.resolve(artifact, IssueInstant=later))
    answer = soap(own_network.simulator.addresses.resolution, signed)
    assert answer.status_code == 200
    assert "AuthnFailed" not in answer.text
    assert "samlp:Response " not in answer.text
