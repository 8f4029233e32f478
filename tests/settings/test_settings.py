"""What a settings file and the environment say, and the one line about what they may not say."""

from pathlib import Path

import pytest

from broker.core.assurance import AssuranceLevel
from broker.core.errors import ConfigError
from broker.settings import Settings, load, origins
from broker.settings.showing import as_file

SP = "urn:etoegang:DV:00000099000000120000:entities:9001"


@pytest.fixture
def written(tmp_path: Path, monkeypatch):
    """written(text): those settings, read; without a text there is no file."""
    monkeypatch.chdir(tmp_path)

    def read(text: str | None = None) -> Settings:
        if text is not None:
            Path("ketenbroker.toml").write_text(text)
        return load()

    return read


def refusal(read, *text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read(*text)
    assert "\n" not in str(refused.value)
    return str(refused.value)


# --- lists and what can be switched off ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "catalogues"),
    [
        ("a.xml", ["a.xml"]),
        ("a.xml,b.xml", ["a.xml", "b.xml"]),
        ("a.xml, b.xml", ["a.xml", "b.xml"]),
        ('["a.xml", "with, comma.xml"]', ["a.xml", "with, comma.xml"]),
    ],
)
def test_a_list_in_a_variable_is_written_with_commas_or_as_json(written, monkeypatch, value, catalogues):
    monkeypatch.setenv("KETENBROKER_PATHS__CATALOGUES", value)
    assert written("").paths.catalogues == tuple(map(Path, catalogues))


def test_a_list_that_is_half_json_is_refused_with_the_name_of_its_variable(written, monkeypatch):
    monkeypatch.setenv("KETENBROKER_POLICY__SERVICES_WITHOUT_CHAIN", '["urn:x"')
    said = refusal(written)
    assert said.startswith("environment variable KETENBROKER_POLICY__SERVICES_WITHOUT_CHAIN: ")
    assert "not JSON" in said


@pytest.mark.parametrize("setting", ["chain_min_level", "lapse_after_months"])
def test_none_switches_off_in_the_file_and_in_a_variable(written, monkeypatch, setting):
    assert getattr(written("").policy, setting) is not None
    assert getattr(written(f'[policy]\n{setting} = "none"\n').policy, setting) is None
    monkeypatch.setenv(f"KETENBROKER_POLICY__{setting.upper()}", "none")
    assert getattr(written("").policy, setting) is None


def test_what_can_be_switched_off_takes_its_other_values_too(written, monkeypatch):
    monkeypatch.setenv("KETENBROKER_POLICY__LAPSE_AFTER_MONTHS", "12")
    policy = written('[policy]\nchain_min_level = "loa2plus"\nlapse_after_months = 6\n').policy
    assert (policy.chain_min_level, policy.lapse_after_months) == (AssuranceLevel.EH2_PLUS, 12)


def test_none_switches_off_nothing_else(written):
    assert refusal(written, '[broker]\nworkers = "none"\n').startswith("ketenbroker.toml:2: broker.workers: ")


@pytest.mark.parametrize("text", ["", " ", "two\\nlines", "\\u0000", "\\u001b[2J", "\\u2028"])
@pytest.mark.parametrize("name", ["cancelled_text", "level_text", "failed_text"])
def test_OUT_01_a_text_for_a_message_can_stand_in_one(written, name, text):
    said = refusal(written, f'[errors]\n{name} = "{text}"\n')
    assert said.startswith(f"ketenbroker.toml:2: errors.{name}: ")
    assert "one line of text" in said


def test_OUT_01_a_text_for_a_message_may_have_any_letter(written):
    assert written('[errors]\ncancelled_text = "Geannuleerd – <één> & ‘niet’"\n').errors.cancelled_text.endswith(
        "‘niet’"
    )


# --- variables ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("KETENBROKER_BROKER_PORT", "KETENBROKER_BROKER__PORT"),
        ("KETENBROKER_BROKER__PROT", "KETENBROKER_BROKER__PORT"),
        ("KETENBROKER_BROKR__PORT", "KETENBROKER_BROKER__PORT"),
        ("KETENBROKER_CATALOGUES", "KETENBROKER_PATHS__CATALOGUES"),
        ("KETENBROKER_STORE_URL", "KETENBROKER_STORE__URL"),
        ("KETENBROKER_STORE", "KETENBROKER_STORE__URL"),
        (f"KETENBROKER_SERVICE_PROVIDERS__{SP}", "KETENBROKER_SERVICE_PROVIDERS"),
        ("ketenbroker_broker_port", "KETENBROKER_BROKER__PORT"),
    ],
)
@pytest.mark.parametrize("text", [None, "[broker]\nport = 8081\n"], ids=["no file", "file"])
def test_a_variable_that_is_no_setting_stops_the_start_and_names_the_nearest(written, monkeypatch, name, nearest, text):
    monkeypatch.setenv(name, "1")
    assert refusal(written, text) == f"environment variable {name} is no setting; the nearest one is {nearest}"


