"""Exporting, importing and resetting a whole register: all or nothing, and known to everybody at once."""

import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from broker.cli import commands
from broker.core.administration.actors import OPERATOR
from broker.core.administration.events import changed, fold, state_of
from broker.core.clock import system_clock
from broker.core.errors import ConfigError
from broker.core.ids import RandomIds
from broker.settings import Settings
from broker.simulator import compose
from broker.simulator.administration import whole_register
from broker.simulator.layout import Layout
from broker.store import scenario
from broker.store.administration import events, filed
from broker.store.changes import replace_party
from broker.store.database import Store, open_store
from broker.store.scenario import FileFormat

SMALL = """
authentication_service: urn:etoegang:AD:00000099000000020000:entities:9001
organisations:
  - {id: office, name: Kantoor, form: BV, city: Voorbeeldstad, kvk: "00010001"}
  - {id: client, name: Klant, form: BV, city: Voorbeeldstad, kvk: "00010002"}
people:
  - {id: iris, name: Iris Invoer, employer: office, means: [{id: iris-eh3, level: EH3, from: -1y, until: +1y}]}
chain_mandates:
  - {clients: [client], intermediary: office, scope: all, level: EH3, from: -1y, until: +1y, couple: [iris-eh3]}
"""


MANDATE = "office--client"


@dataclass
class Installed:
    """An installation in a folder of its own, and its command line."""

    folder: Path
    settings: Settings
    store: Store

    def run(self, *arguments: str) -> str:
        done = CliRunner().invoke(commands, ["register", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def refused(self, *arguments: str) -> str:
        with pytest.raises(ConfigError) as caught:
            self.run(*arguments)
        return str(caught.value)

    def text(self) -> str:
        catalogue = compose.read_catalogues(self.settings).catalogue
        return "".join(whole_register.exported(self.store, catalogue, FileFormat.YAML))

    def events(self) -> list[dict]:
        return [event.content for event in self.store.read(lambda tx: list(events.verified(tx)))]

    def stub_people(self) -> list[str]:
        accounts = json.loads(Layout.of(self.settings).stub_accounts.read_text(encoding="utf-8"))
        return [account["person"] for account in accounts]


@pytest.fixture
def installed(tmp_path, installation, monkeypatch):
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    shutil.copytree(Path(__file__).parents[2] / "metadata", tmp_path / "metadata")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    settings = Settings()
    store = open_store(settings.store_url)
    yield Installed(tmp_path, settings, store)
    store.close()


def test_what_is_exported_and_imported_is_exported_alike(installed):
    assert installed.run("export", "one.yaml") == "Wrote one.yaml.\n"
    text = (installed.folder / "one.yaml").read_text(encoding="utf-8")
    assert re.search(r"^  belastingdienst[a-z-]*: '00000099000000110000'$", text, re.MULTILINE)
    said = installed.run("import", "--replace", "one.yaml")
    assert said == "The register holds 1245 organisations, 13 people and 1241 chain mandates.\n"
    installed.run("export", "two.yaml")
    assert (installed.folder / "two.yaml").read_text(encoding="utf-8") == text
    assert not list(installed.folder.glob("*.new"))


def test_json_holds_the_same(installed):
    before = installed.text()
    installed.run("export", "register.json")
    assert json.loads((installed.folder / "register.json").read_text(encoding="utf-8"))["people"]
    installed.run("import", "--replace", "register.json")
    assert installed.text() == before


def test_a_register_that_holds_something_is_left_alone_without_being_told(installed):
    before = installed.text()
    assert (
        installed.refused("import", "small.yaml") == "the register is not empty; with --replace what it holds is lost"
    )
    assert installed.text() == before


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("level: EH3, from: -1y, until: +1y, couple", "level: EH5, from: -1y, until: +1y, couple", "small.yaml:9: "),
        ("couple: [iris-eh3]", "couple: [client]", "small.yaml:9: chain_mandates[0].couple[0]: CHAIN_TOO_LONG"),
        ('kvk: "00010002"', 'kvk: "00010001"', "small.yaml:5: organisations[1]: KvK number 00010001"),
    ],
)
def test_a_file_with_a_fault_changes_nothing(installed, was, becomes, said):
    before, happened = installed.text(), installed.events()
    (installed.folder / "small.yaml").write_text(SMALL.replace(was, becomes), encoding="utf-8")
    assert said in installed.refused("import", "--replace", "small.yaml")
    assert installed.text() == before
    assert installed.events() == happened


