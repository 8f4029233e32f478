"""The lists of the Beheermodule as files for a spreadsheet."""

from collections.abc import Iterable

from flask import Response

from broker.simulator.administration import lists
from broker.simulator.administration.mandates import Side
from broker.web.current import simulator
from broker.web.language import current_language
from broker.web.management import visit
from broker.web.management.routes import blueprint


@blueprint.get("/relaties.csv")
def relations_file() -> Response:
    """The relations of the visitor's organisation."""
    return _file("relaties.csv", lists.relations(simulator(), visit.actor()))


@blueprint.get("/ontvangen.csv")
def received_file() -> Response:
    """The chain mandates that the organisation received."""
    found = lists.mandates(simulator(), visit.actor(), Side.RECEIVED, current_language())
    return _file("ontvangen-ketenmachtigingen.csv", found)


@blueprint.get("/verleend.csv")
def granted_file() -> Response:
    """The chain mandates that the organisation gave."""
    found = lists.mandates(simulator(), visit.actor(), Side.GRANTED, current_language())
    return _file("verleende-ketenmachtigingen.csv", found)


def _file(name: str, lines: Iterable[str]) -> Response:
    """A file to keep: a browser never shows it, whatever stands in it."""
    disposition = f'attachment; filename="{name}"'
    return Response(lines, mimetype="text/csv", headers={"Content-Disposition": disposition})
