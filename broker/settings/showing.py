"""The settings that hold, as a settings file, each with where it comes from."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Final

from pydantic import BaseModel

from broker.settings.model import OFF, Settings
from broker.settings.places import Place

# `user:password@` in an address.
_PASSWORD: Final = re.compile(r"(://[^:/@\s]*):[^@\s]*@")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def as_file(settings: Settings, origin: Callable[[Place], str]) -> Iterator[str]:
    """The lines of a settings file that says all of `settings`, passwords apart; `origin` tells where each is from."""
    for place, section in _sections(settings):
        values = section.model_dump(mode="json")
        lines = {
            name: _line(name, values[name], field.default) if field.repr else f"# {name} is not shown"
            for name, field in type(section).model_fields.items()
        }
        width = max(map(len, lines.values()))
        yield from ("", f"[{'.'.join(map(_key, place))}]")
        yield from (f"{line:{width}}  # {origin((*place, name))}" for name, line in lines.items())


def _sections(settings: Settings) -> Iterator[tuple[Place, BaseModel]]:
    for name in type(settings).model_fields:
        section = getattr(settings, name)
        if isinstance(section, BaseModel):
            yield (name,), section
        else:
            yield from (((name, key), each) for key, each in section.items())


def _line(name: str, value: object, default: object) -> str:
    """What says it; TOML has no word for nothing, which a comment stands for when nothing is the default."""
    if value is None:
        return f"# {name} is not set" if default is None else f'{name} = "{OFF}"'
    shown = _PASSWORD.sub(r"\1:***@", value) if isinstance(value, str) else value
    # Texts, numbers, truth and lists of them are the same in JSON and TOML.
    return f"{name} = {json.dumps(shown, ensure_ascii=False)}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name)
