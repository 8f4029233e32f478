"""Which language a page speaks, and how values are said in it.

Dutch is the language of the sources, so it needs no catalogue; `translations/en` is a full translation.
"""

from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from babel import negotiate_locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, Request, Response, current_app, g, request
from flask_babel import Babel, get_translations  # type: ignore[import-untyped]
from markupsafe import Markup

from broker.core.clock import AMSTERDAM
from broker.core.text import LANGUAGES, Language, Text

PARAMETER = "lang"
# Cookies are shared by all ports of a host name: each party needs a name of its own.
COOKIE = "broker_language"
_ONE_YEAR = 365 * 24 * 3600
_DATE_FORMATS = {"nl": "dd-MM-yyyy", "en": "d MMMM yyyy"}
_CENTS = 100


def install(app: Flask) -> None:
    """Let `app` speak Dutch and English, remember a choice, and give its templates the filters of this module."""
    Babel(app, default_locale="nl", locale_selector=lambda: chosen_language(request))
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # a method of jinja2.ext.i18n
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _translated
    app.jinja_env.globals.update(current_language=current_language, languages=LANGUAGES, address_in=address_in)
    app.jinja_env.filters.update(said=said, day=day, time_of_day=time_of_day, number=number)
    app.after_request(_remember)


def chosen_language(incoming: Request) -> Language:
    """The language of the request parameter, else of the cookie, else of the browser, else Dutch."""
    wishes = (
        incoming.args.get(PARAMETER),
        incoming.cookies.get(COOKIE),
        negotiate_locale(incoming.accept_languages.values(), LANGUAGES, sep="-"),
    )
    return next((language for wish in wishes for language in LANGUAGES if language == wish), "nl")


def current_language() -> Language:
    """The language of the page that is being made: chosen once, asked dozens of times."""
    known: Language | None = g.get("language")
    if known is None:
        known = g.language = chosen_language(request)
    return known


def _catalogue() -> Translations | NullTranslations:
    """The texts in the language of the page. Flask-Babel would look for them again at each of its hundred texts."""
    known: Translations | NullTranslations | None = g.get("catalogue")
    if known is None:
        known = g.catalogue = get_translations()
    return known


def _translated(text: str, **values: object) -> Markup:
    """`_` of the templates, a format string always: as the newstyle gettext of Jinja, by a shorter way."""
    return Markup(_catalogue().ugettext(text)) % values  # noqa: S704  the texts of our own templates and translations


def said(value: Text | str) -> str:
    """A text of the domain in the language of the page; a name (str) stays as it is."""
    return value if isinstance(value, str) else value.in_language(current_language())


def day(value: date) -> str:
    """`31-12-2027`, in English `31 December 2027`: a numeric date would be read in two ways there."""
    return _day(value, current_language())


@lru_cache(maxsize=1024)  # mandates of one list tend to end on the same few days
def _day(value: date, language: Language) -> str:
    return format_date(value, _DATE_FORMATS[language], locale=language)


def time_of_day(moment: datetime) -> str:
    """`14:35`, in the Netherlands."""
    return format_time(moment, "HH:mm", tzinfo=AMSTERDAM, locale=current_language())


def number(value: int) -> str:
    """`1.200`, in English `1,200`."""
    return format_decimal(value, locale=current_language())


def in_euros(cents: int) -> str:
    """An amount as people write it: `€ 19,95`."""
    return str(format_currency(cents / _CENTS, "EUR", locale=current_language()))


def address_in(language: Language) -> str:
    """This page in `language`, as a relative address: path and other parameters stay as they are."""
    others = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    return "?" + urlencode([*others, (PARAMETER, language)])


def _remember(response: Response) -> Response:
    if response.mimetype != "text/html":
        return response
    response.headers["Content-Language"] = current_language()
    if request.args.get(PARAMETER) in LANGUAGES:
        response.set_cookie(
            COOKIE,
            current_language(),
            max_age=_ONE_YEAR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response
