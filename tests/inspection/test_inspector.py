"""What an inspection tells of genuine messages, and of the same with one byte altered."""

import base64
import zlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from broker.core.findings import Severity
from broker.inspection import inspector, intake, known, opening, second_opinion
from broker.inspection.inspected import Inspection, Standing, Verdict
from broker.inspection.inspector import Given
from broker.inspection.known import Known
from broker.saml import names
from broker.simulator import at_hand
from tests.inspection.conftest import Messages
from tests.requester import NS
from tests.saml.keyring import not_a_key

NOBODY = Known()


def rules(inspection: Inspection) -> set[str]:
    return {remark.rule for remark in inspection.remarks}


def unchecked(inspection: Inspection) -> set[str]:
    return {item.rule for item in inspection.unchecked}


def standings(inspection: Inspection) -> list[Standing]:
    return [item.standing for item in inspection.signatures]


@pytest.mark.parametrize("name", ["request", "question", "answer", "resolve", "envelope"])
def test_nothing_is_wrong_with_what_the_parties_of_the_simulator_send(messages: Messages, name: str):
    found = messages.inspect(getattr(messages, name), keys=True, catalogue=messages.simulator.catalogue)
    assert found.remarks == ()
    assert found.verdict is Verdict.FINE
    assert set(standings(found)) == {Standing.TRUSTED}
    assert all(item.certificate.from_metadata and item.certificate.oin for item in found.signatures)


def test_every_part_of_an_answer_is_told_with_its_signature_and_what_it_is_over(messages: Messages):
    found = messages.inspect(messages.envelope)
    assert (found.kind, found.uncovered) == ("ArtifactResponse", ())
    assert [item.covers.split(" #")[0].rpartition("/")[2] for item in found.signatures] == [
        "ArtifactResponse",
        "Response",
        "Assertion",
        *(f"Assertion[{number}]" for number in (1, 2, 3)),
    ]
    signers = [item.signer.split(":")[2] for item in found.signatures]
    assert signers == ["HM", "HM", "HM", "AD", "MR", "MR"]
    assert "".join(run.text for run in found.runs).encode() == messages.envelope


def test_what_is_covered_is_what_was_digested(messages: Messages):
    """The marked bytes, canonical, have the digest of the signature: signxml and ours say so by other ways."""
    found = messages.inspect(messages.request)
    (item,) = found.signatures
    octets = b"".join(messages.request[span.start : span.end] for span in item.spans)
    canonical = etree.tostring(etree.fromstring(octets), method="c14n", exclusive=True)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(canonical)
    stated = etree.fromstring(messages.request).findtext(".//ds:DigestValue", namespaces=NS)
    assert base64.b64encode(digest.finalize()).decode() == stated


def altered(octets: bytes, old: bytes, new: bytes, *, last: bool = False) -> bytes:
    assert old in octets
    assert len(old) == len(new)
    before, after = octets.rsplit(old, 1) if last else octets.split(old, 1)
    return before + new + after


def test_one_byte_inside_what_is_signed_is_named(messages: Messages):
    """A level in the assertion: it breaks the three signatures around it, and not those of the evidence in it."""
    found = messages.inspect(altered(messages.envelope, b":loa3<", b":loa4<", last=True))
    assert standings(found) == [*[Standing.BROKEN] * 3, *[Standing.TRUSTED] * 3]
    assert all("digest" in item.why.en for item in found.signatures[:3])
    assert {"EH-SIG-11", "EH-ADV-11"} <= rules(found)
    assert {remark.where.split("/")[-2] for remark in found.remarks if remark.rule == "EH-SIG-11"} == {
        *("ArtifactResponse", "Response", "Assertion")
    }


def test_one_byte_in_the_evidence_breaks_everything_around_it(messages: Messages):
    found = messages.inspect(altered(messages.envelope, b">Permit<", b">Pormit<"))
    assert standings(found)[:3] == [Standing.BROKEN] * 3
    assert standings(found)[4] is Standing.BROKEN
    assert [standings(found)[3], standings(found)[5]] == [Standing.TRUSTED] * 2
    assert "EH-ADV-08" in rules(found)


