"""An intermediary asks a client for a chain mandate, or to renew one (M-30, M-31). All raise `ChangeRefused`."""

from dataclasses import dataclass
from datetime import date

from broker.core.administration import invitations as rules
from broker.core.administration.actors import Actor
from broker.core.administration.dossiers import Priority
from broker.core.administration.invitations import Invitation, InvitationStatus, Invited
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import LinkTarget
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import Action, permit, require_manager
from broker.core.administration.relations import Relation
from broker.core.administration.trade_register import Extract
from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import KvkNumber
from broker.core.organisations import Organisation
from broker.core.scope import Scope
from broker.core.text import Language
from broker.simulator.administration import checking
from broker.simulator.administration.granting import own_organisation, require_known
from broker.simulator.administration.links import token
from broker.simulator.administration.recording import change, moment_of, own_mandate, store_invitation
from broker.simulator.administration.wording import facts_of_invitation, letter_of
from broker.simulator.context import Simulator
from broker.store.administration import filed, invitations, mails, organisations, relations
from broker.store.administration.invitations import Wanted
from broker.store.database import Transaction

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Request:
    """What a manager of the intermediary fills in."""

    number: KvkNumber
    email: str
    contact: str
    scope: Scope
    level: AssuranceLevel
    valid_until: date
    language: Language = "nl"
    priority: Priority = Priority.NORMAL
    reference: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The client as KVK has it. `advises_urgent`: somebody who signs lives abroad (M-44)."""

    extract: Extract
    advises_urgent: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """An invitation in a list, with its client and its status now."""

    invitation: Invitation
    client: Organisation
    status: InvitationStatus


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """A page of invitations, and how many there are on all pages together."""

    invitations: tuple[Listed, ...]
    total: int


def look_up(sim: Simulator, actor: Actor, number: KvkNumber) -> LookedUp:
    """What KVK tells of the client, for the person to confirm."""
    if own_organisation(sim, actor).kvk_number == number:
        raise ChangeRefused(Obstacle.OWN_ORGANISATION, number)
    extract = checking.required(checking.ask(sim, number), number)
    today = moment_of(sim).today
    abroad = any(one.lives_abroad and one.is_in_office(today) for one in extract.representatives)
    return LookedUp(extract, advises_urgent=abroad)


def invite(sim: Simulator, actor: Actor, asked: Request) -> Invitation:
    """Invite a client by mail; it becomes a relation if it is none yet."""
    extract = look_up(sim, actor, asked.number).extract
    require_known(sim.catalogue, asked.scope)

    def work(tx: Transaction, now: Moment) -> Invitation:
        client = checking.keep_organisation(tx, extract)
        wanted = Invited(
            client_id=client.id,
            email=asked.email,
            contact=asked.contact,
            scope=asked.scope,
            level=asked.level,
            valid_until=asked.valid_until,
            language=asked.language,
            priority=asked.priority,
            reference=asked.reference,
        )
        made = _made(sim, actor, wanted, now)
        there = filed.same_scope(tx, client.id, made.intermediary_id, made.scope, now.today)
        if there is not None:
            raise ChangeRefused(Obstacle.ALREADY_THERE, there)
        return _send(tx, sim, made, actor, now)

    return change(sim, work)


def ask_renewal(sim: Simulator, actor: Actor, mandate_id: str, until: date, email: str, contact: str) -> Invitation:
    """Ask a client to renew a mandate, in place while it lasts, else by a new one with the same scope."""

    def work(tx: Transaction, now: Moment) -> Invitation:
        mandate = own_mandate(tx, actor, mandate_id).mandate
        permit(actor, Action.RENEW, mandate.grantor_id, mandate.intermediary_id, mandate.origin, now.policy)
        if until <= mandate.validity.valid_until:
            raise ChangeRefused(Obstacle.PERIOD_IN_THE_PAST, str(until))
        wanted = Invited(
            client_id=mandate.grantor_id,
            email=email,
            contact=contact,
            scope=mandate.scope,
            level=mandate.level,
            valid_until=until,
            renews=mandate.id,
        )
        return _send(tx, sim, _made(sim, actor, wanted, now), actor, now)

    return change(sim, work)


def cancel(sim: Simulator, actor: Actor, invitation_id: str, reason: str, version: int | None = None) -> Invitation:
    """Take an invitation back before it is answered; its link no longer works."""

    def work(tx: Transaction, now: Moment) -> Invitation:
        before = own_invitation(tx, actor, invitation_id, version)
        return store_invitation(tx, before, rules.cancel(before, actor, now, reason), "cancelled", actor=actor, now=now)

    return change(sim, work)


def send_again(
    sim: Simulator, actor: Actor, invitation_id: str, email: str | None = None, version: int | None = None
) -> Invitation:
    """Send the mail once more, to another address if one is given; the link to the old address no longer works then."""

    def work(tx: Transaction, now: Moment) -> Invitation:
        before = own_invitation(tx, actor, invitation_id, version)
        address = email or before.email
        secret = token(sim, LinkTarget.INVITATION, before.id, address)
        after = rules.correct_address(before, address, secret, actor, now)
        verb = "sent_again" if address == before.email else "address_corrected"
        stored = store_invitation(tx, before, after, verb, actor=actor, now=now)
        _write(tx, sim, stored, now)
        return stored

    return change(sim, work)


def listed(sim: Simulator, actor: Actor, status: InvitationStatus | None = None, number: int = 1) -> InvitationPage:
    """Page `number`, from 1, of the invitations that the organisation sent, newest first."""
    own, today = require_manager(actor, sim.register_policy), moment_of(sim).today
    wanted = Wanted(own, today, status)

    def look(tx: Transaction) -> InvitationPage:
        found = invitations.sent_by(tx, wanted, offset=(number - 1) * PAGE_SIZE, most=PAGE_SIZE)
        clients = organisations.by_ids(tx, {one.client_id for one in found})
        rows = tuple(Listed(one, clients[one.client_id], one.status_at(today)) for one in found)
        return InvitationPage(rows, invitations.count(tx, wanted))

    return sim.store.read(look)


def look(sim: Simulator, actor: Actor, invitation_id: str) -> Listed:
    """One invitation that the organisation sent."""
    require_manager(actor, sim.register_policy)

    def read(tx: Transaction) -> Listed:
        found = own_invitation(tx, actor, invitation_id)
        client = organisations.by_ids(tx, {found.client_id})[found.client_id]
        return Listed(found, client, found.status_at(moment_of(sim).today))

    return sim.store.read(read)


def own_invitation(tx: Transaction, actor: Actor, invitation_id: str, version: int | None = None) -> Invitation:
    """The invitation, if the organisation of `actor` sent it; any other is NOT_FOUND (WEB-13)."""
    found = invitations.load(tx, invitation_id)
    if found is None or found.intermediary_id != actor.organisation_id:
        raise ChangeRefused(Obstacle.NOT_FOUND, invitation_id)
    if version is not None and found.version != version:
        raise ChangeRefused(Obstacle.CHANGED_MEANWHILE, f"{invitation_id} v{found.version}, seen was v{version}")
    return found


def _made(sim: Simulator, actor: Actor, wanted: Invited, now: Moment) -> Invitation:
    invitation_id = sim.ids.token()
    secret = token(sim, LinkTarget.INVITATION, invitation_id, wanted.email)
    return rules.invite(wanted, actor, now, invitation_id=invitation_id, token=secret)


def _send(tx: Transaction, sim: Simulator, made: Invitation, actor: Actor, now: Moment) -> Invitation:
    pending = invitations.open_between(tx, made.client_id, made.intermediary_id, made.scope, now.today)
    if pending is not None:
        raise ChangeRefused(Obstacle.ALREADY_INVITED, pending.id)
    known = relations.find(tx, made.intermediary_id, made.client_id)
    if known is None or known.removed_at is not None:
        added_at = known.added_at if known else now.at
        relations.keep(tx, [Relation(made.intermediary_id, made.client_id, added_at, made.email, made.contact)])
    stored = store_invitation(tx, None, made, "sent", actor=actor, now=now)
    _write(tx, sim, stored, now)
    return stored


def _write(tx: Transaction, sim: Simulator, invitation: Invitation, now: Moment) -> None:
    mails.queue(tx, [letter_of(invitation, facts_of_invitation(tx, sim, invitation), now)])
