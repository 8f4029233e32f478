"""Answers that must not log anybody in: one thing is wrong, the rest is right and rightly signed."""

import base64
import logging
from datetime import timedelta

import pytest
from lxml import html

from sp_demo.app import create_app
from tests.sp_demo.visit import Visit, heading
from tests.sp_demo.wire_messages import (
    BROKER,
    DS,
    KVK,
    SAML,
    SAMLP,
    STATUS,
    Signer,
    detached,
    empty_artifact_response,
    encrypt,
    envelope,
    new_id,
    persistent,
    tag,
)

NOT_FOR_US, NOT_NOW, OTHER_REQUEST, MALFORMED = "SP-07", "SP-08", "SP-09", "SP-05"
UNTRUSTED, NOT_ENOUGH, USED_BEFORE, NO_LOGIN = "SP-06", "SP-11", "SP-10", "SP-01"
ARTIFACT, BROKER_SILENT, NOTHING_FOUND = "SP-02", "SP-03", "SP-04"


def code(page):
    return html.fromstring(page.text).findtext(".//dd")


def refused(visit, sent, answer):
    """The code on the page, after making sure that nothing else happened."""
    page = visit.finish(sent, answer)
    assert heading(page) == "Wij konden u niet inloggen"
    assert "Traceback" not in page.text
    assert heading(visit.get("/portal/kvk")) == "U bent niet ingelogd bij Portaal kvk"
    return code(page)


def edit(path, change):
    """Change the element at `path` below the Response before it is signed."""

    def apply(response):
        change(response.find("/".join(tag(step) for step in path.split("/"))))

    return apply


def setting(path, **attributes):
    def change(element):
        for name, value in attributes.items():
            if value is None:
                element.attrib.pop(name)
            else:
                element.set(name, value)

    return edit(path, change)


def text(path, value):
    return edit(path, lambda element: setattr(element, "text", value))


def removing(path):
    return edit(path, lambda element: element.getparent().remove(element))


def adding(path, make):
    return edit(path, lambda element: element.append(make()))


def doubling(path):
    return edit(path, lambda element: element.addnext(detached(element)))


def root(**attributes):
    return lambda response: [response.set(name, value) for name, value in attributes.items()]


ASSERTION = "saml:Assertion"
CONDITIONS = f"{ASSERTION}/saml:Conditions"
RESTRICTION = f"{CONDITIONS}/saml:AudienceRestriction"
CONFIRMATION = f"{ASSERTION}/saml:Subject/saml:SubjectConfirmation"
DATA = f"{CONFIRMATION}/saml:SubjectConfirmationData"
AUTHN = f"{ASSERTION}/saml:AuthnStatement"
CLASS = f"{AUTHN}/saml:AuthnContext/saml:AuthnContextClassRef"
ATTRIBUTES = f"{ASSERTION}/saml:AttributeStatement"
OTHER = "urn:etoegang:DV:00000099000000110000:entities:9001"
PAST, FUTURE = "2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


def service_of_another(response):
    attribute = response.find(f"{tag('saml:Assertion')}/{tag('saml:AttributeStatement')}")[0]
    attribute[0].text = "urn:etoegang:DV:00000099000000120000:services:9002"


def without_legal_subject(response):
    statement = response.find(f"{tag('saml:Assertion')}/{tag('saml:AttributeStatement')}")
    statement.remove(statement[3])


def two_acting_subjects(response):
    attribute = response.find(f"{tag('saml:Assertion')}/{tag('saml:AttributeStatement')}")[2]
    attribute.append(SAML.AttributeValue(SAML.EncryptedID()))


def failed_with_assertion(response):
    response.find(f"{tag('samlp:Status')}/{tag('samlp:StatusCode')}").set("Value", STATUS + "Responder")


