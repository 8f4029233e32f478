"""The wire broker on a port."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

from lxml import etree

from .broker import WireBroker

SECONDS_TO_NOTICE_THE_END = 0.02


@contextmanager
def serving(broker: WireBroker) -> Iterator[WireBroker]:
    """`broker` on a free port, under another host name than the service provider's, as in real life."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(broker)) as server:
        broker.url = f"http://localhost:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=[SECONDS_TO_NOTICE_THE_END])
        thread.start()
        try:
            yield broker
        finally:
            server.shutdown()
            thread.join()


def _handler(broker: WireBroker) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, {"Content-Type": "application/samlmetadata+xml"}, etree.tostring(broker.metadata()))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/ars":
                answer = broker.resolve(dict(self.headers), body)
                self._answer(broker.plan.status, {"Content-Type": broker.plan.content_type}, answer)
            else:
                form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
                self._answer(302, {"Location": broker.sign_on(form)}, b"")

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """No access log."""

    return Handler
