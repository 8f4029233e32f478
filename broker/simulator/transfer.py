"""Exporting and importing the register of an installation, as the operator does it from the command line."""

from pathlib import Path

from broker.core.administration.actors import OPERATOR
from broker.core.clock import Clock
from broker.core.errors import ConfigError
from broker.settings import Settings
from broker.simulator import compose
from broker.simulator.administration import whole_register
from broker.store.database import open_store
from broker.store.errors import StoreUnavailable
from broker.store.scenario import FileFormat, Scenario

_NO_STORE = "'ketenbroker init' makes the store when there is none"


def export_register(settings: Settings, path: Path) -> None:
    """Write the register to `path`, in the format that the name ends in. Raises `ConfigError`."""
    wanted, catalogue = FileFormat.of(path), compose.read_catalogues(settings).catalogue
    store = open_store(settings.store_url)
    new = path.with_name(path.name + ".new")
    try:
        with new.open("w", encoding="utf-8") as file:
            file.writelines(whole_register.exported(store, catalogue, wanted))
        new.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {_NO_STORE}") from error
    finally:
        new.unlink(missing_ok=True)
        store.close()


def import_register(settings: Settings, path: Path, clock: Clock, *, replace: bool) -> Scenario:
    """Fill the register from `path`; gives what it holds now. Raises `ConfigError`."""
    FileFormat.of(path)
    files = compose.register_files(settings)
    store = open_store(settings.store_url)
    try:
        moment = compose.clock_of(settings, clock)()
        return whole_register.imported(store, files, path, OPERATOR, moment, replace=replace)
    except StoreUnavailable as error:
        raise ConfigError(f"{error}; {_NO_STORE}") from error
    finally:
        store.close()
