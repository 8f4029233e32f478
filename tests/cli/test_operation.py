"""What docs/operation.md says of a broker for a team, said to one that serves with several processes."""

import json
import re
import tomllib

import pytest
import requests
from click.testing import CliRunner

from broker.cli import commands
from broker.core.errors import ConfigError
from tests.cli.served import WORKERS, Served
from tests.control.conftest import Caller
from tests.docs.pages import read

PAGE = read("docs/operation.md")
NOON = "2027-06-01T12:00:00+00:00"


def test_the_commands_before_serving_say_that_all_is_there(served: Served):
    made, checked = served.said
    assert made == "Everything was there already.\n"
    assert checked == "The broker can start with these settings.\n"


@pytest.mark.parametrize("command", [["init"], ["config", "check"]])
def test_a_folder_without_the_files_that_settings_name_is_told_so(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as told:
        CliRunner().invoke(commands, command, catch_exceptions=False)
    assert str(told.value).startswith("metadata/service-catalogue.xml: cannot be read (No such file or directory); ")
    assert str(told.value).endswith("'catalogues' in [paths] names it: start in a folder that has it, or name another")


@pytest.mark.parametrize(("address", "said"), [row[:2] for row in PAGE.rows("Watching")])
def test_what_watches_over_a_broker_gets_what_the_page_says_from_each_process(served: Served, address: str, said: str):
    expected = re.match(r"`(.+?)`", said)
    for worker in served.workers:
        with served.only(worker):
            told = requests.get(served.url + address.strip("`"), timeout=10)
        assert told.status_code == 200
        assert told.text == f"{expected[1]}\n" if expected else "\nketenbroker_up 1.0\n" in told.text


def test_settings_are_shown_with_their_origin_and_their_schema(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ketenbroker.toml").write_text("[broker]\nport = 9080\n")
    monkeypatch.setenv("KETENBROKER_STORE__URL", "postgresql://somebody:secret@localhost/store")
    shown, schema = ["config", "show"], ["config", "schema"]
    assert {f"ketenbroker {' '.join(words)}" for words in (shown, schema)} <= set(PAGE.spans)
    told = CliRunner().invoke(commands, shown, catch_exceptions=False).output
    assert tomllib.loads(told)["broker"]["port"] == 9080
    assert re.search(r"^port = 9080 +# ketenbroker\.toml:2$", told, re.MULTILINE)
    assert re.search(r"^url = .*localhost/store.* # .*KETENBROKER_STORE__URL", told, re.MULTILINE)
    assert "secret" not in told
    described = json.loads(CliRunner().invoke(commands, schema, catch_exceptions=False).output)
    assert {"broker", "store"} <= set(described["properties"])


def test_a_tenant_that_one_process_makes_and_removes_is_so_for_each(served: Served):
    """Each is asked alone, while the others stand still."""
    assert len({worker.pid for worker in served.workers}) == WORKERS == 3
    api, tenant = Caller(served.url), Caller(served.url).of("team")
    first, second, third = served.workers
    with served.only(first):
        api("POST", "/tenants", {"name": "team"}, status=201)
    with served.only(second):
        tenant("PUT", "/clock", {"now": NOON, "frozen": True})
    for worker in served.workers:
        with served.only(worker):
            clock = tenant("GET", "/clock")
            assert (clock["now"], clock["frozen"]) == (NOON, True)
            assert requests.get(f"{tenant.base}/", timeout=10).status_code == 200
            assert not api("GET", "/clock")["frozen"]
    with served.only(third):
        api("DELETE", "/tenants/team", status=204)
    for worker in served.workers:
        with served.only(worker):
            assert tenant("GET", "/clock", status=404)["code"] == "EH-TEN-02"
            assert requests.get(f"{tenant.base}/", timeout=10).status_code == 404
