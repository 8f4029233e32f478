"""The first page of the Beheermodule."""

from collections.abc import Iterator, Mapping
from typing import Final

from flask import url_for
from werkzeug.wrappers import Response

from broker.core.administration.advice import advise
from broker.core.administration.invitations import InvitationStatus
from broker.core.administration.obstacles import ChangeRefused
from broker.core.mandates import ChainStatus
from broker.core.text import Text
from broker.simulator import module_overview
from broker.simulator.module_overview import Pending
from broker.simulator.module_sessions import Visitor
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.pages import Count, Limit, Overview, Todo
from broker.web.management.routes import Opens, blueprint, opens_to
from broker.web.management.words import CHAIN_STATUS

_INVITE: Final = Text("Nodig een klant uit om u te machtigen", "Invite a client to give you a mandate")
_ISSUE: Final = Text("Geef zelf een ketenmachtiging af", "Issue a chain mandate yourself")


@blueprint.get("/overzicht")
@opens_to(Opens.MANAGERS)
def overview() -> Response:
    """How many relations and mandates there are, and what is out of reach with the means in use (M-25)."""
    visitor = visit.visitor()
    counts, limit = module_overview.counts(simulator(), visitor), _limit(visitor)
    begun = bool(counts.received or counts.granted)
    return pages.render(
        Overview(
            **frame.values(),
            relations=counts.relations,
            received=_listed(counts.received),
            granted=_listed(counts.granted),
            limit=limit,
            todo=() if limit else tuple(_todo(module_overview.pending(simulator(), visitor), begun=begun)),
        )
    )


def _limit(visitor: Visitor) -> Limit | None:
    try:
        visitor.admission.require_chains(simulator().register_policy)
    except ChangeRefused as refused:
        words = advise(refused.obstacle)
        return Limit(reason=words.reason, next_step=words.next_step, apply_url=url_for("management.application"))
    return None


def _todo(waits: Pending, *, begun: bool) -> Iterator[Todo]:
    """What waits, what the visitor can do about first; with nothing yet, the two ways to begin (M-30)."""
    if waits.to_answer:
        nl = "uitnodiging wacht" if waits.to_answer == 1 else "uitnodigingen wachten"
        en = "invitation waits" if waits.to_answer == 1 else "invitations wait"
        yield Todo(
            text=Text(f"{waits.to_answer} {nl} op uw antwoord", f"{waits.to_answer} {en} for your answer"),
            address=url_for("management.invitations"),
        )
    if waits.bounced:
        nl = "uitnodiging kwam" if waits.bounced == 1 else "uitnodigingen kwamen"
        en = "invitation" if waits.bounced == 1 else "invitations"
        yield Todo(
            text=Text(
                f"{waits.bounced} {nl} terug: verbeter het e-mailadres",
                f"{waits.bounced} {en} came back: correct the e-mail address",
            ),
            address=url_for("management.invitations", status=InvitationStatus.BOUNCED.value),
        )
    if waits.sent:
        nl = "uitnodiging wacht" if waits.sent == 1 else "uitnodigingen wachten"
        en = "invitation waits" if waits.sent == 1 else "invitations wait"
        yield Todo(
            text=Text(f"{waits.sent} {nl} op antwoord van een klant", f"{waits.sent} {en} for the answer of a client"),
            address=url_for("management.invitations", status=InvitationStatus.SENT.value),
        )
    if not begun:
        yield Todo(text=_INVITE, address=url_for("management.invite"))
        yield Todo(text=_ISSUE, address=url_for("management.issue"))


def _listed(by_status: Mapping[ChainStatus, int]) -> tuple[Count, ...]:
    return tuple(Count(of=name, number=by_status[key]) for key, name in CHAIN_STATUS.items() if by_status.get(key))
