"""A web site with one answer, at which metadata may be published."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response

from broker.testing.serving import serving


@contextmanager
def publishing(answer: Response | bytes) -> Iterator[str]:
    """Gives the address; it answers as long as the context lasts."""
    app = Flask("publisher")
    app.add_url_rule("/metadata", view_func=lambda: answer)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        with serving(app, bound):
            yield f"http://127.0.0.1:{bound.getsockname()[1]}/metadata"
