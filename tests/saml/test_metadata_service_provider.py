"""Reading the metadata of a service provider: what is understood, what is accepted, what is refused and why."""

from datetime import timedelta

import pytest
from lxml import etree

from broker.core.catalogue import RequestedAttribute
from broker.core.text import Text
from broker.saml import document, endpoints, names, signature
from broker.saml.faults import DocumentReason, MetadataReason, MetadataRejected, Reason, SignatureReason
from broker.saml.keys import Certificate
from broker.saml.metadata import Endpoint, RequestedService, ServiceProviderMetadata, read_service_provider

from .metadata_samples import (
    ACS,
    MOMENT,
    SERVICE,
    SP,
    START,
    certificate_for_encryption_only,
    certificate_text,
    consumer,
    key_descriptor,
    service,
    signed,
    signing_key,
    sp_metadata,
    weak_certificate,
)

KEY = signing_key("sp")


def read(xml: str | bytes) -> ServiceProviderMetadata:
    return read_service_provider(xml if isinstance(xml, bytes) else xml.encode(), MOMENT)


def content(xml: str | bytes) -> tuple[object, ...]:
    """What was read, in values that can be compared."""
    found = read(xml)
    certificates = [key.certificate.der for key in found.verification_keys]
    return found.entity_id, found.signed, found.services, found.assertion_consumers, found.display_name, certificates


def refusal(xml: str | bytes) -> MetadataRejected:
    with pytest.raises(MetadataRejected) as caught:
        read(xml)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(f"({caught.value.clause})")
    return caught.value


def certificates(metadata: ServiceProviderMetadata) -> list[Certificate]:
    return [key.certificate for key in metadata.verification_keys]


def test_everything_that_the_broker_needs_is_read() -> None:
    metadata = read(signed(sp_metadata(), KEY))
    assert metadata.entity_id == SP
    assert metadata.display_name == Text("Gemeente Voorbeeldstad", "Municipality of Voorbeeldstad")
    assert certificates(metadata) == [KEY.certificate]
    assert metadata.encryption_certificates == (KEY.certificate,)
    assert metadata.assertion_consumers == (Endpoint(names.BINDING_ARTIFACT, ACS, 0, is_default=True),)
    name = Text("Bouwvergunning aanvragen", "Bouwvergunning aanvragen")
    assert metadata.services == (RequestedService(9001, is_default=True, service_id=SERVICE, names=name),)
    assert metadata.signed


def test_the_operator_may_register_unsigned_metadata() -> None:
    assert not read(sp_metadata()).signed


def test_an_entities_descriptor_around_one_entity_is_accepted() -> None:
    around = f'<md:EntitiesDescriptor xmlns:md="{names.MD}" ID="_all">{{}}</md:EntitiesDescriptor>'
    assert not read(around.format(sp_metadata())).signed
    assert read(around.format(signed(sp_metadata(), KEY).decode())).signed
    assert read(signed(around.format(sp_metadata()), KEY)).signed


def test_both_signatures_are_checked_when_there_are_two() -> None:
    around = f'<md:EntitiesDescriptor xmlns:md="{names.MD}" ID="_all">{{}}</md:EntitiesDescriptor>'
    entity = signed(sp_metadata(), KEY).decode()
    assert read(signed(around.format(entity), KEY)).signed
    spoilt = entity.replace("Voorbeeldstad", "Elders")
    assert refusal(signed(around.format(spoilt), KEY)).reason is SignatureReason.INVALID
    whole = signed(around.replace("ID=", 'Name="goed" ID=').format(entity), KEY)
    assert read(whole).signed
    assert refusal(whole.replace(b'Name="goed"', b'Name="fout"')).reason is SignatureReason.INVALID


def test_metadata_without_organization_is_named_after_its_entity_id() -> None:
    assert read(sp_metadata(organization="")).display_name == Text(SP, SP)


def test_a_key_name_of_the_owner_is_kept_as_it_is() -> None:
    named = key_descriptor(certificate_text(KEY), key_name="sleutel van 2026")
    assert certificates(read(sp_metadata(named)))[0].key_name == "sleutel van 2026"
    assert certificates(read(sp_metadata()))[0].key_name == KEY.certificate.key_name


