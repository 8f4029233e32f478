"""Who can read what: identifiers are encrypted, each for the one party that may know it."""

import re

import pytest
import sqlalchemy as sa
from lxml import etree

from broker.core.identifiers import IdentifierType
from broker.saml.pki import certificate_path
from broker.simulator.parties import AUTHENTICATION_SERVICE, CLIENT_REGISTER, INTERMEDIARY_REGISTER, Entity
from broker.store.tables import organisations
from tests.flow.answers import Answer, answer, facts_of
from tests.requester import NS, Pair, opened

ACTING, LEGAL = "urn:etoegang:core:ActingSubjectID", "urn:etoegang:core:LegalSubjectID"
KVK, RSIN, PSEUDO = (kind.value for kind in (IdentifierType.KVK_NUMBER, IdentifierType.RSIN, IdentifierType.PSEUDO))
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
COMPANY = "urn:etoegang:1.13:attribute-intermediate:CompanyName"


@pytest.fixture
def pair_of(network):
    """pair_of(entity): its keys for encryption."""

    def load(entity: Entity) -> Pair:
        folder = certificate_path(network.settings.paths.certs, entity.certificates.folder, "encryption").parent
        return Pair.load(folder, "encryption")

    return load


def read(encrypted: etree._Element, pair: Pair) -> tuple[str, str]:
    """Kind and value of the NameID inside."""
    name_id = opened(encrypted, pair)
    assert name_id.tag == f"{{{NS['saml']}}}NameID"
    assert dict(name_id.attrib) == {"Format": PERSISTENT, "NameQualifier": name_id.get("NameQualifier")}
    return name_id.get("NameQualifier"), name_id.text


def summary_of(got: Answer, name: str) -> list[tuple[str, str]]:
    return [read(item, got.requester.encryption) for item in got.encrypted(name)]


def acting(got: Answer) -> str:
    ((kind, value),) = summary_of(got, "core:ActingSubjectID")
    assert kind == PSEUDO
    return value


def recipients(element: etree._Element) -> list[str]:
    return [key.get("Recipient") for key in element.iter(f"{{{NS['xenc']}}}EncryptedKey")]


def test_the_client_is_named_by_kvk_number_first_then_rsin(chain_answer: Answer, direct_answer: Answer):
    assert summary_of(chain_answer, "core:LegalSubjectID") == [(KVK, "68727720"), (RSIN, "000010029")]
    assert summary_of(direct_answer, "core:LegalSubjectID") == [(KVK, "68750110"), (RSIN, "000010005")]


def test_M03_the_assertion_names_the_client_the_intermediary_and_the_employee(chain_answer: Answer):
    assert summary_of(chain_answer, "core:LegalSubjectID")[0] == (KVK, "68727720")
    assert chain_answer.texts("1.9:IntermediateEntityID:KvKnr") == ["68750110"]
    assert re.fullmatch(r"[0-9A-F]{64}@[0-9A-F]{32}", acting(chain_answer))


def test_I14_the_answer_holds_nothing_of_other_relations_of_the_intermediary(network, chain_answer: Answer):
    """Neither in plain text nor in what the service provider can open."""
    keys = chain_answer.requester.encryption
    encrypted = chain_answer.assertion.findall("saml:AttributeStatement//saml:EncryptedID", NS)
    encrypted += chain_answer.assertion.findall("saml:AttributeStatement/saml:EncryptedAttribute", NS)
    readable = [chain_answer.root, *(opened(item, keys) for item in encrypted)]
    text = " ".join(etree.tostring(item).decode() for item in readable)
    others = sa.select(organisations).where(organisations.c.kvk_number.not_in(["68727720", "68750110"]))
    rows = network.simulator.store.read(lambda tx: tx.execute(others).all())
    assert len(rows) > 1000
    # Numbers of eight digits also occur in random text, so they count only by themselves.
    numbers = set(re.findall(r"(?<![0-9A-Za-z+/=])[0-9]{8}(?![0-9A-Za-z+/=])", text))
    assert "68727720" in numbers
    assert [row.id for row in rows if row.statutory_name in text or row.id in text or row.kvk_number in numbers] == []


def test_the_acting_person_is_a_pseudonym_of_the_form_of_the_scheme(chain_answer: Answer):
    assert re.fullmatch(r"[0-9A-F]{64}@[0-9A-F]{32}", acting(chain_answer))


def test_the_name_of_the_intermediary_is_for_the_service_provider_only(chain_answer: Answer):
    (encrypted,) = chain_answer.assertion.findall("saml:AttributeStatement/saml:EncryptedAttribute", NS)
    attribute = opened(encrypted, chain_answer.requester.encryption)
    assert attribute.tag == f"{{{NS['saml']}}}Attribute"
    assert attribute.get("Name") == COMPANY
    assert [value.text for value in attribute] == ["Administratiekantoor Papiermolen B.V."]
    assert "Papiermolen" not in etree.tostring(chain_answer.root).decode()


def test_E20_one_person_has_one_pseudonym_for_all_clients(network, make_requester, chain_answer: Answer):
    other = answer(network, make_requester(network), "Fleur Voorbeeld", "IJssalon Poolster")
    assert summary_of(other, "core:LegalSubjectID")[0] == (KVK, "00010002")
    assert acting(other) == acting(chain_answer)


def test_the_pseudonym_differs_per_provider(network, make_requester, chain_answer: Answer):
    """Two entities of one provider are one provider; another provider cannot recognise the person."""
    same = answer(network, make_requester(network, entity=9056), "Fleur Voorbeeld", "Glasblazerij")
    other = answer(network, make_requester(network, "kvk"), "Fleur Voorbeeld", "Glasblazerij")
    assert acting(same) == acting(chain_answer)
    assert acting(other) != acting(chain_answer)
    assert acting(other).partition("@")[2] != acting(chain_answer).partition("@")[2]


