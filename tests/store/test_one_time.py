"""What may happen once: a message id, an artifact."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broker.store import artifacts, replay
from broker.store.artifacts import WaitingAnswer
from broker.store.digest import digest_of
from broker.store.errors import AlreadyClaimed
from tests.core.register_values import NOON

SP, OTHER_SP = "urn:etoegang:DV:00000099000000110000:entities:9001", "urn:other"
DIGEST, PAYLOAD, SOON = b"\x00\xff" * 16, b"<Response>\x00\xff</Response>", NOON + timedelta(minutes=2)


def claim(store, *named):
    store.write(lambda tx: replay.claim(tx, *(named or ("AuthnRequest", SP, "_1")), SOON))


def test_a_message_id_is_claimed_once(store):
    claim(store)
    with pytest.raises(AlreadyClaimed, match=r"AuthnRequest '_1' of"):
        claim(store)


def test_the_same_id_of_another_kind_or_issuer_is_another_id(store):
    claim(store)
    claim(store, "Assertion", SP, "_1")
    claim(store, "AuthnRequest", OTHER_SP, "_1")
    claim(store, "AuthnRequest", SP, "_2")


@pytest.mark.parametrize("message_id", ["_" + "x" * 200_000, "nul\x00", "\ud800", "✓", ""])
def test_any_text_can_be_claimed_and_is_then_claimed(store, message_id):
    claim(store, "AuthnRequest", SP, message_id)
    with pytest.raises(AlreadyClaimed):
        claim(store, "AuthnRequest", SP, message_id)


@given(st.tuples(*[st.text()] * 3), st.tuples(*[st.text()] * 3))
@example(("AuthnRequest", "sp", "_1"), ("AuthnRequest", "sp_", "1"))
def test_different_messages_never_share_a_claim(one, other):
    assert (digest_of(*one) == digest_of(*other)) is (one == other)


def test_a_claim_stands_until_it_is_purged(store):
    claim(store)
    assert store.write(lambda tx: replay.purge(tx, SOON - timedelta(seconds=1))) == 0
    with pytest.raises(AlreadyClaimed):
        claim(store)
    assert store.write(lambda tx: replay.purge(tx, SOON)) == 1
    claim(store)


def put(store):
    store.write(lambda tx: artifacts.put(tx, DIGEST, WaitingAnswer(SP, PAYLOAD, SOON, "login")))


def take(store, digest=DIGEST, service_provider=SP, now=NOON):
    taken = store.write(lambda tx: artifacts.claim(tx, digest, service_provider, now))
    return taken and taken.payload


def test_an_artifact_gives_its_payload_once(store):
    put(store)
    assert take(store) == PAYLOAD
    assert take(store) is None


def test_an_unknown_artifact_gives_nothing(store):
    put(store)
    assert take(store, digest=b"\x01" * 32) is None
    assert take(store) == PAYLOAD


def test_an_artifact_of_somebody_else_gives_nothing_and_is_spent(store):
    put(store)
    assert take(store, service_provider=OTHER_SP) is None
    assert take(store) is None


def test_an_expired_artifact_gives_nothing(store):
    put(store)
    assert take(store, now=SOON) is None
    put(store)
    assert take(store, now=SOON - timedelta(microseconds=1)) == PAYLOAD


def test_expired_artifacts_are_forgotten(store):
    put(store)
    assert store.write(lambda tx: artifacts.delete_expired(tx, SOON - timedelta(seconds=1))) == 0
    assert store.write(lambda tx: artifacts.delete_expired(tx, SOON)) == 1
    assert take(store) is None