def test_a_non_artifact_endpoint_is_known_but_never_the_default() -> None:
    post = consumer(index=1, binding=names.BINDING_POST, more=' isDefault="true"')
    metadata = read(sp_metadata(consumers=post + consumer(index=2)))
    default = metadata.default_assertion_consumer()
    assert default is not None
    assert (default.index, default.binding) == (2, names.BINDING_ARTIFACT)
    assert metadata.assertion_consumer_by_index(1) == Endpoint(names.BINDING_POST, ACS, 1)
    assert metadata.assertion_consumer_by_location(ACS) is default
    assert metadata.assertion_consumer_by_index(3) is None
    assert metadata.assertion_consumer_by_location(ACS + "/") is None


@pytest.mark.parametrize(
    ("marks", "default"),
    [
        (("", ""), 0),
        (("", ' isDefault="true"'), 1),
        ((' isDefault="false"', ""), 1),
        ((' isDefault="0"', ' isDefault="1"'), 1),
        ((' isDefault="false"', ' isDefault="false"'), 0),
    ],
)
def test_the_default_follows_the_rule_of_saml(marks: tuple[str, str], default: int) -> None:
    consumers = "".join(consumer(f"{ACS}/{index}", index, more=more) for index, more in enumerate(marks))
    services = "".join(service(index, more=more) for index, more in enumerate(marks))
    metadata = read(sp_metadata(consumers=consumers, services=services))
    assert metadata.default_assertion_consumer() == metadata.assertion_consumer_by_index(default)
    assert metadata.default_service() == metadata.service_by_index(default)


def test_further_requested_attributes_are_kept_in_order() -> None:
    extra = "".join(f'<md:RequestedAttribute Name="urn:example:{x}"/>' for x in ('a" isRequired="1', "b"))
    found = read(sp_metadata(services=service(attributes=extra))).service_by_index(9001)
    assert found is not None
    assert found.service_id == SERVICE
    assert found.requested_attributes == (
        RequestedAttribute("urn:example:a", is_required=True),
        RequestedAttribute("urn:example:b", is_required=False),
    )


def test_metadata_without_services_has_no_default_service() -> None:
    metadata = read(sp_metadata(services=""))
    assert metadata.default_service() is None
    assert metadata.service_by_index(9001) is None


def test_a_service_without_a_service_id_is_kept_without() -> None:
    found = read(sp_metadata(services=service(service_id="urn:example:attribute"))).default_service()
    assert found is not None
    assert found.service_id is None


def test_two_services_behind_one_index_are_refused() -> None:
    extra = f'<md:RequestedAttribute Name="{SERVICE[:-1]}2"/>'
    assert refusal(sp_metadata(services=service(attributes=extra))).reason is MetadataReason.DUPLICATE


@pytest.mark.parametrize(
    "parts",
    [
        {"consumers": consumer() + consumer()},
        {"services": service() + service()},
        {"consumers": consumer(more=' isDefault="true"') + consumer(index=1, more=' isDefault="true"')},
        {"services": service(more=' isDefault="true"') + service(1, more=' isDefault="true"')},
        {"others": 2 * f'<md:ArtifactResolutionService Binding="{names.BINDING_SOAP}" Location="{ACS}" index="0"/>'},
    ],
    ids=["consumers", "services", "default-consumers", "default-services", "resolution"],
)
def test_a_second_of_what_must_be_one_is_refused(parts: dict[str, str]) -> None:
    assert refusal(sp_metadata(**parts)).reason is MetadataReason.DUPLICATE


def test_metadata_without_artifact_endpoint_is_refused() -> None:
    rejected = refusal(sp_metadata(consumers=consumer(binding=names.BINDING_POST)))
    assert rejected.reason is MetadataReason.ENDPOINT
    assert rejected.where == "SPSSODescriptor"


def test_the_line_says_what_and_where_and_which_clause() -> None:
    line = str(refusal(sp_metadata(consumers=consumer() + consumer("ftp://sp.invalid/", 1))))
    assert line == (
        "endpoint: SPSSODescriptor/AssertionConsumerService[2]/@Location: 'ftp://sp.invalid/': only http and https "
        "(SAML metadata 2.2.2)"
    )


