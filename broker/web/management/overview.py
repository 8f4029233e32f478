"""The first page of the Beheermodule."""

from collections.abc import Mapping

from flask import url_for
from werkzeug.wrappers import Response

from broker.core.administration.advice import advise
from broker.core.administration.obstacles import ChangeRefused
from broker.core.mandates import ChainStatus
from broker.simulator import module_overview
from broker.simulator.module_sessions import Visitor
from broker.web import pages
from broker.web.current import simulator
from broker.web.management import frame, visit
from broker.web.management.pages import Count, Limit, Overview
from broker.web.management.routes import Opens, blueprint, opens_to
from broker.web.management.words import CHAIN_STATUS


@blueprint.get("/overzicht")
@opens_to(Opens.MANAGERS)
def overview() -> Response:
    """How many relations and mandates there are, and what is out of reach with the means in use (M-25)."""
    visitor = visit.visitor()
    counts = module_overview.counts(simulator(), visitor)
    return pages.render(
        Overview(
            **frame.values(),
            relations=counts.relations,
            received=_listed(counts.received),
            granted=_listed(counts.granted),
            limit=_limit(visitor),
        )
    )


def _limit(visitor: Visitor) -> Limit | None:
    try:
        visitor.admission.require_chains(simulator().register_policy)
    except ChangeRefused as refused:
        words = advise(refused.obstacle)
        return Limit(reason=words.reason, next_step=words.next_step, apply_url=url_for("management.application"))
    return None


def _listed(by_status: Mapping[ChainStatus, int]) -> tuple[Count, ...]:
    return tuple(Count(of=name, number=by_status[key]) for key, name in CHAIN_STATUS.items() if by_status.get(key))