def test_a_name_says_which_format(installed):
    assert "expected a name that ends in .yaml, .yml or .json" in installed.refused("export", "register.txt")
    assert "expected a name that ends in" in installed.refused("import", "register.csv")
    assert "cannot be written" in installed.refused("export", "missing/register.yaml")


def test_the_stub_knows_the_people_of_what_was_imported(installed):
    assert "Fleur Voorbeeld" in installed.stub_people()
    installed.run("import", "--replace", "small.yaml")
    assert installed.stub_people() == ["Iris Invoer"]


def test_loading_is_undone_when_the_store_refuses(installed):
    """Two organisations with one number are refused by the file; here the number is taken meanwhile."""
    before = installed.text()
    read = scenario.read_scenario(installed.folder / "small.yaml", loaded_at=system_clock(), secret=b"x")
    organisations = {name: one for name, one in read.organisations.items() if name != "client"}
    broken = scenario.Scenario(organisations=organisations, chain_mandates=read.chain_mandates, dossiers=read.dossiers)
    with pytest.raises(Exception, match="chain_mandates"):
        whole_register.fill(installed.store, broken, OPERATOR, system_clock(), replace=True)
    assert installed.text() == before


def an_event(before=None, after=None):
    verb, about = "chain_mandate.suspended", ("client",)
    return changed(verb, OPERATOR, system_clock(), about=about, before=before, after=after, object_id=MANDATE)


def test_I13_the_register_is_its_file_and_the_events_since(installed):
    installed.run("import", "--replace", "small.yaml")
    loaded = installed.events()[-1]
    read = scenario.read_scenario(installed.folder / "small.yaml", loaded_at=system_clock(), secret=b"x")
    assert (loaded["action"], loaded["after"]["sha256"]) == ("register.loaded", read.digest)
    assert loaded["after"]["chain_mandates"] == 1
    before = installed.store.read(lambda tx: filed.load(tx, "office--client"))
    gone = changed(
        "chain_mandate.revoked",
        OPERATOR,
        system_clock(),
        about=("client",),
        before=before,
        after=before,
        object_id="office--client",
    )
    installed.store.write(lambda tx: events.append(tx, [gone]))
    assert fold(installed.events()) == {
        ("register", "register"): loaded["after"],
        ("chain_mandate", "office--client"): state_of(before),
    }


def test_a_history_begins_where_the_register_was_loaded(installed):
    installed.run("import", "--replace", "small.yaml")
    happened = changed(
        "chain_mandate.suspended",
        OPERATOR,
        system_clock(),
        about=("client",),
        before=None,
        after=None,
        object_id="office--client",
    )
    installed.store.write(lambda tx: events.append(tx, [happened]))

    def histories(tx):
        return events.history_of(tx, "office--client"), events.history_of_organisation(tx, "client")

    assert [len(found) for found in installed.store.read(histories)] == [1, 1]
    number = len(installed.events())
    installed.run("import", "--replace", "small.yaml")
    assert [len(found) for found in installed.store.read(histories)] == [0, 0]
    assert len(installed.store.read(lambda tx: events.history_of(tx, MANDATE, ever=True))) == 1
    assert len(installed.events()) == number + 1


def test_reset_brings_the_sample_data_back(installed):
    simulator = compose.compose(installed.settings, system_clock, RandomIds())
    try:
        before = installed.store.read(scenario.take)
        fleur = before.persons["fleur-voorbeeld"]
        installed.store.write(lambda tx: replace_party(tx, replace(fleur, display_name="Iemand Anders")))
        whole_register.reset(simulator, OPERATOR)
        after = installed.store.read(scenario.take)
        assert after.persons == before.persons
        assert after.chain_mandates == before.chain_mandates
        assert "Fleur Voorbeeld" in installed.stub_people()
    finally:
        simulator.store.close()