def test_one_byte_of_the_signature_itself_is_told_from_one_of_the_content(messages: Messages):
    root = etree.fromstring(messages.request)
    value = root.findtext(".//ds:SignatureValue", namespaces=NS).encode()
    other = b"B" if value[10:11] == b"A" else b"A"
    found = messages.inspect(messages.request.replace(value, value[:10] + other + value[11:]))
    (item,) = found.signatures
    assert item.standing is Standing.BROKEN
    assert "another key signed" in item.why.en


def test_one_byte_outside_what_is_signed_breaks_nothing_and_is_named_as_uncovered(messages: Messages):
    root = etree.fromstring(messages.answer)
    root.remove(root.find("ds:Signature", NS))
    octets = etree.tostring(root)
    before = messages.inspect(octets)
    after = messages.inspect(altered(octets, b"status:Success", b"status:Succass"))
    assert standings(before) == standings(after) == [Standing.TRUSTED]
    for found in (before, after):
        assert found.uncovered == ("Response (start tag)", "Issuer", "Status")
        assert "EH-SIG-01" in rules(found)
    (first, *_, last) = after.runs
    assert (first.proven, first.covered_by, last.proven) == (False, (), False)
    assert "status:Succass" in first.text


def test_an_assertion_that_was_put_in_another_message_is_uncovered(messages: Messages):
    """Signature wrapping: what is signed is still right, and beside it stands something that nobody signed."""
    root = etree.fromstring(messages.answer)
    root.remove(root.find("ds:Signature", NS))
    forged = etree.fromstring(etree.tostring(root.find("saml:Assertion", NS)))
    forged.set("ID", "_forged")
    forged.remove(forged.find("ds:Signature", NS))
    forged.remove(forged.find("saml:AttributeStatement", NS))
    root.insert(2, forged)
    found = messages.inspect(etree.tostring(root))
    assert "Assertion[1]" in found.uncovered
    assert {"EH-SIG-01", "EH-STM-07"} <= rules(found)


def test_without_metadata_nobody_is_proven_and_that_is_said(messages: Messages):
    found = messages.inspect(messages.envelope, known=NOBODY)
    assert set(standings(found)) == {Standing.UNPROVEN}
    assert "EH-SIG-10" in unchecked(found)
    assert all(not run.proven for run in found.runs)
    broken = messages.inspect(altered(messages.envelope, b">Permit<", b">Pormit<"), known=NOBODY)
    assert Standing.BROKEN in standings(broken)


def test_a_certificate_that_the_message_brings_proves_nothing_about_who_it_is_of(messages: Messages):
    found = messages.inspect(messages.metadata[0], known=NOBODY)
    (item,) = found.signatures
    assert item.standing is Standing.INTACT
    assert item.certificate.from_metadata is False


def test_what_is_encrypted_is_opened_with_the_key_that_is_given(messages: Messages):
    closed, opened = messages.inspect(messages.envelope), messages.inspect(messages.envelope, keys=True)
    assert {item.content for item in closed.opened} == {None}
    own = [item for item in opened.opened if "AttributeStatement" in item.path and "Advice" not in item.path]
    assert own
    assert all(item.content and item.recipients for item in own)
    assert "EH-SUM-43" in unchecked(closed)
    assert "EH-SUM-43" not in unchecked(opened)
    assert any(node.opened for node in nodes(opened.tree))
    assert not any(node.opened for node in nodes(closed.tree))


def nodes(tree):
    return (tree, *(found for child in tree.children for found in nodes(child)))


