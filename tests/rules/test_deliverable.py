"""What a service asks for against what can be delivered: identifiers of organisation and person, and attributes."""

import pytest

from broker.core.catalogue import RequestedAttribute
from broker.core.identifiers import IdentifierType
from broker.rules import by_the_book, request
from broker.rules.deliverable import requested_attributes
from broker.rules.rule import check
from tests.rules.cases import COMPANY_NAME, for_service, ids_of, requesting


@pytest.mark.parametrize(
    ("acting", "rule"),
    [
        ([], set()),
        ([{IdentifierType.PSEUDO}], set()),
        ([{IdentifierType.BSN}, {IdentifierType.PSEUDO}], set()),
        ([{IdentifierType.BSN}], {"EH-REQ-31"}),
        ([{IdentifierType.PSEUDO_ID}], {"EH-REQ-31"}),
        ([{IdentifierType.EIDAS_LEGAL}], {"EH-REQ-29"}),
    ],
)
def test_the_acting_person_has_a_pseudonym_and_nothing_else(acting, rule):
    context = for_service(acting_sets=tuple(frozenset(wanted) for wanted in acting))
    assert ids_of(check(request.SUPPORT, context)) == rule


def test_a_pseudonym_alone_names_no_organisation():
    context = for_service(identifier_sets=(frozenset({IdentifierType.PSEUDO}),))
    assert ids_of(check(request.SUPPORT, context)) == {"EH-REQ-29"}
    both = for_service(identifier_sets=(frozenset({IdentifierType.PSEUDO, IdentifierType.KVK_NUMBER}),))
    assert check(request.SUPPORT, both) == ()


UNKNOWN = "urn:etoegang:1.9:attribute:FirstName"
IDENTIFIER = "urn:etoegang:1.9:EntityConcernedID:KvKnr"


@pytest.mark.parametrize(
    ("attribute", "declared", "rules"),
    [
        (RequestedAttribute(COMPANY_NAME, True), (RequestedAttribute(COMPANY_NAME),), set()),
        (RequestedAttribute(COMPANY_NAME), (RequestedAttribute(COMPANY_NAME, True),), set()),
        (RequestedAttribute(UNKNOWN), (RequestedAttribute(UNKNOWN),), {"EH-REQ-49"}),
        (RequestedAttribute(UNKNOWN), (RequestedAttribute(UNKNOWN, True),), {"EH-REQ-32"}),
        (RequestedAttribute(UNKNOWN, True), (RequestedAttribute(UNKNOWN),), {"EH-REQ-32"}),
        (RequestedAttribute(IDENTIFIER, True), (RequestedAttribute(IDENTIFIER, True),), {"EH-REQ-49"}),
    ],
)
def test_an_attribute_that_is_required_and_cannot_be_delivered_stops_the_login(attribute, declared, rules):
    found = check((*request.SUPPORT, *by_the_book.NOTES), requesting(attribute, declared=declared))
    assert ids_of(found) == rules


def test_only_what_metadata_and_catalogue_both_name_is_asked_of_the_register():
    wanted = (RequestedAttribute(COMPANY_NAME), RequestedAttribute(UNKNOWN), RequestedAttribute(IDENTIFIER))
    declared = (RequestedAttribute(IDENTIFIER), RequestedAttribute(COMPANY_NAME, is_required=True))

    def asked_of_the_register(*wanted: RequestedAttribute) -> tuple[RequestedAttribute, ...]:
        context = requesting(*wanted, declared=declared)
        return requested_attributes(context.requested_service, context.service)

    assert asked_of_the_register(*wanted) == (RequestedAttribute(COMPANY_NAME, True),)
    assert asked_of_the_register() == ()
