"""The signed answer to the broker: a statement about a person, or that they stopped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from broker.core.identifiers import oin_of_entity
from broker.core.ids import Ids
from broker.saml import authentication_statement, encryption, names, response, signature
from broker.saml.assertion import VALUE_PREFIXES, Confirmation, Window
from broker.saml.attributes import name_id
from broker.saml.authentication_statement import Authentication
from broker.saml.keys import Recipient, SigningKey
from broker.saml.response import Response, Status
from idp_stub.accounts import Means
from idp_stub.questions import Question

_LIFE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who answers: the stub's EntityID and key, and the register that may read who it is about."""

    entity_id: str
    signing: SigningKey
    register: Recipient


def authenticated(issuer: Issuer, question: Question, means: Means, moment: datetime, ids: Ids) -> etree._Element:
    """A signed Response with the signed statement about the holder of `means` (etd HM-AD)."""
    pseudonym = name_id(issuer.entity_id, means.internal_pseudonym)
    statement = authentication_statement.write(
        Authentication(
            id=ids.message_id(),
            issuer=issuer.entity_id,
            moment=moment,
            transient=ids.transient(),
            confirmation=Confirmation(question.request_id, question.consumer, moment + _LIFE),
            window=Window(moment, moment + _LIFE),
            audiences=(question.broker, question.service_provider, issuer.register.entity_id),
            level=means.level,
            authority_oin=oin_of_entity(issuer.entity_id) or issuer.entity_id,
            service_uuid=question.service_uuid,
            register=issuer.register.entity_id,
            acting_subject=encryption.encrypt(pseudonym, issuer.register, ids.message_id(), "EncryptedID"),
        ),
        issuer.signing,
    )
    return _answer(issuer, question, response.SUCCESS, (statement.element,), moment, ids)


def subject_of(answer: etree._Element) -> str:
    """The transient subject of an answer that `authenticated` made."""
    path = f"{{{names.SAML}}}Assertion/{{{names.SAML}}}Subject/{{{names.SAML}}}NameID"
    return str(answer.findtext(path))


def cancelled(issuer: Issuer, question: Question, moment: datetime, ids: Ids) -> etree._Element:
    """A signed Response Responder/AuthnFailed without a statement."""
    return _answer(issuer, question, response.authn_failed("Authentication cancelled"), (), moment, ids)


def _answer(
    issuer: Issuer,
    question: Question,
    status: Status,
    assertions: tuple[etree._Element, ...],
    moment: datetime,
    ids: Ids,
) -> etree._Element:
    message = response.write(
        Response(
            id=ids.message_id(),
            version=names.VERSION,
            issue_instant=moment,
            issuer=issuer.entity_id,
            in_response_to=question.request_id,
            destination=question.consumer,
            status=status,
            assertions=assertions,
        )
    )
    signature.sign(message, issuer.signing, prefixes=VALUE_PREFIXES if assertions else ())
    return message
