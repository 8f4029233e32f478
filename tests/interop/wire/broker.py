"""A throwaway broker for one service provider: no screens, no register, one fixed person, real signatures.

It serves metadata, single sign-on by HTTP-POST and artifact resolution over SOAP, and keeps what it
received. A `Plan` says in what way the next answer differs from a good one.
"""

import base64
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from lxml import etree
from lxml.builder import ElementMaker

from .crypto import DS, NS, sign, verified, x509_text
from .elements import SAML, SAMLP, new_id
from .messages import SUCCESS, Chain, ServiceProvider, chain_response

MD = ElementMaker(namespace=NS["md"], nsmap={"md": NS["md"]})
SOAP = ElementMaker(namespace=NS["soap"], nsmap={"soap": NS["soap"]})
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:"
RESOLVE = f"./{{{NS['soap']}}}Body/{{{NS['samlp']}}}ArtifactResolve/"

Change = Callable[[etree._Element], object]


def _nothing(_: etree._Element) -> None:
    """The change of a good answer."""


@dataclass(frozen=True)
class Plan:
    """How the next answer is made.

    `alter` changes the Response before the elements named in `signed` are signed, `spoil` changes the
    ArtifactResponse after that; `status` and `content_type` are those of the HTTP answer that carries it.
    `metadata` changes the broker's metadata, `endpoint_index` is the artifact's.
    """

    alter: Change = _nothing
    spoil: Change = _nothing
    metadata: Change = _nothing
    signed: frozenset[str] = frozenset({"Assertion", "Response", "ArtifactResponse"})
    status: int = 200
    content_type: str = "text/xml;charset=UTF-8"
    endpoint_index: int = 0


@dataclass
class WireBroker:
    """The broker's state; `url` is where it listens."""

    chain: Chain
    provider: ServiceProvider
    url: str = ""
    plan: Plan = field(default_factory=Plan)
    requests: list[bytes] = field(default_factory=list)
    resolutions: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    _waiting: dict[str, etree._Element] = field(default_factory=dict)

    def metadata(self) -> etree._Element:
        """Metadata for service providers, of the shape that brokers publish."""
        broker, sso = self.chain.broker, {"Location": f"{self.url}/sso"}
        key = DS.KeyInfo(DS.KeyName(broker.key_name), DS.X509Data(DS.X509Certificate(x509_text(broker.certificate))))
        ars = {"Binding": BINDING + "SOAP", "Location": f"{self.url}/ars"}
        role = {"WantAuthnRequestsSigned": "true", "protocolSupportEnumeration": NS["samlp"]}
        descriptor = MD.EntityDescriptor(
            MD.IDPSSODescriptor(
                role,
                MD.KeyDescriptor(key, use="signing"),
                MD.ArtifactResolutionService(ars, index="0"),
                MD.ArtifactResolutionService(ars, index="1"),
                MD.SingleSignOnService(sso, Binding=BINDING + "HTTP-POST"),
                MD.SingleSignOnService(sso, Binding=BINDING + "HTTP-Redirect"),
            ),
            entityID=broker.entity_id,
        )
        self.plan.metadata(descriptor)
        return descriptor

    def sign_on(self, form: dict[str, str]) -> str:
        """Verify the AuthnRequest in `form` and prepare the answer; where to send the browser."""
        xml = base64.b64decode(form["SAMLRequest"], validate=True)
        self.requests.append(xml)
        request = verified(xml, self.provider.certificate)
        response = chain_response(request, self.chain, self.provider)
        self.plan.alter(response)
        artifact = self._new_artifact()
        self._waiting[artifact] = self._signed(response)
        relayed = {"RelayState": form["RelayState"]} if form.get("RelayState") else {}
        return f"{self.provider.acs_url}?{urlencode({'SAMLart': artifact} | relayed)}"

    def resolve(self, headers: dict[str, str], body: bytes) -> bytes:
        """Verify the ArtifactResolve in `body` and answer it, once."""
        self.resolutions.append((headers, body))
        request = verified(body, self.provider.certificate, RESOLVE)
        issued = {"ID": new_id(), "Version": "2.0", "IssueInstant": request.get("IssueInstant")}
        answer = SAMLP.ArtifactResponse(
            issued,
            SAML.Issuer(self.chain.broker.entity_id),
            SAMLP.Status(SAMLP.StatusCode(Value=SUCCESS)),
            InResponseTo=request.get("ID"),
        )
        waiting = self._waiting.pop(request.findtext("samlp:Artifact", namespaces=NS), None)
        answer.extend([] if waiting is None else [waiting])
        if "ArtifactResponse" in self.plan.signed:
            answer = sign(answer, self.chain.broker)
        self.plan.spoil(answer)
        return etree.tostring(SOAP.Envelope(SOAP.Body(answer)))

    def _signed(self, response: etree._Element) -> etree._Element:
        summary = response.find("saml:Assertion", NS)
        if summary is not None and "Assertion" in self.plan.signed:
            response.replace(summary, sign(summary, self.chain.broker))
        return sign(response, self.chain.broker) if "Response" in self.plan.signed else response

    def _new_artifact(self) -> str:
        index = self.plan.endpoint_index.to_bytes(2, "big")
        source = hashlib.sha1(self.chain.broker.entity_id.encode()).digest()
        return base64.b64encode(b"\x00\x04" + index + source + os.urandom(20)).decode()
