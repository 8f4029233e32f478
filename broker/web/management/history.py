"""What happened in the organisation, and to one mandate: newest first, in words."""

from flask import request, url_for
from werkzeug.wrappers import Response

from broker.core.text import Text
from broker.simulator.administration import history as register
from broker.simulator.administration import mandates
from broker.simulator.administration.history import HistoryPage
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import event_words, frame, visit
from broker.web.management.mandates import heading_of, within
from broker.web.management.pages import NavigationItem
from broker.web.management.register_pages import History
from broker.web.management.routes import blueprint


@blueprint.get("/geschiedenis")
def history() -> Response:
    """What happened in the organisation."""
    found = register.of_organisation(simulator(), visit.actor(), _before())
    older = url_for("management.history", before=found.before) if found.before else None
    return _render(frame.values(), Text("Geschiedenis", "History"), found, older)


@blueprint.get("/ketenmachtigingen/<mandate_id>/geschiedenis")
def mandate_history(mandate_id: str) -> Response:
    """What happened to one mandate."""
    looked = mandates.look(simulator(), visit.actor(), mandate_id)
    found = register.of_mandate(simulator(), visit.actor(), mandate_id, _before())
    older = url_for("management.mandate_history", mandate_id=mandate_id, before=found.before) if found.before else None
    above = NavigationItem(name=heading_of(looked), address=url_for("management.mandate", mandate_id=mandate_id))
    heading = Text("Geschiedenis van de machtiging", "History of the mandate")
    return _render(frame.values(within(looked.side), (above,)), heading, found, older)


def _before() -> int | None:
    return request.args.get("before", None, type=int)


def _render(values: frame.PageValues, heading: Text, found: HistoryPage, older: str | None) -> Response:
    events = tuple(event_words.shown(one) for one in found.events)
    return pages.render(History(**values, heading=heading, events=events, older_url=older))
