"""Where a setting stands: the name of its environment variable, and its line in a settings file."""

import difflib
import tomllib
from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel

from broker.settings.model import ENVIRONMENT_PREFIX, Settings

Place = tuple[str, ...]
"""Section and setting, and what is below."""

# Variables of the project's own tests, which are no settings.
_TESTS: Final = f"{ENVIRONMENT_PREFIX}TEST_"


def is_ours(variable: str) -> bool:
    """Whether an environment variable is meant for us."""
    return variable.upper().startswith(ENVIRONMENT_PREFIX) and not variable.upper().startswith(_TESTS)


def named_by(variable: str) -> Place:
    """The place that a variable of ours names."""
    return tuple(variable.upper().removeprefix(ENVIRONMENT_PREFIX).lower().split("__"))


def nearest_variable(variable: str) -> str:
    """The variable that exists and is most like `variable`: itself, in upper case, when it is one."""
    known = sorted(ENVIRONMENT_PREFIX + "__".join(place).upper() for place in _places())
    return difflib.get_close_matches(variable.upper(), known, n=1, cutoff=0)[0]


def _places() -> Iterator[Place]:
    """Each setting of each section, and as a whole a section whose settings have names of their own."""
    for section, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from ((section, setting) for setting in field.annotation.model_fields)
        else:
            yield (section,)


def line_of(text: str, place: Place) -> int:
    """The line, from 1, that comes nearest to the setting at `place`: its own, else that of its section, else 1."""
    section: Place = ()
    best, nearness = 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("["):
            here = section = _keys(line)
        else:
            here = section + _keys(f"{line.partition('=')[0]} = 0")
        if len(here) > nearness and here == place[: len(here)]:
            best, nearness = number, len(here)
    return best


def _keys(line: str) -> Place:
    """The keys, dotted and quoted ones apart, of one line of TOML; none when it says nothing by itself."""
    try:
        found: object = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    keys = []
    while isinstance(found, dict) and found:
        (key, found), *_ = found.items()
        keys.append(key)
    return tuple(keys)
