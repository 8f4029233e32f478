"""From settings to a `Simulator`, in each process that serves; nothing is made here that `prepare` did not make."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import structlog

from broker.core import conditions
from broker.core.administration.policy import PriceReading, RegisterPolicy
from broker.core.catalogue import Catalogue
from broker.core.clock import Clock
from broker.core.conditions import Conditions, clock_under
from broker.core.current import Current
from broker.core.errors import ConfigError
from broker.core.ids import Ids, RepeatableIds
from broker.core.in_force import Document
from broker.core.interface import VERSIONS, InterfaceVersion
from broker.core.loopback import is_loopback
from broker.core.question import ChainPolicy
from broker.rules.timing import Tolerance
from broker.saml import catalogue, names, schema
from broker.saml.catalogue import CatalogueFile
from broker.saml.client_certificate import ClientCertificate
from broker.saml.dialects import DIALECTS, Dialect
from broker.saml.faults import MetadataRejected
from broker.saml.keys import Certificate, DecryptionKey, SigningKey, UnusableKey, VerificationKey
from broker.saml.network import Network
from broker.saml.pki import certificate_path, key_path
from broker.saml.response import Status
from broker.settings import Settings
from broker.settings.model import Audit, Errors, MailOptions, MandateOptions, ServiceProviderOptions
from broker.simulator import secret_files, service_providers, trade_register
from broker.simulator.audit.heads import Notary
from broker.simulator.audit.keys import AuditKey
from broker.simulator.context import Addresses, Lifetimes, MailServer, RegisterFiles, Retention, Simulator
from broker.simulator.dialects import Dialects
from broker.simulator.layout import Layout
from broker.simulator.module_party import ModuleParty
from broker.simulator.participants import AuthenticationServices, NetworkFile
from broker.simulator.parties import (
    BROKER,
    CLIENT_REGISTER,
    INTERMEDIARY_REGISTER,
    MANAGEMENT_MODULE,
    MANAGEMENT_SERVICE,
    SCHEME_AUTHORITY,
    Entity,
)
from broker.simulator.registers import Register
from broker.simulator.service_providers import ServiceProviders
from broker.simulator.statuses import CODES, Statuses
from broker.simulator.tokens import ChoiceTokens
from broker.simulator.trade_register import StubTradeRegister
from broker.store.database import Store, open_store
from broker.store.errors import StoreUnavailable

log = structlog.get_logger("broker")

T = TypeVar("T")
NO_STORE: Final = "'ketenbroker init' makes the store when there is none"


def compose(settings: Settings, clock: Clock, ids: Ids) -> Simulator:
    """The simulator that `settings` describe. Raises `ConfigError` with one line."""
    layout = Layout.of(settings)
    known = conditions_of(layout)
    clock, ids = clock_under(known, clock), RepeatableIds(ids, lambda: known().seed)
    schema.load()
    services = read_catalogues(settings)
    published = trade_register.read_published(settings.paths.trade_register, clock())
    store = open_store(settings.store_url)
    network = _network(layout, clock, store)
    return Simulator(
        addresses=addresses(settings),
        entity_id=BROKER.entity_id,
        name=BROKER.name,
        own_key=_own_key(layout),
        tls=layout.tls_files(BROKER.certificates.folder, layout.tls_authorities),
        intermediary_register=_register(layout, INTERMEDIARY_REGISTER),
        client_register=_register(layout, CLIENT_REGISTER),
        module=_module(layout),
        network=network,
        authentication_services=AuthenticationServices(network, clock),
        catalogue=services.catalogue,
        catalogue_files=services.documents,
        service_certificates=services.certificates,
        service_providers=ServiceProviders(),
        store=store,
        tokens=ChoiceTokens(secret_files.read(layout.secret("choices"))),
        session_secret=secret_files.read(layout.secret("session")),
        archive_key=secret_files.read(layout.secret("archive")),
        notary=notary(settings),
        retention=_retention(settings.audit),
        link_secret=secret_files.read(layout.secret("links")),
        pseudonym_secret=secret_files.read(layout.secret("pseudonyms")),
        pseudonym_scope=settings.policy.pseudonym_scope,
        policy=_policy(settings),
        register_policy=_register_policy(settings.mandates),
        register_files=register_files(settings),
        trade_register=StubTradeRegister(store, published),
        mail_server=_mail_server(settings.mail),
        dialects=_dialects(settings),
        strict=frozenset(key for key, item in settings.service_providers.items() if item.strictness == "strict"),
        tolerance=Tolerance(
            skew=timedelta(seconds=settings.messages.clock_skew_seconds),
            age=timedelta(seconds=settings.messages.request_age_seconds),
        ),
        lifetimes=_lifetimes(settings),
        statuses=_statuses(settings.errors),
        remember_choice=settings.broker.remember_choice,
        developer_drawer=settings.login.developer_drawer,
        operator_area=operator_area(settings),
        own_metadata={version: _own_metadata(layout, version) for version in VERSIONS},
        conditions=known,
        clock=clock,
        ids=ids,
    )


def rehearse(settings: Settings, clock: Clock, ids: Ids) -> list[str]:
    """Compose and let go, before any process starts: `ConfigError` with one line says what stops the start.

    Gives what does not stop it but had better be known, one line each: service providers whose logins are refused.
    """
    simulator = compose(settings, clock, ids)
    try:
        refused = service_providers.unusable(simulator.store, clock(), simulator.service_certificates)
        return [f"{entity_id} cannot log in: {rejected}" for entity_id, rejected in refused]
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {NO_STORE}") from error
    finally:
        simulator.store.close()


def conditions_of(layout: Layout) -> Callable[[], Conditions]:
    """Asks for the conditions of this installation as they are now; raises `ConfigError`."""

    def refused(error: Exception) -> None:
        log.warning("file.refused", files=[str(layout.conditions)], detail=str(error))

    try:
        return conditions.current(layout.conditions, refused)
    except (ValueError, OSError) as error:
        raise ConfigError(f"{layout.conditions}: {error}") from error


def clock_of(settings: Settings, clock: Clock) -> Clock:
    """`clock` as this installation has it; raises `ConfigError`."""
    return clock_under(conditions_of(Layout.of(settings)), clock)


def addresses(settings: Settings) -> Addresses:
    """The addresses that the broker publishes."""
    return Addresses(settings.broker.url, settings.back_channel.url if settings.broker.tls else None)


def notary(settings: Settings) -> Notary:
    """Who signs heads of the audit log; raises `ConfigError` when there is no key yet."""
    layout = Layout.of(settings)
    heads = settings.audit.heads or layout.audit_heads
    return Notary(AuditKey.load(layout.audit_key), heads, timedelta(seconds=settings.audit.head_seconds))


def register_files(settings: Settings) -> RegisterFiles:
    """Where the register comes from when it is filled anew; raises `ConfigError` when there is no secret yet."""
    layout = Layout.of(settings)
    secret, links = (secret_files.read(layout.secret(name)) for name in ("register", "links"))
    return RegisterFiles(settings.paths.sample_register, secret, links, layout.stub_accounts)


def read_catalogues(settings: Settings) -> CatalogueFile:
    """All services of the catalogue files, with what settings say of them; raises `ConfigError`."""
    remedy = "'catalogues' in [paths] names it: start in a folder that has it, or name another"
    files = [catalogue.read_catalogue(read_file(path, remedy), str(path)) for path in settings.paths.catalogues]
    merged = catalogue.merge(files)
    without = set(settings.policy.services_without_chain)
    unknown = without - set(merged.catalogue.services)
    if unknown:
        raise ConfigError(f"policy.services_without_chain: {min(unknown)} is not in {merged.source}")
    # Nobody manages a register on behalf of somebody else.
    without.add(MANAGEMENT_SERVICE)
    services = {
        service_id: replace(service, chain_allowed=service_id not in without)
        for service_id, service in merged.catalogue.services.items()
    }
    return replace(merged, catalogue=Catalogue(services))


def read_file(path: Path, remedy: str = "'ketenbroker init' makes what is missing") -> bytes:
    """The content of a file that must be there; raises `ConfigError`, which ends with the `remedy`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); {remedy}") from error


