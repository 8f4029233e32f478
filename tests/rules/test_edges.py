"""Where each rule begins and ends: to the second, to the byte, and for values that are nearly right."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import IdentifierType, Oin
from broker.rules import artifact_response, by_the_book, logout, request, resolve, statement
from broker.rules.request import requested_level, resolve_consumer, resolve_service
from broker.rules.rule import check
from broker.rules.timing import Tolerance, age_fault
from broker.saml import names
from broker.saml.assertion import Confirmation, Window
from broker.saml.metadata import Endpoint, RequestedService
from broker.saml.response import SUCCESS, authn_failed
from tests.rules.cases import asked, enveloped, for_service, handed_over, ids_of, returned, stated
from tests.rules.contexts import CONSUMER, CONTENT, NOW, PEER, REQUEST

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("issued", "accepted"),
    [
        (NOW, True),
        (NOW + 60 * SECOND, True),
        (NOW + 61 * SECOND, False),
        (NOW - 360 * SECOND, True),
        (NOW - 361 * SECOND, False),
    ],
)
def test_PRO_14_a_message_may_be_five_minutes_old_and_clocks_may_differ_one(issued, accepted):
    assert (age_fault(issued, NOW, Tolerance()) is None) is accepted


@pytest.mark.parametrize(
    ("begin", "end", "accepted"),
    [
        (NOW, NOW + SECOND, True),
        (NOW + 60 * SECOND, NOW + 120 * SECOND, True),
        (NOW + 61 * SECOND, NOW + 120 * SECOND, False),
        (NOW - 120 * SECOND, NOW - 59 * SECOND, True),
        (NOW - 120 * SECOND, NOW - 60 * SECOND, False),
        (NOW + 600 * SECOND, NOW - 600 * SECOND, False),
    ],
)
def test_PRO_14_the_window_is_half_open_with_one_minute_of_tolerance(begin, end, accepted):
    found = ids_of(check(statement.CONTENT, stated(window=Window(begin, end))))
    assert found == (set() if accepted else {"EH-STM-23"})


@pytest.mark.parametrize(("end", "accepted"), [(NOW - 59 * SECOND, True), (NOW - 60 * SECOND, False)])
def test_PRO_15_the_confirmation_ends_in_the_same_way(end, accepted):
    confirmations = ((names.BEARER, Confirmation("_question", CONSUMER, end)),)
    found = ids_of(check(statement.CONTENT, stated(confirmations=confirmations)))
    assert found == (set() if accepted else {"EH-STM-22"})


_RIGHT = Confirmation("_question", CONSUMER, NOW + 60 * SECOND)


@pytest.mark.parametrize(
    "confirmations",
    [
        (),
        ((names.BEARER, None),),
        ((names.BEARER, _RIGHT), (names.BEARER, _RIGHT)),
        (("urn:oasis:names:tc:SAML:2.0:cm:sender-vouches", _RIGHT),),
        (("urn:oasis:names:tc:SAML:2.0:cm:holder-of-key", _RIGHT),),
        ((names.BEARER, replace(_RIGHT, recipient="http://localhost:8080/broker/acs/1.13/")),),
        ((names.BEARER, replace(_RIGHT, recipient="urn:etoegang:HM:00000099000000010000:entities:9001")),),
    ],
)
def test_PRO_11_PRO_17_PRO_18_anything_but_one_right_bearer_confirmation_is_refused(confirmations):
    assert ids_of(check(statement.CONTENT, stated(confirmations=confirmations))) == {"EH-STM-22"}


@pytest.mark.parametrize(
    "restrictions",
    [
        (),
        ((),),
        (("urn:etoegang:HM:00000099000000010000:entities:90011",),),
        (("urn:etoegang:HM:00000099000000010000:entities:900",),),
        (CONTENT.statement.audience_restrictions[0], ("urn:somebody:else",)),
    ],
)
def test_PRO_12_every_restriction_must_name_the_broker(restrictions):
    assert ids_of(check(statement.CONTENT, stated(audience_restrictions=restrictions))) == {"EH-STM-24"}


def test_PRO_13_a_statement_without_conditions_is_refused():
    found = check(statement.CONTENT, stated(window=None, audience_restrictions=()))
    assert ids_of(found) == {"EH-STM-23", "EH-STM-24"}


@pytest.mark.parametrize(
    "level", ["", "loa3", "urn:etoegang:core:assurance-class:loa3 ", "urn:etoegang:core:assurance-class:LOA4"]
)
def test_PRO_20_a_level_that_is_not_literally_one_of_the_scheme_is_refused(level):
    assert ids_of(check(statement.CONTENT, stated(level_urn=level))) == {"EH-STM-26"}


@pytest.mark.parametrize("level", ["loa3", "loa4"])
def test_PRO_20_the_level_asked_or_a_higher_one_will_do(level):
    assert check(statement.CONTENT, stated(level_urn=f"urn:etoegang:core:assurance-class:{level}")) == ()


@pytest.mark.parametrize(
    "transient", ["", " ", "a b", "a\u200bb", "a\u202eb", "e\u0301", "a\tb", "a\nb", "x" * 257, "\u0430"]
)
def test_PRO_26_a_transient_is_at_most_256_visible_characters(transient):
    assert ids_of(check(statement.CONTENT, stated(transient=transient))) == {"EH-STM-32"}


@pytest.mark.parametrize(
    ("status", "assertions", "encrypted"),
    [(SUCCESS, 0, 0), (SUCCESS, 2, 0), (SUCCESS, 1, 1), (authn_failed("x"), 1, 0), (authn_failed("x"), 0, 1)],
)
def test_PRO_22_success_comes_with_exactly_one_statement(status, assertions, encrypted):
    given = enveloped(status=status, assertions=(object(),) * assertions, encrypted_assertions=encrypted)
    assert ids_of(check(statement.ENVELOPE, given)) == {"EH-STM-07"}


def test_PRO_23_a_status_that_is_not_success_without_a_statement_is_an_answer():
    assert check(statement.ENVELOPE, enveloped(status=authn_failed("x"), assertions=())) == ()


@pytest.mark.parametrize("binding", [names.BINDING_POST, names.BINDING_REDIRECT])
def test_REQ_01_an_address_that_is_registered_for_another_binding_is_refused(binding):
    context = replace(REQUEST, consumer=Endpoint(binding, "http://127.0.0.1/", 0))
    assert ids_of(check(request.TRUST, context)) == {"EH-REQ-06"}


def test_REQ_03_index_and_url_together_are_refused_even_when_both_are_right():
    context = asked(consumer_url=REQUEST.consumer.location)
    assert ids_of(check(request.TRUST, context)) == {"EH-REQ-06"}


def test_an_answer_by_another_binding_cannot_be_asked_for():
    assert ids_of(check(request.TRUST, asked(protocol_binding=names.BINDING_POST))) == {"EH-REQ-06"}
    assert check(request.TRUST, asked(protocol_binding=names.BINDING_ARTIFACT)) == ()


@pytest.mark.parametrize(
    ("relay_state", "rules"),
    [("é" * 40, set()), ("x" * 81, {"EH-REQ-07"}), ("é" * 512, {"EH-REQ-07"}), ("x" * 1025, {"EH-REQ-09"})],
)
def test_relay_state_is_counted_in_bytes(relay_state, rules):
    found = check((*request.TRUST, *by_the_book.TRUST), replace(REQUEST, relay_state=relay_state))
    assert ids_of(found) == rules


def test_every_broker_that_the_catalogue_names_may_serve_a_service():
    own = Oin("00000099000000010000")
    assert check(by_the_book.SUPPORT, for_service(brokers=frozenset({own, Oin("00000099000000019999")}))) == ()
    assert ids_of(check(by_the_book.SUPPORT, for_service(brokers=frozenset()))) == {"EH-REQ-46"}


@pytest.mark.parametrize("comparison", ["exact", "better", "maximum"])
def test_REQ_11_only_a_minimum_can_be_asked(comparison):
    assert ids_of(check(request.SUPPORT, asked(comparison=comparison))) == {"EH-REQ-24"}


@pytest.mark.parametrize("levels", [(), ("urn:x",), ("urn:etoegang:core:assurance-class:loa3",) * 2])
def test_REQ_11_exactly_one_known_level_can_be_asked(levels):
    assert ids_of(check(request.SUPPORT, asked(levels=levels))) == {"EH-REQ-25"}


def test_without_a_level_the_catalogue_decides():
    context = asked(comparison=None, levels=())
    assert check((*request.TRUST, *request.SUPPORT), context) == ()
    assert requested_level(context) is AssuranceLevel.EH3
    assert requested_level(asked(levels=("urn:etoegang:core:assurance-class:loa2plus",))) is AssuranceLevel.EH2_PLUS


def test_one_deliverable_set_of_identifiers_is_enough():
    sets = (frozenset({IdentifierType.BSN}), frozenset({IdentifierType.KVK_NUMBER, IdentifierType.RSIN}))
    assert check(request.SUPPORT, for_service(identifier_sets=sets)) == ()


def test_the_address_of_an_answer_is_looked_up_and_never_taken_from_the_request():
    first, second = REQUEST.consumer, Endpoint(names.BINDING_ARTIFACT, "http://127.0.0.1/second", 5)
    sender = replace(REQUEST.sender, assertion_consumers=(first, second))

    def found(**fields) -> Endpoint | None:
        return resolve_consumer(replace(REQUEST.request, consumer_index=None, **fields), sender)

    assert found() == first
    assert resolve_consumer(replace(REQUEST.request, consumer_index=5), sender) == second
    assert resolve_consumer(replace(REQUEST.request, consumer_index=6), sender) is None
    assert found(consumer_url="http://127.0.0.1/second") == second
    for spoofed in (
        "http://127.0.0.1/second/",
        "http://127.0.0.1/SECOND",
        "http://127.0.0.1/second?",
        "http://127.0.0.1/",
    ):
        assert found(consumer_url=spoofed) is None


def test_the_service_is_that_of_the_index_or_the_default():
    other = RequestedService(9002, False, None, REQUEST.requested_service.names)
    sender = replace(REQUEST.sender, services=(other, REQUEST.requested_service))
    assert resolve_service(replace(REQUEST.request, service_index=9002), sender) == other
    assert resolve_service(replace(REQUEST.request, service_index=1), sender) is None
    assert resolve_service(replace(REQUEST.request, service_index=None), sender) == REQUEST.requested_service


def test_a_certificate_without_oin_is_not_that_of_a_sender_without_oin():
    """An EntityID that is an address holds no OIN; two that are both unknown are not the same."""
    nobody = replace(PEER.sender, entity_id="https://portal.example/saml")
    for oin in (None, "None", ""):
        context = replace(PEER, sender=nobody, certificate=replace(PEER.certificate, oin=oin))
        assert ids_of(check(resolve.PEER, context)) == {"EH-RES-07"}


@pytest.mark.parametrize(
    ("location", "is_here"),
    [
        ("http://localhost:8082/ars", True),
        ("https://LOCALHOST/ars", True),
        ("http://127.0.0.1/ars", True),
        ("http://127.8.9.10:1/ars", True),
        ("http://[::1]:8082/ars", True),
        ("http://localhost.example/ars", False),
        ("http://127.0.0.1.example/ars", False),
        ("http://10.0.0.1/ars", False),
        ("http://0.0.0.0/ars", False),
        ("http://169.254.169.254/latest", False),
        ("http://[::ffff:10.0.0.1]/ars", False),
        ("http://2130706433/ars", False),
        ("http://0177.0.0.1/ars", False),
    ],
)
def test_ART17_an_artifact_is_resolved_on_this_machine_only(location, is_here):
    assert (artifact_response.ELSEWHERE.findings(location) == []) is is_here


def test_ART11_a_message_of_another_kind_behind_an_artifact_is_refused():
    response = etree.Element(f"{{{names.SAMLP}}}Response")
    assert ids_of(check(artifact_response.RESPONSE, handed_over(message=response))) == {"EH-ART-15"}


def test_PRO_09_the_issuer_of_an_answer_to_a_logout_has_no_attributes():
    assert ids_of(check(logout.RETURN, returned(issuer_is_plain=False))) == {"EH-LGO-23"}
