"""What is wrong with a signature or a ciphertext is for the log: from outside all of it is the same refusal."""

import base64
from copy import deepcopy

import pytest
from lxml import etree

from broker.core.ids import RandomIds
from broker.saml import encryption, names
from broker.saml.attributes import name_id
from broker.saml.keys import Recipient
from tests.network import Network
from tests.requester import NS
from tests.simulator.answering import Change, PendingLogin, begin, by, issuer, unsigned
from tests.simulator.outcome import Watch
from tests.simulator.test_statements import assertion, at_path, of, text

SUBJECT = f"{of('ActingSubjectID')}/saml:AttributeValue/saml:EncryptedID"
DATA, KEY = f"{SUBJECT}/xenc:EncryptedData", f"{SUBJECT}/xenc:EncryptedKey"


@pytest.fixture
def login(network, requester) -> PendingLogin:
    return begin(network, requester)


def flipped(element: etree._Element) -> None:
    """One bit of the last byte but sixteen: padding and key stay as they were, or do not."""
    octets = bytearray(base64.b64decode(element.text))
    octets[-17] ^= 1
    element.text = base64.b64encode(octets).decode()


def named(name: str) -> Change:
    """Another KeyName in the signature of the whole."""
    return lambda made: setattr(made.find("ds:Signature/ds:KeyInfo/ds:KeyName", NS), "text", name)


def level_raised(made: etree._Element) -> None:
    path = "saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef"
    assertion(made).find(path, NS).text = "urn:etoegang:core:assurance-class:loa4"


def wrapped(made: etree._Element) -> None:
    """The signed assertion moves into the Advice of a forged one that stands in its place."""
    genuine = assertion(made)
    forged = deepcopy(genuine)
    forged.set("ID", "_forged")
    forged.remove(forged.find("ds:Signature", NS))
    advice = etree.Element(f"{{{NS['saml']}}}Advice")
    forged.find("saml:Conditions", NS).addnext(advice)
    for item in forged.iter("{*}EncryptedData", "{*}EncryptedKey"):
        item.set("Id", item.get("Id") + "-forged")
    genuine.addprevious(forged)
    advice.append(genuine)
    forged.insert(1, genuine.find("ds:Signature", NS))


LEVEL_TOO_LOW = text(
    "saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef", "urn:etoegang:core:assurance-class:loa2"
)

STUB = "urn:etoegang:AD:00000099000000020000:entities:9001"

TAMPERED = {
    "response-changed": (lambda made: made.set("Consent", "urn:x"), "EH-SIG-11"),
    "assertion-changed": (level_raised, "EH-SIG-11"),
    "signature-value-changed": (
        lambda made: flipped(made.find("ds:Signature/ds:SignatureValue", NS)),
        "EH-SIG-11",
    ),
    "key-name-unknown": (named("f" * 64), "EH-SIG-10"),
    "key-name-empty": (named(""), "EH-SIG-10"),
    "signature-gone": (lambda made: made.remove(made.find("ds:Signature", NS)), "EH-SIG-01"),
    "wrapped": (wrapped, "EH-SIG-11"),
}


@pytest.mark.parametrize("part", ["assertion", "response"])
def test_SIG_12_EH_01_an_answer_of_which_one_part_is_not_signed(watch: Watch, login, part):
    watch.refuses(lambda: login.post(login.answer(**{part: unsigned})), "EH-SIG-01")


def test_OUT_09_every_fault_of_a_signature_looks_the_same(watch: Watch, network, login, requester_keys):
    for tamper, rule in TAMPERED.values():
        watch.refuses(lambda tamper=tamper: login.post(login.answer(tamper=tamper)), rule)
    for name, rule in (("assertion", "EH-SIG-01"), ("response", "EH-SIG-01")):
        watch.refuses(lambda name=name: login.post(login.answer(**{name: unsigned})), rule)
    for name in ("assertion", "response"):
        stranger = by(network.simulator.client_register.signing)
        watch.refuses(lambda name=name, key=stranger: login.post(login.answer(**{name: key})), "EH-SIG-10")
    watch.all_look_alike()


def test_SIG_11_a_wrapped_assertion_is_refused_although_the_whole_is_signed(watch: Watch, network, login):
    """The signature over the whole is made after the wrapping; that inside the forged assertion covers another one."""
    stub = by(issuer(network).signing)

    def wrap_and_sign(made: etree._Element) -> None:
        wrapped(made)
        stub(made)

    watch.refuses(lambda: login.post(login.answer(response=wrap_and_sign)), "EH-SIG-06")


