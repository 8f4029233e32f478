"""Applications on free ports of this machine, in threads of this process."""

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket that listens on a free port, so that nobody else can take it before an application is there."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen(128)
        yield found


@contextmanager
def serving(app: Flask, listening: socket.socket, context: ssl.SSLContext | None = None) -> Iterator[None]:
    """`app` on a socket that listens already, in a thread; over https with a `context`."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    host, port = listening.getsockname()
    server = make_server(host, port, app, threaded=True, fd=listening.fileno(), ssl_context=context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
