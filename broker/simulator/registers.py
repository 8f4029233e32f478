"""The two mandate registers: one engine of mandates, two parties that each sign for their own link.

The intermediary's register (MR1) states that this person may act for the intermediary and which client was chosen;
the client's register (MR2) confirms that the intermediary may act for that client. A direct mandate is stated by MR1
alone. etd HM-MR and chain authorisation; who encrypts what for whom: etd SAML encryption.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from broker.core.decision import Granted, LegalSubjectId
from broker.core.identifiers import IdentifierType
from broker.core.ids import Ids
from broker.core.links import ChainLink, DirectLink
from broker.core.login import Asked
from broker.core.question import Question
from broker.saml import encryption, levels, names, register_statement
from broker.saml.assertion import Statement, Window
from broker.saml.attributes import name_id, named_attribute
from broker.saml.keys import DecryptionKey, Recipient, SigningKey
from broker.saml.register_statement import RegisterStatement

_LIFE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Register:
    """A register as a party: its EntityID and keys, and itself as recipient of encrypted subjects."""

    entity_id: str
    signing: SigningKey
    decryption: DecryptionKey

    @property
    def recipient(self) -> Recipient:
        """For whom to encrypt when the register must be able to read it."""
        return Recipient(self.entity_id, self.decryption.certificate)


@dataclass(frozen=True, slots=True)
class Statements:
    """The signed statements of the registers, and what of them the summary repeats for the service provider."""

    advice: tuple[Statement, ...]
    acting_subject: etree._Element
    legal_subjects: tuple[etree._Element, ...]
    intermediary_attributes: tuple[etree._Element, ...]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What the broker asks the registers: on which question, decided how, for which service provider."""

    question: Question
    granted: Granted
    asked: Asked
    authentication: Statement
    acting_pseudonym: str
    service_provider: Recipient
    broker: str
    moment: datetime
    ids: Ids


def state(inquiry: Inquiry, intermediary: Register, client: Register) -> Statements:
    """The statements for one granted link: one private-key operation for a direct mandate, two for a chain."""
    link = inquiry.granted.candidate.link
    if isinstance(link, ChainLink):
        return _chain(inquiry, link, intermediary, client)
    return _direct(inquiry, link, intermediary)


def _direct(inquiry: Inquiry, link: DirectLink, register: Register) -> Statements:
    acting, subjects = _acting_subject(inquiry), _legal_subjects(inquiry, inquiry.service_provider)
    branch = {} if link.mandate.branch is None else {names.RESTRICTION_BRANCH: str(link.mandate.branch)}
    facts = {
        **_service_facts(inquiry),
        names.LEVEL_OF_ASSURANCE_USED: levels.urn(link.mandate.level),
        IdentifierType.KVK_NUMBER.value: str(link.organisation.kvk_number),
        **branch,
    }
    statement = register_statement.write(
        RegisterStatement(
            id=inquiry.ids.message_id(),
            issuer=register.entity_id,
            moment=inquiry.moment,
            transient=inquiry.ids.transient(),
            window=_window(inquiry),
            previous=inquiry.authentication,
            broker=inquiry.broker,
            requested_level=levels.urn(inquiry.asked.level),
            service_ids=[str(service.service_id) for service in inquiry.granted.services],
            encrypted_subjects={names.ACTING_SUBJECT_ID: (acting,), names.LEGAL_SUBJECT_ID: subjects},
            facts=facts,
            acting_entity=inquiry.acting_pseudonym,
        ),
        register.signing,
    )
    return Statements((inquiry.authentication, statement), acting, tuple(subjects), ())


def _chain(inquiry: Inquiry, link: ChainLink, intermediary: Register, client: Register) -> Statements:
    acting = _acting_subject(inquiry)
    kvk_number = LegalSubjectId(IdentifierType.KVK_NUMBER, str(link.client.kvk_number))
    company = encryption.encrypt(
        named_attribute(names.INTERMEDIATE_COMPANY_NAME, link.intermediary.statutory_name),
        inquiry.service_provider,
        inquiry.ids.message_id(),
        "EncryptedAttribute",
    )
    first = register_statement.write(
        RegisterStatement(
            id=inquiry.ids.message_id(),
            issuer=intermediary.entity_id,
            moment=inquiry.moment,
            transient=inquiry.ids.transient(),
            window=_window(inquiry),
            previous=inquiry.authentication,
            broker=inquiry.broker,
            requested_level=levels.urn(inquiry.asked.level),
            service_ids=[str(service.service_id) for service in inquiry.granted.services],
            encrypted_subjects={
                names.ACTING_SUBJECT_ID: (acting,),
                # For the client's register only: it adds the kinds of identifier that the service provider asked.
                names.LEGAL_SUBJECT_ID: (_encrypted(inquiry, kvk_number, client.recipient),),
            },
            facts={
                **_service_facts(inquiry),
                names.LEVEL_OF_ASSURANCE_USED: levels.urn(link.coupling.level),
                names.INTERMEDIATE_KVK_NUMBER: str(link.intermediary.kvk_number),
            },
            acting_entity=inquiry.acting_pseudonym,
            next_register=client.entity_id,
            encrypted_attributes=(company,),
        ),
        intermediary.signing,
    )
    subjects = _legal_subjects(inquiry, inquiry.service_provider)
    second = register_statement.write(
        RegisterStatement(
            id=inquiry.ids.message_id(),
            issuer=client.entity_id,
            moment=inquiry.moment,
            transient=inquiry.ids.transient(),
            window=_window(inquiry),
            previous=first,
            broker=inquiry.broker,
            requested_level=levels.urn(inquiry.asked.level),
            service_ids=[str(service.service_id) for service in inquiry.granted.services],
            encrypted_subjects={names.LEGAL_SUBJECT_ID: subjects},
            facts={
                **_service_facts(inquiry),
                names.LEVEL_OF_ASSURANCE_USED: levels.urn(link.mandate.level),
                IdentifierType.KVK_NUMBER.value: str(link.client.kvk_number),
                names.INTERMEDIATE_KVK_NUMBER: str(link.intermediary.kvk_number),
            },
        ),
        client.signing,
    )
    return Statements((inquiry.authentication, first, second), acting, tuple(subjects), (company,))


def _acting_subject(inquiry: Inquiry) -> etree._Element:
    pseudonym = LegalSubjectId(IdentifierType.PSEUDO, inquiry.acting_pseudonym)
    return _encrypted(inquiry, pseudonym, inquiry.service_provider)


def _legal_subjects(inquiry: Inquiry, recipient: Recipient) -> Sequence[etree._Element]:
    return [_encrypted(inquiry, identifier, recipient) for identifier in inquiry.granted.identifiers]


def _encrypted(inquiry: Inquiry, identifier: LegalSubjectId, recipient: Recipient) -> etree._Element:
    plain = name_id(identifier.type.value, identifier.value)
    return encryption.encrypt(plain, recipient, inquiry.ids.message_id(), "EncryptedID")


def _service_facts(inquiry: Inquiry) -> dict[str, str]:
    return {names.SERVICE_UUID: str(inquiry.question.service.instance_uuid)}


def _window(inquiry: Inquiry) -> Window:
    return Window(inquiry.moment, inquiry.moment + _LIFE)