# --- signatures ---------------------------------------------------------------------------------------------------


def test_MD_01_bad_signature_is_refused() -> None:
    good = signed(sp_metadata(), KEY)
    assert refusal(good.replace(ACS.encode(), b"http://127.0.0.1:8083/acs")).reason is SignatureReason.INVALID


def test_MD_01_signature_by_a_key_outside_the_metadata_is_refused() -> None:
    assert refusal(signed(sp_metadata(), signing_key("other"))).reason is SignatureReason.NO_KEY


def test_MD_01_signature_by_an_expired_key_is_refused() -> None:
    old = signing_key("old", START, MOMENT - timedelta(days=1))
    keys = key_descriptor(certificate_text(old)) + key_descriptor(certificate_text(KEY))
    assert refusal(signed(sp_metadata(keys), old)).reason is SignatureReason.CERTIFICATE


@pytest.mark.parametrize(
    ("xml", "where", "why"),
    [
        (
            signed(sp_metadata(), KEY).replace(ACS.encode(), b"http://127.0.0.1:8083/acs"),
            "invalid: EntityDescriptor/Signature",
            "the file was changed after it was signed, or signed with another key than that of its KeyDescriptor",
        ),
        (
            signed(sp_metadata(), signing_key("other")),
            "no-key: EntityDescriptor/Signature",
            "its KeyInfo names another key than the certificates for signing in this file",
        ),
        (
            signed(
                f'<md:EntitiesDescriptor xmlns:md="{names.MD}" ID="_all">{sp_metadata()}</md:EntitiesDescriptor>', KEY
            ).replace(ACS.encode(), b"http://127.0.0.1:8083/acs"),
            "invalid: EntitiesDescriptor/Signature",
            "the file was changed after it was signed, or signed with another key than that of its KeyDescriptor",
        ),
        (
            signed(sp_metadata(), KEY).replace(b"xmldsig-more#rsa-sha256", b"xmldsig-more#rsa-sha512"),
            "algorithm: EntityDescriptor/Signature",
            "its algorithm is not accepted: http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        ),
    ],
    ids=["changed", "another key", "changed in a group", "another algorithm"],
)
def test_a_signature_that_is_wrong_says_what_and_where_and_what_to_do(xml: bytes, where: str, why: str) -> None:
    assert str(refusal(xml)) == (
        f"{where}: the signature is wrong, {why}; have it signed anew, or take the Signature out: "
        "metadata need not be signed (etd Digital signature)"
    )


def test_MD_06_wrapped_entity_is_refused() -> None:
    original = signed(sp_metadata(), KEY).decode()
    evil = sp_metadata(consumers=consumer("https://evil.invalid/acs")).replace('ID="_sp"', 'ID="_evil"')
    hidden = f'<md:Extensions><x xmlns="urn:example">{original}</x></md:Extensions>'
    wrapped = evil.replace("<md:SPSSODescriptor", f"{hidden}<md:SPSSODescriptor", 1)
    assert refusal(wrapped).reason is MetadataReason.ENTITY


def test_MD_06_signature_with_the_original_inside_an_object_is_refused() -> None:
    original = signed(sp_metadata(), KEY).decode()
    before, rest = original.split("<ds:Signature", 1)
    inside, after = rest.split("</ds:Signature>", 1)
    hidden = f"<ds:Signature{inside}<ds:Object>{sp_metadata()}</ds:Object></ds:Signature>"
    evil = before.replace('ID="_sp"', 'ID="_evil"') + hidden + after.replace(ACS, "https://evil.invalid/acs")
    assert refusal(evil).reason is MetadataReason.ENTITY


def test_MD_06_signature_over_another_part_is_refused() -> None:
    xml = sp_metadata().replace("<md:SPSSODescriptor ", '<md:SPSSODescriptor ID="_role" ', 1)
    root = document.read(xml.encode())
    role = root.find(f"{{{names.MD}}}SPSSODescriptor")
    assert role is not None
    signature.sign(role, KEY, position=signature.FIRST, with_certificate=True)
    assert refusal(document.write(root)).reason is SignatureReason.POSITION


# --- keys ---------------------------------------------------------------------------------------------------------


def test_MD_07_two_signing_certificates_are_both_used_and_one_that_is_removed_is_not() -> None:
    old, new = signing_key("sp"), signing_key("sp next")
    both = "".join(key_descriptor(certificate_text(key), "signing") for key in (old, new))
    for key in (old, new):
        metadata = read(signed(sp_metadata(both), key))
        assert certificates(metadata) == [old.certificate, new.certificate]
    only_new = sp_metadata(key_descriptor(certificate_text(new), "signing"))
    assert certificates(read(signed(only_new, new))) == [new.certificate]
    assert refusal(signed(only_new, old)).reason is SignatureReason.NO_KEY


def test_KEY_12_a_key_is_used_only_for_what_it_is_given() -> None:
    encryption = signing_key("sp encryption")
    keys = key_descriptor(certificate_text(KEY), "signing") + key_descriptor(certificate_text(encryption), "encryption")
    metadata = read(sp_metadata(keys))
    assert certificates(metadata) == [KEY.certificate]
    assert metadata.encryption_certificates == (encryption.certificate,)
    assert refusal(signed(sp_metadata(keys), encryption)).reason is SignatureReason.NO_KEY


@pytest.mark.parametrize("use", ["signing", None])
def test_KEY_12_a_certificate_that_is_not_meant_for_signing_verifies_nothing(use: str | None) -> None:
    usable, encryption = key_descriptor(certificate_text(KEY)), key_descriptor(certificate_for_encryption_only(), use)
    assert certificates(read(sp_metadata(usable + encryption))) == [KEY.certificate]
    assert refusal(sp_metadata(encryption)).reason is MetadataReason.KEY


def test_metadata_without_signing_key_is_refused() -> None:
    only = key_descriptor(certificate_text(KEY), "encryption")
    assert refusal(sp_metadata(only)).reason is MetadataReason.KEY


@pytest.mark.parametrize(("bits", "exponent"), [(1024, 65537), (2048, 3)])
@pytest.mark.parametrize("use", ["signing", "encryption", None])
def test_KEY_10_weak_key_is_refused(bits: int, exponent: int, use: str | None) -> None:
    keys = key_descriptor(certificate_text(KEY)) + key_descriptor(weak_certificate(bits, exponent), use)
    rejected = refusal(sp_metadata(keys))
    assert rejected.reason is MetadataReason.KEY
    assert rejected.where == "SPSSODescriptor/KeyDescriptor[2]"
    assert str(bits) in rejected.what


@pytest.mark.parametrize("content", ["", "not base64!", "AAAA", "MIID"])
def test_MD_09_malformed_certificate_is_refused(content: str) -> None:
    rejected = refusal(sp_metadata(key_descriptor(content)))
    assert rejected.reason in (MetadataReason.KEY, DocumentReason.SCHEMA)


def test_a_key_with_two_certificates_is_refused() -> None:
    one = certificate_text(KEY)
    two = key_descriptor(f"{one}</ds:X509Certificate><ds:X509Certificate>{one}")
    assert refusal(sp_metadata(two)).reason is MetadataReason.KEY


def test_a_key_without_certificate_is_refused() -> None:
    bare = "<md:KeyDescriptor><ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo></md:KeyDescriptor>"
    assert refusal(sp_metadata(bare)).reason is MetadataReason.KEY


# --- validity, entities, size -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["entity", "role", "group"])
def test_MD_02_expired_metadata_is_refused(place: str) -> None:
    def with_end(moment: str) -> str:
        until = f' validUntil="{moment}"'
        if place == "entity":
            return sp_metadata(attributes=until)
        if place == "role":
            return sp_metadata().replace("<md:SPSSODescriptor", f"<md:SPSSODescriptor{until}", 1)
        return f'<md:EntitiesDescriptor xmlns:md="{names.MD}"{until}>{sp_metadata()}</md:EntitiesDescriptor>'

    assert read(with_end("2026-11-24T12:00:01Z")).entity_id == SP
    assert read(with_end("2026-11-24T13:00:01+01:00")).entity_id == SP
    assert refusal(with_end("2026-11-24T12:00:00Z")).reason is MetadataReason.EXPIRED
    assert refusal(with_end("2026-11-24T12:30:00+01:00")).reason is MetadataReason.EXPIRED

    lasting = read(with_end("2026-11-24T12:00:01Z"))
    lasting.check_current(MOMENT)
    with pytest.raises(MetadataRejected) as expired:
        lasting.check_current(MOMENT + timedelta(seconds=1))
    assert expired.value.reason is MetadataReason.EXPIRED


def test_MD_02_the_first_end_counts_and_without_one_there_is_none() -> None:
    twice = sp_metadata(attributes=' validUntil="2026-11-24T15:00:00Z"').replace(
        "<md:SPSSODescriptor", '<md:SPSSODescriptor validUntil="2026-11-24T14:00:00Z"', 1
    )
    assert read(twice).valid_until == MOMENT + timedelta(hours=2)
    assert read(sp_metadata()).valid_until is None


def test_MD_04_duplicate_entity_in_one_file_is_refused() -> None:
    second = sp_metadata().replace('ID="_sp"', 'ID="_again"')
    both = f'<md:EntitiesDescriptor xmlns:md="{names.MD}">{sp_metadata()}{second}</md:EntitiesDescriptor>'
    assert refusal(both).reason is MetadataReason.ENTITY


def test_MD_05_a_nested_group_is_refused() -> None:
    inner = f"<md:EntitiesDescriptor>{sp_metadata()}</md:EntitiesDescriptor>"
    nested = f'<md:EntitiesDescriptor xmlns:md="{names.MD}">{inner}</md:EntitiesDescriptor>'
    assert refusal(nested).reason is MetadataReason.ENTITY


def test_MD_09_metadata_that_is_too_large_is_refused() -> None:
    assert refusal(sp_metadata(organization=" " * 300_000)).reason is DocumentReason.TOO_LARGE
    many = "".join(service(index) for index in range(1000))
    assert refusal(sp_metadata(services=many)).reason is DocumentReason.TOO_MANY_ELEMENTS


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("", DocumentReason.EMPTY),
        ("<md:EntityDescriptor", DocumentReason.NOT_WELL_FORMED),
        ("<!DOCTYPE x><x/>", DocumentReason.DOCTYPE),
        (sp_metadata(organization="<?x y?>"), DocumentReason.FOREIGN_NODE),
        ("<?x y?>" + sp_metadata(), DocumentReason.FOREIGN_NODE),
        (sp_metadata(others="<md:Invented/>"), DocumentReason.SCHEMA),
        (sp_metadata().replace(names.SAMLP, "urn:oasis:names:tc:SAML:1.1:protocol"), MetadataReason.ROLE),
        (f'<md:EntitiesDescriptor xmlns:md="{names.MD}"/>', DocumentReason.SCHEMA),
    ],
)
def test_other_documents_are_refused(xml: str, reason: Reason) -> None:
    assert refusal(xml).reason is reason


