"""Reading service catalogues: the sample, what is refused and on which line, and several files together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.core.assurance import AssuranceLevel
from broker.core.catalogue import BRANCH_RESTRICTION, RequestedAttribute, Service
from broker.core.errors import ConfigError
from broker.core.identifiers import IdentifierType, ServiceId
from broker.core.text import Text
from broker.saml import names
from broker.saml.catalogue import CatalogueFile, merge, read_catalogue

from .metadata_samples import certificate_text, key_descriptor, signing_key, weak_certificate

KVK, RSIN, PSEUDO = IdentifierType.KVK_NUMBER, IdentifierType.RSIN, IdentifierType.PSEUDO
SAMPLE = Path(__file__).parents[2] / "metadata" / "service-catalogue.xml"

OIN = "00000099000000140000"
DEFINITION = "d0000099-0014-4000-8000-000000009001"
CATALOGUE = f"""<?xml version="1.0" encoding="UTF-8"?>
<esc:ServiceCatalogue xmlns:esc="{names.ESC}" xmlns:saml="{names.SAML}" xmlns:md="{names.MD}" xmlns:ds="{names.DS}"
    esc:IssueInstant="2026-01-01T00:00:00Z" esc:Version="urn:etoegang:1.13:53">
 <esc:ServiceProvider esc:IsPublic="true">
  <esc:ServiceProviderID>{OIN}</esc:ServiceProviderID>
  <esc:OrganizationDisplayName xml:lang="en">Municipality</esc:OrganizationDisplayName>
  <esc:ServiceDefinition esc:IsPublic="true">
   <esc:ServiceUUID>{DEFINITION}</esc:ServiceUUID>
   <esc:ServiceName xml:lang="nl">Bouwvergunning</esc:ServiceName>
   <esc:ServiceDescription xml:lang="nl">Vraag een vergunning aan.</esc:ServiceDescription>
   <saml:AuthnContextClassRef>urn:etoegang:core:assurance-class:loa3</saml:AuthnContextClassRef>
   <esc:HerkenningsmakelaarId>00000099000000010000</esc:HerkenningsmakelaarId>
   <esc:EntityConcernedTypesAllowed>urn:etoegang:1.9:EntityConcernedID:KvKnr</esc:EntityConcernedTypesAllowed>
  </esc:ServiceDefinition>
  <esc:ServiceInstance esc:IsPublic="true">
   <esc:ServiceID>urn:etoegang:DV:{OIN}:services:9001</esc:ServiceID>
   <esc:ServiceUUID>e0000099-0014-4000-8000-000000009001</esc:ServiceUUID>
   <esc:InstanceOfService>{DEFINITION}</esc:InstanceOfService>
   <esc:HerkenningsmakelaarId>00000099000000010000</esc:HerkenningsmakelaarId>
  </esc:ServiceInstance>
 </esc:ServiceProvider>
