"""The pages that list what the code holds are up to date, and leave nothing out."""

import importlib
import pkgutil

import click
import pytest

import broker
from broker.cli import commands
from broker.core.errors import SimulatorError
from broker.core.refusals import DenialReason
from broker.rules import RULES
from broker.settings import Settings
from docs import generate
from sp_demo.refusal import Reason
from tests.docs.pages import CHECKOUT, read


@pytest.mark.parametrize(
    "name", ["settings.md", "rules.md", "errors.md", "commands.md", "api.md", "security.md", "mandates.md"]
)
def test_page_is_what_the_generator_makes_now(name: str) -> None:
    page = CHECKOUT / "docs" / name
    assert page.read_text(encoding="utf-8") == generate.made()[page], "run `make docs`"


def test_every_setting_is_on_its_page() -> None:
    page = read("docs/settings.md")
    for section, field in Settings.model_fields.items():
        many = section == "service_providers"
        model = Settings.model_fields[section].annotation.__args__[1] if many else field.annotation
        rows = page.rows(f'`[{section}."<EntityID>"]`' if many else f"`[{section}]`")
        assert [row[0] for row in rows] == [f"`{name}`" for name in model.model_fields]
        assert [row[3] for row in rows] == [item.description for item in model.model_fields.values()]


def test_every_rule_is_on_its_page_once_with_severity_and_texts() -> None:
    text = read("docs/rules.md").text
    for rule in RULES:
        row = f"| `{rule.id}` | {rule.severity.value} | {rule.text.en} | {rule.text.nl} | {rule.clause} |"
        assert text.count(row) == 1, rule.id


def test_every_error_and_refusal_is_on_its_page() -> None:
    text = read("docs/errors.md").text
    for module in pkgutil.walk_packages(broker.__path__, "broker."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    shown = {error.code for error in _all(SimulatorError) if not error.code.startswith("EH-WEB-")}
    codes = {*shown, *(reason.value for reason in DenialReason), *(reason.value for reason in Reason)}
    assert {code for code in codes if f"| `{code}` |" not in text} == set()


def _all(kind: type[SimulatorError]) -> list[type[SimulatorError]]:
    return [kind, *(found for further in kind.__subclasses__() for found in _all(further))]


def test_every_command_is_on_its_page_with_its_help() -> None:
    text = read("docs/commands.md").text
    names = ["ketenbroker", *_paths("ketenbroker", commands)]
    assert len(names) > 5
    for name in names:
        assert f"\n## {name}\n\n```text\nUsage: {name} [OPTIONS]" in text


def _paths(path: str, group: click.Group) -> list[str]:
    found = []
    for name, command in group.commands.items():
        found.append(f"{path} {name}")
        if isinstance(command, click.Group):
            found += _paths(f"{path} {name}", command)
    return found
