"""`make docs`: the pages that list what the code holds, written from the code itself.

    settings.md   every setting, from the models of `broker.settings`
    rules.md      every rule, from `broker.rules`
    errors.md     every reason for a refusal and every code, from `broker.core`, `broker.store` and `sp_demo`
    commands.md   every command with its help, and every target of the Makefile
    api.md        every call of the API and every shape, from its OpenAPI document
    security.md   every row of what may be sent to the broker with its tests, from `tests.security`
    mandates.md   every requirement of chain mandates with its tests, from `tests.mandates`

What stands above the line `MARK` in a page is written by hand and kept. A test compares the pages with `made()`, so
one that was not made anew fails `make test`.
"""

import enum
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from broker.cli import commands
from broker.core import errors as core_errors
from broker.core.administration import obstacles
from broker.core.administration.advice import advise
from broker.core.administration.obstacles import Obstacle
from broker.core.errors import SimulatorError
from broker.core.explanations import PART_NAMES, explain
from broker.core.refusals import DenialReason
from broker.rules import (
    artifact_response,
    by_the_book,
    choice,
    evidence,
    list_request,
    logout,
    metadata_by_the_book,
    question,
    reception,
    refused_metadata,
    registration,
    request,
    resolve,
    statement,
    summary,
    summary_attributes,
    summary_by_the_book,
)
from broker.rules.rule import Rule
from broker.settings import Settings
from broker.settings.model import CAN_BE_OFF, OFF
from broker.store import errors as store_errors
from broker.web.api.app import described
from broker.web.api.document import groups
from sp_demo.__main__ import main as print_metadata
from sp_demo.language import read_texts
from sp_demo.refusal import Reason
from tests.mandates.shown import by_requirement, read_requirements
from tests.security.rows import Rows, Test, by_row, read_rows

FOLDER = Path(__file__).parent
MARK = "<!-- From here on made from the code: change the code, then run `make docs`. -->"
NARROW: dict[str, Any] = {"terminal_width": 100}
WORDS = {str: "text", int: "whole number", bool: "`true` or `false`", Path: "path"}


def made() -> dict[Path, str]:
    """Each page, with the text that it should have."""
    parts = {
        "settings.md": settings(),
        "rules.md": rules(),
        "errors.md": errors(),
        "commands.md": command_line(),
        "api.md": api(),
        "security.md": security(),
        "mandates.md": mandates(),
    }
    return {FOLDER / name: "\n\n".join((_by_hand(FOLDER / name), MARK, *lines)) + "\n" for name, lines in parts.items()}


def _by_hand(page: Path) -> str:
    text, mark, _ = page.read_text(encoding="utf-8").partition(MARK)
    if not mark:
        raise SystemExit(f"{page}: the line {MARK} is missing")
    return text.strip()


def settings() -> Iterator[str]:
    """Every setting by section."""
    for name, field in Settings.model_fields.items():
        many = get_origin(field.annotation) is dict
        model = get_args(field.annotation)[1] if many else field.annotation
        yield f'## `[{name}."<EntityID>"]`' if many else f"## `[{name}]`"
        yield str(model.__doc__)
        yield table(("Setting", "Value", "Default", "Meaning"), _settings(model))


def _settings(model: type[BaseModel]) -> Iterator[Sequence[str]]:
    for name, field in model.model_fields.items():
        yield f"`{name}`", _value(field), _written(field.default), str(field.description)


def _value(field: FieldInfo) -> str:
    bounds = [f"at least {item.ge}" for item in field.metadata if hasattr(item, "ge")]
    bounds += [f"at most {item.le}" for item in field.metadata if hasattr(item, "le")]
    kind = ", ".join((_kind(field.annotation), *bounds))
    return f"{kind}, or `{OFF}`" if CAN_BE_OFF in field.metadata else kind


def _kind(annotation: Any) -> str:
    inner = [item for item in get_args(annotation) if item not in (NoneType, ...)]
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{item}`" for item in inner)
    if get_origin(annotation) is tuple:
        return f"list of {_kind(inner[0])}s"
    if inner:
        return _kind(inner[0])
    if issubclass(annotation, enum.Enum):
        return " or ".join(f"`{item.value}`" for item in annotation)
    return WORDS[annotation]


def _written(value: Any) -> str:
    """`value` as one would write it in the settings file."""
    if value is None:
        return "–"
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{item}"' for item in value) + "]`"
    plain = value.value if isinstance(value, enum.Enum) else value
    return f"`{str(plain).lower()}`" if isinstance(plain, bool | int) else f'`"{plain}"`'


