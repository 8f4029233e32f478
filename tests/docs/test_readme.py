"""What somebody who comes here first must find on the first page."""

from tests.architecture.sources import files
from tests.docs.pages import CHECKOUT, read

README = read("README.md")


def test_two_commands_are_all_there_is_to_learn() -> None:
    language, code = README.blocks[0]
    assert language == "sh"
    assert [line.partition("#")[0].strip() for line in code.splitlines()] == ["make demo", "make test"]


def test_the_flow_and_a_screen_are_shown() -> None:
    assert {file for _, file in README.images} == {"docs/images/flow.svg", "docs/images/on-whose-behalf.png"}


def test_the_map_names_every_folder_and_no_other() -> None:
    (block,) = [code for language, code in README.blocks if language == "text"]
    named = [line.split()[0].rstrip("/") for line in block.splitlines()]
    paths = [path.relative_to(CHECKOUT).parts for path in files()]
    folders = {parts[0] for parts in paths if len(parts) > 1 and not parts[0].startswith(".")}
    assert sorted(named) == sorted(folders)


def test_the_architecture_has_a_diagram() -> None:
    assert "mermaid" in {language for language, _ in read("docs/architecture.md").blocks}
