"""The broker's summary assertion for a service provider, version 1.13: who acts for whom, and the proof in Advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.saml import assertion, attributes, encryption, names
from broker.saml.assertion import Confirmation, Statement, Window
from broker.saml.build import child
from broker.saml.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Summary:
    """What the broker states.

    `plain` and `encrypted_ids` are attributes by name, in the order in which they are written;
    `encrypted_attributes` are EncryptedAttributes. The encrypted elements are copied out of `advice`, which holds
    the statements of the authentication service and the registers, in the order of the chain.
    """

    id: str
    issuer: str
    moment: datetime
    transient: str
    authentication_service: str
    confirmation: Confirmation
    window: Window
    audience: str
    level: AssuranceLevel
    session_index: str
    plain: Mapping[str, Sequence[str]]
    encrypted_ids: Mapping[str, Sequence[etree._Element]]
    encrypted_attributes: Sequence[etree._Element]
    advice: Sequence[Statement]


def write(summary: Summary, key: SigningKey) -> Statement:
    """The signed assertion. The statements move into its Advice. One private-key operation."""
    root = assertion.begin(summary.id, summary.issuer, summary.moment)
    assertion.subject(root, summary.transient, summary.authentication_service, summary.confirmation)
    assertion.conditions(root, summary.window, (summary.audience,))
    # Copied before the originals move: the same elements stand in Advice, and XML ids must differ.
    copies = {
        name: [encryption.copy_with_new_ids(value, "-summary") for value in values]
        for name, values in summary.encrypted_ids.items()
    }
    encrypted = [encryption.copy_with_new_ids(value, "-summary") for value in summary.encrypted_attributes]
    child(root, names.SAML, "Advice").extend([statement.element for statement in summary.advice])
    assertion.authentication(root, summary.moment, summary.level, summary.authentication_service, summary.session_index)
    statement = child(root, names.SAML, "AttributeStatement")
    for name, values in summary.plain.items():
        attributes.plain(statement, name, *values)
    for name, values_ in copies.items():
        attributes.encrypted(statement, name, values_)
    statement.extend(encrypted)
    return assertion.signed(root, key)
