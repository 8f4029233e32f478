"""A YAML file whose every value knows its line. JSON is YAML, so it is read here too.

The file is read event by event, and nothing of it is kept but its values, so that a large register can be read. The
line of a value is looked up, in a second reading, only when there is something to say of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from broker.core.errors import ConfigError

Shape = TypeVar("Shape", bound=BaseModel)

# Values stay text until their field says what they are: 00010001 is no number and `no` is no answer.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

MAX_DEPTH = 20
_ENDS = yaml.SequenceEndEvent | yaml.MappingEndEvent

Place = tuple[int | str, ...]
"""Keys and indexes that lead from the top of the file to a value."""


class Misplaced(ValueError):
    """A value that fits its field but not the rest of the file."""

    def __init__(self, path: Place, reason: str) -> None:
        """`path` leads to the value."""
        super().__init__(reason)
        self.path = path
        self.reason = reason


class _Unusable(Exception):
    """Something in the file that is no part of the format, and its line."""

    def __init__(self, event: yaml.Event, reason: str) -> None:
        super().__init__(reason)
        self.line = _starts(event)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Document:
    """The file: its path, its text, the SHA-256 of its bytes, and its content as plain text, lists and mappings."""

    path: Path
    text: str
    digest: str
    content: Any

    @classmethod
    def read(cls, path: Path) -> Self:
        """Parse the file; raises `ConfigError`."""
        try:
            octets = path.read_bytes()
            text = octets.decode("utf-8")
            content = _Reader(text).content()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read: {error}") from error
        except _Unusable as error:
            raise ConfigError(f"{path}:{error.line}: {error.reason}") from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise ConfigError(f"{path}:{line}: {error.problem}") from error
        except yaml.YAMLError as error:
            raise ConfigError(f"{path}: {str(error).splitlines()[0]}") from error
        if content is None:
            raise ConfigError(f"{path}: is empty")
        return cls(path, text, sha256(octets).hexdigest(), content)

    def validated(self, shape: type[Shape], loaded_at: datetime) -> Shape:
        """The content, every field of the right kind; raises `ConfigError` for the first one that is not."""
        try:
            return shape.model_validate(self.content, context={"loaded_at": loaded_at})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise self.error(first["loc"], _reason(first)) from error

    def error(self, path: Place, reason: str) -> ConfigError:
        """The error that says `reason` of the value at `path`."""
        named = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        line = _line(self.text, path)
        return ConfigError(f"{self.path}:{line}: {named + ': ' if named else ''}{reason}")


class _Reader:
    """Builds the content of one file from its events."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self._depth = 0

    def content(self) -> Any:
        """What the first document of the file holds; None when it is empty. A second one is refused."""
        found, documents = None, 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Unusable(event, "a second document begins here")
                found = self._value(next(self._events))
        return found

    def _value(self, event: yaml.Event) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if isinstance(event, yaml.AliasEvent):  # it could repeat itself without end
            raise _Unusable(event, "aliases are not used in scenario files")
        # Nesting is followed by recursion; without a limit a file could end the process.
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Unusable(event, "nested too deeply")
        found = self._mapping() if isinstance(event, yaml.MappingStartEvent) else self._sequence()
        self._depth -= 1
        return found

    def _sequence(self) -> list[Any]:
        found = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.append(self._value(event))
        return found

    def _mapping(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _Unusable(event, "a key must be a word")
            if event.value in found:
                raise _Unusable(event, f"{event.value} stands here twice")
            written = next(self._events)
            found[event.value] = self._value(written)
            if _is_null(written):
                del found[event.value]
        return found


def _is_null(event: yaml.Event) -> bool:
    """Whether it says, as programs that write JSON do, that there is nothing."""
    return isinstance(event, yaml.ScalarEvent) and event.value == "null" and event.implicit[0]


def _line(text: str, path: Place) -> int:
    """The line of the value at `path`, or of the nearest one around it. `text` was read before, so it has no faults."""
    events = (event for event in yaml.parse(text, Loader=_LOADER) if isinstance(event, yaml.NodeEvent | _ENDS))
    event: yaml.Event = next(events)
    line = _starts(event)
    for step in path:
        found = _child(events, event, step)
        if found is None:
            break
        line, event = found
    return line


def _child(events: Iterator[yaml.Event], parent: yaml.Event, step: int | str) -> tuple[int, yaml.Event] | None:
    """The line and the first event of what is one step down; `events` then stand right behind it."""
    if not isinstance(parent, yaml.CollectionStartEvent):
        return None
    index = 0
    while not isinstance(event := next(events), _ENDS):
        if isinstance(parent, yaml.SequenceStartEvent):
            if index == step:
                return _starts(event), event
            _skip(events, event)
            index += 1
        elif isinstance(event, yaml.ScalarEvent):
            value = next(events)
            if event.value == str(step):
                return _starts(event), value
            _skip(events, value)
    return None


def _skip(events: Iterator[yaml.Event], event: yaml.Event) -> None:
    """Go on to the end of what `event` begins."""
    depth = int(isinstance(event, yaml.CollectionStartEvent))
    while depth:
        event = next(events)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)


def _starts(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _reason(error: ErrorDetails) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "unknown key"
        case "missing":
            return "is missing"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return error["msg"]
