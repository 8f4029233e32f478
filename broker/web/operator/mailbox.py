"""Every mail that the simulator wrote, with links that work; whether it was sent; and having one come back."""

from typing import Final

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broker.core.clock import AMSTERDAM
from broker.core.errors import NotFound
from broker.core.text import Text
from broker.simulator.administration import delivery, mailbox
from broker.store.administration.mails import QueuedMail
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.language import said
from broker.web.management.showing import page_number
from broker.web.operator.mailbox_pages import Mailbox, MailRow, OpenedMail
from broker.web.operator.navigation import frame, hidden

blueprint = Blueprint("mailbox", __name__, url_prefix="/mailbox")

_SEE_OTHER: Final = 303
_HERE: Final = Text("alleen in dit postvak", "in this mailbox only")
_SENT: Final = Text("verzonden", "sent")
_WAITS: Final = Text("wacht op verzending", "waiting to be sent")
_GIVEN_UP: Final = Text("niet bezorgd", "not delivered")
_BOUNCED: Final = Text("De mail is teruggekomen als onbestelbaar.", "The mail came back as not delivered.")
_SAID: Final = "teruggestuurd door de beheerder van de simulator"


@blueprint.get("")
def listing() -> Response:
    """The mails, newest first."""
    sim, typed = simulator(), request.args.get("q", "").strip()
    number = page_number()
    found = mailbox.listed(sim, typed, number)
    server = sim.mail_server
    return common.render(
        Mailbox(
            **frame(),
            mails=tuple(map(_row, found.mails)),
            results=common.Results(total=found.total, number=number),
            query=typed,
            list_url=url_for("operator.mailbox.listing"),
            server=f"{server.host}:{server.port}" if server else None,
        )
    )


@blueprint.get("/<mail_id>")
def show(mail_id: str) -> Response:
    """One mail."""
    found = mailbox.opened(simulator(), mail_id)
    if found is None:
        raise NotFound(mail_id)
    return common.render(
        OpenedMail(
            **frame(),
            row=_row(found.queued),
            name=found.queued.mail.to.name,
            before=_paragraphs(found.before),
            link=found.address,
            after=_paragraphs(found.after),
            problem=found.queued.problem,
            bounce_url=url_for("operator.mailbox.bounce", mail_id=mail_id) if found.may_bounce else None,
            hidden=hidden(),
            back_url=url_for("operator.mailbox.listing"),
        )
    )


@blueprint.post("/<mail_id>/bounce")
def bounce(mail_id: str) -> AnyResponse:
    """Have the mail come back: the invitation that it holds waits for a better address."""
    if mailbox.opened(simulator(), mail_id) is None:
        raise NotFound(mail_id)
    delivery.give_back(simulator(), mail_id, _SAID)
    flash(said(_BOUNCED))
    return redirect(url_for("operator.mailbox.show", mail_id=mail_id), _SEE_OTHER)


def _row(queued: QueuedMail) -> MailRow:
    mail = queued.mail
    return MailRow(
        subject=mail.subject,
        recipient=mail.to.address,
        at=mail.queued_at.astimezone(AMSTERDAM),
        state=_state(queued),
        language=mail.to.language,
        url=url_for("operator.mailbox.show", mail_id=mail.id),
    )


def _state(queued: QueuedMail) -> Text:
    if queued.sent_at is not None:
        return _SENT
    if queued.next_attempt_at is None:
        return _GIVEN_UP
    if simulator().mail_server is None:
        return _HERE
    return _GIVEN_UP if mailbox.is_given_up(simulator(), queued) else _WAITS


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("\n\n") if part)
