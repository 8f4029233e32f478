"""The other side of the HTTP-Artifact binding: we ask a service provider for the message behind its artifact.

SAML bindings 3.6.3 and 3.6.6; SAML core 3.5. The broker's own artifacts are in `artifact`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from broker.saml import names, reading, response
from broker.saml.build import child, element, instant
from broker.saml.faults import BindingReason, Fault
from broker.saml.response import Status

RESPONSE_TAG: Final = f"{{{names.SAMLP}}}ArtifactResponse"
# Nothing but an artifact and RelayState belongs in this form; an artifact is 60 characters.
_FOREIGN: Final = ("SAMLRequest", "SAMLResponse", "SAMLEncoding", "SigAlg", "Signature")
_MAX_FIELD: Final = 256
_HEAD: Final = (
    f"{{{names.SAML}}}Issuer",
    f"{{{names.DS}}}Signature",
    f"{{{names.SAMLP}}}Extensions",
    f"{{{names.SAMLP}}}Status",
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a form or an address delivered: an artifact as text, and RelayState exactly as it was."""

    artifact: str
    relay_state: str | None


def read_delivery(fields: Mapping[str, Sequence[str]]) -> Delivered:
    """Take the artifact out of a form or a query, decoded; raises `Fault`. Each field may be there once."""
    if any(len(fields.get(field, ())) > 1 for field in ("SAMLart", "RelayState")):
        raise Fault(BindingReason.PARAMETERS, "a field is repeated")
    foreign = [field for field in _FOREIGN if field in fields]
    if foreign:
        raise Fault(BindingReason.PARAMETERS, f"{foreign[0]} does not belong here")
    text = fields.get("SAMLart", ("",))[0]
    if not 0 < len(text) <= _MAX_FIELD:
        raise Fault(BindingReason.PARAMETERS, f"SAMLart of {len(text)} characters")
    relay_state = fields.get("RelayState")
    return Delivered(text, relay_state[0] if relay_state else None)


def write_resolve(*, id_: str, issuer: str, destination: str, moment: datetime, artifact_: str) -> etree._Element:
    """The unsigned ArtifactResolve."""
    attributes = {
        "ID": id_,
        "Version": names.VERSION,
        "IssueInstant": instant(moment),
        "Destination": destination,
    }
    root = element(names.SAMLP, "ArtifactResolve", attributes, "saml")
    child(root, names.SAML, "Issuer", text=issuer)
    child(root, names.SAMLP, "Artifact", text=artifact_)
    return root


@dataclass(frozen=True, slots=True)
class ArtifactResponse:
    """A service provider's answer; `message` is what stood behind the artifact, None when there was nothing."""

    id: str
    version: str
    issue_instant: datetime
    issuer: str
    in_response_to: str | None
    status: Status
    message: etree._Element | None


def read_response(root: etree._Element) -> ArtifactResponse:
    """Read verified content; raises `Fault`."""
    behind_status = [item for item in root if item.tag not in _HEAD]
    return ArtifactResponse(
        id=reading.attribute(root, "ID"),
        version=reading.attribute(root, "Version"),
        issue_instant=reading.moment(root, "IssueInstant"),
        issuer=reading.text(reading.one(root, names.SAML, "Issuer")),
        in_response_to=root.get("InResponseTo"),
        status=response.read_status(reading.one(root, names.SAMLP, "Status")),
        message=behind_status[0] if behind_status else None,
    )
