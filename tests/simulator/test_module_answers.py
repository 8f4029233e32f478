"""The broker's answer as the Beheermodule judges it: what is not proven is not read, and lets nobody in.

Numbers are those of the rules (EH-SUM, EH-ART and what the primitives raise).
"""

from collections.abc import Callable
from copy import deepcopy

import pytest
from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.errors import UntrustedMessage
from broker.core.identifiers import IdentifierType
from broker.saml import artifact, encryption, names
from broker.saml.attributes import name_id
from broker.saml.keys import Recipient
from broker.simulator import module_entrance
from broker.simulator.compose import signing_key
from broker.simulator.layout import Layout
from broker.simulator.module_entrance import ModuleLogin, NotLoggedIn
from broker.simulator.parties import AUTHENTICATION_SERVICE
from tests.requester import NS, at, make_id
from tests.simulator.module_answering import Answering, Change, begin

ASSERTION = "samlp:Response/saml:Assertion"
CONFIRMATION = f"{ASSERTION}/saml:Subject/saml:SubjectConfirmation"
DATA = f"{CONFIRMATION}/saml:SubjectConfirmationData"
CONDITIONS = f"{ASSERTION}/saml:Conditions"
AUTHN = f"{ASSERTION}/saml:AuthnStatement"
LEVEL = f"{AUTHN}/saml:AuthnContext/saml:AuthnContextClassRef"
STATEMENT = f"{ASSERTION}/saml:AttributeStatement"
OTHER = "urn:etoegang:HM:00000099000000010001:entities:9001"
LONG_AGO = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def answering(network) -> Answering:
    """A login of Fleur Voorbeeld for her office, to be answered as a test likes."""
    return begin(network)


def refused(answering: Answering, rule: str, change: Change = lambda _: None, **options) -> None:
    with pytest.raises(UntrustedMessage) as caught:
        answering.receive(change, **options)
    assert [finding.rule for finding in caught.value.findings] == [rule]


def at_path(path: str, change: Callable[[etree._Element], object]) -> Change:
    return lambda made: change(made.find(path, NS))


def attribute(path: str, name: str, value: str | None) -> Change:
    """Set (None: remove) an attribute of the element at `path`."""
    return at_path(path, lambda element: element.attrib.pop(name) if value is None else element.set(name, value))


def text(path: str, value: str) -> Change:
    return at_path(path, lambda element: setattr(element, "text", value))


def remove(path: str) -> Change:
    return at_path(path, lambda element: element.getparent().remove(element))


def double(path: str) -> Change:
    return at_path(path, lambda element: element.addnext(deepcopy(element)))


def named(name: str) -> str:
    return f"{STATEMENT}/saml:Attribute[@Name='urn:etoegang:core:{name}']"


def identifier(answering: Answering, name: str, kind: str, value: str) -> Change:
    """Another identifier in this attribute, encrypted for the Beheermodule as the genuine one is."""
    module = answering.sim.module
    recipient = Recipient(module.entity_id, module.decryption.certificate)
    sealed = encryption.encrypt(name_id(kind, value), recipient, make_id(), "EncryptedID")

    def change(element: etree._Element) -> None:
        element[:] = [sealed]

    return at_path(f"{named(name)}/saml:AttributeValue", change)


def test_a_right_answer_says_who_acts_for_whom_and_how_strongly(answering):
    login = answering.receive()
    assert isinstance(login, ModuleLogin)
    assert (login.kvk_number, login.level) == ("68750110", AssuranceLevel.EH3)
    assert len(login.pseudonym) == 97
    assert len(login.name_id) == 64


def test_an_answer_without_success_lets_nobody_in_and_says_why(answering):
    def stopped(made: etree._Element) -> None:
        response = made.find("samlp:Response", NS)
        response.remove(response.find("saml:Assertion", NS))
        code = response.find("samlp:Status/samlp:StatusCode", NS)
        code.set("Value", names.STATUS_RESPONDER)
        etree.SubElement(code, f"{{{names.SAMLP}}}StatusCode", {"Value": names.STATUS_AUTHN_FAILED})

    answer = answering.receive(stopped)
    assert isinstance(answer, NotLoggedIn)
    assert answer.status.second == names.STATUS_AUTHN_FAILED


# --- what the browser brings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("relay_state", [None, "", "_another"])
def test_an_artifact_that_this_browser_did_not_ask_for(answering, relay_state):
    refused(answering, "EH-SUM-01", RelayState=relay_state)


def test_an_artifact_of_another_broker(answering):
    refused(answering, "EH-SUM-02", SAMLart=artifact.encode(OTHER, bytes(20)))


def test_an_artifact_for_an_address_that_the_broker_does_not_have(answering):
    refused(answering, "EH-SUM-03", SAMLart=artifact.encode(answering.sim.entity_id, bytes(20), 7))


@pytest.mark.parametrize(("text_", "rule"), [(None, "EH-BND-01"), ("AAQA", "EH-BND-04"), ("x" * 300, "EH-BND-01")])
def test_what_is_no_artifact(answering, text_, rule):
    refused(answering, rule, SAMLart=text_)