def encrypted(plain: etree._Element, recipient: Recipient) -> Change:
    """Put something else for somebody in the place of the acting subject."""
    fresh = encryption.encrypt(plain, recipient, RandomIds().message_id(), "EncryptedID")
    return at_path(SUBJECT, lambda element: element.getparent().replace(element, fresh))


@pytest.fixture
def ciphertexts(network) -> dict[str, tuple[Change, str]]:
    """What may be wrong with the acting subject, with the rule that says so."""
    simulator = network.simulator
    register, stub = simulator.intermediary_register.recipient, "urn:etoegang:AD:00000099000000020000:entities:9001"
    right, pseudonym = name_id(stub, "A" * 64), "urn:etoegang:1.13:EntityConcernedID:Pseudo"
    wrong_key = Recipient(register.entity_id, simulator.client_register.recipient.certificate)
    return {
        "content": (at_path(f"{DATA}/xenc:CipherData/xenc:CipherValue", flipped), "EH-ENC-04"),
        "key": (at_path(f"{KEY}/xenc:CipherData/xenc:CipherValue", flipped), "EH-ENC-04"),
        "for-another-register": (encrypted(right, simulator.client_register.recipient), "EH-ENC-03"),
        "with-another-key": (encrypted(right, wrong_key), "EH-ENC-03"),
        "recipient-renamed": (at_path(KEY, lambda key: key.set("Recipient", "urn:x")), "EH-ENC-03"),
        "key-name-changed": (
            at_path(f"{KEY}/ds:KeyInfo/ds:KeyName", lambda name: setattr(name, "text", "x")),
            "EH-ENC-03",
        ),
        "no-key": (at_path(KEY, lambda key: key.getparent().remove(key)), "EH-ENC-03"),
        "aes-128": (
            at_path(f"{DATA}/xenc:EncryptionMethod", lambda method: method.set("Algorithm", NS["xenc"] + "aes128-cbc")),
            "EH-ENC-02",
        ),
        "rsa-1_5": (
            at_path(f"{KEY}/xenc:EncryptionMethod", lambda method: method.set("Algorithm", NS["xenc"] + "rsa-1_5")),
            "EH-ENC-02",
        ),
        "reference-leads-out": (
            at_path(
                f"{DATA}/ds:KeyInfo/ds:RetrievalMethod", lambda method: method.set("URI", "http://evil.invalid/key")
            ),
            "EH-ENC-01",
        ),
        "not-base64": (
            text(f"{DATA}/xenc:CipherData/xenc:CipherValue", "AAA"),
            "EH-XML-14",
        ),
        "of-another-issuer": (encrypted(name_id("urn:x", "A" * 64), register), "EH-ENC-05"),
        "a-specific-pseudonym": (encrypted(name_id(pseudonym, "A" * 64), register), "EH-ENC-05"),
        "no-pseudonym": (encrypted(name_id(stub, "a" * 64), register), "EH-ENC-05"),
        "markup-inside": (encrypted(name_id(stub, "A" * 63 + "<"), register), "EH-ENC-05"),
        "encrypted-twice": (
            encrypted(encryption.encrypt(right, register, "_x", "EncryptedID"), register),
            "EH-ENC-05",
        ),
        "no-name-id": (encrypted(etree.Element(f"{{{names.SAML}}}Issuer"), register), "EH-ENC-05"),
    }


def test_ENC_05_ENC_11_OUT_09_every_fault_of_a_ciphertext_looks_the_same_and_like_a_wrong_signature(
    watch: Watch, login, ciphertexts
):
    for case, (change, rule) in ciphertexts.items():
        try:
            watch.refuses(lambda change=change: login.post(login.answer(change)), rule)
        except AssertionError as error:
            error.add_note(case)
            raise
    watch.refuses(lambda: login.post(login.answer(tamper=level_raised)), "EH-SIG-11")
    watch.all_look_alike()


