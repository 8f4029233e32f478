"""Looking at the clock of an installation and moving it, as commands do it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from broker.core.clock import system_clock
from broker.core.conditions import Conditions
from broker.core.errors import ConfigError, OutOfReach
from broker.core.ids import RandomIds
from broker.settings import Settings
from broker.simulator import compose, conditions
from broker.simulator.layout import Layout
from broker.store.errors import StoreUnavailable

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TIME: Final = re.compile(r"([+-]?[0-9]{1,7})([smhdw])")


def show(settings: Settings) -> str:
    """What the clock says, in one line."""
    return _told(compose.conditions_of(Layout.of(settings))())


def set_to(settings: Settings, written: str, *, frozen: bool) -> str:
    """Set the clock to a moment, or `now`; raises `ConfigError`."""
    real = system_clock()
    moment = real if written == "now" else _moment(written)
    step = conditions.real_time if written == "now" and not frozen else conditions.set_to(moment, real, frozen=frozen)
    return _changed(settings, step)


def advance(settings: Settings, written: str) -> str:
    """Move the clock by a time such as `400d`; raises `ConfigError`."""
    found = _TIME.fullmatch(written)
    if found is None:
        raise ConfigError(f"{written!r}: expected a number and a unit, such as 90s, 15m, 2h, 400d or 3w")
    amount, unit = found.groups()
    return _changed(settings, conditions.advance(timedelta(**{_UNITS[unit]: int(amount)})))


def _changed(settings: Settings, step: conditions.Step) -> str:
    try:
        return _told(conditions.change(settings, system_clock, RandomIds(), step))
    except (OutOfReach, OverflowError) as error:
        raise ConfigError(str(error)) from error
    except OSError as error:
        raise ConfigError(f"{settings.paths.state}: {error.strerror}; {compose.NO_STORE}") from error
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {compose.NO_STORE}") from error


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ConfigError(f"{written!r}: expected now, or a moment such as 2026-01-31T12:00:00+01:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _told(now: Conditions) -> str:
    moment = now.moment(system_clock()).replace(microsecond=0).isoformat()
    if now.frozen_at is not None:
        return f"{moment}  (stands still)"
    return f"{moment}  (the system's time)" if not now.offset else f"{moment}  (the system's time and {now.offset})"
