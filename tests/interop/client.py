"""What the service providers that others wrote have in common here: sites, and what their pages show."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.requester import Pair

from .page import Page

OIN = "00000099000000110000"
SERVICE = f"urn:etoegang:DV:{OIN}:services:9001"
DIALECTS: Mapping[str, Mapping[str, str]] = {
    "1-13": {},
    "1-11": {"dialect": "1.11"},
    "flat": {"dialect": "flat"},
}
"""Settings of a service provider at the broker, by a name that may stand in addresses."""


@dataclass(frozen=True)
class Site:
    """One service provider of a client, answered in one dialect; `name` is the first part of its addresses."""

    name: str
    entity_id: str


def sites(first: int) -> dict[str, Site]:
    """A site for each dialect, with EntityIDs numbered from `first`."""
    return {
        name: Site(name, f"urn:etoegang:DV:{OIN}:entities:{first + number}") for number, name in enumerate(DIALECTS)
    }


MELLON, SIMPLESAMLPHP, NODE_SAML = sites(9210), sites(9220), sites(9230)


@dataclass(frozen=True)
class Configuration:
    """What an administrator gives a client: the broker's metadata as a file, a pair of keys, and a port."""

    broker_metadata: Path
    broker_entity_id: str
    keys: Pair
    port: int

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def write_keys(self, folder: Path) -> None:
        """`sp.key` and `sp.pem` in `folder`."""
        (folder / "sp.key").write_bytes(self.keys.key_pem)
        (folder / "sp.pem").write_bytes(self.keys.certificate_pem)


@dataclass(frozen=True)
class Told:
    """What a client's own page shows of a login; None for what it could not read."""

    kvk: str | None
    rsin: str | None
    intermediary_kvk: str | None
    intermediary_name: str | None
    level: str | None


@dataclass(frozen=True)
class Client:
    """A running client: where a login at a site starts, its metadata, how its page is read, and where it writes why."""

    sites: Mapping[str, Site]
    login_url: Callable[[Site], str]
    metadata_url: Callable[[Site], str]
    told: Callable[[Page], Told]
    logs: tuple[Path, ...]

    def log(self) -> str:
        """All that it wrote."""
        return "\n".join(path.read_text(errors="replace") for path in self.logs if path.exists())


def told_in_json(page: Page) -> Told:
    """Of a page that is the JSON of a `Told`."""
    return Told(**json.loads(page.response.text))