def test_comments_are_as_if_they_were_not_there() -> None:
    """Programs put one before the metadata that they make; one inside a value does not cut it in two."""
    plain = sp_metadata()
    value = plain.index("</ds:X509Certificate>") - 200
    commented = f"<!-- an example -->\n{plain[:value]}<!-- x -->{plain[value:]}<!-- the end -->"
    commented = commented.replace('<md:ServiceName xml:lang="nl">', '<md:ServiceName xml:lang="nl"><!-- Dutch -->')
    assert content(commented) == content(plain)


def test_a_comment_that_was_put_into_signed_metadata_changes_nothing() -> None:
    genuine = signed(sp_metadata(), signing_key("sp"))
    middle = genuine.index(b"</ds:X509Certificate>", genuine.index(b"<md:SPSSODescriptor")) - 200
    commented = genuine[:middle] + b"<!-- x -->" + genuine[middle:]
    assert content(commented) == content(genuine)
    assert read(commented).signed


def test_two_roles_of_a_service_provider_are_refused() -> None:
    start = sp_metadata().index("<md:SPSSODescriptor")
    end = sp_metadata().index("</md:SPSSODescriptor>") + len("</md:SPSSODescriptor>")
    role = sp_metadata()[start:end]
    assert refusal(sp_metadata()[:end] + role + sp_metadata()[end:]).reason is MetadataReason.ROLE