def test_variables_of_the_tests_and_of_others_are_left_alone(written, monkeypatch):
    monkeypatch.setenv("KETENBROKER_TEST_DATABASE_URL", "postgresql://x")
    monkeypatch.setenv("KETENBROKERAGE", "1")
    assert written("") == Settings()


def test_a_variable_goes_before_the_file_in_either_case(written, monkeypatch):
    monkeypatch.setenv("ketenbroker_broker__port", "8082")
    assert written("[broker]\nport = 8081\nworkers = 2\n").broker.port == 8082


def test_a_wrong_value_is_reported_where_it_stands(written, monkeypatch):
    """Not at the line of the file that a variable overrules."""
    monkeypatch.setenv("KETENBROKER_BROKER__PORT", "eighty")
    said = refusal(written, "[broker]\nport = 8081\n")
    assert said.startswith("environment variable KETENBROKER_BROKER__PORT: broker.port: ")
    monkeypatch.setenv("KETENBROKER_BROKER__PORT", "8080")
    said = refusal(written, "[broker]\nport = 8081\nworkers = 0\n")
    assert said.startswith("ketenbroker.toml:3: broker.workers: ")


def test_service_providers_are_one_variable_because_their_names_have_capitals(written, monkeypatch):
    monkeypatch.setenv("KETENBROKER_SERVICE_PROVIDERS", f'{{"{SP}": {{"intermediary_name": "plain"}}}}')
    assert written("").service_providers[SP].intermediary_name == "plain"
    monkeypatch.setenv("KETENBROKER_SERVICE_PROVIDERS", "plain")
    assert refusal(written, "").startswith("environment variable KETENBROKER_SERVICE_PROVIDERS: service_providers: ")


# --- lines of the file --------------------------------------------------------------------------------------------

OTHER = '[service_providers."urn:etoegang:DV:00000099000000110000:entities:9001"]\nintermediary_name = "plain"\n'


@pytest.mark.parametrize(
    ("text", "line", "place"),
    [
        (f'[broker]\n\n{OTHER}\n[service_providers."{SP}"]\nintermediary_name = "loud"\n', 7, "intermediary_name"),
        (f"{OTHER}[service_providers.'{SP}']  # theirs\nloud = 1\n", 4, "loud"),
        (f'{OTHER}[ service_providers . "{SP}" ]\n\nname = 1\n', 5, "name"),
        (f'[service_providers]\n"{SP}" = {{ intermediary_name = "loud" }}\n', 2, "intermediary_name"),
        (f'{OTHER}[service_providers]\n"{SP}".intermediary_name = "loud"\n', 4, "intermediary_name"),
    ],
)
def test_what_is_wrong_about_one_service_provider_is_reported_at_its_own_line(written, text, line, place):
    assert refusal(written, text).startswith(f"ketenbroker.toml:{line}: service_providers.{SP}.{place}: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\nbroker.port = 'x'\n", 2),
        ("broker = { port = 'x' }\n", 1),
        ("[stub]\nport = 1\n[broker]\nhost = 'a = b'\n  port  = 'x'\n", 5),
        ("[broker]\nhost = '''\nport = 1'''\n[paths]\ncatalogues = [\n  'a',\n  1,\n]\n", 5),
        ("[broker]\n[brokr]\nport = 1\n", 2),
    ],
)
def test_the_line_is_found_however_the_setting_is_written(written, text, line):
    assert refusal(written, text).startswith(f"ketenbroker.toml:{line}: ")


# --- what is shown is what holds --------------------------------------------------------------------------------------


def test_what_is_shown_is_a_settings_file_that_says_the_same(written, monkeypatch):
    monkeypatch.setenv("KETENBROKER_MESSAGES__LOGIN_MINUTES", "20")
    text = f"""[policy]
chain_min_level = "none"
services_without_chain = ["urn:a", "urn:b"]

[mail]
smtp_host = "localhost"

[service_providers."{SP}"]
dialect = "flat"
"""
    settings = written(text)
    shown = list(as_file(settings, origins()))
    monkeypatch.delenv("KETENBROKER_MESSAGES__LOGIN_MINUTES")
    assert written("\n".join(shown)) == settings
    said = {line.partition("  #")[0].strip(): line.rpartition("# ")[2] for line in shown if "  # " in line}
    assert said['chain_min_level = "none"'] == "ketenbroker.toml:2"
    assert said['services_without_chain = ["urn:a", "urn:b"]'] == "ketenbroker.toml:3"
    assert said["login_minutes = 20"] == "KETENBROKER_MESSAGES__LOGIN_MINUTES"
    assert said['dialect = "flat"'] == "ketenbroker.toml:9"
    assert said["port = 8080"] == "default"


def test_a_password_is_not_shown(written):
    settings = written('[store]\nurl = "postgresql+psycopg://me:kanarie@localhost/db"\n')
    shown = "\n".join(as_file(settings, origins()))
    assert "postgresql+psycopg://me:***@localhost/db" in shown
    assert "kanarie" not in shown
