"""What a test gets: a running network to read, to change and to ask about, over its API."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from broker.settings import Settings
from broker.testing.calling import Api, CallRefused
from broker.testing.logins import Login, Plain

_NOT_FOUND: Final = 404
_MOST: Final = 200


class Clock:
    """The clock of the broker, its registers and the stub. A service provider has one of its own, the demo too."""

    def __init__(self, api: Api) -> None:
        self._api = api

    @property
    def now(self) -> datetime:
        """What it says."""
        return datetime.fromisoformat(self._api.call("GET", "/clock")["now"])

    def set(self, moment: datetime) -> None:
        """It says `moment`, which has a time zone, and goes on from there."""
        self._api.call("PUT", "/clock", {"now": moment.isoformat()})

    def freeze(self, moment: datetime | None = None) -> None:
        """It stands still, at `moment` or where it is."""
        at = {} if moment is None else {"now": moment.isoformat()}
        self._api.call("PUT", "/clock", {**at, "frozen": True})

    def advance(self, *, days: int = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """It is moved; less than nothing is back. One that stands still stands still there."""
        moved = hours * 3600 + minutes * 60 + seconds
        self._api.call("POST", "/clock/advance", {"days": days, "seconds": moved})


class Eherkenning:
    """A running network. What is refused raises `CallRefused`, which says what to do about it.

    Organisations and people are named by their id; in `next_login` and `grant` also by KvK number or name. `settings`
    are those that it runs with.
    """

    def __init__(self, api: Api, settings: Settings) -> None:
        self.api = api
        self.settings = settings
        self.clock = Clock(api)
        self._registered: dict[str, bytes | Plain] = {}

    @property
    def broker(self) -> str:
        """The address of the broker."""
        return self.settings.broker.url

    @property
    def authentication_service(self) -> str:
        """The address of the stub authentication service."""
        return self.settings.stub.url

    @property
    def metadata_url(self) -> str:
        """Where the broker's metadata is."""
        return f"{self.broker}/broker/metadata/1.13"

    @cached_property
    def entity_id(self) -> str:
        """The EntityID of the broker."""
        return str(self.api.call("GET", "/network")["entity_id"])

    def register(self, metadata: bytes | str | Path) -> Plain:
        """Register a service provider: its metadata, a file with it or a URL where it is. Gives what is known of it."""
        body = _sent(metadata.read_bytes() if isinstance(metadata, Path) else metadata)
        known: Plain = self.api.call("POST", "/service-providers", body)
        self._registered[known["entity_id"]] = body
        return known

    def reset(self, *, seed: str | None = None, register: str = "sample") -> None:
        """Back to the beginning, service providers excepted. `register` is sample, empty or keep."""
        self.api.call("POST", "/reset", {"register": register, "seed": seed})

    def organisations(self, search: str = "") -> list[Plain]:
        """The first 200 organisations, or of those whose name, place or KvK number has `search`."""
        return self._listed("organisations", search=search)

    def people(self, employer: str | None = None) -> list[Plain]:
        """The first 200 people, or of those of `employer`."""
        return self._listed("people", employer=employer)

    def mandates(self, client: str | None = None, intermediary: str | None = None) -> list[Plain]:
        """The first 200 chain mandates, or of those of `client` and `intermediary`."""
        return self._listed("mandates", client=client, intermediary=intermediary)

    def add_organisation(self, id: str, kvk_number: str, name: str, **more: object) -> Plain:
        """Add an organisation; `more` is what else the API's Organisation has."""
        return self._added("/organisations", {"id": id, "kvk_number": kvk_number, "name": name, **more})

    def add_person(self, id: str, name: str, employer: str, *, level: str = "EH3", **more: object) -> Plain:
        """Add a person with a means of `level` that may act for the employer; `means` in `more` replaces that one."""
        means = {"id": f"{id}-means", "level": level, "direct_mandates": [{"organisation": employer}]}
        return self._added("/people", {"id": id, "name": name, "employer": employer, "means": [means], **more})

    def grant(
        self, client: str, to: str, *, people: Sequence[str] | None = None, services: Sequence[str] = (), **more: object
    ) -> Plain:
        """A chain mandate of `client` to the intermediary `to`, for all services or those named by ServiceID.

        It is coupled to all regular means of `people`, by id; without them to those of everybody who works there.
        `more` is what else the API's ChainMandate has.
        """
        through = self._organisation(to)
        staff = [one for one in self.people(through) if people is None or one["id"] in people]
        couple = [means["id"] for one in staff for means in one["means"] if means["type"] == "regular"]
        scope = {"services": list(services)} if services else {"everything": True}
        body = {"client": self._organisation(client), "intermediary": through, "scope": scope, "couple": couple}
        return self._added("/mandates", {**body, **more})

    def revoke(self, mandate: str) -> Plain:
        """Revoke a chain mandate, by id."""
        return self._added(f"/mandates/{mandate}/revoke", {})

    def suspend(self, mandate: str) -> Plain:
        """Suspend a chain mandate, by id."""
        return self._added(f"/mandates/{mandate}/suspend", {})

    def resume(self, mandate: str) -> Plain:
        """Make a suspended chain mandate active again."""
        return self._added(f"/mandates/{mandate}/resume", {})

    def next_login(self, **script: Any) -> Plain:
        """Say what the next login does; first in, first out.

        `script` is the API's Script: `person`, `client`, `via`, `level`, `cancel_at`, `refused`, `revoke_after` and so
        on.
        """
        named = {key: self._organisation(script[key]) for key in ("client", "via") if script.get(key)}
        return self._added("/scripts", {**script, **named})

    @property
    def logins(self) -> list[Login]:
        """The logins since the test began, the last one last; 200 at most."""
        found = self.api.call("GET", "/logins", {"most": _MOST})["logins"]
        return [Login.find(self.api, one["id"]) for one in reversed(found)]

    def login(self, wanted: str) -> Login:
        """The login with this id, or with a message with this ID: that of your AuthnRequest, say."""
        return Login.find(self.api, wanted)

    def oracle(self) -> Plain:
        """What a correct service provider understood of the last login."""
        return self.logins[-1].oracle

    def forget_registrations(self, lasting: "Eherkenning") -> None:
        """Undo what was registered here; what `lasting` registered comes back."""
        for entity_id in self._registered:
            before = lasting._registered.get(entity_id)
            if before is None:
                self.api.call("DELETE", f"/service-providers/{entity_id}")
            else:
                self.api.call("POST", "/service-providers", before)

    def _organisation(self, wanted: str) -> str:
        """The id of the organisation that is named by its id, KvK number or name; raises `CallRefused`."""
        try:
            return str(self.api.call("GET", f"/organisations/{wanted}")["id"])
        except CallRefused as refused:
            named = [one["id"] for one in self.organisations(wanted) if one["name"].startswith(wanted)]
            if refused.status != _NOT_FOUND or len(named) != 1:
                raise
            return str(named[0])

    def _added(self, path: str, body: Plain) -> Plain:
        known: Plain = self.api.call("POST", path, body)
        return known

    def _listed(self, kind: str, **wanted: str | None) -> list[Plain]:
        found: list[Plain] = self.api.call("GET", f"/{kind}", {"most": _MOST, **wanted})[kind]
        return found


def _sent(metadata: bytes | str) -> bytes | Plain:
    """Metadata as the API takes it: octets, or where they are."""
    if isinstance(metadata, bytes):
        return metadata
    return metadata.encode() if metadata.lstrip().startswith("<") else {"url": metadata}