def encrypted_assertion(network: Network, *, signed: bool, beside: bool) -> Change:
    """An assertion of the stub, encrypted for a key of the broker's side, beside the plain one or instead of it."""

    def change(made: etree._Element) -> None:
        plain = assertion(made)
        hidden = deepcopy(plain)
        hidden.set("ID", "_hidden")
        for item in hidden.iter("{*}EncryptedData", "{*}EncryptedKey"):
            item.set("Id", item.get("Id") + "-hidden")
        hidden.remove(hidden.find("ds:Signature", NS))
        if signed:
            by(issuer(network).signing)(hidden)
        recipient = network.simulator.intermediary_register.recipient
        wrapped = encryption.encrypt(hidden, recipient, "_encrypted", "EncryptedAttribute")
        wrapped.tag = f"{{{names.SAML}}}EncryptedAssertion"
        plain.addnext(wrapped)
        if not beside:
            made.remove(plain)

    return change


@pytest.mark.parametrize("signed", [True, False])
def test_ENC_01_an_encrypted_assertion_beside_the_plain_one(watch: Watch, network, login, signed):
    change = encrypted_assertion(network, signed=signed, beside=True)
    watch.refuses(lambda: login.post(login.answer(change)), "EH-STM-07")


@pytest.mark.parametrize("signed", [True, False])
def test_ENC_02_an_encrypted_assertion_in_a_signed_answer(watch: Watch, network, login, signed):
    change = encrypted_assertion(network, signed=signed, beside=False)
    watch.refuses(lambda: login.post(login.answer(change)), "EH-STM-07")


def test_ENC_05_nothing_is_decrypted_before_the_signatures_and_the_content_are_right(
    watch: Watch, network, login, monkeypatch
):
    """Whoever cannot sign as the authentication service learns nothing from a ciphertext, not even by the clock."""
    opened = []
    monkeypatch.setattr("broker.saml.encryption.decrypt", lambda *given: opened.append(given))
    change = at_path(f"{DATA}/xenc:CipherData/xenc:CipherValue", flipped)
    watch.refuses(lambda: login.post(login.answer(tamper=change)), "EH-SIG-11")
    watch.refuses(lambda: login.post(login.answer(change, assertion=unsigned)), "EH-SIG-01")
    watch.refuses(lambda: login.post(login.answer(LEVEL_TOO_LOW)), "EH-STM-26")
    assert opened == []


def test_ENC_13_a_ciphertext_of_an_answer_for_somebody_else(watch: Watch, network, login):
    """The register can open it, but the statement around it is not for this broker; or it can open nothing at all."""
    audience = text("saml:Conditions/saml:AudienceRestriction/saml:Audience", "urn:etoegang:HM:another:entities:1")
    watch.refuses(lambda: login.post(login.answer(audience)), "EH-STM-24")
    stub = "urn:etoegang:AD:00000099000000020000:entities:9001"
    for_another = encrypted(name_id(stub, "A" * 64), network.simulator.client_register.recipient)
    watch.refuses(lambda: login.post(login.answer(for_another)), "EH-ENC-03")


@pytest.mark.parametrize(
    ("qualifier", "value", "tag"),
    [
        ("urn:x", "A" * 64, "NameID"),
        (None, "A" * 64, "NameID"),
        (STUB, "A" * 64, "Issuer"),
        (STUB, "a" * 64, "NameID"),
        (STUB, "", "NameID"),
        (STUB, "A" * 63, "NameID"),
    ],
    ids=["of-another", "of-nobody", "no-name-id", "lower-case", "empty", "short"],
)
def test_ENC_11_a_plaintext_that_is_not_a_pseudonym_of_the_stub(watch: Watch, network, login, qualifier, value, tag):
    plain = etree.Element(f"{{{names.SAML}}}{tag}")
    plain.text = value
    if qualifier is not None:
        plain.set("NameQualifier", qualifier)
    change = encrypted(plain, network.simulator.intermediary_register.recipient)
    watch.refuses(lambda: login.post(login.answer(change)), "EH-ENC-05")


def test_EH_05_a_plain_subject_in_the_place_of_an_encrypted_one(watch: Watch, login):
    plain = name_id("urn:etoegang:AD:00000099000000020000:entities:9001", "A" * 64)
    change = at_path(SUBJECT, lambda element: element.getparent().replace(element, plain))
    watch.refuses(lambda: login.post(login.answer(change)), "EH-CNT-01")


def test_a_pseudonym_that_the_register_does_not_know_is_a_refusal_in_words(network, login):
    stub = "urn:etoegang:AD:00000099000000020000:entities:9001"
    unknown = encrypted(name_id(stub, "0" * 64), network.simulator.intermediary_register.recipient)
    seen = login.follow(login.post(login.answer(unknown)))
    assert seen.status_code == 200
    assert "MEANS_NOT_USABLE" in seen.text