def test_what_is_known_besides_decides_which_rules_can_be_asked(messages: Messages):
    alone = messages.inspect(messages.request, known=NOBODY)
    more = messages.inspect(messages.request, catalogue=messages.simulator.catalogue, moment=messages.moment)
    assert {"EH-REQ-02", "EH-REQ-03", "EH-REQ-06", "EH-REQ-22"} <= unchecked(alone)
    assert unchecked(more) == {"EH-REQ-08", "EH-REQ-27", "EH-REQ-28", "EH-REQ-46"}
    late = messages.inspect(messages.request, moment=messages.moment + timedelta(hours=1))
    assert rules(late) == {"EH-REQ-03"}
    assert late.verdict is Verdict.FLAWED


def test_an_answer_is_held_against_its_request_when_both_are_at_hand(messages: Messages):
    found = tuple(one for data in (messages.question, messages.answer) for one in intake.take(data))
    given = Given(known=messages.known, now=messages.moment)
    assert "EH-STM-03" not in unchecked(inspector.inspect_one(found, 1, given))
    assert "EH-STM-03" in unchecked(inspector.inspect_one(found[1:], 0, given))
    root = etree.fromstring(messages.answer)
    root.set("InResponseTo", "_another")
    assert "EH-STM-03" in unchecked(messages.inspect(etree.tostring(root)))


def test_with_its_request_it_is_known_who_should_answer_and_what_was_asked(messages: Messages):
    compared = {"EH-SUM-12", "EH-SUM-13", "EH-SUM-20", "EH-SUM-24"}
    (sent,) = inspector.requests_in(intake.take(messages.request))
    (response,) = etree.fromstring(messages.envelope).iterfind(".//samlp:Response", NS)
    request = replace(sent, id=response.get("InResponseTo"))
    found = messages.inspect(messages.envelope, keys=True, request=request)
    assert found.remarks == ()
    assert unchecked(found) & compared == set()
    assert unchecked(messages.inspect(messages.envelope, keys=True)) & compared == compared - {"EH-SUM-24"}

    elsewhere = replace(request, destination="http://127.0.0.1:8081/sso")
    assert {"EH-SUM-13", "EH-SUM-20"} <= rules(messages.inspect(messages.envelope, request=elsewhere))
    unknown = messages.inspect(messages.envelope, request=replace(request, destination="http://localhost/unknown"))
    wanting = {item.rule: item.why.en for item in unknown.unchecked}
    assert wanting["EH-SUM-13"] == wanting["EH-SUM-20"] == "There is no metadata of the sender."


def test_what_was_not_checked_is_grouped_by_what_was_wanting(messages: Messages):
    found = messages.inspect(messages.envelope, known=NOBODY)
    groups = found.unchecked_by_reason
    assert {rule for group in groups.values() for rule in group} == set(found.unchecked)
    assert all(rule.why == why for why, group in groups.items() for rule in group)
    sizes = [len(group) for group in groups.values()]
    assert sizes == sorted(sizes, reverse=True)


def test_a_query_is_signed_as_it_was_sent(messages: Messages, requester_keys):
    root = etree.fromstring(messages.request)
    root.remove(root.find("ds:Signature", NS))
    deflator = zlib.compressobj(wbits=-15)
    packed = deflator.compress(etree.tostring(root)) + deflator.flush()
    octets = f"SAMLRequest={quote_plus(base64.b64encode(packed))}&RelayState=x&SigAlg={quote_plus(names.RSA_SHA256)}"
    key = requester_keys["one"]["signing"].key
    value = quote_plus(base64.b64encode(key.sign(octets.encode(), padding.PKCS1v15(), hashes.SHA256())))
    address = f"https://makelaar.invalid/sso?{octets}&Signature={value}"
    found = messages.inspect(address.encode())
    (item,) = found.signatures
    assert (item.standing, item.path, found.uncovered) == (Standing.TRUSTED, "query", ())
    assert "EH-SIG-01" not in rules(found)
    broken = messages.inspect(address.replace("RelayState=x", "RelayState=y").encode())
    assert (standings(broken), rules(broken)) == ([Standing.BROKEN], {"EH-SIG-11"})
    stranger = messages.inspect(address.encode(), known=NOBODY)
    assert standings(stranger) == [Standing.UNPROVEN]
    assert "EH-SIG-10" in unchecked(stranger)


