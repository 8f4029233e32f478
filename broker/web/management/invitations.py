"""Invitations: those that were sent, and those that wait for an answer of the visitor's own organisation."""

from typing import Final

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from broker.core.administration import scope_words
from broker.core.administration.dossiers import Priority
from broker.core.administration.invitations import Invitation, InvitationStatus
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.clock import amsterdam_date
from broker.core.text import Text
from broker.simulator.administration import answering, inviting
from broker.simulator.administration.answering import Waiting
from broker.simulator.administration.inviting import Listed
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.forms import UNPROCESSABLE
from broker.web.management.invitation_forms import AddressForm, ReasonForm
from broker.web.management.invitation_pages import (
    InvitationDetails,
    InvitationRow,
    Invitations,
    ReceivedInvitation,
    WaitingRow,
)
from broker.web.management.register_pages import Change, Fact, StatusChoice, Way
from broker.web.management.routes import blueprint
from broker.web.management.showing import BACK, fact, facts_of, page_number
from broker.web.management.words import INVITATION_STATUS, PRIORITY

_SEE_OTHER: Final = 303
WITHIN: Final = "management.invitations"
_STATUSES: Final = tuple(StatusChoice(value=status.value, name=name) for status, name in INVITATION_STATUS.items())
_OPEN: Final = (InvitationStatus.SENT, InvitationStatus.BOUNCED)


@blueprint.get("/uitnodigingen")
def invitations() -> Response:
    """Both lists, and the ways to invite."""
    number, wanted = page_number(), request.args.get("status", "")
    status = next((one for one in InvitationStatus if one.value == wanted), None)
    found = inviting.listed(simulator(), visit.actor(), status, number)
    return pages.render(
        Invitations(
            **frame.values(),
            waiting=tuple(map(_waiting, answering.waiting(simulator(), visit.actor()))),
            invitations=tuple(map(_row, found.invitations)),
            statuses=_STATUSES,
            ways=(
                Way(name=Text("Een klant uitnodigen", "Invite a client"), address=url_for("management.invite")),
                Way(name=Text("Spoedprocedure starten", "Start the urgent procedure"), address=urgent_address()),
                Way(
                    name=Text("Veel klanten tegelijk uitnodigen", "Invite many clients at once"),
                    address=url_for("management.batches"),
                ),
            ),
            results=pages.Results(total=found.total, number=number),
            query="",
            status=status.value if status else "",
            list_url=url_for(WITHIN),
        )
    )


@blueprint.get("/uitnodigingen/<invitation_id>")
def invitation(invitation_id: str) -> Response:
    """One invitation that was sent."""
    found = inviting.look(simulator(), visit.actor(), invitation_id)
    one = found.invitation
    may_change = found.status in _OPEN
    mandate = url_for("management.mandate", mandate_id=one.mandate_id) if one.mandate_id else None
    return pages.render(
        InvitationDetails(
            **frame.values(WITHIN),
            heading=_heading(found),
            status=INVITATION_STATUS[found.status],
            good=found.status in (InvitationStatus.SENT, InvitationStatus.ACCEPTED),
            facts=_facts(found),
            ways=(Way(name=Text("Naar de machtiging", "To the mandate"), address=mandate),) if mandate else (),
            address_form=AddressForm(email=one.email) if may_change else None,
            send_url=url_for("management.send_again", invitation_id=one.id),
            cancel_url=url_for("management.cancel_invitation", invitation_id=one.id) if may_change else None,
            version=one.version,
        )
    )


@blueprint.post("/uitnodigingen/<invitation_id>/versturen")
def send_again(invitation_id: str) -> Response:
    """Send the mail once more, to the address that was filled in."""
    form = AddressForm(request.form)
    if not form.validate():
        return _ask_address(inviting.look(simulator(), visit.actor(), invitation_id), form)
    version = request.form.get("version", type=int)
    inviting.send_again(simulator(), visit.actor(), invitation_id, form.email.data, version)
    address = form.email.data
    visit.tell(Text(f"De uitnodiging is verstuurd naar {address}.", f"The invitation was sent to {address}."))
    return redirect(url_for("management.invitation", invitation_id=invitation_id), _SEE_OTHER)


