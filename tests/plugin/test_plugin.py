"""The pytest plugin in runs of its own: each test here is somebody's test suite."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

# Loaded before the runs within this process, which forget what they loaded themselves.
import broker.testing.demo
import broker.testing.report
import broker.testing.visiting  # noqa: F401
from sp_demo import app  # noqa: F401
from tests.docs.pages import read
from tests.plugin.conftest import OPTIONS
from tests.requester import Requester

pytest_plugins = ["pytester"]

SUITE = """
import pytest

FLEUR = {"person": "fleur-voorbeeld", "client": "glasblazerij-zeepbel"}
SHIP = ("vuurtoren", "00099001", "Vuurtoren Bij Nacht B.V.")


def test_passes(eherkenning, eherkenning_sp, eherkenning_login):
    login = eherkenning_login(eherkenning_sp.login_url(), person="Fleur Voorbeeld", client="Glasblazerij Zeepbel")
    assert (login.outcome, login.accepted, login.reason) == ("granted", True, "")
    assert login.page.heading.startswith("U handelt namens KvK-nummer 68727720")
    assert eherkenning.oracle() == login.oracle
    assert login.oracle["open_forms"]["representee"]["identifier"] == "68727720"
    assert eherkenning.login(login.login.messages[0]["message_id"]) == login.login == eherkenning.logins[-1]


def test_fails(eherkenning_sp, eherkenning_login):
    login = eherkenning_login(eherkenning_sp.login_url(), **FLEUR, refused="expired")
    assert login.accepted and login.outcome == "granted"


def test_fails_without_a_login(eherkenning):
    eherkenning.next_login(**FLEUR)
    assert eherkenning.logins


def test_fails_beside_it():
    assert False


def test_is_told_what_to_do(eherkenning):
    from broker.testing.calling import CallRefused

    with pytest.raises(CallRefused, match="no organisation 'nobody'.*\\n.*Check the address") as refused:
        eherkenning.grant("nobody", to="administratiekantoor-papiermolen")
    assert (refused.value.status, refused.value.code) == (404, "EH-WEB-404")
    with pytest.raises(CallRefused, match="EH-XML-14"):
        eherkenning.register("<nothing/>")


@pytest.mark.parametrize("turn", [1, 2])
def test_sees_nothing_of_the_other_turn(turn, eherkenning, eherkenning_network):
    clients = len(eherkenning.mandates(client="vuurtoren"))
    assert (clients, eherkenning.logins, eherkenning.clock.now.year < 2400) == (0, [], True)
    providers = [one["entity_id"] for one in eherkenning.api.call("GET", "/service-providers")["service_providers"]]
    assert (ENTITY_ID in providers, LASTING in providers) == (False, turn == 2)
    if turn == 1:
        eherkenning_network.register(METADATA.replace(ENTITY_ID, LASTING))
    eherkenning.register(METADATA)
    eherkenning.add_organisation(*SHIP)
    eherkenning.grant("vuurtoren", to="administratiekantoor-papiermolen")
    assert len(eherkenning.mandates(client="vuurtoren")) == 1
    eherkenning.clock.advance(days=100)


def test_nobody_came(eherkenning, eherkenning_login):
    login = eherkenning_login(eherkenning.broker)
    assert (login.outcome, login.accepted, login.login) == ("not_sent", False, None)
    with pytest.raises(LookupError):
        login.oracle
"""
WORKER = """
import pytest


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_alone(number, eherkenning, worker_id):
    assert (worker_id != "master", eherkenning.mandates(client="vuurtoren")) == (True, [])
    eherkenning.add_organisation("vuurtoren", "00099001", "Vuurtoren Bij Nacht B.V.")
    eherkenning.grant("vuurtoren", to="administratiekantoor-papiermolen")
    assert len(eherkenning.mandates(client="vuurtoren")) == 1
"""


@pytest.fixture
def metadata(requester_keys: dict) -> bytes:
    return Requester(
        entity_id="urn:etoegang:DV:00000099000000140000:entities:9077",
        **requester_keys["one"],
        consumer="http://127.0.0.1:1/acs",
        services={9001: "urn:etoegang:DV:00000099000000140000:services:9001"},
    ).metadata()


def test_logins_are_driven_and_a_failure_tells_what_the_broker_saw(
    pytester: pytest.Pytester, kept: Path, metadata: bytes
) -> None:
    names = 'ENTITY_ID = "urn:etoegang:DV:00000099000000140000:entities:9077"\nLASTING = ENTITY_ID[:-1] + "8"\n'
    pytester.makepyfile(f"METADATA = {metadata.decode()!r}\n{names}{SUITE}")

    result = pytester.runpytest_inprocess(*OPTIONS, "-o", f"cache_dir={kept}")

    result.assert_outcomes(passed=5, failed=3)
    report = result.stdout.str()
    sections = re.split(r"^-+ eHerkenning -+$", report, flags=re.MULTILINE)[1:]
    assert len(sections) == 2  # none in the test beside them, which has no network
    expired, nobody = sections
    assert re.search(r"^Login \S+: refused: CHAIN_EXPIRED$", expired, re.MULTILINE)
    assert re.search(r"^  time \(UTC\) +what happened +detail$", expired, re.MULTILINE)
    assert re.search(r"^  [\d:.]+ +denied +CHAIN_EXPIRED$", expired, re.MULTILINE)
    assert "Decision: denied; fleur-voorbeeld for glasblazerij-zeepbel through administratiekantoor" in expired
    assert re.search(r"^  mandate +\S+--glasblazerij-zeepbel +\S+ +EH3 +\S+ +\S+$", expired, re.MULTILINE)
    assert "No login came to the broker at http://localhost:" in nobody
    assert "Logins that were scripted and did not come: 1." in nobody


def test_examples_of_the_page_run(pytester: pytest.Pytester, kept: Path, metadata: bytes) -> None:
    examples = [code for language, code in read("docs/pytest.md").blocks if language == "python"]
    for number, code in enumerate(examples):
        name = "conftest.py" if code.startswith("# conftest.py") else f"test_example_{number}.py"
        (pytester.path / name).write_text(code, encoding="utf-8")
    (pytester.path / "my-metadata.xml").write_bytes(metadata)
    pytester.makepyfile(test_it="def test_own(my_service_provider):\n    assert my_service_provider['usable']")

    result = pytester.runpytest_inprocess(*OPTIONS, "-o", f"cache_dir={kept}")

    result.assert_outcomes(passed=9)


def test_two_workers_each_have_a_network(pytester: pytest.Pytester, kept: Path) -> None:
    pytester.makepyfile(WORKER)

    result = pytester.runpytest_subprocess(*OPTIONS, "-o", f"cache_dir={kept}", "-n", "2")

    result.assert_outcomes(passed=4)


def test_loading_the_plugin_loads_nothing_of_the_broker() -> None:
    heavy = {"lxml", "xmlsec", "sqlalchemy", "flask", "pydantic", "requests", "cryptography", "werkzeug", "saml2"}
    program = (
        "import sys, pytest; known = set(sys.modules); import broker.pytest_plugin; print(*set(sys.modules) - known)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {name for name in loaded if name.startswith(("broker", "idp_stub", "sp_demo"))} == {
        "broker",
        "broker.pytest_plugin",
    }
    assert {name.partition(".")[0] for name in loaded} & heavy == set()
