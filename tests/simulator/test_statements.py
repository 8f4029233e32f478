"""The answer of an authentication service that cannot be trusted: a page, and the login still waits (PRO)."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import etree

from broker.core.errors import UntrustedMessage
from broker.saml import encryption
from broker.saml.attributes import name_id
from broker.saml.authentication_statement import AuthenticationStatement
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.store.tables import claims
from idp_stub.statements import Issuer
from tests import second_service
from tests.requester import NS, at, make_id
from tests.simulator.answering import (
    Change,
    PendingLogin,
    begin,
    by,
    means,
    second_issuer,
    unsigned,
)
from tests.simulator.journey import Journey, Stub
from tests.simulator.outcome import Watch

SAML = f"{{{NS['saml']}}}"
WHOSE_BEHALF = "Namens welke organisatie wilt u inloggen?"


@pytest.fixture
def login(network, requester) -> PendingLogin:
    """A login that waits for its answer."""
    return begin(network, requester)


def assertion(made: etree._Element) -> etree._Element:
    return made.find("saml:Assertion", NS)


def at_path(path: str, change: Callable[[etree._Element], object]) -> Change:
    """Change the element at `path` of the Assertion."""
    return lambda made: change(assertion(made).find(path, NS))


def attribute(path: str, name: str, value: str | None) -> Change:
    """Set (None: remove) an attribute of the element at `path` of the Assertion."""

    def change(element: etree._Element) -> None:
        if value is None:
            del element.attrib[name]
        else:
            element.set(name, value)

    return at_path(path, change)


def text(path: str, value: str) -> Change:
    return at_path(path, lambda element: setattr(element, "text", value))


def remove(path: str) -> Change:
    return at_path(path, lambda element: element.getparent().remove(element))


def double(path: str) -> Change:
    return at_path(path, lambda element: element.addnext(deepcopy(element)))


def envelope(name: str, value: str | None) -> Change:
    """Set (None: remove) an attribute of the Response."""
    return lambda made: made.set(name, value) if value is not None else made.attrib.pop(name)


def later(network, **delta: float) -> str:
    return at(network.clock() + timedelta(**delta))


CONFIRMATION = "saml:Subject/saml:SubjectConfirmation"
DATA = f"{CONFIRMATION}/saml:SubjectConfirmationData"
CONDITIONS = "saml:Conditions"
AUTHN = "saml:AuthnStatement"
LEVEL = f"{AUTHN}/saml:AuthnContext/saml:AuthnContextClassRef"
NAME_ID = "saml:Subject/saml:NameID"


def of(name: str) -> str:
    return f"saml:AttributeStatement/saml:Attribute[@Name='urn:etoegang:core:{name}']"


def test_a_right_answer_goes_on_in_the_browser_of_the_login(login):
    answer = login.post(login.answer())
    assert answer.status_code == 303
    assert WHOSE_BEHALF in login.follow(answer).text


def test_a_changed_and_signed_again_answer_is_right_when_the_change_is(login):
    """The tools of these tests make what the stub makes: without a fault nothing is refused."""
    answer = login.post(login.answer(lambda made: made.set("Consent", "urn:oasis:names:tc:SAML:2.0:consent:obtained")))
    assert WHOSE_BEHALF in login.follow(answer).text


# --- what belongs to which login ----------------------------------------------------------------------------------


def test_PRO_01_an_answer_that_was_used_before(watch: Watch, login):
    fields = login.answer()
    answer = login.post(fields)
    watch.refuses(lambda: login.post(fields), "EH-STM-08")
    assert WHOSE_BEHALF in login.follow(answer).text
    watch.refuses(lambda: login.post(fields), "EH-STM-09")


def test_PRO_01_an_assertion_that_was_used_before_in_another_envelope(watch: Watch, network, login):
    used = make_id()
    login.post(login.answer(attribute(".", "ID", used)))
    watch.refuses(lambda: login.post(login.answer(attribute(".", "ID", used))), "EH-STM-08")


def test_PRO_03_an_answer_to_a_question_that_nobody_asked(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(envelope("InResponseTo", make_id()))), "EH-STM-09")


def test_PRO_03_an_answer_to_a_login_that_has_expired(own_network, make_requester, log):
    """It is refused before anything of it is judged; the page says that it took too long."""
    watch, login = Watch(own_network, log), begin(own_network, make_requester(own_network))
    own_network.clock.offset = own_network.simulator.lifetimes.login
    answer = watch.leaves_nothing(lambda: login.post(login.answer()))
    assert answer.status_code == 410
    assert watch.rejection()["code"] == "EH-FLW-03"


def test_PRO_03_an_answer_to_a_question_that_was_replaced_while_it_was_judged(network, requester):
    """Two things at once: the answer comes in, and the person goes to the authentication service again."""
    simulator = network.simulator
    journey = Journey(simulator, Stub.of(network.settings, simulator), requester)
    login = journey.begin()
    answer = journey.answer(journey.ask(login))
    judged = AuthenticationStatement.__init__

    def ask_again(*given: object, **named: object) -> None:
        judged(*given, **named)
        journey.ask(login)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AuthenticationStatement, "__init__", ask_again)
        with pytest.raises(UntrustedMessage) as caught:
            journey.authenticated(login, answer)
    assert [finding.rule for finding in caught.value.findings] == ["EH-STM-09"]


def test_PRO_04_an_answer_without_a_question(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(envelope("InResponseTo", None))), "EH-STM-09")


def test_PRO_05_an_answer_for_the_login_of_another_browser(watch: Watch, network, requester, login):
    """The answer itself is right; it is the browser that brings it on which the login does not know."""
    answer = login.post(login.answer())
    strange = begin(network, requester)
    seen = watch.leaves_nothing(lambda: strange.follow(answer))
    assert seen.status_code == 404
    assert WHOSE_BEHALF not in seen.text
    assert WHOSE_BEHALF in login.follow(answer).text


def test_PRO_05_the_answer_of_one_login_under_the_relay_state_of_another(watch: Watch, network, requester, login):
    other = begin(network, requester)
    fields = login.answer() | {"RelayState": other.login_id}
    watch.refuses(lambda: login.post(fields), "EH-STM-09")
    del fields["RelayState"]
    watch.refuses(lambda: login.post(fields), "EH-STM-09")


def test_PRO_05_a_token_of_another_answer_does_not_count(watch: Watch, network, requester, login):
    login.post(login.answer())
    other = begin(network, requester)
    strange = other.post(other.answer()).headers["Location"].partition("=")[2]
    seen = watch.leaves_nothing(
        lambda: login.browser.get(f"{network.broker}/login/{login.login_id}?arrival={strange}", timeout=30)
    )
    assert seen.status_code == 409


def test_PRO_06_a_confirmation_for_another_question(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(attribute(DATA, "InResponseTo", make_id()))), "EH-STM-22")


# --- who says so --------------------------------------------------------------------------------------------------


@pytest.fixture
def login_of_two(network_of_two, make_requester) -> PendingLogin:
    """A login that was sent to the first of two authentication services."""
    return begin(network_of_two, make_requester(network_of_two), AUTHENTICATION_SERVICE.entity_id)


def issued_by(entity_id: str) -> Change:
    def change(made: etree._Element) -> None:
        for issuer_ in made.iter(f"{SAML}Issuer"):
            issuer_.text = entity_id

    return change


def test_PRO_07_another_authentication_service_answers(watch_of_two: Watch, login_of_two):
    second = by(second_issuer(login_of_two.network).signing)
    fields = login_of_two.answer(issued_by(second_service.ENTITY_ID), assertion=second, response=second)
    watch_of_two.refuses(lambda: login_of_two.post(fields), "EH-STM-04")


def test_PRO_08_the_assertion_is_of_another_issuer_than_the_answer(watch_of_two: Watch, login_of_two):
    other = text("saml:Issuer", second_service.ENTITY_ID)
    watch_of_two.refuses(lambda: login_of_two.post(login_of_two.answer(other)), "EH-STM-20")
    second = by(second_issuer(login_of_two.network).signing)
    watch_of_two.refuses(lambda: login_of_two.post(login_of_two.answer(other, assertion=second)), "EH-SIG-10")
    watch_of_two.all_look_alike()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda issuer_: setattr(issuer_, "text", f" {issuer_.text}"), "EH-SND-01"),
        (lambda issuer_: setattr(issuer_, "text", f"{issuer_.text}\n"), "EH-SND-01"),
        (lambda issuer_: setattr(issuer_, "text", "urn:etoegang:HM:00000099000000010000:entities:9001"), "EH-SND-01"),
        (lambda issuer_: issuer_.set("Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"), "EH-STM-04"),
        (lambda issuer_: issuer_.set("NameQualifier", "x"), "EH-STM-04"),
    ],
)
def test_PRO_09_an_issuer_that_is_not_literally_the_one_that_was_asked(watch: Watch, login, change, rule):
    fields = login.answer(lambda made: change(made.find("saml:Issuer", NS)))
    watch.refuses(lambda: login.post(fields), rule)


def test_PRO_09_an_answer_without_issuer(watch: Watch, login):
    def drop(made: etree._Element) -> None:
        made.remove(made.find("saml:Issuer", NS))

    watch.refuses(lambda: login.post(login.answer(drop, response=unsigned)), "EH-SND-01")


def test_EH_08_the_assertion_is_signed_by_the_broker_itself(watch: Watch, network, login):
    fields = login.answer(assertion=by(network.simulator.signing))
    watch.refuses(lambda: login.post(fields), "EH-SIG-10")


# --- the envelope -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("destination", [None, "", "{acs}/", "{acs}?x", "https://elsewhere.invalid/", "{broker}"])
def test_PRO_10_an_answer_for_another_address(watch: Watch, network, login, destination):
    addresses = network.simulator.addresses
    wrong = destination and destination.format(acs=addresses.consumer, broker=addresses.base)
    watch.refuses(lambda: login.post(login.answer(envelope("Destination", wrong))), "EH-STM-02")


@pytest.mark.parametrize("seconds", [-400, 90, -60 * 60 * 24 * 365])
def test_PRO_21_an_answer_of_another_time(watch: Watch, network, login, seconds):
    issued = later(network, seconds=seconds)
    watch.refuses(lambda: login.post(login.answer(envelope("IssueInstant", issued))), "EH-STM-05")


def test_PRO_22_a_failure_with_an_assertion(watch: Watch, login):
    def fail(made: etree._Element) -> None:
        made.find("samlp:Status/samlp:StatusCode", NS).set("Value", "urn:oasis:names:tc:SAML:2.0:status:Responder")

    watch.refuses(lambda: login.post(login.answer(fail)), "EH-STM-07")


def test_PRO_22_success_without_an_assertion(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(lambda made: made.remove(assertion(made)))), "EH-STM-07")


def test_PRO_22_success_with_two_assertions(watch: Watch, login):
    def add(made: etree._Element) -> None:
        second = deepcopy(assertion(made))
        second.set("ID", make_id())
        for item in second.iter("{*}EncryptedData", "{*}EncryptedKey"):
            item.set("Id", make_id())
        made.append(second)

    watch.refuses(lambda: login.post(login.answer(add)), "EH-STM-07")


@pytest.mark.parametrize(
    ("code", "second"),
    [("Responder", "AuthnFailed"), ("Requester", None), ("VersionMismatch", None), ("Responder", "NoAuthnContext")],
)
def test_PRO_23_a_status_that_is_not_success_ends_at_the_service_provider(login, code, second):
    def change(made: etree._Element) -> None:
        outer = made.find("samlp:Status/samlp:StatusCode", NS)
        outer.set("Value", f"urn:oasis:names:tc:SAML:2.0:status:{code}")
        inner = outer.find("samlp:StatusCode", NS)
        if second is None:
            outer.remove(inner)
        else:
            inner.set("Value", f"urn:oasis:names:tc:SAML:2.0:status:{second}")

    answer = login.post(login.cancelled(change))
    arrived = login.follow(answer)
    assert "SAMLart=" in arrived.url
    assert arrived.text == "<h1>arrived</h1>"


@pytest.mark.parametrize(("version", "rule"), [("1.1", "EH-STM-01"), ("2.1", "EH-STM-01"), (None, "EH-XML-14")])
def test_PRO_24_another_version(watch: Watch, login, version, rule):
    watch.refuses(lambda: login.post(login.answer(envelope("Version", version))), rule)


@pytest.mark.parametrize("version", ["1.1", "2.1"])
def test_PRO_24_an_assertion_of_another_version(watch: Watch, login, version):
    watch.refuses(lambda: login.post(login.answer(attribute(".", "Version", version))), "EH-STM-33")


def test_PRO_31_extensions(watch: Watch, login):
    def add(made: etree._Element) -> None:
        extensions = etree.Element(f"{{{NS['samlp']}}}Extensions")
        etree.SubElement(extensions, "{urn:x}thing")
        made.find("samlp:Status", NS).addprevious(extensions)

    watch.refuses(lambda: login.post(login.answer(add)), "EH-STM-06")


# --- the assertion ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipient", [None, "{acs}/", "https://elsewhere.invalid/", "{entity}"])
def test_PRO_11_a_confirmation_for_another_recipient(watch: Watch, network, login, recipient):
    simulator = network.simulator
    wrong = recipient and recipient.format(acs=simulator.addresses.consumer, entity=simulator.entity_id)
    watch.refuses(lambda: login.post(login.answer(attribute(DATA, "Recipient", wrong))), "EH-STM-22")


FIRST_AUDIENCE = f"{CONDITIONS}/saml:AudienceRestriction/saml:Audience"


@pytest.mark.parametrize(
    "change",
    [
        text(FIRST_AUDIENCE, "urn:somebody:else"),
        text(FIRST_AUDIENCE, ""),
        text(FIRST_AUDIENCE, "urn:etoegang:HM:00000099000000010000:entities:900"),
        text(FIRST_AUDIENCE, "urn:etoegang:HM:00000099000000010000:entities:90011"),
        remove(f"{CONDITIONS}/saml:AudienceRestriction"),
        at_path(
            f"{CONDITIONS}/saml:AudienceRestriction",
            lambda element: element.addnext(
                etree.fromstring(
                    f'<saml:AudienceRestriction xmlns:saml="{NS["saml"]}"><saml:Audience>urn:x</saml:Audience>'
                    "</saml:AudienceRestriction>"
                )
            ),
        ),
    ],
    ids=["other", "empty", "shorter", "longer", "absent", "second-without-us"],
)
def test_PRO_12_an_assertion_for_another_audience(watch: Watch, login, change):
    watch.refuses(lambda: login.post(login.answer(change)), "EH-STM-24")


def test_PRO_13_an_assertion_without_conditions(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(remove(CONDITIONS))), "EH-STM-23", "EH-STM-24")


@pytest.mark.parametrize(
    ("not_before", "not_on_or_after"),
    [(-600, -120), (120, 600), (600, -600), (None, 120), (-10, None)],
    ids=["past", "future", "inverted", "no-begin", "no-end"],
)
def test_PRO_14_an_assertion_that_is_not_valid_now(watch: Watch, network, login, not_before, not_on_or_after):
    def change(made: etree._Element) -> None:
        for name, seconds in (("NotBefore", not_before), ("NotOnOrAfter", not_on_or_after)):
            value = None if seconds is None else later(network, seconds=seconds)
            attribute(CONDITIONS, name, value)(made)

    fields = login.answer(change)
    count = 2 if not_before == 600 else 1
    watch.refuses(lambda: login.post(fields), *["EH-STM-23"] * count)


@pytest.mark.parametrize("seconds", [None, -120])
def test_PRO_15_a_confirmation_that_has_ended_or_never_ends(watch: Watch, network, login, seconds):
    value = None if seconds is None else later(network, seconds=seconds)
    watch.refuses(lambda: login.post(login.answer(attribute(DATA, "NotOnOrAfter", value))), "EH-STM-22")


def test_PRO_16_a_confirmation_with_a_beginning(watch: Watch, network, login):
    fields = login.answer(attribute(DATA, "NotBefore", later(network, seconds=-10)))
    watch.refuses(lambda: login.post(fields), "EH-CNT-02")


@pytest.mark.parametrize("method", ["sender-vouches", "holder-of-key"])
def test_PRO_17_a_confirmation_by_another_method(watch: Watch, login, method):
    change = attribute(CONFIRMATION, "Method", f"urn:oasis:names:tc:SAML:2.0:cm:{method}")
    watch.refuses(lambda: login.post(login.answer(change)), "EH-STM-22")


def test_PRO_18_two_confirmations(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(double(CONFIRMATION))), "EH-STM-22")


def test_PRO_18_no_confirmation(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(remove(CONFIRMATION))), "EH-STM-22")


def test_PRO_19_no_authentication(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(remove(AUTHN))), "EH-CNT-01")


def test_PRO_19_two_authentications(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(double(AUTHN))), "EH-CNT-03")


@pytest.mark.parametrize("seconds", [90, -400, -60 * 60 * 24 * 365 * 5])
def test_PRO_19_an_authentication_of_another_time(watch: Watch, network, login, seconds):
    fields = login.answer(attribute(AUTHN, "AuthnInstant", later(network, seconds=seconds)))
    watch.refuses(lambda: login.post(fields), "EH-STM-27")


@pytest.mark.parametrize(
    "level",
    [
        "urn:etoegang:core:assurance-class:loa2",
        "urn:etoegang:core:assurance-class:loa2plus",
        "urn:etoegang:core:assurance-class:loa5",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
        "",
    ],
)
def test_PRO_20_EH_07_a_level_below_the_one_asked_or_of_another_scheme(watch: Watch, login, level):
    watch.refuses(lambda: login.post(login.answer(text(LEVEL, level))), "EH-STM-26")


@pytest.mark.parametrize("seconds", [-400, 90])
def test_PRO_21_an_assertion_of_another_time(watch: Watch, network, login, seconds):
    fields = login.answer(attribute(".", "IssueInstant", later(network, seconds=seconds)))
    watch.refuses(lambda: login.post(fields), "EH-STM-21")


@pytest.mark.parametrize(
    "condition",
    ["<saml:OneTimeUse {}/>", '<saml:ProxyRestriction Count="0" {}/>'],
    ids=["OneTimeUse", "ProxyRestriction"],
)
def test_PRO_25_a_condition_that_is_not_understood(watch: Watch, login, condition):
    added = etree.fromstring(condition.format(f'xmlns:saml="{NS["saml"]}"'))
    fields = login.answer(at_path(CONDITIONS, lambda element: element.append(added)))
    watch.refuses(lambda: login.post(fields), "EH-STM-25")


@pytest.mark.parametrize(
    "value", ["", " ", "A\u200bB", "A\u202eB", "e\u0301", "x" * 257, "x" * 100_000], ids=lambda value: ascii(value[:9])
)
def test_PRO_26_a_subject_that_cannot_be_read(watch: Watch, login, value):
    watch.refuses(lambda: login.post(login.answer(text(NAME_ID, value))), "EH-STM-32")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (double(of("ServiceUUID")), "EH-CNT-03"),
        (remove(of("ServiceUUID")), "EH-CNT-01"),
        (remove(f"{of('ServiceUUID')}/saml:AttributeValue"), "EH-CNT-01"),
        (double(f"{of('ServiceUUID')}/saml:AttributeValue"), "EH-CNT-03"),
        (
            at_path(f"{of('ServiceUUID')}/saml:AttributeValue", lambda value: etree.SubElement(value, "{urn:x}b")),
            "EH-XML-14",
        ),
        (text(f"{of('Representation')}/saml:AttributeValue", "false"), "EH-STM-30"),
        (text(f"{of('AuthorizationRegistryID')}/saml:AttributeValue", "urn:somebody:else"), "EH-STM-31"),
        (remove(of("AuthorizationRegistryID")), "EH-STM-31"),
        (remove(of("ActingSubjectID")), "EH-CNT-01"),
        (text(f"{AUTHN}/saml:AuthnContext/saml:AuthenticatingAuthority", "00000099000000099999"), "EH-STM-28"),
    ],
    ids=[
        "twice",
        "absent",
        "no-value",
        "two-values",
        "nested",
        "no-representation",
        "other-register",
        "no-register",
        "no-subject",
        "other-authority",
    ],
)
def test_PRO_27_attributes_that_are_not_as_the_scheme_has_them(watch: Watch, login, change, rule):
    watch.refuses(lambda: login.post(login.answer(change)), rule)


@pytest.mark.parametrize("uuid", ["e0000099-0011-4000-8000-000000009002", "d0000099-0011-4000-8000-000000009001", "x"])
def test_EH_02_an_assertion_about_another_service(watch: Watch, login, uuid):
    fields = login.answer(text(f"{of('ServiceUUID')}/saml:AttributeValue", uuid))
    watch.refuses(lambda: login.post(fields), "EH-STM-29")


def test_PRO_31_an_attribute_that_nobody_knows_is_ignored(login):
    def add(statement: etree._Element) -> None:
        unknown = deepcopy(statement[1])
        unknown.set("Name", "urn:unknown")
        statement.append(unknown)

    answer = login.post(login.answer(at_path("saml:AttributeStatement", add)))
    assert WHOSE_BEHALF in login.follow(answer).text


@pytest.mark.parametrize("wrong", ["1x", "_a b", "_a'b", "_" + "x" * 128, "x:y"])
def test_PRO_28_an_id_that_is_no_plain_name(watch: Watch, login, wrong):
    def tamper(made: etree._Element) -> None:
        made.set("ID", wrong)

    answer = watch.leaves_nothing(lambda: login.post(login.answer(tamper=tamper)))
    assert answer.status_code == 400
    assert watch.rejection()["detail"][0].split()[0] in {"EH-XML-14", "EH-XML-17"}


def test_PRO_30_an_answer_is_remembered_for_a_year(network, login):
    """Longer than the twelve months in which the scheme wants IDs to be unique."""

    def claimed() -> set:
        column = claims.c
        return network.simulator.store.read(lambda tx: set(tx.execute(sa.select(column.digest, column.expires_at))))

    before = claimed()
    login.post(login.answer())
    new = claimed() - before
    assert len(new) == 2
    assert all(expires > network.clock() + timedelta(days=365) for _, expires in new)


def test_PRO_29_the_same_identifier_of_another_authentication_service_is_somebody_else(network_of_two, make_requester):
    """A person is an authentication service and its identifier: the second one cannot speak of people of the first."""
    login = begin(network_of_two, make_requester(network_of_two), second_service.ENTITY_ID)
    own = second_issuer(network_of_two)
    answered = login.post(
        login.answer(spoken_by(own, login, own.entity_id), assertion=by(own.signing), response=by(own.signing))
    )
    assert answered.status_code == 303
    seen = login.follow(answered)
    assert "MEANS_NOT_USABLE" in seen.text
    assert WHOSE_BEHALF not in seen.text


def test_PRO_29_an_identifier_in_the_name_of_another_authentication_service(
    watch_of_two: Watch, network_of_two, make_requester
):
    login = begin(network_of_two, make_requester(network_of_two), second_service.ENTITY_ID)
    own = second_issuer(network_of_two)
    borrowed = spoken_by(own, login, AUTHENTICATION_SERVICE.entity_id)
    fields = login.answer(borrowed, assertion=by(own.signing), response=by(own.signing))
    watch_of_two.refuses(lambda: login.post(fields), "EH-ENC-05")


def spoken_by(own: Issuer, login: PendingLogin, qualifier: str) -> Change:
    """The answer as `own` gives it about a person of the first service, whose identifier it says is `qualifier`'s."""
    known = means(login.network).internal_pseudonym
    fresh = encryption.encrypt(name_id(qualifier, known), own.register, make_id(), "EncryptedID")

    def change(made: etree._Element) -> None:
        issued_by(own.entity_id)(made)
        text(f"{AUTHN}/saml:AuthnContext/saml:AuthenticatingAuthority", str(second_service.PARTY.oin))(made)
        subject = assertion(made).find(f"{of('ActingSubjectID')}/saml:AttributeValue", NS)
        subject.replace(subject[0], fresh)

    return change


# --- after a refusal ----------------------------------------------------------------------------------------------


def test_the_login_goes_on_with_the_right_answer_after_a_wrong_one(watch: Watch, login):
    watch.refuses(lambda: login.post(login.answer(response=unsigned)), "EH-SIG-01")
    watch.refuses(lambda: login.post(login.answer(text(LEVEL, "x"))), "EH-STM-26")
    answer = login.post(login.answer())
    assert WHOSE_BEHALF in login.follow(answer).text
