"""What is told about metadata of a service provider: what refuses it, and what only differs from the book."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.core.findings import Severity
from broker.rules import metadata_by_the_book as book
from broker.rules import refused_metadata, registration
from broker.rules.rule import check
from broker.saml import names
from broker.saml.faults import DocumentReason, MetadataReason, MetadataRejected, SignatureReason
from broker.saml.metadata import read_service_provider
from tests.rules.metadata_cases import KEY, KEYS, REFUSED_CASES, WRITTEN, by_the_book, requesting, written
from tests.saml.metadata_samples import END, MOMENT, START, certificate_text, key_descriptor, signed, weak_certificate


@pytest.mark.parametrize("reason", MetadataReason)
def test_every_reason_for_refusing_metadata_has_a_rule(reason):
    found = refused_metadata.finding(MetadataRejected(reason, "SPSSODescriptor", "seen", "clause"))
    assert (found.severity, found.where, found.detail) == (Severity.ERROR, "SPSSODescriptor", "seen (clause)")
    expected = registration.NO_CERTIFICATE.id if reason is MetadataReason.RECIPIENT else None
    assert found.rule == (expected or next(id_ for id_, case in REFUSED_CASES.items() if case.reason is reason))


SPOILT = {
    "not-xml": (b"<md", "EH-XML-06"),
    "doctype": (b"<!DOCTYPE x>" + by_the_book().encode(), "EH-XML-05"),
    "schema": (by_the_book().replace('index="0"', 'index="x"').encode(), "EH-XML-14"),
    "changed": (signed(by_the_book(), KEY).replace(b"Voorbeeldstad", b"Elders"), "EH-SIG-11"),
    "no-role": (by_the_book().replace("SPSSODescriptor", "PDPDescriptor").encode(), "EH-XML-14"),
    "weak-key": (by_the_book(keys=key_descriptor(weak_certificate(1024, 65537))).encode(), "EH-REG-42"),
    "no-artifact": (by_the_book().replace(names.BINDING_ARTIFACT, names.BINDING_POST).encode(), "EH-REG-43"),
    "javascript": (by_the_book().replace("http://127", "javascript://127").encode(), "EH-REG-43"),
    "expired": (by_the_book(attributes=' validUntil="2026-01-01T00:00:00Z"').encode(), "EH-REG-45"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_metadata_that_cannot_be_used_names_the_rule(name):
    octets, rule = SPOILT[name]
    with pytest.raises(MetadataRejected) as refused:
        read_service_provider(octets, MOMENT)
    found = refused_metadata.finding(refused.value)
    assert found.rule == rule
    assert found.where
    assert found.detail.endswith(")")


def test_reasons_of_messages_keep_their_rules():
    for reason, rule in ((DocumentReason.TOO_LARGE, "EH-XML-02"), (SignatureReason.DIGEST, "EH-SIG-12")):
        assert refused_metadata.finding(MetadataRejected(reason, "document", "x", "clause")).rule == rule


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (START - timedelta(days=1), "valid from"),
        (END - timedelta(days=30), None),
        (END - timedelta(days=29), "only"),
        (END + timedelta(seconds=1), "was valid until"),
    ],
)
def test_the_validity_of_a_certificate_is_told(moment, said):
    found = check(book.RULES, replace(WRITTEN, moment=moment))
    assert [finding.rule for finding in found] == (["EH-REG-15"] if said else [])
    assert not said or said in found[0].detail


def test_during_a_key_roll_over_nothing_is_the_matter():
    both = KEYS + key_descriptor(certificate_text(KEY), "signing", "next") + key_descriptor(certificate_text(KEY))
    found = check(book.RULES, written(by_the_book(keys=both)))
    assert [(finding.rule, finding.where) for finding in found] == [("EH-REG-14", "SPSSODescriptor/KeyDescriptor[3]")]


def test_the_name_of_the_intermediary_need_not_be_requested():
    (found,) = check(book.RULES, written(by_the_book(services=requesting(names.INTERMEDIATE_COMPANY_NAME))))
    assert found.rule == "EH-REG-21"
    assert "without being asked" in found.detail
    other = requesting(names.REPRESENTED_COMPANY_NAME)
    assert check(book.RULES, written(by_the_book(services=other))) == ()
