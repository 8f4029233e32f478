"""The end of a login: the decision is taken once more, and only then signed and delivered, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from broker.core import login as attempt
from broker.core.catalogue import Service
from broker.core.decision import Granted, grant
from broker.core.errors import LoginUnknown
from broker.core.explanations import explain
from broker.core.grounds import facts_of
from broker.core.ids import Ids
from broker.core.links import ChainLink, DirectLink, Link, LinkReference
from broker.core.login import Addressed, Login, Step
from broker.core.question import Question
from broker.core.refusals import DenialReason, Denied
from broker.core.script import as_registered
from broker.core.text import Language
from broker.rules.registration import encryption_certificates
from broker.saml import response, summary
from broker.saml.assertion import Confirmation, Window
from broker.saml.dialects import Dialect
from broker.saml.keys import Recipient
from broker.saml.metadata import ServiceProviderMetadata
from broker.saml.outcome import Outcome
from broker.saml.response import Status
from broker.simulator import answers, pending, pseudonyms, registers
from broker.simulator.answers import Delivery
from broker.simulator.audit import recording
from broker.simulator.authentication import received_statement
from broker.simulator.context import Simulator
from broker.simulator.control import oracle
from broker.simulator.registers import Inquiry, Statements
from broker.simulator.representation import authenticated, question_of, why_refused
from broker.simulator.trust import untrusted
from broker.store import changes, register, sessions, shortcuts
from broker.store.database import Transaction
from broker.store.sessions import KnownSession

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
    return _issue(sim, login_id, browser, lambda login: sim.tokens.read(login, token))


def issue_over(sim: Simulator, login_id: str, browser: str | None, chosen: LinkReference | None) -> Delivery | Refused:
    """The same for what a script chose; None when there is nothing to choose."""
    return _issue(sim, login_id, browser, lambda _: chosen)


def _issue(
    sim: Simulator, login_id: str, browser: str | None, chosen: Callable[[Login], LinkReference | None]
) -> Delivery | Refused:
    moment = sim.clock()

    def step(tx: Transaction, login: Login) -> tuple[Login, Delivery | Refused]:
        attempt.require_step(login, Step.REPRESENT)
        reference = chosen(login)
        link = register.reload_link(tx, reference) if reference else None
        question = question_of(sim, tx, login, moment)
        if isinstance(question, Denied):
            return _refused(login, question, link, moment)
        link = as_registered(link, login.script.refused if login.script else None, question.day)
        decided = grant(question, link)
        facts = facts_of(question, link)
        if isinstance(decided, Denied):
            return _refused(login, decided, link, moment, facts)
        delivery = _deliver(sim, tx, login, question, decided, moment)
        if isinstance(delivery, Denied):
            return _refused(login, delivery, link, moment, facts)
        changes.record_use(tx, question.in_use.person, question.day)
        shortcuts.remember_use(tx, question.in_use.person.id, decided.candidate.entry, moment)
        return attempt.answer(login, "granted", _versions(decided.candidate.link), moment, facts), delivery

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
            status = replace(sim.statuses.cancelled, message=text)
            answered = attempt.answer(login, "refused", reason.value, moment)
        else:
            status, answered = sim.statuses.cancelled, attempt.answer(login, "cancelled", "", moment)
        return answered, answers.refuse(sim, tx, login.id, login.asked.addressed, status)

    return pending.change_owned(sim, login_id, browser, step)


def end(sim: Simulator, login_id: str, browser: str | None, why: str, status: Status) -> Delivery:
    """The login ends without an assertion: `status` for the service provider. One private-key operation.

    `why` is for the login's history. Raises `FlowError`.
    """
    moment = sim.clock()

    def step(tx: Transaction, login: Login) -> tuple[Login, Delivery]:
        answered = attempt.answer(login, why, "", moment)
        return answered, answers.refuse(sim, tx, login.id, login.asked.addressed, status)

    return pending.change_owned(sim, login_id, browser, step)


def _refused(
    login: Login, denied: Denied, link: Link | None, moment: datetime, facts: dict[str, Any] | None = None
) -> tuple[Login, Refused]:
    noted = attempt.note(login, "denied", denied.reason.value, moment, facts)
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
    to = _recipient(sim, sender, question.service, moment)
    if to is None:
        return Denied(DenialReason.NO_ENCRYPTION_CERTIFICATE)
    link, dialect = granted.candidate.link, _dialect(sim, addressed)
    ids = sim.ids.within(login.id, "decision", str(len(login.history)))
    stated = _stated(sim, ids, login, question, granted, to)
    recording.keep_statements(sim, tx, login.id, moment, stated.evidence[1:])
    end = moment + sim.lifetimes.assertion
    outcome = Outcome(
        id=ids.message_id(),
        issuer=sim.entity_id,
        moment=moment,
        audience=addressed.service_provider,
        confirmation=Confirmation(addressed.request_id, addressed.consumer_location, end),
        window=Window(moment - _EARLIER, end),
        level=granted.candidate.effective_level,
        authentication_service=proven.authentication_service,
        transient=proven.transient,
        session_index=ids.message_id(),
        # At a portal these are the services behind it, and ServiceUUID stays that of the portal (etd Portal).
        service_ids=tuple(item.service_id for item in granted.services),
        service_uuid=question.service.instance_uuid,
        register=sim.intermediary_register.entity_id,
        acting=stated.acting,
        legal=stated.legal,
        organisation=link.organisation.statutory_name,
        branch=link.mandate.branch if isinstance(link, DirectLink) else None,
        intermediary=stated.intermediary,
        requested=stated.requested,
        evidence=stated.evidence,
    )
    oracle.keep(sim, tx, login.id, outcome, dialect)
    statement = summary.write(outcome, dialect, partial(registers.seal, ids, to), sim.signing)
    came_from = KnownSession(proven.authentication_service, proven.transient, login.id)
    told = dialect.subject(outcome).value
    sessions.put(tx, addressed.service_provider, told, came_from, moment + sim.lifetimes.session)
    return answers.deliver(sim, tx, login.id, addressed, response.SUCCESS, (statement.element,))


def _stated(sim: Simulator, ids: Ids, login: Login, question: Question, granted: Granted, to: Recipient) -> Statements:
    """What the registers state. Private-key operations: one for a direct mandate, two for a chain."""
    pseudonym = pseudonyms.specific_pseudonym(
        sim.pseudonym_secret,
        question.service.provider_oin,
        question.in_use.means.internal_pseudonym,
        granted.candidate.link,
        sim.pseudonym_scope,
    )
    return registers.state(
        Inquiry(
            question=question,
            granted=granted,
            asked=login.asked,
            authentication=received_statement(authenticated(login)),
            acting_pseudonym=pseudonym,
            service_provider=to,
            broker=sim.entity_id,
            moment=question.moment,
            ids=ids,
            intermediary_subject=_dialect(sim, login.asked.addressed).intermediary_subject,
        ),
        sim.intermediary_register,
        sim.client_register,
    )


def _dialect(sim: Simulator, addressed: Addressed) -> Dialect:
    return sim.dialects.of(addressed.service_provider, addressed.version)


def _recipient(sim: Simulator, sender: ServiceProviderMetadata, service: Service, moment: datetime) -> Recipient | None:
    """For whom identifiers are encrypted; None when catalogue and metadata no longer have a certificate for it.

    Of several certificates it is the first that is valid now, or else the first.
    """
    certificates = encryption_certificates(sim.service_certificates.get(service.service_id, ()), sender)
    usable = [item for item in certificates if item.valid_at(moment)]
    return next((Recipient(sender.entity_id, item) for item in (*usable, *certificates)), None)
