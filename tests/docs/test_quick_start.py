"""Every command of the quick start is run, by a reader with metadata of their own who logs in at the demo."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from broker.cli import commands
from broker.simulator import service_providers
from tests.docs.pages import CHECKOUT, read
from tests.network import Network
from tests.requester import Requester

PAGE = read("docs/quick-start.md")
SHELL = [code for language, code in PAGE.blocks if language == "sh"]
OIN = "00000099000000110000"
PROGRAM = ".venv/bin/ketenbroker"
STATUS = {"--cancel-at": 3, "Nina Nul": 4}


def lines(code: str) -> Iterator[list[str]]:
    for line in code.replace("\\\n", " ").splitlines():
        yield shlex.split(line)


def test_first_block_starts_the_demo_which_other_tests_run() -> None:
    assert SHELL[0] == "make demo\n"
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^demo:.*\n(?:\t.*\n)*\t.*ketenbroker demo", makefile, re.MULTILINE)


def test_every_other_command_does_what_the_page_says(
    network: Network, requester: Requester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    entity_id, services = f"urn:etoegang:DV:{OIN}:entities:9077", {9077: f"urn:etoegang:DV:{OIN}:services:9077"}
    own = replace(requester, entity_id=entity_id, services=services)
    (tmp_path / "my-metadata.xml").write_bytes(own.metadata())
    written = {
        "http://127.0.0.1:8082": network.demo,
        "http://127.0.0.1:8000/login": network.login_address("gemeente", 9001),
        "urn:etoegang:DV:00000099000000150000:entities:9001": entity_id,
    }
    run = []
    for language, code in PAGE.blocks[1:]:
        if language == "toml":
            named = tomllib.loads(code)["paths"]["catalogues"]
            settings(network, tmp_path, [CHECKOUT / named[0], tmp_path / named[1]])
        else:
            if not run:
                settings(network, tmp_path, network.settings.paths.catalogues)
            for name, real in written.items():
                code = code.replace(name, real)  # noqa: PLW2901
            run += [carry_out(words) for words in lines(code)]

    service_providers.remove(network.simulator.store, entity_id)
    assert "Outcome  logged_in" in run[0]
    assert f"{network.broker}/broker/metadata/1.13" in run[1]
    assert "The broker can start with these settings." in run[3]
    assert [re.search(r"Outcome  (\w+)", output).group(1) for output in run[4:]] == ["logged_in", "cancelled", "denied"]


def settings(network: Network, folder: Path, catalogues: list[Path]) -> None:
    """The settings file of the reader, who has the ports and folders of the running network."""
    paths, ports = network.settings.paths, {name: getattr(network.settings, name).port for name in ("broker", "stub")}
    sections = "".join(f"[{name}]\nport = {port}\n" for name, port in ports.items())
    (folder / "ketenbroker.toml").write_text(
        f'{sections}[paths]\ncerts = "{paths.certs}"\nstate = "{paths.state}"\n'
        f"catalogues = {[str(path) for path in catalogues]}\n"
        f'sample_register = "{paths.sample_register}"\ntrade_register = "{paths.trade_register}"\n'
    )


def carry_out(words: list[str]) -> str:
    """What a command says; its exit status must be the one that the page tells. A `>` writes that to a file."""
    assert words[0] == PROGRAM
    words, output = (words[:-2], words[-1]) if ">" in words else (words, None)
    done = CliRunner().invoke(commands, words[1:], catch_exceptions=False)
    expected = next((status for word, status in STATUS.items() if word in words), 0)
    assert done.exit_code == expected, done.output
    if output is not None:
        Path(output).write_text(done.stdout[done.stdout.index("<") :])
    return done.output