WRONG = {
    "audience of another": (text(f"{RESTRICTION}/saml:Audience", OTHER), NOT_FOR_US),
    "audience that begins like ours": (
        text(f"{RESTRICTION}/saml:Audience", "urn:etoegang:DV:00000099000000120000:entities:90010"),
        NOT_FOR_US,
    ),
    "a second audience": (adding(RESTRICTION, lambda: SAML.Audience(OTHER)), NOT_FOR_US),
    "a second restriction": (
        adding(CONDITIONS, lambda: SAML.AudienceRestriction(SAML.Audience(OTHER))),
        NOT_FOR_US,
    ),
    "no audience": (removing(RESTRICTION), NOT_FOR_US),
    "another condition": (adding(CONDITIONS, SAML.OneTimeUse), NOT_FOR_US),
    "no conditions": (removing(CONDITIONS), MALFORMED),
    "conditions without begin": (setting(CONDITIONS, NotBefore=None), NOT_NOW),
    "conditions without end": (setting(CONDITIONS, NotOnOrAfter=None), NOT_NOW),
    "conditions not begun": (setting(CONDITIONS, NotBefore=FUTURE), NOT_NOW),
    "conditions over": (setting(CONDITIONS, NotOnOrAfter=PAST), NOT_NOW),
    "conditions without time zone": (setting(CONDITIONS, NotOnOrAfter="2099-01-01T00:00:00"), NOT_NOW),
    "destination of another": (root(Destination="http://127.0.0.1:8082/acs/gemeente"), NOT_FOR_US),
    "destination that begins like ours": (root(Destination="http://127.0.0.1:8082/acs/kvk/x"), NOT_FOR_US),
    "no destination": (lambda response: response.attrib.pop("Destination"), NOT_FOR_US),
    "recipient of another": (setting(DATA, Recipient="http://127.0.0.1:8082/acs/gemeente"), NOT_FOR_US),
    "recipient is our name": (
        setting(DATA, Recipient="urn:etoegang:DV:00000099000000120000:entities:9001"),
        NOT_FOR_US,
    ),
    "no recipient": (setting(DATA, Recipient=None), NOT_FOR_US),
    "confirmation over": (setting(DATA, NotOnOrAfter=PAST), NOT_NOW),
    "confirmation without end": (setting(DATA, NotOnOrAfter=None), NOT_NOW),
    "confirmation with begin": (setting(DATA, NotBefore=PAST), MALFORMED),
    "confirmation of another request": (setting(DATA, InResponseTo="_other"), OTHER_REQUEST),
    "sender vouches": (setting(CONFIRMATION, Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"), NOT_FOR_US),
    "two confirmations": (doubling(CONFIRMATION), MALFORMED),
    "no confirmation data": (removing(DATA), MALFORMED),
    "answers another request": (root(InResponseTo="_other"), OTHER_REQUEST),
    "answers no request": (lambda response: response.attrib.pop("InResponseTo"), OTHER_REQUEST),
    "response of long ago": (root(IssueInstant=PAST), NOT_NOW),
    "response of later": (root(IssueInstant=FUTURE), NOT_NOW),
    "assertion of long ago": (setting(ASSERTION, IssueInstant=PAST), NOT_NOW),
    "response by another": (text("saml:Issuer", "urn:etoegang:HM:00000099000000010000:entities:9002"), NOT_FOR_US),
    "assertion by another": (
        text(f"{ASSERTION}/saml:Issuer", "urn:etoegang:HM:00000099000000010000:entities:9002"),
        NOT_FOR_US,
    ),
    "issuer with format": (
        setting("saml:Issuer", Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"),
        NOT_FOR_US,
    ),
    "issuer with white space": (text("saml:Issuer", f" {BROKER}"), NOT_FOR_US),
    "version": (root(Version="2.1"), MALFORMED),
    "extensions": (
        lambda response: response[0].addnext(SAMLP.Extensions(SAML.Attribute(Name="x"))),
        MALFORMED,
    ),
    "failed, with an assertion": (failed_with_assertion, MALFORMED),
    "no assertion": (removing(ASSERTION), MALFORMED),
    "two authentications": (doubling(AUTHN), MALFORMED),
    "no authentication": (removing(AUTHN), MALFORMED),
    "level too low": (text(CLASS, "urn:etoegang:core:assurance-class:loa2plus"), NOT_ENOUGH),
    "level of another scheme": (text(CLASS, "urn:oasis:names:tc:SAML:2.0:ac:classes:X509"), NOT_ENOUGH),
    "another service": (service_of_another, NOT_ENOUGH),
    "no legal subject": (without_legal_subject, NOT_ENOUGH),
    "two acting subjects": (two_acting_subjects, MALFORMED),
}


@pytest.mark.parametrize(("change", "expected"), WRONG.values(), ids=WRONG)
def test_a_signed_answer_with_something_wrong(visit, change, expected):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(edit=change)) == expected


def attribute_twice(response):
    attribute = response.find(f"{tag('saml:Assertion')}/{tag('saml:AttributeStatement')}")[0]
    attribute.addnext(detached(attribute))


def test_an_attribute_that_is_there_twice(visit):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(edit=attribute_twice)) == MALFORMED


OUTER = {
    "failed": setting("samlp:Status/samlp:StatusCode", Value=STATUS + "Requester"),
    "two messages": lambda outer: outer.append(SAMLP.Response()),
    "two whole messages": lambda outer: outer.append(other_ids(outer.find(tag("samlp:Response")))),
    "extensions": lambda outer: outer[0].addnext(SAMLP.Extensions(SAML.Attribute(Name="x"))),
}


def other_ids(response):
    copy = detached(response)
    for element in copy.iter():
        for name in ("ID", "Id"):
            if element.get(name):
                element.set(name, new_id())
    return copy


@pytest.mark.parametrize("change", OUTER.values(), ids=OUTER)
def test_a_signed_artifact_response_with_something_wrong(visit, change):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(edit_outer=change)) == MALFORMED


