"""Reading settings: the only module that looks at the settings file and at the environment."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from broker.core.errors import ConfigError
from broker.settings import places
from broker.settings.model import Settings
from broker.settings.places import Place

FILE_NAME: Final = "ketenbroker.toml"


def load(path: Path | None = None) -> Settings:
    """Read settings from `path`, or from `ketenbroker.toml` in the current folder if it is there.

    Raises `ConfigError` with one line: file, line and reason.
    """
    file = path or Path(FILE_NAME)
    if path is None and not file.exists():
        return _settings({}, None, "")
    try:
        text = file.read_text(encoding="utf-8")
        return _settings(tomllib.loads(text), file, text)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}") from error


def origins(path: Path | None = None) -> Callable[[Place], str]:
    """What tells where a setting comes from: `default`, an environment variable, or a line of the file.

    The same `path` as for `load`, which must have been able to read it.
    """
    file = path or Path(FILE_NAME)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    written = tomllib.loads(text)
    variables = {places.named_by(name): name for name in _own_variables()}

    def origin(place: Place) -> str:
        variable = variables.get(place) or variables.get(place[:1])
        if variable:
            return variable
        found: object = written
        for key in place:
            if not isinstance(found, dict) or key not in found:
                return "default"
            found = found[key]
        return f"{file}:{places.line_of(text, place)}"

    return origin


def _settings(values: dict[str, Any], file: Path | None, text: str) -> Settings:
    _refuse_unknown_variables()
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        place = tuple(str(part) for part in first["loc"])
        variable = next((name for name in _own_variables() if places.named_by(name) in (place[:1], place[:2])), None)
        where = f"environment variable {variable}" if variable else f"{file}:{places.line_of(text, place)}"
        raise ConfigError(f"{where}: {'.'.join(place)}: {first['msg']}") from error
    folder = file.parent if file else Path()
    paths = settings.paths.model_copy(
        update={
            "certs": folder / settings.paths.certs,
            "state": folder / settings.paths.state,
            "catalogues": tuple(folder / item for item in settings.paths.catalogues),
            "sample_register": folder / settings.paths.sample_register,
            "trade_register": folder / settings.paths.trade_register,
        }
    )
    authorities = tuple(folder / item for item in settings.back_channel.authorities)
    back_channel = settings.back_channel.model_copy(update={"authorities": authorities})
    heads = settings.audit.heads and folder / settings.audit.heads
    audit = settings.audit.model_copy(update={"heads": heads})
    return settings.model_copy(update={"paths": paths, "back_channel": back_channel, "audit": audit})


def _own_variables() -> list[str]:
    return [name for name in os.environ if places.is_ours(name)]


def _refuse_unknown_variables() -> None:
    """pydantic-settings passes over variables that it does not know; a typing error should not be silent."""
    for name in _own_variables():
        nearest = places.nearest_variable(name)
        if nearest != name.upper():
            raise ConfigError(f"environment variable {name} is no setting; the nearest one is {nearest}")
