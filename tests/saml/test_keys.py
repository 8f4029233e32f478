"""KEY-01 to KEY-14 and XML-19: whose key it is decides, never what a message says; and which keys can be loaded."""

import base64
import copy
import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from lxml import etree

from broker.saml import document, names, signature
from broker.saml.faults import Fault, SignatureReason
from broker.saml.keys import Certificate, DecryptionKey, SigningKey, UnusableKey, VerificationKey

from . import donors
from .donors import Recipe, signed
from .keyring import NOW, not_a_key, pem, private_key, self_signed, verification_key
from .receiver import refusal


def key_info(*content: str) -> Recipe:
    return Recipe(key_info=f"<ds:KeyInfo>{''.join(content)}</ds:KeyInfo>")


def x509_data(*certificates: str) -> str:
    found = (f"<ds:X509Certificate>{item}</ds:X509Certificate>" for item in certificates)
    return f"<ds:X509Data>{''.join(found)}</ds:X509Data>"


def reason(received, keys) -> SignatureReason:
    with pytest.raises(Fault) as caught:
        signature.verify(received, keys, NOW)
    return caught.value.reason


# --- KeyInfo chooses, it does not bring ----------------------------------------------------------------------------


def test_KEY_01_own_key_and_own_certificate_of_an_attacker(sender, stranger):
    received = signed(stranger, key_info(x509_data(stranger.certificate_text)))
    assert donors.libxmlsec_accepts(received, stranger)
    assert refusal(received, sender) is SignatureReason.NO_KEY


def test_KEY_02_own_key_of_an_attacker_and_the_certificate_of_the_victim(sender, stranger):
    assert refusal(signed(stranger, key_info(x509_data(sender.certificate_text))), sender) is SignatureReason.INVALID


def test_KEY_02_own_key_of_an_attacker_and_the_key_name_of_the_victim(sender, stranger):
    name = f"<ds:KeyName>{sender.signing.certificate.key_name}</ds:KeyName>"
    assert refusal(signed(stranger, key_info(name)), sender) is SignatureReason.INVALID


def key_value(keys) -> str:
    numbers = private_key(keys).public_key().public_numbers()
    modulus, exponent = (
        base64.b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode()
        for number in (numbers.n, numbers.e)
    )
    return (
        f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>{exponent}</ds:Exponent>"
        "</ds:RSAKeyValue></ds:KeyValue>"
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<ds:KeyName/><ds:KeyName/>",
        '<d:DEREncodedKeyValue xmlns:d="http://www.w3.org/2009/xmldsig11#">AAAA</d:DEREncodedKeyValue>',
        '<d:KeyInfoReference xmlns:d="http://www.w3.org/2009/xmldsig11#" URI="#_response"/>',
        '<ds:RetrievalMethod URI="file:///etc/passwd"/>',
        '<ds:RetrievalMethod URI="#_response" Type="http://www.w3.org/2000/09/xmldsig#X509Data"/>',
        "<ds:MgmtData>x</ds:MgmtData>",
        "<ds:PGPData/>",
        "<ds:SPKIData/>",
        "<ds:X509Data/>",
        "<ds:X509Data><ds:X509SubjectName>CN=x</ds:X509SubjectName></ds:X509Data>",
        "<ds:X509Data><ds:X509SKI>AAAA</ds:X509SKI></ds:X509Data>",
        '<KeyName xmlns="">x</KeyName>',
        "<ds:KeyName><ds:KeyName/></ds:KeyName>",
    ],
)
def test_KEY_03_XML_19_other_hints(content, sender):
    assert refusal(signed(sender, key_info(content)), sender) is SignatureReason.KEY_INFO


def test_KEY_03_key_value(sender, stranger):
    for who in (sender, stranger):
        assert refusal(signed(who, key_info(key_value(who))), sender) is SignatureReason.KEY_INFO


def test_KEY_03_two_key_infos(sender):
    received = signed(sender, key_info("<ds:KeyName>x</ds:KeyName>"))
    received[1].append(copy.deepcopy(received[1][2]))
    assert refusal(received, sender) is SignatureReason.STRUCTURE


def test_KEY_04_certificate_of_the_sender_is_accepted_as_a_hint(sender):
    """The scheme allows it in metadata only; real service providers send it, so whether to mind is for the rules."""
    received = signed(sender, key_info(x509_data(sender.certificate_text)))
    assert signature.verify(received, [sender.verification], NOW) is not None
    wrapped = "\n".join(sender.certificate_text[start : start + 64] for start in range(0, 2_000, 64))
    assert signature.verify(signed(sender, key_info(x509_data(wrapped))), [sender.verification], NOW) is not None


