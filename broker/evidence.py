"""Bundles of evidence as commands make and verify them."""

from datetime import date
from pathlib import Path

from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.core.ids import Ids
from broker.settings import Settings
from broker.simulator import compose
from broker.simulator.audit import bundle_verifier, evidence
from broker.simulator.audit.evidence import NothingToShow
from broker.simulator.audit.logins import Search
from broker.store.errors import StoreUnavailable


def make(
    settings: Settings, login_id: str | None, period: tuple[date | None, date | None], clock: Clock, ids: Ids
) -> bytes:
    """The bundle of one login, or of those that began in a period of days. Raises `ConfigError`."""
    simulator = compose.compose(settings, clock, ids)
    since, until = period
    try:
        if login_id:
            return evidence.of_login(simulator, login_id)
        return evidence.of_search(simulator, Search(since=since, until=until))
    except NothingToShow as error:
        raise ConfigError(f"no bundle of evidence: {error}") from error
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {compose.NO_STORE}") from error
    except evidence.NOT_AS_WRITTEN as error:
        raise ConfigError(f"what is kept is not what was written: {error}; see 'ketenbroker audit verify'") from error
    finally:
        simulator.store.close()


def verify(bundle: Path, key: Path | None) -> list[str]:
    """What is wrong with a bundle, a line each. Raises `ConfigError` when it cannot be read."""
    try:
        return bundle_verifier.problems(bundle.read_bytes(), key.read_bytes() if key else None)
    except OSError as error:
        raise ConfigError(f"{error.filename}: cannot be read: {error.strerror}") from error
