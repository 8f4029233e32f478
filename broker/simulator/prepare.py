"""Making what an installation needs before it can serve: keys, secrets, tables, sample data, metadata.

Keys, secrets and data are made once and left alone afterwards; metadata and the settings of the other two programs
follow the settings and are written every time.
"""

from pathlib import Path
from typing import Final

from cryptography import x509

from broker.core.administration import actors
from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.core.ids import Ids
from broker.saml import pki
from broker.saml.keys import Certificate, UnusableKey
from broker.settings import Settings
from broker.simulator import compose, module_registration, other_parties, own_keys, publication, secret_files
from broker.simulator.administration import whole_register
from broker.simulator.audit import heads, keys
from broker.simulator.audit.heads import HeadRefused
from broker.simulator.compose import read_catalogues, signing_key
from broker.simulator.layout import Layout
from broker.simulator.parties import BROKER, CERTIFIED
from broker.store import scenario
from broker.store.administration.chain import ChainBroken
from broker.store.database import Store, open_store
from broker.store.errors import StoreUnavailable
from broker.store.migrate import migrate

SECRETS: Final = ("session", "links", "choices", "pseudonyms", "register", "archive", "stub", "demo")


def prepare(settings: Settings, clock: Clock, ids: Ids, *, with_sample: bool = True) -> list[str]:
    """Make what is missing; returns what was made, in words. Raises `ConfigError` with one line.

    Without the sample data an empty register stays empty.
    """
    layout, clock = Layout.of(settings), compose.clock_of(settings, clock)
    services = read_catalogues(settings)
    try:
        made = [f"certificate {path}" for path in pki.ensure(layout.certs, CERTIFIED, clock())]
    except UnusableKey as error:
        raise ConfigError(str(error)) from error
    for name in SECRETS:
        secret_files.ensure(layout.secret(name))
    made += [f"key {path}" for path in keys.ensure(layout.audit_key, layout.audit_public_key)]
    layout.state.mkdir(parents=True, exist_ok=True)
    migrate(settings.store_url)
    store = open_store(settings.store_url)
    try:
        if with_sample and store.read(scenario.is_empty):
            fill_with_sample(settings, store, clock)
            made.append(f"sample register from {settings.paths.sample_register}")
        _sign_head(settings, store, clock)
        publication.publish(settings, store, clock, ids)
        module = module_registration.metadata(layout, compose.addresses(settings), ids)
        module_registration.register_module(store, module, clock, services.certificates)
        _write_tls_authorities(settings, layout)
        other_parties.write_stub(settings, layout, store)
        other_parties.write_demo(settings, layout, services.catalogue)
    finally:
        store.close()
    return made


def roll_over(settings: Settings, step: str, clock: Clock, ids: Ids) -> tuple[Certificate, ...]:
    """One step of a key roll-over of the broker (`own_keys`), and the metadata that follows from it.

    Gives the signing certificates that are published, the one in use first. Raises `ConfigError`.
    """
    layout, party = Layout.of(settings), BROKER.certificates
    signing_key(layout, party.folder)  # says so when there is no installation yet
    match step:
        case "begin":
            own_keys.begin(layout.certs, party, clock())
        case "switch":
            own_keys.switch(layout.certs, party)
        case _:
            own_keys.finish(layout.certs, party)
    store = open_store(settings.store_url)
    try:
        publication.publish(settings, store, compose.clock_of(settings, clock), ids)
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {compose.NO_STORE}") from error
    finally:
        store.close()
    return own_keys.published(layout.certs, party)


def fill_with_sample(settings: Settings, store: Store, clock: Clock) -> None:
    """Load the sample data into an empty register; raises `ConfigError`."""
    files, moment = compose.register_files(settings), clock()
    sample = whole_register.read_file(files, files.sample, moment)
    whole_register.fill(store, sample, actors.rule("sample data"), moment)


def _sign_head(settings: Settings, store: Store, clock: Clock) -> None:
    """Nothing starts on an audit log that is not what was signed."""
    notary = compose.notary(settings)
    try:
        heads.sign(notary, store, clock(), at_once=True)
    except (ChainBroken, HeadRefused) as error:
        raise ConfigError(
            f"the audit log is not what was signed: {error}; 'ketenbroker audit verify' tells more. To go on with this "
            f"store all the same, put {notary.file} aside"
        ) from error


def _write_tls_authorities(settings: Settings, layout: Layout) -> None:
    """One file, as TLS libraries want it, with what certificates of service providers may come from."""
    files = (pki.authority_path(layout.certs), *settings.back_channel.authorities)
    layout.tls_authorities.write_bytes(b"\n".join(map(_certificates_in, files)))


def _certificates_in(path: Path) -> bytes:
    # A TLS library passes over what it does not understand, as long as it understands something.
    octets = compose.read_file(path, "'authorities' in [back_channel] names it")
    try:
        x509.load_pem_x509_certificates(octets)
    except ValueError as error:
        raise ConfigError(f"{path}: holds no certificate in PEM, or one that cannot be read") from error
    return octets
