"""The front page."""

from flask import Blueprint, Response, url_for

from broker.core.text import Text
from broker.web import pages
from broker.web.current import simulator

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    """What this simulator is, and who listens where."""
    sim = simulator()
    broker = pages.Party(
        name=sim.name,
        role=Text("Herkenningsmakelaar: stuurt u door en geeft het antwoord", "Broker: sends you on and answers"),
        address=sim.addresses.base,
    )
    services = (
        pages.Party(
            name=item.names,
            role=Text("Authenticatiedienst: stelt vast wie u bent", "Authentication service: establishes who you are"),
            address=item.sso_location.removesuffix("sso"),
        )
        for item in sim.authentication_services.values()
    )
    module = pages.Party(
        name=Text("Beheermodule", "Management module"),
        role=Text("Machtigingenregister: hier beheert u ketenmachtigingen", "Register: manage chain mandates here"),
        address=sim.addresses.module,
    )
    return pages.render(
        pages.Home(
            parties=(broker, *services, module),
            metadata_url=sim.addresses.metadata,
            help_url=url_for("help.codes"),
            operator_url=url_for("operator.index") if sim.operator_area else None,
        )
    )
