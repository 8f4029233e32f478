"""`samlp:Response` and its status: the broker's answer to a service provider, and an authentication service's to us."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from broker.saml import names, reading
from broker.saml.build import child, element, instant

TAG: Final = f"{{{names.SAMLP}}}Response"


@dataclass(frozen=True, slots=True)
class Status:
    """A status: top-level code, second-level code and message, the last two optional (etd Error handling)."""

    code: str
    second: str | None = None
    message: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the top-level code is Success."""
        return self.code == names.STATUS_SUCCESS


SUCCESS: Final = Status(names.STATUS_SUCCESS)


def authn_failed(message: str) -> Status:
    """Responder/AuthnFailed: the user cancelled or could not be authenticated."""
    return Status(names.STATUS_RESPONDER, names.STATUS_AUTHN_FAILED, message)


def request_unsupported(message: str) -> Status:
    """Requester/RequestUnsupported: the request asks for what cannot be."""
    return Status(names.STATUS_REQUESTER, names.STATUS_REQUEST_UNSUPPORTED, message)


@dataclass(frozen=True, slots=True)
class Response:
    """The envelope of an answer; `assertions` are the elements directly below it, in order."""

    id: str
    version: str
    issue_instant: datetime
    issuer: str
    in_response_to: str | None
    destination: str | None
    status: Status
    issuer_is_plain: bool = True
    has_extensions: bool = False
    assertions: tuple[etree._Element, ...] = ()
    encrypted_assertions: int = 0


def read(root: etree._Element) -> Response:
    """Read verified content; raises `Fault`."""
    issuer = reading.one(root, names.SAML, "Issuer")
    return Response(
        id=reading.attribute(root, "ID"),
        version=reading.attribute(root, "Version"),
        issue_instant=reading.moment(root, "IssueInstant"),
        issuer=reading.text(issuer),
        issuer_is_plain=not issuer.attrib,
        in_response_to=root.get("InResponseTo"),
        destination=root.get("Destination"),
        status=read_status(reading.one(root, names.SAMLP, "Status")),
        has_extensions=reading.optional(root, names.SAMLP, "Extensions") is not None,
        assertions=tuple(root.findall(f"{{{names.SAML}}}Assertion")),
        encrypted_assertions=len(root.findall(f"{{{names.SAML}}}EncryptedAssertion")),
    )


def read_status(status: etree._Element) -> Status:
    """Read `samlp:Status`; a third level of codes is dropped."""
    code = reading.one(status, names.SAMLP, "StatusCode")
    second = reading.optional(code, names.SAMLP, "StatusCode")
    message = reading.optional(status, names.SAMLP, "StatusMessage")
    return Status(
        code=reading.attribute(code, "Value"),
        second=None if second is None else reading.attribute(second, "Value"),
        message=None if message is None else reading.text(message),
    )


def write_status(parent: etree._Element, status: Status) -> None:
    """Append `samlp:Status` to `parent`."""
    element_ = child(parent, names.SAMLP, "Status")
    code = child(element_, names.SAMLP, "StatusCode", {"Value": status.code})
    if status.second is not None:
        child(code, names.SAMLP, "StatusCode", {"Value": status.second})
    if status.message is not None:
        child(element_, names.SAMLP, "StatusMessage", text=status.message)


def write(response: Response) -> etree._Element:
    """The unsigned element with its assertions moved into it; the signature belongs directly behind Issuer."""
    attributes = {
        "ID": response.id,
        "Version": response.version,
        "IssueInstant": instant(response.issue_instant),
        "InResponseTo": response.in_response_to,
        "Destination": response.destination,
    }
    given = {name: value for name, value in attributes.items() if value is not None}
    root = element(names.SAMLP, "Response", given, "saml", "xs", "xsi")
    child(root, names.SAML, "Issuer", text=response.issuer)
    write_status(root, response.status)
    root.extend(response.assertions)
    return root