def test_KEY_04_two_certificates(sender, stranger):
    both = x509_data(sender.certificate_text, stranger.certificate_text)
    assert refusal(signed(sender, key_info(both)), sender) is SignatureReason.KEY_INFO
    twice = x509_data(sender.certificate_text) * 2
    assert refusal(signed(sender, key_info(twice)), sender) is SignatureReason.KEY_INFO
    name = f"<ds:KeyName>{sender.signing.certificate.key_name}</ds:KeyName>"
    assert (
        refusal(signed(sender, key_info(name, x509_data(sender.certificate_text))), sender) is SignatureReason.KEY_INFO
    )


@pytest.mark.parametrize("text", ["", "!", "AAA", "é", "  "])
def test_XML_19_certificate_that_is_not_base64(text, sender):
    assert refusal(signed(sender, key_info(x509_data(text))), sender) is SignatureReason.STRUCTURE


@pytest.mark.parametrize("length", [3, 300, 100_000])
def test_XML_19_certificate_that_is_not_one(length, sender):
    text = base64.b64encode(b"\x30" * length).decode()
    assert refusal(signed(sender, key_info(x509_data(text))), sender) is SignatureReason.NO_KEY


@pytest.mark.parametrize("name", ["", "unknown", "x" * 10_000, "'] | //*[1", "../../signing.key"])
def test_KEY_05_XML_19_unknown_key_name(name, sender):
    assert refusal(signed(sender, key_info(f"<ds:KeyName>{name}</ds:KeyName>")), sender) is SignatureReason.NO_KEY


def test_KEY_05_key_name_of_another_party(sender, stranger):
    """It is a key that we know and trust for somebody else; the party comes first, the name second."""
    name = f"<ds:KeyName>{stranger.signing.certificate.key_name}</ds:KeyName>"
    assert refusal(signed(stranger, key_info(name)), sender) is SignatureReason.NO_KEY
    assert refusal(signed(sender, key_info(name)), sender) is SignatureReason.NO_KEY


def test_KEY_05_key_names_of_others_are_opaque(sender):
    named = VerificationKey.of(Certificate.from_der(sender.signing.certificate.der, "their own name"))
    received = signed(sender, key_info("<ds:KeyName>their own name</ds:KeyName>"))
    assert signature.verify(received, [named], NOW) is not None
    assert refusal(received, sender) is SignatureReason.NO_KEY


def test_KEY_05_no_keys_at_all(sender):
    assert reason(signed(sender), []) is SignatureReason.NO_KEY


# --- algorithms ----------------------------------------------------------------------------------------------------

HMAC_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"


@pytest.mark.parametrize("secret", ["public key", "certificate", "pem"])
def test_KEY_06_hmac_keyed_with_what_is_public(secret, sender):
    public = sender.signing.certificate.public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    octets = {"public key": public, "certificate": sender.signing.certificate.der, "pem": sender.certificate_pem}
    hmac_key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, octets[secret])
    received = signed(sender, Recipe(algorithm=HMAC_SHA256, key=hmac_key))
    assert donors.libxmlsec_accepts(received, sender, hmac_key)
    assert refusal(received, sender) is SignatureReason.ALGORITHM


def test_KEY_07_truncated_hmac(sender):
    hmac_key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, b"known")
    length = "<ds:HMACOutputLength>80</ds:HMACOutputLength>"
    received = signed(sender, Recipe(algorithm=HMAC_SHA256, algorithm_content=length, key=hmac_key))
    assert refusal(received, sender) is SignatureReason.ALGORITHM


def test_KEY_07_parameters_of_the_right_algorithm(sender):
    received = signed(sender)
    etree.SubElement(received[1][0][1], f"{donors.DS}HMACOutputLength").text = "1"
    assert refusal(received, sender) is SignatureReason.ALGORITHM


