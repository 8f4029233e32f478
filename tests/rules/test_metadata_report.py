"""What whoever has to mend metadata is told of a finding."""

import pytest

from broker.core.findings import Finding, Severity
from broker.rules import metadata_by_the_book, reception, refused_metadata, registration
from broker.rules.metadata_advice import advice
from broker.rules.metadata_report import refusal, remarks
from broker.saml.faults import DocumentReason, MetadataReason, MetadataRejected

# Of the network's metadata, which no service provider gives.
OF_THE_NETWORK = {"EH-REG-46", "EH-REG-47", "EH-REG-48"}
OWN = (*registration.RULES, *metadata_by_the_book.RULES, *refused_metadata.RULES)


@pytest.mark.parametrize("rule", [rule.id for rule in OWN if rule.id not in OF_THE_NETWORK])
def test_each_rule_for_metadata_has_advice_of_its_own(rule):
    others = [advice(other.id) for other in OWN if other.id != rule and other.id not in OF_THE_NETWORK]
    assert advice(rule) not in others
    assert advice(rule) != advice("EH-XML-01")


def test_what_is_wrong_with_the_document_has_advice_by_its_kind():
    assert {rule.id[:6] for rule in reception.RULES} >= {"EH-XML", "EH-SIG", "EH-CNT"}
    said = {advice(f"{group}-01") for group in ("EH-XML", "EH-SIG", "EH-CNT")}
    assert len(said) == 3
    assert advice("EH-SIG-11") == advice("EH-SIG-01")


def test_a_remark_has_rule_meaning_clause_line_and_advice():
    found = Finding("EH-REG-13", Severity.WARNING, "b", "not in the table")
    (remark,) = remarks(b"<a>\n<b/></a>", (found,))
    assert (remark.rule, remark.severity, remark.where, remark.line) == ("EH-REG-13", Severity.WARNING, "b", 2)
    assert remark.meaning.nl == "NameIDFormat is niet toegestaan."
    assert remark.clause == "etd DV metadata for HM: NameIDFormat"
    assert (remark.detail, remark.advice) == ("not in the table", advice("EH-REG-13"))


@pytest.mark.parametrize(
    ("reason", "rule"),
    [(MetadataReason.KEY, "EH-REG-42"), (MetadataReason.RECIPIENT, "EH-REG-01"), (DocumentReason.SCHEMA, "EH-XML-14")],
)
def test_a_refusal_names_the_clause_that_refused(reason, rule):
    remark = refusal(b"<a>\n<b/></a>", MetadataRejected(reason, "b", "what was seen", "a clause"))
    assert (remark.rule, remark.severity, remark.line) == (rule, Severity.ERROR, 2)
    assert (remark.detail, remark.clause) == ("what was seen", "a clause")
