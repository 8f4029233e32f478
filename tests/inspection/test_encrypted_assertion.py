"""An assertion that came encrypted is judged by the same rules as the same one in plain text."""

import pytest
from lxml import etree

from broker.inspection import looking
from broker.inspection import places as placing
from broker.inspection.circumstances import Circumstances
from broker.inspection.inspected import Inspection, Standing
from broker.saml import document, encryption, names
from broker.saml.keys import Recipient
from broker.saml.metadata import read_service_provider
from tests.inspection.conftest import Messages
from tests.inspection.test_inspector import nodes, rules, unchecked
from tests.requester import NS

ONLY_PLAIN = "EH-SUM-16"
HELD = "EncryptedAssertion/Assertion"


def answered(messages: Messages) -> etree._Element:
    """The Response by itself, its own signature taken off: what is in it will be replaced."""
    (response,) = etree.fromstring(messages.envelope).iterfind(".//samlp:Response", NS)
    response.remove(response.find("ds:Signature", NS))
    return etree.fromstring(etree.tostring(response, with_tail=False))


def encrypted(messages: Messages, response: etree._Element) -> bytes:
    """The same with its assertion encrypted for the service provider."""
    asked = read_service_provider(messages.metadata[2], messages.moment)
    assertion = response.find("saml:Assertion", NS)
    recipient = Recipient(asked.entity_id, asked.encryption_certificates[0])
    held = encryption.encrypt(assertion, recipient, "_held", "EncryptedID")
    held.tag = f"{{{names.SAML}}}EncryptedAssertion"
    response.replace(assertion, held)
    return etree.tostring(response)


def places(inspection: Inspection, rule: str) -> list[str]:
    return [remark.where for remark in inspection.remarks if remark.rule == rule]


def test_the_same_rules_are_asked_and_say_the_same(messages: Messages):
    plain = messages.inspect(etree.tostring(answered(messages)), keys=True, catalogue=messages.simulator.catalogue)
    held = messages.inspect(encrypted(messages, answered(messages)), keys=True, catalogue=messages.simulator.catalogue)
    assert rules(held) - rules(plain) == {ONLY_PLAIN}
    assert rules(plain) - rules(held) == set()
    assert {rule for rule in unchecked(held) if rule.startswith(("EH-ADV", "EH-SUM-2", "EH-SUM-4", "EH-SUM-5"))} == {
        rule for rule in unchecked(plain) if rule.startswith(("EH-ADV", "EH-SUM-2", "EH-SUM-4", "EH-SUM-5"))
    }
    assert "EH-SUM-43" not in unchecked(held)


def test_its_signatures_are_told_and_proven_but_cover_nothing_that_anybody_can_see(messages: Messages):
    found = messages.inspect(encrypted(messages, answered(messages)), keys=True)
    assert [item.standing for item in found.signatures] == [Standing.TRUSTED] * 4
    assert [item.number for item in found.signatures] == [1, 2, 3, 4]
    assert [item.covers.partition(" #")[0] for item in found.signatures] == [
        HELD,
        *(f"{HELD}/Advice/Assertion[{number}]" for number in (1, 2, 3)),
    ]
    assert [item.spans for item in found.signatures] == [()] * 4
    assert not any(run.proven for run in found.runs)


def test_what_is_encrypted_in_it_is_opened_too_and_stands_in_the_tree(messages: Messages):
    found = messages.inspect(encrypted(messages, answered(messages)), keys=True)
    outer, *inner = found.opened
    assert outer.path == "EncryptedAssertion"
    assert outer.content
    own = [one for one in inner if "AttributeStatement" in one.path and "Advice" not in one.path]
    assert own
    assert all(one.path.startswith(f"{HELD}/AttributeStatement/") and one.content for one in own)
    assert len([node for node in nodes(found.tree) if node.opened]) > len(own)


def test_what_is_wrong_inside_is_found_and_its_place_is_under_the_encrypted_element(messages: Messages):
    response = answered(messages)
    response.find("saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience", NS).text = "urn:another"
    plain = messages.inspect(etree.tostring(response), keys=True)
    held = messages.inspect(encrypted(messages, response), keys=True)
    assert "EH-SIG-11" in rules(plain)
    assert rules(held) - rules(plain) == {ONLY_PLAIN}
    assert places(held, "EH-SIG-11") == [f"{HELD}/Signature"]
    assert places(held, ONLY_PLAIN) == ["Response/Assertion"]
    assert places(held, "EH-SUM-67") == [f"{HELD}/{places(plain, 'EH-SUM-67')[0].removeprefix('Assertion/')}"]


def test_what_the_schema_forbids_inside_is_found(messages: Messages):
    response = answered(messages)
    response.find("saml:Assertion", NS).set("Unknown", "x")
    assert "EH-XML-14" in rules(messages.inspect(etree.tostring(response), keys=True))
    assert "EH-XML-14" in rules(messages.inspect(encrypted(messages, response), keys=True))


def test_without_the_key_nothing_is_said_of_it(messages: Messages):
    found = messages.inspect(encrypted(messages, answered(messages)))
    assert found.signatures == ()
    assert not any(remark.where.startswith("EncryptedAssertion/") for remark in found.remarks)
    assert [one.why_not.en for one in found.opened] == ["No key was given."]


@pytest.mark.parametrize("most", [0, 1, 3])
def test_what_is_tried_inside_counts_towards_the_most(messages: Messages, most: int):
    octets = encrypted(messages, answered(messages))
    root, known = document.read(octets), Circumstances(known=messages.known, moment=messages.moment)
    found = looking.look(root, placing.places(octets, root), known, (messages.key,), None, most)
    assert len([one for one in found.opened if one.why_not is None or "first" not in one.why_not.en]) == most
    assert (len(found.opened) > 1) is (most > 0)
