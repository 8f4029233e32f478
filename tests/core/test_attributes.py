"""Attributes that a service asks for besides identifiers."""

import pytest

from broker.core.attributes import KNOWN, AttributeValue, choose_attributes, is_attribute
from broker.core.catalogue import RequestedAttribute
from broker.core.decision import Granted, grant
from broker.core.identifiers import Rsin
from broker.core.refusals import DenialReason, Denied
from tests.core.register_values import a_chain_link, a_question, an_organisation

REPRESENTED = "urn:etoegang:1.11:attribute-represented:"
NAME, VAT = f"{REPRESENTED}CompanyName", f"{REPRESENTED}VATRegistrationNumber"
COMPANY = an_organisation("Glasblazerij B.V.", rsin=Rsin("000010029"))
SOLE_TRADER = an_organisation("Bakkerij")


def asked(*names: str, required: bool = False) -> tuple[RequestedAttribute, ...]:
    return tuple(RequestedAttribute(name, required) for name in names)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CompanyName", "Glasblazerij B.V."),
        ("KvKnr", COMPANY.kvk_number),
        ("TaxReferenceNumber", "000010029"),
        ("VATRegistrationNumber", "NL000010029B01"),
    ],
)
def test_each_known_attribute_says_what_the_register_holds(name, value):
    assert choose_attributes(COMPANY, asked(REPRESENTED + name)) == (AttributeValue(REPRESENTED + name, value),)
    assert is_attribute(REPRESENTED + name)


def test_no_attribute_is_forgotten_here():
    assert len(KNOWN) == 4


def test_they_come_in_the_order_asked_and_nothing_else_comes():
    assert [item.name for item in choose_attributes(COMPANY, asked(VAT, NAME))] == [VAT, NAME]
    assert choose_attributes(COMPANY, ()) == ()


@pytest.mark.parametrize("name", [VAT, f"{REPRESENTED}TaxReferenceNumber", "urn:etoegang:1.9:attribute:FirstName"])
def test_what_is_not_there_is_left_out_unless_it_is_required(name):
    assert choose_attributes(SOLE_TRADER, asked(NAME, name)) == (AttributeValue(NAME, "Bakkerij"),)
    assert choose_attributes(SOLE_TRADER, asked(NAME, name, required=True)) == Denied(
        DenialReason.ATTRIBUTE_NOT_AVAILABLE
    )


@pytest.mark.parametrize(
    "name",
    [
        "urn:etoegang:1.9:EntityConcernedID:KvKnr",
        "urn:etoegang:1.12:EntityConcernedID:BSN",
        "urn:etoegang:1.9:ServiceRestriction:Vestigingsnr",
        "urn:etoegang:1.13:attribute-intermediate:CompanyName",
        "urn:etoegang:core:LegalSubjectID",
    ],
)
def test_identifiers_and_facts_of_the_login_are_no_attributes(name):
    assert not is_attribute(name)


def test_a_login_is_granted_with_the_attributes_of_the_client():
    question = a_question(attributes=asked(NAME))
    granted = grant(question, a_chain_link())
    assert isinstance(granted, Granted)
    assert granted.attributes == (AttributeValue(NAME, granted.candidate.organisation.statutory_name),)
    assert granted.candidate.intermediary is not None


def test_a_login_is_denied_without_a_required_attribute():
    question = a_question(attributes=asked(VAT, required=True))
    assert grant(question, a_chain_link()) == Denied(DenialReason.ATTRIBUTE_NOT_AVAILABLE)
