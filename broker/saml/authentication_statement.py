"""The authentication service's statement: who was authenticated, how strongly, and which register knows the mandates.

HM-AD interface: the acting subject is an internal pseudonym, encrypted for the register that
`AuthorizationRegistryID` names; the broker cannot read it.
"""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.saml import assertion, attributes, bearer, names, reading
from broker.saml.assertion import Confirmation, Statement, Window
from broker.saml.bearer import BearerAssertion
from broker.saml.build import child
from broker.saml.keys import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationStatement(BearerAssertion):
    """The verified content of an authentication service's assertion; several values may still be wrong.

    `acting_subject` is the EncryptedID.
    """

    representation: bool
    register: str | None
    acting_subject: etree._Element


def read(root: etree._Element) -> AuthenticationStatement:
    """Read verified content of an `saml:Assertion`; raises `Fault`."""
    found = attributes.by_name(reading.one(root, names.SAML, "AttributeStatement"))
    register = found.get(names.AUTHORIZATION_REGISTRY_ID)
    acting = attributes.only_value(attributes.required(found, names.ACTING_SUBJECT_ID))
    return AuthenticationStatement(
        **bearer.read(root),
        representation=attributes.single(found, names.REPRESENTATION) in ("true", "1"),
        service_uuid=attributes.single(found, names.SERVICE_UUID),
        register=None if register is None else reading.text(attributes.only_value(register)),
        acting_subject=reading.one(acting, names.SAML, "EncryptedID"),
    )


@dataclass(frozen=True, slots=True)
class Authentication:
    """What an authentication service states: for `write`."""

    id: str
    issuer: str
    moment: datetime
    transient: str
    confirmation: Confirmation
    window: Window
    audiences: tuple[str, ...]
    level: AssuranceLevel
    authority_oin: str
    service_uuid: str
    register: str
    acting_subject: etree._Element


def write(stated: Authentication, key: SigningKey) -> Statement:
    """The signed assertion. One private-key operation."""
    root = assertion.begin(stated.id, stated.issuer, stated.moment)
    assertion.subject(root, stated.transient, stated.issuer, stated.confirmation)
    assertion.conditions(root, stated.window, stated.audiences)
    assertion.authentication(root, stated.moment, stated.level, stated.authority_oin)
    child(root, names.SAML, "AttributeStatement").extend(
        (
            attributes.plain(names.REPRESENTATION, "true", kind="xs:boolean"),
            attributes.plain(names.SERVICE_UUID, stated.service_uuid),
            attributes.encrypted(names.ACTING_SUBJECT_ID, [stated.acting_subject]),
            attributes.plain(names.AUTHORIZATION_REGISTRY_ID, stated.register),
        )
    )
    return assertion.signed(root, key)