@blueprint.get("/uitnodigingen/<invitation_id>/intrekken")
def cancel_invitation(invitation_id: str) -> Response:
    """Ask whether to go on."""
    found = inviting.look(simulator(), visit.actor(), invitation_id)
    return _ask_cancel(found, ReasonForm())


@blueprint.post("/uitnodigingen/<invitation_id>/intrekken")
def cancelled_invitation(invitation_id: str) -> Response:
    """Take the invitation back."""
    form = ReasonForm(request.form)
    if not form.validate():
        return _ask_cancel(inviting.look(simulator(), visit.actor(), invitation_id), form, UNPROCESSABLE)
    version = request.form.get("version", type=int)
    inviting.cancel(simulator(), visit.actor(), invitation_id, form.reason.data or "", version)
    visit.tell(Text("De uitnodiging is ingetrokken.", "The invitation was cancelled."))
    return redirect(url_for(WITHIN), _SEE_OTHER)


@blueprint.get("/uitnodigingen/ontvangen/<invitation_id>")
def received_invitation(invitation_id: str) -> Response:
    """An invitation that the visitor's organisation can answer."""
    return _ask_answer(_received(invitation_id))


@blueprint.post("/uitnodigingen/ontvangen/<invitation_id>/aanvaarden")
def accept_invitation(invitation_id: str) -> Response:
    """Agree, as a manager."""
    found = _received(invitation_id)
    version = request.form.get("version", type=int)
    made = answering.accept_as_manager(simulator(), visit.actor(), invitation_id, version=version)
    name = found.intermediary.statutory_name
    visit.tell(Text(f"U gaf {name} een ketenmachtiging.", f"You gave {name} a chain mandate."))
    return redirect(url_for("management.mandate", mandate_id=made.mandate.id), _SEE_OTHER)


@blueprint.post("/uitnodigingen/ontvangen/<invitation_id>/weigeren")
def decline_invitation(invitation_id: str) -> Response:
    """Decline, as a manager."""
    form = ReasonForm(request.form)
    if not form.validate():
        return _ask_answer(_received(invitation_id), form, UNPROCESSABLE)
    version = request.form.get("version", type=int)
    answering.decline_as_manager(simulator(), visit.actor(), invitation_id, form.reason.data or "", version)
    visit.tell(Text("U weigerde de uitnodiging.", "You declined the invitation."))
    return redirect(url_for(WITHIN), _SEE_OTHER)


def urgent_address(number: str | None = None) -> str:
    """Where the urgent procedure begins (M-45), for a client or for whoever is filled in there."""
    return url_for("management.invite", spoed="ja", number=number)


def asked_facts(one: Invitation) -> tuple[Fact, ...]:
    """What is asked."""
    urgent = PRIORITY[one.priority] if one.priority is Priority.URGENT else None
    lines = (
        fact(Text("Geldt voor", "Covers"), *scope_words.in_full(simulator().catalogue, one.scope)),
        fact(Text("Niveau", "Level"), one.level.label),
        fact(Text("Geldig tot en met", "Valid until"), one.valid_until),
        fact(Text("Behandeling", "Handling"), urgent),
        fact(Text("Antwoord mogelijk tot en met", "Can be answered until"), one.expires_on),
    )
    return tuple(line for line in lines if line.values)


def _received(invitation_id: str) -> Waiting:
    found = answering.waiting(simulator(), visit.actor())
    wanted = next((one for one in found if one.invitation.id == invitation_id), None)
    if wanted is None:
        raise ChangeRefused(Obstacle.NOT_FOUND, invitation_id)
    return wanted


def _heading(found: Listed) -> Text:
    name = found.client.statutory_name
    return Text(f"Uitnodiging aan {name}", f"Invitation to {name}")


