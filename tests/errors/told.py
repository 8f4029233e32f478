"""What a service provider is told: the status behind an artifact."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.network import Network
from tests.requester import NS, Requester, form

PREFIX = "urn:oasis:names:tc:SAML:2.0:status:"
Told = tuple[list[str], str | None]


def told(network: Network, requester: Requester, location: str) -> Told:
    """The codes, outermost first, and the message of the Response that `location` leads to; it holds no assertion."""
    assert location.startswith(f"{requester.consumer}?"), location
    artifact = parse_qs(urlsplit(location).query)["SAMLart"][0]
    root = requester.collect(network.simulator.addresses.resolution, artifact)
    assert root.find("samlp:Response/saml:Assertion", NS) is None
    status = root.find("samlp:Response/samlp:Status", NS)
    codes = [code.get("Value").removeprefix(PREFIX) for code in status.iter(f"{{{NS['samlp']}}}StatusCode")]
    return codes, status.findtext("samlp:StatusMessage", None, NS)


def asked(network: Network, requester: Requester, **changes: Any) -> requests.Response:
    """The broker's first answer to a request with these changes."""
    sso = network.simulator.addresses.sso
    message = requester.signed(requester.request(sso, **changes))
    return requests.post(sso, form("SAMLRequest", message, "state"), allow_redirects=False, timeout=30)


def told_at_once(network: Network, requester: Requester, **changes: Any) -> Told:
    """What a request with these changes is answered with, without any screen."""
    answer = asked(network, requester, **changes)
    assert answer.status_code == 303, answer.text
    return told(network, requester, answer.headers["Location"])
