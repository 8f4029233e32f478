"""The pages of the documentation, taken apart: code, links, headings, tables."""

import re
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A Markdown file; `name` is its path below the checkout."""

    name: str
    text: str

    @property
    def folder(self) -> Path:
        return (CHECKOUT / self.name).parent

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """Fenced blocks: language and content."""
        return [(language, code) for _, language, code in _BLOCK.findall(self.text)]

    @property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _BLOCK.sub("", self.text)

    @property
    def spans(self) -> list[str]:
        """Code within a line."""
        return [" ".join(span.split()) for span in _SPAN.findall(self.prose)]

    @property
    def code(self) -> list[str]:
        """All code: within a line, and the lines of blocks."""
        return [*self.spans, *(line for _, block in self.blocks for line in block.splitlines())]

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.prose)

    @property
    def images(self) -> list[tuple[str, str]]:
        """Text alternative and file of each picture."""
        return _IMAGE.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """What a link may name after `#`, as GitHub makes it from headings."""
        return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in _HEADING.findall(self.prose)}

    def rows(self, heading: str) -> list[list[str]]:
        """The rows of the first table below this heading, without its head."""
        _, found, below = self.text.partition(f"## {heading}\n")
        assert found, f"{self.name}: no heading {heading!r}"
        table = re.search(r"(?:^\|.*\|\n)+", below, re.MULTILINE)
        lines = table.group().splitlines() if table else []
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def read(name: str) -> Page:
    return Page(name, (CHECKOUT / name).read_text(encoding="utf-8"))


def _below(folder: Path) -> list[Path]:
    """The pages below a folder, without those in what an example project made: its environment, pytest's cache."""
    found = sorted(folder.rglob("*.md"))
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


NAMES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "certs/README.md", "metadata/README.md")
PAGES = tuple(read(name) for name in (*NAMES, *(str(path.relative_to(CHECKOUT)) for path in _below(CHECKOUT / "docs"))))
