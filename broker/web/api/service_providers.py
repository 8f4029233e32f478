"""Service providers: register by metadata, look at, remove."""

from flask import Blueprint, Response, request
from pydantic import Field

from broker.core.errors import InputInvalid, NotFound
from broker.rules.metadata_report import refusal
from broker.saml.faults import MetadataRejected
from broker.simulator import metadata_source, service_providers
from broker.simulator.service_providers import Entry
from broker.web.api import guard, problems
from broker.web.api.document import calls, gives
from broker.web.api.installation import simulator
from broker.web.api.problems import RemarkShape
from broker.web.api.shapes import Moment, Shape

blueprint = Blueprint("service_providers", __name__)
_CREATED = 201


class MetadataSource(Shape):
    """Where metadata is. The metadata itself is sent as a body of XML instead."""

    url: str = Field(default="", description="http or https; no redirect is followed.")


class RequestedServiceShape(Shape):
    """A service that a service provider asks for."""

    index: int
    service_id: str | None
    known: bool = Field(description="Whether the service catalogue has it.")


class NeededShape(Shape):
    """What the software of the service provider must know of the broker."""

    entity_id: str
    metadata: str
    single_sign_on: str
    artifact_resolution: str
    single_logout: str


class ServiceProviderShape(Shape):
    """A registered service provider, with what there is to say about its metadata now."""

    entity_id: str
    name: str
    registered_at: Moment
    usable: bool = Field(description="Whether it can log in; if not, `findings` tells why.")
    consumers: list[str] = Field(description="Where answers are brought.")
    services: list[RequestedServiceShape]
    findings: list[RemarkShape]
    needed: NeededShape


class ServiceProviders(Shape):
    """All registered service providers."""

    service_providers: list[ServiceProviderShape]


@blueprint.get("/service-providers")
@calls.validate(resp=gives(ServiceProviders), tags=["Service providers"])
def listed() -> ServiceProviders:
    """List the registered service providers."""
    sim = simulator()
    found = service_providers.entries(sim.store, sim.clock(), sim.service_certificates)
    return ServiceProviders(service_providers=[_shape(one) for one in found])


@blueprint.post("/service-providers")
@calls.validate(json=MetadataSource, resp=gives(ServiceProviderShape, _CREATED), tags=["Service providers"])
def register() -> tuple[ServiceProviderShape, int] | Response:
    """Register metadata, sent as XML or behind a URL, in place of what the service provider registered before.

    Errors refuse it; then nothing changes. Each finding names the rule, the clause, the line, and what to do.
    """
    sim, octets = simulator(), b""
    try:
        octets = _octets()
        known = service_providers.register(sim.store, octets, sim.clock(), sim.service_certificates)
    except MetadataRejected as rejected:
        return problems.refused_metadata(refusal(octets, rejected))
    return _known(known.metadata.entity_id), _CREATED


@blueprint.get("/service-providers/<path:entity_id>")
@calls.validate(resp=gives(ServiceProviderShape), tags=["Service providers"])
def show(entity_id: str) -> ServiceProviderShape:
    """One service provider, by EntityID."""
    return _known(entity_id)


@blueprint.delete("/service-providers/<path:entity_id>")
@calls.validate(resp=gives(status=204), tags=["Service providers"])
def remove(entity_id: str) -> tuple[str, int]:
    """Remove a service provider; what it sends from then on is that of a stranger."""
    if not service_providers.remove(simulator().store, entity_id):
        raise NotFound(f"{entity_id[:80]!r} is not registered")
    return "", 204


def _octets() -> bytes:
    """The body, or what is behind the URL in it; raises `MetadataRejected` or `InputInvalid`."""
    if request.mimetype != guard.JSON:
        return request.get_data()
    source = request.context.json  # type: ignore[attr-defined]  # spectree puts it there
    if not metadata_source.is_address(source.url):
        raise InputInvalid((("url", "expected an address that begins with http:// or https://"),))
    return metadata_source.fetch(source.url, simulator().tls)


def _known(entity_id: str) -> ServiceProviderShape:
    sim = simulator()
    found = service_providers.entry(sim.store, entity_id, sim.clock(), sim.service_certificates)
    if found is None:
        raise NotFound(f"{entity_id[:80]!r} is not registered")
    return _shape(found)


def _shape(entry: Entry) -> ServiceProviderShape:
    sim, known = simulator(), entry.metadata
    return ServiceProviderShape(
        entity_id=entry.entity_id,
        name=known.display_name.nl if known else entry.entity_id,
        registered_at=entry.registered_at,
        usable=known is not None,
        consumers=list(dict.fromkeys(one.location for one in known.assertion_consumers)) if known else [],
        services=[
            RequestedServiceShape(
                index=one.index,
                service_id=one.service_id,
                known=one.service_id is not None and sim.catalogue.find(one.service_id) is not None,
            )
            for one in (known.services if known else ())
        ],
        findings=[problems.told(remark) for remark in entry.remarks],
        needed=NeededShape(
            entity_id=sim.entity_id,
            metadata=sim.addresses.metadata,
            single_sign_on=sim.addresses.sso,
            artifact_resolution=sim.addresses.resolution,
            single_logout=sim.addresses.logout,
        ),
    )
