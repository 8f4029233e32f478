"""Specific pseudonyms: what a service provider knows the acting person by (ActingSubjectID).

etd Specific pseudonym: 32 bytes in hexadecimal, `@`, 16 bytes in hexadecimal. It differs per service provider, per
person and per organisation that authorised the person. In a chain that organisation is the intermediary, so one
person has one ActingSubjectID for all clients; sources of the scheme conflict on this, so it is a setting.
"""

import hashlib
import hmac
from typing import Literal

from broker.core.identifiers import InternalPseudonym, Oin
from broker.core.links import ChainLink, Link

PseudonymScope = Literal["authorising-org", "full-chain"]


def specific_pseudonym(
    secret: bytes, provider: Oin, internal: InternalPseudonym, link: Link, scope: PseudonymScope
) -> str:
    """The pseudonym, 97 characters, of the holder of `internal` at `provider` for the organisation behind `link`."""
    if isinstance(link, ChainLink):
        client = f"|{link.client.id}" if scope == "full-chain" else ""
        return _pseudonym(secret, provider, internal, link.intermediary.id + client)
    return direct_pseudonym(secret, provider, internal, link.organisation.id)


def direct_pseudonym(secret: bytes, provider: Oin, internal: InternalPseudonym, organisation_id: str) -> str:
    """The same for who acts for the organisation with this id itself."""
    return _pseudonym(secret, provider, internal, organisation_id)


def _pseudonym(secret: bytes, provider: Oin, internal: InternalPseudonym, organisation: str) -> str:
    person = _digest(secret, f"{provider}|{internal}|{organisation}")
    return f"{person}@{_digest(secret, f'{provider}|{organisation}')[:32]}"


def _digest(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest().upper()
