"""Changing the conditions of a network: its clock, and the seed of its ids. Counts at once in every program of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from broker.core import conditions
from broker.core.clock import Clock
from broker.core.conditions import Conditions
from broker.core.errors import OutOfReach
from broker.core.ids import Ids
from broker.locking import alone_in
from broker.settings import Settings
from broker.simulator import compose, publication
from broker.simulator.layout import Layout
from broker.simulator.parties import BROKER
from broker.store.database import open_store

Step = Callable[[Conditions], Conditions]
_NEAR: Final = timedelta(minutes=1)


def change(settings: Settings, clock: Clock, ids: Ids, step: Step) -> Conditions:
    """Put what `step` makes of the conditions in their place; one change at a time. Gives them.

    When the clock moves the metadata of the network is signed anew, so that it does not end before the clock gets
    there. `clock` is the real one. Raises `OutOfReach`, and then nothing changes.
    """
    layout = Layout.of(settings)
    with alone_in(layout.state):
        before = compose.conditions_of(layout)()
        changed, real = step(before), clock()
        _check(layout, changed.moment(real))
        new = layout.conditions.with_suffix(".new")
        new.write_text(conditions.written(changed), encoding="utf-8")
        new.replace(layout.conditions)
        if abs(changed.moment(real) - before.moment(real)) > _NEAR:
            _publish(settings, clock, ids)
    return changed


def set_to(moment: datetime, real: datetime, *, frozen: bool) -> Step:
    """The clock says `moment` when it is `real`; from then on it goes on, or stands still."""

    def step(before: Conditions) -> Conditions:
        return replace(before, offset=moment - real, frozen_at=moment if frozen else None)

    return step


def advance(by: timedelta) -> Step:
    """The clock is moved, forth or back; one that stands still stands still there."""

    def step(before: Conditions) -> Conditions:
        frozen = before.frozen_at
        return replace(before, offset=before.offset + by, frozen_at=frozen + by if frozen else None)

    return step


def freeze(real: datetime) -> Step:
    """The clock stands still at what it says when it is `real`."""
    return lambda before: replace(before, frozen_at=before.moment(real))


def run_on(real: datetime) -> Step:
    """A clock that stood still goes on from there."""

    def step(before: Conditions) -> Conditions:
        return replace(before, offset=before.moment(real) - real, frozen_at=None)

    return step


def real_time(before: Conditions) -> Conditions:
    """The clock is that of the system again."""
    return replace(before, offset=timedelta(), frozen_at=None)


def begin_anew(seed: str | None) -> Step:
    """The next run: the clock of the system, and `seed` if there is one."""
    return lambda before: Conditions(seed=seed, run=before.run + 1)


def _check(layout: Layout, moment: datetime) -> None:
    certificate = compose.signing_key(layout, BROKER.certificates.folder).certificate
    if not certificate.valid_at(moment):
        begin, end = certificate.not_before.date(), certificate.not_after.date()
        raise OutOfReach(f"{moment.isoformat()}: the certificates of this network are valid from {begin} to {end}")


def _publish(settings: Settings, clock: Clock, ids: Ids) -> None:
    store = open_store(settings.store_url)
    try:
        publication.publish(settings, store, compose.clock_of(settings, clock), ids)
    finally:
        store.close()
