"""The command line, run as a user runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from broker import auditing
from broker.settings import load
from tests.flow.steps import REFUSED, choose, details, organisations, prove
from tests.interop.driver import Browser
from tests.interop.page import Page
from tests.requester import Requester
from tests.simulator.test_encryption_certificate import without_certificate

COMMAND = Path(sys.executable).with_name("ketenbroker")
READY_S = 60
LOGIN = re.compile(r"^  \d\. .+\n     (http\S+)\n     choose (.+) \((EH\d\S*?)[ )].*$", re.MULTILINE)


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def settings_file(folder: Path, ports: dict[str, int], more: str = "") -> None:
    sections = "".join(f"[{name}]\nport = {port}\n" for name, port in ports.items())
    (folder / "ketenbroker.toml").write_text(sections + more)


@dataclass(frozen=True)
class Demo:
    """`ketenbroker demo` as it runs in a folder."""

    process: subprocess.Popen[str]
    folder: Path

    @property
    def said(self) -> str:
        return (self.folder / "out").read_text()

    def stop(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(20) == 0


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    deadline = time.monotonic() + READY_S
    with (folder / "out").open("w") as out:
        process = subprocess.Popen([COMMAND, "demo"], cwd=folder, stdout=out, stderr=subprocess.STDOUT, text=True)
    try:
        while "Ctrl-C stops" not in (folder / "out").read_text() and time.monotonic() < deadline:
            assert process.poll() is None, (folder / "out").read_text()
            time.sleep(0.05)
        yield Demo(process, folder)
    finally:
        process.terminate()  # so that it stops what it started; nothing, when it has ended
        process.wait(20)


def test_demo_prints_three_logins_that_work_and_stops_on_ctrl_c(folder, ports):
    settings_file(folder, ports)
    with running_demo(folder) as demo:
        assert f"http://localhost:{ports['broker']}\n" in demo.said
        for name in ("stub", "demo"):  # another site than the broker's, as in the field
            assert f"http://127.0.0.1:{ports[name]}\n" in demo.said
        for_a_client, for_one_of_1200, refused = LOGIN.findall(demo.said)
        with Browser() as browser:
            page = _at_the_broker(browser, *for_a_client)
            at_portal = choose(browser, page, organisations(page)[1])
            assert at_portal.heading.startswith("U handelt namens")
            assert " via Administratiekantoor Papiermolen B.V. " in at_portal.heading

            page = _at_the_broker(browser, *for_one_of_1200)
            page = browser.submit(page.form("Zoek").fill({"q": "vos"}))
            at_portal = choose(browser, page, organisations(page)[0])
            assert " via Salarisbureau Loonstrook B.V. " in at_portal.heading

            page = _at_the_broker(browser, *refused)
            assert page.heading == REFUSED
            assert details(page)["Code"] == "MEANS_TYPE_NOT_ALLOWED"
        demo.stop()
        assert demo.said.rstrip().endswith("Stopped.")
        assert "Traceback" not in demo.said
        verdict = auditing.verify(load(folder / "ketenbroker.toml")).verdict
        # Whatever happened since the last minute was signed at the stop.
        assert (verdict.broken, verdict.signed) == (None, verdict.events)
        assert verdict.events > 8
    for port in ports.values():
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{port}/", timeout=2)


def _at_the_broker(browser: Browser, address: str, person: str, level: str) -> Page:
    """From a printed address to what the broker shows to that person."""
    to_stub = browser.submit(browser.open(address).form())
    answer = prove(browser, browser.submit(to_stub.form()), person, level)
    return browser.submit(answer.form())


def test_second_start_makes_nothing_anew(initialised, ports):
    settings_file(initialised, ports)
    with running_demo(initialised) as demo:
        assert "Made" not in demo.said


def test_demo_says_which_address_is_taken(initialised, ports):
    settings_file(initialised, ports)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports["stub"]))
        taken.listen()
        done = run(initialised, "demo")
    assert done.returncode == 2
    assert re.fullmatch(
        rf"ketenbroker: 127\.0\.0\.1:{ports['stub']} for the stub authentication service .*\n", done.stderr
    )


def test_init_makes_everything_once(folder, ports):
    settings_file(folder, ports)
    first = run(folder, "init")
    assert first.returncode == 0
    assert "certs/broker/signing.pem" in first.stdout
    assert "sample register" in first.stdout
    keys = {path: path.read_bytes() for path in folder.glob("certs/**/*.key")}
    assert len(keys) == 40  # ten parties with three keys each, the authority, eight secrets, that of the audit log
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in keys)

    second = run(folder, "init")
    assert second.stdout == "Everything was there already.\n"
    assert {path: path.read_bytes() for path in keys} == keys


@pytest.mark.parametrize("arguments", [["serve"], ["sp", "add", "metadata/service-catalogue.xml"]])
def test_commands_that_need_init_say_so_in_one_line(folder, ports, arguments):
    settings_file(folder, ports)
    done = run(folder, *arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_sp_add_says_in_one_line_what_is_wrong_and_what_it_warns_for(initialised, ports, requester_keys):
    settings_file(initialised, ports)
    service = "urn:etoegang:DV:00000099000000110000:services:{}"
    own = Requester(
        "urn:etoegang:DV:00000099000000110000:entities:9055",
        **requester_keys["one"],
        consumer="https://portal.invalid/acs",
        services={9001: service.format(9001), 9098: service.format(9098)},
    )

    (initialised / "sp.xml").write_bytes(without_certificate(own))
    done = run(initialised, "sp", "add", "sp.xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(
        r"ketenbroker: sp\.xml: EH-REG-01 SPSSODescriptor/KeyDescriptor, line 3: .*:9001; .*\n", done.stderr
    )

    (initialised / "sp.xml").write_bytes(own.metadata())
    done = run(initialised, "sp", "add", "sp.xml")
    assert done.returncode == 0
    registered, *needed = done.stdout.splitlines()
    assert registered == f"Registered {own.entity_id} ({own.entity_id}) with 2 service(s)."
    base = f"http://localhost:{ports['broker']}/broker"
    assert [line.split()[-1] for line in needed[:5]] == [
        f"{base}/metadata/1.13",
        "urn:etoegang:HM:00000099000000010000:entities:9001",
        *(f"{base}/{place}/1.13" for place in ("sso", "ars", "slo")),
    ]
    assert re.fullmatch(r"  KeyName of the certificate   [0-9a-f]{40,64}", needed[5])
    (first, *_) = done.stderr.splitlines()
    assert re.fullmatch(rf"Warning \(EH-REG-03\): .*{service.format(9098)} .*", first)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[broker]\nport = 'eighty'\n", r"ketenbroker\.toml:2: broker\.port: .*integer"),
        ("[broker]\nport = 8080\nprot = 1\n", r"ketenbroker\.toml:3: broker\.prot: .*not permitted"),
        ("[broker\n", r"ketenbroker\.toml: .*line 1"),
        ("[store]\nurl = 'mysql://x'\n", r"mysql"),
    ],
)
def test_broken_settings_stop_the_start_with_file_line_and_reason(folder, content, said):
    (folder / "ketenbroker.toml").write_text(content)
    done = run(folder, "init")
    assert done.returncode == 2
    assert re.fullmatch(rf"ketenbroker: .*{said}.*\n", done.stderr), done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KETENBROKER_BROKER_PORT", "1", r"is no setting; the nearest one is KETENBROKER_BROKER__PORT"),
        ("KETENBROKER_PATHS__CATALOGUES", '["a.xml"', r": paths\.catalogues: .*not JSON.*"),
    ],
)
def test_a_variable_that_cannot_be_stops_the_start_with_one_line(folder, name, value, said):
    done = run(folder, "init", **{name: value})
    assert done.returncode == 2
    assert re.fullmatch(rf"ketenbroker: environment variable {name} ?{said}\n", done.stderr), done.stderr


def test_a_party_that_cannot_start_says_why_in_one_line(folder):
    """When what the command checked beforehand has changed since."""
    (folder / "broken.toml").write_text("[broker]\nport = 'eighty'\n")
    program = (
        "import pathlib; from broker import processes, programs; from broker.settings import Settings;"
        "processes.run(programs.broker(Settings(), pathlib.Path('broken.toml')), lambda: None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"ketenbroker: \S+/broken\.toml:2: broker\.port: [^\n]+\n", done.stderr), done.stderr


def test_a_worker_that_cannot_start_under_ones_own_gunicorn_shows_no_trace(folder, ports):
    (folder / "ketenbroker.toml").write_text("[broker]\nport = 'eighty'\n")
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{ports['broker']}", "broker.wsgi:application()"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "\nketenbroker: ketenbroker.toml:2: broker.port: " in done.stderr
    assert "Traceback" not in done.stderr


def test_paths_in_a_linked_settings_file_are_relative_to_the_link(folder, ports):
    (folder / "elsewhere").mkdir()
    settings_file(folder / "elsewhere", ports)
    (folder / "linked.toml").symlink_to(folder / "elsewhere" / "ketenbroker.toml")
    assert run(folder, "init", "--settings", "linked.toml").returncode == 0
    with subprocess.Popen(
        [COMMAND, "serve", "--settings", "linked.toml"], cwd=folder, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout.readline().startswith("Broker ready: ")
        finally:
            process.terminate()
    assert process.wait(20) == 0


@pytest.mark.parametrize("command", [[], ["demo"], ["serve"], ["init"], ["sp", "add"], ["catalogue"], ["rollover"]])
def test_help_gives_examples(folder, command):
    done = run(folder, *command, "--help")
    assert done.returncode == 0
    assert re.search(r"Examples?:\s+.*ketenbroker", done.stdout, re.DOTALL)