def rules() -> Iterator[str]:
    """Every rule, by the message that it is about."""
    groups: tuple[tuple[str, str, Iterable[Rule[Any]]], ...] = (
        (
            "Every message: transport, document, signature, encryption, content",
            "a page, or a SOAP fault on the back channel.",
            reception.RULES,
        ),
        ("AuthnRequest of a service provider: trust", "a page.", (*request.TRUST, request.REPEATED)),
        (
            "AuthnRequest of a service provider: support",
            "a signed answer with status Requester and RequestUnsupported; the English text is its StatusMessage.",
            request.SUPPORT,
        ),
        (
            "AuthnRequest of a service provider: trust, by the book",
            "nothing when it is judged leniently (the default): the login goes on, and its log and history tell. A "
            "page when it is judged strictly.",
            by_the_book.TRUST,
        ),
        (
            "AuthnRequest of a service provider: support, by the book",
            "nothing when it is judged leniently (the default): the login goes on, and its log and history tell. A "
            "signed answer as above when it is judged strictly.",
            by_the_book.SUPPORT,
        ),
        (
            "AuthnRequest of a service provider: notes",
            "nothing: the login goes on, and its log and history tell.",
            by_the_book.NOTES,
        ),
        ("Answer of an authentication service", "a page.", statement.RULES),
        ("ArtifactResolve of a service provider", "a SOAP fault.", (*resolve.RESOLVE, resolve.REPEATED)),
        (
            "ArtifactResolve over TLS: the connection",
            "an ArtifactResponse without a message, and the artifact is spent.",
            resolve.PEER,
        ),
        ("AuthnRequest by artifact: where and how it is fetched", "a page.", artifact_response.RULES),
        (
            "Answer of the broker, as its Beheermodule judges it",
            "a page, and nobody is let in; the rules for an ArtifactResponse above hold too.",
            summary.RULES,
        ),
        (
            "Answer of the broker, as any service provider should judge it",
            "what the service provider decides; the inspector shows them.",
            (*summary_by_the_book.RULES, *summary_attributes.RULES),
        ),
        (
            "Statements of other parties in that answer (Advice)",
            "what the service provider decides; the inspector shows them.",
            evidence.RULES,
        ),
        (
            "AuthnRequest of a broker to an authentication service",
            "what the authentication service decides; the inspector shows them.",
            question.RULES,
        ),
        ("Choice of an organisation by a person", "a page.", choice.RULES),
        (
            "Registration of a service provider (`ketenbroker sp add`, or the page of the operator)",
            "an error refuses the metadata; a warning is told to the operator.",
            (*registration.RULES, *metadata_by_the_book.RULES, *refused_metadata.RULES),
        ),
        (
            "Logging out: LogoutRequest of a service provider, answer of an authentication service",
            "a page; with a warning a page that says that logging out is not possible.",
            logout.RULES,
        ),
        ("The list of authentication services", "status 400 with the rule as text.", list_request.RULES),
    )
    for heading, answer, group in groups:
        yield f"## {heading}"
        yield f"What the sender gets: {answer}"
        rows = ((f"`{rule.id}`", rule.severity.value, rule.text.en, rule.text.nl, rule.clause) for rule in group)
        yield table(("Rule", "Severity", "What is wrong", "In Dutch", "Source"), rows)


def errors() -> Iterator[str]:
    """Every "no" that a person or a program may meet."""
    yield "## Refusals: a person may not act for an organisation"
    yield (
        "The page of the broker gives the reason, the next step and this code; the log has the code too. With "
        "`LOA_TOO_LOW` the page also names the part with the lowest level: "
        + ", ".join(name.en for name in PART_NAMES.values())
        + "."
    )
    yield table(
        ("Code", "Reason", "Next step", "In Dutch"),
        (
            (f"`{reason.value}`", words.reason.en, words.next_step.en, f"{words.reason.nl} {words.next_step.nl}")
            for reason in DenialReason
            for words in [explain(reason)]
        ),
    )
    yield "## Refusals: a change of the register is not made"
    yield table(
        ("Code", "Reason", "Next step", "In Dutch"),
        (
            (f"`{obstacle.value}`", words.reason.en, words.next_step.en, f"{words.reason.nl} {words.next_step.nl}")
            for obstacle in Obstacle
            for words in [advise(obstacle)]
        ),
    )
    yield "## Errors: the broker cannot go on"
    yield table(
        ("Code", "HTTP status", "Name", "When"),
        (
            (f"`{kind.code}`", str(kind.http_status), f"`{kind.__name__}`", _first_line(kind))
            for kind in _errors()
            if not kind.code.startswith("EH-WEB-")
        ),
    )
    yield (
        "`EH-SIM-00` is shown too when the simulator itself has a fault. `EH-WEB-<status>` stands for everything that "
        "HTTP itself refuses, with the HTTP status in it: `EH-WEB-400` a form that is not ours or a browser that "
        "keeps no cookies, `EH-WEB-404` no such page, `EH-WEB-405` an address that takes another method, "
        "`EH-WEB-413` a body that is too large."
    )
    yield "## Codes of the demo service provider"
    yield "The demo service provider refuses an answer of the broker with one of these."
    words = read_texts()["reason"]
    yield table(
        ("Code", "Name", "What the visitor reads"),
        ((f"`{item.value}`", f"`{item.name}`", words[item.name].en) for item in Reason),
    )


