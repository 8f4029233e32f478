"""SimpleSAMLphp (PHP), from Debian, on the server that PHP has for development.

`unpacked` holds Debian's package as it is; `config` and `pages` are what an administrator and an application write.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.interop.client import SERVICE, SIMPLESAMLPHP, Client, Configuration, told_in_json
from tests.interop.program import DidNotStart, folder_of_nobody, running

HERE = Path(__file__).parent
LIBRARY = HERE / "unpacked" / "usr" / "share" / "simplesamlphp"


@contextmanager
def running_simplesamlphp(configuration: Configuration) -> Iterator[Client]:
    """The installation with a source for each site; raises `DidNotStart`."""
    if not LIBRARY.exists():
        raise DidNotStart("SimpleSAMLphp was not unpacked; run: python tests/prepare.py")
    with folder_of_nobody() as folder:
        configuration.write_keys(folder)
        facts = folder / "facts.json"
        facts.write_text(
            json.dumps(
                {
                    "folder": str(folder),
                    "library": str(LIBRARY),
                    "base_url": configuration.base_url,
                    "secret": secrets.token_hex(16),
                    "broker": configuration.broker_entity_id,
                    "broker_metadata": str(configuration.broker_metadata),
                    "service": SERVICE,
                    "sites": {site.name: site.entity_id for site in SIMPLESAMLPHP.values()},
                }
            )
        )
        pages = folder / "pages"
        pages.mkdir()
        (pages / "index.php").symlink_to(HERE / "pages" / "index.php")
        (pages / "simplesaml").symlink_to(LIBRARY / "www")
        command = ["php", "-S", f"127.0.0.1:{configuration.port}", "-t", pages]
        environment = {"INTEROP_FACTS": str(facts), "SIMPLESAMLPHP_CONFIG_DIR": str(HERE / "config")}
        with running(command, folder, configuration.port, environment=environment):
            base = f"{configuration.base_url}/simplesaml/module.php/saml/sp/metadata.php"
            yield Client(
                sites=SIMPLESAMLPHP,
                login_url=lambda site: f"{configuration.base_url}/?site={site.name}",
                metadata_url=lambda site: f"{base}/{site.name}",
                told=told_in_json,
                logs=(folder / "simplesamlphp.log", folder / "output.txt"),
            )
