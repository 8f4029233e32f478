"""The OpenAPI document, made from the calls and their shapes, and a page to read it on."""

from collections.abc import Mapping
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, jsonify, render_template
from pydantic import BaseModel
from spectree import Response as Responses
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from broker import __version__
from broker.core.errors import InputInvalid
from broker.web.api.guard import XML
from broker.web.api.installation import installation
from broker.web.api.problems import PROBLEM_TYPE, Problem

blueprint = Blueprint("document", __name__, url_prefix="/api", template_folder="templates")

_REFUSED: Final = (400, 401, 403, 404, 409, 415, 422)


def _checked(_request: object, _response: object, error: Any, _instance: object, adapter: Any) -> None:
    """Raises `InputInvalid` for what does not have the shape that was asked for."""
    if error is not None:
        found = adapter.validation_errors(error)
        raise InputInvalid(tuple((".".join(map(str, one["loc"])), one["msg"]) for one in found))


calls: Final = SpecTree(
    "flask",
    title="ketenbroker",
    version=__version__,
    description="Control the simulator: the register, service providers, the clock, what the next logins do, and what "
    "came of them. The same calls work for a tenant below /t/<name>.",
    path="spectree",
    mode="strict",
    annotations=True,
    before=_checked,
    validation_error_model=Problem,
    naming_strategy=lambda model: str(model.__name__).removesuffix("Shape"),
    nested_naming_strategy=lambda _parent, child: child.removesuffix("Shape"),
    security_schemes=[SecurityScheme(name="token", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))],
    security={"token": []},
)
"""Where each call is registered: `@calls.validate(resp=gives(…), tags=[…])`."""


def gives(model: type[BaseModel] | None = None, status: int = 200) -> Responses:
    """What a call answers when all is well; without a model, nothing."""
    return Responses(**{f"HTTP_{status}": model})


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The document."""
    return jsonify(_made())


@blueprint.get("")
def read() -> str:
    """The same, to read."""
    here = installation()
    return render_template(
        "api.html", document=_made(), groups=groups(_made()), base=here.settings.broker.url, tenant=here.tenant
    )


def completed(made: dict[str, Any]) -> dict[str, Any]:
    """The document that spectree makes, with what it cannot know: the shape of errors, and bodies that are XML."""
    shape = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in made["paths"].values():
        for call in methods.values():
            for status, answer in call["responses"].items():
                if int(status) in _REFUSED:
                    answer["content"] = shape
            call["responses"]["default"] = {"description": "Anything else is an error.", "content": shape}
    registration = made["paths"]["/api/v1/service-providers"]["post"]
    registration["requestBody"]["content"][XML[0]] = {"schema": {"type": "string", "description": "The metadata."}}
    raw = made["paths"]["/api/v1/logins/{login}/messages/{number}"]["get"]["responses"]["200"]
    raw["content"] = {"application/xml": {"schema": {"type": "string"}}}
    return made


def groups(made: Mapping[str, Any]) -> dict[str, list[tuple[str, str, Mapping[str, Any]]]]:
    """The calls by subject: method, path, and what the document says of it."""
    found: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {tag["name"]: [] for tag in made["tags"]}
    for path, methods in made["paths"].items():
        for method, call in methods.items():
            found[call["tags"][0]].append((method.upper(), path, call))
    return found


def _made() -> dict[str, Any]:
    return cast(dict[str, Any], current_app.extensions["document"])
