"""`samlp:LogoutRequest` and `samlp:LogoutResponse` (SAML core 3.7; etd Single log-out).

The scheme's table of these messages could not be read; what is read and written here is what SAML asks for. A request
names the login by the NameID of its assertion.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from broker.saml import names, reading, response
from broker.saml.build import child, element, instant
from broker.saml.response import Status

REQUEST_TAG: Final = f"{{{names.SAMLP}}}LogoutRequest"
RESPONSE_TAG: Final = f"{{{names.SAMLP}}}LogoutResponse"


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """A request to end the login that `name_id` names; None when it names it in another way (BaseID, EncryptedID).

    `not_on_or_after` is until when the sender wants it to count; `session_indexes` are not needed to find the login.
    """

    id: str
    version: str
    issue_instant: datetime
    issuer: str
    name_id: str | None
    issuer_is_plain: bool = True
    destination: str | None = None
    not_on_or_after: datetime | None = None
    name_qualifier: str | None = None
    session_indexes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogoutResponse:
    """The outcome of a LogoutRequest."""

    id: str
    version: str
    issue_instant: datetime
    issuer: str
    in_response_to: str | None
    destination: str | None
    status: Status
    issuer_is_plain: bool = True


def read_request(root: etree._Element) -> LogoutRequest:
    """Read verified content; raises `Fault`."""
    issuer = reading.one(root, names.SAML, "Issuer")
    name_id = reading.optional(root, names.SAML, "NameID")
    return LogoutRequest(
        id=reading.attribute(root, "ID"),
        version=reading.attribute(root, "Version"),
        issue_instant=reading.moment(root, "IssueInstant"),
        issuer=reading.text(issuer),
        issuer_is_plain=not issuer.attrib,
        destination=root.get("Destination"),
        not_on_or_after=reading.moment(root, "NotOnOrAfter") if root.get("NotOnOrAfter") is not None else None,
        name_id=None if name_id is None else reading.text(name_id),
        name_qualifier=None if name_id is None else name_id.get("NameQualifier"),
        session_indexes=tuple(reading.text(item) for item in root.findall(f"{{{names.SAMLP}}}SessionIndex")),
    )


def read_response(root: etree._Element) -> LogoutResponse:
    """Read verified content; raises `Fault`."""
    issuer = reading.one(root, names.SAML, "Issuer")
    return LogoutResponse(
        id=reading.attribute(root, "ID"),
        version=reading.attribute(root, "Version"),
        issue_instant=reading.moment(root, "IssueInstant"),
        issuer=reading.text(issuer),
        issuer_is_plain=not issuer.attrib,
        in_response_to=root.get("InResponseTo"),
        destination=root.get("Destination"),
        status=response.read_status(reading.one(root, names.SAMLP, "Status")),
    )


def write_request(request: LogoutRequest) -> etree._Element:
    """The unsigned element, for a login with a transient NameID; the signature belongs directly behind Issuer."""
    root = _begin("LogoutRequest", request, {"Destination": request.destination})
    naming = {"Format": names.NAMEID_TRANSIENT, "NameQualifier": request.name_qualifier}
    given = {name: value for name, value in naming.items() if value is not None}
    child(root, names.SAML, "NameID", given, request.name_id)
    for index in request.session_indexes:
        child(root, names.SAMLP, "SessionIndex", text=index)
    return root


def write_response(answer: LogoutResponse) -> etree._Element:
    """The unsigned element; the signature belongs directly behind Issuer."""
    references = {"InResponseTo": answer.in_response_to, "Destination": answer.destination}
    root = _begin("LogoutResponse", answer, references)
    response.write_status(root, answer.status)
    return root


def _begin(name: str, message: LogoutRequest | LogoutResponse, optional: dict[str, str | None]) -> etree._Element:
    attributes = {"ID": message.id, "Version": message.version, "IssueInstant": instant(message.issue_instant)}
    attributes |= {key: value for key, value in optional.items() if value is not None}
    root = element(names.SAMLP, name, attributes, "saml")
    child(root, names.SAML, "Issuer", text=message.issuer)
    return root
