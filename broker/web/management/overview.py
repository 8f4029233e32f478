"""The first page of the Beheermodule."""

from werkzeug.wrappers import Response

from broker.web import pages
from broker.web.management import frame
from broker.web.management.pages import Overview
from broker.web.management.routes import blueprint


@blueprint.get("/overzicht")
def overview() -> Response:
    """How many relations, mandates and invitations there are."""
    return pages.render(Overview(**frame.values()))
