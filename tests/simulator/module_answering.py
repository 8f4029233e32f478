"""A broker that can be made to answer the Beheermodule wrongly, with genuine keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import requests
import sqlalchemy as sa
from lxml import etree

from broker.saml import artifact, document, signature
from broker.saml.assertion import VALUE_PREFIXES
from broker.saml.keys import SigningKey
from broker.simulator import answers, module_entrance
from broker.simulator.context import Simulator
from broker.simulator.module_entrance import ModuleLogin, NotLoggedIn
from broker.store.tables import artifacts
from tests.flow.steps import enter_module
from tests.interop.driver import Browser
from tests.network import Network
from tests.requester import NS, at, make_id

Change = Callable[[etree._Element], object]
_SIGNATURE = f"{{{NS['ds']}}}Signature"


def _nothing(_element: etree._Element) -> None:
    """As it is."""


class _Delivered(Exception):
    """The browser was sent to the Beheermodule."""


class _Keeping(Browser):
    """A browser that keeps the artifact instead of delivering it."""

    def _send(self, method: str, url: str, *more: object) -> requests.Response:
        if "/beheer/acs?" in url:
            raise _Delivered(url)
        return super()._send(method, url, *more)


@dataclass(frozen=True)
class Answering:
    """One genuine login that waits at the broker: its artifact, the request that it answers, and the answer itself."""

    sim: Simulator
    artifact: str
    request_id: str
    response: bytes

    def receive(
        self,
        change: Change = _nothing,
        *,
        tamper: Change = _nothing,
        keys: tuple[SigningKey | None, SigningKey | None, SigningKey | None] | None = None,
        **delivered: str | None,
    ) -> ModuleLogin | NotLoggedIn:
        """What the Beheermodule makes of the answer.

        The answer is new: IDs and moments are of now. `change` is made to the ArtifactResponse before signing, `tamper`
        after it. `keys` sign ArtifactResponse, Response and Assertion; None leaves that one unsigned. `delivered` are
        other fields than the browser has.
        """
        fields = {"SAMLart": self.artifact, "RelayState": self.request_id, **delivered}
        form = {name: [value] for name, value in fields.items() if value is not None}

        def back_channel(body: bytes) -> bytes:
            question = artifact.from_envelope(document.read(body))
            made = self._answer(question.get("ID"))
            change(made)
            own = self.sim.signing
            _sign(made, keys if keys is not None else (own, own, own))
            tamper(made)
            return document.write(artifact.in_envelope(made))

        return module_entrance.receive(self.sim, form, {self.request_id}, back_channel)

    def _answer(self, question_id: str) -> etree._Element:
        message = document.read(self.response)
        now, soon = at(self.sim.clock()), at(self.sim.clock() + timedelta(minutes=2))
        for element in (message, *message.findall("saml:Assertion", NS)):
            element.set("ID", make_id())
            element.set("IssueInstant", now)
        for path, name, value in (
            ("saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData", "NotOnOrAfter", soon),
            ("saml:Conditions", "NotBefore", now),
            ("saml:Conditions", "NotOnOrAfter", soon),
            ("saml:AuthnStatement", "AuthnInstant", now),
        ):
            message.find(f"saml:Assertion/{path}", NS).set(name, value)
        return artifact.write_response(
            id_=make_id(),
            issuer=self.sim.entity_id,
            in_response_to=question_id,
            moment=self.sim.clock(),
            message=message,
        )


def _sign(made: etree._Element, keys: tuple[SigningKey | None, ...]) -> None:
    response = made.find("samlp:Response", NS)
    assertions = [] if response is None else response.findall("saml:Assertion", NS)
    signed = [(keys[2], assertions), (keys[1], [] if response is None else [response]), (keys[0], [made])]
    for key, elements in signed:
        for element in elements:
            for old in element.findall(_SIGNATURE):
                element.remove(old)
            if key is not None:
                signature.sign(element, key, prefixes=VALUE_PREFIXES)


def begin(network: Network, person: str = "Fleur Voorbeeld") -> Answering:
    """A whole login up to the artifact, and the answer that the broker keeps behind it."""
    with _Keeping() as browser:
        try:
            enter_module(browser, network, person)
        except _Delivered as delivered:
            fields = {name: values[0] for name, values in parse_qs(urlsplit(str(delivered)).query).items()}
    sim = network.simulator
    digest = answers.handle_digest(artifact.decode(fields["SAMLart"]).handle)
    kept = sa.select(artifacts.c.payload).where(artifacts.c.handle_digest == digest)
    return Answering(sim, fields["SAMLart"], fields["RelayState"], sim.store.read(lambda tx: tx.scalars(kept).one()))
