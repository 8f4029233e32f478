"""Verify a bundle of evidence of Ketenbroker: python verify.py BUNDLE.zip [PUBLIC_KEY.pem]

This program stands alone: Python 3.11 or newer with the packages cryptography and lxml, and no network. It says what it
verified and what is wrong, and gives exit status 0 when all is right, 1 when something is not, 2 when it cannot tell.

The key in the bundle tells that the bundle is whole. Whose bundle it is, only a key from elsewhere can tell: give the
installation's certs/audit/public.pem, or compare the fingerprint that is printed.
"""

import base64
import binascii
import hashlib
import io
import json
import sys
import urllib.parse
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from lxml import etree

MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "audit-key.pem"
IN_FORCE, DOCUMENTS, CERTIFICATES = "in-force/", "documents/", "certificates/"
SIGNED_AS = b"ketenbroker manifest of evidence, version 1\n"
HEAD_SIGNED_AS = b"ketenbroker head of the chain of events, version 1\n"
MARK = 8
MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
ISSUER = "{urn:oasis:names:tc:SAML:2.0:assertion}Issuer"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
UNUSABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, binascii.Error, etree.LxmlError)


def packed(members: Mapping[str, bytes]) -> bytes:
    """The one zip file that these members, in this order, make: nothing in it can be otherwise."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def problems(octets: bytes, trusted: bytes | None = None) -> list[str]:
    """What is wrong with a bundle, a line each, naming the member; nothing when all is right.

    `trusted` is a public key in PEM from elsewhere.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            members, broken = {}, []
            for info in archive.infolist():
                try:
                    members[info.filename] = archive.read(info)
                except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
                    broken.append(f"{info.filename}: cannot be read from the bundle: {error}")
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        return [f"the bundle: no zip file: {error}"]
    if broken:
        return broken
    found = [*_signed(members, trusted), *_whole(members)]
    if not found and packed(members) != octets:
        found = ["the bundle: its members are right, but the zip file around them was changed"]
    # What is not what was signed says nothing.
    return found or [*_events(members), *_in_force(members), *_messages(members)]


def _whole(members):
    """Each member is in the manifest with its digest, and the other way around."""
    try:
        files = json.loads(members[MANIFEST])["files"]
        found = [f"{name}: is not in the manifest" for name in members if name not in {*files, MANIFEST, SIGNATURE}]
        for name, told in files.items():
            if name not in members:
                found.append(f"{name}: is missing")
            elif hashlib.sha256(members[name]).hexdigest() != told["sha256"]:
                found.append(f"{name}: was changed")
        return found
    except UNUSABLE:
        return [f"{MANIFEST}: is missing or cannot be read"]


def _signed(members, trusted):
    try:
        keys = [_public_key(members[KEY])] + ([_public_key(trusted)] if trusted else [])
    except UNUSABLE:
        return [f"{KEY}: is missing or no Ed25519 public key"]
    try:
        for key in keys:
            key.verify(bytes.fromhex(members[SIGNATURE].decode()), SIGNED_AS + members[MANIFEST])
    except (InvalidSignature, *UNUSABLE):
        return [f"{MANIFEST}: is not what {SIGNATURE} signs with the key that was given"]
    return []


def _events(members):
    """Each event has the digest that follows from its content and the one before; a signed head vouches for it."""
    found, marks = [], {}
    for number, line in enumerate(members["heads.jsonl"].decode().splitlines(), start=1):
        signature, _, text = line.partition(" ")
        try:
            _public_key(members[KEY]).verify(bytes.fromhex(signature), HEAD_SIGNED_AS + text.encode())
            head = json.loads(text)
            all_of_them = bytes.fromhex(head["marks"])
            for at in range(head["first"], head["last"] + 1):
                marks[at] = all_of_them[(at - head["first"]) * MARK :][:MARK]
        except (InvalidSignature, *UNUSABLE):
            found.append(f"heads.jsonl: line {number} is not signed with {KEY}")
    for name in members:
        if name.endswith("/events.json"):
            found += _events_of(name, members, marks)
    return found