def test_KEY_08_rsa_sha1(sender):
    received = signed(sender, Recipe(algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"))
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.ALGORITHM


def test_KEY_08_sha1_digest(sender):
    received = signed(sender, Recipe(digest=names.SHA1))
    assert donors.libxmlsec_accepts(received, sender)
    assert refusal(received, sender) is SignatureReason.DIGEST_METHOD


@pytest.mark.parametrize(
    "algorithm",
    [
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        "http://www.w3.org/2007/05/xmldsig-more#rsa-pss",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2009/xmldsig11#dsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        " http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "",
    ],
)
def test_KEY_09_other_signature_algorithms(algorithm, sender):
    received = signed(sender)
    received[1][0][1].set("Algorithm", algorithm)
    assert refusal(received, sender) is SignatureReason.ALGORITHM


@pytest.mark.parametrize("name", ["xmlenc#sha512", "xmldsig-more#sha384", "xmldsig-more#md5", "xmlenc#ripemd160"])
def test_KEY_09_other_digest_algorithms(name, sender):
    received = signed(sender)
    received[1][0][2][1].set("Algorithm", f"http://www.w3.org/2001/04/{name}")
    assert refusal(received, sender) is SignatureReason.DIGEST_METHOD


def test_KEY_09_parameters_of_the_right_digest_algorithm(sender):
    received = signed(sender)
    etree.SubElement(received[1][0][2][1], f"{donors.DS}DigestLength").text = "8"
    assert refusal(received, sender) is SignatureReason.DIGEST_METHOD


def test_KEY_09_no_algorithm(sender):
    for part, wanted in (
        (1, SignatureReason.ALGORITHM),
        (0, SignatureReason.CANONICALIZATION),
    ):
        received = signed(sender)
        del received[1][0][part].attrib["Algorithm"]
        assert refusal(received, sender) is wanted


# --- certificates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        partial(rsa.generate_private_key, 65537, 1024),
        partial(rsa.generate_private_key, 3, 2048),
        partial(ec.generate_private_key, ec.SECP256R1()),
        partial(dsa.generate_private_key, 1024),
    ],
    ids=["RSA-1024", "exponent 3", "EC", "DSA"],
)
def test_KEY_10_weak_or_other_keys(make):
    with pytest.raises(UnusableKey):
        Certificate.from_der(self_signed(make()))


def test_KEY_10_a_key_without_a_digest_algorithm():
    key = ed25519.Ed25519PrivateKey.generate()
    builder = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(x509.Name([])).serial_number(1)
    builder = builder.public_key(key.public_key()).not_valid_before(NOW).not_valid_after(NOW + timedelta(1))
    with pytest.raises(UnusableKey):
        Certificate.from_der(builder.sign(key, None).public_bytes(serialization.Encoding.DER))


@pytest.mark.parametrize("der", [b"", b"\x30", b"\x30" * 500, b"-----BEGIN CERTIFICATE-----", b"\x00" * 100])
def test_KEY_10_what_is_not_a_certificate(der):
    with pytest.raises(UnusableKey):
        Certificate.from_der(der)


def test_KEY_10_every_byte_of_a_certificate_changed_is_read_or_refused(sender):
    der = sender.signing.certificate.der
    for place in range(len(der)):
        try:
            Certificate.from_der(der[:place] + bytes([der[place] ^ 0x11]) + der[place + 1 :])
        except UnusableKey:
            continue


@pytest.mark.parametrize(
    ("start", "life", "reason_"),
    [
        (NOW - timedelta(days=30), timedelta(days=29), SignatureReason.CERTIFICATE),
        (NOW + timedelta(seconds=1), timedelta(days=30), SignatureReason.CERTIFICATE),
        (NOW - timedelta(days=2), timedelta(days=2, seconds=-1), SignatureReason.CERTIFICATE),
        (NOW - timedelta(days=2), timedelta(days=2), None),
        (NOW, timedelta(days=2), None),
    ],
    ids=["expired", "not yet valid", "a second ago", "last second", "first second"],
)
def test_KEY_11_validity_of_the_certificate(start, life, reason_, sender):
    key = verification_key(private_key(sender), start=start, life=life)
    if reason_ is None:
        assert signature.verify(signed(sender), [key], NOW) is not None
    else:
        assert reason(signed(sender), [key]) is reason_


def test_KEY_11_a_valid_key_beside_an_expired_one(sender, stranger):
    expired = verification_key(private_key(stranger), start=NOW - timedelta(30), life=timedelta(1))
    assert signature.verify(signed(sender), [expired, sender.verification], NOW) is not None
    assert reason(signed(stranger), [expired, sender.verification]) is SignatureReason.INVALID


def usage(**bits) -> x509.KeyUsage:
    off = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**off | bits)


