"""`ketenbroker login`: what it tells, in words and as JSON, its exit status, and its cookies."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from broker.attempting import EXIT, STUCK
from broker.cli import commands
from broker.core.errors import ConfigError
from broker.headless import Outcome
from tests.headless.stranger import strange_service_provider
from tests.network import Network
from tests.requester import Requester

Run = Callable[..., Result]


@pytest.fixture
def run(network: Network, tmp_path: Path) -> Run:
    """The command with the settings of the running network, in a folder of its own."""
    settings = tmp_path / "ketenbroker.toml"
    paths = network.settings.paths
    settings.write_text(f'[paths]\ncerts = "{paths.certs}"\nstate = "{paths.state}"\n')

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(commands, ["login", *arguments, "--settings", str(settings)])

    return invoke


def start(network: Network) -> tuple[str, str]:
    return "--sp", network.login_address("gemeente", 9001)


def test_login_is_told_step_by_step_with_what_the_broker_wrote_down(network: Network, run: Run) -> None:
    done = run(*start(network), "--person", "Fleur Voorbeeld", "--client", "Glasblazerij")

    assert done.exit_code == 0, done.output
    assert f"GET  200  service provider        {network.demo}/login/gemeente\n" in done.output
    assert "\nOutcome  logged_in\n" in done.output
    assert "\nTitle    U handelt namens KvK-nummer 68727720" in done.output
    assert "\nBroker   granted\n" in done.output
    assert "SAMLart" not in done.output
    assert "Finding" not in done.output


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--person", "Fleur Voorbeeld", "--cancel-at", "organisation"], 3, "Outcome  cancelled\n"),
        (["--person", "Nina Nul"], 4, "Outcome  denied (NO_MANDATE: U heeft geen machtiging"),
        (["--person", "Bram Proef", "--level", "EH2+"], 5, "Outcome  means_refused (LEVEL_TOO_LOW"),
        (["--person", "Otto Enkel", "--expect", "Zeepbel"], 7, "Missing  'Zeepbel' is not on the last page"),
        (["--person", "Otto Enkel", "--expect", "69599084"], 0, "Outcome  logged_in"),
        (["--person", "Niemand"], 10, "Stuck: at the stub: no person named 'Niemand'; there are: Bram Proef"),
    ],
)
def test_exit_status_tells_the_outcome(
    network: Network, run: Run, arguments: list[str], status: int, said: str
) -> None:
    done = run(*start(network), *arguments)

    assert said in done.output
    assert done.exit_code == status


def test_message_that_the_broker_refuses_is_told_with_its_code_and_findings(network: Network, run: Run) -> None:
    address = f"{network.broker}/broker/sso/1.13?SAMLRequest=bm9uc2Vuc2U%3D"
    done = run("--sp", address)

    assert done.exit_code == 6
    assert "Outcome  message_refused (EH-MSG-02: " in done.output


def test_what_the_broker_passes_over_in_a_request_is_told_as_findings(
    network: Network, requester: Requester, run: Run
) -> None:
    sso = network.simulator.addresses.sso
    fields = requester.begin(sso, AssertionConsumerServiceIndex=None, AssertionConsumerServiceURL=requester.consumer)
    inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
    with strange_service_provider("", f'<form method="post" action="{sso}">{inputs}</form>') as stranger:
        done = run("--sp", f"{stranger}/posts", "--person", "Fleur Voorbeeld", "--client", "Boekhandel")

    assert done.exit_code == 0, done.output
    assert "\nFinding  EH-REQ-41 info: " in done.output
    assert "\nText     arrived\n" in done.output


def test_service_provider_that_leads_nowhere_has_a_status_of_its_own(network: Network, run: Run) -> None:
    done = run("--sp", network.demo)

    assert done.exit_code == 8
    assert "does not lead to the broker: status 200, 'Kies een dienst – simulator'; it has the buttons:" in done.output


def test_help_documents_every_exit_status() -> None:
    told = CliRunner().invoke(commands, ["login", "--help"]).output

    assert {str(status) for status in (*EXIT.values(), STUCK)} <= {
        line.split()[0] for line in told.splitlines() if line
    }
    assert set(EXIT) == set(Outcome)


def test_json_has_whole_addresses_and_the_last_page(network: Network, run: Run) -> None:
    done = run(*start(network), "--person", "Otto Enkel", "--json")

    told = json.loads(done.output[done.output.index('{\n  "outcome"') :])  # behind what the broker in this process logs
    assert (told["outcome"], told["broker"], told["findings"]) == (
        "logged_in",
        {"outcome": "granted", "reason": ""},
        [],
    )
    assert (told["page"]["status"], told["page"]["url"]) == (200, f"{network.demo}/portal/gemeente")
    assert any("SAMLart=" in step["url"] for step in told["steps"])
    assert f"/login/{told['login']}" in told["steps"][2]["url"]


def test_cookies_are_kept_in_a_file_that_curl_understands(network: Network, run: Run, tmp_path: Path) -> None:
    jar = tmp_path / "cookies.txt"
    run(*start(network), "--person", "Otto Enkel", "--cookie-jar", str(jar))
    again = run("--sp", f"{network.demo}/portal/gemeente", "--cookie-jar", str(jar))

    assert stat.S_IMODE(jar.stat().st_mode) == 0o600
    lines = [line.removeprefix("#HttpOnly_").split("\t") for line in jar.read_text().splitlines() if "\t" in line]
    assert {line[0] for line in lines} == {"127.0.0.1", "localhost"}
    (session,) = (line for line in lines if line[5] == "sp_demo_session")
    page = requests.get(f"{network.demo}/portal/gemeente", cookies={session[5]: session[6]}, timeout=10).text
    assert "U handelt namens KvK-nummer 69599084" in page
    assert "U handelt namens KvK-nummer 69599084" in again.output
    jar.write_text("no cookies")
    spoilt = run(*start(network), "--cookie-jar", str(jar))
    assert (spoilt.exit_code, "is no file of cookies as curl writes them" in spoilt.output) == (10, True)


def test_address_that_is_none_is_a_mistake(run: Run) -> None:
    done = run("--sp", "127.0.0.1:8000/login")

    assert isinstance(done.exception, ConfigError)
    assert str(done.exception).startswith("127.0.0.1:8000/login: is no web address")


def test_other_machine_is_left_alone_unless_it_is_allowed(run: Run) -> None:
    done = run("--sp", "http://sp.example.org/login")

    assert (done.exit_code, "sp.example.org was not allowed" in done.output) == (10, True)
