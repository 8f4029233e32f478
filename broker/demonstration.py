"""`ketenbroker demo`: the three parties with sample data, and logins that are ready to try."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from broker import processes, programs
from broker.core.clock import system_clock
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.rules.registration import ServiceCertificates
from broker.saml.faults import MetadataRejected
from broker.saml.pki import authority_path
from broker.settings import Settings
from broker.simulator import metadata_source, tenants
from broker.simulator.compose import clock_of, read_catalogues, rehearse
from broker.simulator.layout import Layout
from broker.simulator.parties import BROKER, PORTALS
from broker.simulator.prepare import prepare
from broker.simulator.service_providers import register
from broker.store.database import Store, open_store
from broker.tls import TlsFiles


def run(settings: Settings, settings_file: Path | None, say: Callable[[str], None]) -> None:
    """Make what is missing, start everything, and stay until asked to stop. Raises `ConfigError` with one line."""
    for line in prepare(settings, system_clock, RandomIds()):
        say(f"Made {line}")
    tenants.prepare_all(settings, system_clock, RandomIds())
    for warning in rehearse(settings, system_clock, RandomIds()):
        say(f"Warning: {warning}")
    parties = (*programs.broker(settings, settings_file), *programs.others(settings))

    def ready() -> None:
        _register_portals(settings)
        say(_welcome(settings))

    processes.run(parties, ready)
    say("Stopped.")


def _register_portals(settings: Settings) -> None:
    """Fetch the portals' metadata where they publish it, as any service provider's would be."""
    certificates, moment = read_catalogues(settings).certificates, clock_of(settings, system_clock)()
    store = open_store(settings.store_url)
    layout = Layout.of(settings)
    tls = layout.tls_files(BROKER.certificates.folder, layout.tls_authorities)
    try:
        for portal in PORTALS:
            _register(store, f"{settings.demo.url}/metadata/{portal.key}", tls, moment, certificates)
    finally:
        store.close()


def _register(store: Store, address: str, tls: TlsFiles, moment: datetime, certificates: ServiceCertificates) -> None:
    try:
        register(store, metadata_source.fetch(address, tls), moment, certificates)
    except MetadataRejected as error:
        raise ConfigError(f"{address}: {error}") from error


def _welcome(settings: Settings) -> str:
    demo = settings.demo.url
    return f"""
Ketenbroker is ready. Simulator: no real eHerkenning, use no real data.

  Demo service provider         {demo}
  Broker                        {settings.broker.url}
  Beheermodule of the register  {settings.broker.url}/beheer
  Stories, one click each       {settings.broker.url}/operator/stories
  Stub authentication service   {settings.stub.url}
{_about_tls(settings)}
Three logins to try:

  1. An accountant on behalf of a client
     {demo}/login/gemeente?service=9001
     choose Fleur Voorbeeld (EH3), then a client

  2. A payroll office with 1,200 clients to search in
     {demo}/login/uwv?service=9001
     choose Noor Proef (EH3), then search for "vos"

  3. Refused: an EH3 Belastingdienst means takes no part in chain mandates
     {demo}/login/belastingdienst?service=9001
     choose Saskia Test (EH3 Belastingdienst)

Ctrl-C stops everything."""


def _about_tls(settings: Settings) -> str:
    if not settings.broker.tls:
        return ""
    return f"""  Back channel                  {settings.back_channel.url}  (client certificate required)

TLS with certificates of a test authority: {authority_path(Layout.of(settings).certs)}
Your browser does not know it and will warn; for this test you may go on.
"""
