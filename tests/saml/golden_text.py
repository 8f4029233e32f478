"""Messages as text to review: in canonical form, indented, with a name for what differs on every run.

Keys are made when the tests run, because no key and no certificate may be among the files of the project; so what a key
makes cannot be kept, and random numbers in an encryption would differ anyway. Whether signatures are right is tested
elsewhere; here stands whose they are, and over what.

a signature value, a digest     (signature), (digest)
the name of a key               whose it is, and for what: (broker signing)
a certificate                   (certificate of broker signing)
a link to a statement           (signature of _id-7), if it is the value of that signature
a ciphertext                    the element that it decrypts to; its key is (key)
a statement in Advice           its issuer and ID: it has a file of its own

A value that is not one of these, the name of an unknown key for one, is shown as it is, and then no run gives the same.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from tests.requester import NS, Pair, opened

LINK = "urn:etoegang:core:LinkedDeclarationSignatureValue"


@dataclass(frozen=True)
class Showing:
    """What is known: names by KeyName and by text of a certificate, keys by KeyName, statements by SignatureValue."""

    names: Mapping[str, str]
    certificates: Mapping[str, str]
    pairs: Mapping[str, Pair]
    signatures: Mapping[str, str]

    @classmethod
    def of(cls, certs: Path, statements: Iterable[etree._Element]) -> "Showing":
        """The parties with certificates below `certs`, and the statements that others link to."""
        pairs = {
            f"{file.parent.name} {file.stem}": Pair.load(file.parent, file.stem)
            for file in sorted(certs.glob("*/*.pem"))
            if file.with_suffix(".key").exists()  # that of the audit log has no certificate
        }
        return cls(
            names={pair.name: f"({name})" for name, pair in pairs.items()},
            certificates={pair.text: f"(certificate of {name})" for name, pair in pairs.items()},
            pairs={pair.name: pair for pair in pairs.values()},
            signatures={
                item.findtext("ds:Signature/ds:SignatureValue", None, NS): f"(signature of {item.get('ID')})"
                for item in statements
            },
        )

    def text(self, message: etree._Element) -> str:
        """`message` as it is kept; it is not touched."""
        shown = _alone(message)
        for value in shown.iterfind(f".//xacml-context:Attribute[@AttributeId='{LINK}']/*", NS):
            value.text = self.signatures.get(value.text, value.text)
        for encrypted in shown.iter("{*}EncryptedID", "{*}EncryptedAttribute"):
            self._open(encrypted)
        for element in shown.iter("{*}SignatureValue", "{*}DigestValue"):
            base64.b64decode(element.text, validate=True)
            element.text = "(signature)" if element.tag.endswith("SignatureValue") else "(digest)"
        for element in shown.iter("{*}KeyName"):
            element.text = self.names.get(element.text, element.text)
        for element in shown.iter("{*}X509Certificate"):
            element.text = self.certificates.get("".join(element.text.split()), element.text)
        etree.indent(shown)
        return etree.tostring(shown, encoding="unicode") + "\n"

    def _open(self, encrypted: etree._Element) -> None:
        pair = self.pairs.get(encrypted.findtext("xenc:EncryptedKey/ds:KeyInfo/ds:KeyName", None, NS))
        if pair is not None:
            content = opened(encrypted, pair)
            value = encrypted.find("xenc:EncryptedData/xenc:CipherData/xenc:CipherValue", NS)
            value.text = None
            value.append(content)
            encrypted.find("xenc:EncryptedKey/xenc:CipherData/xenc:CipherValue", NS).text = "(key)"


def without_evidence(message: etree._Element) -> etree._Element:
    """A copy in which each statement in Advice is a remark about it."""
    short = _alone(message)
    for advice in short.iterfind(".//saml:Advice", NS):
        for statement in advice.findall("saml:Assertion", NS):
            issuer = statement.findtext("saml:Issuer", None, NS)
            advice.replace(statement, etree.Comment(f" Assertion {statement.get('ID')} of {issuer} "))
    return short


def _alone(message: etree._Element) -> etree._Element:
    """A copy in canonical form, which does not depend on what it was part of."""
    options = {"exclusive": True, "with_comments": True, "inclusive_ns_prefixes": ["xacml-saml", "xs"]}
    return etree.fromstring(etree.tostring(message, method="c14n", with_tail=False, **options))
