"""EncryptedID and EncryptedAttribute: read by others, read from others, and ENC-03 to ENC-12."""

import base64
import copy
import secrets

import pytest
import xmlsec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from xmlsec import constants

from broker.saml import build, document, encryption, names, signature
from broker.saml.faults import EncryptionReason, Fault

from .donors import DS
from .keyring import ENTITY_ID, NOW, Keys

QUIET = settings(database=None, deadline=None)
XENC = f"{{{names.XENC}}}"
VALUE = "12345678"


def name_id(value: str = VALUE) -> etree._Element:
    qualifier = "urn:etoegang:1.9:EntityConcernedID:KvKnr"
    made = build.element(names.SAML, "NameID", {"Format": names.NAMEID_PERSISTENT, "NameQualifier": qualifier})
    made.text = value
    return made


def encrypted_for(keys: Keys, plain: etree._Element | None = None) -> etree._Element:
    """An EncryptedID after a trip over the wire."""
    made = encryption.encrypt(name_id() if plain is None else plain, keys.recipient, "_1", "EncryptedID")
    return document.read(document.write(made))


def refusal(encrypted: etree._Element, keys: Keys, entity_id: str = ENTITY_ID) -> EncryptionReason:
    with pytest.raises(Fault) as caught:
        encryption.decrypt(encrypted, keys.decryption, entity_id)
    return caught.value.reason


def part(encrypted: etree._Element, path: str) -> etree._Element:
    return encrypted.find(
        "/".join(
            f"{DS if name in ('KeyInfo', 'KeyName', 'RetrievalMethod') else XENC}{name}" for name in path.split("/")
        )
    )


# --- the layout ---------------------------------------------------------------------------------------------------


def test_the_layout_is_that_of_the_scheme(sender):
    root = encrypted_for(sender)
    assert [etree.QName(item).localname for item in root] == ["EncryptedData", "EncryptedKey"]
    data, key = root
    assert data.get("Type") == names.XENC_ELEMENT
    assert part(data, "EncryptionMethod").get("Algorithm") == names.AES256_CBC
    retrieval = part(data, "KeyInfo/RetrievalMethod")
    assert (retrieval.get("Type"), retrieval.get("URI")) == (names.XENC_ENCRYPTED_KEY, "#" + key.get("Id"))
    assert key.get("Recipient") == ENTITY_ID
    assert part(key, "EncryptionMethod").get("Algorithm") == names.RSA_OAEP
    assert part(key, "EncryptionMethod")[0].get("Algorithm") == names.SHA1
    assert part(key, "KeyInfo/KeyName").text == sender.recipient.certificate.key_name
    assert part(key, "ReferenceList/DataReference").get("URI") == "#" + data.get("Id")


def test_key_and_vector_are_fresh_each_time(sender):
    first, second = encrypted_for(sender), encrypted_for(sender)
    for path in ("EncryptedData/CipherData/CipherValue", "EncryptedKey/CipherData/CipherValue"):
        assert part(first, path).text != part(second, path).text


@QUIET
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_what_is_encrypted_is_decrypted(sender, value):
    opened = encryption.decrypt(encrypted_for(sender, name_id(value)), sender.decryption, ENTITY_ID)
    assert document.canonical(opened) == document.canonical(name_id(value))


@pytest.mark.parametrize("length", range(33))
def test_every_length_of_padding(length, sender):
    opened = encryption.decrypt(encrypted_for(sender, name_id("x" * length)), sender.decryption, ENTITY_ID)
    assert (opened.text or "") == "x" * length


def test_OUT_03_the_content_brings_its_namespaces_also_those_that_only_xsi_type_uses(sender):
    outer = build.element(names.SAML, "AttributeStatement", None, "xs", "xsi")
    attribute = build.child(outer, names.SAML, "Attribute", {"Name": "urn:x"})
    build.child(attribute, names.SAML, "AttributeValue", {f"{{{names.XSI}}}type": "xs:string"}, "Bouwbedrijf")
    attribute.tail = "not part of it"
    made = encryption.encrypt(attribute, sender.recipient, "_1", "EncryptedAttribute")
    assert made.tag == f"{{{names.SAML}}}EncryptedAttribute"
    opened = encryption.decrypt(document.read(document.write(made)), sender.decryption, ENTITY_ID)
    assert opened[0].nsmap["xs"] == names.XS
    assert opened[0].text == "Bouwbedrijf"
    assert opened.getnext() is None


