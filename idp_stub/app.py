"""The pages of the stub."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import structlog
from flask import Flask, Response, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from broker.core import conditions
from broker.core.catalogue import Service
from broker.core.clock import Clock, system_clock
from broker.core.conditions import Conditions, clock_under
from broker.core.current import Current
from broker.core.ids import Ids, RandomIds, RepeatableIds
from broker.core.tenants import Tenants, entered
from broker.core.text import Text
from broker.saml import catalogue, network, post
from broker.saml.faults import Fault
from broker.saml.keys import Certificate, SigningKey, VerificationKey
from broker.saml.network import Network
from idp_stub import logout, pages, questions, statements, texts
from idp_stub.accounts import KINDS, Account, Accounts, Means
from idp_stub.config import Config
from idp_stub.questions import Question, QuestionRefused
from idp_stub.sessions import Session, Sessions
from idp_stub.statements import Issuer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = structlog.get_logger("idp_stub")

_SEE_OTHER: Final = 303
_MAX_BODY: Final = 512 * 1024
_REMEMBERED_ANSWERS: Final = 10_000
# A field beside the question: what the person does here, so that a test needs nobody at the screen. Whoever could send
# it can choose anybody on the page as well: there are no passwords.
_SCRIPTED: Final = "scripted"


@dataclass(frozen=True, slots=True)
class Answered:
    """The questions that were answered, so that none is answered twice; the oldest are forgotten first."""

    ids: dict[str, None] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def claim(self, request_id: str) -> None:
        """Answer this question now; raises `QuestionRefused` when it was answered before."""
        with self.lock:
            if request_id in self.ids:
                raise QuestionRefused("the question was answered before")
            self.ids[request_id] = None
            if len(self.ids) > _REMEMBERED_ANSWERS:
                del self.ids[next(iter(self.ids))]


@dataclass(frozen=True, slots=True)
class Stub:
    """Everything a view needs."""

    sso_location: str
    logout_location: str
    known: Current[Network]
    services: Mapping[str, Service]
    issuer: Issuer
    accounts: Accounts
    secret: bytes
    demo_url: str
    answered: Answered
    conditions: Callable[[], Conditions]
    sessions: Sessions
    clock: Clock
    ids: Ids

    @property
    def network(self) -> Network:
        """The network as the management organisation has signed it now."""
        return self.known.get()

    def claim(self, request_id: str) -> None:
        """Answer this question now; raises `QuestionRefused` when it was answered before, in this run."""
        self.answered.claim(f"{self.conditions().run} {request_id}")

    def broker_name(self, entity_id: str) -> Text:
        """The display name of a broker of the network."""
        return next(item.names for item in self.network.brokers if item.entity_id == entity_id)


def create_app(config_file: str | Path, clock: Clock = system_clock, ids: Ids | None = None) -> Flask:
    """The stub as a web application, with the settings in `config_file`; the networks of its tenants are served too."""
    config, ids = Config.load(Path(config_file)), ids or RandomIds()
    app = _one_network(config, clock, ids)

    def make(_name: str, folder: Path) -> Flask:
        return _one_network(Config.load(folder / "stub" / "config.toml"), clock, ids)

    tenants: Tenants[Flask] = Tenants(config.tenants, make, lambda _: None)
    usual = app.wsgi_app

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        name, inside = entered(environ)
        tenant = tenants.find(name) if name else None
        return tenant(inside, start_response) if tenant else usual(environ, start_response)

    app.wsgi_app = serve  # type: ignore[method-assign]
    return app


def _one_network(config: Config, clock: Clock, ids: Ids) -> Flask:
    known = conditions.current(config.conditions, _kept)
    ids = RepeatableIds(ids, lambda: known().seed)
    app = Flask("idp_stub")
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = _MAX_BODY
    # Else `/static//x` leads to `/static/x` at whatever host the request names.
    app.url_map.merge_slashes = False
    app.extensions["stub"] = _stub(config, known, clock_under(known, clock), ids)
    pages.install(app, config.base_url)
    app.post("/sso")(sso)
    app.get("/sign-in")(sign_in)
    app.post("/sign-in")(authenticate)
    app.post("/cancel")(cancel)
    app.post("/logout")(log_out)
    app.get("/")(home)
    app.register_error_handler(QuestionRefused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    return app


def _stub(config: Config, conditions_now: Callable[[], Conditions], clock: Clock, ids: Ids) -> Stub:
    authority = VerificationKey.of(Certificate.from_pem_file(config.network_certificate))
    metadata = config.network_metadata
    known = Current((metadata,), lambda: _network(metadata, authority, clock), (Fault, OSError), _kept)
    services = catalogue.merge([catalogue.read_catalogue(path.read_bytes(), str(path)) for path in config.catalogues])
    register = next(item for item in known.get().registers if item.entity_id == config.register)
    signing = SigningKey.load(config.signing_key, config.signing_certificate)
    return Stub(
        sso_location=f"{config.base_url}/sso",
        logout_location=f"{config.base_url}/logout",
        known=known,
        services={str(service.instance_uuid): service for service in services.catalogue.services.values()},
        issuer=Issuer(config.entity_id, signing, register.recipient),
        accounts=Accounts(config.accounts),
        secret=config.secret.read_bytes(),
        demo_url=config.demo_url,
        answered=Answered(),
        conditions=conditions_now,
        sessions=Sessions(),
        clock=clock,
        ids=ids,
    )


def _network(metadata: Path, authority: VerificationKey, clock: Clock) -> Network:
    return network.read_network(metadata.read_bytes(), (authority,), clock())


def _kept(error: Exception) -> None:
    log.warning("network metadata refused", detail=str(error))


def _current() -> Stub:
    return cast(Stub, current_app.extensions["stub"])


def home() -> Response:
    """What this is, for whoever looks; a login begins elsewhere."""
    return pages.render(pages.Home(demo_url=_current().demo_url))


def sso() -> AnyResponse:
    """A question of the broker (HTTP-POST)."""
    stub = _current()
    brokers = {item.entity_id: item for item in stub.network.brokers}
    form = request.form.to_dict(flat=False)
    question = questions.receive(form, brokers, stub.sso_location, stub.clock())
    what, _, means_id = request.form.get(_SCRIPTED, "").partition(":")
    match what:
        case "means":
            return _log_in(question, means_id)
        case "cancel":
            return _stop(question)
        case "down":
            return _problem(texts.WENT_WRONG, texts.START_AGAIN, "STUB-DOWN", 503)
    return redirect(url_for("sign_in", question=questions.to_token(question, stub.secret)), _SEE_OTHER)


def sign_in() -> Response:
    """Pick a person and their means."""
    stub, moment = _current(), _current().clock()
    token = request.args.get("question", "")
    question = questions.from_token(token, stub.secret)
    service, told = stub.services.get(question.service_uuid), question.provider_name
    query = request.args.get("q", "").strip()
    found = [account for account in stub.accounts.all() if account.matches(query)]
    return pages.render(
        pages.SignIn(
            broker=stub.broker_name(question.broker),
            service=service.name if service else None,
            provider=service.provider_called(told) if service else told,
            level=question.level,
            organisations=_by_organisation(found, question, moment),
            query=query,
            list_url=url_for("sign_in", question=token),
            sign_in_url=url_for("authenticate"),
            cancel_url=url_for("cancel"),
            hidden={"question": token},
        )
    )


def authenticate() -> Response:
    """The person logs in with the means they picked."""
    return _log_in(_posted_question(), request.form.get("means", ""))


def _log_in(question: Question, means_id: str) -> Response:
    stub, moment = _current(), _current().clock()
    found = stub.accounts.find(means_id)
    if found is None:
        raise QuestionRefused("these means do not exist")
    account, means = found
    problem = means.problem_at(moment, question.level)
    if problem is not None:
        return _means_refused(question, account, means, problem)
    stub.claim(question.request_id)
    log.info("authenticated", request=question.request_id, level=means.level.label)
    message = statements.authenticated(stub.issuer, question, means, moment, stub.ids.within(question.request_id))
    stub.sessions.open(statements.subject_of(message), Session(question.provider_name, moment))
    return _return(question, post.encode(message))


def cancel() -> Response:
    """The person stops."""
    return _stop(_posted_question())


def _stop(question: Question) -> Response:
    stub = _current()
    stub.claim(question.request_id)
    log.info("cancelled", request=question.request_id)
    ids = stub.ids.within(question.request_id)
    return _return(question, post.encode(statements.cancelled(stub.issuer, question, stub.clock(), ids)))


def log_out() -> Response:
    """The person logs out: the broker sends them here with a LogoutRequest (HTTP-POST)."""
    stub, moment = _current(), _current().clock()
    brokers = {item.entity_id: item for item in stub.network.brokers}
    leaving = logout.receive(request.form.to_dict(flat=False), brokers, stub.logout_location, moment)
    stub.claim(leaving.request_id)
    ended = stub.sessions.end(leaving.transient, moment)
    log.info("logged out", request=leaving.request_id, known=ended is not None)
    fields = {}
    if leaving.return_to is not None:
        answer = logout.answer(stub.issuer, leaving, moment, stub.ids.within(leaving.request_id))
        fields = {"SAMLResponse": post.encode(answer)}
        fields["RelayState"] = leaving.relay_state or ""
    return pages.render(
        pages.LoggedOut(
            provider=ended.provider_name if ended else None,
            target=leaving.return_to,
            fields=fields,
        )
    )


def _posted_question() -> Question:
    return questions.from_token(request.form.get("question", ""), _current().secret)


def _return(question: Question, message: str) -> Response:
    fields = {"SAMLResponse": message, "RelayState": question.relay_state}
    broker = _current().broker_name(question.broker)
    return pages.render(pages.ReturnForm(broker=broker, target=question.consumer, fields=fields))


def _by_organisation(accounts: list[Account], question: Question, moment: datetime) -> tuple[pages.Organisation, ...]:
    groups: dict[str, list[pages.Person]] = {}
    for account in accounts:
        means = tuple(_option(item, item.problem_at(moment, question.level)) for item in account.means)
        groups.setdefault(account.organisation, []).append(pages.Person(name=account.person, means=means))
    return tuple(pages.Organisation(name=name, people=tuple(people)) for name, people in groups.items())


def _option(means: Means, problem: str | None) -> pages.MeansOption:
    words = texts.MEANS_PROBLEMS[problem][0] if problem else None
    return pages.MeansOption(token=means.id, level=means.level, kind=KINDS[means.type], problem=words)


def _means_refused(question: Question, account: Account, means: Means, problem: str) -> Response:
    reason, suggestion = texts.MEANS_PROBLEMS[problem]
    token = questions.to_token(question, _current().secret)
    log.info("means refused", request=question.request_id, problem=problem)
    return pages.render(
        pages.MeansRefused(
            broker=_current().broker_name(question.broker),
            level=question.level,
            person=account.person,
            means=_option(means, problem),
            reason=reason,
            suggestion=suggestion,
            code=problem,
            retry_url=url_for("sign_in", question=token),
            cancel_url=url_for("cancel"),
            hidden={"question": token},
        )
    )


def _refused(error: QuestionRefused) -> Response:
    log.warning("refused", detail=str(error))
    return _problem(texts.NOT_TRUSTED, texts.START_AGAIN, "STUB-QUESTION", 400)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    return _problem(texts.NOT_UNDERSTOOD, texts.START_AGAIN, f"STUB-HTTP-{status}", status)


def _unexpected(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return _problem(texts.WENT_WRONG, texts.START_AGAIN, "STUB-UNEXPECTED", 500)


def _problem(happened: Text, advice: Text, code: str, status: int) -> Response:
    incident = _current().ids.message_id()[1:13]
    log.info("problem page", incident=incident, code=code)
    page = pages.Problem(title=texts.PROBLEM_TITLE, happened=happened, advice=advice, code=code, incident=incident)
    return pages.render(page, status)
