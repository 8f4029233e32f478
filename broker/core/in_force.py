"""What was in force when something happened: metadata and the catalogue, told apart by the digest of their octets."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

LISTING: Final = "in-force"
"""What a list of documents is called."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it stands in a file or a message: what it is to the login, and its octets.

    `sha256` is that of the octets, in lower-case hexadecimal.
    """

    name: str
    octets: bytes = field(repr=False)
    sha256: str

    @classmethod
    def of(cls, name: str, octets: bytes) -> "Document":
        """The document that these octets are."""
        return cls(name, octets, sha256(octets).hexdigest())


def listing_of(digests: Mapping[str, str]) -> Document:
    """The document that names others, each by its name and digest: one digest then stands for all."""
    text = json.dumps(dict(digests), sort_keys=True, separators=(",", ":"))
    return Document.of(LISTING, text.encode())


def listed_in(listing: Document) -> Mapping[str, str]:
    """The digests that a list names, by name of the document."""
    found: dict[str, str] = json.loads(listing.octets)
    return found


def digests_of(documents: Iterable[Document]) -> Mapping[str, str]:
    """Of each of these documents its digest, by name."""
    return {one.name: one.sha256 for one in documents}
