"""Making and removing tenants: each is a whole network, with a store, metadata, people and a clock of its own.

All tenants have the same parties, with the same EntityIDs, keys and secrets; what differs is their addresses. So what
was signed for one is of no use at another: it names other addresses, and nobody there sent or asked it.
"""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broker.core.clock import Clock
from broker.core.errors import TenantExists, TenantUnknown, TooManyTenants
from broker.core.ids import Ids
from broker.core.tenants import MARKER, TenantName, prefix_of
from broker.locking import alone_in
from broker.settings import Settings
from broker.simulator.layout import Layout
from broker.simulator.prepare import prepare
from broker.simulator.ready_stores import ready_store
from broker.store import separate


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant, and whether its register began with the sample data or with nothing."""

    name: str
    made_at: datetime
    with_sample: bool


def settings_of(settings: Settings, name: str) -> Settings:
    """The settings of the tenant `name` of the installation with these settings."""
    folder, prefix = Layout.of(settings).tenants / name, prefix_of(name)
    return settings.model_copy(
        update={
            **{
                party: (server := getattr(settings, party)).model_copy(update={"base_url": server.url + prefix})
                for party in ("broker", "stub", "back_channel")
            },
            "paths": settings.paths.model_copy(update={"state": folder}),
            # Beside the store of the tenant: it goes with the tenant.
            "audit": settings.audit.model_copy(update={"heads": None}),
            "store": settings.store.model_copy(update={"url": separate.address(settings.store_url, name, folder)}),
        }
    )


def listed(settings: Settings) -> tuple[Tenant, ...]:
    """All tenants, by name."""
    markers = sorted(Layout.of(settings).tenants.glob(f"*/{MARKER}"))
    return tuple(found for marker in markers if (found := _read(marker)) is not None)


def find(settings: Settings, name: str) -> Tenant:
    """The tenant `name`; raises `TenantUnknown`."""
    found = _read(Layout.of(settings).tenants / name / MARKER) if TenantName.pattern.fullmatch(name) else None
    if found is None:
        raise TenantUnknown(f"there is no tenant {name[:80]!r}")
    return found


def make(settings: Settings, name: TenantName, clock: Clock, ids: Ids, *, with_sample: bool = True) -> Tenant:
    """Make a tenant; `clock` is the real one. Raises `TenantExists`, `TooManyTenants` or `ConfigError`."""
    tenants = Layout.of(settings).tenants
    tenants.mkdir(exist_ok=True)
    with alone_in(settings.paths.state):
        if len(listed(settings)) >= settings.tenants.most:
            raise TooManyTenants(f"the setting tenants.most allows {settings.tenants.most}")
        folder = tenants / name
        if (folder / MARKER).exists():
            raise TenantExists(f"there is a tenant {name!r} already")
        _clear(settings, name)  # what somebody began and did not finish
        folder.mkdir()
        tenant = Tenant(name, clock(), with_sample)
        _fill(settings, tenant, clock, ids)
        new = folder / f"{MARKER}.new"
        new.write_text(json.dumps({"made_at": tenant.made_at.isoformat(), "with_sample": with_sample}))
        new.replace(folder / MARKER)
    return tenant


def remove(settings: Settings, name: str) -> None:
    """Remove a tenant with all that it holds; raises `TenantUnknown`."""
    find(settings, name)
    with alone_in(settings.paths.state):
        (Layout.of(settings).tenants / name / MARKER).unlink(missing_ok=True)
        _clear(settings, name)


def prepare_all(settings: Settings, clock: Clock, ids: Ids) -> None:
    """Bring all tenants up to date with this version of the program and with the settings."""
    for tenant in listed(settings):
        prepare(settings_of(settings, tenant.name), clock, ids, with_sample=tenant.with_sample)


def _fill(settings: Settings, tenant: Tenant, clock: Clock, ids: Ids) -> None:
    own = settings_of(settings, tenant.name)
    separate.make(settings.store_url, tenant.name)
    if own.store_url.startswith("sqlite"):
        template = ready_store(settings, Layout.of(settings).tenants, clock, with_sample=tenant.with_sample)
        shutil.copyfile(template, own.paths.state / "ketenbroker.sqlite")
    prepare(own, clock, ids, with_sample=tenant.with_sample)


def _clear(settings: Settings, name: str) -> None:
    folder = Layout.of(settings).tenants / name
    separate.remove(settings.store_url, name)
    if folder.exists():
        shutil.rmtree(folder)


def _read(marker: Path) -> Tenant | None:
    try:
        values = json.loads(marker.read_text(encoding="utf-8"))
    except OSError:
        return None
    return Tenant(marker.parent.name, datetime.fromisoformat(values["made_at"]), values["with_sample"])
