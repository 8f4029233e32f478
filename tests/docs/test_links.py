"""Links and pictures of the documentation lead somewhere."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.docs.pages import CHECKOUT, PAGES, Page, read

SVG = "{http://www.w3.org/2000/svg}"
MAX_PICTURE = 200_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_to_a_file_and_a_heading(page: Page) -> None:
    broken = [link for link in page.links if not re.match(r"https?:", link) and not _exists(page, link)]
    assert broken == []


def _exists(page: Page, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (page.folder / name).resolve() if name else CHECKOUT / page.name
    if not target.is_relative_to(CHECKOUT) or not target.exists():
        return False
    return not anchor or anchor in read(str(target.relative_to(CHECKOUT))).anchors


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, todo = set(), ["README.md"]
    while todo:
        page = read(todo.pop())
        seen.add(page.name)
        for link in page.links:
            target = (page.folder / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.exists():
                name = str(target.relative_to(CHECKOUT))
                todo += [name] if name not in seen else []
    assert {page.name for page in PAGES if page.name.startswith("docs/")} - seen == set()


def test_pictures_are_there_are_used_and_have_a_text_alternative() -> None:
    used: set[Path] = set()
    for page in PAGES:
        for alternative, file in page.images:
            assert len(alternative) > 40, f"{page.name}: say what is on {file}"
            used.add((page.folder / file).resolve())
    assert used == set((CHECKOUT / "docs" / "images").iterdir())


def test_pictures_are_small_and_are_what_they_are_called() -> None:
    for file in (CHECKOUT / "docs" / "images").iterdir():
        content = file.read_bytes()
        assert len(content) < MAX_PICTURE
        assert file.suffix in {".png", ".svg"}
        assert content.startswith(b"\x89PNG" if file.suffix == ".png" else b"<svg ")


def test_drawings_say_what_they_show_stand_alone_and_fit_light_and_dark() -> None:
    for file in (CHECKOUT / "docs" / "images").glob("*.svg"):
        text = file.read_text(encoding="utf-8")
        root = ElementTree.fromstring(text)
        named = {item.get("id"): item.text for item in root if item.tag in {f"{SVG}title", f"{SVG}desc"}}
        assert root.get("role") == "img"
        assert set((root.get("aria-labelledby") or "").split()) == set(named)
        assert all(named.values())
        assert "prefers-color-scheme: dark" in text
        assert not re.search(r"<script|<image|<foreignObject|href=|@import|url\((?!#)", text)