def test_the_pseudonym_differs_per_person_and_per_organisation_that_authorised(
    network, make_requester, chain_answer: Answer, direct_answer: Answer
):
    """Of a chain that organisation is the intermediary, so the own login of the same person has the same one."""
    colleague = answer(network, make_requester(network), "Bram Proef", "Glasblazerij")
    own_means = answer(network, make_requester(network), "Gijs Glas")
    values = {acting(item) for item in (chain_answer, colleague, own_means)}
    assert len(values) == 3
    assert acting(direct_answer) == acting(chain_answer)
    halves = [acting(item).partition("@")[2] for item in (chain_answer, colleague, own_means)]
    assert halves[0] == halves[1] != halves[2]


def test_everything_in_the_summary_is_for_the_service_provider(either_answer: Answer):
    statement = either_answer.assertion.find("saml:AttributeStatement", NS)
    assert set(recipients(statement)) == {either_answer.requester.entity_id}


def test_each_encrypted_element_is_made_as_the_scheme_wants(either_answer: Answer):
    found = [item for item in either_answer.root.iter("{*}EncryptedID", "{*}EncryptedAttribute")]
    assert len(found) >= 6
    for encrypted in found:
        data, key = encrypted
        assert data.get("Type") == "http://www.w3.org/2001/04/xmlenc#Element"
        assert data.find("xenc:EncryptionMethod", NS).get("Algorithm") == NS["xenc"] + "aes256-cbc"
        method = key.find("xenc:EncryptionMethod", NS)
        assert method.get("Algorithm") == NS["xenc"] + "rsa-oaep-mgf1p"
        assert [item.get("Algorithm") for item in method] == ["http://www.w3.org/2000/09/xmldsig#sha1"]
        retrieval = data.find("ds:KeyInfo/ds:RetrievalMethod", NS)
        assert retrieval.get("URI") == f"#{key.get('Id')}"
        assert retrieval.get("Type") == NS["xenc"] + "EncryptedKey"
        assert key.find("xenc:ReferenceList/xenc:DataReference", NS).get("URI") == f"#{data.get('Id')}"
        assert [item.tag for item in key.find("ds:KeyInfo", NS)] == [f"{{{NS['ds']}}}KeyName"]


def test_each_element_is_encrypted_with_a_key_of_its_own(either_answer: Answer):
    own = [item for item in either_answer.evidence[-1].iter("{*}EncryptedID")]
    values = {item.findtext("xenc:EncryptedKey/xenc:CipherData/xenc:CipherValue", None, NS) for item in own}
    assert len(values) == len(own) >= 2


def test_the_key_name_is_that_of_the_service_providers_metadata(either_answer: Answer):
    for encrypted in either_answer.encrypted("core:LegalSubjectID"):
        name = encrypted.findtext("xenc:EncryptedKey/ds:KeyInfo/ds:KeyName", None, NS)
        assert name == either_answer.requester.encryption.name


def test_the_summary_repeats_what_the_registers_encrypted_under_new_ids(chain_answer: Answer):
    """The broker never opens them: the ciphertexts are those of the registers."""
    originals = [
        *facts_of(chain_answer.evidence[1], "Subject")[ACTING],
        *facts_of(chain_answer.evidence[2], "Subject")[LEGAL],
    ]
    copies = [*chain_answer.encrypted("core:ActingSubjectID"), *chain_answer.encrypted("core:LegalSubjectID")]
    values = ".//xenc:CipherValue"
    assert [[item.text for item in copy.findall(values, NS)] for copy in copies] == [
        [item.text for item in original.findall(values, NS)] for original in originals
    ]


def test_the_first_register_names_the_client_for_the_next_register_only(chain_answer: Answer, pair_of):
    (value,) = facts_of(chain_answer.evidence[1], "Subject")[LEGAL]
    (encrypted,) = value
    assert recipients(encrypted) == [CLIENT_REGISTER.entity_id]
    with pytest.raises(ValueError):
        opened(encrypted, chain_answer.requester.encryption)
    with pytest.raises(ValueError):
        opened(encrypted, pair_of(INTERMEDIARY_REGISTER))
    assert read(encrypted, pair_of(CLIENT_REGISTER)) == (KVK, "68727720")


def test_the_acting_person_is_known_to_the_first_register_only(either_answer: Answer, pair_of):
    (encrypted,) = either_answer.evidence[0].findall(".//saml:EncryptedID", NS)
    assert recipients(encrypted) == [INTERMEDIARY_REGISTER.entity_id]
    with pytest.raises(ValueError):
        opened(encrypted, either_answer.requester.encryption)
    qualifier, internal = read(encrypted, pair_of(INTERMEDIARY_REGISTER))
    assert qualifier == AUTHENTICATION_SERVICE.entity_id
    assert re.fullmatch(r"[0-9A-F]{64}", internal)
    assert internal not in etree.tostring(either_answer.root).decode()
    assert internal not in acting(either_answer)


def test_the_acting_entity_of_the_register_is_the_pseudonym_for_this_provider(either_answer: Answer):
    (value,) = facts_of(either_answer.evidence[1], "Subject")["urn:etoegang:core:ActingEntityID"]
    assert value.text == acting(either_answer)


def test_another_service_provider_cannot_read_it(chain_answer: Answer, requester_keys):
    for encrypted in chain_answer.root.iter("{*}EncryptedID"):
        with pytest.raises(ValueError):
            opened(encrypted, requester_keys["other"]["encryption"])
