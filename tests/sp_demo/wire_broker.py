"""A broker on a real socket, which answers ArtifactResolve with what a test has prepared."""

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

from lxml import etree, html
from signxml import SignatureConfiguration, XMLVerifier
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.sp_demo.wire_messages import BROKER, NS, tag


@dataclass(frozen=True, slots=True)
class Resolve:
    """An ArtifactResolve as it came in."""

    content_type: str
    path: str
    message: etree._Element


@dataclass
class WireBroker:
    """`prepared`: what to answer, by artifact; `resolves`: what was asked; `sso`: what a browser gets; `moved`: whether
    it sends questions on to another address of its own.
    """

    url: str = ""
    index: int = 0
    content_type: str = "text/xml; charset=UTF-8"
    http_status: int = 200
    moved: bool = False
    sso: Callable = lambda _request, _relay_state: Response("no login here", 404)
    prepared: dict = field(default_factory=dict)
    resolves: list = field(default_factory=list)

    @property
    def sso_url(self):
        return f"{self.url}/broker/sso/1.13"

    def artifact(self, prepare, *, issuer=BROKER, index=None):
        """A new artifact; `prepare` gets the ID of the ArtifactResolve and gives the body of the answer."""
        number = self.index if index is None else index
        raw = b"\x00\x04" + number.to_bytes(2, "big") + hashlib.sha1(issuer.encode()).digest() + secrets.token_bytes(20)
        artifact = base64.b64encode(raw).decode()
        self.prepared[artifact] = prepare
        return artifact

    @Request.application
    def application(self, request):
        if request.path == "/broker/sso/1.13":
            return self.sso(etree.fromstring(base64.b64decode(request.form["SAMLRequest"])), request.form["RelayState"])
        if request.path not in ("/broker/ars/1.13", "/broker/ars/1.13/1"):
            return Response("not here", 404)
        if self.moved and request.path == "/broker/ars/1.13":
            return Response(status=307, headers={"Location": f"{self.url}/broker/ars/1.13/1"})
        message = etree.fromstring(request.get_data()).find(f"{tag('soap:Body')}/{tag('samlp:ArtifactResolve')}")
        self.resolves.append(Resolve(request.headers["Content-Type"], request.path, message))
        prepare = self.prepared.get(message.findtext(tag("samlp:Artifact")))
        body = b"" if prepare is None else prepare(message.get("ID"))
        return Response(body, self.http_status, content_type=self.content_type)


@contextmanager
def running():
    broker = WireBroker()
    server = make_server("127.0.0.1", 0, broker.application, threaded=True)
    broker.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield broker
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def broker_metadata(broker, pairs):
    """What the broker publishes; `pairs`: the key pairs that it signs with."""
    keys = "".join(
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:KeyName>{pair.name}</ds:KeyName><ds:X509Data>'
        f"<ds:X509Certificate>{pair.certificate_base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "</md:KeyDescriptor>"
        for pair in pairs
    )
    soap = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
    return (
        f'<md:EntitiesDescriptor xmlns:md="{NS["md"]}" xmlns:ds="{NS["ds"]}"><md:EntityDescriptor entityID="{BROKER}">'
        f'<md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="{NS["samlp"]}">{keys}'
        f'<md:ArtifactResolutionService Binding="{soap}" Location="{broker.url}/broker/ars/1.13" index="0"/>'
        f'<md:ArtifactResolutionService Binding="{soap}" Location="{broker.url}/broker/ars/1.13/1" index="16"/>'
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
        f'Location="{broker.sso_url}"/></md:IDPSSODescriptor></md:EntityDescriptor></md:EntitiesDescriptor>'
    )


def verified(message, pair):
    """The content that the portal signed, as signxml sees it: enveloped, RSA-SHA256, over the whole message."""
    result = XMLVerifier().verify(
        etree.tostring(message),
        x509_cert=pair.certificate,
        id_attribute="ID",
        expect_config=SignatureConfiguration(location="./"),
    )
    return result.signed_xml


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser is told to post to the broker."""

    address: str
    request: etree._Element
    relay_state: str


def sent_form(page):
    form = html.fromstring(page).get_element_by_id("send")
    request = etree.fromstring(base64.b64decode(form.fields["SAMLRequest"]))
    return Sent(form.action, request, form.fields["RelayState"])
