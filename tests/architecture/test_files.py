"""What may be among the files of the project, and what must be."""

import re
import tomllib
from importlib.metadata import distribution, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import CHECKOUT, files

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
# Written in pieces, so that this file does not hold what it looks for.
SECRETS = {
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE " + "KEY-----\n"),
    "a certificate": re.compile("-----BEGIN " + "CERTIFICATE-----\n"),
    "DER in base64": re.compile("MII" + "[A-Za-z0-9+/]{200,}"),
}
PLACES = {
    "a folder of one machine": re.compile(r"(?<![\w.<:/-])/(?:work|root|home|Users|mnt|opt)/[a-z]"),
    "a package registry": re.compile(
        r"\b(?:files\.pythonhosted|registry\.npmjs|registry\.yarnpkg|proxy\.golang)\.|[/]simple\b|index-"
        + "url|trusted-"
        + "host"
    ),
}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The text of every file that is text, by its path below the checkout."""
    found = {}
    for path in files():
        data = path.read_bytes()
        if b"\0" not in data:
            found[str(path.relative_to(CHECKOUT))] = data.decode("utf-8")
    assert "pyproject.toml" in found
    return found


@pytest.mark.parametrize("kind", SECRETS)
def test_no_key_material(kind: str, texts: dict[str, str]) -> None:
    assert [path for path, text in texts.items() if SECRETS[kind].search(text)] == []


def test_certs_holds_its_readme_only() -> None:
    assert [path.name for path in files() if path.parent == CHECKOUT / "certs"] == ["README.md"]
    assert [path for path in files() if path.suffix in {".key", ".pem", ".p12", ".pfx", ".der", ".crt"}] == []


@pytest.mark.parametrize("kind", PLACES)
def test_no_place_that_others_do_not_have(kind: str, texts: dict[str, str]) -> None:
    assert [f"{path}: {found.group()}" for path, text in texts.items() if (found := PLACES[kind].search(text))] == []


def test_kvk_is_the_organisation_and_its_number_is_a_kvk_number_with_a_small_v(texts: dict[str, str]) -> None:
    """As KVK itself writes it: KVK, and KvK-nummer."""
    wrong = re.compile(r"\b(?:KVK|Kvk)[- ]num|(?<!:)\bKvK\b(?![- ]num)")
    own = "tests/architecture/test_files.py"
    found = {path: hit.group() for path, text in texts.items() if path != own and (hit := wrong.search(text))}
    assert found == {}


def test_licence_is_the_eupl() -> None:
    licence = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in licence
    assert PROJECT["project"]["license"] == "EUPL-1.2"
    assert PROJECT["project"]["license-files"] == ["LICENSE"]


def test_every_dependency_is_pinned_and_installed_as_pinned() -> None:
    pinned, needed = _pinned(), _needed()
    assert sorted(needed - pinned.keys()) == []
    assert {name: version(name) for name in needed} == {name: pinned[name] for name in needed}


def test_the_build_system_is_pinned_alike() -> None:
    pinned = _pinned()
    for required in map(Requirement, PROJECT["build-system"]["requires"]):
        assert str(required.specifier) == f"=={pinned[canonicalize_name(required.name)]}"


def _pinned() -> dict[str, str]:
    pairs = [line.split("==") for line in (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()]
    return {canonicalize_name(name): pinned for name, pinned in pairs}


def _needed() -> set[str]:
    """All that the project and its tests need on this machine, directly or not."""
    project = PROJECT["project"]
    todo = [Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"]["test"])]
    seen: set[tuple[str, str]] = set()
    while todo:
        required = todo.pop()
        name = canonicalize_name(required.name)
        for extra in ("", *required.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                todo += [
                    further
                    for further in map(Requirement, distribution(name).requires or [])
                    if further.marker is None or further.marker.evaluate({"extra": extra})
                ]
    return {name for name, _ in seen}
