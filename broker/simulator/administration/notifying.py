"""Who is told what by mail when the register changes. Mails are queued in the transaction of the change.

Managers are written to at the address that the register has of them; without one they are told nothing. A client that
accepted an invitation is also written to at the address of that invitation, because it may have no manager at all.
"""

from collections.abc import Iterator

from broker.core.administration.dossiers import FiledMandate
from broker.core.administration.invitations import Invitation
from broker.core.administration.letters import write
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import (
    Addressee,
    Facts,
    LinkTarget,
    Mail,
    MailKind,
    after_change,
    tells_intermediary,
)
from broker.core.administration.revocation_requests import RequestState, RevocationRequest
from broker.core.identifiers import KvkNumber
from broker.core.organisations import PersonStatus
from broker.core.text import Language
from broker.store.administration import invitations, mails, names, people
from broker.store.database import Transaction

_LINKS_OF_CLIENT = {MailKind.ACTIVE: LinkTarget.REVOCATION_FORM}
"""What a client without means can do about it."""


def tell_of_change(tx: Transaction, before: FiledMandate | None, after: FiledMandate, now: Moment) -> None:
    """Queue what the parties are told when a mandate went from one state to the next."""
    kind = after_change(before.mandate.status if before else None, after.mandate.status)
    if kind is not None:
        mails.queue(tx, list(about_mandate(tx, kind, after, now, occasion=after.mandate.id)))


def about_mandate(
    tx: Transaction, kind: MailKind, filed: FiledMandate, now: Moment, *, occasion: str
) -> Iterator[Mail]:
    """A mail about a mandate to both parties; to the client alone when it issued the mandate itself."""
    mandate = filed.mandate
    called = names.of(tx, (mandate.grantor_id, mandate.intermediary_id))
    facts = Facts(
        client=called[mandate.grantor_id],
        intermediary=called[mandate.intermediary_id],
        level=mandate.level.label,
        until=mandate.validity.valid_until,
        reason=filed.dossier.reason or "",
    )
    invitation_id = filed.dossier.invitation_id
    invitation = invitations.load(tx, invitation_id) if invitation_id else None
    if invitation is not None:
        link = _LINKS_OF_CLIENT.get(kind)
        yield write(kind, invited(invitation), facts, now.at, occasion=occasion, link=link)
    told = [mandate.grantor_id, *([mandate.intermediary_id] if tells_intermediary(mandate.origin) else [])]
    for organisation_id in told:
        for manager in managers(tx, organisation_id, now):
            yield write(kind, manager, facts, now.at, occasion=occasion, link=LinkTarget.MODULE)


def tell_of_request(tx: Transaction, request: RevocationRequest, now: Moment) -> None:
    """Queue what who asked to revoke is told of the decision. Parties are called by the numbers that were typed."""
    executed = request.state is RequestState.EXECUTED
    kind = MailKind.REQUEST_EXECUTED if executed else MailKind.REQUEST_REFUSED
    facts = Facts(
        client=_called(request.client, request.language),
        intermediary=_called(request.intermediary, request.language),
        reason=request.answer or "",
    )
    to = Addressee(request.email, request.name, request.language)
    mails.queue(tx, [write(kind, to, facts, now.at, occasion=request.id)])


def invited(invitation: Invitation) -> Addressee:
    """Whom an invitation is for."""
    return Addressee(invitation.email, invitation.contact, invitation.language)


def managers(tx: Transaction, organisation_id: str, now: Moment) -> tuple[Addressee, ...]:
    """The managers of an organisation who have an address, each once."""
    found = {
        person.email: Addressee(person.email, person.display_name)
        for person, role in people.managers_of(tx, organisation_id)
        if person.email and person.status is PersonStatus.ACTIVE and role.is_in_force(now.today)
    }
    return tuple(found.values())


def _called(number: KvkNumber, language: Language) -> str:
    return f"KvK-nummer {number}" if language == "nl" else f"KvK number {number}"