# --- addresses ----------------------------------------------------------------------------------------------------

UNUSABLE = [
    "http:///acs",
    "http://user@127.0.0.1/acs",
    "http://user:pass@127.0.0.1/acs",
    "http://127.0.0.1/acs#part",
    "http://127.0.0.1/acs#",
    "http://127.0.0.1:99999/acs",
    "http://127.0.0.1:x/acs",
    "http://[::1/acs",
    "http://sp.invalid\\@evil.invalid/",
    "http://sp.invalid\\.evil.invalid/",
    " http://127.0.0.1/acs",
    "http://127.0.0.1/a cs",
    "http://127.0.0.1/&#10;acs",
    "http://voorbeeld\u0443.invalid/acs",
    "//127.0.0.1/acs",
    "/acs",
    "ftp://127.0.0.1/acs",
]


@pytest.mark.parametrize("location", UNUSABLE)
def test_MD_10_unusable_endpoint_is_refused(location: str) -> None:
    rejected = refusal(sp_metadata(consumers=consumer() + consumer(location, 1)))
    assert rejected.reason in (MetadataReason.ENDPOINT, DocumentReason.SCHEMA)


@pytest.mark.parametrize("location", UNUSABLE)
def test_MD_10_the_address_rule_does_not_lean_on_the_schema(location: str) -> None:
    element = etree.Element("Endpoint", {"Location": location.replace("&#10;", "\n")})
    with pytest.raises(MetadataRejected) as caught:
        endpoints.location(element)
    assert caught.value.reason is MetadataReason.ENDPOINT


