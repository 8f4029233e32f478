"""An authentication service that can be made to answer wrongly, with the genuine keys of the stub."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

import lxml.html
import requests
from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.ids import RandomIds
from broker.saml import signature
from broker.saml.assertion import VALUE_PREFIXES
from broker.saml.keys import SigningKey
from broker.simulator.compose import signing_key
from broker.simulator.layout import Layout
from broker.simulator.parties import AUTHENTICATION_SERVICE
from idp_stub import statements
from idp_stub.accounts import Accounts, Means
from idp_stub.questions import Question
from idp_stub.statements import Issuer
from tests import second_service
from tests.network import Network
from tests.requester import NS, Requester, form

Change = Callable[[etree._Element], object]


def _nothing(_element: etree._Element) -> None:
    """As it is."""


@dataclass
class PendingLogin:
    """A login that waits for the answer of an authentication service, in a browser of its own."""

    network: Network
    question: Question
    login_id: str
    browser: requests.Session = field(default_factory=requests.Session)

    def answer(
        self,
        change: Change = _nothing,
        *,
        assertion: Change | None = None,
        response: Change | None = None,
        tamper: Change = _nothing,
    ) -> dict[str, str]:
        """The form fields of an answer that somebody authenticated.

        `change` is made to the Response before signing, `tamper` after it; `assertion` and `response` say how the two
        are signed, if not by the stub.
        """
        own = issuer(self.network)
        made = statements.authenticated(own, self.question, means(self.network), self.network.clock(), RandomIds())
        return self._signed(made, change, assertion or by(own.signing), response or by(own.signing), tamper)

    def cancelled(self, change: Change = _nothing) -> dict[str, str]:
        """The form fields of an answer that the person stopped."""
        own = issuer(self.network)
        made = statements.cancelled(own, self.question, self.network.clock(), RandomIds())
        return self._signed(made, change, by(own.signing), by(own.signing), _nothing)

    def _signed(
        self, made: etree._Element, change: Change, assertion: Change, response: Change, tamper: Change
    ) -> dict[str, str]:
        change(made)
        for item in made.findall("saml:Assertion", NS):
            _drop_signature(item)
            assertion(item)
        _drop_signature(made)
        response(made)
        tamper(made)
        return form("SAMLResponse", made, self.login_id)

    def post(self, fields: dict[str, str]) -> requests.Response:
        """Deliver an answer, as a page of the authentication service has the browser do; no cookie goes along."""
        address = self.network.simulator.addresses.consumer
        return requests.post(address, fields, allow_redirects=False, timeout=30)

    def follow(self, answer: requests.Response) -> requests.Response:
        """Go on in the login's browser."""
        return self.browser.get(urljoin(self.network.broker, answer.headers["Location"]), timeout=30)


def begin(network: Network, requester: Requester, service: str | None = None) -> PendingLogin:
    """A login up to the question for an authentication service (`service`: which one, when there is a choice)."""
    started = requests.post(
        network.simulator.addresses.sso,
        requester.begin(network.simulator.addresses.sso),
        allow_redirects=False,
        timeout=30,
    )
    browser = requests.Session()
    browser.trust_env = False
    page = browser.get(urljoin(network.broker, started.headers["Location"]), timeout=30)
    if service is not None:
        fields = {"choice": service, "csrf_token": inputs(page)["csrf_token"]}
        page = browser.post(page.url + "/authenticate", fields, timeout=30)
    sent = inputs(page)
    question = etree.fromstring(base64.b64decode(sent["SAMLRequest"]))
    return PendingLogin(
        network,
        Question(
            request_id=question.get("ID"),
            broker=network.simulator.entity_id,
            consumer=network.simulator.addresses.consumer,
            relay_state=sent["RelayState"],
            level=AssuranceLevel.EH3,
            service_provider=requester.entity_id,
            service_uuid="e0000099-0011-4000-8000-000000009001",
            provider_name=None,
        ),
        sent["RelayState"],
        browser,
    )


def inputs(page: requests.Response) -> dict[str, str]:
    """All fields of all forms on a page."""
    document = lxml.html.document_fromstring(page.content)
    return {item.get("name"): item.get("value", "") for item in document.iter("input") if item.get("name")}


def issuer(network: Network) -> Issuer:
    """The stub, as it signs."""
    return _issuer(network, AUTHENTICATION_SERVICE.entity_id, AUTHENTICATION_SERVICE.certificates.folder)


def second_issuer(network: Network) -> Issuer:
    """The second authentication service, as it signs."""
    return _issuer(network, second_service.ENTITY_ID, second_service.PARTY.folder)


def by(key: SigningKey) -> Change:
    """Sign with this key."""
    return lambda element: signature.sign(element, key, prefixes=VALUE_PREFIXES)


def unsigned(_element: etree._Element) -> None:
    """Leave it without a signature."""


def _drop_signature(element: etree._Element) -> None:
    found = element.find("ds:Signature", NS)
    if found is not None:
        element.remove(found)


def _issuer(network: Network, entity_id: str, party: str) -> Issuer:
    key = signing_key(Layout.of(network.settings), party)
    return Issuer(entity_id, key, network.simulator.intermediary_register.recipient)


def means(network: Network) -> Means:
    """The means that the stub answers about."""
    accounts = Accounts(Layout.of(network.settings).stub_accounts)
    return next(item for account in accounts.all() for item in account.means if item.id == "fleur-eh3")
