"""Representatives sign what an invitation asks for: the first by its link, the next by links of their own.

A new mandate carries its signatures. Those under a renewal are kept with the links, because the mandate goes on
unchanged until there are enough. Who signs and may not sign alone names who signs next. All raise `ChangeRefused`.
"""

from dataclasses import dataclass, replace

from broker.core.administration import lifecycle
from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.invitations import Invitation, token_digest
from broker.core.administration.letters import write
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import Addressee, LinkTarget, MailKind
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.representatives import (
    Representative,
    Signature,
    SigningMethod,
    is_authorised,
    is_signed,
)
from broker.core.mandates import ChainStatus
from broker.core.organisations import Organisation
from broker.simulator.administration import checking, renewing
from broker.simulator.administration.checking import Said
from broker.simulator.administration.granting import check_and_activate
from broker.simulator.administration.links import token as link_token
from broker.simulator.administration.notifying import managers
from broker.simulator.administration.recording import change, filed_mandate, moment_of, store_mandate
from broker.simulator.administration.wording import facts_of_invitation
from broker.simulator.context import Simulator
from broker.store.administration import invitations, mails, organisations, signing_links
from broker.store.administration.signing_links import SigningLink
from broker.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Cosigner:
    """Who signs next: a representative by the name that KVK has, and where to write to."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Signing:
    """A signature that is being put, by `actor`, and what is needed to judge it."""

    sim: Simulator
    invitation: Invitation
    client: Organisation
    said: Said
    representatives: tuple[Representative, ...]
    actor: Actor
    now: Moment


@dataclass(frozen=True, slots=True)
class ToSign:
    """What the page of a link to sign by shows. `signed` are those who have signed, `others` who still may."""

    link: SigningLink
    invitation: Invitation
    mandate: FiledMandate
    client: Organisation
    intermediary: Organisation
    signed: tuple[str, ...]
    others: tuple[Representative, ...]


def signed_by_first(
    tx: Transaction, signing: Signing, requested: FiledMandate | None, cosigner: Cosigner | None
) -> FiledMandate:
    """Store the first signature: under `requested`, or under the renewal that the invitation asks for."""
    if requested is None:
        _keep_signature(tx, signing)
        return _under_renewal(tx, signing, cosigner)
    signed = lifecycle.sign(requested, signing.actor, signing.now, signing.representatives)
    stored = store_mandate(tx, None, signed, "accepted", actor=signing.actor, now=signing.now)
    return _next_step(tx, signing, stored, cosigner)


def opened(sim: Simulator, token: str) -> ToSign:
    """What is to be signed by a link."""
    now = moment_of(sim)
    client = sim.store.read(lambda tx: _behind(tx, token, now)).client
    said = checking.ask(sim, client.kvk_number)
    extract = checking.required(said, client.kvk_number)
    found = sim.store.read(lambda tx: _behind(tx, token, now))
    done = {*found.signed, found.link.representative}
    others = tuple(one for one in extract.representatives if one.is_in_office(now.today) and one.name not in done)
    return replace(found, others=others)


def sign(sim: Simulator, token: str, cosigner: Cosigner | None = None) -> FiledMandate:
    """The representative of the link signs in the portal."""
    client = sim.store.read(lambda tx: _behind(tx, token, moment_of(sim))).client
    said = checking.ask(sim, client.kvk_number)
    extract = checking.required(said, client.kvk_number)

    def work(tx: Transaction, now: Moment) -> FiledMandate:
        found = _behind(tx, token, now)
        actor = _signatory(found)
        signing = Signing(sim, found.invitation, client, said, extract.representatives, actor, now)
        signing_links.mark_signed(tx, found.link.id, now.at)
        if found.invitation.renews is not None:
            return _under_renewal(tx, signing, cosigner)
        signed = lifecycle.sign(found.mandate, actor, now, extract.representatives)
        stored = store_mandate(tx, found.mandate, signed, "signed", actor=actor, now=now)
        return _next_step(tx, signing, stored, cosigner)

    return change(sim, work)


def refuse(sim: Simulator, token: str, reason: str) -> None:
    """The representative of the link does not sign: nothing comes of the mandate, or of the renewal."""

    def work(tx: Transaction, now: Moment) -> None:
        found = _behind(tx, token, now)
        signing_links.remove(tx, found.invitation.id)
        if found.invitation.renews is None:
            actor = _signatory(found)
            after = lifecycle.decline(found.mandate, actor, now, reason)
            store_mandate(tx, found.mandate, after, "declined", actor=actor, now=now)
        facts = replace(facts_of_invitation(tx, sim, found.invitation), reason=reason)
        occasion = f"{found.invitation.id} signature"
        to = managers(tx, found.invitation.intermediary_id, now)
        letters = [
            write(MailKind.DECLINED, one, facts, now.at, occasion=occasion, link=LinkTarget.MODULE) for one in to
        ]
        mails.queue(tx, letters)

    change(sim, work)


def _next_step(tx: Transaction, signing: Signing, stored: FiledMandate, cosigner: Cosigner | None) -> FiledMandate:
    """Check and activate a mandate with enough signatures; ask the next representative to sign any other."""
    if stored.mandate.status is ChainStatus.SIGNING:
        _ask(tx, signing, cosigner, [one.representative for one in stored.dossier.signatures])
        return stored
    return check_and_activate(signing.sim, tx, stored, signing.client, signing.said, signing.now)


def _under_renewal(tx: Transaction, signing: Signing, cosigner: Cosigner | None) -> FiledMandate:
    """Renew once there are enough signatures; until then the next representative is asked."""
    today = signing.now.today
    if not is_authorised(signing.representatives, signing.actor.name, today):
        raise ChangeRefused(Obstacle.SIGNATORY_NOT_AUTHORISED, signing.actor.name)
    links = signing_links.of_invitation(tx, signing.invitation.id)
    signatures = tuple(
        Signature(one.representative, SigningMethod.IN_PORTAL, one.signed_at) for one in links if one.signed_at
    )
    before = filed_mandate(tx, signing.invitation.renews or "")
    if not is_signed(signing.representatives, signatures, before.mandate.level, today):
        _ask(tx, signing, cosigner, [one.representative for one in signatures])
        return before
    return renew_signed(tx, signing, signatures)


def renew_signed(tx: Transaction, signing: Signing, signatures: tuple[Signature, ...]) -> FiledMandate:
    """The renewal that the invitation asks for: in place while the mandate lasts, else by a successor."""
    asked, actor, now = signing.invitation, signing.actor, signing.now
    before = filed_mandate(tx, asked.renews or "")
    if before.mandate.status_at(now.today) is not ChainStatus.EXPIRED:
        check = checking.record(tx, signing.sim, signing.client, signing.said, now)
        return renewing.renew_in_place(tx, before, asked.valid_until, check, actor, now)
    mandate_id = signing.sim.ids.token()
    new = renewing.successor(before, asked.valid_until, actor, now, mandate_id=mandate_id, invitation_id=asked.id)
    signed = lifecycle.signed(new, signatures, now)
    begun = renewing.succeed(signing.sim, tx, before, signed, actor, now)
    return check_and_activate(signing.sim, tx, begun, signing.client, signing.said, now)


def _ask(tx: Transaction, signing: Signing, cosigner: Cosigner | None, signed: list[str]) -> None:
    """Write to the representative who signs next."""
    if cosigner is None:
        raise ChangeRefused(Obstacle.SIGNATURES_MISSING, "nobody signs next")
    today = signing.now.today
    if cosigner.name in signed or not is_authorised(signing.representatives, cosigner.name, today):
        raise ChangeRefused(Obstacle.SIGNATORY_NOT_AUTHORISED, cosigner.name)
    sim, asked = signing.sim, signing.invitation
    link_id = sim.ids.token()
    secret = link_token(sim, LinkTarget.SIGNATURE, link_id, cosigner.email)
    link = SigningLink(link_id, asked.id, asked.mandate_id or "", cosigner.name, cosigner.email, token_digest(secret))
    signing_links.insert(tx, link)
    facts = replace(facts_of_invitation(tx, sim, asked), person=signing.actor.name)
    to = Addressee(cosigner.email, cosigner.name, asked.language)
    mail = write(
        MailKind.SECOND_SIGNATURE,
        to,
        facts,
        signing.now.at,
        occasion=link_id,
        link=LinkTarget.SIGNATURE,
        object_id=link_id,
    )
    mails.queue(tx, [mail])


def _keep_signature(tx: Transaction, signing: Signing) -> None:
    """The first signature under a renewal; nobody has the secret of its link."""
    ids, asked = signing.sim.ids, signing.invitation
    unknown = token_digest(ids.token())
    link = SigningLink(
        ids.token(), asked.id, asked.mandate_id or "", signing.actor.name, asked.email, unknown, signing.now.at
    )
    signing_links.insert(tx, link)


def _behind(tx: Transaction, token: str, now: Moment) -> ToSign:
    """What can be signed with this token."""
    link = signing_links.by_token(tx, token_digest(token))
    if link is None or link.signed_at is not None:
        raise ChangeRefused(Obstacle.LINK_NOT_VALID, link.id if link else "unknown")
    asked, mandate = invitations.load(tx, link.invitation_id), filed_mandate(tx, link.mandate_id)
    if asked is None or not _can_be_signed(asked, mandate, now):
        raise ChangeRefused(Obstacle.LINK_NOT_VALID, link.id)
    parties = organisations.by_ids(tx, {asked.client_id, asked.intermediary_id})
    links = signing_links.of_invitation(tx, asked.id)
    signed = {one.representative for one in links if one.signed_at}
    signed |= {one.representative for one in mandate.dossier.signatures} if asked.renews is None else set()
    return ToSign(
        link, asked, mandate, parties[asked.client_id], parties[asked.intermediary_id], tuple(sorted(signed)), ()
    )


def _can_be_signed(asked: Invitation, mandate: FiledMandate, now: Moment) -> bool:
    status = mandate.status_at(now.at, now.policy.signing_months)
    if asked.renews is None:
        return status is ChainStatus.SIGNING
    return (
        status in (ChainStatus.ACTIVE, ChainStatus.EXPIRED) and mandate.mandate.validity.valid_until < asked.valid_until
    )


def _signatory(found: ToSign) -> Actor:
    return Actor(ActorKind.SIGNATORY, found.link.id, found.link.representative, found.invitation.client_id)
