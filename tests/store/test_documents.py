"""Registered metadata, byte for byte."""

from datetime import timedelta
from hashlib import sha256

from broker.store import documents
from broker.store.documents import RegisteredDocument
from tests.core.register_values import NOON

ENTITY, XML = "urn:etoegang:DV:00000099000000110000:entities:9001", b"<?xml version='1.0'?>\r\n<x>\xff\x00</x>"


def test_a_document_comes_back_byte_for_byte(store):
    put = store.write(lambda tx: documents.put(tx, "sp", ENTITY, XML, NOON))
    assert put == RegisteredDocument("sp", ENTITY, XML, sha256(XML).hexdigest(), NOON)
    assert store.read(lambda tx: documents.find(tx, "sp", ENTITY)) == put


def test_kind_and_entity_together_name_a_document(store):
    store.write(lambda tx: documents.put(tx, "sp", ENTITY, XML, NOON))
    assert store.read(lambda tx: documents.find(tx, "as", ENTITY)) is None
    assert store.read(lambda tx: documents.find(tx, "sp", "urn:x")) is None


def test_a_document_is_replaced(store):
    store.write(lambda tx: documents.put(tx, "sp", ENTITY, XML, NOON))
    later = store.write(lambda tx: documents.put(tx, "sp", ENTITY, b"<new/>", NOON + timedelta(1)))
    assert store.read(lambda tx: documents.find(tx, "sp", ENTITY)) == later
    assert store.read(lambda tx: documents.list_ids(tx, "sp")) == (ENTITY,)


def test_the_ids_of_a_kind_are_listed_in_order(store):
    for kind, entity in (("sp", "urn:b"), ("sp", "urn:a"), ("as", "urn:c")):
        store.write(lambda tx, kind=kind, entity=entity: documents.put(tx, kind, entity, XML, NOON))
    assert store.read(lambda tx: documents.list_ids(tx, "sp")) == ("urn:a", "urn:b")
    assert store.read(lambda tx: documents.list_ids(tx, "none")) == ()
    assert [item.entity_id for item in store.read(lambda tx: documents.list_all(tx, "sp"))] == ["urn:a", "urn:b"]
    assert store.read(lambda tx: documents.list_all(tx, "none")) == ()


def test_a_document_is_forgotten_once(store):
    store.write(lambda tx: documents.put(tx, "sp", ENTITY, XML, NOON))
    assert not store.write(lambda tx: documents.delete(tx, "as", ENTITY))
    assert store.write(lambda tx: documents.delete(tx, "sp", ENTITY))
    assert not store.write(lambda tx: documents.delete(tx, "sp", ENTITY))
    assert store.read(lambda tx: documents.find(tx, "sp", ENTITY)) is None
