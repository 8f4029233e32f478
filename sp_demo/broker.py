"""What the broker's metadata file tells, read with pysaml2."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_SOAP, SAMLError
from saml2.attribute_converter import ac_factory
from saml2.mdstore import MetadataStore
from saml2.s_utils import UnsupportedBinding
from saml2.sigver import pem_format

from sp_demo.keys import TrustedKey, trusted_key
from sp_demo.settings import ConfigError


@dataclass(frozen=True, slots=True)
class Broker:
    """The broker (herkenningsmakelaar): its name, addresses and the keys that it signs with.

    `resolution_urls`: artifact resolution service by endpoint index.
    """

    entity_id: str
    sso_url: str
    resolution_urls: Mapping[int, str]
    keys: tuple[TrustedKey, ...]

    @property
    def origin(self) -> str:
        """Scheme and host of the page that a login is sent to, for `form-action`."""
        parts = urlsplit(self.sso_url)
        return f"{parts.scheme}://{parts.netloc}"


def read_broker(path: Path) -> Broker:
    """Read metadata with exactly one identity provider; raises `ConfigError`."""
    store = MetadataStore(ac_factory(), None)
    try:
        store.load("local", str(path))
        found = list(store.with_descriptor("idpsso"))
    except (OSError, SAMLError, AttributeError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as SAML metadata: {error}") from error
    if len(found) != 1:
        raise ConfigError(f"{path}: holds {len(found)} identity providers, expected the broker alone")
    return _read_entity(path, store, found[0])


def _read_entity(path: Path, store: MetadataStore, entity_id: str) -> Broker:
    try:
        sso = store.single_sign_on_service(entity_id, BINDING_HTTP_POST)
        resolution = store.artifact_resolution_service(entity_id, BINDING_SOAP, "idpsso")
    except UnsupportedBinding as error:
        raise ConfigError(f"{path}: {entity_id} has no service for binding {error}") from error
    return Broker(
        entity_id=entity_id,
        sso_url=sso[0]["location"],
        resolution_urls={int(service["index"]): service["location"] for service in resolution},
        keys=_read_keys(path, store, entity_id),
    )


def _read_keys(path: Path, store: MetadataStore, entity_id: str) -> tuple[TrustedKey, ...]:
    try:
        certificates = store.certs(entity_id, "idpsso", "signing")
        keys = tuple(trusted_key(pem_format(certificate), name) for name, certificate in certificates)
    except (KeyError, ValueError) as error:
        raise ConfigError(f"{path}: a signing certificate of {entity_id} cannot be used: {error}") from error
    if not keys:
        raise ConfigError(f"{path}: {entity_id} has no key for signing")
    return keys
