"""A second opinion on signatures: signxml, which shares lxml with the broker and nothing else.

Both are asked whether the one signature that stands directly in the root covers the whole, with the key of one sender,
and what it covers. They agree when both say no, or both say yes to the same content. Schemas of messages, which the
broker checks as well, are left out: this is about the signature.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_der_x509_certificate
from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLVerifier
from signxml.exceptions import SignXMLException

from broker.saml import document, signature
from broker.saml.faults import Fault
from broker.saml.keys import VerificationKey
from tests.mutants import driver
from tests.mutants.targets import Target
from tests.mutants.world import World

AGREED_NO, AGREED_YES, CONTRADICTED = "both refuse", "both accept the same", "both accept, but not the same"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The content that is proven as canonical bytes, or None and `why` not in one word."""

    content: bytes | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Judges:
    """The sender's `key`, the moment, and where its signatures stand."""

    key: VerificationKey
    moment: datetime
    position: int = signature.AFTER_ISSUER

    def broker(self, data: bytes) -> Verdict:
        """What the broker says; `why` is the reason of the `Fault`."""
        try:
            proven = signature.verify(document.read(data), [self.key], self.moment, position=self.position)
        except Fault as fault:
            return Verdict(None, fault.reason.value)
        return Verdict(document.canonical(proven))

    def signxml(self, data: bytes) -> Verdict:
        """What signxml says; `why` is the name of what it raises."""
        certificate = load_der_x509_certificate(self.key.certificate.der)
        wanted = SignatureConfiguration(
            signature_methods=frozenset({SignatureMethod.RSA_SHA256}),
            digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
            location="./",
            verification_time=self.moment,
        )
        try:
            result = XMLVerifier().verify(data, x509_cert=certificate, id_attribute="ID", expect_config=wanted)
        except (SignXMLException, etree.LxmlError, InvalidSignature, ValueError, TypeError) as error:
            # TypeError is what it raises on an empty SignatureValue.
            return Verdict(None, type(error).__name__)
        if isinstance(result, list) or result.signed_xml is None:
            return Verdict(None, "NotOneDocument")
        if result.signed_xml.get("ID") != etree.fromstring(data).get("ID"):
            return Verdict(None, "CoversSomethingElse")
        return Verdict(etree.tostring(result.signed_xml, method="c14n", exclusive=True, with_comments=False))

    def compare(self, data: bytes) -> str:
        """How they agree, or the kind of their difference: who refuses alone, and why."""
        broker, other = self.broker(data), self.signxml(data)
        if broker.content is None:
            return AGREED_NO if other.content is None else f"broker: {broker.why}"
        if other.content is None:
            return f"signxml: {other.why}"
        return AGREED_YES if broker.content == other.content else CONTRADICTED


def judges(world: World) -> dict[str, Judges]:
    """Who is asked about the mutants of which target: those that are signed documents."""
    key, moment = VerificationKey.of, world.moment
    return {
        "response": Judges(key(world.stub.issuer.signing.certificate), moment),
        "request": Judges(key(world.asker_key.certificate), moment),
        "metadata": Judges(key(world.asker_key.certificate), moment, signature.FIRST),
        "network": Judges(key(world.authority.certificate), moment, signature.FIRST),
    }


def opinions(asked: Judges, target: Target, seeds: Iterable[int]) -> Counter[str]:
    """How often they agree and differ about the mutants of `seeds`."""
    made = (driver.mutant(target, seed).xml for seed in seeds)
    return Counter(asked.compare(data) for data in made if data is not None)
