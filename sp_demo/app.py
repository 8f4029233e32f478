"""The application factory: puts settings, store, SAML and pages together."""

import logging
import secrets
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, g, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from sp_demo import (
    language,
    pysaml2,  # noqa: F401  before anything that imports saml2
)
from sp_demo.clock import Clock, system_clock
from sp_demo.login import Logins, NewId, random_id
from sp_demo.settings import LANGUAGES, ConfigError, Settings, read_settings
from sp_demo.store import Store
from sp_demo.views import Site, pages

MIN_SECRET_BYTES = 32
MAX_FORM_BYTES = 64 * 1024
ONE_YEAR = 365 * 24 * 3600
_FOUND_NOTHING = 404
_FILE = (200, 304)
_PAGES = ("pages.home", "pages.login", "pages.result", "pages.outcome")

_log = logging.getLogger(__name__)


def create_app(config_path: str | Path, clock: Clock = system_clock, new_id: NewId = random_id) -> Flask:
    """The portals that the settings file at `config_path` describes; raises `ConfigError` with one line.

    The broker need not be running: only its metadata file is read. `clock` and `new_id` are for tests.
    """
    settings = read_settings(Path(config_path))
    store = _open_store(settings.state_file)
    site = Site(settings, Logins(settings, store, clock, new_id), store, language.read_texts(), clock, new_id)
    app = Flask("sp_demo")
    app.config.update(
        SECRET_KEY=_read_secret(settings.secret_key_file),
        SESSION_COOKIE_NAME="sp_demo_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.uses_tls,
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
    )
    # Else `/portal//kvk` leads to `/portal/kvk` at whatever host the request names.
    app.url_map.merge_slashes = False
    app.extensions["sp_demo"] = site
    app.register_blueprint(pages)
    _speak(app, site)
    _harden(app, settings)
    _stay_on_one_host(app, settings)
    _explain_errors(app)
    return app


def _open_store(path: Path) -> Store:
    try:
        return Store(path)
    except sqlite3.Error as error:
        raise ConfigError(f"{path}: {error}") from error


def _read_secret(path: Path) -> bytes:
    try:
        secret = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error}") from error
    if len(secret) < MIN_SECRET_BYTES:
        raise ConfigError(f"{path}: secret_key_file holds {len(secret)} bytes, expected at least {MIN_SECRET_BYTES}")
    return secret


def _speak(app: Flask, site: Site) -> None:
    """Choose the language before each request, remember a choice, and give the templates their texts."""

    @app.before_request
    def choose() -> None:
        g.language = language.choose(request, site.settings.default_language)

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(
                language.COOKIE, g.language, secure=site.settings.uses_tls, samesite="Lax", httponly=True
            )
        response.headers["Content-Language"] = g.language
        return response

    @app.context_processor
    def texts() -> dict[str, object]:
        return {"t": site.say, "here": _this_page, "local": lambda text: text.in_language(g.language)}


def _this_page(lang: str) -> str:
    """The address of this page in another language; of the start page where this one is no page to come back to."""
    if request.endpoint not in _PAGES:
        return url_for("pages.home", lang=lang)
    return url_for(request.endpoint, lang=lang, service=g.get("asked_service"), **(request.view_args or {}))


def _harden(app: Flask, settings: Settings) -> None:
    # a promise of https for localhost would hold for every other program on the developer's machine
    promises = settings.uses_tls and urlsplit(settings.base_url).hostname != "localhost"

    @app.after_request
    def headers(response: Response) -> Response:
        allowed = " ".join(["'self'", *g.get("form_targets", ())])
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"form-action {allowed}; frame-ancestors 'none'; base-uri 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        # the address of the consumer service holds an artifact
        response.headers["Referrer-Policy"] = "no-referrer"
        if promises:
            response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"
        if request.endpoint != "static" or response.status_code not in _FILE:
            response.headers["Cache-Control"] = "no-cache, no-store"
            response.headers["Pragma"] = "no-cache"
        return response


def _stay_on_one_host(app: Flask, settings: Settings) -> None:
    """Cookies belong to one host name: a login that begins at another one would not be recognised on return."""
    host = urlsplit(settings.base_url).netloc

    @app.before_request
    def move() -> Response | None:
        if request.host == host or request.method not in ("GET", "HEAD"):
            return None
        return redirect(settings.base_url + request.full_path.rstrip("?"), 302)


def _explain_errors(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> tuple[str, int]:
        text = "error.missing" if error.code == _FOUND_NOTHING else "error.refused"
        return render_template("error.html", text=text, code=error.code, reference=None), error.code or 500

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> tuple[str, int]:
        reference = secrets.token_hex(4)
        _log.exception("unexpected error, reference %s", reference, exc_info=error)
        return render_template("error.html", text="error.fault", code=500, reference=reference), 500
