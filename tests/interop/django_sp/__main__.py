"""`python -m django_sp <facts.json>`: prepare, say where everything is, serve until standard input closes.

Every line on standard output is a JSON object. The first is `{"base_url", "metadata", "catalogue"}`: the
address and the two files to register at the broker. After that each line on standard input is the address
of a broker's metadata, answered with `{"broker": <EntityID>}` or `{"error": <why>}`.
"""

import json
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from .settings import project_settings

SECONDS_TO_NOTICE_THE_END = 0.02


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """No access log: standard error is for what went wrong."""


def main(facts_file: Path) -> None:
    """Hold the conversation of the module's docstring; state goes next to `facts_file`."""
    facts = json.loads(facts_file.read_text())
    settings.configure(**project_settings(facts_file.parent, facts["backend"]))
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    # the address is part of the metadata, so the port is taken first
    with ThreadedWSGIServer((facts["host"], 0), _QuietHandler) as server:
        server.set_app(StaticFilesHandler(get_wsgi_application()))
        _converse(server, facts, facts_file.parent)


def _converse(server: ThreadedWSGIServer, facts: dict[str, Any], directory: Path) -> None:
    from .configuration import configure_library, use_broker, write_registration_files  # noqa: PLC0415 - needs Django

    base_url = f"http://{facts['host']}:{server.server_port}"
    configure_library(facts, base_url)
    Thread(target=server.serve_forever, args=[SECONDS_TO_NOTICE_THE_END], daemon=True).start()
    _say({"base_url": base_url} | write_registration_files(directory))
    for line in sys.stdin:
        try:
            _say({"broker": use_broker(line.strip())})
        except ValidationError as refusal:
            _say({"error": "; ".join(refusal.messages)})
    server.shutdown()


def _say(words: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


main(Path(sys.argv[1]))
