"""The English catalogue says everything that the templates say, and nothing else."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import idp_stub.texts
from broker.core.text import Text

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "broker" / "web" / "translations" / "en" / "LC_MESSAGES"
REMEDY = "see the commands in babel.cfg"


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (CATALOGUE / "messages.po").open("rb") as file:
        return read_po(file, locale="en", ignore_obsolete=False)


@pytest.fixture(scope="module")
def used() -> set[object]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    # Only the broker's own folder is walked: the patterns of babel.cfg start at the root.
    methods = [(pattern.removeprefix("broker/web/"), method) for pattern, method in methods]
    options = {pattern.removeprefix("broker/web/"): values for pattern, values in options.items()}
    found = extract_from_dir(ROOT / "broker" / "web", methods, options)
    return {message for _, _, message, _, _ in found}


def test_templates_have_texts(used: set[object]) -> None:
    assert "Namens welke organisatie wilt u inloggen?" in used


def test_catalogue_has_exactly_the_texts_that_are_used(english: Catalog, used: set[object]) -> None:
    known = {message.id for message in english if message.id}
    assert known == used, REMEDY
    assert not english.obsolete, REMEDY


def test_every_text_is_translated(english: Catalog) -> None:
    for message in english:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(text.strip() for text in texts), message.id
        assert not message.fuzzy or not message.id, message.id


def test_translations_have_the_same_places_and_tags(english: Catalog) -> None:
    for message in english:
        assert list(message.check(english)) == []
        if isinstance(message.id, str) and message.id:
            for pattern in (r"%\(\w+\)s", r"</?strong>"):
                assert sorted(re.findall(pattern, message.id)) == sorted(re.findall(pattern, message.string)), (
                    message.id
                )


def test_compiled_catalogue_is_up_to_date(english: Catalog, tmp_path: Path) -> None:
    with (tmp_path / "messages.mo").open("wb") as file:
        write_mo(file, english)

    def content(path: Path) -> list[tuple[object, object]]:
        with path.open("rb") as file:
            return [(message.id, message.string) for message in read_mo(file) if message.id]

    assert content(CATALOGUE / "messages.mo") == content(tmp_path / "messages.mo"), REMEDY


def test_stub_says_everything_in_both_languages_with_the_same_places() -> None:
    texts = {name: value for name, value in vars(idp_stub.texts).items() if isinstance(value, Text)}
    assert len(texts) > 20
    for name, text in texts.items():
        assert text.nl.strip(), name
        assert text.en.strip(), name
        assert re.findall(r"{\w+}", text.nl) == re.findall(r"{\w+}", text.en), name
