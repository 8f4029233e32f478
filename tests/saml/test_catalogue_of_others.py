"""The files of the software that Dutch municipalities run, and its schema as a second opinion on ours."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import BRANCH_RESTRICTION
from broker.core.identifiers import IdentifierType, ServiceId
from broker.core.text import Text
from broker.saml import names, schema, signature
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


def test_the_sample_follows_the_schema_once_it_is_signed(their_schema: etree.XMLSchema) -> None:
    root = etree.fromstring(SAMPLE.read_bytes())
    assert not their_schema.validate(root)
    root.set("ID", "_catalogue")
    signature.sign(root, signing_key("broker"), position=signature.FIRST, with_certificate=True)
    their_schema.assertValid(root)
    assert len(read_catalogue(etree.tostring(root), "signed.xml").catalogue.services) == 9


def test_our_schema_agrees_with_theirs_about_every_spoilt_catalogue(their_schema: etree.XMLSchema) -> None:
    """Each element of the sample left out, doubled, emptied or moved; each attribute left out or spoilt."""
    disagreed = []
    for name, root in spoilt(etree.fromstring(SAMPLE.read_bytes())):
        ours = schema.first_violation(root, names.ESC)
        root.set("ID", "_catalogue")
        root.insert(0, deepcopy(_signature()))
        if (ours is None) != their_schema.validate(root):
            disagreed.append((name, ours, their_schema.error_log.last_error))
    assert disagreed == []


@cache
def _signature() -> etree._Element:
    root = etree.fromstring(SAMPLE.read_bytes())
    root.set("ID", "_catalogue")
    signature.sign(root, signing_key("broker"), position=signature.FIRST, with_certificate=True)
    return root[0]


def spoilt(sample: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Catalogues that differ from `sample` in one place of its first provider, by name."""
    paths = [sample.getroottree().getelementpath(item) for item in sample[0].iter()]
    changes: dict[str, Callable[[etree._Element], object]] = {
        "without": lambda item: item.getparent().remove(item),
        "twice": lambda item: item.addnext(deepcopy(item)),
        "empty": lambda item: item.clear(),
        "long": lambda item: setattr(item, "text", "x" * 1025) if not len(item) else None,
        "last": lambda item: item.getparent().append(item),
        "first": lambda item: item.getparent().insert(0, item),
        "unknown attribute": lambda item: item.set("what", "x"),
    }
    for path in paths:
        for name, change in changes.items():
            root = deepcopy(sample)
            change(root.find(path))
            yield f"{name} {path}", root
        for attribute in sample.find(path).attrib:
            for value in (None, "", "spoilt value"):
                root = deepcopy(sample)
                element = root.find(path)
                if value is None:
                    del element.attrib[attribute]
                else:
                    element.set(attribute, value)
                yield f"{path} {attribute}={value}", root
