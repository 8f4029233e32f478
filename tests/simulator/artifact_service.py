"""A service provider that sends its requests by artifact: its ArtifactResolutionService, on a socket of its own."""

import base64
import hashlib
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat

from flask import Flask, Response, request
from lxml import etree
from signxml import XMLVerifier

from broker.testing.serving import serving
from tests.requester import NS, Requester, make_id, now, sign

Change = Callable[[etree._Element], object]
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
ENDLESS = 80
"""So many pieces are sent to who does not hang up: fewer than the headers that Python reads before it gives up."""


def _nothing(_element: etree._Element) -> None:
    """As it is."""


@dataclass
class ArtifactService:
    """Hands over each offered message once, in a signed ArtifactResponse.

    `change` is made to the ArtifactResponse before it is signed, `sign` signs it, `spoil` changes it afterwards, and
    `wrap` makes the HTTP answer. `questions` keeps what was asked, `headers` how.
    """

    requester: Requester
    broker_certificate: str = ""
    change: Change = _nothing
    sign: Callable[[etree._Element], etree._Element] | None = None
    spoil: Change = _nothing
    wrap: Callable[[bytes], Response] = lambda body: Response(body, content_type="text/xml; charset=utf-8")
    questions: list[etree._Element] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    _offered: dict[str, bytes] = field(default_factory=dict)

    def offer(self, message: etree._Element, index: int = 0) -> str:
        """An artifact that leads to `message`."""
        source = hashlib.sha1(self.requester.entity_id.encode()).digest()
        text = base64.b64encode(b"\0\4" + index.to_bytes(2, "big") + source + os.urandom(20)).decode()
        self._offered[text] = etree.tostring(message)
        return text

    def answer(self) -> Response:
        """The view: verify the question, find the message, answer."""
        (question,) = etree.fromstring(request.get_data()).find("soap:Body", NS)
        self.headers.append(dict(request.headers))
        self.questions.append(etree.fromstring(etree.tostring(question)))
        XMLVerifier().verify(self.questions[-1], x509_cert=self.broker_certificate, id_attribute="ID")
        message = self._offered.pop(question.findtext("samlp:Artifact", None, NS), b"")
        response = self._response(question.get("ID"), message)
        self.change(response)
        signed = self.sign(response) if self.sign else sign(response, self.requester.signing)
        self.spoil(signed)
        body = b'<s:Envelope xmlns:s="%s"><s:Body>%s</s:Body></s:Envelope>' % (
            NS["soap"].encode(),
            etree.tostring(signed),
        )
        return self.wrap(body)

    def _response(self, question_id: str, message: bytes) -> etree._Element:
        # Put together as text: a tree that moves into another gets other prefixes, which breaks its signature.
        head = (
            f'<samlp:ArtifactResponse xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" ID="{make_id()}"'
            f' Version="2.0" IssueInstant="{now()}" InResponseTo="{question_id}">'
            f"<saml:Issuer>{self.requester.entity_id}</saml:Issuer>"
            f'<samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status>'
        )
        return etree.fromstring(head.encode() + message + b"</samlp:ArtifactResponse>")

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Serve; the address."""
        app = Flask("artifact_service")
        app.add_url_rule("/ars", view_func=self.answer, methods=["POST"])
        app.add_url_rule("/elsewhere", view_func=self.answer, methods=["GET", "POST"], endpoint="elsewhere")
        with socket.socket() as own:
            own.bind(("127.0.0.1", 0))
            own.listen(16)
            with serving(app, own):
                yield f"http://127.0.0.1:{own.getsockname()[1]}/ars"


@contextmanager
def raw_service(
    *parts: bytes,
    pause: float = 0.0,
    endless: bytes = b"",
    tls: ssl.SSLContext | None = None,
    until: bytes = b"<question/>",
) -> Iterator[str]:
    """A server that answers one connection with `parts`, then `endless` again and again, pausing before each.

    It answers once it has heard `until`. `endless` ends after all, and it is an error when whoever asked listens to
    that end: with a pause before each piece that is a good while after they should have hung up.
    """
    own = socket.socket()
    own.bind(("127.0.0.1", 0))
    own.listen(1)
    stopped, told = threading.Event(), threading.Event()

    def serve() -> None:
        try:
            accepted, _ = own.accept()
            with tls.wrap_socket(accepted, server_side=True) if tls else accepted as connection:
                asked = b""
                while until not in asked:  # what is left unread would reset the connection
                    received = connection.recv(65536)
                    asked += received
                    if not received:
                        return
                for part in (*parts, *repeat(endless, ENDLESS if endless else 0)):
                    time.sleep(pause)
                    connection.sendall(part)
                told.set()
                if not parts and not endless:
                    stopped.wait(30)
        except OSError:
            pass  # the other side hung up, as it should

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{own.getsockname()[1]}/ars"
    finally:
        stopped.set()
        own.close()
        thread.join(5)
    assert not (endless and pause and told.is_set()), "nobody hung up"
