"""A service provider with node-saml (JavaScript), from npm.

node-saml has no artifacts; `service_provider.mjs` resolves them and leaves all that is checked to node-saml.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.client import NODE_SAML, SERVICE, Client, Configuration, told_in_json
from tests.interop.program import folder_of_nobody, running

PROGRAM = Path(__file__).parent / "service_provider.mjs"


@contextmanager
def running_node_saml(configuration: Configuration) -> Iterator[Client]:
    """The program, for all sites; raises `DidNotStart`."""
    with folder_of_nobody() as folder:
        configuration.write_keys(folder)
        facts = folder / "facts.json"
        facts.write_text(
            json.dumps(
                {
                    "base_url": configuration.base_url,
                    "port": configuration.port,
                    "key": str(folder / "sp.key"),
                    "certificate": str(folder / "sp.pem"),
                    "broker": configuration.broker_entity_id,
                    "broker_metadata": str(configuration.broker_metadata),
                    "service": SERVICE,
                    "sites": {site.name: site.entity_id for site in NODE_SAML.values()},
                }
            )
        )
        with running(["node", PROGRAM, facts], folder, configuration.port):
            yield Client(
                sites=NODE_SAML,
                login_url=lambda site: f"{configuration.base_url}/{site.name}/page",
                metadata_url=lambda site: f"{configuration.base_url}/{site.name}/metadata",
                told=told_in_json,
                logs=(folder / "output.txt",),
            )
