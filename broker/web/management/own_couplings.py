"""For whom the visitor can log in: the first page, and the only one, of who is no manager."""

from flask import request, url_for
from werkzeug.wrappers import Response

from broker.core.administration.advice import advise
from broker.core.administration.obstacles import Obstacle
from broker.core.links import ChainLink
from broker.simulator import module_overview
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.pages import OwnCoupling, OwnCouplings
from broker.web.management.routes import Opens, blueprint, opens_to


@blueprint.get("/mijn-koppelingen")
@opens_to(Opens.USERS)
def own_couplings() -> Response:
    """Clients by name, searched and paged."""
    visitor, typed = visit.visitor(), request.args.get("q", "")
    found = module_overview.own_couplings(simulator(), visitor, typed, request.args.get("page", 1, type=int))
    return pages.render(
        OwnCouplings(
            **frame.values(),
            couplings=tuple(_shown(link) for link in found.links),
            results=pages.Results(total=found.total, number=found.page),
            query=typed,
            list_url=url_for("management.own_couplings"),
            why_no_more=advise(Obstacle.ROLE_EXPIRED).reason if visitor.admission.role_ended else None,
        )
    )


def _shown(link: ChainLink) -> OwnCoupling:
    return OwnCoupling(
        client=link.client.statutory_name,
        kvk_number=link.client.kvk_number,
        city=link.client.city,
        level=min(level for _, level in link.levels),
        valid_until=link.valid_until,
    )
