"""What service providers are told in each dialect, as it came off the wire."""

import re
from collections.abc import Callable

import pytest

from broker.saml.pki import certificate_path
from broker.simulator.parties import AUTHENTICATION_SERVICE, BROKER, INTERMEDIARY_REGISTER
from sp_demo import schema
from tests.dialects.conftest import CASES, entity
from tests.flow.answers import Answer, answer
from tests.flow.test_assertion_proof import verified
from tests.requester import NS

Answered = Callable[..., Answer]

CORE = "urn:etoegang:core:"
KVK, RSIN = "urn:etoegang:1.9:EntityConcernedID:KvKnr", "urn:etoegang:1.9:EntityConcernedID:RSIN"
PSEUDO = "urn:etoegang:1.13:EntityConcernedID:Pseudo"
INTERMEDIARY = "urn:etoegang:1.9:IntermediateEntityID:"
INTERMEDIARY_NAME = "urn:etoegang:1.13:attribute-intermediate:CompanyName"
COMPANY_NAME = "urn:etoegang:1.11:attribute-represented:CompanyName"
FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
SERVICE = {
    f"{CORE}ServiceID": ["urn:etoegang:DV:00000099000000110000:services:9001"],
    f"{CORE}ServiceUUID": ["e0000099-0011-4000-8000-000000009001"],
}


def plain(got: Answer) -> dict[str, list[str]]:
    """All attributes that hold text."""
    return {
        name: [value.text for value in values] for name, values in got.attributes.items() if not any(map(len, values))
    }


def name_id(got: Answer) -> tuple[dict[str, str], str]:
    found = got.assertion.find("saml:Subject/saml:NameID", NS)
    return dict(found.attrib), found.text


@pytest.mark.parametrize("case", CASES)
def test_every_answer_is_right_by_the_schemas_and_signed_at_every_level(answered: Answered, network_of_dialects, case):
    got = answered(case)
    schema.validate(got.root)
    certs = network_of_dialects.settings.paths.certs
    certificate = certificate_path(certs, BROKER.certificates.folder, "signing").read_text()
    for place in ("", "{*}Response/", "{*}Response/{*}Assertion/"):
        location = place.replace("{*}Response", f"{{{NS['samlp']}}}Response")
        location = location.replace("{*}Assertion", f"{{{NS['saml']}}}Assertion")
        verified(got.root, location, certificate)


@pytest.mark.parametrize("case", CASES)
def test_what_is_the_same_in_every_dialect(answered: Answered, case):
    got = answered(case)
    assert SERVICE.items() <= plain(got).items()
    assert got.level == "urn:etoegang:core:assurance-class:loa3"
    authority = got.assertion.findtext("saml:AuthnStatement//saml:AuthenticatingAuthority", None, NS)
    assert authority == AUTHENTICATION_SERVICE.entity_id
    assert [item.text for item in got.assertion.findall("saml:Conditions//saml:Audience", NS)] == [
        got.requester.entity_id
    ]
    ids = [value for item in got.root.iter() for value in (item.get("ID"), item.get("Id")) if value]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("case", ["1.11", "1.11-without-advice"])
def test_1_11_names_the_person_persistently_and_the_organisation_in_plain_text(answered: Answered, case):
    got = answered(case)
    attributes, value = name_id(got)
    assert attributes == {"Format": f"{FORMAT}persistent", "NameQualifier": INTERMEDIARY_REGISTER.entity_id}
    assert re.fullmatch(r"[0-9A-F]{64}@[0-9A-F]{32}", value)
    assert plain(got) == SERVICE | {KVK: ["68727720"], RSIN: ["000010029"], f"{INTERMEDIARY}KvKnr": ["68750110"]}
    assert got.attributes.keys() == plain(got).keys()
    assert got.assertion.find("saml:AttributeStatement/saml:EncryptedAttribute", NS) is None
    assert got.assertion.find("saml:AuthnStatement", NS).get("SessionIndex") is None


def test_1_11_knows_the_same_person_again(answered: Answered):
    assert name_id(answered("1.11"))[1] == name_id(answered("1.11", "IJssalon Poolster"))[1]
    assert name_id(answered("1.11"))[1] != name_id(answered("1.11", person="Bram Proef"))[1]


def test_flat_gives_everything_as_plain_attributes(answered: Answered):
    got = answered("flat")
    attributes, value = name_id(got)
    assert attributes == {"Format": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"}
    assert plain(got) == SERVICE | {
        PSEUDO: [value],
        KVK: ["68727720"],
        RSIN: ["000010029"],
        COMPANY_NAME: ["Glasblazerij Zeepbel N.V."],
        f"{INTERMEDIARY}KvKnr": ["68750110"],
        INTERMEDIARY_NAME: ["Administratiekantoor Papiermolen B.V."],
    }
    assert next(got.root.iter(f"{{{NS['xenc']}}}EncryptedData"), None) is None


def test_a_setting_goes_before_the_address_that_the_request_came_to(network_of_dialects, make_requester):
    at = network_of_dialects.simulator.addresses.at("1.11")

    def at_the_older_address(case: str) -> Answer:
        requester = make_requester(network_of_dialects, entity=entity(case))
        return answer(network_of_dialects, requester, "Otto Enkel", at=at, AttributeConsumingServiceIndex="9001")

    assert name_id(at_the_older_address("flat"))[0]["Format"].endswith(":unspecified")
    # Settings that say nothing of the dialect count in either.
    quiet = at_the_older_address("1.13-without-advice")
    assert name_id(quiet)[0]["Format"] == f"{FORMAT}persistent"
    assert quiet.evidence == []


def test_the_pseudonym_is_one_in_all_dialects(answered: Answered):
    """A service provider that changes its dialect keeps its users."""
    assert name_id(answered("flat"))[1] == name_id(answered("1.11"))[1]


@pytest.mark.parametrize("case", CASES)
def test_advice_holds_all_statements_or_is_not_there(answered: Answered, case):
    got = answered(case)
    expected = CASES[case].get("advice", "none" if case.startswith("flat") else "full")
    assert len(got.evidence) == (3 if expected == "full" else 0)
    assert (got.assertion.find("saml:Advice", NS) is None) == (expected == "none")


@pytest.mark.parametrize("case", ["1.13", "1.11", "flat"])
def test_a_login_without_chain_names_no_intermediary(answered: Answered, case):
    got = answered(case, "Administratiekantoor Papiermolen")
    assert not [name for name in got.attributes if "ntermediate" in name]
    assert got.assertion.find("saml:AttributeStatement/saml:EncryptedAttribute", NS) is None


@pytest.mark.parametrize("case", ["1.13", "1.11", "flat"])
def test_a_branch_is_plain_text_in_every_dialect(answered: Answered, case):
    got = answered(case, "Wolkenfabriek", "gemeente", "Tess Twee")
    assert got.texts("1.9:ServiceRestriction:Vestigingsnr") == ["000000000001"]


@pytest.mark.parametrize("case", ["1.13", "1.11", "flat"])
def test_ECTA_the_fallback_set_is_used_for_an_organisation_without_rsin(answered: Answered, case):
    """Set 1 is RSIN and KvK number, set 2 the KvK number alone."""
    got = answered(case, "Kapsalon Wilde Haren")
    if case == "1.13":
        assert len(got.encrypted("core:LegalSubjectID")) == 1
    else:
        assert plain(got)[KVK] == ["00010005"]
        assert RSIN not in plain(got)
