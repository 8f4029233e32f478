"""The one place where errors become answers.

The page says what the person can do and gives a code and an incident number; the cause goes to the log under the same
number. All failures of trust show the same page, whatever failed. The back channel gets a SOAP fault instead.
"""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain
from typing import Final

import structlog
from flask import Flask, Response, current_app, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from broker.core.errors import (
    ConfigError,
    LoginExpired,
    LoginUnknown,
    MessageRejected,
    NotFound,
    OperatorOnly,
    RecordAltered,
    SimulatorError,
    StepOutOfOrder,
)
from broker.core.text import Text
from broker.saml import artifact, document
from broker.web import pages
from broker.web.bodies import MOST_OF_A_FILE
from broker.web.current import simulator
from broker.web.saml import described

log = structlog.get_logger("broker")

_AGAIN: Final = Text(
    "Ga terug naar de website van de dienstverlener en begin daar opnieuw met inloggen.",
    "Go back to the website of the service provider and start logging in again there.",
)
_PAGES: Final[dict[type[Exception], tuple[Text, Text, Text]]] = {
    MessageRejected: (
        Text("Wij kunnen deze inlogpoging niet vertrouwen", "We cannot trust this login attempt"),
        Text(
            "Het bericht dat wij kregen is niet geldig. Er is niets teruggestuurd.",
            "The message that we got is not valid. Nothing was sent back.",
        ),
        Text(
            "Begin opnieuw bij de dienstverlener. Blijft het misgaan? Geef de dienstverlener dan de code en het "
            "incidentnummer. De ontwikkelaar vindt de oorzaak onder dat nummer in het logboek.",
            "Start again at the service provider. Does it keep failing? Give the service provider the code and the "
            "incident number. The developer finds the cause under that number in the log.",
        ),
    ),
    LoginUnknown: (
        Text("Deze inlogpoging is onbekend", "This login attempt is unknown"),
        Text(
            "De inlogpoging bestaat niet, of is in een andere browser begonnen.",
            "The login attempt does not exist, or was started in another browser.",
        ),
        _AGAIN,
    ),
    LoginExpired: (
        Text("Deze inlogpoging is verlopen", "This login attempt has expired"),
        Text("U deed er te lang over.", "It took too long."),
        _AGAIN,
    ),
    StepOutOfOrder: (
        Text("Deze stap is al voorbij", "This step is already over"),
        Text(
            "U gebruikte een oude pagina, of koos twee keer.",
            "You used an old page, or chose twice.",
        ),
        _AGAIN,
    ),
    CSRFError: (
        Text("Dit formulier is niet meer geldig", "This form is no longer valid"),
        Text(
            "Het formulier komt niet van deze website, of uw browser bewaart geen cookies.",
            "The form is not from this website, or your browser does not keep cookies.",
        ),
        Text(
            "Sta cookies toe en open de pagina opnieuw. Was u aan het inloggen? Begin dan opnieuw bij de "
            "dienstverlener.",
            "Allow cookies and open the page again. Were you logging in? Then start again at the service provider.",
        ),
    ),
    RecordAltered: (
        Text("Dit is niet meer wat is bewaard", "This is no longer what was kept"),
        Text(
            "Iets wat van logins is bewaard, is veranderd of weg. Daarom is het hier niet te zien.",
            "Something that was kept of logins was changed or is gone. So it is not shown here.",
        ),
        Text(
            "Voer op deze computer ketenbroker audit verify uit: die noemt wat er is veranderd. De oorzaak staat onder "
            "het incidentnummer in het logboek.",
            "Run ketenbroker audit verify on this computer: it names what was changed. The cause is under the incident "
            "number in the log.",
        ),
    ),
    OperatorOnly: (
        Text("Hier kunt u niet beheren", "You cannot manage the simulator here"),
        Text(
            "Het beheer van de simulator is alleen te openen op de computer waarop die draait, en kan uit staan.",
            "The pages to manage the simulator open on the computer that it runs on only, and may be off.",
        ),
        Text(
            "Open op die computer het adres met localhost, of gebruik de opdracht ketenbroker.",
            "On that computer, open the address with localhost, or use the command ketenbroker.",
        ),
    ),
    NotFound: (
        Text("Deze pagina bestaat niet", "This page does not exist"),
        Text("Het adres is onbekend.", "The address is unknown."),
        Text("Controleer het adres, of ga naar de startpagina.", "Check the address, or go to the front page."),
    ),
    RequestEntityTooLarge: (
        Text("Dit is te groot", "This is too large"),
        Text(
            f"Wat u stuurde is groter dan hier mag. Een bestand met klanten mag {MOST_OF_A_FILE // 2**20} MB zijn.",
            f"What you sent is larger than it may be here. A file of clients may have {MOST_OF_A_FILE // 2**20} MB.",
        ),
        Text(
            "Ga terug, verdeel het bestand over kleinere bestanden en upload die een voor een.",
            "Go back, split the file into smaller ones and upload them one by one.",
        ),
    ),
    HTTPException: (
        Text("Dit verzoek kunnen wij niet verwerken", "We cannot process this request"),
        Text("Het verzoek heeft een vorm die hier niet past.", "The request has a form that does not fit here."),
        _AGAIN,
    ),
    SimulatorError: (
        Text("Dat lukt nu niet", "That does not work now"),
        Text("De simulator kon uw verzoek niet afmaken.", "The simulator could not finish your request."),
        Text("Wacht even en probeer het opnieuw.", "Wait a moment and try again."),
    ),
}
_UNEXPECTED: Final = (
    Text("Er ging iets mis", "Something went wrong"),
    Text("Dit ligt aan de simulator, niet aan u.", "This is the simulator's fault, not yours."),
    Text(
        "Probeer het opnieuw. Blijft het misgaan? Meld dan het incidentnummer.",
        "Try again. Does it keep failing? Report the incident number.",
    ),
)