def test_the_schema_is_looked_at_first(visit, caplog):
    sent = visit.begin()
    refused(visit, sent, visit.answer(sent).but(edit=lambda response: response.set("Colour", "red")))
    assert "schema" in caplog.text


@pytest.mark.parametrize("seconds", [-59, 59])
def test_clocks_may_differ_a_minute(visit, seconds):
    sent = visit.begin()
    answer = visit.answer(sent)
    shifted = answer.but(now=answer.now + timedelta(seconds=seconds))
    assert heading(visit.finish(sent, shifted)).startswith("U handelt namens")


def test_an_answer_that_is_over_more_than_a_minute(visit):
    sent = visit.begin()
    answer = visit.answer(sent)
    assert refused(visit, sent, answer.but(now=answer.now - timedelta(seconds=185))) == NOT_NOW


LEVELS = ("assertion_signer", "response_signer", "artifact_signer")


@pytest.mark.parametrize("level", ["assertion", "response", "artifact_response"])
def test_each_level_must_be_signed(visit, level):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(unsigned=frozenset([level]))) == UNTRUSTED


def x509_data(pair):
    return DS.KeyInfo(DS.X509Data(DS.X509Certificate(pair.certificate_base64)))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda pki: Signer(pki["stranger"]), id="key of a stranger"),
        pytest.param(lambda pki: Signer(pki["stranger"], key_info=x509_data), id="certificate of a stranger"),
        pytest.param(
            lambda pki: Signer(pki["stranger"], key_info=lambda _: DS.KeyInfo(DS.KeyName(pki["broker"].name))),
            id="key of a stranger under the name of the broker's",
        ),
        pytest.param(
            lambda pki: Signer(pki["broker"], key_info=lambda _: DS.KeyInfo(DS.KeyName(pki["broker_next"].name))),
            id="name of another key",
        ),
        pytest.param(
            lambda pki: Signer(pki["broker"], key_info=lambda _: DS.KeyInfo(DS.KeyName("unknown"))), id="unknown name"
        ),
        pytest.param(lambda pki: Signer(pki["broker"], key_info=x509_data), id="certificate in the message"),
        pytest.param(lambda pki: Signer(pki["broker"], algorithm="rsa-sha1"), id="signature with SHA-1"),
        pytest.param(lambda pki: Signer(pki["broker"], digest="sha1"), id="digest with SHA-1"),
        pytest.param(lambda pki: Signer(pki["broker"], algorithm="rsa-sha512"), id="another algorithm"),
    ],
)
def test_a_signature_that_does_not_count(visit, level, make):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(**{level: make(visit.pki)})) == UNTRUSTED


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("samlp:Response/saml:Assertion/saml:Subject/saml:NameID", "somebody else"),
        (f"samlp:Response/{CLASS}", "urn:etoegang:core:assurance-class:loa4"),
        ("samlp:Response/saml:Issuer", "urn:etoegang:HM:00000099000000010000:entities:9002"),
    ],
)
def test_a_change_after_signing(visit, path, value):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(spoil=text(path, value))) == UNTRUSTED


def forged(assertion):
    copy = detached(assertion)
    copy.set("ID", new_id())
    copy.find(f".//{tag('saml:NameID')}").text = "attacker"
    return copy


def before(message):
    genuine = message.find(f".//{tag('saml:Assertion')}")
    genuine.addprevious(forged(genuine))


def after(message):
    genuine = message.find(f".//{tag('saml:Assertion')}")
    genuine.addnext(forged(genuine))


def around(message):
    genuine = message.find(f".//{tag('saml:Assertion')}")
    outer = forged(genuine)
    genuine.getparent().replace(genuine, outer)
    outer.find(tag("ds:Signature")).append(DS.Object(genuine))