# --- signatures ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [0, 1, 2], ids=["ArtifactResponse", "Response", "Assertion"])
def test_each_of_the_three_must_be_signed(answering, which):
    keys = [answering.sim.signing] * 3
    keys[which] = None
    refused(answering, "EH-SIG-01", keys=tuple(keys))


@pytest.mark.parametrize("which", [0, 1, 2], ids=["ArtifactResponse", "Response", "Assertion"])
def test_each_of_the_three_must_be_signed_by_the_broker(network, answering, which):
    """The authentication service is a party of the network too, but its key is not the broker's."""
    keys = [answering.sim.signing] * 3
    keys[which] = signing_key(Layout.of(network.settings), AUTHENTICATION_SERVICE.certificates.folder)
    refused(answering, "EH-SIG-10", keys=tuple(keys))


@pytest.mark.parametrize("path", [LEVEL, f"{ASSERTION}/saml:Issuer", "saml:Issuer"])
def test_nothing_may_be_changed_after_signing(answering, path):
    with pytest.raises(UntrustedMessage) as caught:
        answering.receive(tamper=text(path, "urn:etoegang:core:assurance-class:loa4"))
    assert {finding.rule for finding in caught.value.findings} == {"EH-SIG-11"}


# --- the ArtifactResponse -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("EH-ART-11", text("saml:Issuer", OTHER)),
        ("EH-ART-12", lambda made: made.set("InResponseTo", "_another")),
        ("EH-ART-13", lambda made: made.set("IssueInstant", LONG_AGO)),
        ("EH-ART-14", attribute("samlp:Status/samlp:StatusCode", "Value", names.STATUS_REQUESTER)),
        ("EH-SUM-04", remove("samlp:Response")),
    ],
)
def test_an_artifact_response_that_is_not_the_answer_to_the_question(answering, rule, change):
    refused(answering, rule, change)


# --- the Response -------------------------------------------------------------------------------------------------


def test_an_artifact_response_that_holds_another_message(answering):
    def change(made: etree._Element) -> None:
        attributes = {"ID": make_id(), "Version": "2.0", "IssueInstant": at(answering.sim.clock())}
        other = etree.Element(f"{{{names.SAMLP}}}AuthnRequest", attributes)
        etree.SubElement(other, f"{{{names.SAML}}}Issuer").text = answering.sim.entity_id
        made.replace(made.find("samlp:Response", NS), other)

    refused(answering, "EH-SUM-04", change)


def test_an_answer_that_is_no_artifact_response(answering):
    refused(answering, "EH-XML-13", lambda made: setattr(made, "tag", f"{{{names.SAMLP}}}ManageNameIDResponse"))


def test_an_artifact_response_that_the_schema_does_not_know(answering):
    refused(answering, "EH-XML-14", lambda made: made.set("Nonsense", "x"))


def of_response(name: str, value: str | None) -> Change:
    return attribute("samlp:Response", name, value)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("EH-SUM-10", of_response("Version", "2.1")),
        ("EH-SUM-11", of_response("Destination", "http://127.0.0.1:8082/acs/kvk")),
        ("EH-SUM-11", of_response("Destination", None)),
        ("EH-SUM-12", of_response("InResponseTo", "_another")),
        ("EH-SUM-12", of_response("InResponseTo", None)),
        ("EH-SUM-13", text("samlp:Response/saml:Issuer", OTHER)),
        ("EH-SUM-13", attribute("samlp:Response/saml:Issuer", "NameQualifier", "x")),
        ("EH-SUM-14", of_response("IssueInstant", LONG_AGO)),
        ("EH-SUM-16", double(ASSERTION)),
        ("EH-SUM-16", remove(ASSERTION)),
    ],
)
def test_a_response_for_another_time_place_or_question(answering, rule, change):
    def changed(made: etree._Element) -> None:
        change(made)
        for item in made.findall(ASSERTION, NS)[1:]:
            item.set("ID", make_id())
            for inner in item.iter():
                if inner is not item and inner.get("ID"):
                    inner.set("ID", make_id())
                if inner.get("Id"):
                    inner.set("Id", make_id())

    refused(answering, rule, changed)


def test_a_response_with_extensions(answering):
    def change(made: etree._Element) -> None:
        extensions = etree.Element(f"{{{names.SAMLP}}}Extensions")
        etree.SubElement(extensions, "{urn:x}Anything")
        made.find("samlp:Response/samlp:Status", NS).addprevious(extensions)

    refused(answering, "EH-SUM-15", change)


