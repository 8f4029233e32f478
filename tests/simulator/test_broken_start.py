"""Data, keys and metadata that the broker cannot start with: one line with file, line and reason, exit status 2."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from broker.core.clock import system_clock
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.settings import load
from broker.simulator.compose import rehearse
from broker.simulator.prepare import prepare
from broker.store import documents
from broker.store.database import open_store
from tests.network import CHECKOUT
from tests.simulator.test_encryption_certificate import without_certificate

COMMAND = Path(sys.executable).with_name("ketenbroker")


@pytest.fixture(scope="module")
def ready(tmp_path_factory, installation: Path) -> Path:
    """A folder in which `ketenbroker serve` would start, to copy."""
    folder = tmp_path_factory.mktemp("ready")
    shutil.copytree(installation, folder, dirs_exist_ok=True)
    shutil.copytree(CHECKOUT / "metadata", folder / "metadata")
    settings = folder / "ketenbroker.toml"
    settings.write_text("[broker]\nport = 1\n")
    prepare(load(settings), system_clock, RandomIds())
    return folder


@pytest.fixture
def folder(ready: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(ready, copy)
    return copy


def replace_in(name: str, old: str, new: str, count: int = 1) -> Callable[[Path], None]:
    """Change a file below the folder."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, count))

    return change


def line_of(name: str, wanted: str) -> int:
    """The first line of a sample file that holds `wanted`."""
    lines = (CHECKOUT / name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if wanted in line)


REGISTER, CATALOGUE = "metadata/sample-register.yaml", "metadata/service-catalogue.xml"
TRADE_REGISTER = "metadata/trade-register.yaml"


def without_store(change: Callable[[Path], None]) -> Callable[[Path], None]:
    """As for the very first start, at which the sample data is loaded."""

    def both(folder: Path) -> None:
        for name in ("ketenbroker.sqlite*", "audit-heads.jsonl"):
            for file in (folder / "var").glob(name):
                file.unlink()
        change(folder)

    return both


