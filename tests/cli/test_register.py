"""Registering a service provider: from a file or an address, and what is told about its metadata."""

import re
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from broker import registering
from broker.core.assurance import AssuranceLevel
from broker.core.clock import system_clock
from broker.core.errors import ConfigError
from broker.core.identifiers import IdentifierType
from broker.saml.catalogue import read_catalogue
from broker.settings import Settings, load
from tests.cli.test_commands import run, settings_file
from tests.network import CHECKOUT
from tests.publishing import publishing
from tests.requester import Requester

SAMPLE = CHECKOUT / "metadata" / "service-catalogue.xml"


@pytest.fixture
def own(requester_keys) -> Requester:
    return Requester(
        "urn:etoegang:DV:00000099000000110000:entities:9055",
        **requester_keys["one"],
        consumer="https://portal.invalid/acs",
        services={9001: "urn:etoegang:DV:00000099000000110000:services:9001"},
    )


def test_sp_add_takes_an_address_and_sp_remove_an_entity_id(initialised, ports, own):
    settings_file(initialised, ports)
    with publishing(own.metadata()) as address:
        done = run(initialised, "sp", "add", address)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Registered {own.entity_id} ")

    gone = run(initialised, "sp", "remove", own.entity_id)
    assert (gone.returncode, gone.stdout, gone.stderr) == (0, f"Removed {own.entity_id}.\n", "")
    with pytest.raises(ConfigError, match=f"{own.entity_id}: is not registered"):
        registering.remove(load(initialised / "ketenbroker.toml"), own.entity_id)


def test_sp_add_tells_by_rule_what_the_scheme_wants_otherwise(initialised, ports, own):
    settings_file(initialised, ports)
    (initialised / "sp.xml").write_bytes(own.metadata().replace(b' isDefault="true"', b""))
    done = run(initialised, "sp", "add", "sp.xml")
    assert done.returncode == 0
    told = [re.fullmatch(r"Warning \((EH-REG-\d\d)\): [^:]+: .+\.", line) for line in done.stderr.splitlines()]
    assert [line and line.group(1) for line in told] == ["EH-REG-10", "EH-REG-16", "EH-REG-17"]
    assert "AssertionConsumerService[3], line 9: binding" in done.stderr


def test_sp_add_names_rule_place_and_clause_of_what_refuses(initialised, ports, own):
    settings_file(initialised, ports)
    (initialised / "sp.xml").write_bytes(own.metadata().replace(b"SPSSODescriptor", b"AttributeAuthorityDescriptor"))
    done = run(initialised, "sp", "add", "sp.xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert re.match(r"ketenbroker: sp\.xml: EH-XML-14 document, line 2: .*\(etd DV metadata for HM\)\n", done.stderr)


def test_no_such_file_and_nobody_at_the_address(tmp_path):
    settings = Settings(paths={"certs": tmp_path, "state": tmp_path, "catalogues": [SAMPLE]})
    for source, said in (
        (str(tmp_path / "nothing.xml"), "cannot be read: No such file or directory"),
        ("http://127.0.0.1:1/sp.xml", "EH-REG-49 address: cannot be fetched: http://127.0.0.1:1/sp.xml: Connection"),
    ):
        with pytest.raises(ConfigError) as refused:
            registering.register(settings, source, system_clock)
        assert str(refused.value).startswith(f"{source}: {said}")


def test_catalogue_writes_one_that_the_broker_then_reads(initialised, ports, own):
    """A service that no catalogue knows, from registration to a catalogue that has it."""
    settings_file(initialised, ports)
    unknown = "urn:etoegang:DV:00000099000000110000:services:9098"
    (initialised / "sp.xml").write_bytes(replace(own, services={**own.services, 9098: unknown}).metadata())
    assert "EH-REG-03" in run(initialised, "sp", "add", "sp.xml").stderr

    done = run(initialised, "catalogue", own.entity_id, "--level", "loa2plus", "--identifier", "RSIN")
    assert done.returncode == 0, done.stderr
    found = read_catalogue(done.stdout.strip().encode(), "written")
    assert set(found.catalogue.services) == {*own.services.values(), unknown}
    sample = read_catalogue((initialised / "metadata" / "service-catalogue.xml").read_bytes(), "sample")
    assert found.catalogue.services[own.services[9001]] == sample.catalogue.services[own.services[9001]]
    new = found.catalogue.services[unknown]
    assert (new.required_level, new.identifier_sets) == (AssuranceLevel.EH2_PLUS, ({IdentifierType.RSIN},))
    assert {item.der for (item,) in found.certificates.values()} == {
        own.encryption.certificate.public_bytes(Encoding.DER)
    }
    assert run(initialised, "catalogue", own.entity_id).stdout.count(f"<esc:ServiceUUID>{new.instance_uuid}<") == 1

    (initialised / "my-catalogue.xml").write_text(done.stdout)
    settings_file(initialised, ports, '[paths]\ncatalogues = ["my-catalogue.xml"]\n')
    again = run(initialised, "sp", "add", "sp.xml")
    assert again.returncode == 0, again.stderr
    assert "EH-REG-03" not in again.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["urn:nobody"], "urn:nobody: is not registered"),
        (["urn:nobody", "--level", "EH3"], "is not one of loa2"),
        (["urn:nobody", "--identifier", "BSN"], "KvKnr"),
    ],
)
def test_catalogue_says_what_is_wrong(initialised, ports, arguments, said):
    settings_file(initialised, ports)
    done = run(initialised, "catalogue", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
