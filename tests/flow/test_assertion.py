"""The 1.13 summary assertion, field by field, as it came off the wire."""

import re
from datetime import timedelta

import pytest

from broker.simulator.parties import AUTHENTICATION_SERVICE, BROKER, CLIENT_REGISTER, INTERMEDIARY_REGISTER
from sp_demo import schema
from tests.flow.answers import SAML, SAMLP, Answer, answer, facts_of, moment
from tests.requester import NS

STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
LEVEL = "urn:etoegang:core:assurance-class:"
LEVEL_USED = "urn:etoegang:core:LevelOfAssuranceUsed"


def names_of(element) -> list[str]:
    return [child.tag.rpartition("}")[2] for child in element]


def test_every_part_is_of_version_2_and_of_the_broker(either_answer: Answer):
    for part in (either_answer.root, either_answer.response, either_answer.assertion):
        assert part.get("Version") == "2.0"
        issuer = part.find("saml:Issuer", NS)
        assert issuer.text == BROKER.entity_id
        assert not issuer.attrib
        assert re.fullmatch(r"_[0-9a-f]{32}", part.get("ID"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", part.get("IssueInstant"))


def test_the_schemas_allow_all_of_it(either_answer: Answer):
    schema.validate(either_answer.root)


def test_the_elements_stand_in_the_order_of_the_schema_and_no_others(either_answer: Answer):
    assert names_of(either_answer.root) == ["Issuer", "Signature", "Status", "Response"]
    assert names_of(either_answer.response) == ["Issuer", "Signature", "Status", "Assertion"]
    assert names_of(either_answer.assertion) == [
        "Issuer",
        "Signature",
        "Subject",
        "Conditions",
        "Advice",
        "AuthnStatement",
        "AttributeStatement",
    ]


def test_what_the_scheme_forbids_is_nowhere(either_answer: Answer):
    forbidden = ("EncryptedAssertion", "Extensions", "OneTimeUse", "ProxyRestriction", "BaseID", "SubjectLocality")
    found = {element.tag.rpartition("}")[2] for element in either_answer.root.iter("{*}*")}
    assert found.isdisjoint(forbidden)
    assert either_answer.response.get("Consent") is None
    for issuer in either_answer.root.iter(f"{SAML}Issuer"):
        assert not issuer.attrib
    assert not list(either_answer.root.iter("{*}X509Data"))


def test_the_artifact_response_says_success_and_answers_the_question(either_answer: Answer):
    (code,) = either_answer.root.find("samlp:Status", NS)
    assert code.get("Value") == STATUS + "Success"
    assert len(code) == 0


def test_the_response_answers_the_request_at_the_registered_address(either_answer: Answer):
    response, requester = either_answer.response, either_answer.requester
    assert response.get("InResponseTo") == either_answer.request.get("ID")
    assert response.get("Destination") == requester.consumer
    assert [code.get("Value") for code in response.iter(f"{SAMLP}StatusCode")] == [STATUS + "Success"]


def test_the_subject_is_the_transient_of_the_authentication_service(either_answer: Answer):
    name_id = either_answer.assertion.find("saml:Subject/saml:NameID", NS)
    original = either_answer.evidence[0].find("saml:Subject/saml:NameID", NS)
    assert dict(name_id.attrib) == {
        "Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        "NameQualifier": AUTHENTICATION_SERVICE.entity_id,
    }
    assert re.fullmatch(r"[0-9A-F]{64}", name_id.text)
    assert (original.text, dict(original.attrib)) == (name_id.text, dict(name_id.attrib))


def test_each_statement_about_another_subject_has_another_transient(chain_answer: Answer):
    transients = [item.findtext("saml:Subject/saml:NameID", None, NS) for item in chain_answer.evidence]
    assert len(set(transients)) == 3


def test_the_transient_is_new_for_each_login(chain_answer: Answer, direct_answer: Answer):
    first, second = (
        item.assertion.findtext("saml:Subject/saml:NameID", None, NS) for item in (chain_answer, direct_answer)
    )
    assert first != second


def test_the_confirmation_is_one_bearer_for_this_request_and_address(either_answer: Answer):
    (confirmation,) = either_answer.assertion.findall("saml:Subject/saml:SubjectConfirmation", NS)
    assert dict(confirmation.attrib) == {"Method": "urn:oasis:names:tc:SAML:2.0:cm:bearer"}
    (data,) = confirmation
    assert dict(data.attrib) == {
        "InResponseTo": either_answer.request.get("ID"),
        "Recipient": either_answer.requester.consumer,
        "NotOnOrAfter": either_answer.assertion.find("saml:Conditions", NS).get("NotOnOrAfter"),
    }


def test_the_assertion_is_valid_for_two_minutes_and_five_seconds_back(either_answer: Answer):
    conditions = either_answer.assertion.find("saml:Conditions", NS)
    issued = moment(either_answer.assertion, "IssueInstant")
    assert moment(conditions, "NotBefore") == issued - timedelta(seconds=5)
    assert moment(conditions, "NotOnOrAfter") == issued + timedelta(minutes=2)


def test_the_statements_of_the_registers_are_valid_for_two_minutes_and_say_for_nobody_else(chain_answer: Answer):
    for statement in chain_answer.evidence[1:]:
        (conditions,) = statement.findall("saml:Conditions", NS)
        issued = moment(statement, "IssueInstant")
        assert (moment(conditions, "NotBefore"), moment(conditions, "NotOnOrAfter")) == (
            issued,
            issued + timedelta(minutes=2),
        )
        assert len(conditions) == 0
        assert statement.find("saml:Subject/saml:SubjectConfirmation", NS) is None


def test_there_is_exactly_one_audience(either_answer: Answer):
    (condition,) = either_answer.assertion.find("saml:Conditions", NS)
    assert condition.tag == f"{SAML}AudienceRestriction"
    assert [audience.text for audience in condition] == [either_answer.requester.entity_id]


def test_the_authentication_names_level_and_authentication_service(either_answer: Answer):
    (statement,) = either_answer.assertion.findall("saml:AuthnStatement", NS)
    assert statement.get("AuthnInstant") == either_answer.assertion.get("IssueInstant")
    assert re.fullmatch(r"_[0-9a-f]{32}", statement.get("SessionIndex"))
    (context,) = statement
    assert [(child.tag, child.text) for child in context] == [
        (f"{SAML}AuthnContextClassRef", LEVEL + "loa3"),
        (f"{SAML}AuthenticatingAuthority", AUTHENTICATION_SERVICE.entity_id),
    ]


@pytest.mark.parametrize(
    ("client", "level", "used"),
    [
        ("Verhuisbedrijf Blijven Zitten", "loa2plus", "loa2plus"),
        ("Dakdekker Open Hemel", "loa3", "loa4"),
    ],
)
def test_the_level_is_the_lowest_of_the_chain(network, make_requester, client, level, used):
    """The means are of EH3; the mandates of lower and higher level."""
    requester = make_requester(network, "kvk")
    got = answer(network, requester, "Fleur Voorbeeld", client, AttributeConsumingServiceIndex="9002")
    assert got.level == LEVEL + level
    stated = [facts_of(item, "Resource")[LEVEL_USED][0].text for item in got.evidence[1:]]
    assert stated == [LEVEL + used] * 2
    asked = [facts_of(item, "Resource")["urn:etoegang:core:LevelOfAssurance"][0].text for item in got.evidence[1:]]
    assert asked == [LEVEL + "loa2plus"] * 2


def test_the_service_is_named_by_both_its_identifiers(either_answer: Answer):
    assert either_answer.texts("core:ServiceID") == ["urn:etoegang:DV:00000099000000110000:services:9001"]
    assert either_answer.texts("core:ServiceUUID") == ["e0000099-0011-4000-8000-000000009001"]


def test_plain_values_say_that_they_are_strings(either_answer: Answer):
    kind = "{http://www.w3.org/2001/XMLSchema-instance}type"
    for values in either_answer.attributes.values():
        for value in values:
            assert value.get(kind) == (None if len(value) else "xs:string")
            assert value.nsmap["xs"] == "http://www.w3.org/2001/XMLSchema"


def test_a_chain_names_the_intermediary_and_a_direct_login_does_not(chain_answer: Answer, direct_answer: Answer):
    assert chain_answer.texts("1.9:IntermediateEntityID:KvKnr") == ["68750110"]
    assert len(chain_answer.assertion.findall("saml:AttributeStatement/saml:EncryptedAttribute", NS)) == 1
    assert list(chain_answer.attributes) == [
        "urn:etoegang:core:ServiceID",
        "urn:etoegang:core:ServiceUUID",
        "urn:etoegang:1.9:IntermediateEntityID:KvKnr",
        "urn:etoegang:core:ActingSubjectID",
        "urn:etoegang:core:LegalSubjectID",
    ]
    assert list(direct_answer.attributes) == [
        "urn:etoegang:core:ServiceID",
        "urn:etoegang:core:ServiceUUID",
        "urn:etoegang:core:ActingSubjectID",
        "urn:etoegang:core:LegalSubjectID",
    ]
    assert direct_answer.assertion.find(".//saml:EncryptedAttribute", NS) is None


def test_a_branch_is_named_in_plain_text_by_register_and_summary(network, make_requester):
    requester = make_requester(network, "gemeente")
    got = answer(network, requester, "Tess Twee", "Wolkenfabriek", AttributeConsumingServiceIndex="9001")
    name = "1.9:ServiceRestriction:Vestigingsnr"
    assert got.texts(name) == ["000000000001"]
    assert facts_of(got.evidence[1], "Resource")[f"urn:etoegang:{name}"][0].text == "000000000001"


def test_the_evidence_is_of_the_parties_in_the_order_of_the_chain(chain_answer: Answer, direct_answer: Answer):
    chain = [AUTHENTICATION_SERVICE.entity_id, INTERMEDIARY_REGISTER.entity_id, CLIENT_REGISTER.entity_id]
    assert [item.findtext("saml:Issuer", None, NS) for item in chain_answer.evidence] == chain
    assert [item.findtext("saml:Issuer", None, NS) for item in direct_answer.evidence] == chain[:2]


def test_the_authentication_service_states_what_the_scheme_asks(either_answer: Answer):
    statement, requester = either_answer.evidence[0], either_answer.requester
    context = statement.find("saml:AuthnStatement/saml:AuthnContext", NS)
    assert context.findtext("saml:AuthenticatingAuthority", None, NS) == "00000099000000020000"
    audiences = statement.findall("saml:Conditions/saml:AudienceRestriction/saml:Audience", NS)
    assert [item.text for item in audiences] == [
        BROKER.entity_id,
        requester.entity_id,
        INTERMEDIARY_REGISTER.entity_id,
    ]
    plain = {
        item.get("Name"): item.findtext("saml:AttributeValue", None, NS)
        for item in statement.findall("saml:AttributeStatement/saml:Attribute", NS)
    }
    assert plain["urn:etoegang:core:Representation"] == "true"
    assert plain["urn:etoegang:core:ServiceUUID"] == "e0000099-0011-4000-8000-000000009001"
    assert plain["urn:etoegang:core:AuthorizationRegistryID"] == INTERMEDIARY_REGISTER.entity_id


def test_the_registers_permit_this_service(chain_answer: Answer):
    for statement in chain_answer.evidence[1:]:
        result = statement.find("saml:Statement/xacml-context:Response/xacml-context:Result", NS)
        assert result.findtext("xacml-context:Decision", None, NS) == "Permit"
        code = result.find("xacml-context:Status/xacml-context:StatusCode", NS)
        assert code.get("Value") == "urn:oasis:names:tc:xacml:1.0:status:ok"
        resource = facts_of(statement, "Resource")
        assert resource["urn:etoegang:core:ServiceUUID"][0].text == "e0000099-0011-4000-8000-000000009001"
        assert resource["urn:etoegang:1.9:IntermediateEntityID:KvKnr"][0].text == "68750110"
        action = statement.find("saml:Statement/xacml-context:Request/xacml-context:Action", NS)
        assert action.findtext(".//xacml-context:AttributeValue", None, NS) == "Authenticate"


def test_the_answer_is_the_same_over_both_content_types(network, make_requester):
    got = answer(
        network, make_requester(network), "Fleur Voorbeeld", "Glasblazerij", content_type="application/soap+xml"
    )
    assert len(got.evidence) == 3
