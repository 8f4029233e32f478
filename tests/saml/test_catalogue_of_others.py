"""The files of the software that Dutch municipalities run, and its schema as a second opinion on ours."""

import importlib.util
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import BRANCH_RESTRICTION
from broker.core.identifiers import IdentifierType, ServiceId
from broker.core.text import Text
from broker.saml import names, signature
from broker.saml.catalogue import read_catalogue
from broker.saml.metadata import read_service_provider

from .metadata_samples import signing_key

TESTS = Path(__file__).parents[1]
SAMPLE = TESTS.parent / "metadata" / "service-catalogue.xml"
FACTS = {
    "host": "127.0.0.1",
    "backend": "digid_eherkenning.backends.eHerkenningBackend",
    "organisation": "Gemeente Elders (test)",
    "oin": "00000099000000160000",
    "entity_id": "urn:etoegang:DV:00000099000000160000:entities:9001",
    "broker_oin": "00000099000000010000",
    "service": "Kapvergunning aanvragen",
    "service_index": "9003",
    "definition_uuid": "d0000099-0016-4000-8000-000000009003",
    "instance_uuid": "e0000099-0016-4000-8000-000000009003",
    "level": "urn:etoegang:core:assurance-class:loa3",
    "content_type": "text/xml",
}
SERVICE_ID = ServiceId("urn:etoegang:DV:00000099000000160000:services:9003")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which django-digid-eherkenning wrote its metadata and its catalogue."""
    folder = tmp_path_factory.mktemp("django")
    (folder / "facts.json").write_text(json.dumps(FACTS))
    command = [sys.executable, "-m", "django_sp", str(folder / "facts.json")]
    subprocess.run(
        command, cwd=TESTS / "interop", stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=60
    )
    return folder


def test_the_metadata_of_django_digid_eherkenning_is_read(files: Path) -> None:
    metadata = read_service_provider((files / "sp-metadata.xml").read_bytes(), datetime.now(UTC))
    assert metadata.signed
    assert metadata.entity_id == FACTS["entity_id"]
    assert metadata.display_name.nl == FACTS["organisation"]
    consumer = metadata.default_assertion_consumer()
    assert consumer is not None
    assert consumer.binding == names.BINDING_ARTIFACT
    assert consumer.location.endswith("/eherkenning/acs/")
    assert metadata.assertion_consumer_by_location(consumer.location) is consumer
    service = metadata.service_by_index(9003)
    assert service is not None
    assert (service.service_id, service.names.nl) == (SERVICE_ID, FACTS["service"])
    assert metadata.default_service() is service
    assert metadata.encryption_certificates == tuple(key.certificate for key in metadata.verification_keys)


def test_the_catalogue_of_django_digid_eherkenning_is_read(files: Path) -> None:
    file = read_catalogue((files / "dienstcatalogus.xml").read_bytes(), "dienstcatalogus.xml")
    (service,) = file.catalogue.services.values()
    assert service.service_id == SERVICE_ID
    assert (service.definition_uuid, service.instance_uuid) == (FACTS["definition_uuid"], FACTS["instance_uuid"])
    assert service.provider_name == Text(FACTS["organisation"], FACTS["organisation"])
    assert service.required_level is AssuranceLevel.EH3
    kvk, rsin = IdentifierType.KVK_NUMBER, IdentifierType.RSIN
    assert service.identifier_sets == ({kvk, rsin}, {kvk})
    assert service.restrictions_allowed == {BRANCH_RESTRICTION}
    metadata = read_service_provider((files / "sp-metadata.xml").read_bytes(), datetime.now(UTC))
    assert file.certificates[SERVICE_ID] == metadata.encryption_certificates


def test_the_sample_follows_the_schema_once_it_is_signed() -> None:
    found = importlib.util.find_spec("digid_eherkenning")
    assert found is not None
    assert found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "xsd"
    catalogue_schema = etree.XMLSchema(file=str(folder / "eherkenning-dc.xml"))
    root = etree.fromstring(SAMPLE.read_bytes())
    assert not catalogue_schema.validate(root)
    root.set("ID", "_catalogue")
    signature.sign(root, signing_key("broker"), position=signature.FIRST, with_certificate=True)
    catalogue_schema.assertValid(root)
    assert len(read_catalogue(etree.tostring(root), "signed.xml").catalogue.services) == 8
