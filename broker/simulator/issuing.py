"""The end of a login: the decision is taken once more, and only then signed and delivered, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.core import login as attempt
from broker.core.catalogue import Service
from broker.core.decision import Granted, grant
from broker.core.errors import LoginUnknown
from broker.core.links import ChainLink, DirectLink, Link
from broker.core.login import Login, Step
from broker.core.question import Question
from broker.core.refusals import DenialReason, Denied, explain
from broker.core.text import Language
from broker.rules.registration import encryption_certificates
from broker.saml import names, response, summary
from broker.saml.assertion import Confirmation, Window
from broker.saml.keys import Recipient
from broker.saml.metadata import ServiceProviderMetadata
from broker.saml.summary import Summary
from broker.simulator import answers, pending, pseudonyms, registers
from broker.simulator.answers import Delivery
from broker.simulator.authentication import received_statement
from broker.simulator.context import Simulator
from broker.simulator.dialects import Dialect
from broker.simulator.registers import Inquiry
from broker.simulator.representation import authenticated, question_of, why_refused
from broker.simulator.trust import untrusted
from broker.store import changes, register
from broker.store.database import Transaction

# Observed in the field: valid from five seconds before, so that a clock a little behind does not refuse it.
_EARLIER = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Refused:
    """The chosen organisation may not, or no longer, be acted for; the login stays where it was."""

    login: Login
    denied: Denied
    organisation: str | None


def issue(sim: Simulator, login_id: str, browser: str | None, token: str) -> Delivery | Refused:
    """Act on a posted choice. Raises `FlowError`, or `UntrustedMessage` for a token that we did not make and for a
    service provider whose metadata has expired.

    Private-key operations: the assertion, the Response, and one (direct) or two (chain) register statements.
    """
    moment = sim.clock()

    def step(tx: Transaction, login: Login) -> tuple[Login, Delivery | Refused]:
        attempt.require_step(login, Step.REPRESENT)
        link = register.reload_link(tx, sim.tokens.read(login, token))
        question = question_of(sim, tx, login, moment)
        if isinstance(question, Denied):
            return _refused(login, question, link, moment)
        decided = grant(question, link)
        if isinstance(decided, Denied):
            return _refused(login, decided, link, moment)
        delivery = _deliver(sim, tx, login, question, decided, moment)
        if isinstance(delivery, Denied):
            return _refused(login, delivery, link, moment)
        changes.record_use(tx, question.in_use.person, question.day)
        return attempt.answer(login, "granted", _versions(decided.candidate.link), moment), delivery

    return pending.change_owned(sim, login_id, browser, step)


def cancel(sim: Simulator, login_id: str, browser: str | None, *, refused_in: Language | None = None) -> Delivery:
    """The person stops: Responder/AuthnFailed for the service provider. One private-key operation.

    `refused_in` is the language of the page that told the person that they may not log in, when they go back from
    there: the service provider is then told the same, if it is so.
    """
    moment = sim.clock()

    def step(tx: Transaction, login: Login) -> tuple[Login, Delivery]:
        if refused_in and (reason := why_refused(sim, tx, login, moment)):
            text = f"{reason.value}: {explain(reason).reason.in_language(refused_in)}"
            answered = attempt.answer(login, "refused", reason.value, moment)
        else:
            text, answered = sim.cancel_text, attempt.answer(login, "cancelled", "", moment)
        return answered, answers.refuse(sim, tx, login.asked.addressed, response.authn_failed(text))

    return pending.change_owned(sim, login_id, browser, step)


def _refused(login: Login, denied: Denied, link: Link | None, moment: datetime) -> tuple[Login, Refused]:
    noted = attempt.note(login, "denied", denied.reason.value, moment)
    return noted, Refused(noted, denied, link.organisation.statutory_name if link else None)


def _versions(link: Link) -> str:
    """Which mandates, in which version, the login rests on."""
    if isinstance(link, ChainLink):
        return (
            f"coupling {link.coupling.id} v{link.coupling.version}, mandate {link.mandate.id} v{link.mandate.version}"
        )
    return f"mandate {link.mandate.id} v{link.mandate.version}"


def _deliver(
    sim: Simulator, tx: Transaction, login: Login, question: Question, granted: Granted, moment: datetime
) -> Delivery | Denied:
    addressed, proven = login.asked.addressed, authenticated(login)
    with untrusted():
        sender = sim.service_providers.find(tx, addressed.service_provider, moment)
    if sender is None:
        raise LoginUnknown("the service provider is no longer registered")
    encrypted_for = recipient(sim, sender, question.service)
    if encrypted_for is None:
        return Denied(DenialReason.NO_ENCRYPTION_CERTIFICATE)
    link = granted.candidate.link
    pseudonym = pseudonyms.specific_pseudonym(
        sim.pseudonym_secret,
        question.service.provider_oin,
        question.in_use.means.internal_pseudonym,
        link,
        sim.pseudonym_scope,
    )
    stated = registers.state(
        Inquiry(
            question=question,
            granted=granted,
            asked=login.asked,
            authentication=received_statement(proven),
            acting_pseudonym=pseudonym,
            service_provider=encrypted_for,
            broker=sim.entity_id,
            moment=moment,
            ids=sim.ids,
        ),
        sim.intermediary_register,
        sim.client_register,
    )
    end = moment + sim.lifetimes.assertion
    dialect = sim.dialects.of(addressed.service_provider)
    statement = summary.write(
        Summary(
            id=sim.ids.message_id(),
            issuer=sim.entity_id,
            moment=moment,
            transient=proven.transient,
            authentication_service=proven.authentication_service,
            confirmation=Confirmation(addressed.request_id, addressed.consumer_location, end),
            window=Window(moment - _EARLIER, end),
            audience=addressed.service_provider,
            level=granted.candidate.effective_level,
            session_index=sim.ids.message_id(),
            plain=_plain_attributes(question.service, granted, dialect),
            encrypted_ids={
                names.ACTING_SUBJECT_ID: (stated.acting_subject,),
                names.LEGAL_SUBJECT_ID: stated.legal_subjects,
            },
            encrypted_attributes=stated.intermediary_attributes if dialect.intermediary_name == "encrypted" else (),
            advice=stated.advice,
        ),
        sim.signing,
    )
    return answers.deliver(sim, tx, addressed, response.SUCCESS, (statement.element,))


def recipient(sim: Simulator, sender: ServiceProviderMetadata, service: Service) -> Recipient | None:
    """For whom identifiers are encrypted; None when catalogue and metadata no longer have a certificate for it."""
    certificates = encryption_certificates(sim.service_certificates.get(service.service_id, ()), sender)
    return Recipient(sender.entity_id, certificates[0]) if certificates else None


def _plain_attributes(service: Service, granted: Granted, dialect: Dialect) -> dict[str, Sequence[str]]:
    link = granted.candidate.link
    plain: dict[str, Sequence[str]] = {
        # At a portal these are the services behind it, and ServiceUUID stays that of the portal (etd Portal).
        names.SERVICE_ID: tuple(item.service_id for item in granted.services),
        names.SERVICE_UUID: (service.instance_uuid,),
    }
    if isinstance(link, ChainLink):
        plain[names.INTERMEDIATE_KVK_NUMBER] = (link.intermediary.kvk_number,)
        if dialect.intermediary_name == "plain":
            plain[names.INTERMEDIATE_COMPANY_NAME] = (link.intermediary.statutory_name,)
    elif isinstance(link, DirectLink) and link.mandate.branch is not None:
        plain[names.RESTRICTION_BRANCH] = (link.mandate.branch,)
    return plain