# --- the assertion ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("EH-SUM-20", text(f"{ASSERTION}/saml:Issuer", OTHER)),
        ("EH-SUM-21", attribute(ASSERTION, "IssueInstant", LONG_AGO)),
        ("EH-SUM-22", attribute(DATA, "InResponseTo", "_another")),
        ("EH-SUM-22", attribute(DATA, "Recipient", "http://127.0.0.1:8082/acs/kvk")),
        ("EH-SUM-22", attribute(DATA, "NotOnOrAfter", LONG_AGO)),
        ("EH-SUM-22", attribute(CONFIRMATION, "Method", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")),
        ("EH-SUM-22", remove(DATA)),
        ("EH-SUM-22", double(CONFIRMATION)),
        ("EH-SUM-23", attribute(CONDITIONS, "NotOnOrAfter", LONG_AGO)),
        ("EH-SUM-23", attribute(CONDITIONS, "NotBefore", "2036-01-01T00:00:00Z")),
        ("EH-SUM-23", attribute(CONDITIONS, "NotOnOrAfter", None)),
        ("EH-SUM-24", text(f"{CONDITIONS}/saml:AudienceRestriction/saml:Audience", OTHER)),
        ("EH-SUM-24", remove(f"{CONDITIONS}/saml:AudienceRestriction")),
        (
            "EH-SUM-25",
            at_path(CONDITIONS, lambda element: etree.SubElement(element, f"{{{names.SAML}}}OneTimeUse")),
        ),
        ("EH-SUM-26", text(LEVEL, "urn:etoegang:core:assurance-class:loa2")),
        ("EH-SUM-26", text(LEVEL, "urn:oasis:names:tc:SAML:2.0:ac:classes:Password")),
        ("EH-SUM-27", attribute(AUTHN, "AuthnInstant", LONG_AGO)),
        ("EH-SUM-28", text(f"{named('ServiceUUID')}/saml:AttributeValue", "e0000099-0012-4000-8000-000000009001")),
        ("EH-SUM-29", attribute(ASSERTION, "Version", "1.1")),
    ],
)
def test_an_assertion_for_another_time_party_or_service(answering, rule, change):
    refused(answering, rule, change)


@pytest.mark.parametrize(
    "name", [names.INTERMEDIATE_KVK_NUMBER, names.INTERMEDIATE_RSIN, names.INTERMEDIATE_SUBJECT_ID]
)
def test_an_assertion_of_a_chain(answering, name):
    def change(statement: etree._Element) -> None:
        made = etree.SubElement(statement, f"{{{names.SAML}}}Attribute", {"Name": name})
        etree.SubElement(made, f"{{{names.SAML}}}AttributeValue").text = "68750110"

    refused(answering, "EH-SUM-30", at_path(STATEMENT, change))


@pytest.mark.parametrize("name", ["ActingSubjectID", "LegalSubjectID", "ServiceUUID"])
def test_an_assertion_that_lacks_what_every_login_has(answering, name):
    refused(answering, "EH-CNT-01", remove(named(name)))


@pytest.mark.parametrize(
    ("rule", "name", "kind", "value"),
    [
        ("EH-SUM-40", "ActingSubjectID", IdentifierType.KVK_NUMBER.value, "68750110"),
        ("EH-SUM-41", "LegalSubjectID", IdentifierType.RSIN.value, "000010005"),
        ("EH-ENC-05", "LegalSubjectID", IdentifierType.KVK_NUMBER.value, "6875011"),
    ],
)
def test_identifiers_that_say_no_person_or_no_organisation(answering, rule, name, kind, value):
    refused(answering, rule, identifier(answering, name, kind, value))


def test_two_organisations_at_once(answering):
    value = f"{named('LegalSubjectID')}/saml:AttributeValue"

    def change(element: etree._Element) -> None:
        twin = deepcopy(element)
        for inner in twin.iter():
            for attribute_ in ("Id", "URI"):
                if inner.get(attribute_):
                    inner.set(attribute_, inner.get(attribute_) + "-twin")
        element.addnext(twin)

    refused(answering, "EH-SUM-41", at_path(value, change))


def test_identifiers_for_another_service_provider(answering):
    key = f"{named('ActingSubjectID')}//xenc:EncryptedKey"
    refused(answering, "EH-ENC-03", attribute(key, "Recipient", OTHER))


def test_what_was_encrypted_is_no_name(answering):
    module = answering.sim.module
    made = etree.Element(f"{{{names.SAML}}}Attribute", {"NameQualifier": IdentifierType.PSEUDO.value, "Name": "x"})
    recipient = Recipient(module.entity_id, module.decryption.certificate)
    sealed = encryption.encrypt(made, recipient, make_id(), "EncryptedID")

    def change(element: etree._Element) -> None:
        element[:] = [sealed]

    refused(answering, "EH-ENC-05", at_path(f"{named('ActingSubjectID')}/saml:AttributeValue", change))


# --- once ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "path"), [("Response", "samlp:Response"), ("Assertion", ASSERTION)])
def test_an_answer_counts_once(answering, where, path):
    same = attribute(path, "ID", make_id())
    assert isinstance(answering.receive(same), ModuleLogin)
    refused(answering, "EH-SUM-05", same)


def test_a_genuine_artifact_can_be_resolved_once(network):
    begun = begin(network)
    fields = {"SAMLart": [begun.artifact], "RelayState": [begun.request_id]}
    broker = module_entrance.own_broker(begun.sim)
    assert isinstance(module_entrance.receive(begun.sim, fields, {begun.request_id}, broker), ModuleLogin)
    with pytest.raises(UntrustedMessage) as caught:
        module_entrance.receive(begun.sim, fields, {begun.request_id}, broker)
    assert [finding.rule for finding in caught.value.findings] == ["EH-SUM-04"]
