"""Dutch and English: the texts, and which of the two a visitor gets."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from flask import Request
from pydantic import TypeAdapter

from sp_demo.settings import LANGUAGES, Language, Text

COOKIE = "sp_demo_language"

Texts = Mapping[str, Mapping[str, Text]]


def read_texts() -> Texts:
    """The texts by group and name; a text that lacks one of the languages raises `pydantic.ValidationError`."""
    raw = files("sp_demo").joinpath("texts.toml").read_text("utf-8")
    return TypeAdapter(dict[str, dict[str, Text]]).validate_python(tomllib.loads(raw))


def say(texts: Texts, language: Language, key: str, **values: object) -> str:
    """The text under `group.name` with `values` filled in; raises KeyError for an unknown key."""
    group, _, name = key.partition(".")
    return texts[group][name].in_language(language).format(**values)


def choose(request: Request, default: Language) -> Language:
    """The language asked for in the address, else the one chosen before, else what the browser prefers."""
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        for language in LANGUAGES:
            if wanted == language:
                return language
    preferred = request.accept_languages.best_match(LANGUAGES)
    return next((language for language in LANGUAGES if language == preferred), default)
