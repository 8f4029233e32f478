"""Documents that events name by their digest."""

import pytest
import sqlalchemy as sa

from broker.core.in_force import Document, listed_in, listing_of
from broker.store.audit import in_force
from broker.store.audit.in_force import Altered
from broker.store.audit.tables import documents_in_force

FIRST, SECOND = Document.of("network", b"<x>\xff\x00</x>"), Document.of("service", b"")


def test_a_document_is_kept_once_byte_for_byte(store):
    assert not store.read(lambda tx: in_force.is_kept(tx, FIRST.sha256))
    for documents in ((FIRST,), (FIRST, SECOND), (SECOND, SECOND)):
        store.write(lambda tx, documents=documents: in_force.keep(tx, documents))
    assert store.read(in_force.all_digests) == tuple(sorted((FIRST.sha256, SECOND.sha256)))
    assert store.read(lambda tx: in_force.is_kept(tx, FIRST.sha256))
    assert store.read(lambda tx: in_force.get(tx, FIRST.sha256)) == FIRST


def test_one_that_is_gone_or_changed_is_not_given(store):
    store.write(lambda tx: in_force.keep(tx, (FIRST,)))
    with pytest.raises(Altered, match=f"{SECOND.sha256}: is missing"):
        store.read(lambda tx: in_force.get(tx, SECOND.sha256))
    store.write(lambda tx: tx.execute(sa.update(documents_in_force).values(octets=b"<y/>")))
    with pytest.raises(Altered, match=r"\(network\): is not what was written"):
        store.read(lambda tx: in_force.get(tx, FIRST.sha256))


def test_a_list_names_documents_whatever_their_order():
    digests = {one.name: one.sha256 for one in (FIRST, SECOND)}
    listing = listing_of(digests)
    assert listing == listing_of(dict(reversed(digests.items())))
    assert listed_in(listing) == digests
    assert listing != listing_of({**digests, "service": FIRST.sha256})