def signing_key(layout: Layout, party: str) -> SigningKey:
    """The signing key of a party; raises `ConfigError`."""
    key, certificate = key_path(layout.certs, party, "signing"), certificate_path(layout.certs, party, "signing")
    with _usable():
        return SigningKey.load(*_existing(key, certificate))


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except UnusableKey as error:
        raise ConfigError(str(error)) from error


def _existing(*paths: Path) -> Iterable[Path]:
    for path in paths:
        if not path.is_file():
            raise ConfigError(f"{path}: is missing; 'ketenbroker init' makes what is missing")
    return paths


def _register(layout: Layout, entity: Entity) -> Register:
    party = entity.certificates.folder
    return Register(entity.entity_id, signing_key(layout, party), _decryption_key(layout, party))


def _decryption_key(layout: Layout, party: str) -> DecryptionKey:
    key, certificate = key_path(layout.certs, party, "encryption"), certificate_path(layout.certs, party, "encryption")
    with _usable():
        return DecryptionKey.load(*_existing(key, certificate))


def _module(layout: Layout) -> ModuleParty:
    party = MANAGEMENT_MODULE.certificates.folder
    with _usable():
        shown = Certificate.from_pem_file(*_existing(certificate_path(layout.certs, party, "tls")))
    return ModuleParty(
        entity_id=MANAGEMENT_MODULE.entity_id,
        service_id=MANAGEMENT_SERVICE,
        signing=signing_key(layout, party),
        decryption=_decryption_key(layout, party),
        certificate=ClientCertificate.from_der(shown.der),
    )


