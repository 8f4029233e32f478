"""A login by the use cases of the simulator alone: no HTTP, so that clock and ids can be anything."""

from dataclasses import dataclass

from lxml import etree

from broker.core.ids import Ids
from broker.core.login import Login
from broker.saml import pki
from broker.saml.keys import Certificate, SigningKey, VerificationKey
from broker.saml.network import Network, read_network
from broker.settings import Settings
from broker.simulator import authentication, pending, representation, requests
from broker.simulator.compose import read_file
from broker.simulator.context import Simulator
from broker.simulator.layout import Layout
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.simulator.requests import Begun
from idp_stub import questions, statements
from idp_stub.accounts import Accounts, Means
from idp_stub.questions import Question
from idp_stub.statements import Issuer
from tests.requester import Requester, form

BROWSER = "browser-of-the-test-of-32-letters"
Form = dict[str, list[str]]


@dataclass(frozen=True)
class Stub:
    """The stub authentication service as it signs and reads, without its pages."""

    network: Network
    issuer: Issuer
    accounts: Accounts
    sso_location: str
    ids: Ids

    @classmethod
    def of(cls, settings: Settings, simulator: Simulator) -> "Stub":
        layout = Layout.of(settings)
        authority = VerificationKey.of(Certificate.from_pem_file(pki.certificate_path(layout.certs, "bo", "signing")))
        folder = AUTHENTICATION_SERVICE.certificates.folder
        key = SigningKey.load(
            pki.key_path(layout.certs, folder, "signing"), pki.certificate_path(layout.certs, folder, "signing")
        )
        return cls(
            network=read_network(read_file(layout.network_metadata), (authority,), simulator.clock()),
            issuer=Issuer(AUTHENTICATION_SERVICE.entity_id, key, simulator.intermediary_register.recipient),
            accounts=Accounts(layout.stub_accounts),
            sso_location=f"{settings.stub.url}/sso",
            ids=simulator.ids,
        )

    def means(self, means_id: str) -> Means:
        return next(means for account in self.accounts.all() for means in account.means if means.id == means_id)


@dataclass(frozen=True)
class Journey:
    """Who takes part in a login; `asked` and `answered` keep the messages between broker and stub."""

    simulator: Simulator
    stub: Stub
    requester: Requester

    def begin(self, **changes: str | None) -> Login:
        """The requester's request, taken; the login is bound to a browser."""
        return pending.bound(self.simulator, self.received(**changes).login.id, BROWSER)

    def received(self, **changes: str | None) -> Begun:
        """The requester's request, taken."""
        return requests.receive_post(self.simulator, self.request(**changes))

    def request(self, **changes: str | None) -> Form:
        """The fields of a form that begins a login."""
        message = self.requester.signed(self.requester.request(self.simulator.addresses.sso, **changes))
        return listed(form("SAMLRequest", message, "state"))

    def ask(self, login: Login) -> Form:
        """The fields of the form that goes to the stub."""
        asked = authentication.ask(self.simulator, login.id, BROWSER, AUTHENTICATION_SERVICE.entity_id)
        return {"SAMLRequest": [asked.saml_request], "RelayState": [asked.relay_state]}

    def answer(self, asked: Form, means_id: str = "fleur-eh3") -> etree._Element:
        """What the stub answers when somebody uses these means."""
        means, moment = self.stub.means(means_id), self.simulator.clock()
        return statements.authenticated(self.stub.issuer, self._read(asked), means, moment, self.stub.ids)

    def stop(self, asked: Form) -> etree._Element:
        """What the stub answers when somebody stops there."""
        return statements.cancelled(self.stub.issuer, self._read(asked), self.simulator.clock(), self.stub.ids)

    def _read(self, asked: Form) -> Question:
        brokers = {item.entity_id: item for item in self.stub.network.brokers}
        return questions.receive(asked, brokers, self.stub.sso_location, self.simulator.clock())

    def authenticated(self, login: Login, answer: etree._Element) -> Login:
        """The answer taken, and fetched by the login's browser."""
        answered = authentication.receive(self.simulator, listed(form("SAMLResponse", answer, login.id)))
        return authentication.accept(self.simulator, login.id, BROWSER, answered.token, BROWSER)

    def at_the_list(self, means_id: str = "fleur-eh3", **changes: str | None) -> Login:
        """All steps up to the choice."""
        login = self.begin(**changes)
        return self.authenticated(login, self.answer(self.ask(login), means_id))

    def token(self, login: Login, organisation: str) -> str:
        """The token that chooses the organisation whose name begins so."""
        found = representation.selection(self.simulator, login, organisation)
        return found.choices[0].token


def listed(fields: dict[str, str]) -> Form:
    """A form as the web gives it: each field with all its values."""
    return {name: [value] for name, value in fields.items()}