def in_advice(message):
    genuine = message.find(f".//{tag('saml:Assertion')}")
    outer = forged(genuine)
    outer.remove(outer.find(tag("ds:Signature")))
    genuine.getparent().replace(genuine, outer)
    outer.find(tag("saml:Conditions")).addnext(SAML.Advice(genuine))


def same_id(message):
    genuine = message.find(f".//{tag('saml:Assertion')}")
    copy = forged(genuine)
    copy.set("ID", genuine.get("ID"))
    genuine.addprevious(copy)


@pytest.mark.parametrize("level", ["assertion only", "all levels"])
@pytest.mark.parametrize("wrap", [before, after, around, in_advice, same_id])
def test_a_forged_assertion_around_a_genuine_one(visit, wrap, level):
    """With `all levels` the wrapping happens on the way; otherwise the broker itself was made to sign it."""
    sent = visit.begin()
    answer = visit.answer(sent)
    if level == "all levels":
        assert refused(visit, sent, answer.but(spoil=wrap)) in (UNTRUSTED, MALFORMED)
        return

    def signed_then_wrapped(response):
        genuine = response.find(tag("saml:Assertion"))
        response.replace(genuine, answer.signer.sign(detached(genuine)))
        wrap(response)

    wrapped = answer.but(edit=signed_then_wrapped, unsigned=frozenset(["assertion"]))
    assert refused(visit, sent, wrapped) in (UNTRUSTED, MALFORMED)


def test_identifiers_encrypted_for_another_portal(visit):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(encrypt_for=OTHER)) == UNTRUSTED


def test_identifiers_under_another_key_name(visit):
    sent = visit.begin()
    name = visit.pki["kvk-signing"].name
    assert refused(visit, sent, visit.answer(sent).but(encryption_key_name=name)) == UNTRUSTED


def flip(element):
    raw = bytearray(base64.b64decode(element.text))
    raw[0] ^= 1
    element.text = base64.b64encode(raw).decode()


ACTING = f"{ATTRIBUTES}/saml:Attribute/saml:AttributeValue/saml:EncryptedID"
ENCRYPTED = {
    "ciphertext": edit(f"{ACTING}/xenc:EncryptedData/xenc:CipherData/xenc:CipherValue", flip),
    "wrapped key": edit(f"{ACTING}/xenc:EncryptedKey/xenc:CipherData/xenc:CipherValue", flip),
    "short ciphertext": text(f"{ACTING}/xenc:EncryptedData/xenc:CipherData/xenc:CipherValue", "AAAA"),
    "weaker cipher": setting(
        f"{ACTING}/xenc:EncryptedData/xenc:EncryptionMethod", Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    ),
    "weaker key transport": setting(
        f"{ACTING}/xenc:EncryptedKey/xenc:EncryptionMethod", Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-1_5"
    ),
    "another digest": setting(
        f"{ACTING}/xenc:EncryptedKey/xenc:EncryptionMethod/ds:DigestMethod",
        Algorithm="http://www.w3.org/2001/04/xmlenc#sha256",
    ),
    "key of another element": setting(
        f"{ACTING}/xenc:EncryptedData/ds:KeyInfo/ds:RetrievalMethod", URI="https://evil.example/key"
    ),
    "key for another element": setting(
        f"{ACTING}/xenc:EncryptedKey/xenc:ReferenceList/xenc:DataReference", URI="#other"
    ),
    "ciphertext elsewhere": edit(
        f"{ACTING}/xenc:EncryptedData/xenc:CipherData",
        lambda data: data.replace(data[0], data.makeelement(tag("xenc:CipherReference"), URI="file:///etc/hostname")),
    ),
    "no key": removing(f"{ACTING}/xenc:EncryptedKey"),
}


@pytest.mark.parametrize("change", ENCRYPTED.values(), ids=ENCRYPTED)
def test_encryption_that_does_not_fit(visit, change):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(edit=change)) == UNTRUSTED


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: SAML.NameID("AB", NameQualifier=KVK), id="no format"),
        pytest.param(
            lambda: SAML.NameID("AB", Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"), id="no qualifier"
        ),
        pytest.param(lambda: SAML.Issuer("AB"), id="no NameID"),
        pytest.param(lambda: persistent(KVK, ""), id="empty"),
        pytest.param(lambda: persistent(KVK, " 90004566"), id="white space"),
        pytest.param(lambda: persistent(KVK, "9000\u200b4566"), id="zero width"),
        pytest.param(lambda: persistent(KVK, "9" * 257), id="long"),
    ],
)
def test_what_was_encrypted_is_not_an_identifier(visit, content):
    sent = visit.begin()
    answer = visit.answer(sent)

    def replace(element):
        element.getparent().replace(element, encrypt(content(), answer.provider.encryption, answer.provider.entity_id))

    assert refused(visit, sent, answer.but(edit=edit(ACTING, replace))) == MALFORMED