CASES: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "sample-that-is-no-yaml": (
        "init",
        without_store(replace_in(REGISTER, "people:", "people: [")),
        rf"{REGISTER}:\d+: .+",
    ),
    "sample-with-an-unknown-field": (
        "init",
        without_store(replace_in(REGISTER, "    name: Fleur Voorbeeld", "    naam: Fleur Voorbeeld")),
        rf"{REGISTER}:({line_of(REGISTER, 'id: fleur-voorbeeld')}|{line_of(REGISTER, 'Fleur Voorbeeld')}): .*naa?m.*",
    ),
    "sample-with-a-kvk-number-of-seven-digits": (
        "init",
        without_store(replace_in(REGISTER, 'kvk: "68750110"', 'kvk: "6875011"')),
        rf"{REGISTER}:{line_of(REGISTER, '68750110')}: .*8 digits.*",
    ),
    "sample-with-a-mandate-of-nobody": (
        "init",
        without_store(replace_in(REGISTER, "couple: [fleur-eh3]}", "couple: [nobody]}")),
        rf"{REGISTER}:\d+: .*nobody.*",
    ),
    "catalogue-with-an-unknown-level": (
        "serve",
        replace_in(CATALOGUE, "assurance-class:loa3", "assurance-class:loa9"),
        rf"{CATALOGUE}:{line_of(CATALOGUE, 'assurance-class:loa3')}: .*loa9.*",
    ),
    "catalogue-that-is-no-xml": (
        "serve",
        replace_in(CATALOGUE, "</esc:ServiceCatalogue>", ""),
        rf"{CATALOGUE}:\d+: .+",
    ),
    "trade-register-with-a-mistake": (
        "serve",
        replace_in(TRADE_REGISTER, "authority: owner", "authority: king"),
        rf"{TRADE_REGISTER}:{line_of(TRADE_REGISTER, 'authority: owner')}: .*owner.*",
    ),
    "no-trade-register": (
        "serve",
        lambda folder: (folder / TRADE_REGISTER).unlink(),
        rf"{TRADE_REGISTER}: cannot be read.*",
    ),
    "no-catalogue": (
        "serve",
        lambda folder: (folder / CATALOGUE).unlink(),
        rf"{CATALOGUE}: cannot be read \(No such file or directory\).*",
    ),
    "key-that-is-none": (
        "serve",
        lambda folder: (folder / "certs/broker/signing.key").write_text("no key"),
        r"certs/broker/signing\.key: not a private key.*",
    ),
    "key-of-another-party": (
        "serve",
        lambda folder: shutil.copy(folder / "certs/kvk/signing.key", folder / "certs/broker/signing.key"),
        r"certs/broker/signing\.key: does not belong to the certificate beside it",
    ),
    "certificate-that-is-for-encryption": (
        "serve",
        lambda folder: shutil.copy(folder / "certs/broker/encryption.pem", folder / "certs/broker/signing.pem"),
        r"certs/broker/signing\.pem: not meant for signing.*",
    ),
    "secret-that-others-can-read": (
        "serve",
        lambda folder: (folder / "certs/secrets/choices.key").chmod(0o644),
        r"certs/secrets/choices\.key: readable by others.*",
    ),
    "network-metadata-that-was-changed": (
        "serve",
        replace_in("var/metadata/network.xml", "127.0.0.1:8081", "evil.invalid:80"),
        r"var/metadata/network\.xml: .*invalid.*",
    ),
    "no-store": (
        "serve",
        without_store(lambda _folder: None),
        r"the store does not answer: OperationalError; 'ketenbroker init' makes the store when there is none",
    ),
    "service-without-chain-that-does-not-exist": (
        "serve",
        lambda folder: (folder / "ketenbroker.toml").write_text('[policy]\nservices_without_chain = ["urn:x"]\n'),
        rf"policy\.services_without_chain: urn:x is not in {CATALOGUE}",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_it_cannot_start_with_is_told_in_one_line(folder: Path, monkeypatch, case: str):
    command, break_it, said = CASES[case]
    break_it(folder)
    monkeypatch.chdir(folder)
    with pytest.raises(ConfigError) as refused:
        start(command)
    assert re.fullmatch(said, str(refused.value)), refused.value


def start(command: str) -> None:
    """What the command does first, in this process."""
    settings = load()
    if command == "init":
        prepare(settings, system_clock, RandomIds())
    else:
        rehearse(settings, system_clock, RandomIds())


@pytest.mark.parametrize(
    "case", ["sample-with-an-unknown-field", "catalogue-with-an-unknown-level", "key-of-another-party"]
)
def test_the_command_ends_with_status_2_and_that_line(folder: Path, case: str):
    command, break_it, said = CASES[case]
    break_it(folder)
    done = run(folder, command)
    assert done.returncode == 2, done.stderr
    assert re.fullmatch(rf"ketenbroker: {said}\n", done.stderr), done.stderr


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, command], cwd=folder, check=False, capture_output=True, text=True, timeout=60)


def test_a_service_provider_that_cannot_log_in_does_not_stop_the_start_but_is_named(folder, monkeypatch, requester):
    monkeypatch.chdir(folder)
    store = open_store(load().store_url)
    wrong = (requester.entity_id, without_certificate(requester), system_clock())
    store.write(lambda tx: documents.put(tx, "service_provider", *wrong))
    store.close()
    (warning,) = rehearse(load(), system_clock, RandomIds())
    assert warning.startswith(f"{requester.entity_id} cannot log in: recipient: ")


def test_nothing_of_broken_sample_data_is_loaded(folder: Path, monkeypatch):
    """The next start with right data loads all of it."""
    monkeypatch.chdir(folder)
    without_store(replace_in(REGISTER, "couple: [otto-eh3]", "couple: [nobody]"))(folder)
    with pytest.raises(ConfigError):
        start("init")
    replace_in(REGISTER, "couple: [nobody]", "couple: [otto-eh3]")(folder)
    assert prepare(load(), system_clock, RandomIds()) == [f"sample register from {REGISTER}"]
