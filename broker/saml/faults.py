"""What the primitives of this layer raise. Each fault carries one stable reason; `broker.rules` gives it an id, a
severity, a clause and words. Nothing here is shown to a sender.
"""

from enum import Enum
from typing import Final

# Details quote what was sent; a log line must not grow with it.
_DETAIL_LENGTH: Final = 500
_WHAT_LENGTH: Final = 300


class Fault(Exception):
    """A message that could not be read or trusted: a `reason`, and a detail for the log of the login."""

    def __init__(self, reason: "Reason", detail: str = "") -> None:
        detail = detail[:_DETAIL_LENGTH]
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail


class DocumentReason(Enum):
    """Why bytes are not a document that may be looked at."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_UTF8 = "not-utf8"
    XML_DECLARATION = "xml-declaration"
    DOCTYPE = "doctype"
    NOT_WELL_FORMED = "not-well-formed"
    FOREIGN_NODE = "foreign-node"
    TOO_MANY_ELEMENTS = "too-many-elements"
    TOO_DEEP = "too-deep"
    TOO_MANY_ATTRIBUTES = "too-many-attributes"
    TOO_MANY_NAMESPACES = "too-many-namespaces"
    RELATIVE_NAMESPACE = "relative-namespace"
    DUPLICATE_ID = "duplicate-id"
    FOREIGN_ID = "foreign-id"
    MALFORMED_ID = "malformed-id"
    WRONG_ROOT = "wrong-root"
    SCHEMA = "schema"


class SignatureReason(Enum):
    """Why a signature does not prove what would be read."""

    MISSING = "missing"
    POSITION = "position"
    STRUCTURE = "structure"
    CANONICALIZATION = "canonicalization"
    ALGORITHM = "algorithm"
    REFERENCE = "reference"
    TRANSFORMS = "transforms"
    DIGEST_METHOD = "digest-method"
    KEY_INFO = "key-info"
    NO_KEY = "no-key"
    CERTIFICATE = "certificate"
    INVALID = "invalid"
    DIGEST = "digest"


class EncryptionReason(Enum):
    """Why an encrypted element could not be opened; all look alike from outside."""

    STRUCTURE = "structure"
    ALGORITHM = "algorithm"
    RECIPIENT = "recipient"
    UNDECIPHERABLE = "undecipherable"
    CONTENT = "content"


class BindingReason(Enum):
    """Why the transport did not deliver exactly one message."""

    PARAMETERS = "parameters"
    BASE64 = "base64"
    COMPRESSION = "compression"
    ENVELOPE = "envelope"
    ARTIFACT = "artifact"
    UNANSWERED = "unanswered"


class ContentReason(Enum):
    """Why schema-valid, trusted content is still not a message of the kind that was expected."""

    MISSING = "missing"
    MALFORMED = "malformed"
    REPEATED = "repeated"


class MetadataReason(Enum):
    """Why schema-valid metadata may not be used."""

    ENTITY = "entity"
    ROLE = "role"
    KEY = "key"
    RECIPIENT = "recipient"
    ENDPOINT = "endpoint"
    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    VALIDITY = "validity"
    NAME = "name"
    OLDER = "older"
    SOURCE = "source"


Reason = DocumentReason | SignatureReason | EncryptionReason | BindingReason | ContentReason | MetadataReason


class MetadataRejected(Fault):
    """Metadata that may not be used, in one line: the reason, where, what is wrong, and the clause that says so."""

    def __init__(self, reason: Reason, where: str, what: str, clause: str) -> None:
        what = " ".join(what.split())[:_WHAT_LENGTH]
        super().__init__(reason, f"{where}: {what} ({clause})")
        self.where = where
        self.what = what
        self.clause = clause
