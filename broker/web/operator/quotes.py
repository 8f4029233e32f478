"""Requests for a quote (offerte), as they came in (M-42). Nobody answers them here: who runs a supplier would."""

from typing import Final

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from broker.core.administration.prices import price_of
from broker.core.clock import amsterdam_date
from broker.simulator.administration import onboarding
from broker.store.administration.onboardings import QuoteRequest
from broker.web import pages as common
from broker.web.current import simulator
from broker.web.language import in_euros
from broker.web.management.showing import page_number
from broker.web.operator import desk_pages as pages
from broker.web.operator.navigation import frame

blueprint = Blueprint("quotes", __name__, url_prefix="/quotes")

_PAGE: Final = 25


@blueprint.get("")
def listing() -> Response:
    """Who asked for a quote, newest first, with what so many clients cost."""
    number = page_number()
    found = onboarding.quotes(simulator(), (number - 1) * _PAGE, _PAGE)
    return common.render(
        pages.Quotes(
            **frame(),
            rows=tuple(map(_row, found.requests)),
            results=common.Results(total=found.total, number=number, size=_PAGE),
            list_url=url_for(".listing"),
            form_url=url_for("onboarding.prices"),
        )
    )


def _row(one: QuoteRequest) -> pages.QuoteRow:
    return pages.QuoteRow(
        name=one.name,
        email=one.email,
        clients=one.clients,
        price=in_euros(price_of(one.clients, simulator().register_policy).total_cents),
        remark=one.remark,
        asked_on=amsterdam_date(one.requested_at),
    )
