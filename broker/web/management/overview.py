"""The first page of the Beheermodule."""

from collections.abc import Mapping

from werkzeug.wrappers import Response

from broker.core.mandates import ChainStatus
from broker.simulator import module_overview
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.pages import Count, Overview
from broker.web.management.routes import blueprint
from broker.web.management.words import CHAIN_STATUS


@blueprint.get("/overzicht")
def overview() -> Response:
    """How many relations and mandates there are."""
    counts = module_overview.counts(simulator(), visit.visitor())
    return pages.render(
        Overview(
            **frame.values(),
            relations=counts.relations,
            received=_listed(counts.received),
            granted=_listed(counts.granted),
        )
    )


def _listed(by_status: Mapping[ChainStatus, int]) -> tuple[Count, ...]:
    return tuple(Count(of=name, number=by_status[key]) for key, name in CHAIN_STATUS.items() if by_status.get(key))
