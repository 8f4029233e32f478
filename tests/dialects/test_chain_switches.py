"""What the scheme's text leaves open about the intermediary, and attributes that the service asked for."""

from collections.abc import Callable

import pytest
from lxml import etree

from broker.simulator.parties import CLIENT_REGISTER
from tests.dialects.conftest import NAME, VAT
from tests.flow.answers import Answer, facts_of
from tests.requester import NS, opened

Answered = Callable[..., Answer]

SUBJECT = "urn:etoegang:core:IntermediateSubjectID"
NUMBER = "urn:etoegang:1.9:IntermediateEntityID:"
INTERMEDIARY_NAME = "urn:etoegang:1.13:attribute-intermediate:CompanyName"
OFFICE = "Administratiekantoor Papiermolen B.V."
CLIENT = {NAME: "Glasblazerij Zeepbel N.V.", VAT: "NL000010029B01"}
ENCRYPTED = "saml:AttributeStatement/saml:EncryptedAttribute"


def named(got: Answer, encrypted: etree._Element) -> tuple[str, str]:
    """Kind and value of an EncryptedID for the service provider."""
    name_id = opened(encrypted, got.requester.encryption)
    assert name_id.get("Format") == "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    return name_id.get("NameQualifier"), name_id.text


def attributes_in(got: Answer, statement: etree._Element) -> dict[str, str]:
    """The EncryptedAttributes in a statement, opened."""
    found = [opened(item, got.requester.encryption) for item in statement.findall(ENCRYPTED, NS)]
    assert {item.get("NameFormat") for item in found} <= {"urn:oasis:names:tc:SAML:2.0:attrname-format:uri"}
    return {item.get("Name"): item.findtext("saml:AttributeValue", None, NS) for item in found}


def test_by_default_the_number_is_plain_and_there_is_no_more(answered: Answered):
    got = answered("1.13")
    assert got.texts("1.9:IntermediateEntityID:KvKnr") == ["68750110"]
    assert SUBJECT not in got.attributes
    assert f"{NUMBER}RSIN" not in got.attributes
    assert SUBJECT not in facts_of(got.evidence[1], "Subject")


def test_the_number_of_the_intermediary_can_be_encrypted(answered: Answered):
    got = answered("encrypted-number")
    for kind, value in (("KvKnr", "68750110"), ("RSIN", "000010005")):
        (encrypted,) = got.encrypted(f"1.9:IntermediateEntityID:{kind}")
        assert named(got, encrypted) == (NUMBER + kind, value)


def test_the_rsin_of_the_intermediary_can_be_added(answered: Answered):
    assert answered("rsin").texts("1.9:IntermediateEntityID:RSIN") == ["000010005"]


def test_the_intermediary_can_be_a_subject_too(answered: Answered):
    """The first register states it for the next register and for the service provider, which gets its own."""
    got = answered("subject")
    (encrypted,) = got.encrypted("core:IntermediateSubjectID")
    assert named(got, encrypted) == ("urn:etoegang:1.9:EntityConcernedID:KvKnr", "68750110")
    stated = [value[0] for value in facts_of(got.evidence[1], "Subject")[SUBJECT]]
    recipients = [item.find("xenc:EncryptedKey", NS).get("Recipient") for item in stated]
    assert recipients == [CLIENT_REGISTER.entity_id, got.requester.entity_id]
    assert SUBJECT not in facts_of(got.evidence[2], "Subject")


@pytest.mark.parametrize(("case", "there"), [("plain-name", True), ("no-name", False)])
def test_names_can_be_plain_or_left_out(answered: Answered, case, there):
    got = answered(case)
    assert got.assertion.find(ENCRYPTED, NS) is None
    plain = {name: values[0].text for name, values in got.attributes.items() if name.endswith(("Name", "Number"))}
    assert plain == ({**CLIENT, INTERMEDIARY_NAME: OFFICE} if there else {})


def test_attributes_of_the_client_come_encrypted_and_from_its_own_register(answered: Answered):
    got = answered("encrypted-number")
    assert attributes_in(got, got.assertion) == {**CLIENT, INTERMEDIARY_NAME: OFFICE}
    assert attributes_in(got, got.evidence[1]) == {INTERMEDIARY_NAME: OFFICE}
    assert attributes_in(got, got.evidence[2]) == CLIENT
    assert "Glasblazerij" not in etree.tostring(got.root).decode()


def test_ids_of_encrypted_attributes_relate_to_their_names(answered: Answered):
    got = answered("encrypted-number")
    for encrypted in got.assertion.findall(ENCRYPTED, NS):
        name = opened(encrypted, got.requester.encryption).get("Name").rpartition(":")[2]
        assert encrypted.find("xenc:EncryptedData", NS).get("Id").startswith(name)


def test_attributes_of_the_own_organisation_come_from_the_one_register(answered: Answered):
    got = answered("encrypted-number", "Administratiekantoor Papiermolen")
    expected = {NAME: OFFICE, VAT: "NL000010005B01"}
    assert attributes_in(got, got.assertion) == attributes_in(got, got.evidence[1]) == expected


def test_what_an_organisation_does_not_have_is_left_out(answered: Answered):
    """A sole trader has no VAT number that follows from an RSIN, and nothing says that it is required."""
    got = answered("encrypted-number", "Kapsalon Wilde Haren")
    assert attributes_in(got, got.assertion).keys() == {NAME, INTERMEDIARY_NAME}


def test_flat_gives_them_plain_and_no_name_twice(answered: Answered):
    got = answered("flat-named")
    assert {name: got.attributes[name][0].text for name in CLIENT} == CLIENT


def test_nobody_gets_what_its_metadata_does_not_ask(answered: Answered):
    got = answered("1.13")
    assert attributes_in(got, got.assertion) == {INTERMEDIARY_NAME: OFFICE}
