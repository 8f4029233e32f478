"""Who signs what an invitation asked for, each by a link of their own."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from broker.store.administration.tables import signing_links

_column = signing_links.c


@dataclass(frozen=True, slots=True)
class SigningLink:
    """A representative, named by KVK, who signs or has signed. The link holds a secret of which this is the digest."""

    id: str
    invitation_id: str
    mandate_id: str
    representative: str
    email: str
    token_digest: bytes
    signed_at: datetime | None = None


def by_token(tx: sa.Connection, digest: bytes) -> SigningLink | None:
    """The link that holds the secret with this digest."""
    row = tx.execute(sa.select(signing_links).where(_column.token_digest == digest)).mappings().one_or_none()
    return SigningLink(**row) if row else None


def of_invitation(tx: sa.Connection, invitation_id: str) -> tuple[SigningLink, ...]:
    """Everybody who signs or has signed, by name."""
    found = sa.select(signing_links).where(_column.invitation_id == invitation_id)
    rows = tx.execute(found.order_by(_column.representative, _column.id)).mappings()
    return tuple(SigningLink(**row) for row in rows)


def insert(tx: sa.Connection, new: SigningLink) -> None:
    """Store a new link."""
    row = {column.name: getattr(new, column.name) for column in signing_links.c}
    tx.execute(sa.insert(signing_links), row)


def mark_signed(tx: sa.Connection, link_id: str, moment: datetime) -> None:
    """The representative has signed."""
    tx.execute(sa.update(signing_links).where(_column.id == link_id).values(signed_at=moment))


def remove(tx: sa.Connection, invitation_id: str) -> None:
    """Forget all links of an invitation: nothing comes of it."""
    tx.execute(sa.delete(signing_links).where(_column.invitation_id == invitation_id))