def test_the_artifact_of_another_browser(visit):
    """With the RelayState of the victim the login is not known; with one's own the answer is not to it."""
    victim, thief = visit, visit.another_browser()
    sent, own = victim.begin(), thief.begin()
    artifact = victim.hand_out(victim.answer(sent))
    assert code(thief.come_back(sent, artifact)) == NO_LOGIN
    assert visit.broker.resolves == []
    assert code(thief.come_back(own, artifact)) == OTHER_REQUEST
    assert heading(thief.get("/portal/kvk")) == "U bent niet ingelogd bij Portaal kvk"


def test_a_refused_answer_does_not_end_the_login_of_the_visitor(visit):
    sent = visit.begin()
    assert refused(visit, sent, visit.answer(sent).but(signer=Signer(visit.pki["stranger"]))) == UNTRUSTED
    assert heading(visit.finish(sent, visit.answer(sent))).startswith("U handelt namens")


def test_a_login_at_another_portal(visit):
    sent = visit.begin("gemeente")
    page = visit.come_back(sent, visit.hand_out(visit.answer(sent)), "kvk")
    assert code(page) == NO_LOGIN


def test_a_second_return_with_the_same_artifact(visit):
    sent = visit.begin()
    artifact = visit.hand_out(visit.answer(sent))
    visit.come_back(sent, artifact)
    assert code(visit.come_back(sent, artifact)) == NO_LOGIN
    # the first login stands
    assert heading(visit.get("/portal/kvk")).startswith("U handelt namens")


def test_an_assertion_that_was_used_in_another_login(visit):
    first = visit.begin()
    answer = visit.answer(first)
    visit.finish(first, answer)
    visit.post("/logout/kvk")
    second = visit.begin()
    again = visit.answer(second).but(assertion_id=answer.assertion_id)
    assert refused(visit, second, again) == USED_BEFORE


def test_the_answer_to_another_artifact_resolve(visit):
    sent = visit.begin()
    answer = visit.answer(sent)
    artifact = visit.broker.artifact(lambda _resolve_id: envelope(answer.artifact_response("_other")))
    assert code(visit.come_back(sent, artifact)) == OTHER_REQUEST


def test_an_artifact_that_the_broker_does_not_know_any_more(visit):
    sent = visit.begin()
    signer = Signer(visit.pki["broker"])
    artifact = visit.broker.artifact(lambda resolve_id: envelope(empty_artifact_response(signer, resolve_id)))
    assert code(visit.come_back(sent, artifact)) == NOTHING_FOUND


@pytest.mark.parametrize("artifact", ["", "nonsense!", base64.b64encode(b"\x00\x04" + bytes(43)).decode()])
def test_no_artifact(visit, artifact):
    sent = visit.begin()
    assert code(visit.come_back(sent, artifact)) == ARTIFACT


@pytest.mark.parametrize("options", [{"issuer": "urn:etoegang:HM:00000099000000990000:entities:9001"}, {"index": 7}])
def test_an_artifact_of_another_broker_or_endpoint(visit, options):
    sent = visit.begin()
    artifact = visit.broker.artifact(lambda _resolve_id: b"", **options)
    assert code(visit.come_back(sent, artifact)) == ARTIFACT
    assert visit.broker.resolves == []


def shouting(document):
    return b"<!DOCTYPE x>" + document


def with_comment(document):
    return document.replace(b"</soap:Body>", b"<!-- x --></soap:Body>")


def with_instruction(document):
    return document.replace(b"<soap:Body>", b"<soap:Body><?php x?>")


def with_header(document):
    return document.replace(b"<soap:Body>", b"<soap:Header/><soap:Body>")


def twice(document):
    message = document.partition(b"<soap:Body>")[2].partition(b"</soap:Body>")[0]
    return document.replace(b"<soap:Body>", b"<soap:Body>" + message)


def with_xml_id(document):
    return document.replace(b"<soap:Body>", b'<soap:Body xml:id="x">')


def without_envelope(document):
    return document.partition(b"<soap:Body>")[2].partition(b"</soap:Body>")[0]


def cut(document):
    return document[:-20]


