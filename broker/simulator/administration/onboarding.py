"""An organisation becomes an intermediary (M-32, M-33), and requests for a quote (M-42). Raises `ChangeRefused`."""

from dataclasses import dataclass

from broker.core.administration.actors import Actor, ActorKind, rule
from broker.core.administration.events import changed
from broker.core.administration.letters import write
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import Addressee, Facts, LinkTarget, MailKind
from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.onboarding import Onboarding, came_in, introduced
from broker.core.administration.permissions import require_manager
from broker.core.identifiers import KvkNumber
from broker.core.text import Language
from broker.simulator.administration import checking
from broker.simulator.administration.recording import change, moment_of
from broker.simulator.context import Simulator
from broker.store.administration import events, mails, onboardings
from broker.store.administration.onboardings import QuoteRequest
from broker.store.database import Transaction

_APPLICATION = rule("aanmelding als intermediair")


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody fills in who wants to work with chain mandates."""

    number: KvkNumber
    applicant: str
    email: str
    language: Language


def apply(sim: Simulator, asked: Application) -> Onboarding:
    """Take an application, check it with KVK, and mail the introduction; who applied before gets no second mail."""
    extract = checking.required(checking.ask(sim, asked.number), asked.number)

    def work(tx: Transaction, now: Moment) -> Onboarding:
        organisation = checking.keep_organisation(tx, extract)
        known = onboardings.find(tx, organisation.id)
        if known is not None:
            return known
        checking.record(tx, sim, organisation, extract, now)
        applied = Onboarding(organisation.id, asked.applicant, asked.email, asked.language, now.at)
        _store(tx, None, applied, "applied", _APPLICATION, now)
        mail = write(
            MailKind.INTRODUCTION,
            Addressee(asked.email, asked.applicant, asked.language),
            Facts(intermediary=organisation.statutory_name),
            now.at,
            occasion=organisation.id,
            link=LinkTarget.MODULE,
        )
        mails.queue(tx, [mail])
        after = introduced(applied, now.at)
        _store(tx, applied, after, "introduced", _APPLICATION, now)
        return after

    return change(sim, work)


def entered(sim: Simulator, actor: Actor) -> None:
    """A manager came in: whose organisation was introduced has its module active from now on."""
    if actor.kind is not ActorKind.MANAGER or actor.organisation_id is None:
        return
    try:
        own = require_manager(actor, sim.register_policy)
    except ChangeRefused:  # at a lower level there is nothing to do with chain mandates
        return
    moment = moment_of(sim).at
    known = sim.store.read(lambda tx: onboardings.find(tx, own))
    if known is None or came_in(known, moment) == known:
        return

    def work(tx: Transaction, now: Moment) -> None:
        before = onboardings.find(tx, own)
        after = came_in(before, now.at) if before else None
        if before is not None and after is not None and after != before:
            _store(tx, before, after, "activated", actor, now)

    change(sim, work)


def ask_quote(sim: Simulator, name: str, email: str, clients: int, remark: str) -> QuoteRequest:
    """Keep a request for a quote."""

    def work(tx: Transaction, now: Moment) -> QuoteRequest:
        new = QuoteRequest(sim.ids.token(), name, email, clients, remark, now.at)
        onboardings.add_quote_request(tx, new)
        return new

    return change(sim, work)


@dataclass(frozen=True, slots=True)
class Quotes:
    """A page of the requests for a quote, newest first, and how many there are."""

    requests: tuple[QuoteRequest, ...]
    total: int


def quotes(sim: Simulator, offset: int, most: int) -> Quotes:
    """Requests for a quote, for the operator to look at."""

    def look(tx: Transaction) -> Quotes:
        found = onboardings.page_of_quote_requests(tx, offset=offset, most=most)
        return Quotes(found, onboardings.count_quote_requests(tx))

    return sim.store.read(look)


def _store(tx: Transaction, before: Onboarding | None, after: Onboarding, verb: str, actor: Actor, now: Moment) -> None:
    onboardings.put(tx, after)
    happened = changed(
        f"onboarding.{verb}",
        actor,
        now.at,
        about=(after.organisation_id,),
        before=before,
        after=after,
        object_id=after.organisation_id,
    )
    events.append(tx, [happened])
