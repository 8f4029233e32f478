"""Scenario files: read exactly, refused in one line that names file, line and reason."""

import textwrap
from datetime import date
from pathlib import Path

import pytest

from broker.core.assurance import AssuranceLevel
from broker.core.errors import ConfigError
from broker.core.mandates import ChainStatus, LinkStatus, Origin
from broker.core.scope import EVERYTHING, ScopeKind
from broker.core.validity import Validity
from broker.store.scenario import is_empty, load, read_scenario
from broker.store.scenario.notation import read_date
from tests.core.register_values import NOON

LOADED = date(2026, 11, 24)
TOP = "authentication_service: urn:as"
ORGANISATIONS = """
organisations:
  - {id: office, name: Kantoor, form: BV, city: Voorbeeldstad, kvk: "00010001", rsin: "000010005"}
  - {id: client, name: Klant, form: EENMANSZAAK, city: Voorbeeldstad, kvk: "00010002"}
"""
PEOPLE = """
people:
  - id: fleur
    name: Fleur Voorbeeld
    employer: office
    means:
      - id: fleur-eh3
        level: EH3
        from: -1y
        until: +4y
"""
MANDATE = """
chain_mandates:
  - clients: [client]
    intermediary: office
    scope: all
    level: EH3
    from: -1y
    until: +4y
    couple: [fleur-eh3]
"""
SMALL = TOP + ORGANISATIONS + PEOPLE + MANDATE


@pytest.fixture
def read(tmp_path):
    def from_text(text: str, secret: bytes = b"secret"):
        file = tmp_path / "register.yaml"
        file.write_text(text, encoding="utf-8")
        return read_scenario(file, loaded_at=NOON, secret=secret)

    return from_text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("today", LOADED),
        ("2026-01-31", date(2026, 1, 31)),
        ("-1d", date(2026, 11, 23)),
        ("+3w", date(2026, 12, 15)),
        ("+3m", date(2027, 2, 24)),
        ("-2y", date(2024, 11, 24)),
        ("-400d", date(2025, 10, 20)),
    ],
)
def test_dates_are_plain_or_count_from_the_day_of_loading(written, expected):
    assert read_date(written, LOADED) == expected


@pytest.mark.parametrize(
    "written", ["", "tomorrow", "3d", "+3", "+3h", "2026-02-30", "+99999y", "-99999y", "31-01-2026"]
)
def test_other_dates_are_refused(written):
    with pytest.raises(ValueError, match="expected today"):
        read_date(written, LOADED)


def test_a_small_register_is_read_exactly(read):
    scenario = read(SMALL)
    mandate, coupling = scenario.chain_mandates["office--client"], scenario.couplings["office--client--fleur-eh3"]
    period = Validity(date(2025, 11, 24), date(2030, 11, 24))
    assert (mandate.grantor_id, mandate.intermediary_id) == ("client", "office")
    assert (mandate.scope, mandate.level, mandate.validity) == (EVERYTHING, AssuranceLevel.EH3, period)
    assert (mandate.status, mandate.origin) == (ChainStatus.ACTIVE, Origin.INVITED_BY_INTERMEDIARY)
    assert (coupling.means_id, coupling.narrowing, coupling.level) == ("fleur-eh3", None, AssuranceLevel.EH3)
    assert (coupling.validity, coupling.status) == (period, LinkStatus.ACTIVE)
    assert scenario.organisations["office"].rsin == "000010005"
    assert scenario.organisations["client"].rsin is None


def test_pseudonyms_follow_from_the_secret_and_the_means(read):
    same, other = read(SMALL), read(SMALL, secret=b"other")
    pseudonym = same.means["fleur-eh3"].internal_pseudonym
    assert read(SMALL).means["fleur-eh3"].internal_pseudonym == pseudonym
    assert other.means["fleur-eh3"].internal_pseudonym != pseudonym


