"""Chain mandates: the two lists, and the page of one mandate."""

from datetime import date, datetime, timedelta
from typing import Final

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from broker.core.administration import scope_words
from broker.core.administration.advice import advise
from broker.core.administration.dossiers import Priority
from broker.core.administration.obstacles import Obstacle
from broker.core.clock import amsterdam_date
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import Organisation
from broker.core.text import Text
from broker.simulator.administration import history
from broker.simulator.administration import mandates as register
from broker.simulator.administration.mandates import Coupled, Filter, Looked, Side
from broker.simulator.administration.mandates import MandateRow as Row
from broker.simulator.administration.possibilities import Possibility
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import event_words, frame, visit
from broker.web.management.register_pages import (
    CouplingRow,
    Fact,
    MandateDetails,
    MandateRow,
    Mandates,
    StatusChoice,
    Way,
    Withheld,
)
from broker.web.management.routes import blueprint
from broker.web.management.showing import AS_CSV, fact, page_number
from broker.web.management.words import CHAIN_STATUS, LINK_STATUS, ORIGIN, PRIORITY, means_in_words

ENDING_SOON: Final = "loopt-af"
_SOON: Final = timedelta(days=60)
_STATUSES: Final = (
    StatusChoice(value=ENDING_SOON, name=Text("Loopt binnen 60 dagen af", "Ends within 60 days")),
    *(StatusChoice(value=status.value, name=name) for status, name in CHAIN_STATUS.items()),
)
NAMES: Final = {
    Possibility.SIGN: Text("Ondertekenen", "Sign"),
    Possibility.RENEW: Text("Verlengen", "Renew"),
    Possibility.ASK_RENEWAL: Text("Uw klant om verlenging vragen", "Ask your client for a renewal"),
    Possibility.COUPLE: Text("Koppelen aan gebruikers", "Couple to users"),
    Possibility.SUSPEND: Text("Schorsen", "Suspend"),
    Possibility.RESUME: Text("Schorsing opheffen", "Lift the suspension"),
    Possibility.END: Text("Laten eindigen op een dag", "Have it end on a day"),
    Possibility.REVOKE: Text("Intrekken", "Revoke"),
}
PLACES: Final = {
    Possibility.SIGN: "ondertekenen",
    Possibility.RENEW: "verlengen",
    Possibility.ASK_RENEWAL: "verlenging-vragen",
    Possibility.SUSPEND: "schorsen",
    Possibility.RESUME: "hervatten",
    Possibility.END: "beeindigen",
    Possibility.REVOKE: "intrekken",
}
"""The last part of the address of each change."""
COUPLING_CHANGES: Final = {
    "schorsen": (Text("Schorsen", "Suspend"), {LinkStatus.ACTIVE}),
    "hervatten": (Text("Weer actief maken", "Make active again"), {LinkStatus.SUSPENDED}),
    "ontkoppelen": (Text("Ontkoppelen", "Uncouple"), {LinkStatus.ACTIVE, LinkStatus.SUSPENDED}),
}
"""What can be done to a coupling, by the last part of its address, and with which statuses."""
REVOCATION_FORM: Final = "/intrekken"
"""The form for whoever cannot revoke in the Beheermodule; it asks for no login (M-52)."""
_EXPLANATIONS: Final = {
    ChainStatus.SIGNING: Text(
        "Er moet nog iemand tekenen die dat alleen mag. Tot die tijd kan niemand de machtiging gebruiken.",
        "Somebody who may sign alone still has to sign. Until then nobody can use the mandate.",
    ),
    ChainStatus.UNDER_REVIEW: Text(
        "Het register beoordeelt de aanvraag. Tot die tijd kan niemand de machtiging gebruiken.",
        "The register reviews the request. Until then nobody can use the mandate.",
    ),
    ChainStatus.SUSPENDED: Text(
        "Zolang de machtiging is geschorst, kan niemand ermee inloggen.",
        "As long as the mandate is suspended, nobody can log in with it.",
    ),
    ChainStatus.EXPIRED: Text(
        "De laatste dag is voorbij. Verlengen geeft een nieuwe machtiging voor dezelfde diensten.",
        "The last day is over. Renewing gives a new mandate for the same services.",
    ),
}


