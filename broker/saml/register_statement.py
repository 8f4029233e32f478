"""A mandate register's statement: an XACML decision, Permit, over one link of the mandate.

HM-MR interface, and its chain authorisation page. In a chain the intermediary's register (MR1) speaks first and names
the client's register in an obligation; the client's register (MR2) confirms with a statement that links back. Each
link is the SignatureValue of the statement before it, besides that statement's ID in Advice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lxml import etree

from broker.saml import assertion, names
from broker.saml.assertion import Statement, Window
from broker.saml.build import child
from broker.saml.keys import SigningKey

_STATEMENT_TYPE: Final = "xacml-saml:XACMLAuthzDecisionStatementType"


@dataclass(frozen=True, slots=True)
class RegisterStatement:
    """What a register states about one link.

    `service_ids` are the services that may be used: several at a portal.
    `encrypted_subjects` are EncryptedIDs by attribute name (ActingSubjectID, LegalSubjectID); `facts` are plain
    resource attributes of the register; `next_register` is the EntityID of the register that must confirm a chain;
    `encrypted_attributes` are EncryptedAttributes for the service provider.
    """

    id: str
    issuer: str
    moment: datetime
    transient: str
    window: Window
    previous: Statement
    broker: str
    requested_level: str
    encrypted_subjects: Mapping[str, Sequence[etree._Element]]
    service_ids: Sequence[str]
    facts: Mapping[str, str]
    acting_entity: str | None = None
    next_register: str | None = None
    encrypted_attributes: Sequence[etree._Element] = field(default=())


def write(stated: RegisterStatement, key: SigningKey) -> Statement:
    """The signed assertion. One private-key operation."""
    root = assertion.begin(stated.id, stated.issuer, stated.moment)
    assertion.subject(root, stated.transient, stated.issuer)
    assertion.conditions(root, stated.window)
    advice = child(root, names.SAML, "Advice")
    child(advice, names.SAML, "AssertionIDRef", text=stated.previous.id)
    statement = child(root, names.SAML, "Statement", {f"{{{names.XSI}}}type": _STATEMENT_TYPE})
    _decision(statement, stated.next_register)
    _request(statement, stated)
    if stated.encrypted_attributes:
        child(root, names.SAML, "AttributeStatement").extend(stated.encrypted_attributes)
    return assertion.signed(root, key)


def _decision(statement: etree._Element, next_register: str | None) -> None:
    response = child(statement, names.XACML_CONTEXT, "Response")
    result = child(response, names.XACML_CONTEXT, "Result")
    child(result, names.XACML_CONTEXT, "Decision", text=names.XACML_PERMIT)
    status = child(result, names.XACML_CONTEXT, "Status")
    child(status, names.XACML_CONTEXT, "StatusCode", {"Value": names.XACML_STATUS_OK})
    if next_register is not None:
        obligations = child(result, names.XACML_POLICY, "Obligations")
        wanted = {"ObligationId": names.REQUIRE_NEXT_REGISTER, "FulfillOn": names.XACML_PERMIT}
        obligation = child(obligations, names.XACML_POLICY, "Obligation", wanted)
        kind = {"AttributeId": names.REQUIRE_NEXT_REGISTER, "DataType": names.TYPE_STRING}
        child(obligation, names.XACML_POLICY, "AttributeAssignment", kind, next_register)


def _request(statement: etree._Element, stated: RegisterStatement) -> None:
    request = child(statement, names.XACML_CONTEXT, "Request")
    subject = child(request, names.XACML_CONTEXT, "Subject", {"SubjectCategory": names.XACML_ACCESS_SUBJECT})
    for name, encrypted_ids in stated.encrypted_subjects.items():
        attribute = _attribute(subject, name, names.ENCRYPTED_ID_TYPE, stated.issuer)
        for encrypted_id in encrypted_ids:
            child(attribute, names.XACML_CONTEXT, "AttributeValue").append(encrypted_id)
    if stated.acting_entity is not None:
        _value(subject, names.ACTING_ENTITY_ID, stated.acting_entity, stated.issuer)
    linked = _attribute(subject, names.LINKED_SIGNATURE_VALUE, names.TYPE_BASE64, stated.issuer)
    child(linked, names.XACML_CONTEXT, "AttributeValue", text=stated.previous.signature_value)
    resource = child(request, names.XACML_CONTEXT, "Resource")
    _value(resource, names.LEVEL_OF_ASSURANCE, stated.requested_level, stated.broker)
    services = _attribute(resource, names.SERVICE_ID, names.TYPE_STRING, stated.issuer)
    for service_id in stated.service_ids:
        child(services, names.XACML_CONTEXT, "AttributeValue", text=service_id)
    for name, value in stated.facts.items():
        _value(resource, name, value, stated.issuer)
    action = child(request, names.XACML_CONTEXT, "Action")
    _value(action, names.XACML_ACTION_ID, names.XACML_AUTHENTICATE, None)
    child(request, names.XACML_CONTEXT, "Environment")


def _attribute(parent: etree._Element, name: str, kind: str, issuer: str | None) -> etree._Element:
    attributes = {"AttributeId": name, "DataType": kind, **({"Issuer": issuer} if issuer is not None else {})}
    return child(parent, names.XACML_CONTEXT, "Attribute", attributes)


def _value(parent: etree._Element, name: str, value: str, issuer: str | None) -> None:
    attribute = _attribute(parent, name, names.TYPE_STRING, issuer)
    child(attribute, names.XACML_CONTEXT, "AttributeValue", text=value)