def _events_of(name, members, marks):
    found, folder = [], name.rpartition("/")[0]
    login = json.loads(members[f"{folder}/login.json"])
    known = {hashlib.sha256(content).hexdigest() for path, content in members.items() if path.startswith(f"{folder}/m")}
    known |= {one["sha256"] for one in login["messages"] if one["file"] is None}
    for event in json.loads(members[name]):
        number, content = event["number"], event["document"].encode()
        head = len(content).to_bytes(8, "big") + bytes.fromhex(event["previous"]) + number.to_bytes(8, "big")
        digest = hashlib.sha256(head + content).digest()
        if digest.hex() != event["digest"]:
            found.append(f"{name}: event {number} does not have the digest of its content")
        if marks.get(number) != digest[:MARK]:
            found.append(f"{name}: no signed head vouches for event {number}")
        after = json.loads(event["document"])["after"] or {}
        missing = [one for one in after.get("messages", []) if one not in known]
        found += [f"{name}: event {number} names a message that is not in the bundle: {one}" for one in missing]
    return found


def _in_force(members):
    """What an event names as in force is in the bundle: a list, and each document that it names."""
    found, lists, documents = [], _by_digest(members, IN_FORCE), _by_digest(members, DOCUMENTS)
    for name in members:
        if name.endswith("/events.json"):
            missing = [digest for digest in _named_in_force(members, name) if digest not in lists]
            found += [f"{name}: names what was in force, which is not in the bundle: {digest}" for digest in missing]
    for name in lists.values():
        for document, digest in json.loads(members[name]).items():
            if digest not in documents:
                found.append(f"{name}: names {document}, which is not in the bundle: {digest}")
    return found


def _by_digest(members, folder):
    return {hashlib.sha256(one).hexdigest(): name for name, one in members.items() if name.startswith(folder)}


def _named_in_force(members, name):
    """The digests of the lists that events name."""
    told = [(json.loads(event["document"])["after"] or {}).get("in_force") for event in json.loads(members[name])]
    return {digest for digest in told if digest is not None}


def signing_certificates(name: str, octets: bytes) -> Iterator[tuple[str, bytes]]:
    """The certificates (DER) that metadata gives for signatures, each with whose it is; none of what is no metadata."""
    if not name.endswith(".xml"):
        return
    for entity in _parsed(octets).iter(f"{MD}EntityDescriptor"):
        for described in entity.iter(f"{MD}KeyDescriptor"):
            if described.get("use") != "encryption":
                for certificate in described.iter(f"{DS}X509Certificate"):
                    yield entity.get("entityID", ""), base64.b64decode(certificate.text or "")


def _messages(members):
    """Each signature in each message is right for a certificate that its sender had in that login."""
    found, of_logins, of_lists = [], {}, _keys_of_lists(members)
    for name, content in members.items():
        folder, is_message, _ = name.partition("/messages/")
        if is_message:
            if folder not in of_logins:
                of_logins[folder] = _keys_of_login(members, folder, of_lists)
            if name.endswith(".query"):
                problems_of_it = _query(content, members[name.removesuffix(".query")], of_logins[folder])
            else:
                problems_of_it = _document(content, of_logins[folder])
            found += [f"{name}: {problem}" for problem in problems_of_it]
    return found


def _keys_of_lists(members):
    """By the digest of each list of what was in force: the senders, and their keys."""
    documents, of_documents = _by_digest(members, DOCUMENTS), {}
    for digest, name in documents.items():
        keys = [
            (sender, _rsa_key(x509.load_der_x509_certificate(der)))
            for sender, der in signing_certificates(name, members[name])
        ]
        of_documents[digest] = [(sender, key) for sender, key in keys if key is not None]
    found = {}
    for digest, name in _by_digest(members, IN_FORCE).items():
        found[digest] = [key for one in json.loads(members[name]).values() for key in of_documents.get(one, [])]
    return found


def _keys_of_login(members, folder, of_lists):
    """The keys of each sender in one login, from what its events name; None stands for all senders."""
    login = json.loads(members[f"{folder}/login.json"])
    if "present" not in login:  # a bundle of before that was kept
        pems = [content for name, content in members.items() if name.startswith(CERTIFICATES)]
        keys = [_rsa_key(x509.load_pem_x509_certificate(pem)) for pem in pems]
        return {None: [key for key in keys if key is not None]}
    named = _named_in_force(members, f"{folder}/events.json")
    found: dict[str, list[rsa.RSAPublicKey]] = {}
    for digest in (*named, *([login["present"]] if login["present"] else [])):
        for sender, key in of_lists.get(digest, []):
            found.setdefault(sender, []).append(key)
    return found


