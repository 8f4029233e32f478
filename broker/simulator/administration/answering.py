"""The client answers an invitation: through a link without any means (M-06), or as a manager with its own.

Whoever has the link acts for the client, under the name of a representative that KVK has. A link that is wrong, old or
used is LINK_NOT_VALID, whatever it is. All raise `ChangeRefused`.
"""

from dataclasses import dataclass, replace

from broker.core.administration import invitations as rules
from broker.core.administration import lifecycle
from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.invitations import Invitation, token_digest
from broker.core.administration.letters import write
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import LinkTarget, MailKind
from broker.core.administration.narrowing import is_within
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import require_manager
from broker.core.administration.representatives import Representative, Signature, SigningMethod
from broker.core.administration.trade_register import Extract
from broker.core.mandates import Origin
from broker.core.organisations import Organisation
from broker.core.scope import Scope
from broker.simulator.administration import checking
from broker.simulator.administration.granting import (
    add_relation,
    check_and_activate,
    may_act_alone,
    refuse_second,
    require_known,
)
from broker.simulator.administration.notifying import managers
from broker.simulator.administration.recording import (
    change,
    moment_of,
    store_invitation,
    store_mandate,
)
from broker.simulator.administration.signing import Cosigner, Signing, renew_signed, signed_by_first
from broker.simulator.administration.wording import facts_of_invitation
from broker.simulator.context import Simulator
from broker.store.administration import invitations, mails, organisations
from broker.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation that can be answered, and what the page about it shows.

    `extract` is the client as KVK has it; `representatives` are those in office, who may sign.
    """

    invitation: Invitation
    client: Organisation
    intermediary: Organisation
    extract: Extract
    representatives: tuple[Representative, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """What the client agrees to. `scope` is what it gives, at most what was asked; `representative` signs.

    `cosigner` is who signs next, when the representative may not sign alone.
    """

    representative: str
    scope: Scope
    cosigner: Cosigner | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An invitation that a manager of the client can answer."""

    invitation: Invitation
    intermediary: Organisation


def opened(sim: Simulator, token: str) -> Opened:
    """The invitation behind a link; the first time is noted."""
    found, client, intermediary = sim.store.read(lambda tx: _behind(tx, token, moment_of(sim)))
    extract = checking.required(checking.ask(sim, client.kvk_number), client.kvk_number)
    if found.opened_at is None:
        found = change(sim, lambda tx, now: _note_opened(tx, token, now))
    today = moment_of(sim).today
    in_office = tuple(one for one in extract.representatives if one.is_in_office(today))
    return Opened(found, client, intermediary, extract, in_office)


def accept(sim: Simulator, token: str, consent: Consent) -> FiledMandate:
    """The client agrees, and a representative signs in the portal. Gives the mandate as it is then."""
    _, client, _ = sim.store.read(lambda tx: _behind(tx, token, moment_of(sim)))
    said = checking.ask(sim, client.kvk_number)
    extract = checking.required(said, client.kvk_number)
    mandate_id = sim.ids.token()

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        before, _, _ = _behind(tx, token, now)
        actor = _signatory(before, consent.representative)
        signing = Signing(sim, before, client, said, extract.representatives, actor, now)
        if before.renews is not None:
            answered = _accepted(tx, before, before.renews, actor, now)
            return signed_by_first(tx, replace(signing, invitation=answered), None, consent.cosigner)
        requested = _requested(sim, before, consent.scope, actor, now, mandate_id)
        refuse_second(tx, requested, now)
        add_relation(tx, before.client_id, before.intermediary_id, now)
        answered = _accepted(tx, before, mandate_id, actor, now)
        _tell_intermediary(tx, sim, answered, MailKind.ACCEPTED, now)
        return signed_by_first(tx, replace(signing, invitation=answered), requested, consent.cosigner)

    return change(sim, work)


def decline(sim: Simulator, token: str, reason: str) -> Invitation:
    """The client does not want this."""

    def work(tx: Transaction, now: Moment) -> Invitation:
        before, client, _ = _behind(tx, token, now)
        return _declined(tx, sim, before, _signatory(before, client.statutory_name), reason, now)

    return change(sim, work)


def waiting(sim: Simulator, actor: Actor) -> tuple[Waiting, ...]:
    """What a manager of the client can answer, oldest first."""
    own = require_manager(actor, sim.register_policy)

    def look(tx: Transaction) -> tuple[Waiting, ...]:
        found = invitations.waiting_for(tx, own, moment_of(sim).today)
        parties = organisations.by_ids(tx, {one.intermediary_id for one in found})
        return tuple(Waiting(one, parties[one.intermediary_id]) for one in found)

    return sim.store.read(look)