def _row(found: Listed) -> InvitationRow:
    one = found.invitation
    return InvitationRow(
        client=found.client.statutory_name,
        kvk_number=found.client.kvk_number,
        email=one.email,
        sent_on=amsterdam_date(one.sent_at),
        expires_on=one.expires_on,
        status=INVITATION_STATUS[found.status],
        good=found.status in (InvitationStatus.SENT, InvitationStatus.ACCEPTED),
        scope=scope_words.in_brief(simulator().catalogue, one.scope),
        reference=one.reference,
        renewal=one.renews is not None,
        address=url_for("management.invitation", invitation_id=one.id),
    )


def _waiting(one: Waiting) -> WaitingRow:
    return WaitingRow(
        intermediary=one.intermediary.statutory_name,
        kvk_number=one.intermediary.kvk_number,
        expires_on=one.invitation.expires_on,
        scope=scope_words.in_brief(simulator().catalogue, one.invitation.scope),
        renewal=one.invitation.renews is not None,
        address=url_for("management.received_invitation", invitation_id=one.invitation.id),
    )


def _facts(found: Listed) -> tuple[Fact, ...]:
    one = found.invitation
    lines = (
        *facts_of(found.client),
        *asked_facts(one),
        fact(Text("E-mailadres", "E-mail address"), one.email, one.contact or None),
        fact(Text("Verstuurd", "Sent"), amsterdam_date(one.sent_at)),
        fact(Text("Geopend", "Opened"), amsterdam_date(one.opened_at) if one.opened_at else None),
        fact(Text("Beantwoord", "Answered"), amsterdam_date(one.answered_at) if one.answered_at else None),
        fact(Text("Reden", "Reason"), one.reason or None),
        fact(Text("Uw referentie", "Your reference"), one.reference or None),
    )
    return tuple(line for line in lines if line.values)


def _ask_address(found: Listed, form: AddressForm) -> Response:
    one = found.invitation
    return pages.render(
        Change(
            **frame.values(WITHIN),
            heading=Text("Uitnodiging opnieuw versturen", "Send the invitation again"),
            facts=_facts(found),
            form=form,
            given={"version": str(one.version)},
            action=url_for("management.send_again", invitation_id=one.id),
            button=Text("Verstuur", "Send"),
            back=Way(name=BACK, address=url_for("management.invitation", invitation_id=one.id)),
        ),
        UNPROCESSABLE,
    )


def _ask_cancel(found: Listed, form: ReasonForm, status: int = 200) -> Response:
    one = found.invitation
    return pages.render(
        Change(
            **frame.values(WITHIN),
            heading=Text("Uitnodiging intrekken", "Cancel the invitation"),
            warning=Text("De link in de mail werkt daarna niet meer.", "The link in the mail no longer works then."),
            facts=_facts(found),
            form=form,
            given={"version": str(one.version)},
            action=url_for("management.cancelled_invitation", invitation_id=one.id),
            button=Text("Trek in", "Cancel it"),
            back=Way(name=BACK, address=url_for("management.invitation", invitation_id=one.id)),
        ),
        status,
    )


def _ask_answer(found: Waiting, form: ReasonForm | None = None, status: int = 200) -> Response:
    one, name = found.invitation, found.intermediary.statutory_name
    lead = Text(
        f"{name} vraagt uw organisatie om een ketenmachtiging. Daarmee kan {name} inloggen namens uw organisatie.",
        f"{name} asks your organisation for a chain mandate. With it {name} can log in on behalf of your organisation.",
    )
    if one.renews:
        lead = Text(
            f"{name} vraagt uw organisatie om een ketenmachtiging te verlengen.",
            f"{name} asks your organisation to renew a chain mandate.",
        )
    return pages.render(
        ReceivedInvitation(
            **frame.values(WITHIN),
            heading=Text(f"Verzoek van {name}", f"Request of {name}"),
            lead=lead,
            facts=(*facts_of(found.intermediary), *asked_facts(one)),
            accept_url=url_for("management.accept_invitation", invitation_id=one.id),
            decline_url=url_for("management.decline_invitation", invitation_id=one.id),
            form=form or ReasonForm(),
            version=one.version,
        ),
        status,
    )
