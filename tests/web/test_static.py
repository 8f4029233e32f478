"""Third-party files are the ones that were checked in on purpose; our own style stays small and local."""

import re
from pathlib import Path

import pytest

from tests.web.vendored import FOLDERS, LIST, VendoredFile, sha256_of, vendored_files

ROOT = Path(__file__).parents[2]
STYLE = ROOT / "broker" / "web" / "static" / "ketenbroker.css"
LICENCES = {
    "Bitstream-Vera": "Bitstream Vera Fonts Copyright",
    "EUPL-1.2": "EUROPEAN UNION PUBLIC LICENCE v. 1.2",
    "OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1",
}
# Their licence files say that the open licence does not apply.
FORBIDDEN = {"@rijkshuisstijl-community/design-tokens", "@utrecht/design-tokens"}


@pytest.mark.parametrize("entry", vendored_files(), ids=lambda entry: entry.file)
def test_vendored_file_is_untouched(entry: VendoredFile) -> None:
    assert sha256_of(entry.path) == entry.sha256, "see docs/vendoring.md"


def test_vendor_folders_hold_the_listed_files_only() -> None:
    found = {path for folder in FOLDERS for path in folder.rglob("*") if path.is_file() and path.name != LIST}
    assert found == {entry.path for entry in vendored_files()}
    assert set((ROOT / "broker").rglob("vendor")) == set(FOLDERS)


def test_every_package_has_an_open_licence_and_its_text_beside_it() -> None:
    packages = {(entry.package, entry.licence, entry.path.parent) for entry in vendored_files()}
    assert not {package for package, _, _ in packages} & FORBIDDEN
    for package, licence, folder in packages:
        texts = [path.read_text(encoding="utf-8") for path in folder.glob("LICENSE*")]
        assert any(LICENCES[licence] in text for text in texts), package


def test_documentation_names_every_package_and_version() -> None:
    said = (ROOT / "docs" / "vendoring.md").read_text(encoding="utf-8")
    for entry in vendored_files():
        assert f"`{entry.package}` {entry.version}" in said


@pytest.mark.parametrize("name", ["inspector.css", "ketenbroker.css", "logins.css", "operator.css", "represent.css"])
def test_own_style_is_small(name: str) -> None:
    lines = STYLE.with_name(name).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("folder", ["broker/web", "idp_stub"])
def test_nothing_is_fetched_from_elsewhere(folder: str) -> None:
    own = [
        path
        for kind in ("*.html", "*.css", "*.js")
        for path in (ROOT / folder).rglob(kind)
        if not set(FOLDERS) & set(path.parents)
    ]
    assert own
    for path in own:
        assert not re.findall(r"(?:https?:)?//[a-z]", path.read_text(encoding="utf-8")), path


def test_files_that_the_style_names_exist() -> None:
    named = re.findall(r'url\("([^"]+)"\)', STYLE.read_text(encoding="utf-8"))
    assert len(named) == 5
    for address in named:
        assert (STYLE.parent / address).is_file(), address