def deep(document):
    return document.replace(b"<soap:Body>", b"<soap:Body>" + b"<x>" * 50 + b"</x>" * 50)


def xml11(document):
    return b'<?xml version="1.1"?>' + document


def latin1(document):
    return b'<?xml version="1.0" encoding="ISO-8859-1"?>' + document


@pytest.mark.parametrize(
    "spoil",
    [
        shouting,
        with_comment,
        with_instruction,
        with_header,
        twice,
        with_xml_id,
        without_envelope,
        cut,
        deep,
        xml11,
        latin1,
        lambda _document: b"",
        lambda _document: b"\xef\xbb\xbf<x/>",
        lambda _document: b"<x>" + b"<y/>" * 2001 + b"</x>",
    ],
)
def test_an_envelope_that_is_not_as_agreed(visit, spoil):
    sent = visit.begin()
    answer = visit.answer(sent)
    artifact = visit.broker.artifact(lambda resolve_id: spoil(envelope(answer.artifact_response(resolve_id))))
    assert code(visit.come_back(sent, artifact)) == MALFORMED


@pytest.mark.parametrize(
    "fault",
    [
        {"http_status": 500},
        {"http_status": 302},
        {"content_type": "text/html"},
    ],
)
def test_the_broker_gives_no_answer(visit, fault):
    sent = visit.begin()
    artifact = visit.hand_out(visit.answer(sent))
    for name, value in fault.items():
        setattr(visit.broker, name, value)
    page = visit.come_back(sent, artifact)
    assert page.status_code == 502
    assert code(page) == BROKER_SILENT


def test_the_broker_is_down(settings_file, broker, pki):
    metadata = settings_file.parent / "broker.xml"
    metadata.write_text(metadata.read_text().replace(broker.url, "http://127.0.0.1:1"))
    visit = Visit(create_app(settings_file).test_client(), broker, pki)
    sent = visit.begin()
    assert code(visit.come_back(sent, visit.hand_out(visit.answer(sent)))) == BROKER_SILENT


def test_ART_13_an_artifact_is_sent_on_to_nobody(visit):
    visit.broker.moved = True
    sent = visit.begin()
    assert code(visit.come_back(sent, visit.hand_out(visit.answer(sent)))) == BROKER_SILENT
    assert visit.broker.resolves == []


def test_an_answer_without_end(visit):
    sent = visit.begin()
    artifact = visit.broker.artifact(lambda _resolve_id: b"<x>" + b"a" * 300_000)
    assert code(visit.come_back(sent, artifact)) == BROKER_SILENT


def test_the_page_tells_no_more_than_the_code_and_the_log_tells_the_rest(visit, caplog):
    sent = visit.begin()
    with caplog.at_level(logging.WARNING, "sp_demo"):
        page = visit.finish(sent, visit.answer(sent).but(signer=Signer(visit.pki["stranger"])))
    (reference,) = [part.text for part in html.fromstring(page.text).findall(".//dd")][1:]
    (record,) = caplog.records
    assert reference in record.getMessage()
    assert "signature of ArtifactResponse" in record.getMessage()
    assert "signature of" not in page.text
    assert page.status_code == 400


def test_cancelled(visit):
    sent = visit.begin(service=9002)
    answer = visit.answer(sent).but(status=("Responder", "AuthnFailed"), status_message="Authentication <cancelled>")
    page = visit.finish(sent, answer)
    assert page.status_code == 200
    assert heading(page) == "U bent niet ingelogd"
    assert "Authentication &lt;cancelled&gt;" in page.text
    again = html.fromstring(page.text).forms[0]
    assert (again.action, dict(again.fields)) == ("/login/kvk", {"service": "9002"})
    assert heading(visit.get("/portal/kvk")) == "U bent niet ingelogd bij Portaal kvk"
    # the login is over
    assert code(visit.finish(sent, visit.answer(sent))) == NO_LOGIN


def test_another_status(visit):
    sent = visit.begin()
    page = visit.finish(sent, visit.answer(sent).but(status=("Requester", "RequestUnsupported")))
    assert heading(page) == "Het inloggen is niet gelukt"
    assert "Requester / RequestUnsupported" in page.text


@pytest.mark.parametrize("level", ["response", "artifact_response"])
def test_an_unsigned_cancellation_is_not_believed(visit, level):
    sent = visit.begin()
    answer = visit.answer(sent).but(status=("Responder", "AuthnFailed"), unsigned=frozenset([level]))
    assert refused(visit, sent, answer) == UNTRUSTED
