"""What gunicorn is told besides its command line: `--config python:broker.serving`."""

import sys
from typing import Final

from gunicorn.arbiter import Arbiter
from gunicorn.errors import AppImportError

CANNOT_START: Final = 2
"""Exit status of a party that has said in one line why it cannot start."""


def on_starting(server: Arbiter) -> None:
    """Load the application once before there are workers, and let go of it: each worker makes its own.

    What is wrong is then one line and the end. A worker that finds it out is reported by gunicorn in four.
    """
    try:
        server.app.load()
    except AppImportError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(CANNOT_START)
