"""The order in which a receiver uses the primitives: nothing is read that a signature does not cover."""

from collections.abc import Sequence

import pytest

from broker.saml import document, names, reading, signature
from broker.saml.faults import Fault, Reason
from broker.saml.keys import VerificationKey

from .donors import SAMLP
from .keyring import NOW, Keys


def subject(data: bytes, keys: Sequence[VerificationKey]) -> str:
    """The NameID of a Response that is signed inside and out."""
    root = document.read(data)
    document.expect_root(root, f"{SAMLP}Response")
    return _subject(signature.verify(root, keys, NOW), keys)


def subject_of_signed_assertion(data: bytes, keys: Sequence[VerificationKey]) -> str:
    """The NameID of a Response of which only the Assertion is signed."""
    root = document.read(data)
    document.expect_root(root, f"{SAMLP}Response")
    return _subject(root, keys)


def subject_of_signed_response(data: bytes, keys: Sequence[VerificationKey]) -> str:
    """The NameID of a Response of which only the whole is signed."""
    root = document.read(data)
    document.expect_root(root, f"{SAMLP}Response")
    return _name_id(reading.one(signature.verify(root, keys, NOW), names.SAML, "Assertion"))


def _subject(root, keys) -> str:
    return _name_id(signature.verify(reading.one(root, names.SAML, "Assertion"), keys, NOW))


def _name_id(assertion) -> str:
    return reading.text(reading.one(reading.one(assertion, names.SAML, "Subject"), names.SAML, "NameID"))


def refusal(element, keys: Keys, position: int = signature.AFTER_ISSUER) -> Reason:
    """Why `verify` refuses `element` as a message of the owner of `keys`."""
    with pytest.raises(Fault) as caught:
        signature.verify(element, [keys.verification], NOW, position=position)
    return caught.value.reason
