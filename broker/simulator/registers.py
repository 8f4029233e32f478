"""The two mandate registers: one engine of mandates, two parties that each sign for their own link.

The intermediary's register (MR1) states that this person may act for the intermediary and which client was chosen;
the client's register (MR2) confirms that the intermediary may act for that client. A direct mandate is stated by MR1
alone. etd HM-MR and chain authorisation; who encrypts what for whom: etd SAML encryption.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from broker.core.decision import Granted
from broker.core.identifiers import IdentifierType
from broker.core.ids import Ids
from broker.core.links import ChainLink, DirectLink
from broker.core.login import Asked
from broker.core.organisations import Organisation
from broker.core.question import Question
from broker.saml import encryption, levels, names, register_statement
from broker.saml.assertion import Statement, Window
from broker.saml.attributes import name_id, named_attribute
from broker.saml.keys import DecryptionKey, Recipient, SigningKey
from broker.saml.outcome import Intermediary, Sealed
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

    evidence: tuple[Statement, ...]
    acting: Sealed
    legal: tuple[Sealed, ...]
    requested: tuple[Sealed, ...]
    intermediary: Intermediary | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What the broker asks the registers: on which question, decided how, for which service provider.

    `intermediary_subject`: whether the service provider gets IntermediateSubjectID, which only older text knows.
    """

    question: Question
    granted: Granted
    asked: Asked
    authentication: Statement
    acting_pseudonym: str
    service_provider: Recipient
    broker: str
    moment: datetime
    ids: Ids
    intermediary_subject: bool = False


def state(inquiry: Inquiry, intermediary: Register, client: Register) -> Statements:
    """The statements for one granted link: one private-key operation for a direct mandate, two for a chain."""
    link = inquiry.granted.candidate.link
    if isinstance(link, ChainLink):
        return _chain(inquiry, link, intermediary, client)
    return _direct(inquiry, link, intermediary)


def _direct(inquiry: Inquiry, link: DirectLink, register: Register) -> Statements:
    acting, legal, requested = _acting(inquiry), _legal(inquiry), _requested(inquiry)
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
            encrypted_subjects={
                names.ACTING_SUBJECT_ID: (acting.encrypted,),
                names.LEGAL_SUBJECT_ID: _encrypted(legal),
            },
            facts=facts,
            acting_entity=inquiry.acting_pseudonym,
            encrypted_attributes=_encrypted(requested),
        ),
        register.signing,
    )
    return Statements((inquiry.authentication, statement), acting, legal, requested)


def _chain(inquiry: Inquiry, link: ChainLink, intermediary: Register, client: Register) -> Statements:
    acting = _acting(inquiry)
    company = _sealed_attribute(inquiry, names.INTERMEDIATE_COMPANY_NAME, link.intermediary.statutory_name)
    subject = _intermediary_subject(inquiry, link, client)
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
                names.ACTING_SUBJECT_ID: (acting.encrypted,),
                # For the client's register only: it adds the kinds of identifier that the service provider asked.
                names.LEGAL_SUBJECT_ID: (_kvk_number(inquiry, link.client, client.recipient),),
                **({names.INTERMEDIATE_SUBJECT_ID: subject} if subject else {}),
            },
            facts={
                **_service_facts(inquiry),
                names.LEVEL_OF_ASSURANCE_USED: levels.urn(link.coupling.level),
                names.INTERMEDIATE_KVK_NUMBER: str(link.intermediary.kvk_number),
            },
            acting_entity=inquiry.acting_pseudonym,
            next_register=client.entity_id,
            encrypted_attributes=(company.encrypted,),
        ),
        intermediary.signing,
    )
    legal, requested = _legal(inquiry), _requested(inquiry)
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
            encrypted_subjects={names.LEGAL_SUBJECT_ID: _encrypted(legal)},
            facts={
                **_service_facts(inquiry),
                names.LEVEL_OF_ASSURANCE_USED: levels.urn(link.mandate.level),
                IdentifierType.KVK_NUMBER.value: str(link.client.kvk_number),
                names.INTERMEDIATE_KVK_NUMBER: str(link.intermediary.kvk_number),
            },
            encrypted_attributes=_encrypted(requested),
        ),
        client.signing,
    )
    stated = _intermediary(link.intermediary, company, subject)
    return Statements((inquiry.authentication, first, second), acting, legal, requested, stated)


def seal(ids: Ids, recipient: Recipient, kind: str, value: str) -> etree._Element:
    """An EncryptedID of this kind for `recipient`. One public-key operation."""
    return encryption.encrypt(name_id(kind, value), recipient, ids.message_id(), "EncryptedID")


def _acting(inquiry: Inquiry) -> Sealed:
    return _sealed(inquiry, IdentifierType.PSEUDO, inquiry.acting_pseudonym)


def _legal(inquiry: Inquiry) -> tuple[Sealed, ...]:
    return tuple(_sealed(inquiry, item.type, item.value) for item in inquiry.granted.identifiers)


def _requested(inquiry: Inquiry) -> tuple[Sealed, ...]:
    return tuple(_sealed_attribute(inquiry, item.name, item.value) for item in inquiry.granted.attributes)


def _intermediary_subject(inquiry: Inquiry, link: ChainLink, client: Register) -> tuple[etree._Element, ...]:
    """The intermediary for the client's register and for the service provider, one value each."""
    if not inquiry.intermediary_subject:
        return ()
    recipients = (client.recipient, inquiry.service_provider)
    return tuple(_kvk_number(inquiry, link.intermediary, recipient) for recipient in recipients)


def _intermediary(organisation: Organisation, name: Sealed, subject: tuple[etree._Element, ...]) -> Intermediary:
    return Intermediary(organisation.kvk_number, organisation.rsin, name, subject[-1] if subject else None)


def _kvk_number(inquiry: Inquiry, organisation: Organisation, recipient: Recipient) -> etree._Element:
    return seal(inquiry.ids, recipient, IdentifierType.KVK_NUMBER.value, organisation.kvk_number)


def _sealed(inquiry: Inquiry, kind: IdentifierType, value: str) -> Sealed:
    return Sealed(kind.value, value, seal(inquiry.ids, inquiry.service_provider, kind.value, value))


def _sealed_attribute(inquiry: Inquiry, name: str, value: str) -> Sealed:
    # XML ids relate to the name of the attribute (etd EncryptedAttribute).
    reference = f"{name.rpartition(':')[2]}{inquiry.ids.message_id()}"
    plain = named_attribute(name, value)
    return Sealed(name, value, encryption.encrypt(plain, inquiry.service_provider, reference, "EncryptedAttribute"))


def _encrypted(sealed: tuple[Sealed, ...]) -> list[etree._Element]:
    return [item.encrypted for item in sealed]


def _service_facts(inquiry: Inquiry) -> dict[str, str]:
    return {names.SERVICE_UUID: str(inquiry.question.service.instance_uuid)}


def _window(inquiry: Inquiry) -> Window:
    return Window(inquiry.moment, inquiry.moment + _LIFE)
