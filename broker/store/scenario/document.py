"""A YAML file whose every value knows its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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

Place = tuple[int | str, ...]
"""Keys and indexes that lead from the top of the file to a value."""


class Misplaced(ValueError):
    """A value that fits its field but not the rest of the file."""

    def __init__(self, path: Place, reason: str) -> None:
        """`path` leads to the value."""
        super().__init__(reason)
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Document:
    """The parsed file: its path and its top node."""

    path: Path
    top: yaml.Node

    @classmethod
    def read(cls, path: Path) -> Self:
        """Parse the file; raises `ConfigError`."""
        try:
            text = path.read_text(encoding="utf-8")
            _refuse_depth(path, text)
            top = yaml.compose(text, Loader=_LOADER)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read: {error}") from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise ConfigError(f"{path}:{line}: {error.problem}") from error
        except yaml.YAMLError as error:
            raise ConfigError(f"{path}: {str(error).splitlines()[0]}") from error
        if top is None:
            raise ConfigError(f"{path}: is empty")
        return cls(path, top)

    def validated(self, shape: type[Shape], loaded_on: date) -> Shape:
        """The content, every field of the right kind; raises `ConfigError` for the first one that is not."""
        try:
            return shape.model_validate(self._plain(self.top, set()), context={"loaded_on": loaded_on})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise self.error(first["loc"], _reason(first)) from error

    def error(self, path: Place, reason: str) -> ConfigError:
        """The error that says `reason` of the value at `path`."""
        named = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        return ConfigError(f"{self.path}:{self._line(path)}: {named + ': ' if named else ''}{reason}")

    def _line(self, path: Place) -> int:
        node, line = self.top, self.top.start_mark.line
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line + 1

    def _plain(self, node: yaml.Node, seen: set[int]) -> Any:
        if id(node) in seen:  # an alias: it could repeat itself without end
            raise self._problem(node, "aliases are not used in scenario files")
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._plain_mapping(node, seen)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(child, seen) for child in node.value]
        return node.value

    def _plain_mapping(self, node: yaml.MappingNode, seen: set[int]) -> Mapping[str, Any]:
        plain: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._problem(key, "a key must be a word")
            if key.value in plain:
                raise self._problem(key, f"{key.value} stands here twice")
            plain[key.value] = self._plain(value, seen)
        return plain

    def _problem(self, node: yaml.Node, reason: str) -> ConfigError:
        return ConfigError(f"{self.path}:{node.start_mark.line + 1}: {reason}")


def _refuse_depth(path: Path, text: str) -> None:
    """Nesting is followed by recursion, in C; without a limit a file could crash the process."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise ConfigError(f"{path}:{line}: nested too deeply")


def _child(node: yaml.Node, step: int | str) -> tuple[int, yaml.Node] | None:
    """The line and the node one step down."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    return None


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