def test_a_coupling_may_differ_from_its_mandate(read):
    changed = SMALL.replace(
        "[fleur-eh3]",
        "[{means: fleur-eh3, scope: {services: [vpb]}, level: EH2+, status: revoked, from: -1d, until: +1d}]",
    ).replace(TOP, TOP + "\nservices: {vpb: d0000099-0011-4000-8000-000000009001}")
    coupling = read(changed).couplings["office--client--fleur-eh3"]
    assert coupling.narrowing.kind is ScopeKind.SERVICES
    assert (coupling.level, coupling.status) == (AssuranceLevel.EH2_PLUS, LinkStatus.REVOKED)
    assert coupling.validity == Validity(date(2026, 11, 23), date(2026, 11, 25))


def test_numbers_need_no_quotes_to_keep_their_zeros(read):
    assert read(SMALL.replace('"00010001"', "00010001")).organisations["office"].kvk_number == "00010001"


def test_a_group_is_the_same_organisations_every_time(read):
    group = """
organisation_groups:
  - {group: klant, count: 6, kvk_from: "00020008", rsin_from: "000020000", first: [Uil, Vos], second: [A, B, C],
     forms: [BV, EENMANSZAAK], cities: [Ede]}
"""
    scenario = read(SMALL + group)
    members = [scenario.organisations[f"klant-{n:04}"] for n in range(1, 7)]
    assert [member.statutory_name for member in members] == [
        "Uil A B.V.",
        "Vos A",
        "Uil B B.V.",
        "Vos B",
        "Uil C B.V.",
        "Vos C",
    ]
    assert [member.kvk_number for member in members] == [f"000200{n:02}" for n in range(8, 14)]
    assert [member.rsin is None for member in members] == [False, True] * 3
    assert read(SMALL + group) == scenario