@pytest.mark.parametrize("attribute", ["Location", "ResponseLocation"])
def test_MD_10_endpoints_that_the_broker_does_not_use_are_checked_too(attribute: str) -> None:
    locations = {"Location": "http://127.0.0.1/slo", attribute: "http://user@127.0.0.1/slo"}
    text = " ".join(f'{name}="{value}"' for name, value in locations.items())
    logout = f'<md:SingleLogoutService Binding="{names.BINDING_SOAP}" {text}/>'
    rejected = refusal(sp_metadata(others=logout))
    assert rejected.where == f"SPSSODescriptor/SingleLogoutService/@{attribute}"


@pytest.mark.parametrize(
    "location", ["https://sp.voorbeeld.invalid/saml/acs?tenant=1", "http://[::1]:8082/acs", "http://sp:8082/acs"]
)
def test_MD_10_usable_endpoint_is_kept_to_the_letter(location: str) -> None:
    found = read(sp_metadata(consumers=consumer(location))).default_assertion_consumer()
    assert found is not None
    assert found.location == location


@pytest.mark.parametrize(
    "location", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "javascript://x/%0aalert(1)"]
)
def test_REQ_02_javascript_location_is_refused(location: str) -> None:
    rejected = refusal(sp_metadata(consumers=consumer(location)))
    assert rejected.reason is MetadataReason.ENDPOINT
    assert rejected.what.endswith("only http and https")


def test_the_end_of_a_certificate_does_not_refuse_metadata() -> None:
    """A certificate that ended stays in a file for a while after a roll-over; it only cannot verify any more."""
    old = signing_key("old", START, MOMENT - timedelta(days=1))
    keys = key_descriptor(certificate_text(old)) + key_descriptor(certificate_text(KEY))
    assert certificates(read(signed(sp_metadata(keys), KEY))) == [old.certificate, KEY.certificate]


LOGOUT = "http://127.0.0.1:8082/slo/gemeente"


def logout_service(binding: str, more: str = "") -> str:
    return f'<md:SingleLogoutService Binding="{binding}" Location="{LOGOUT}"{more}/>'


@pytest.mark.parametrize(
    ("endpoints", "expected"),
    [
        ("", None),
        (logout_service(names.BINDING_POST), LOGOUT),
        (
            logout_service(names.BINDING_POST, f' ResponseLocation="{LOGOUT}/done"'),
            f"{LOGOUT}/done",
        ),
        (logout_service(names.BINDING_REDIRECT), None),
    ],
    ids=["none", "post", "response", "redirect"],
)
def test_where_answers_to_logout_requests_go(endpoints: str, expected: str | None) -> None:
    assert read(sp_metadata(others=endpoints)).logout_response_location == expected
