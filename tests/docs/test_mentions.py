"""What the pages mention exists: settings, commands, targets, addresses, files, modules, ids and codes."""

import ast
import importlib
import os
import re
import tomllib
from functools import cache
from http import HTTPStatus
from pathlib import PurePosixPath

import click
import pytest

from broker.cli import commands
from broker.core.administration.obstacles import Obstacle
from broker.core.assurance import AssuranceLevel
from broker.core.refusals import DenialReason
from broker.rules import RULES
from broker.settings import Settings
from broker.settings.model import ENVIRONMENT_PREFIX
from broker.settings.places import nearest_variable
from broker.settings.reading import FILE_NAME
from idp_stub.texts import MEANS_PROBLEMS
from sp_demo.refusal import Reason
from tests.architecture.sources import files, modules
from tests.databases import VARIABLE
from tests.docs.pages import CHECKOUT, PAGES, Page

MAKEFILE = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
# Files that a reader makes, and folders that a run makes.
OF_THE_READER = {
    FILE_NAME,
    "shibboleth2.xml",
    "attribute-map.xml",
    "my-metadata.xml",
    "my-catalogue.xml",
    "dienstcatalogus.xml",
}
MADE = ("var", "certs", "screenshots", ".venv")
FILE_KINDS = {".py", ".md", ".toml", ".yaml", ".xml", ".svg", ".png", ".txt", ".cfg", ".po", ".css", ".json", ".html"}
ID = re.compile(r"\b(?:EH-[A-Z]{3}-\d+|SP-\d\d|STUB-[A-Z]+)\b")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@every_page
def test_commands_and_their_options_exist(page: Page) -> None:
    for line in page.code:
        for words in re.findall(r"(?:^|[\s/;&(])ketenbroker((?: [^\s`'\"&;|)]+)*)", line):
            _follow(words.split(), f"{page.name}: {line}")


def _follow(words: list[str], where: str) -> None:
    command: click.Command = commands
    for word in words:
        if word.startswith("-"):
            known = {name for parameter in command.params for name in parameter.opts} | {"--help", "-h"}
            assert word in known, where
        elif isinstance(command, click.Group) and word.islower():
            assert word in command.commands, where
            command = command.commands[word]


@every_page
def test_make_targets_exist(page: Page) -> None:
    named = {target for line in page.code for target in re.findall(r"(?:^|[\s;&(])make ([a-z][a-z-]*)", line)}
    assert named - TARGETS == set()


@every_page
def test_environment_variables_exist(page: Page) -> None:
    for name in re.findall(rf"{ENVIRONMENT_PREFIX}\w+", page.text):
        assert name in (VARIABLE, nearest_variable(name))


@every_page
def test_settings_and_python_names_exist(page: Page) -> None:
    for span in page.spans:
        section, dot, name = span.partition(".")
        if dot and section in Settings.model_fields and re.fullmatch(r"\w+", name):
            assert name in _settings(section) or _resolves(span), span
        elif re.fullmatch(r"(?:broker|idp_stub|sp_demo)(?:\.\w+)+", span):
            assert _resolves(span), span
        elif assigned := re.fullmatch(r"(\w+) = .+", span):
            assert any(assigned.group(1) in _settings(item) for item in Settings.model_fields), span


def _settings(section: str) -> set[str]:
    if section not in Settings.model_fields:
        return set()
    annotation = Settings.model_fields[section].annotation
    return set((annotation.__args__[1] if section == "service_providers" else annotation).model_fields)


def _resolves(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return bool(module) and _resolves(module) and hasattr(importlib.import_module(module), attribute)
    return True


@every_page
def test_settings_files_in_the_text_are_accepted(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX)]:
        monkeypatch.delenv(name)
    for language, block in page.blocks:
        if language == "toml":
            Settings(**tomllib.loads(block))


@every_page
def test_files_and_folders_exist(page: Page) -> None:
    assert [span for span in page.spans if _is_path(span) and not _is_there(page, span)] == []


def _is_path(span: str) -> bool:
    if not re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*/?", span) or span.startswith(("text/", "application/", "--")):
        return False
    return "/" in span or PurePosixPath(span).suffix in FILE_KINDS


@cache
def _paths() -> set[str]:
    return {str(path.relative_to(CHECKOUT)) for path in files()}


def _is_there(page: Page, span: str) -> bool:
    path = span.rstrip("/")
    if "/" not in span:
        return span in {PurePosixPath(ours).name for ours in _paths()} | OF_THE_READER
    if path.split("/")[0] in MADE:
        return True
    below = {str((page.folder / path).relative_to(CHECKOUT)), path, f"tests/interop/{path}"}
    return any(found in below or any(found.startswith(f"{item}/") for item in below) for found in _paths())


@every_page
def test_ids_and_codes_exist(page: Page) -> None:
    known = _codes_in_sources() | {rule.id for rule in RULES} | {reason.value for reason in Reason}
    known |= {f"EH-WEB-{status.value}" for status in HTTPStatus}
    assert {name for name in ID.findall(page.text) if name not in known} == set()


@every_page
def test_reasons_exist(page: Page) -> None:
    known = (
        {reason.value for reason in DenialReason}
        | {obstacle.value for obstacle in Obstacle}
        | {reason.name for reason in Reason}
        | set(MEANS_PROBLEMS)
    )
    known |= {level.name for level in AssuranceLevel}
    named = {span for span in page.spans if re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", span)}
    assert {name for name in named if name not in known and not name.startswith(ENVIRONMENT_PREFIX)} == set()


def test_no_id_or_code_is_left_out() -> None:
    told = {name for page in PAGES for name in ID.findall(page.text)}
    assert _codes_in_sources() - told == set()


@cache
def _codes_in_sources() -> set[str]:
    """Every id and code that stands in a string of the three packages, docstrings left out."""
    found: set[str] = set()
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
                found |= set(ID.findall(node.value))
    return found