@pytest.mark.parametrize(
    ("was", "becomes", "line", "reason"),
    [
        ('"00010001"', '"1234567"', 3, "expected 8 digits"),
        ('"000010005"', '"000010006"', 3, "elfproef"),
        ('"00010002"', '"00010001"', 4, "KvK number 00010001 stands in this file twice"),
        ('kvk: "00010002"', 'kvk: "00010002", rsin: "000010005"', 4, "RSIN 000010005 stands in this file twice"),
        ("id: client", "id: office", 4, "organisation office stands in this file twice"),
        ("form: EENMANSZAAK", "form: LTD", 4, "organisations[1].form: Input should be 'EENMANSZAAK'"),
        ("city: Voorbeeldstad", "town: Voorbeeldstad", 3, "is missing"),
        ("employer: office", "employer: nobody", 9, "nobody is not the id of an organisation"),
        ("        level: EH3", "        level: EH5", 12, "expected EH2, EH2+, EH3, EH4"),
        ("        from: -1y\n        until: +4y", "        from: -1y\n        until: -2y", 11, "is before valid from"),
        ("        level: EH3", "        level: EH3\n        colour: red", 13, "people[0].means[0].colour: unknown key"),
        ("        from: -1y", "        from: yesterday", 13, "expected today"),
        ("    name: Fleur Voorbeeld", "    name: Fleur\n    name: Voorbeeld", 9, "name stands here twice"),
        ("clients: [client]", "clients: [office]", 17, "I1: office cannot be its own intermediary"),
        ("clients: [client]", "clients: [nobody]", 17, "nobody is not the id of an organisation"),
        ("clients: [client]", "group: nobody", 17, "nobody is not the id of a group"),
        ("clients: [client]", "clients: []", 17, "expected either clients or group"),
        (
            "clients: [client]",
            "clients: [client, client]",
            17,
            "chain mandate office--client stands in this file twice",
        ),
        ("intermediary: office", "intermediary: [office, client]", 18, "CHAIN_TOO_LONG"),
        ("couple: [fleur-eh3]", "couple: [client]", 23, "CHAIN_TOO_LONG"),
        ("couple: [fleur-eh3]", "couple: [nobody]", 23, "nobody is not the id of a means"),
        ("couple: [fleur-eh3]", "couple: [fleur-eh3, fleur-eh3]", 23, "stands in this file twice"),
        (
            "couple: [fleur-eh3]",
            "couple: [{means: fleur-eh3, until: +9y}]",
            23,
            "I3: valid until 2035-11-24 is more than 5 years",
        ),
        (
            "    from: -1y\n    until: +4y\n    couple",
            "    from: -1y\n    until: +5y\n    couple",
            17,
            "more than 5 years",
        ),
        (
            "    from: -1y\n    until: +4y\n    couple",
            "    from: +4y\n    until: -1y\n    couple",
            17,
            "is before valid from",
        ),
        ("scope: all", "scope: everything", 19, "expected all, or a mapping"),
        ("scope: all", "scope: {}", 19, "a scope is either everything or a non-empty set"),
        ("scope: all", "scope: {providers: [tax]}", 19, "tax is not the id of a provider"),
        ("    scope: all", "    status: expired\n    scope: all", 17, "I6"),
        ("    scope: all", "    status: gone\n    scope: all", 19, "chain_mandates[0].status: Input should be"),
        (TOP, "authentication_service: urn:as\nproviders: {tax: 123}", 2, "expected 20 digits"),
        (TOP, "authentication_service: urn:as\nservices: {vpb: x}", 2, "expected a UUID"),
        (TOP, "service: urn:as", 1, "authentication_service: is missing"),
        (TOP, "authentication_service: [urn:as", 2, ""),
        (TOP, "authentication_service: urn:as\n? [a, b]\n: c", 2, "a key must be a word"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(read, was, becomes, line, reason):
    assert was in SMALL
    with pytest.raises(ConfigError) as refused:
        read(SMALL.replace(was, becomes, 1))
    message = str(refused.value)
    assert "\n" not in message
    assert f"register.yaml:{line}: " in message, message
    assert reason in message, message


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        ("count: 5, first: [Uil, Vos], second: [A, B]", "combinations of words"),
        ("count: 0, first: [Uil], second: [A]", "greater than or equal to 1"),
        ('count: 2, kvk_from: "99999999", first: [Uil, Vos], second: [A]', "expected 8 digits"),
        ('count: 2, kvk_from: "00010001", first: [Uil, Vos], second: [A]', "twice"),
    ],
)
def test_groups_that_cannot_be_are_refused(read, group, reason):
    usual = "" if "kvk_from" in group else 'kvk_from: "00020001", '
    entry = f'{{group: klant, rsin_from: "000020000", forms: [BV], cities: [Ede], {usual}{group}}}'
    text = f"{SMALL}organisation_groups:\n  - {entry}\n"
    with pytest.raises(ConfigError, match=reason) as refused:
        read(text)
    assert "register.yaml:25: organisation_groups[0]" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "just words",
        "- a\n- list\n",
        "&a [*a]",
        "a: &x [1]\nb: *x",
        "a: \x00",
        "[" * 5000,
        "[" * 100_000 + "]" * 100_000,
    ],
)
def test_a_file_that_is_no_scenario_is_refused(read, text):
    with pytest.raises(ConfigError, match=r"register\.yaml") as refused:
        read(text)
    assert "\n" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    for path in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read"):
            read_scenario(path, loaded_at=NOON, secret=b"")
    (tmp_path / "latin.yaml").write_bytes("naam: Coöperatie".encode("latin-1"))
    with pytest.raises(ConfigError, match="cannot be read"):
        read_scenario(tmp_path / "latin.yaml", loaded_at=NOON, secret=b"")


def test_an_id_is_for_one_client(read):
    extra = SMALL.replace("clients: [client]", "id: mandate-1\n    clients: [client]")
    assert read(extra).chain_mandates.keys() == {"mandate-1"}
    with pytest.raises(ConfigError, match="one client"):
        read(extra.replace("[client]", "[client, office]"))


def test_loading_fills_an_empty_store(store, read):
    assert store.read(is_empty)
    scenario = read(SMALL)
    store.write(lambda tx: load(tx, scenario))
    assert not store.read(is_empty)


def test_the_format_is_free_of_tabs_and_traps(tmp_path: Path):
    file = tmp_path / "register.yaml"
    file.write_text(textwrap.dedent(SMALL).replace("  - {id: office", "\t- {id: office"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"register\.yaml:\d+: .*(tab|\\t|token)"):
        read_scenario(file, loaded_at=NOON, secret=b"")