def _of_sender(keys, element):
    """The keys of who says to have sent this."""
    return keys.get(element.findtext(ISSUER), keys.get(None, []))


def _parsed(content):
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _document(content, keys):
    try:
        root = _parsed(content)
        found = []
        for number in range(len(list(root.iter(f"{DS}Signature")))):
            # A copy each time: what is looked at loses its signature.
            copy = _parsed(content)
            signature = list(copy.iter(f"{DS}Signature"))[number]
            problem = _signature(signature, keys)
            found += [f"signature {number + 1}: {problem}"] if problem else []
        return found
    except UNUSABLE as error:
        return [f"cannot be read: {error}"]


def _signature(signature, keys):
    """What is wrong with one enveloped signature; None when nothing is."""
    info, element = signature.find(f"{DS}SignedInfo"), signature.getparent()
    of_sender = _of_sender(keys, element)
    reference = info.find(f"{DS}Reference")
    if reference.get("URI") != f"#{element.get('ID')}":
        return "does not sign the element that it stands in"
    methods = (info.find(f"{DS}SignatureMethod"), reference.find(f"{DS}DigestMethod"))
    if [method.get("Algorithm") for method in methods] != [RSA_SHA256, SHA256]:
        return "uses an algorithm that this program does not know"
    value = base64.b64decode(signature.findtext(f"{DS}SignatureValue"))
    stated = base64.b64decode(reference.findtext(f"{DS}DigestValue"))
    signed, prefixes = _canonical(info, _prefixes(info.find(f"{DS}CanonicalizationMethod"))), []
    for transform in reference.iterfind(f"{DS}Transforms/{DS}Transform"):
        if transform.get("Algorithm") not in {ENVELOPED, EXCLUSIVE}:
            return "uses a transform that this program does not know"
        prefixes += _prefixes(transform)
    _remove(signature)
    if hashlib.sha256(_canonical(element, prefixes)).digest() != stated:
        return "the signed element was changed"
    return None if _verifies(of_sender, value, signed) else "is of no certificate that its sender had"


def _query(content, message, keys):
    """The signature of a redirect covers the raw parameters."""
    pairs = dict(part.partition("=")[::2] for part in content.decode().split("&"))
    if "Signature" not in pairs:
        return ["has no signature"]
    names = [name for name in ("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg") if name in pairs]
    if urllib.parse.unquote_plus(pairs.get("SigAlg", "")) != RSA_SHA256:
        return ["uses an algorithm that this program does not know"]
    signed = "&".join(f"{name}={pairs[name]}" for name in names).encode()
    value = base64.b64decode(urllib.parse.unquote(pairs["Signature"]))
    of_sender = _of_sender(keys, _parsed(message))
    return [] if _verifies(of_sender, value, signed) else ["is signed with no certificate that its sender had"]


def _verifies(keys, value, signed):
    for key in keys:
        try:
            key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def _canonical(element, prefixes):
    return etree.tostring(
        element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=prefixes or None
    )


def _prefixes(element):
    names = element.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
    return names.get("PrefixList", "").split() if names is not None else []


def _remove(element):
    parent, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _public_key(pem):
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise TypeError("not an Ed25519 key")
    return key


def _rsa_key(certificate):
    """The key of a certificate; None for one with which no signature is made that this program knows."""
    key = certificate.public_key()
    return key if isinstance(key, rsa.RSAPublicKey) else None


def fingerprint(pem: bytes) -> str:
    """SHA-256 of a public key (SubjectPublicKeyInfo, DER)."""
    der = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(_public_key(pem).public_bytes(*der)).hexdigest()


def main(arguments: Sequence[str]) -> int:
    """Verify the bundle that the arguments name; gives the exit status."""
    if not 1 <= len(arguments) <= 2:  # noqa: PLR2004  a bundle, and perhaps a key
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        octets, *keys = [Path(name).read_bytes() for name in arguments]
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    found = problems(octets, *keys)
    for line in found:
        sys.stdout.write(f"WRONG  {line}\n")
    if not found:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            told = f"{len(archive.namelist())} members, signed with the key {fingerprint(archive.read(KEY))}"
        sys.stdout.write(f"All is right: {told}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
