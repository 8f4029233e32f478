"""Errors as the API tells them: RFC 9457, `application/problem+json`, in one shape whatever went wrong."""

from typing import Final

import structlog
from flask import Flask, Response, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException

from broker.core.administration.advice import advise
from broker.core.administration.obstacles import ChangeRefused
from broker.core.errors import (
    ApiRefused,
    ConfigError,
    InputInvalid,
    NotFound,
    OutOfReach,
    SimulatorError,
    TenantExists,
    TenantUnknown,
    TokenRefused,
    TooManyTenants,
)
from broker.rules.metadata_report import Remark
from broker.store.errors import StoreConflict, StoreUnavailable
from broker.web.api.installation import simulator

log = structlog.get_logger("broker")

PROBLEM_TYPE: Final = "application/problem+json"
_INVALID: Final = 422
_NEXT_STEPS: Final[dict[type[SimulatorError], str]] = {
    TokenRefused: "Send the header `Authorization: Bearer <token>` with the token of the setting api.token.",
    ApiRefused: "Call from the machine of the broker, by its loopback address, or set a token: api.token.",
    InputInvalid: "Mend what `problems` names. The document at /api/openapi.json says what fits.",
    OutOfReach: "Choose a moment at which the certificates are valid, or make new ones with an empty certs folder.",
    TenantExists: "Choose another name, or remove the tenant first.",
    TenantUnknown: "List the tenants, or make this one with POST /api/v1/tenants.",
    TooManyTenants: "Remove a tenant, or raise the setting tenants.most.",
    NotFound: "Check the address and the id. The document at /api/openapi.json has all addresses.",
    StoreConflict: "Choose another id or number, and refer to what is there already.",
    StoreUnavailable: "Wait a moment and try again.",
    ConfigError: "Mend the file or the setting that is named.",
}
_OTHERWISE: Final = "Look in the log of the broker for the incident."
_HTTP_STEPS: Final = {
    404: _NEXT_STEPS[NotFound],
    405: "Use a method that the address takes; the header Allow names them.",
    413: "Send less.",
    415: "Send the header Content-Type: application/json with a JSON body; `{}` if there is nothing to say.",
}


class FieldProblem(BaseModel):
    """One thing that is wrong with what was given."""

    place: str = Field(description="Where: names with dots; empty for the whole.")
    detail: str = Field(description="What is wrong there.")


class RemarkShape(BaseModel):
    """What there is to say about metadata of a service provider."""

    rule: str
    severity: str = Field(description="error: refused; warning: taken all the same.")
    meaning: str = Field(description="What the rule says.")
    clause: str = Field(description="Where the scheme says so.")
    where: str
    line: int | None = Field(description="Line of the file, from 1, when it can be told.")
    detail: str = Field(description="What was seen.")
    fix: str = Field(description="What to do about it.")


class Problem(BaseModel):
    """An error. Depend on `status` and `code`; the texts are for people."""

    model_config = ConfigDict(json_schema_extra={"description": "An error as RFC 9457 has it."})

    type: str = Field(default="about:blank", description="Always this: `code` says what it is.")
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable; docs/errors.md lists all of them.")
    next_step: str = Field(description="What can be done about it.")
    incident: str = Field(description="Number under which it stands in the log.")
    problems: list[FieldProblem] = Field(default=[], description="With EH-API-03: what is wrong where.")
    findings: list[RemarkShape] = Field(default=[], description="With refused metadata: by which rules.")


def install(app: Flask) -> None:
    """Let `app` answer every error from here."""
    app.register_error_handler(SimulatorError, _explained)
    app.register_error_handler(ValueError, _unfit)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def told(remark: Remark) -> RemarkShape:
    """A finding in metadata, in English."""
    return RemarkShape(
        rule=remark.rule,
        severity=remark.severity.value,
        meaning=remark.meaning.en,
        clause=remark.clause,
        where=remark.where,
        line=remark.line,
        detail=remark.detail,
        fix=remark.advice.en,
    )


def answer(problem: Problem) -> Response:
    """The answer that tells it."""
    return Response(problem.model_dump_json(), problem.status, content_type=PROBLEM_TYPE)


def refused_metadata(remark: Remark) -> Response:
    """The answer to metadata that was not taken."""
    detail = f"{remark.where}: {remark.detail} ({remark.clause})"
    return answer(
        Problem(
            title=remark.meaning.en,
            status=_INVALID,
            detail=detail,
            code=remark.rule,
            next_step=remark.advice.en,
            incident=_logged(remark.rule, detail),
            findings=[told(remark)],
        )
    )


def _explained(error: SimulatorError) -> Response:
    kind = type(error)
    if isinstance(error, ChangeRefused):
        words = advise(error.obstacle)
        code, title, step = error.obstacle.value, words.reason.en, words.next_step.en
        status = 404 if code == "NOT_FOUND" else 409
    else:
        code, status = error.code, error.http_status
        title = (kind.__doc__ or "").partition("\n")[0]
        step = next((_NEXT_STEPS[one] for one in kind.__mro__ if one in _NEXT_STEPS), _OTHERWISE)
    problems = error.problems if isinstance(error, InputInvalid) else ()
    response = answer(
        Problem(
            title=title,
            status=status,
            detail=str(error),
            code=code,
            next_step=step,
            incident=_logged(code, str(error)),
            problems=[FieldProblem(place=place, detail=what) for place, what in problems],
        )
    )
    if isinstance(error, TokenRefused):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _unfit(error: ValueError) -> Response:
    """A value that the register may never hold: the types of the core say so."""
    return _explained(InputInvalid((("", str(error)),)))


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    code, detail = f"EH-WEB-{status}", error.description or error.name
    response = answer(
        Problem(
            title=error.name,
            status=status,
            detail=detail,
            code=code,
            next_step=_HTTP_STEPS.get(status, _OTHERWISE),
            incident=_logged(code, detail),
        )
    )
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    incident = _incident()
    log.error("api.unexpected", incident=incident, path=request.path, exc_info=error)
    title = "Something went wrong: this is the simulator's fault"
    problem = Problem(
        title=title, status=500, detail=title, code=SimulatorError.code, next_step=_OTHERWISE, incident=incident
    )
    return answer(problem)


def _logged(code: str, detail: str) -> str:
    incident = _incident()
    log.info("api.refused", incident=incident, code=code, path=request.path, detail=detail)
    return incident


def _incident() -> str:
    return simulator().ids.message_id()[1:13]