def _errors() -> Iterator[type[SimulatorError]]:
    for module in (core_errors, store_errors, obstacles):
        for item in vars(module).values():
            if isinstance(item, type) and issubclass(item, SimulatorError) and item.__module__ == module.__name__:
                yield item


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").partition("\n")[0]


def api() -> Iterator[str]:
    """Every call by subject, and every shape."""
    document = described()
    for subject, calls in groups(document).items():
        yield f"## {subject}"
        yield table(("Call", "What it does", "Takes", "Answers"), (_call(*call) for call in calls))
    yield "## Shapes"
    for name, shape in sorted(document["components"]["schemas"].items()):
        yield f"### {name}"
        yield " ".join(str(shape.get("description", "")).split())
        if "properties" in shape:
            needed = shape.get("required", [])
            rows = ((field, one, field in needed) for field, one in shape["properties"].items())
            yield table(("Field", "Value", "Meaning"), (_field(*row) for row in rows))
        elif "enum" in shape:
            yield ", ".join(f"`{one}`" for one in shape["enum"])


def _call(method: str, path: str, call: Mapping[str, Any]) -> Sequence[str]:
    words = " ".join(f"{call['summary']} {call['description']}".split())
    query = [f"`{one['name']}`" for one in call["parameters"] if one["in"] == "query"]
    takes = [f"query: {', '.join(query)}"] if query else []
    takes += [_content(call["requestBody"]["content"])] if "requestBody" in call else []
    answers = [
        " ".join((status, _content(one.get("content", {})))).strip()
        for status, one in call["responses"].items()
        if status.startswith("2")
    ]
    return f"`{method} {path}`", words, "; ".join(takes) or "–", ", ".join(answers)


def _content(content: Mapping[str, Any]) -> str:
    return " or ".join(_shape(body["schema"]) if "$ref" in body["schema"] else kind for kind, body in content.items())


def _field(name: str, schema: Mapping[str, Any], needed: bool) -> Sequence[str]:
    default = schema.get("default")
    usual = f"; default `{json.dumps(default)}`" if default is not None else ""
    return f"`{name}`", _shape(schema) + (", required" if needed else "") + usual, str(schema.get("description", ""))


def _shape(schema: Mapping[str, Any]) -> str:
    """The kind of a value, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(map(_shape, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_shape(schema['items'])}"
    return str(schema.get("format") or schema.get("type") or "anything")


def command_line() -> Iterator[str]:
    """Every command with its help, and every target of the Makefile."""
    yield "## make"
    makefile = (FOLDER.parent / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*?## (.*)$", makefile, re.MULTILINE)
    yield table(("Target", "What it does"), ((f"`make {name}`", text) for name, text in targets))
    programs = (
        click.Context(commands, info_name="ketenbroker", **NARROW, **commands.context_settings),
        click.Context(print_metadata, info_name="python -m sp_demo", **NARROW),
    )
    for context in itertools.chain.from_iterable(map(_contexts, programs)):
        yield f"## {context.command_path}"
        yield f"```text\n{context.get_help()}\n```"


def _contexts(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name, further in context.command.commands.items():
            yield from _contexts(click.Context(further, context, name, **further.context_settings))


def security() -> Iterator[str]:
    """Every row of what may be sent to the broker: the tests that show it, or why it does not apply."""
    rows, shown = read_rows(), by_row()
    members = {prefix: [row for row in rows.rows if row.startswith(f"{prefix}-")] for prefix in rows.groups}
    yield table(
        ("Group", "Rows", "Tested", "Not applicable"),
        (
            (
                f"{prefix}: {title}",
                *(str(len(part)) for part in (of, shown.keys() & of, rows.not_applicable.keys() & of)),
            )
            for prefix, title in rows.groups.items()
            for of in [set(members[prefix])]
        ),
    )
    for prefix, title in rows.groups.items():
        yield f"## {title}"
        yield table(
            ("Row", "What is sent", "Reason", "Tests"),
            ((f"`{row}`", rows.rows[row], *_shown(rows, row, shown.get(row, []))) for row in members[prefix]),
        )


def _shown(rows: Rows, row: str, tests: Sequence[Test]) -> tuple[str, str]:
    if row in rows.not_applicable:
        return "not applicable", rows.not_applicable[row]
    reasons = sorted(set().union(*(test.reasons for test in tests)))
    told = ", ".join(reason if reason.startswith("metadata") else f"`{reason}`" for reason in reasons)
    return rows.no_refusal.get(row, told), "<br>".join(f"`{test.path}::{test.name}`" for test in tests)


def mandates() -> Iterator[str]:
    """Every requirement of chain mandates: what is asked, and the tests that show it."""
    asked, shown = read_requirements(), by_requirement()
    for letter, title in asked.groups.items():
        yield f"## {title}"
        yield table(
            ("Id", "What is asked", "Tests"),
            (
                (f"`{one}`", said, "<br>".join(f"`{test}`" for test in shown[one]))
                for one, said in asked.requirements.items()
                if one.startswith(letter)
            ),
        )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; cells hold one line each."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def main() -> None:
    """Write the pages."""
    for page, text in made().items():
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
