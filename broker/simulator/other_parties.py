"""The settings of the two programs that stand for other parties: the stub authentication service and the demo portals.

They are told by file what a real party would know: its own keys, the signed metadata of the network, its customers.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from broker.core.catalogue import Catalogue, Service
from broker.core.interface import CURRENT
from broker.core.text import Text
from broker.saml.pki import authority_path, certificate_path, key_path
from broker.settings import Settings
from broker.simulator.layout import Layout
from broker.simulator.parties import (
    AUTHENTICATION_SERVICE,
    INTERMEDIARY_REGISTER,
    PORTALS,
    SCHEME_AUTHORITY,
    Portal,
)
from broker.store import accounts
from broker.store.accounts import Account
from broker.store.database import Store


def write_stub(settings: Settings, layout: Layout, store: Store) -> None:
    """The stub's settings and its people, with the internal pseudonyms that it shares with the register."""
    party = AUTHENTICATION_SERVICE.certificates.folder
    _write(
        layout.stub_config,
        {
            "base_url": settings.stub.url,
            "entity_id": AUTHENTICATION_SERVICE.entity_id,
            "register": INTERMEDIARY_REGISTER.entity_id,
            "network_metadata": _path(layout.network_metadata),
            "network_certificate": _path(certificate_path(layout.certs, SCHEME_AUTHORITY.folder, "signing")),
            "signing_key": _path(key_path(layout.certs, party, "signing")),
            "signing_certificate": _path(certificate_path(layout.certs, party, "signing")),
            "catalogues": [_path(path) for path in settings.paths.catalogues],
            "accounts": _path(layout.stub_accounts),
            "conditions": _path(layout.conditions),
            "tenants": _path(layout.tenants),
            "secret": _path(layout.secret("stub")),
            "demo_url": settings.demo.url,
        },
    )
    write_accounts(layout.stub_accounts, store)


def write_accounts(path: Path, store: Store) -> None:
    """The stub's people as the register has them now; a stub that is running looks at the file again."""
    known = store.read(lambda tx: accounts.list_accounts(tx, AUTHENTICATION_SERVICE.entity_id))
    new = path.with_suffix(".new")
    new.write_text(json.dumps([_account(item) for item in known], indent=1), encoding="utf-8")
    new.replace(path)


def write_demo(settings: Settings, layout: Layout, catalogue: Catalogue) -> None:
    """The demo portals: those that have services in the catalogue."""
    portals = [_portal(layout, portal, _services(catalogue, portal)) for portal in PORTALS]
    _write(
        layout.demo_config,
        {
            "base_url": settings.demo.url,
            "secret_key_file": _path(layout.secret("demo")),
            "state_file": "demo.sqlite",
            "broker_metadata_file": _path(layout.broker_metadata(CURRENT)),
            **({"broker_ca_file": _path(authority_path(layout.certs))} if settings.broker.tls else {}),
            "portals": [portal for portal in portals if portal["services"]],
        },
    )


def _services(catalogue: Catalogue, portal: Portal) -> list[Service]:
    oin = portal.entity.certificates.oin
    return [service for service in catalogue.services.values() if service.provider_oin == oin]


def _portal(layout: Layout, portal: Portal, services: list[Service]) -> dict[str, Any]:
    return {
        "key": portal.key,
        "entity_id": portal.entity.entity_id,
        "name": _text(portal.entity.name),
        "signing_key_file": _path(key_path(layout.certs, portal.key, "signing")),
        "signing_certificate_file": _path(certificate_path(layout.certs, portal.key, "signing")),
        "encryption_key_file": _path(key_path(layout.certs, portal.key, "encryption")),
        "encryption_certificate_file": _path(certificate_path(layout.certs, portal.key, "encryption")),
        "tls_key_file": _path(key_path(layout.certs, portal.key, "tls")),
        "tls_certificate_file": _path(certificate_path(layout.certs, portal.key, "tls")),
        "services": [
            {
                "index": service.service_id.number,
                "service_id": str(service.service_id),
                "name": _text(service.name),
                "level": service.required_level.label,
            }
            for service in services
        ],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "person": account.person.display_name,
        "organisation": account.employer.statutory_name,
        "means": [
            {
                "id": means.id,
                "type": means.type.value,
                "level": means.level.value,
                "status": means.status.value,
                "valid_from": means.validity.valid_from.isoformat(),
                "valid_until": means.validity.valid_until.isoformat(),
                "internal_pseudonym": means.internal_pseudonym,
            }
            for means in account.means
        ],
    }


def _text(text: Text) -> dict[str, str]:
    return {"nl": text.nl, "en": text.en}


def _path(path: Path) -> str:
    return str(path.resolve())


def _write(path: Path, values: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tomli_w.dumps(values), encoding="utf-8")