def install(app: Flask) -> None:
    """Let `app` answer every error from here."""
    app.register_error_handler(SimulatorError, explain)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def explain(error: SimulatorError) -> Response:
    """The page for `error`, and its cause in the log."""
    incident = _incident()
    detail = described(error.findings) if isinstance(error, MessageRejected) else str(error)
    log.warning("rejected", incident=incident, code=error.code, path=request.path, detail=detail)
    return _answer(error, error.code, error.http_status, incident)


def answer(error: Exception) -> Response:
    """The page for any error, and its cause in the log."""
    if isinstance(error, SimulatorError):
        return explain(error)
    return _http_error(error) if isinstance(error, HTTPException) else _unexpected(error)


def _http_error(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    incident = _incident()
    log.info("http.error", incident=incident, status=status, path=request.path)
    shown = NotFound() if status == HTTPStatus.NOT_FOUND else error
    return _answer(shown, f"EH-WEB-{status}", status, incident)


def _unexpected(error: Exception) -> Response:
    incident = _incident()
    log.error("unexpected", incident=incident, path=request.path, exc_info=error)
    return _answer(error, "EH-SIM-00", HTTPStatus.INTERNAL_SERVER_ERROR, incident)


def _answer(error: Exception, code: str, status: int, incident: str) -> Response:
    if request.endpoint == "back_channel.resolve":
        return _fault(code, incident)
    if "home" not in current_app.blueprints:  # the back channel at an address of its own, where no browser comes
        return Response(status=status)
    title, happened, advice = _words(type(error))
    start = url_for("home.home") if isinstance(error, NotFound) else None
    page = pages.Problem(title=title, happened=happened, advice=advice, code=code, incident=incident, start_url=start)
    return pages.render(page, status)


def explained() -> Iterator[tuple[str, Text, Text]]:
    """Every code that a page may show, what happened then, and what the person can do."""
    for kind in sorted(_shown(SimulatorError), key=lambda kind: kind.code):
        yield kind.code, *_words(kind)[1:]
    yield f"EH-WEB-{HTTPStatus.BAD_REQUEST}", *_words(CSRFError)[1:]
    yield f"EH-WEB-{HTTPStatus.REQUEST_ENTITY_TOO_LARGE}", *_words(RequestEntityTooLarge)[1:]
    yield "EH-WEB-…", *_words(HTTPException)[1:]
    yield SimulatorError.code, *_UNEXPECTED[1:]


def _shown(kind: type[SimulatorError]) -> Iterator[type[SimulatorError]]:
    """The errors without further kinds; with one that stops the start there are no pages."""
    if kind is not ConfigError:
        further = kind.__subclasses__()
        yield from chain.from_iterable(map(_shown, further)) if further else (kind,)


def _words(kind: type[Exception]) -> tuple[Text, Text, Text]:
    return next((_PAGES[known] for known in kind.__mro__ if known in _PAGES), _UNEXPECTED)


def _fault(code: str, incident: str) -> Response:
    """A SOAP 1.1 fault (HTTP 500 by SOAP 1.1, 6.2) that tells no cause."""
    body = document.write(artifact.write_fault(f"{code} {incident}"))
    return Response(body, HTTPStatus.INTERNAL_SERVER_ERROR, content_type="text/xml; charset=utf-8")


def _incident() -> str:
    return simulator().ids.message_id()[1:13]