# --- others -------------------------------------------------------------------------------------------------------


def test_python_xmlsec_decrypts_what_we_encrypt(sender):
    """By the RetrievalMethod and the KeyName, as the layout asks."""
    root = encrypted_for(sender)
    key = xmlsec.Key.from_file(str(sender.encryption_key_file), constants.KeyDataFormatPem)
    key.name = sender.decryption.certificate.key_name
    manager = xmlsec.KeysManager()
    manager.add_key(key)
    xmlsec.tree.add_ids(root, ["Id"])
    opened = xmlsec.EncryptionContext(manager).decrypt(part(root, "EncryptedData"))
    assert opened.text == VALUE


def test_python3_saml_decrypts_what_we_encrypt(sender):
    """As the clients of Dutch municipalities do: the key is put into the KeyInfo of the data first."""
    root = encrypted_for(sender)
    part(root, "EncryptedData/KeyInfo").append(part(root, "EncryptedKey"))
    opened = OneLogin_Saml2_Utils.decrypt_element(root[0], sender.encryption_key_file.read_text(), inplace=True)
    assert opened.text == VALUE


def by_python_xmlsec(keys: Keys) -> etree._Element:
    """The layout of the scheme, with every octet of cipher text made by libxmlsec."""
    root = build.element(names.SAML, "EncryptedID", None, "xenc", "ds")
    template = xmlsec.template.encrypted_data_create(
        root, constants.TransformAes256Cbc, type=constants.TypeEncElement, ns="xenc"
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(template)
    info = xmlsec.template.encrypted_data_ensure_key_info(template, ns="ds")
    wrapped = xmlsec.template.add_encrypted_key(info, constants.TransformRsaOaep)
    xmlsec.template.encrypted_data_ensure_cipher_value(wrapped)
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_file(str(keys.encryption_certificate_file), constants.KeyDataFormatCertPem))
    context = xmlsec.EncryptionContext(manager)
    context.key = xmlsec.Key.generate(constants.KeyDataAes, 256, constants.KeyDataTypeSession)
    root.append(context.encrypt_binary(template, document.write(name_id())))
    root = document.read(document.write(root))
    wrapped = part(root, "EncryptedData/KeyInfo/EncryptedKey")
    wrapped.set("Recipient", ENTITY_ID)
    info = etree.Element(f"{DS}KeyInfo")
    etree.SubElement(info, f"{DS}KeyName").text = keys.decryption.certificate.key_name
    wrapped.insert(1, info)
    root.append(wrapped)
    return document.read(document.write(root))


def test_we_decrypt_what_python_xmlsec_encrypts(sender):
    assert encryption.decrypt(by_python_xmlsec(sender), sender.decryption, ENTITY_ID).text == VALUE


def test_OUT_04_an_encrypted_id_inside_a_signed_message(sender):
    root = build.element(names.SAMLP, "LogoutRequest", {"ID": "_l"}, "saml", "xenc", "ds")
    build.child(root, names.SAML, "Issuer", text="urn:x")
    root.append(encryption.encrypt(name_id(), sender.recipient, "_1", "EncryptedID"))
    signature.sign(root, sender.signing)
    trusted = signature.verify(document.read(document.write(root)), [sender.verification], NOW)
    assert encryption.decrypt(trusted[1], sender.decryption, ENTITY_ID).text == VALUE


# --- copies -------------------------------------------------------------------------------------------------------


def test_a_copy_has_ids_of_its_own_and_the_original_stays(sender):
    parent = build.element(names.SAML, "Subject")
    original = encrypted_for(sender)
    original.tail = "tail"
    parent.append(original)
    before = document.write(original)
    twin = encryption.copy_with_new_ids(original, "-summary")
    parent.append(twin)
    assert document.write(original) == before
    assert twin.tail is None
    assert (twin[0].get("Id"), twin[1].get("Id")) == ("_1-data-summary", "_1-key-summary")
    assert part(twin, "EncryptedData/KeyInfo/RetrievalMethod").get("URI") == "#_1-key-summary"
    assert part(twin, "EncryptedKey/ReferenceList/DataReference").get("URI") == "#_1-data-summary"
    both = document.read(document.write(parent))
    assert [encryption.decrypt(item, sender.decryption, ENTITY_ID).text for item in both] == [VALUE, VALUE]


