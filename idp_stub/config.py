"""The settings of the stub: one TOML file, written by whoever starts it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Config:
    """Addresses, identities and files.

    `tenants` is the folder of networks that are served below `/t/<name>`, each with settings as these.
    `register` is the EntityID of the register that people's mandates are in, `demo_url` a place to begin a login.
    """

    base_url: str
    entity_id: str
    register: str
    network_metadata: Path
    network_certificate: Path
    signing_key: Path
    signing_certificate: Path
    catalogues: tuple[Path, ...]
    accounts: Path
    conditions: Path
    tenants: Path
    secret: Path
    demo_url: str

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read `path`; file names in it are relative to its folder. Raises OSError, TOMLDecodeError or KeyError."""
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        folder = path.parent
        return cls(
            base_url=values["base_url"].rstrip("/"),
            entity_id=values["entity_id"],
            register=values["register"],
            network_metadata=folder / values["network_metadata"],
            network_certificate=folder / values["network_certificate"],
            signing_key=folder / values["signing_key"],
            signing_certificate=folder / values["signing_certificate"],
            catalogues=tuple(folder / path for path in values["catalogues"]),
            accounts=folder / values["accounts"],
            conditions=folder / values["conditions"],
            tenants=folder / values["tenants"],
            secret=folder / values["secret"],
            demo_url=values["demo_url"],
        )
