"""The recipes for service providers hold the configuration that tests run, and settings that this program takes."""

import json
import re
import textwrap
import tomllib
from importlib.metadata import version

import pytest

from broker.settings import Settings
from tests.docs.pages import CHECKOUT, PAGES, Page, read

RECIPES = [page for page in PAGES if page.name.startswith("docs/connect/") and not page.name.endswith("README.md")]
COMPARED = re.compile(r"<!-- From (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = {"docs/connect/keycloak.md", "docs/connect/shibboleth.md"}
READ_BY_A_TEST = {"docs/connect/python3-saml.md": "tests/dialects/test_python3_saml.py"}

every_recipe = pytest.mark.parametrize("page", RECIPES, ids=lambda page: page.name)


def _lines(text: str) -> str:
    """The lines without what they are indented by together, and with that it can be found within another."""
    return "\n".join(line.strip() for line in textwrap.dedent(text).strip().splitlines())


@every_recipe
def test_configuration_of_a_recipe_is_the_one_that_is_run(page: Page) -> None:
    compared = COMPARED.findall(page.text)
    assert bool(compared) is (page.name not in NOT_RUN | set(READ_BY_A_TEST))
    for name, code in compared:
        assert _lines(code) in _lines((CHECKOUT / name).read_text(encoding="utf-8")), name
    if page.name in READ_BY_A_TEST:
        assert page.name in (CHECKOUT / READ_BY_A_TEST[page.name]).read_text(encoding="utf-8")


@every_recipe
def test_recipe_says_what_was_checked_and_what_was_not(page: Page) -> None:
    first = " ".join(page.text.split("\n\n")[1].split())
    if page.name in NOT_RUN:
        assert re.search(r"\*\*Not run\.\*\*|not by a test", first)
        assert re.search(r"\d{4}-\d\d-\d\d", first)
    else:
        assert first.startswith("Checked by ")
    assert "ot checked" in first or "ot run" in first


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name.startswith("docs/connect/")], ids=lambda page: page.name
)
def test_settings_of_a_recipe_are_taken(page: Page) -> None:
    for language, code in page.blocks:
        if language == "toml":
            Settings(**tomllib.loads(code))
        elif language == "json":
            json.loads(code)


def test_every_recipe_is_in_the_list_with_its_version() -> None:
    index = read("docs/connect/README.md")
    assert {f"docs/connect/{link}" for link in index.links if "/" not in link} == {page.name for page in RECIPES}
    for distribution in ("django-digid-eherkenning", "maykin-python3-saml", "pysaml2"):
        assert version(distribution) in index.text
