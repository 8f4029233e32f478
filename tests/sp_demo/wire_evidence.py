"""The statements that a broker puts in Advice: of the authentication service and of two registers of mandates."""

import secrets
from datetime import timedelta

from lxml import etree
from lxml.builder import ElementMaker

from tests.sp_demo.wire_messages import (
    AUTHENTICATION_SERVICE,
    BROKER,
    CLIENT_REGISTER,
    CONTEXT,
    INTERMEDIARY_KVK,
    INTERMEDIARY_REGISTER,
    KVK,
    NS,
    PSEUDO,
    SAML,
    XSI_TYPE,
    Signer,
    at,
    authn_statement,
    encrypt,
    new_id,
    persistent,
    plain,
    tag,
)

ENCRYPTED_ID = "urn:oasis:names:tc:SAML:2.0:assertion#EncryptedID"
STRING = "http://www.w3.org/2001/XMLSchema#string"


def transient(qualifier):
    return SAML.NameID(
        secrets.token_hex(32).upper(),
        Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        NameQualifier=qualifier,
    )


def conditions(now, *audiences):
    restriction = [SAML.AudienceRestriction(*[SAML.Audience(audience) for audience in audiences])] if audiences else []
    return SAML.Conditions(*restriction, NotBefore=at(now), NotOnOrAfter=at(now + timedelta(minutes=2)))


def authentication(now, provider, pair):
    """The statement of the authentication service: this person, who represents somebody."""
    acting = encrypt(persistent(PSEUDO, "00" * 32), pair, INTERMEDIARY_REGISTER)
    return Signer(pair).sign(
        SAML.Assertion(
            SAML.Issuer(AUTHENTICATION_SERVICE),
            SAML.Subject(
                transient(AUTHENTICATION_SERVICE),
                SAML.SubjectConfirmation(
                    SAML.SubjectConfirmationData(
                        InResponseTo=new_id(),
                        Recipient="https://broker.example/broker/acs/1.13",
                        NotOnOrAfter=at(now + timedelta(minutes=2)),
                    ),
                    Method="urn:oasis:names:tc:SAML:2.0:cm:bearer",
                ),
            ),
            conditions(now, BROKER, provider.entity_id, INTERMEDIARY_REGISTER),
            authn_statement(now, "loa3", "00000099000000020000"),
            SAML.AttributeStatement(
                plain("urn:etoegang:core:Representation", "true"),
                plain("urn:etoegang:core:AuthorizationRegistryID", INTERMEDIARY_REGISTER),
                SAML.Attribute(SAML.AttributeValue(acting), Name="urn:etoegang:core:ActingSubjectID"),
            ),
            ID=new_id(),
            Version="2.0",
            IssueInstant=at(now),
        )
    )


def permit(now, register, pair, previous, facts):
    """The statement of a register: an XACML decision, linked to the statement before it."""
    statement = ElementMaker(
        namespace=NS["saml"], nsmap={"saml": NS["saml"], "xsi": NS["xsi"], "xacml-saml": NS["xacml-saml"]}
    ).Statement(
        CONTEXT.Response(CONTEXT.Result(CONTEXT.Decision("Permit"))),
        CONTEXT.Request(
            CONTEXT.Subject(
                *[
                    CONTEXT.Attribute(CONTEXT.AttributeValue(value), AttributeId=name, DataType=kind, Issuer=register)
                    for name, kind, value in facts
                ]
            ),
            CONTEXT.Resource(),
            CONTEXT.Action(),
            CONTEXT.Environment(),
        ),
        {XSI_TYPE: "xacml-saml:XACMLAuthzDecisionStatementType"},
    )
    return Signer(pair).sign(
        SAML.Assertion(
            SAML.Issuer(register),
            SAML.Subject(transient(register)),
            conditions(now),
            SAML.Advice(SAML.AssertionIDRef(previous.get("ID"))),
            statement,
            ID=new_id(),
            Version="2.0",
            IssueInstant=at(now),
        )
    )


def linked(previous):
    value = "".join(previous.find(tag("ds:Signature")).findtext(tag("ds:SignatureValue")).split())
    return ("urn:etoegang:core:LinkedDeclarationSignatureValue", "http://www.w3.org/2001/XMLSchema#base64Binary", value)


def chain(now, provider, pairs):
    """The three statements of a login on behalf of a client; `pairs`: the keys of the three parties."""
    service_pair, intermediary_pair, client_pair = pairs
    first = authentication(now, provider, service_pair)
    to_register = encrypt(persistent(KVK, "90004566"), client_pair, CLIENT_REGISTER)
    second = permit(
        now,
        INTERMEDIARY_REGISTER,
        intermediary_pair,
        first,
        [
            linked(first),
            ("urn:etoegang:core:LegalSubjectID", ENCRYPTED_ID, to_register),
            (INTERMEDIARY_KVK, STRING, "90001354"),
        ],
    )
    to_provider = encrypt(persistent(KVK, "90004566"), provider.encryption, provider.entity_id)
    third = permit(
        now,
        CLIENT_REGISTER,
        client_pair,
        second,
        [linked(second), ("urn:etoegang:core:LegalSubjectID", ENCRYPTED_ID, to_provider)],
    )
    return tuple(etree.fromstring(etree.tostring(statement)) for statement in (first, second, third))
