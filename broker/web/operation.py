"""For what watches over the broker: is it alive, can it work, how much did it do.

The figures are counted in the store, so each process of the broker tells the same. They hold numbers only, no names.
"""

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from broker import __version__
from broker.simulator import operation
from broker.store.errors import StoreUnavailable
from broker.store.figures import Figures
from broker.web.current import simulator

blueprint = Blueprint("operation", __name__)
_EXPOSITION: Final = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/health/live")
def live() -> Response:
    """The process answers. Whoever does not get this may start it anew."""
    return _told("alive")


@blueprint.get("/health/ready")
def ready() -> Response:
    """Logins can be served; with status 503 the reason why not, and then no visitors should be sent here."""
    try:
        operation.require_ready(simulator())
    except StoreUnavailable as error:
        return _told(f"not ready: {error}", status=error.http_status)
    return _told("ready")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Measured(operation.measure(simulator())))
    return Response(generate_latest(registry), content_type=_EXPOSITION)


class _Measured:
    """`figures` as prometheus_client asks for them."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("ketenbroker_up", f"The broker answers; version {__version__}.", value=1)
        logins = CounterMetricFamily("ketenbroker_logins", "Logins that ended, by how.", labels=["outcome"])
        for outcome, number in self.figures.logins.items():
            logins.add_metric([outcome.value], number)
        yield logins
        under_way = "Logins that were begun and can still go on."
        yield GaugeMetricFamily("ketenbroker_logins_under_way", under_way, value=self.figures.under_way)
        waiting = "Mails that the mail server has not taken yet."
        yield GaugeMetricFamily("ketenbroker_mails_waiting", waiting, value=self.figures.mails_waiting)
        events = CounterMetricFamily("ketenbroker_events", "Entries of the audit log.", value=self.figures.events)
        yield events


def _told(text: str, status: int = 200) -> Response:
    return Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