@blueprint.get("/ontvangen")
def received() -> Response:
    """Mandates of clients."""
    name = Text("Veel machtigingen tegelijk koppelen", "Couple many mandates at once")
    couple = Way(name=name, address=url_for("management.bulk"))
    return _list(Side.RECEIVED, Text("Ontvangen ketenmachtigingen", "Chain mandates received"), couple)


@blueprint.get("/verleend")
def granted() -> Response:
    """Mandates that the organisation gave."""
    issue = Way(name=Text("Ketenmachtiging afgeven", "Issue a chain mandate"), address=url_for("management.issue"))
    return _list(Side.GRANTED, Text("Verleende ketenmachtigingen", "Chain mandates granted"), issue)


@blueprint.get("/ketenmachtigingen/<mandate_id>")
def mandate(mandate_id: str) -> Response:
    """One mandate."""
    looked = register.look(simulator(), visit.actor(), mandate_id)
    happened = history.of_mandate(simulator(), visit.actor(), mandate_id)
    shown_id = looked.filed.mandate.id
    return pages.render(
        MandateDetails(
            **frame.values(within(looked.side)),
            heading=heading_of(looked),
            status=CHAIN_STATUS[looked.status],
            good=looked.status is ChainStatus.ACTIVE,
            explanation=_explanation(looked),
            facts=facts_of_mandate(looked),
            dossier=_dossier(looked),
            couplings=_couplings(looked) if looked.side is Side.RECEIVED else None,
            ways=_ways(looked),
            withheld=tuple(_withheld(obstacle, which) for obstacle, which in looked.possibilities.refused),
            events=tuple(event_words.shown(one) for one in happened.events),
            history_url=url_for("management.mandate_history", mandate_id=shown_id, before=happened.before)
            if happened.before
            else None,
        )
    )


def within(side: Side) -> str:
    """The place of the menu that a mandate is below."""
    return "management.received" if side is Side.RECEIVED else "management.granted"


def heading_of(looked: Looked) -> Text:
    """For whom a mandate is, and through whom."""
    client, other = looked.client.statutory_name, looked.intermediary.statutory_name
    return Text(f"Ketenmachtiging van {client} aan {other}", f"Chain mandate of {client} to {other}")


def facts_of_mandate(looked: Looked) -> tuple[Fact, ...]:
    """What a mandate is: parties, scope, level and period."""
    one = looked.filed.mandate
    return (
        fact(Text("Klant", "Client"), *_party(looked.client)),
        fact(Text("Intermediair", "Intermediary"), *_party(looked.intermediary)),
        fact(Text("Geldt voor", "Covers"), *scope_words.in_full(simulator().catalogue, one.scope)),
        fact(Text("Niveau", "Level"), one.level.label),
        fact(Text("Geldig vanaf", "Valid from"), one.validity.valid_from),
        fact(Text("Geldig tot en met", "Valid until"), one.validity.valid_until),
        fact(Text("Status", "Status"), CHAIN_STATUS[looked.status]),
    )


def row_of(one: Row) -> MandateRow:
    """A mandate in a list."""
    filed = one.filed.mandate
    return MandateRow(
        other=one.other.statutory_name,
        kvk_number=one.other.kvk_number,
        status=CHAIN_STATUS[one.status],
        good=one.status is ChainStatus.ACTIVE,
        scope=scope_words.in_brief(simulator().catalogue, filed.scope),
        level=filed.level,
        valid_until=filed.validity.valid_until,
        ends_soon=one.status is ChainStatus.ACTIVE and filed.validity.valid_until <= visit.visitor().day + _SOON,
        couplings=one.couplings,
        address=url_for("management.mandate", mandate_id=filed.id),
    )


def _list(side: Side, heading: Text, way: Way) -> Response:
    typed, status, number = request.args.get("q", ""), request.args.get("status", ""), page_number()
    wanted = Filter(_status(status), ending_soon=status == ENDING_SOON, typed=typed)
    found = register.listed(simulator(), visit.actor(), side, wanted, number)
    known = wanted.status is not None or wanted.ending_soon
    return pages.render(
        Mandates(
            **frame.values(),
            heading=heading,
            mandates=tuple(row_of(one) for one in found.mandates),
            statuses=_STATUSES,
            ways=(way, Way(name=AS_CSV, address=url_for(f"{within(side)}_file"))),
            results=pages.Results(total=found.total, number=number),
            query=typed,
            status=status if known else "",
            list_url=url_for(within(side)),
        )
    )


