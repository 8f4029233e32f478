"""This network, and the tenants beside it."""

from typing import Annotated

from flask import Blueprint
from pydantic import Field

from broker import __version__
from broker.core.tenants import TenantName
from broker.simulator import tenants
from broker.simulator.tenants import Tenant
from broker.web.api.document import calls, gives
from broker.web.api.installation import Installation, installation
from broker.web.api.shapes import Moment, Shape

network = Blueprint("network", __name__)
blueprint = Blueprint("tenants", __name__)
"""The calls that the network without a name alone has."""
_CREATED = 201


class NetworkShape(Shape):
    """Where everything of a network is."""

    tenant: str | None = Field(description="Its name; null for the one without.")
    version: str
    api: str
    broker: str
    entity_id: str = Field(description="That of the broker. All tenants have the same parties and keys.")
    metadata: str = Field(description="The broker's metadata for service providers.")
    authentication_service: str
    management: str = Field(description="The Beheermodule.")
    seed: str | None


class NewTenant(Shape):
    """A tenant to make: its name, and whether its register begins with the sample data or with nothing."""

    name: Annotated[str, Field(pattern=f"^{TenantName.pattern.pattern}$", description=TenantName.expected)]
    sample: bool = True


class TenantShape(Shape):
    """A tenant."""

    name: str
    made_at: Moment
    sample: bool
    network: NetworkShape


class TenantsShape(Shape):
    """All tenants, by name."""

    tenants: list[TenantShape]


@network.get("/network")
@calls.validate(resp=gives(NetworkShape), tags=["Network"])
def show() -> NetworkShape:
    """Where everything of this network is."""
    inst = installation()
    return _network(inst.settings.broker.url, inst.settings.stub.url, inst.tenant, inst)


@blueprint.get("/tenants")
@calls.validate(resp=gives(TenantsShape), tags=["Tenants"])
def listed() -> TenantsShape:
    """List the tenants."""
    return TenantsShape(tenants=[_shape(one) for one in tenants.listed(installation().settings)])


@blueprint.post("/tenants")
@calls.validate(resp=gives(TenantShape, _CREATED), tags=["Tenants"])
def make(json: NewTenant) -> tuple[TenantShape, int]:
    """Make a tenant: a network of its own below /t/<name>, with the same calls below /t/<name>/api/v1."""
    inst = installation()
    name = TenantName(json.name)
    return _shape(tenants.make(inst.settings, name, inst.clock, inst.ids, with_sample=json.sample)), _CREATED


@blueprint.get("/tenants/<name>")
@calls.validate(resp=gives(TenantShape), tags=["Tenants"])
def one(name: str) -> TenantShape:
    """One tenant."""
    return _shape(tenants.find(installation().settings, name))


@blueprint.delete("/tenants/<name>")
@calls.validate(resp=gives(status=204), tags=["Tenants"])
def remove(name: str) -> tuple[str, int]:
    """Remove a tenant with all that it holds."""
    tenants.remove(installation().settings, name)
    return "", 204


def _shape(tenant: Tenant) -> TenantShape:
    inst = installation()
    own = tenants.settings_of(inst.settings, tenant.name)
    return TenantShape(
        name=tenant.name,
        made_at=tenant.made_at,
        sample=tenant.with_sample,
        network=_network(own.broker.url, own.stub.url, tenant.name, inst),
    )


def _network(broker: str, stub: str, name: str | None, inst: Installation) -> NetworkShape:
    return NetworkShape(
        tenant=name,
        version=__version__,
        api=f"{broker}/api/v1",
        broker=broker,
        entity_id=inst.simulator.entity_id,
        metadata=f"{broker}/broker/metadata/1.13",
        authentication_service=stub,
        management=f"{broker}/beheer",
        seed=inst.simulator.conditions().seed if name == inst.tenant else None,
    )
