"""Start the Django project of `django_sp` as a process of its own and talk with it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode

SHIPPED_BACKEND = "digid_eherkenning.backends.eHerkenningBackend"
NOTING_BACKEND = "django_sp.backend.NotingBackend"
MOST_SECONDS_TO_ANSWER = 60


@dataclass(frozen=True)
class SpFacts:
    """What the service provider is, as its administrator fills it in.

    `backend` is the class path of Django's authentication backend: the shipped one, or the one that also
    notes in the session what the library read. `content_type` is that of its ArtifactResolve:
    `text/xml` or `application/soap+xml`.
    """

    oin: str = "00000099000000150000"
    entity_id: str = "urn:etoegang:DV:00000099000000150000:entities:9001"
    organisation: str = "Gemeente Djangodorp (test)"
    service: str = "Vergunning aanvragen"
    service_index: str = "9001"
    definition_uuid: str = "d0000099-0015-4000-8000-000000009001"
    instance_uuid: str = "e0000099-0015-4000-8000-000000009001"
    level: str = "urn:etoegang:core:assurance-class:loa3"
    broker_oin: str = "00000099000000010000"
    content_type: str = "text/xml"
    backend: str = NOTING_BACKEND
    host: str = "127.0.0.1"


class DjangoSpFailed(AssertionError):
    """The Django project did not start, or did not take the broker's metadata; the message says why."""


@dataclass(frozen=True)
class _Conversation:
    """Lines to and from the process; it says nothing more once it has died."""

    process: subprocess.Popen[str]
    errors: Path

    def ask(self, line: str) -> dict[str, str]:
        """Write `line`, read the answer."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.listen()

    def listen(self) -> dict[str, str]:
        """The process's next words; raises `DjangoSpFailed` with what it wrote to standard error."""
        watchdog = Timer(MOST_SECONDS_TO_ANSWER, self.process.kill)
        watchdog.start()
        try:
            line = self.process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise DjangoSpFailed(self.errors.read_text()[-2000:])
        return json.loads(line)


@dataclass(frozen=True)
class DjangoSp:
    """A running Django service provider.

    `metadata` and `catalogue` are the files to register at the broker; `log` is where the library
    writes each message and each refusal.
    """

    entity_id: str
    base_url: str
    metadata: Path
    catalogue: Path
    log: Path
    conversation: _Conversation

    def use_broker(self, metadata_url: str) -> str:
        """Have the library fetch the broker's metadata; the EntityID it read. Raises `DjangoSpFailed`."""
        answer = self.conversation.ask(metadata_url)
        if "error" in answer:
            raise DjangoSpFailed(answer["error"])
        return answer["broker"]

    def login_url(self, then: str | None = "/whoami", service_index: str | None = "9001") -> str:
        """Where a visitor starts; `then` goes along as RelayState. Without an index the library names no service."""
        wanted = {"next": then, "attr_consuming_service_index": service_index}
        query = urlencode({name: value for name, value in wanted.items() if value is not None})
        return f"{self.base_url}/eherkenning/login/?{query}"

    @property
    def whoami_url(self) -> str:
        """A JSON page: `rsin` of the user (or null), the `session` and the `messages` that waited to be shown."""
        return f"{self.base_url}/whoami"


@contextmanager
def running_django_sp(directory: Path, facts: SpFacts | None = None) -> Iterator[DjangoSp]:
    """The project on a free port, with all its state below `directory`; raises `DjangoSpFailed`."""
    facts = facts or SpFacts()
    facts_file, errors = directory / "facts.json", directory / "stderr.txt"
    facts_file.write_text(json.dumps(asdict(facts)))
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "django_sp", str(facts_file)],
            cwd=Path(__file__).parent,
            env=os.environ | {"NO_PROXY": "*"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        conversation = _Conversation(process, errors)
        said = conversation.listen()
        files = {kind: Path(said[kind]) for kind in ("metadata", "catalogue")}
        log = directory / "django.log"
        yield DjangoSp(facts.entity_id, said["base_url"], **files, log=log, conversation=conversation)
        # leaving the with statement closes standard input, and that ends the process


StartDjangoSp = Callable[..., DjangoSp]
"""The fixture that starts service providers: called with `SpFacts`, or with nothing for the usual ones."""
