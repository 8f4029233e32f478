"""A browser that visits the portals, and the broker that it meets on its way."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from lxml import html

from tests.sp_demo import wire_broker, wire_evidence
from tests.sp_demo.wire_broker import WireBroker
from tests.sp_demo.wire_messages import Answer, ServiceProvider, Signer, envelope

BASE_URL = "http://127.0.0.1:8082"
OINS = {"kvk": "00000099000000120000", "gemeente": "00000099000000140000"}


@dataclass
class Visit:
    """One browser at the portals, the broker on the wire, and the keys of everybody."""

    browser: FlaskClient
    broker: WireBroker
    pki: dict

    def get(self, path, **arguments):
        return self.browser.get(path, base_url=BASE_URL, **arguments)

    def post(self, path, **arguments):
        return self.browser.post(path, base_url=BASE_URL, **arguments)

    def another_browser(self):
        return Visit(self.browser.application.test_client(), self.broker, self.pki)

    def begin(self, portal="kvk", service=9001):
        page = self.post(f"/login/{portal}", data={"service": service})
        assert page.status_code == 200
        return wire_broker.sent_form(page.text)

    def answer(self, sent, portal="kvk", service=9001):
        """A valid answer to what was sent, without a chain."""
        provider = ServiceProvider(
            entity_id=f"urn:etoegang:DV:{OINS[portal]}:entities:9001",
            acs_url=f"{BASE_URL}/acs/{portal}",
            encryption=self.pki[f"{portal}-encryption"],
            service_id=f"urn:etoegang:DV:{OINS[portal]}:services:{service}",
        )
        return Answer(provider, sent.request.get("ID"), Signer(self.pki["broker"]))

    def chain_answer(self, sent, **arguments):
        """A valid answer with an intermediary and the three statements in Advice."""
        answer = self.answer(sent, **arguments)
        parties = ("authentication_service", "intermediary_register", "client_register")
        evidence = wire_evidence.chain(answer.now, answer.provider, [self.pki[party] for party in parties])
        return answer.but(intermediary=("90001354", "Voorbeeld Accountants"), evidence=evidence)

    def hand_out(self, answer):
        return self.broker.artifact(lambda resolve_id: envelope(answer.artifact_response(resolve_id)))

    def come_back(self, sent, artifact, portal="kvk"):
        """Follow the redirect with the artifact to the page where it ends."""
        step = self.get(f"/acs/{portal}", query_string={"SAMLart": artifact, "RelayState": sent.relay_state})
        assert step.status_code == 303
        return self.get(step.location)

    def finish(self, sent, answer, portal="kvk"):
        return self.come_back(sent, self.hand_out(answer), portal)


def heading(page):
    return html.fromstring(page.text).find(".//h1").text_content()