# --- ENC rows -----------------------------------------------------------------------------------------------------


def test_ENC_03_encrypted_again_inside(sender):
    inner = encryption.encrypt(name_id(), sender.recipient, "_2", "EncryptedID")
    assert refusal(encrypted_for(sender, inner), sender) is EncryptionReason.CONTENT
    hidden = build.element(names.SAML, "Attribute")
    build.child(hidden, names.SAML, "AttributeValue").append(inner)
    assert refusal(encrypted_for(sender, hidden), sender) is EncryptionReason.CONTENT


@pytest.mark.parametrize(
    "name", ["EncryptedData", "EncryptedData/CipherData", "EncryptedKey/CipherData", "EncryptedData/EncryptionMethod"]
)
def test_ENC_03_repeated_or_missing_part(name, sender):
    twice = encrypted_for(sender)
    part(twice, name).addnext(copy.deepcopy(part(twice, name)))
    assert refusal(twice, sender) is EncryptionReason.STRUCTURE
    without = encrypted_for(sender)
    part(without, name).getparent().remove(part(without, name))
    assert refusal(without, sender) is EncryptionReason.STRUCTURE


def test_ENC_04_pkcs1_key_transport(sender):
    """Not only relabelled: the key really is wrapped that way."""
    root, key = handmade(sender, wrap=padding.PKCS1v15())
    part(root, "EncryptedKey/EncryptionMethod").set("Algorithm", "http://www.w3.org/2001/04/xmlenc#rsa-1_5")
    assert len(key) == 32
    assert refusal(root, sender) is EncryptionReason.ALGORITHM


