"""Network metadata: who takes part in the scheme, as the management organisation (BO) signed it.

etd Network metadata. Nothing is read but what the BO's signature covers, and one bad entry refuses the whole: a
participant must not be able to disappear without anyone noticing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.in_force import Document
from broker.core.text import Text
from broker.saml import descriptors, document, endpoints, key_descriptors, names, reading, schema, signature
from broker.saml.faults import Fault, MetadataReason, MetadataRejected
from broker.saml.keys import Recipient, VerificationKey

MAX_VALIDITY: Final = timedelta(days=366)

_CLAUSE: Final = "etd Network metadata"
# T is the environment for tests; what looks like production is not read.
_NAME: Final = re.compile(re.escape(names.NETWORK_METADATA) + r"T:([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class AuthenticationService:
    """An authentication service (authenticatiedienst, AD).

    `sso_location` takes requests by HTTP-POST, `logout_location`, if there is one, logout requests.
    """

    entity_id: str
    names: Text
    sso_location: str
    verification_keys: tuple[VerificationKey, ...]
    maximum_level: AssuranceLevel
    logout_location: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """A mandate register (machtigingenregister, MR); `recipient` is how to encrypt for it."""

    entity_id: str
    names: Text
    verification_keys: tuple[VerificationKey, ...]
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker (herkenningsmakelaar, HM) as authentication services see it.

    `assertion_consumers`: the addresses that take statements by HTTP-POST, by AssertionConsumerServiceIndex;
    `logout_location` takes answers to logout requests by HTTP-POST.
    """

    entity_id: str
    names: Text
    assertion_consumers: Mapping[int, str]
    verification_keys: tuple[VerificationKey, ...]
    logout_location: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """The participants; `sequence` grows with every publication, `valid_until` is in UTC.

    `source` is the file that they were read from, if whoever read it says so.
    """

    sequence: int
    valid_until: datetime
    authentication_services: tuple[AuthenticationService, ...]
    registers: tuple[Register, ...]
    brokers: tuple[Broker, ...]
    source: Document | None = field(default=None, compare=False)


def read_network(
    data: bytes, bo_keys: Sequence[VerificationKey], moment: datetime, *, minimum_sequence: int = 0
) -> Network:
    """Verify the signature of the BO and read the participants; raises `MetadataRejected`.

    `minimum_sequence`: the number of the last metadata that was read, so that nobody can bring old keys back.
    """
    try:
        root = document.read(data)
        document.expect_root(root, descriptors.ENTITIES)
        content = signature.verify(root, bo_keys, moment, position=signature.FIRST)
        schema.validate(content)
        _check_unique(content)
        return Network(
            sequence=_sequence(content, minimum_sequence),
            valid_until=_valid_until(content, moment),
            authentication_services=tuple(
                _authentication_service(entity, moment)
                for entity in _entities(content, names.ROLE_AUTHENTICATION_SERVICES)
            ),
            registers=tuple(_register(entity, moment) for entity in _entities(content, names.ROLE_REGISTERS)),
            brokers=tuple(_broker(entity, moment) for entity in _entities(content, names.ROLE_BROKERS)),
        )
    except MetadataRejected:
        raise
    except Fault as fault:
        raise MetadataRejected(fault.reason, "document", fault.detail, _CLAUSE) from fault


def _check_unique(content: etree._Element) -> None:
    seen: set[str] = set()
    for entity in content.iter(descriptors.ENTITY):
        entity_id = reading.attribute(entity, "entityID")
        if entity_id in seen:
            raise MetadataRejected(MetadataReason.DUPLICATE, reading.path(entity), f"{entity_id} twice", _CLAUSE)
        seen.add(entity_id)


def _sequence(content: etree._Element, minimum: int) -> int:
    name = content.get("Name", "")
    found = _NAME.fullmatch(name)
    if not found:
        what = f"Name {name[:80]!r}: expected {names.NETWORK_METADATA}T:<number>"
        raise MetadataRejected(MetadataReason.NAME, reading.path(content), what, _CLAUSE)
    sequence = int(found.group(1))
    if sequence < minimum:
        what = f"sequence number {sequence} is older than {minimum}, which was read before"
        raise MetadataRejected(MetadataReason.OLDER, reading.path(content), what, _CLAUSE)
    return sequence


def _valid_until(content: etree._Element, moment: datetime) -> datetime:
    descriptors.check_current(content, moment)
    valid_until = reading.moment(content, "validUntil")
    if valid_until - moment > MAX_VALIDITY:
        what = f"validUntil is more than {MAX_VALIDITY.days} days ahead"
        raise MetadataRejected(MetadataReason.VALIDITY, reading.path(content), what, _CLAUSE)
    return valid_until


def _entities(content: etree._Element, role: str) -> list[etree._Element]:
    """The entities in the group of `role`; an entity takes part in the role that the BO listed it under."""
    return [
        entity
        for group in content.findall(descriptors.ENTITIES)
        if group.get("Name") == role
        for entity in group.findall(descriptors.ENTITY)
    ]


def _authentication_service(entity: etree._Element, moment: datetime) -> AuthenticationService:
    role = descriptors.role(entity, "IDPSSODescriptor", moment)
    return AuthenticationService(
        entity_id=reading.attribute(entity, "entityID"),
        names=descriptors.display_name(entity),
        sso_location=endpoints.single_sign_on(role),
        verification_keys=key_descriptors.verification_keys(role),
        maximum_level=descriptors.maximum_level(entity),
        logout_location=endpoints.logout(role),
    )


def _register(entity: etree._Element, moment: datetime) -> Register:
    role = descriptors.role(entity, "PDPDescriptor", moment)
    entity_id = reading.attribute(entity, "entityID")
    encryption = [item for item in key_descriptors.certificates(role, "encryption") if item.valid_at(moment)]
    if not encryption:
        what = "no valid certificate for encryption: nothing could be encrypted for this register"
        raise MetadataRejected(MetadataReason.KEY, reading.path(role), what, _CLAUSE)
    return Register(
        entity_id=entity_id,
        names=descriptors.display_name(entity),
        verification_keys=key_descriptors.verification_keys(role),
        recipient=Recipient(entity_id, encryption[0]),
    )


def _broker(entity: etree._Element, moment: datetime) -> Broker:
    role = descriptors.role(entity, "SPSSODescriptor", moment)
    consumers = {
        item.index: item.location
        for item in endpoints.assertion_consumers(role, names.BINDING_POST)
        if item.binding == names.BINDING_POST and item.index is not None
    }
    if not consumers:
        what = "no AssertionConsumerService with binding HTTP-POST"
        raise MetadataRejected(MetadataReason.ENDPOINT, reading.path(role), what, _CLAUSE)
    return Broker(
        entity_id=reading.attribute(entity, "entityID"),
        names=descriptors.display_name(entity),
        assertion_consumers=consumers,
        verification_keys=key_descriptors.verification_keys(role),
        logout_location=endpoints.logout_response(role),
    )
