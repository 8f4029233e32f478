"""Apache httpd with mod_auth_mellon (C, on the library lasso), from Debian.

The page behind it shows the environment that mellon sets, which is what an application gets.
"""

import base64
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from tests.interop.client import MELLON, SERVICE, Client, Configuration, Told
from tests.interop.page import Page
from tests.interop.program import folder_of_nobody, running

HERE = Path(__file__).parent
MODULES = Path("/usr/lib/apache2/modules")

# One instruction of mod_include, which prints every variable on a line.
ENVIRONMENT = "<!--#printenv -->\n"


@contextmanager
def running_mellon(configuration: Configuration) -> Iterator[Client]:
    """httpd with one location for each site; raises `DidNotStart`."""
    with folder_of_nobody() as folder:
        values = {
            "folder": folder,
            "port": configuration.port,
            "modules": MODULES,
            "base_url": configuration.base_url,
            "broker_metadata": folder / "broker.xml",
            "certificate": configuration.keys.text,
            "service": SERVICE,
        }
        configuration.write_keys(folder)
        shutil.copy(configuration.broker_metadata, folder / "broker.xml")
        (folder / "pages").mkdir()
        (folder / "pages" / "environment.shtml").write_text(ENVIRONMENT)
        locations = []
        for site in MELLON.values():
            of_site = values | {"site": site.name, "entity_id": site.entity_id}
            (folder / f"{site.name}.xml").write_text(_filled("metadata.xml", of_site))
            locations.append(_filled("site.conf", of_site))
        (folder / "httpd.conf").write_text(_filled("httpd.conf", values | {"sites": "".join(locations)}))
        command = ["apache2", "-X", "-f", folder / "httpd.conf"]
        with running(command, folder, configuration.port, as_nobody=True):
            yield Client(
                sites=MELLON,
                login_url=lambda site: f"{configuration.base_url}/{site.name}/page",
                metadata_url=lambda site: f"{configuration.base_url}/{site.name}/mellon/metadata",
                told=told,
                logs=(folder / "error.log",),
            )


def told(page: Page) -> Told:
    """What the environment says. mellon gives an encrypted identifier as the XML that it came in."""
    variables = dict(re.findall(r"^MELLON_(.*?)=(.*)$", page.response.text, re.MULTILINE))
    session = base64.b64decode(variables["SESSION"]).decode()
    (level,) = re.findall(r"<saml:AuthnContextClassRef>(.*?)<", session.partition("</saml:Advice>")[2] or session)
    return Told(
        kvk=variables.get("urn:etoegang:1.9:EntityConcernedID:KvKnr"),
        rsin=variables.get("urn:etoegang:1.9:EntityConcernedID:RSIN"),
        intermediary_kvk=variables.get("urn:etoegang:1.9:IntermediateEntityID:KvKnr"),
        intermediary_name=variables.get("urn:etoegang:1.13:attribute-intermediate:CompanyName"),
        level=level,
    )


def _filled(name: str, values: dict[str, object]) -> str:
    return Template((HERE / name).read_text()).substitute(values)
