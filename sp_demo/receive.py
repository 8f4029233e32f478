"""From the bytes of the broker's answer to content that the broker has signed.

All three levels must be signed, each by the broker: ArtifactResponse, Response, and Assertion where there is one.
The signatures are verified in the document as it came in; what is handed on are the digested bytes, parsed anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml.etree import _Element as Element

from sp_demo import schema, signature, soap, xml
from sp_demo.keys import TrustedKey
from sp_demo.names import STATUS, saml, samlp
from sp_demo.refusal import Reason, Refused

SUCCESS = STATUS + "Success"


@dataclass(frozen=True, slots=True)
class Status:
    """Outcome of a request: `code` and, below it, `detail` are URIs; `message` is free text."""

    code: str
    detail: str | None
    message: str | None

    @property
    def is_stopped(self) -> bool:
        """Whether this is how the scheme says that the user has stopped: of their own accord, or after a refusal.

        The broker's free text may tell which; it is to be shown, not to be relied on.
        """
        return (self.code, self.detail) == (STATUS + "Responder", STATUS + "AuthnFailed")


@dataclass(frozen=True, slots=True)
class Answer:
    """Verified elements, without their signatures; there is an `assertion` exactly when the status is Success.

    `document` is the Response as it came in, for pysaml2.
    """

    artifact_response: Element
    response: Element
    assertion: Element | None
    status: Status
    document: bytes


def read_answer(envelope: bytes, keys: Sequence[TrustedKey], now: datetime) -> Answer:
    """Read a SOAP answer; `keys` are the broker's.

    Raises `Refused`: MALFORMED, UNTRUSTED, or NOTHING_FOUND when the broker has no message for the artifact.
    """
    outer = soap.open_envelope(envelope)
    if outer.tag != samlp("ArtifactResponse"):
        raise Refused(Reason.MALFORMED, f"expected ArtifactResponse, found {outer.tag}")
    schema.validate(outer)
    artifact_response = signature.verify(outer, keys, now)
    if xml.children(artifact_response) == [saml("Issuer"), samlp("Status")]:
        raise Refused(Reason.NOTHING_FOUND, "the artifact has been used, has expired or is unknown")
    _expect_children(artifact_response, [saml("Issuer"), samlp("Status"), samlp("Response")])
    if _read_status(artifact_response).code != SUCCESS:
        raise Refused(Reason.MALFORMED, "an ArtifactResponse with a message must have status Success")
    return _read_response(artifact_response, xml.only_child(outer, samlp("Response")), keys, now)


def _read_response(artifact_response: Element, inner: Element, keys: Sequence[TrustedKey], now: datetime) -> Answer:
    response = signature.verify(inner, keys, now)
    status = _read_status(response)
    assertion = None
    if status.code == SUCCESS:
        _expect_children(response, [saml("Issuer"), samlp("Status"), saml("Assertion")])
        assertion = signature.verify(xml.only_child(inner, saml("Assertion")), keys, now)
    else:
        _expect_children(response, [saml("Issuer"), samlp("Status")])
    return Answer(artifact_response, response, assertion, status, etree.tostring(inner, with_tail=False))


def _read_status(response: Element) -> Status:
    part = xml.only_child(response, samlp("Status"))
    code = xml.only_child(part, samlp("StatusCode"))
    nested = code.find(samlp("StatusCode"))
    return Status(
        code=code.get("Value", ""),
        detail=None if nested is None else nested.get("Value"),
        message=part.findtext(samlp("StatusMessage")),
    )


def _expect_children(element: Element, names: list[str]) -> None:
    if xml.children(element) != names:
        raise Refused(Reason.MALFORMED, f"{element.tag} holds {xml.children(element)}, expected {names}")