def accept_as_manager(
    sim: Simulator, actor: Actor, invitation_id: str, scope: Scope | None = None, version: int | None = None
) -> FiledMandate:
    """A manager of the client agrees with means of its own; without the right to sign alone a colleague signs next."""
    own = require_manager(actor, sim.register_policy)
    client = sim.store.read(lambda tx: organisations.by_ids(tx, {own})[own])
    said = checking.ask(sim, client.kvk_number)
    checking.required(said, client.kvk_number)
    mandate_id = sim.ids.token()

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        before = _received(tx, actor, invitation_id, version)
        alone = may_act_alone(tx, actor, now)
        if before.renews is not None:
            if not alone:
                raise ChangeRefused(Obstacle.SIGNATURES_MISSING, actor.id)
            _accepted(tx, before, before.renews, actor, now)
            # Who may renew is who may sign for the client: a manager who may sign alone signs here.
            signatory = replace(actor, kind=ActorKind.SIGNATORY, level=None, role_level=None)
            signing = Signing(sim, before, client, said, (), signatory, now)
            return renew_signed(tx, signing, (Signature(actor.name, SigningMethod.IN_PORTAL, now.at),))
        requested = _requested(sim, before, scope or before.scope, actor, now, mandate_id)
        refuse_second(tx, requested, now)
        add_relation(tx, before.client_id, before.intermediary_id, now)
        answered = _accepted(tx, before, mandate_id, actor, now)
        _tell_intermediary(tx, sim, answered, MailKind.ACCEPTED, now)
        signed = lifecycle.sign_as_manager(requested, actor, now) if alone else requested
        stored = store_mandate(tx, None, signed, "accepted", actor=actor, now=now)
        return check_and_activate(sim, tx, stored, client, said, now)

    return change(sim, work)


def decline_as_manager(
    sim: Simulator, actor: Actor, invitation_id: str, reason: str, version: int | None = None
) -> Invitation:
    """A manager of the client does not want this."""
    require_manager(actor, sim.register_policy)

    def work(tx: Transaction, now: Moment) -> Invitation:
        return _declined(tx, sim, _received(tx, actor, invitation_id, version), actor, reason, now)

    return change(sim, work)


def _behind(tx: Transaction, token: str, now: Moment) -> tuple[Invitation, Organisation, Organisation]:
    """The invitation that can be answered with this token, its client and its intermediary."""
    found = invitations.by_token(tx, token_digest(token))
    if found is None or not found.is_open(now.today):
        raise ChangeRefused(Obstacle.LINK_NOT_VALID, found.id if found else "unknown")
    parties = organisations.by_ids(tx, {found.client_id, found.intermediary_id})
    return found, parties[found.client_id], parties[found.intermediary_id]


def _note_opened(tx: Transaction, token: str, now: Moment) -> Invitation:
    before, client, _ = _behind(tx, token, now)
    if before.opened_at is not None:
        return before
    actor = _signatory(before, client.statutory_name)
    return store_invitation(tx, before, rules.opened(before, now), "opened", actor=actor, now=now)


def _received(tx: Transaction, actor: Actor, invitation_id: str, version: int | None) -> Invitation:
    """The invitation, if it is for the organisation of `actor` (WEB-13)."""
    found = invitations.load(tx, invitation_id)
    if found is None or found.client_id != actor.organisation_id:
        raise ChangeRefused(Obstacle.NOT_FOUND, invitation_id)
    if version is not None and found.version != version:
        raise ChangeRefused(Obstacle.CHANGED_MEANWHILE, f"{invitation_id} v{found.version}, seen was v{version}")
    return found


def _signatory(invitation: Invitation, name: str) -> Actor:
    return Actor(ActorKind.SIGNATORY, invitation.id, name, invitation.client_id)


def _requested(
    sim: Simulator, invitation: Invitation, scope: Scope, actor: Actor, now: Moment, mandate_id: str
) -> FiledMandate:
    require_known(sim.catalogue, scope)
    if not is_within(scope, invitation.scope, sim.catalogue):
        raise ChangeRefused(Obstacle.SCOPE_UNKNOWN, "more than was asked")
    wanted = replace(invitation.wanted(now.today), scope=scope)
    origin = Origin.INVITED_BY_INTERMEDIARY
    return lifecycle.request(wanted, origin, actor, now, mandate_id=mandate_id, invitation_id=invitation.id)


def _accepted(tx: Transaction, before: Invitation, mandate_id: str, actor: Actor, now: Moment) -> Invitation:
    after = rules.accept(before, mandate_id, actor, now)
    return store_invitation(tx, before, after, "accepted", actor=actor, now=now)


def _declined(
    tx: Transaction, sim: Simulator, before: Invitation, actor: Actor, reason: str, now: Moment
) -> Invitation:
    after = rules.decline(before, actor, now, reason)
    stored = store_invitation(tx, before, after, "declined", actor=actor, now=now)
    _tell_intermediary(tx, sim, stored, MailKind.DECLINED, now)
    return stored


def _tell_intermediary(tx: Transaction, sim: Simulator, answered: Invitation, kind: MailKind, now: Moment) -> None:
    facts = facts_of_invitation(tx, sim, answered)
    to = managers(tx, answered.intermediary_id, now)
    mails.queue(tx, [write(kind, one, facts, now.at, occasion=answered.id, link=LinkTarget.MODULE) for one in to])