def handmade(
    keys: Keys,
    content: bytes | None = None,
    key: bytes | None = None,
    wrap=None,
    padded: bytes | None = None,
) -> tuple[etree._Element, bytes]:
    """An EncryptedID of which every octet can be chosen."""
    root = encrypted_for(keys)
    key = secrets.token_bytes(32) if key is None else key
    if padded is None:
        content = document.canonical(name_id()) if content is None else content
        missing = 16 - len(content) % 16
        padded = content + bytes(missing - 1) + bytes([missing])
    vector = secrets.token_bytes(16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    wrap = wrap or padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    set_octets(root, "EncryptedData", vector + encryptor.update(padded) + encryptor.finalize())
    set_octets(root, "EncryptedKey", keys.recipient.certificate.public_key.encrypt(key, wrap))
    return root, key


def set_octets(root: etree._Element, name: str, octets: bytes) -> None:
    part(root, f"{name}/CipherData/CipherValue").text = base64.b64encode(octets).decode()


def octets_of(root: etree._Element, name: str) -> bytes:
    return base64.b64decode(part(root, f"{name}/CipherData/CipherValue").text)


def test_the_handmade_control_is_accepted(sender):
    assert encryption.decrypt(handmade(sender)[0], sender.decryption, ENTITY_ID).text == VALUE


def undecipherable(sender, stranger):
    """Everything that a padding oracle would want to tell apart."""
    oaep_256 = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    plain = document.canonical(name_id())
    aligned = plain + b" " * (-len(plain) % 16)
    other_key = encrypted_for(sender)
    set_octets(other_key, "EncryptedKey", octets_of(encrypted_for(stranger), "EncryptedKey"))
    wrong_session_key = encrypted_for(sender)
    set_octets(wrong_session_key, "EncryptedKey", octets_of(encrypted_for(sender), "EncryptedKey"))
    short_wrapped = encrypted_for(sender)
    set_octets(short_wrapped, "EncryptedKey", b"\x01" * 100)
    return {
        "OAEP with another digest": handmade(sender, wrap=oaep_256)[0],
        "wrapped for another key": other_key,
        "another session key": wrong_session_key,
        "wrapped key too short": short_wrapped,
        "session key of 128 bits": handmade(sender, key=secrets.token_bytes(16))[0],
        "padding 0": handmade(sender, padded=plain + bytes(16 - len(plain) % 16))[0],
        "padding 17": handmade(sender, padded=plain + bytes([17]) * (16 - len(plain) % 16))[0],
        "padding 20, all of it there": handmade(sender, padded=aligned + b" " * 31 + bytes([20]))[0],
        "padding 255": handmade(sender, padded=plain + bytes([255]) * (16 - len(plain) % 16))[0],
        "content cut": handmade(sender, plain[:-5])[0],
        "content is text": handmade(sender, b"12345678")[0],
        "content is empty": handmade(sender, b"")[0],
        "two elements": handmade(sender, plain + plain)[0],
        "content with DOCTYPE": handmade(sender, b"<!DOCTYPE x>" + plain)[0],
        "content with a comment": handmade(sender, plain.replace(VALUE.encode(), b"1234<!---->5678"))[0],
    }


def test_ENC_05_ENC_11_all_failures_look_alike(sender, stranger):
    for name, root in undecipherable(sender, stranger).items():
        with pytest.raises(Fault) as caught:
            encryption.decrypt(root, sender.decryption, ENTITY_ID)
        assert (name, caught.value.reason, caught.value.detail) == (name, EncryptionReason.UNDECIPHERABLE, "")


@pytest.mark.parametrize(
    "algorithm",
    [
        "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        "http://www.w3.org/2009/xmlenc11#aes128-gcm",
        "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
        "http://www.w3.org/2001/04/xmlenc#kw-aes256",
        "",
        None,
    ],
)
def test_ENC_06_ENC_07_other_content_encryption(algorithm, sender):
    root = encrypted_for(sender)
    method = part(root, "EncryptedData/EncryptionMethod")
    del method.attrib["Algorithm"]
    if algorithm is not None:
        method.set("Algorithm", algorithm)
    assert refusal(root, sender) is EncryptionReason.ALGORITHM


@pytest.mark.parametrize(
    "algorithm",
    ["http://www.w3.org/2001/04/xmlenc#rsa-1_5", "http://www.w3.org/2009/xmlenc11#rsa-oaep", names.AES256_CBC, ""],
)
def test_ENC_04_ENC_06_other_key_transport(algorithm, sender):
    root = encrypted_for(sender)
    part(root, "EncryptedKey/EncryptionMethod").set("Algorithm", algorithm)
    assert refusal(root, sender) is EncryptionReason.ALGORITHM


def test_ENC_04_parameters_of_the_key_transport(sender):
    other_digest = encrypted_for(sender)
    part(other_digest, "EncryptedKey/EncryptionMethod")[0].set("Algorithm", names.SHA256)
    assert refusal(other_digest, sender) is EncryptionReason.ALGORITHM
    mask = encrypted_for(sender)
    part(mask, "EncryptedKey/EncryptionMethod")[0].tag = "{http://www.w3.org/2009/xmlenc11#}MGF"
    assert refusal(mask, sender) is EncryptionReason.ALGORITHM
    label = encrypted_for(sender)
    etree.SubElement(part(label, "EncryptedKey/EncryptionMethod"), f"{XENC}OAEPparams").text = "AAAA"
    assert refusal(label, sender) is EncryptionReason.ALGORITHM
    default = encrypted_for(sender)
    del part(default, "EncryptedKey/EncryptionMethod")[0]
    assert encryption.decrypt(default, sender.decryption, ENTITY_ID).text == VALUE


@pytest.mark.parametrize("name", ["EncryptedData", "EncryptedKey"])
@pytest.mark.parametrize("uri", ["http://127.0.0.1:1/", "#_1-key", ""])
def test_ENC_08_cipher_reference(uri, name, sender):
    root = encrypted_for(sender)
    data = part(root, f"{name}/CipherData")
    data.remove(data[0])
    etree.SubElement(data, f"{XENC}CipherReference", URI=uri)
    assert refusal(root, sender) is EncryptionReason.STRUCTURE


@pytest.mark.parametrize("inside", [True, False])
def test_ENC_08_cipher_reference_beside_the_value(inside, sender, tmp_path):
    root = encrypted_for(sender)
    canary = tmp_path / "canary"
    canary.write_bytes(octets_of(root, "EncryptedData"))
    uri = "#_1-key" if inside else canary.as_uri()
    etree.SubElement(part(root, "EncryptedData/CipherData"), f"{XENC}CipherReference", URI=uri)
    assert refusal(root, sender) is EncryptionReason.STRUCTURE


@pytest.mark.parametrize("uri", ["file:///etc/passwd", "http://127.0.0.1:1/", "", "_1-key"])
@pytest.mark.parametrize("tag", [f"{DS}RetrievalMethod", "{http://www.w3.org/2009/xmldsig11#}KeyInfoReference"])
def test_ENC_08_key_from_outside_the_message(tag, uri, sender):
    root = encrypted_for(sender)
    info = part(root, "EncryptedData/KeyInfo")
    info.remove(info[0])
    etree.SubElement(info, tag, URI=uri)
    assert refusal(root, sender) is EncryptionReason.STRUCTURE


def test_ENC_08_references_inside_the_message_are_not_followed(sender):
    """The key is found by its place; a RetrievalMethod that points at another finds nothing."""
    root = encrypted_for(sender)
    part(root, "EncryptedData/KeyInfo/RetrievalMethod").set("URI", "#_nobody")
    assert encryption.decrypt(root, sender.decryption, ENTITY_ID).text == VALUE


def test_ENC_09_transforms_in_a_cipher_reference(sender):
    root = encrypted_for(sender)
    data = part(root, "EncryptedData/CipherData")
    data.remove(data[0])
    reference = etree.SubElement(data, f"{XENC}CipherReference", URI="#_1-key")
    transforms = etree.SubElement(reference, f"{XENC}Transforms")
    etree.SubElement(transforms, f"{DS}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116")
    assert refusal(root, sender) is EncryptionReason.STRUCTURE


def test_ENC_10_not_exactly_one_key_for_us(sender, stranger):
    other = encrypted_for(sender)
    other[1].set("Recipient", "urn:etoegang:DV:00000099000000120000:entities:9001")
    assert refusal(other, sender) is EncryptionReason.RECIPIENT
    none = encrypted_for(sender)
    none.remove(none[1])
    assert refusal(none, sender) is EncryptionReason.RECIPIENT
    nobody = encrypted_for(sender)
    del nobody[1].attrib["Recipient"]
    assert refusal(nobody, sender) is EncryptionReason.RECIPIENT
    twice = encrypted_for(sender)
    twice.append(copy.deepcopy(twice[1]))
    assert refusal(twice, sender) is EncryptionReason.RECIPIENT
    renamed = encrypted_for(sender)
    part(renamed, "EncryptedKey/KeyInfo/KeyName").text = stranger.recipient.certificate.key_name
    assert refusal(renamed, sender) is EncryptionReason.RECIPIENT
    assert refusal(encrypted_for(sender), sender, "urn:x") is EncryptionReason.RECIPIENT


def test_ENC_10_a_key_for_another_beside_ours(sender, stranger):
    root = encrypted_for(sender)
    other = encrypted_for(stranger)[1]
    other.set("Recipient", "urn:x")
    root.insert(1, other)
    assert encryption.decrypt(root, sender.decryption, ENTITY_ID).text == VALUE


@pytest.mark.parametrize("length", [0, 15, 16, 17, 31, 33])
def test_ENC_12_cut_cipher_text(length, sender):
    root = encrypted_for(sender)
    set_octets(root, "EncryptedData", octets_of(root, "EncryptedData")[:length])
    assert refusal(root, sender) is EncryptionReason.UNDECIPHERABLE


@pytest.mark.parametrize("name", ["EncryptedData", "EncryptedKey"])
@pytest.mark.parametrize("text", ["!", "AAA", "é", "A A=A"])
def test_ENC_12_cipher_value_that_is_not_base64(text, name, sender):
    root = encrypted_for(sender)
    part(root, f"{name}/CipherData/CipherValue").text = text
    assert refusal(root, sender) is EncryptionReason.STRUCTURE


@QUIET
@given(st.data())
def test_ENC_12_bit_flips_are_refused_or_change_what_they_must(sender, data):
    """CBC has no integrity: that is why only signed content may be decrypted. No flip may crash."""
    root = encrypted_for(sender)
    name = data.draw(st.sampled_from(["EncryptedData", "EncryptedKey"]))
    octets = bytearray(octets_of(root, name))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    set_octets(root, name, bytes(octets))
    try:
        encryption.decrypt(root, sender.decryption, ENTITY_ID)
    except Fault as fault:
        assert fault.reason is EncryptionReason.UNDECIPHERABLE  # noqa: PT017