</esc:ServiceCatalogue>
"""
SERVICE_ID = ServiceId(f"urn:etoegang:DV:{OIN}:services:9001")
TYPE = CATALOGUE.splitlines()[12]


def read(xml: str, source: str = "catalogue.xml") -> CatalogueFile:
    return read_catalogue(xml.encode(), source)


def only(xml: str) -> Service:
    (service,) = read(xml).catalogue.services.values()
    return service


def changed(old: str, new: str) -> str:
    assert CATALOGUE.count(old) == 1, old
    return CATALOGUE.replace(old, new)


def types(*pairs: tuple[str, int | None]) -> str:
    def line(name: str, number: int | None) -> str:
        mark = "" if number is None else f' setNumber="{number}"'
        return f"<esc:EntityConcernedTypesAllowed{mark}>{name}</esc:EntityConcernedTypesAllowed>"

    return "\n".join(line(name, number) for name, number in pairs)


# --- the sample ---------------------------------------------------------------------------------------------------

PROVIDERS = {
    "11": ("00000099000000110000", "Belastingdienst (test)"),
    "12": ("00000099000000120000", "KVK (test)"),
    "13": ("00000099000000130000", "UWV (test)"),
    "14": ("00000099000000140000", "Gemeente Voorbeeldstad"),
    "16": ("00000099000000160000", "Beheermodule machtigingenregister (simulator)"),
}
EH2_PLUS, EH3, EH4 = AssuranceLevel.EH2_PLUS, AssuranceLevel.EH3, AssuranceLevel.EH4
SERVICES = [
    ("11", "9001", "Aangifte vennootschapsbelasting", EH3, ({RSIN, KVK}, {KVK})),
    ("11", "9002", "Aangifte omzetbelasting", EH3, ({RSIN},)),
    ("12", "9001", "Jaarrekening deponeren", EH3, ({KVK},)),
    ("12", "9002", "Handelsregister wijzigen", EH2_PLUS, ({KVK},)),
    ("13", "9001", "Ziekmelding werknemer", EH3, ({KVK, RSIN}, {KVK})),
    ("13", "9002", "Vertrouwelijk dossier inzien", EH4, ({KVK},)),
    ("14", "9001", "Bouwvergunning aanvragen", EH3, ({KVK},)),
    ("14", "9002", "Parkeerontheffing aanvragen", EH2_PLUS, ({KVK},)),
    ("16", "9001", "Beheermodule machtigingenregister", EH2_PLUS, ({RSIN, KVK}, {KVK})),
]


@pytest.mark.parametrize(("provider", "index", "name", "level", "sets"), SERVICES)
def test_the_sample_holds_each_service(
    provider: str, index: str, name: str, level: AssuranceLevel, sets: tuple[set[IdentifierType], ...]
) -> None:
    oin, organisation = PROVIDERS[provider]
    service = read_catalogue(SAMPLE.read_bytes(), SAMPLE.name).catalogue.find(f"urn:etoegang:DV:{oin}:services:{index}")
    assert service is not None
    assert (service.provider_oin, service.provider_name.nl) == (oin, organisation)
    assert (service.name.nl, service.required_level) == (name, level)
    assert service.definition_uuid == f"d0000099-00{provider}-4000-8000-00000000{index}"
    assert service.instance_uuid == f"e0000099-00{provider}-4000-8000-00000000{index}"
    assert service.identifier_sets == tuple(frozenset(item) for item in sets)
    branch = {BRANCH_RESTRICTION} if (provider, index) == ("14", "9001") else set()
    assert service.restrictions_allowed == branch
    assert service.chain_allowed


def test_the_sample_holds_nothing_else_and_everything_in_both_languages() -> None:
    found = read_catalogue(SAMPLE.read_bytes(), SAMPLE.name).catalogue.services.values()
    assert len(found) == len(SERVICES)
    for service in found:
        assert service.name.nl != service.name.en
        assert service.description.nl != service.description.en


# --- reading ------------------------------------------------------------------------------------------------------


def test_a_name_in_one_language_serves_for_both() -> None:
    service = only(CATALOGUE)
    assert service.provider_name == Text("Municipality", "Municipality")
    assert service.name == Text("Bouwvergunning", "Bouwvergunning")


def test_the_brokers_are_that_of_the_instance_and_the_additional_ones() -> None:
    first = "<esc:HerkenningsmakelaarId>00000099000000010000</esc:HerkenningsmakelaarId>"
    more = "<esc:AdditionalHerkenningsmakelaarId>00000099000000019999</esc:AdditionalHerkenningsmakelaarId>"
    head, _, instance = CATALOGUE.rpartition(first)
    assert only(CATALOGUE).brokers == {"00000099000000010000"}
    assert only(head + first + more + instance).brokers == {"00000099000000010000", "00000099000000019999"}
    assert only(head + first.replace("1", "2") + instance).brokers == {"00000099000000020000"}


def test_a_name_in_a_third_language_is_better_than_none() -> None:
    assert only(changed('xml:lang="en"', 'xml:lang="fr-FR"')).provider_name.en == "Municipality"


@pytest.mark.parametrize(
    ("languages", "dutch", "english"),
    [
        ("fr en", "en", "en"),
        ("fr nl", "nl", "nl"),
        ("en nl", "nl", "en"),
        ("fr-FR de", "fr-FR", "fr-FR"),
        ("en-GB nl-NL", "nl-NL", "en-GB"),
        ("nl nl-BE", "nl", "nl"),
    ],
)
def test_the_language_of_a_name_is_chosen(languages: str, dutch: str, english: str) -> None:
    given = "".join(f'<esc:ServiceName xml:lang="{item}">{item}</esc:ServiceName>' for item in languages.split())
    assert only(changed('<esc:ServiceName xml:lang="nl">Bouwvergunning</esc:ServiceName>', given)).name == Text(
        dutch, english
    )


def test_white_space_around_and_in_text_does_not_matter() -> None:
    service = only(
        changed(">Bouwvergunning<", ">\n     Bouw\n     vergunning\n   <").replace(DEFINITION, f"\n{DEFINITION} ")
    )
    assert service.name.nl == "Bouw vergunning"
    assert service.definition_uuid == DEFINITION


def test_types_with_one_number_belong_together_and_lower_numbers_go_first() -> None:
    given = types((RSIN.value, 2), (KVK.value, 1), (KVK.value, 2), (PSEUDO.value, 10))
    assert only(CATALOGUE.replace(TYPE, given)).identifier_sets == ({KVK}, {RSIN, KVK}, {PSEUDO})


def test_types_without_number_are_each_a_set_and_go_last() -> None:
    given = types((RSIN.value, None), (KVK.value, None), (PSEUDO.value, 5))
    assert only(CATALOGUE.replace(TYPE, given)).identifier_sets == ({PSEUDO}, {RSIN}, {KVK})


def test_the_types_of_an_instance_replace_those_of_its_definition() -> None:
    own = types((RSIN.value, 1), (KVK.value, 2))
    assert only(changed("</esc:ServiceInstance>", f"{own}</esc:ServiceInstance>")).identifier_sets == ({RSIN}, {KVK})


def test_the_older_name_of_the_pseudonym_is_understood() -> None:
    old = TYPE.replace("KvKnr", "Pseudo")
    assert only(CATALOGUE.replace(TYPE, old)).identifier_sets == ({PSEUDO},)


def test_acting_subject_types_are_sets_too() -> None:
    asked = (
        '<esc:ActingSubjectTypesAllowed setNumber="2">urn:etoegang:1.13:EntityConcernedID:Pseudo'
        "</esc:ActingSubjectTypesAllowed>"
        '<esc:ActingSubjectTypesAllowed setNumber="1">urn:etoegang:1.12:EntityConcernedID:BSN'
        "</esc:ActingSubjectTypesAllowed>"
    )
    found = only(changed("</esc:ServiceDefinition>", f"{asked}</esc:ServiceDefinition>"))
    assert found.acting_sets == ({IdentifierType.BSN}, {PSEUDO})
    assert only(CATALOGUE).acting_sets == ()


def test_requested_attributes_are_kept_in_order() -> None:
    attribute = (
        '<esc:RequestedAttribute Name="urn:example:{}" isRequired="{}">'
        '<esc:PurposeStatement xml:lang="nl">Daarom</esc:PurposeStatement></esc:RequestedAttribute>'
    )
    given = attribute.format("b", "true") + attribute.format("a", "0")
    found = only(changed("</esc:ServiceDefinition>", f"{given}</esc:ServiceDefinition>"))
    assert found.requested_attributes == (
        RequestedAttribute("urn:example:b", is_required=True),
        RequestedAttribute("urn:example:a", is_required=False),
    )


def test_certificates_stand_beside_the_services() -> None:
    keys = [signing_key(name) for name in ("sp encryption", "sp encryption next")]
    descriptors = [key_descriptor(certificate_text(key), "encryption", "naam") for key in keys]
    given = "".join(f"<esc:ServiceCertificate>{item}</esc:ServiceCertificate>" for item in descriptors)
    file = read(changed("</esc:ServiceInstance>", f"{given}</esc:ServiceInstance>"))
    assert [item.der for item in file.certificates[SERVICE_ID]] == [key.certificate.der for key in keys]
    assert {item.key_name for item in file.certificates[SERVICE_ID]} == {"naam"}
    assert read(CATALOGUE).certificates == {SERVICE_ID: ()}


def test_a_definition_of_another_provider_may_be_shared_but_the_own_one_goes_first() -> None:
    head, provider, tail = _parts()
    other = provider.replace(OIN, "00000099000000130000")
    start, end = other.index("  <esc:ServiceDefinition"), other.index("  <esc:ServiceInstance")
    shared = read(head + provider + other[:start] + other[end:] + tail).catalogue
    service = shared.find("urn:etoegang:DV:00000099000000130000:services:9001")
    assert service is not None
    assert (service.definition_uuid, service.name.nl) == (DEFINITION, "Bouwvergunning")
    own = other.replace(">Bouwvergunning<", ">Verbouwing<")
    both = read(head + provider + own + tail).catalogue
    assert [item.name.nl for item in both.services.values()] == ["Bouwvergunning", "Verbouwing"]


def test_a_large_catalogue_is_read() -> None:
    head, provider, tail = _parts()
    many = "".join(provider.replace(OIN, f"{index:020d}") for index in range(300))
    assert len(read(head + many + tail).catalogue.services) == 300


def _parts() -> tuple[str, str, str]:
    start, end = CATALOGUE.index(" <esc:ServiceProvider "), CATALOGUE.index("</esc:ServiceCatalogue>")
    return CATALOGUE[:start], CATALOGUE[start:end], CATALOGUE[end:]


# --- what is refused, and on which line ---------------------------------------------------------------------------


def _doubled(line: int) -> str:
    lines = CATALOGUE.splitlines()
    return "\n".join([*lines[:line], lines[line - 1], *lines[line:]])


def _second_instance() -> str:
    start, end = CATALOGUE.index("  <esc:ServiceInstance"), CATALOGUE.index(" </esc:ServiceProvider>")
    return CATALOGUE[:end] + CATALOGUE[start:end] + CATALOGUE[end:]


def _second_definition() -> str:
    start, end = CATALOGUE.index("  <esc:ServiceDefinition"), CATALOGUE.index("  <esc:ServiceInstance")
    return CATALOGUE[:end] + CATALOGUE[start:end] + CATALOGUE[end:]


def refusals() -> Iterator[tuple[str, str, int, str]]:
    """A name, a catalogue, the line and the reason."""
    unknown = DEFINITION.replace("9001", "9009")
    yield (
        "unknown InstanceOfService",
        changed(f"<esc:InstanceOfService>{DEFINITION}", f"<esc:InstanceOfService>{unknown}"),
        18,
        f"InstanceOfService {unknown}: no ServiceDefinition has this ServiceUUID",
    )
    yield (
        "instance without definition",
        changed(f"   <esc:InstanceOfService>{DEFINITION}</esc:InstanceOfService>\n", ""),
        15,
        "ServiceInstance: InstanceOfService is missing, so it has no definition",
    )
    yield (
        "bad ServiceID",
        changed(":services:9001", ":dienst:9001"),
        16,
        f"ServiceID: ServiceId 'urn:etoegang:DV:{OIN}:dienst:9001': expected urn:etoegang:DV:<OIN>:services:<index>",
    )
    yield (
        "ServiceID of another provider",
        changed(f"DV:{OIN}", "DV:00000099000000130000"),
        16,
        f"ServiceID urn:etoegang:DV:00000099000000130000:services:9001 is not of ServiceProviderID {OIN}",
    )
    yield (
        "bad ServiceUUID",
        changed(f"<esc:ServiceUUID>{DEFINITION}", "<esc:ServiceUUID>9001"),
        8,
        "ServiceUUID: ServiceUuid '9001': expected a UUID in lower case",
    )
    yield (
        "bad OIN",
        changed(f"<esc:ServiceProviderID>{OIN}", "<esc:ServiceProviderID>99"),
        5,
        "Element 'esc:ServiceProviderID': [facet 'pattern'] The value '99' is not accepted by the pattern '[0-9]{20}'.",
    )
    yield (
        "bad OIN of the broker",
        CATALOGUE.replace("00000099000000010000", "1", 1),
        12,
        "Element 'esc:HerkenningsmakelaarId': [facet 'pattern'] The value '1' is not accepted",
    )
    head, tail = CATALOGUE.rsplit("00000099000000010000", 1)
    yield (
        "bad OIN of the broker of an instance",
        f"{head}1{tail}",
        19,
        "Element 'esc:HerkenningsmakelaarId': [facet 'pattern'] The value '1' is not accepted",
    )
    yield (
        "unknown level",
        changed("loa3", "loa1"),
        11,
        "'urn:etoegang:core:assurance-class:loa1' is not a level; known are urn:etoegang:core:assurance-class:loa2, ",
    )
    yield (
        "unknown identifier type",
        changed("EntityConcernedID:KvKnr", "EntityConcernedID:KvK"),
        13,
        "'urn:etoegang:1.9:EntityConcernedID:KvK' is not an identifier type; known are ",
    )
    yield (
        "bad setNumber",
        changed("Allowed>urn", 'Allowed setNumber="een">urn'),
        13,
        "attribute 'setNumber': 'een' is not a valid value",
    )
    yield (
        "ServiceID twice",
        _second_instance(),
        22,
        f"ServiceID {SERVICE_ID} is used twice",
    )
    yield ("definition twice", _second_definition(), 16, f"ServiceUUID {DEFINITION} is used for two definitions")
    yield (
        "missing element",
        CATALOGUE.replace(TYPE, ""),
        7,
        "Element 'esc:ServiceDefinition': Missing child element(s). Expected is ( esc:EntityConcernedTypesAllowed ).",
    )
    yield (
        "repeated element",
        _doubled(11),
        12,
        "'saml:AuthnContextClassRef': This element is not expected. Expected is ( esc:HerkenningsmakelaarId ).",
    )
    yield (
        "misspelt element",
        CATALOGUE.replace("ServiceDescription", "ServiceDescripton"),
        10,
        "Element 'esc:ServiceDescripton': This element is not expected.",
    )
    yield (
        "element in the wrong place",
        changed(TYPE, f"{TYPE}<md:KeyDescriptor/>"),
        13,
        "Element 'md:KeyDescriptor': This element is not expected.",
    )
    yield (
        "missing attribute",
        changed(' esc:Version="urn:etoegang:1.13:53"', ""),
        3,
        "The attribute 'esc:Version' is required but missing.",
    )
    yield (
        "unqualified attribute",
        changed("<esc:ServiceInstance esc:IsPublic", "<esc:ServiceInstance IsPublic"),
        15,
        "Element 'esc:ServiceInstance', attribute 'IsPublic': The attribute 'IsPublic' is not allowed.",
    )
    head, tail = CATALOGUE.split("   <saml:AuthnContextClassRef>", 1)
    level, tail = tail.split("\n", 1)
    identifier, tail = tail.split("\n", 1)
    yield (
        "another order",
        f"{head}{identifier}\n   <saml:AuthnContextClassRef>{level}\n{tail}",
        11,
        "Element 'esc:HerkenningsmakelaarId': This element is not expected. Expected is one of ",
    )
    yield (
        "no moment",
        changed('esc:IssueInstant="2026-01-01T00:00:00Z"', 'esc:IssueInstant="today"'),
        3,
        "xs:dateTime",
    )
    yield (
        "no language",
        changed('<esc:ServiceName xml:lang="nl">', "<esc:ServiceName>"),
        9,
        "The attribute 'xml:lang' is required",
    )
    yield ("no truth", CATALOGUE.replace('IsPublic="true"', 'IsPublic="yes"', 1), 4, "'yes' is not a valid value")
    yield (
        "element in a text",
        changed(">Bouwvergunning<", "><esc:b/><"),
        9,
        "Element 'esc:ServiceName': Element content is not allowed",
    )
    yield (
        "name too long",
        changed(">Bouwvergunning<", f">{'x' * 65}<"),
        9,
        "Element 'esc:ServiceName': [facet 'maxLength'] The value has a length of '65'",
    )
    yield ("not well formed", CATALOGUE.replace("</esc:ServiceName>", "", 1), 14, "not-well-formed: ")
    yield ("comment", changed(TYPE, f"<!-- hier -->{TYPE}"), 0, "foreign-node: line 13: comment")
    yield ("other document", '<x xmlns="urn:example"/>', 1, "the root is {urn:example}x, expected {urn:etoegang:1.13:")
    yield (
        "other version",
        CATALOGUE.replace(names.ESC, "urn:etoegang:1.9:service-catalog"),
        3,
        "the root is {urn:etoegang:1.9",
    )
    yield (
        "weak certificate",
        changed("</esc:ServiceInstance>", _service_certificate(weak_certificate(1024, 65537), "encryption")),
        21,
        "ServiceCertificate: RSA of 1024 bits",
    )
    yield (
        "signing certificate",
        changed("</esc:ServiceInstance>", _service_certificate(certificate_text(signing_key("sp")), "signing")),
        21,
        "ServiceCertificate must be for encryption",
    )
    yield (
        "requested attribute without name",
        changed(
            "</esc:ServiceDefinition>",
            '<esc:RequestedAttribute><esc:PurposeStatement xml:lang="nl">x</esc:PurposeStatement>'
            "</esc:RequestedAttribute></esc:ServiceDefinition>",
        ),
        14,
        "Element 'esc:RequestedAttribute': The attribute 'Name' is required but missing.",
    )


def _service_certificate(certificate: str, use: str) -> str:
    descriptor = key_descriptor(certificate, use)
    return f"\n<esc:ServiceCertificate>{descriptor}</esc:ServiceCertificate></esc:ServiceInstance>"


@pytest.mark.parametrize(("xml", "line", "reason"), [pytest.param(*case, id=name) for name, *case in refusals()])
def test_the_refusal_names_file_line_and_reason(xml: str, line: int, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(xml, "metadata/eigen.xml")
    message = str(caught.value)
    assert message.startswith(f"metadata/eigen.xml:{line}: " if line else "metadata/eigen.xml: ")
    assert reason in message
    assert "\n" not in message


# --- several files ------------------------------------------------------------------------------------------------


def test_files_are_merged() -> None:
    other = CATALOGUE.replace(OIN, "00000099000000150000")
    merged = merge([read(CATALOGUE, "a.xml"), read(other, "b.xml")])
    assert list(merged.catalogue.services) == [SERVICE_ID, "urn:etoegang:DV:00000099000000150000:services:9001"]
    assert list(merged.certificates) == list(merged.catalogue.services)
    assert merged.source == "a.xml, b.xml"


def test_MD_04_duplicate_service_in_two_files_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        merge([read(CATALOGUE, "a.xml"), read(CATALOGUE, "b.xml")])
    assert str(caught.value) == f"b.xml: ServiceID {SERVICE_ID} is also in a.xml"


# --- portals ------------------------------------------------------------------------------------------------------

PORTAL = f"""
  <esc:ServiceInstance esc:IsPublic="true" esc:IsPortal="true">
   <esc:ServiceID>urn:etoegang:DV:{OIN}:services:9003</esc:ServiceID>
   <esc:ServiceUUID>e0000099-0014-4000-8000-000000009003</esc:ServiceUUID>
   <esc:InstanceOfService>{DEFINITION}</esc:InstanceOfService>
   <esc:HerkenningsmakelaarId>00000099000000010000</esc:HerkenningsmakelaarId>
   <esc:PortalForService>{SERVICE_ID}</esc:PortalForService>
  </esc:ServiceInstance>"""
WITH_PORTAL = CATALOGUE.replace(" </esc:ServiceProvider>", PORTAL + " </esc:ServiceProvider>")


def merged(xml: str) -> CatalogueFile:
    return merge([read(xml)])


def test_a_portal_lists_the_services_behind_it() -> None:
    catalogue = merged(WITH_PORTAL).catalogue
    portal = catalogue.find(f"urn:etoegang:DV:{OIN}:services:9003")
    assert portal is not None
    assert portal.portal_for == (SERVICE_ID,)
    assert catalogue.behind(portal) == (catalogue.services[SERVICE_ID],)
    assert catalogue.behind(catalogue.services[SERVICE_ID]) == ()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (' esc:IsPortal="true"', "", 22),
        (' esc:IsPortal="true"', ' esc:IsPortal="false"', 22),
        (f"   <esc:PortalForService>{SERVICE_ID}</esc:PortalForService>\n", "", 22),
    ],
    ids=["services-without-portal", "services-of-no-portal", "portal-without-services"],
)
def test_a_portal_and_the_services_behind_it_belong_together(old: str, new: str, line: int) -> None:
    assert old in WITH_PORTAL
    with pytest.raises(ConfigError, match=rf"catalogue.xml:{line}: .*IsPortal=true and PortalForService belong"):
        read(WITH_PORTAL.replace(old, new))


def test_a_service_behind_a_portal_must_be_there_and_be_no_portal() -> None:
    behind = f"<esc:PortalForService>{SERVICE_ID}<"
    for wrong, reason in (("9009", "is not in the catalogue"), ("9003", "is a portal itself")):
        xml = WITH_PORTAL.replace(behind, behind.replace("9001<", f"{wrong}<"))
        with pytest.raises(ConfigError, match=rf"^catalogue.xml: PortalForService .*{wrong} .*{reason}"):
            merged(xml)


def test_a_service_behind_a_portal_may_be_in_another_file() -> None:
    alone = WITH_PORTAL.replace("services:9001</esc:ServiceID>", "services:9004</esc:ServiceID>")
    catalogue = merge([read(alone, "one.xml"), read(CATALOGUE, "other.xml")]).catalogue
    assert SERVICE_ID in catalogue.services
    with pytest.raises(ConfigError, match=r"^one.xml: "):
        merge([read(alone, "one.xml")])