def _network(layout: Layout, clock: Clock, store: Store) -> Current[Network]:
    path = certificate_path(layout.certs, SCHEME_AUTHORITY.folder, "signing")
    authority = VerificationKey.of(Certificate.from_pem_file(*_existing(path)))
    file = NetworkFile(layout.network_metadata, (authority,), clock, store)
    read_file(layout.network_metadata)
    try:
        return _current(file.read, layout.network_metadata)
    except MetadataRejected as error:
        raise ConfigError(f"{layout.network_metadata}: {error}") from error
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {NO_STORE}") from error
    finally:
        store.close()  # copies of this process (gunicorn's workers) open connections of their own


def _own_key(layout: Layout) -> Current[SigningKey]:
    party = BROKER.certificates.folder
    files = key_path(layout.certs, party, "signing"), certificate_path(layout.certs, party, "signing")
    return _current(lambda: signing_key(layout, party), *files)


def _own_metadata(layout: Layout, version: InterfaceVersion) -> Current[Document]:
    path = layout.broker_metadata(version)
    return _current(lambda: Document.of(f"broker-{version}", read_file(path)), path)


def _current(read: Callable[[], T], *files: Path) -> Current[T]:
    """What files hold that may be replaced while the broker runs; the log tells what was not taken over."""

    def refused(error: Exception) -> None:
        log.warning("file.refused", files=[str(path) for path in files], detail=str(error))

    return Current(files, read, (ConfigError, MetadataRejected, OSError), refused)


def operator_area(settings: Settings) -> bool:
    """Only where nobody else comes: the broker listens on loopback, and is known under no other host."""
    hosts = (settings.broker.host, urlsplit(settings.broker.url).hostname or "")
    return settings.operator.enabled and all(map(is_loopback, hosts))


def _policy(settings: Settings) -> ChainPolicy:
    return ChainPolicy(
        chain_min_level=settings.policy.chain_min_level,
        relation_must_be_active=settings.policy.relation_must_be_active,
        intermediary_must_be_active=settings.policy.intermediary_must_be_active,
        organisation_must_be_active=settings.policy.organisation_must_be_active,
        lapse_after_months=settings.policy.lapse_after_months,
    )


def _register_policy(chosen: MandateOptions) -> RegisterPolicy:
    return RegisterPolicy(
        module_level=chosen.module_level,
        chain_level=chosen.chain_level,
        intermediary_may_renounce=chosen.intermediary_may_renounce,
        allow_chain_branch=chosen.allow_chain_branch,
        automatic_activation=chosen.automatic_activation,
        check_days=chosen.check_days,
        invitation_months=chosen.invitation_months,
        signing_months=chosen.signing_months,
        price_cents=chosen.price_cents,
        price_reading=PriceReading(chosen.price_reading),
    )


def _retention(audit: Audit) -> Retention:
    return Retention(
        bodies=timedelta(days=audit.body_days),
        untrusted=timedelta(days=audit.untrusted_days),
        most_untrusted=audit.untrusted_most,
    )


def _mail_server(mail: MailOptions) -> MailServer | None:
    if mail.smtp_host is None:
        return None
    return MailServer(mail.smtp_host, mail.smtp_port, mail.sender, mail.timeout_seconds)


def _lifetimes(settings: Settings) -> Lifetimes:
    messages = settings.messages
    return Lifetimes(
        login=timedelta(minutes=messages.login_minutes),
        artifact=timedelta(seconds=messages.artifact_seconds),
        assertion=timedelta(seconds=messages.assertion_seconds),
        resolution=timedelta(seconds=messages.resolution_seconds),
        session=timedelta(hours=messages.logout_hours),
        module_session=timedelta(hours=settings.management.session_hours),
        module_idle=timedelta(minutes=settings.management.idle_minutes),
    )


def _statuses(errors: Errors) -> Statuses:
    unsupported = names.STATUS_REQUEST_UNSUPPORTED
    return Statuses(
        cancelled=Status(names.STATUS_RESPONDER, names.STATUS_AUTHN_FAILED, errors.cancelled_text),
        level=Status(CODES[errors.level_code], unsupported, errors.level_text),
        undeliverable=Status(CODES[errors.undeliverable_code], unsupported, errors.undeliverable_text),
        unsupported=Status(names.STATUS_REQUESTER, unsupported, errors.unsupported_text),
        failed=Status(names.STATUS_RESPONDER, None, errors.failed_text),
    )


def _dialects(settings: Settings) -> Dialects:
    return Dialects(
        {
            entity_id: {version: _dialect(options, version) for version in VERSIONS}
            for entity_id, options in settings.service_providers.items()
        }
    )


def _dialect(options: ServiceProviderOptions, version: InterfaceVersion) -> Dialect:
    """The named dialect, or else that of the version, with what settings say otherwise."""
    named = DIALECTS[options.dialect or version]
    return replace(
        named,
        advice=options.advice or named.advice,
        intermediary_name=options.intermediary_name or named.intermediary_name,
        requested_attributes=options.requested_attributes or named.requested_attributes,
        intermediary_number=options.intermediary_number,
        intermediary_rsin=options.intermediary_rsin,
        intermediary_subject=options.intermediary_subject,
        artifact_delivery=options.artifact_delivery,
    )
