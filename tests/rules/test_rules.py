"""The catalogue of rules: complete, well-formed, and each rule says what it is for and nothing else."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from broker.core.findings import Finding, Severity
from broker.rules import (
    RULES,
    by_the_book,
    evidence,
    metadata_by_the_book,
    question,
    reception,
    summary_attributes,
    summary_by_the_book,
)
from broker.rules.rule import check, errors
from broker.saml.faults import Fault, MetadataReason, MetadataRejected
from tests.rules.cases import (
    ALL_IDS,
    CASES,
    FAULT_CASES,
    FAULT_RULES,
    MESSAGE_REASONS,
    REQUEST_CASES,
    SETS,
    SINGLE,
    SINGLE_CASES,
    ids_of,
)


def test_ids_are_unique_and_of_one_form():
    counted = Counter(rule.id for rule in RULES)
    assert [id_ for id_, count in counted.items() if count > 1] == []
    assert [
        id_
        for id_ in counted
        if not re.fullmatch(r"EH-(BND|XML|SIG|ENC|CNT|SND|REQ|STM|SUM|RES|CHO|REG|ART|LGO|LST|ADV|ASK)-\d\d", id_)
    ] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_says_in_two_languages_what_it_wants_and_where_that_is_written(rule):
    assert rule.text.nl.endswith(".")
    assert rule.text.en.endswith(".")
    assert rule.text.nl != rule.text.en
    assert re.match(r"(SAML|etd|XML|Namespaces|limit)\b", rule.clause)
    assert isinstance(rule.severity, Severity)


def test_there_are_rules_for_every_part_of_every_kind_of_message():
    assert len(RULES) >= 120


def test_every_rule_has_a_case_and_every_case_a_rule():
    assert {rule.id for rule in RULES} == ALL_IDS


@pytest.mark.parametrize("reason", [reason for kind in MESSAGE_REASONS for reason in kind], ids=str)
def test_every_reason_for_refusing_a_message_has_a_rule_of_its_own(reason):
    finding = reception.finding(Fault(reason, "what was seen"))
    assert finding.severity is Severity.ERROR
    assert finding.detail == "what was seen"
    assert len(FAULT_CASES) == sum(len(kind) for kind in MESSAGE_REASONS)


@pytest.mark.parametrize("reason", MetadataReason)
def test_all_reasons_for_refusing_metadata_are_one_rule_about_the_sender(reason):
    """Metadata is checked, and its faults are told, when it is registered; a message only meets the outcome."""
    fault = MetadataRejected(reason, "EntityDescriptor", "what was seen", "clause")
    assert reception.finding(fault).rule == "EH-SND-02"
    assert "what was seen" in reception.finding(fault).detail


def test_a_fault_of_metadata_is_never_told_as_one_of_the_message():
    """The reasons overlap: a wrong signature over metadata is not a wrong signature over a message."""
    for reason in (reason for kind in MESSAGE_REASONS for reason in kind):
        assert reception.finding(MetadataRejected(reason, "document", "x", "clause")).rule == "EH-SND-02"


# --- each rule by itself ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SETS)
def test_nothing_is_said_about_what_is_right(name):
    rules, _, valid = SETS[name]
    assert check(rules, valid) == ()


@pytest.mark.parametrize(("name", "id_"), CASES)
def test_each_rule_is_tripped_by_its_case_and_no_other_rule_is(name, id_):
    rules, cases, _ = SETS[name]
    findings = check(rules, cases[id_])
    assert ids_of(findings) == {id_}
    assert all(finding.where and finding.detail for finding in findings)


@pytest.mark.parametrize("id_", SINGLE_CASES)
def test_each_rule_that_is_asked_alone_says_where_and_what(id_):
    (finding,) = SINGLE[id_].findings(SINGLE_CASES[id_])
    assert (finding.rule, finding.severity) == (id_, SINGLE[id_].severity)
    assert finding.where
    assert finding.detail


@pytest.mark.parametrize("id_", FAULT_CASES)
def test_each_fault_trips_one_rule(id_):
    assert ids_of(check(FAULT_RULES, FAULT_CASES[id_])) == {id_}


def test_only_errors_reject():
    findings = tuple(Finding("EH-REQ-40", severity, "where", "what") for severity in Severity)
    assert [finding.severity for finding in errors(findings)] == [Severity.ERROR]


def test_notes_never_reject_the_strict_ones_do_for_some_and_everything_else_does_for_all():
    mild = {rule.id for rule in RULES if rule.severity is not Severity.ERROR}
    of_others = {
        rule.id for rule in (*summary_by_the_book.RULES, *summary_attributes.RULES, *evidence.RULES, *question.RULES)
    }
    assert mild - of_others == {rule.id for rule in by_the_book.RULES} | {"EH-REG-02", "EH-REG-03", "EH-LGO-09"} | {
        rule.id for rule in metadata_by_the_book.RULES
    }


@pytest.mark.parametrize("rule", [*by_the_book.TRUST, *by_the_book.SUPPORT], ids=lambda rule: rule.id)
def test_a_strict_receiver_rejects_what_a_lenient_one_notes(rule):
    (noted,) = by_the_book.judged([rule], REQUEST_CASES[rule.id], strict=False)
    (rejected,) = by_the_book.judged([rule], REQUEST_CASES[rule.id], strict=True)
    assert (noted.rule, noted.severity) == (rule.id, rule.severity)
    assert rejected == replace(noted, severity=Severity.ERROR)