@pytest.mark.parametrize(
    ("octets", "rule"),
    [
        (b"<a><b></a>", "EH-XML-06"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "EH-XML-05"),
        (b"<a>" + b"<b/>" * 2_100 + b"</a>", "EH-XML-08"),
        (b"<a><!-- said --></a>", "EH-XML-07"),
    ],
)
def test_what_the_strict_reader_refuses_is_unreadable_by_its_rule(messages: Messages, octets: bytes, rule: str):
    found = messages.inspect(octets)
    assert (found.verdict, rules(found), found.tree) == (Verdict.UNREADABLE, {rule}, None)


def test_another_document_is_no_message(messages: Messages):
    found = messages.inspect(b"<a/>")
    assert (found.verdict, rules(found)) == (Verdict.FLAWED, {"EH-XML-13"})


def test_metadata_is_judged_as_when_it_is_registered(messages: Messages):
    assert rules(messages.inspect(messages.metadata[2])) == {"EH-REG-10", "EH-REG-16"}
    commented = messages.metadata[2].replace(b"<md:SPSSO", b"<!-- ours --><md:SPSSO", 1)
    assert rules(messages.inspect(commented)) == {"EH-REG-10", "EH-REG-16"}
    broken = messages.inspect(messages.metadata[0].replace(b"acs", b"aks").replace(b"sso/1.13", b"sso/1.12"))
    assert broken.verdict is Verdict.FLAWED
    network = messages.inspect(messages.metadata[1].replace(b"/sso", b"/SSO"))
    assert rules(network) == {"EH-SIG-11"}


def test_metadata_that_cannot_be_used_is_told_and_the_rest_goes_on(messages: Messages):
    read = known.read((b"<a/>", b"no xml", *messages.metadata), messages.moment)
    assert len(read.problems) == 2
    assert read.parties.keys() == messages.known.parties.keys()
    weak = messages.metadata[2].replace(b"<ds:X509Certificate>", b"<ds:X509Certificate>AAAA", 1)
    assert known.read((weak,), messages.moment).problems


def test_the_operator_has_what_the_simulator_knows(messages: Messages):
    given = at_hand.with_own(Given(now=messages.moment), messages.simulator)
    found = inspector.inspect(intake.take(messages.envelope)[0], given)
    assert set(standings(found)) == {Standing.TRUSTED}
    assert any(item.content for item in found.opened)


def test_others_are_asked_about_the_same_signatures(messages: Messages):
    found = messages.inspect(messages.envelope, ask=second_opinion.opinions)
    assert {(one.program, one.holds) for item in found.signatures for one in item.opinions} == {
        ("signxml", True),
        ("xmlsec1", True),
    }
    broken = messages.inspect(altered(messages.envelope, b":loa3<", b":loa4<", last=True), ask=second_opinion.opinions)
    assert [[one.holds for one in item.opinions] for item in broken.signatures] == [[False] * 2] * 3 + [[True] * 2] * 3


def test_a_program_that_is_not_installed_is_said_to_be_so(messages: Messages, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setitem(__import__("sys").modules, "signxml", None)
    found = messages.inspect(messages.request, ask=second_opinion.opinions)
    assert [(one.holds, one.said) for one in found.signatures[0].opinions] == [(None, "not installed")] * 2


def test_a_key_that_is_none_is_refused_and_never_quoted():
    with pytest.raises(opening.UnusableKey) as raised:
        opening.private_key(not_a_key(b"secret"))
    assert "secret" not in str(raised.value)


def test_findings_carry_severity_meaning_and_clause(messages: Messages):
    (remark,) = messages.inspect(b"<a/>").remarks
    assert remark.severity is Severity.ERROR
    assert remark.meaning.nl != remark.meaning.en
    assert remark.clause
