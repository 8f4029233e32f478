"""The text of a scenario file, piece by piece, in YAML or JSON."""

import json
import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

import yaml

from broker.core.errors import ConfigError
from broker.store.scenario.content import Scenario
from broker.store.scenario.entries import Names, sections

_AT_ONCE: Final = 500
_WIDTH: Final = 116
_HEAD: Final = "# A register of mandates, as ketenbroker exported it. 'ketenbroker register import' reads it.\n"
# What a reader of YAML does not take as it is, or takes for the end of a line.
_SPECIAL: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes a value where it stands, also when it is the same object as one before it."""

    def ignore_aliases(self, _data: object) -> bool:
        """Scenario files have no aliases."""
        return True


def _represent_text(dumper: Any, text: str) -> Any:
    """Numbers of organisations in quotes: other readers would take them for numbers and lose their zeros."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if text.isdigit() else None)


_Dumper.add_representer(str, _represent_text)


class FileFormat(Enum):
    """In which form a register is written; both are read alike."""

    YAML = "yaml"
    JSON = "json"

    @classmethod
    def of(cls, path: Path) -> Self:
        """The format that the end of the name asks for; raises `ConfigError`."""
        known = {".yaml": cls.YAML, ".yml": cls.YAML, ".json": cls.JSON}
        if path.suffix.lower() not in known:
            raise ConfigError(f"{path}: expected a name that ends in .yaml, .yml or .json")
        return known[path.suffix.lower()]


def written(scenario: Scenario, names: Names, wanted: FileFormat) -> Iterator[str]:
    """The text of the register. Equal registers have equal texts."""
    return _json(scenario, names) if wanted is FileFormat.JSON else _yaml(scenario, names)


def _yaml(scenario: Scenario, names: Names) -> Iterator[str]:
    yield _HEAD
    for key, value in sections(scenario, names):
        if not isinstance(value, Iterator):
            if value not in ({}, True):
                yield _in_yaml({key: value}, flow=False)
            continue
        first = True
        while entries := list(islice(value, _AT_ONCE)):
            if first:
                yield f"\n{key}:\n"
            first = False
            yield _in_yaml(entries)


def _in_yaml(value: Any, *, flow: bool | None = None) -> str:
    """`flow` None writes what holds no lists or mappings on one line."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=flow, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return text


def _json(scenario: Scenario, names: Names) -> Iterator[str]:
    separator = "{\n"
    for key, value in sections(scenario, names):
        yield f"{separator}{_in_json(key)}: "
        separator = ",\n"
        if not isinstance(value, Iterator):
            yield _in_json(value)
            continue
        between = "[\n"
        for entry in value:
            yield between + _in_json(entry)
            between = ",\n"
        yield "[]" if between == "[\n" else "\n]"
    yield "\n}\n"


def _in_json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=date.isoformat)
    return _SPECIAL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