def _status(value: str) -> ChainStatus | None:
    return next((status for status in ChainStatus if status.value == value), None)


def _party(one: Organisation) -> tuple[str | Text, ...]:
    return one.statutory_name, Text(f"KvK-nummer {one.kvk_number}", f"KvK number {one.kvk_number}"), one.city


def _explanation(looked: Looked) -> Text | None:
    starts = looked.filed.mandate.validity.valid_from
    if looked.status is ChainStatus.ACTIVE and starts > looked.moment.today:
        return Text("De machtiging gaat later in.", "The mandate starts on a later date.")
    return _EXPLANATIONS.get(looked.status)


def _dossier(looked: Looked) -> tuple[Fact, ...]:
    papers = looked.filed.dossier
    signed = ", ".join(one.representative for one in papers.signatures)
    urgent = PRIORITY[papers.priority] if papers.priority is Priority.URGENT else None
    checked = _day(looked.check.checked_at if looked.check else None)
    told = (
        fact(Text("Ontstaan", "Came about"), ORIGIN[looked.filed.mandate.origin]),
        fact(Text("Aangevraagd", "Requested"), _day(papers.requested_at)),
        fact(Text("Behandeling", "Handling"), urgent),
        fact(Text("Te beoordelen vóór", "To be reviewed by"), papers.due_on),
        fact(Text("Getekend", "Signed"), _day(papers.signed_at), signed or None),
        fact(Text("Gecontroleerd bij KVK", "Checked with KVK"), checked),
        fact(Text("Actief sinds", "Active since"), _day(papers.activated_at)),
        fact(Text("Geëindigd", "Ended"), _day(papers.ended_at)),
        fact(Text("Reden", "Reason"), papers.reason or None),
    )
    return tuple(line for line in told if line.values)


def _couplings(looked: Looked) -> tuple[CouplingRow, ...]:
    shown = [one for one in looked.couplings if one.coupling.status is not LinkStatus.REVOKED]
    return tuple(_coupling(one, looked.moment.today) for one in shown)


def _coupling(one: Coupled, today: date) -> CouplingRow:
    status = one.coupling.status_at(today)
    return CouplingRow(
        person=one.person.display_name,
        means=means_in_words(one.means),
        status=LINK_STATUS[status],
        good=status is LinkStatus.ACTIVE and one.obstacle is None,
        obstacle=advise(one.obstacle).reason if one.obstacle else None,
        valid_until=one.coupling.validity.valid_until,
        version=one.coupling.version,
        changes=tuple(
            Way(name=name, address=url_for("management.change_coupling", coupling_id=one.coupling.id, change=change))
            for change, (name, statuses) in COUPLING_CHANGES.items()
            if status in statuses
        ),
    )


def _ways(looked: Looked) -> tuple[Way, ...]:
    allowed = looked.possibilities.allowed
    mandate_id = looked.filed.mandate.id
    return tuple(Way(name=NAMES[which], address=_address(which, mandate_id)) for which in NAMES if which in allowed)


def _address(possibility: Possibility, mandate_id: str) -> str:
    if possibility is Possibility.COUPLE:
        return url_for("management.couple", mandate_id=mandate_id)
    return url_for("management.ask_change", mandate_id=mandate_id, place=PLACES[possibility])


def _withheld(obstacle: Obstacle, which: tuple[Possibility, ...]) -> Withheld:
    words = advise(obstacle)
    form = Way(name=Text("Naar het intrekkingsformulier", "To the revocation form"), address=REVOCATION_FORM)
    return Withheld(
        what=tuple(NAMES[possibility] for possibility in which),
        reason=words.reason,
        next_step=words.next_step,
        way=form if obstacle is Obstacle.USE_THE_FORM and _is_there(REVOCATION_FORM) else None,
    )


def _is_there(address: str) -> bool:
    return any(rule.rule == address for rule in current_app.url_map.iter_rules())


def _day(moment: datetime | None) -> date | None:
    return amsterdam_date(moment) if moment else None
