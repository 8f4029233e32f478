"""What the operator's pages say of a service provider, from what is registered and from settings."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from broker.core.clock import amsterdam_date
from broker.core.interface import CURRENT, VERSIONS
from broker.core.text import Text
from broker.saml.dialects import DialectName
from broker.saml.keys import Certificate
from broker.saml.metadata import RequestedService
from broker.simulator import connection
from broker.simulator.context import Simulator
from broker.simulator.service_providers import Entry
from broker.web.operator import pages

_SIGNING: Final = Text("ondertekenen", "signing")
_ENCRYPTION: Final = Text("versleutelen", "encryption")
_BOTH: Final = Text("ondertekenen en versleutelen", "signing and encryption")
_EXPIRED: Final = Text("verlopen", "expired")
_NOT_YET: Final = Text("nog niet geldig", "not valid yet")
_FOLLOWS: Final = Text(
    "1.13 of 1.11, volgens het adres waar de aanvraag komt", "1.13 or 1.11, by the address that the request comes to"
)
_FLAT: Final = Text("flat: alles als leesbaar attribuut", "flat: everything as a plain attribute")
_LENIENT: Final = Text(
    "soepel: wat afwijkt staat in het logboek", "leniently: what differs from the book stands in the log"
)
_STRICT: Final = Text("streng: wat afwijkt wordt geweigerd", "strictly: what differs from the book is refused")
# Named after the fields of a dialect, as the settings are.
_OPTIONS: Final = (
    "advice",
    "intermediary_name",
    "intermediary_number",
    "intermediary_rsin",
    "intermediary_subject",
    "requested_attributes",
    "artifact_delivery",
)


def registered(sim: Simulator, item: Entry, url: str) -> pages.Registered:
    """The service provider, with its own page at `url`."""
    known, moment = item.metadata, sim.clock()
    return pages.Registered(
        entity_id=item.entity_id,
        name=name_of(item),
        url=url,
        registered_on=amsterdam_date(item.registered_at),
        services=tuple(_service(sim, service) for service in known.services) if known else (),
        certificates=tuple(_certificates(item, moment)),
        dialect=_dialect(sim, item.entity_id),
        strictness=_STRICT if item.entity_id in sim.strict else _LENIENT,
        remarks=item.remarks,
        is_usable=known is not None,
    )


def name_of(item: Entry) -> Text:
    """Its display name, or the EntityID of one whose metadata can no longer be read."""
    return item.metadata.display_name if item.metadata else Text(item.entity_id, item.entity_id)


def needed(sim: Simulator, entity_id: str) -> tuple[pages.Copyable, ...]:
    """What the other side must know of this broker: the addresses of the version that it is answered in."""
    own = sim.addresses.at("1.11" if _fixed_dialect(sim, entity_id) == "1.11" else CURRENT)
    values = connection.needed(own, sim.entity_id, sim.signing.certificate.key_name)
    return tuple(pages.Copyable(name=name, value=value) for name, value in values)


def options(sim: Simulator, entity_id: str) -> tuple[pages.Option, ...]:
    """The settings of the service provider as they are in force, in the words of the settings file."""
    return (
        pages.Option(name="dialect", value=_dialect(sim, entity_id)),
        pages.Option(name="strictness", value=_STRICT if entity_id in sim.strict else _LENIENT),
        *(_option(sim, entity_id, name) for name in _OPTIONS),
    )


def _option(sim: Simulator, entity_id: str, name: str) -> pages.Option:
    """One value, or one for each version when they differ."""
    values = {version: _written(getattr(sim.dialects.of(entity_id, version), name)) for version in VERSIONS}
    if len(set(values.values())) == 1:
        value = values[CURRENT]
    else:
        value = ", ".join(f"{version}: {value}" for version, value in values.items())
    return pages.Option(name=name, value=Text(value, value))


def _written(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def _service(sim: Simulator, service: RequestedService) -> pages.Service:
    known = sim.catalogue.find(service.service_id) if service.service_id else None
    return pages.Service(
        index=service.index,
        service_id=service.service_id,
        name=known.name if known else service.names,
        level=known.required_level.label if known else None,
    )


def _certificates(item: Entry, moment: datetime) -> Iterator[pages.Certificate]:
    if item.metadata is None:
        return
    signing = {key.certificate.der: key.certificate for key in item.metadata.verification_keys}
    encryption = {certificate.der: certificate for certificate in item.metadata.encryption_certificates}
    for der, certificate in (signing | encryption).items():
        uses = (der in signing, der in encryption)
        yield pages.Certificate(
            use=_BOTH if all(uses) else _SIGNING if uses[0] else _ENCRYPTION,
            key_name=certificate.key_name,
            valid_until=amsterdam_date(certificate.not_after),
            problem=_problem(certificate, moment),
        )


def _problem(certificate: Certificate, moment: datetime) -> Text | None:
    if moment > certificate.not_after:
        return _EXPIRED
    return _NOT_YET if moment < certificate.not_before else None


def _fixed_dialect(sim: Simulator, entity_id: str) -> DialectName | None:
    """The dialect that a setting gives; None when the address decides."""
    names = {sim.dialects.of(entity_id, version).name for version in VERSIONS}
    return names.pop() if len(names) == 1 else None


def _dialect(sim: Simulator, entity_id: str) -> Text:
    fixed = _fixed_dialect(sim, entity_id)
    if fixed is None:
        return _FOLLOWS
    return _FLAT if fixed == "flat" else Text(fixed, fixed)