@pytest.mark.parametrize(
    ("extensions", "accepted"),
    [
        ((), True),
        ((usage(digital_signature=True),), True),
        ((usage(content_commitment=True),), True),
        ((usage(digital_signature=True, key_encipherment=True),), True),
        ((usage(key_encipherment=True),), False),
        ((usage(key_encipherment=True, data_encipherment=True),), False),
        ((usage(key_cert_sign=True),), False),
    ],
)
def test_KEY_12_what_the_certificate_is_for(extensions, accepted, sender):
    key = verification_key(private_key(sender), extensions=extensions)
    assert key.certificate.may_sign is accepted
    if accepted:
        assert signature.verify(signed(sender), [key], NOW) is not None
    else:
        assert reason(signed(sender), [key]) is SignatureReason.CERTIFICATE


def test_KEY_12_signing_with_an_encryption_certificate(sender):
    with pytest.raises(UnusableKey, match="not meant for signing"):
        SigningKey.load(sender.encryption_key_file, sender.encryption_certificate_file)


def test_KEY_13_another_party_of_the_network(sender, stranger):
    assert refusal(signed(stranger), sender) is SignatureReason.INVALID


@pytest.mark.parametrize("answer", [False, True, 0, 1, -1, "", object()])
def test_KEY_14_only_the_one_positive_answer_counts(answer, sender, stranger, monkeypatch):
    """python-xmlsec returns nothing or raises; an answer of any other kind must not be taken for success."""

    class Stub:
        def __getattr__(self, name):
            return lambda *_arguments: answer if name == "verify" else None

    received = signed(stranger)
    monkeypatch.setattr(xmlsec, "SignatureContext", Stub)
    assert refusal(received, sender) is SignatureReason.INVALID


def test_KEY_14_a_verifier_that_fails(sender, monkeypatch):
    class Stub:
        def __getattr__(self, name):
            def fail(*_arguments):
                raise xmlsec.VerificationError("no")

            return fail if name == "verify" else lambda *_arguments: None

    received = signed(sender)
    monkeypatch.setattr(xmlsec, "SignatureContext", Stub)
    assert refusal(received, sender) is SignatureReason.INVALID


# --- loading -------------------------------------------------------------------------------------------------------


def test_key_name_is_the_digest_of_the_certificate(sender):
    der = x509.load_pem_x509_certificate(sender.certificate_pem).public_bytes(serialization.Encoding.DER)
    assert sender.signing.certificate.key_name == hashlib.sha256(der).hexdigest()
    assert sender.signing.certificate.der == der


@pytest.mark.parametrize("load", [SigningKey.load, DecryptionKey.load])
def test_a_key_and_a_certificate_must_belong_together(load, sender, stranger):
    with pytest.raises(UnusableKey, match="does not belong"):
        load(stranger.key_file, sender.certificate_file)


@pytest.mark.parametrize("load", [SigningKey.load, DecryptionKey.load])
@pytest.mark.parametrize(
    "content",
    [b"", b"not a key", not_a_key(b"AAAA"), "encrypted", "elliptic"],
)
def test_a_key_that_cannot_be_loaded_is_named(load, content, sender, tmp_path):
    why = "without a password"
    if content == "encrypted":
        content = pem(private_key(sender), b"password")
    elif content == "elliptic":
        content, why = pem(ec.generate_private_key(ec.SECP256R1())), "not an RSA key"
    file = tmp_path / "broken.key"
    file.write_bytes(content)
    with pytest.raises(UnusableKey, match=rf"broken\.key: .*{why}"):
        load(file, sender.certificate_file)


@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_certificate_that_cannot_be_loaded_is_named(content, sender, tmp_path):
    file = tmp_path / "broken.pem"
    file.write_bytes(content)
    with pytest.raises(UnusableKey, match=r"broken\.pem"):
        SigningKey.load(sender.key_file, file)


def test_a_weak_certificate_in_a_file_is_named(tmp_path):
    file = tmp_path / "weak.pem"
    weak = x509.load_der_x509_certificate(self_signed(rsa.generate_private_key(65537, 1024)))
    file.write_bytes(weak.public_bytes(serialization.Encoding.PEM))
    with pytest.raises(UnusableKey, match=r"weak\.pem: RSA of 1024 bits"):
        Certificate.from_pem_file(file)


def test_a_signature_survives_the_written_certificate(sender):
    """What `sign` writes as X509Certificate is what `verify` compares with."""
    root = donors.unsigned()
    signature.sign(root, sender.signing, with_certificate=True)
    received = document.read(document.write(root))
    assert signature.verify(received, [sender.verification], NOW) is not None
    twin = replace(sender.signing.certificate, der=sender.signing.certificate.der + b"\0")
    assert reason(received, [replace(sender.verification, certificate=twin)]) is SignatureReason.NO_KEY
