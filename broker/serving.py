"""What gunicorn is told besides its command line: `--config python:broker.serving`."""

import logging
import ssl
import sys
from pathlib import Path
from typing import Final

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.errors import AppImportError

from broker.log import MaskingFilter
from broker.tls import TlsFiles, server_context

CANNOT_START: Final = 2
"""Exit status of a party that has said in one line why it cannot start."""


def on_starting(server: Arbiter) -> None:
    """Load the application before there are workers, which share it. It opens no connection until it is asked.

    What is wrong is then one line and the end. A worker that finds it out is reported by gunicorn in four.
    """
    mask_links()
    try:
        server.app.wsgi()
    except AppImportError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(CANNOT_START)


def on_exit(server: Arbiter) -> None:
    """Call what the application does when it stops, once, after the last worker has ended."""
    stop = getattr(server.app.wsgi(), "stop", None)
    if stop is not None:
        stop()


def mask_links() -> None:
    """Keep the secrets of links out of what gunicorn writes: paths of requests, in its access log if there is one."""
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).addFilter(MaskingFilter())


def ssl_context(config: Config, _default: object) -> ssl.SSLContext:
    """The context of a connection; gunicorn asks for it at each, with --certfile, --keyfile and --ca-certs."""
    authorities = Path(config.ca_certs) if config.ca_certs else None
    return server_context(TlsFiles(Path(config.certfile), Path(config.keyfile), authorities))
