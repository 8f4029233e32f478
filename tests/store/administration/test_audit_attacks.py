"""Each attack on the audit log is seen, and the first event that is not what it was is named (B-20)."""

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from broker.core.administration.actors import OPERATOR
from broker.core.administration.events import FIRST_LINK, changed, link
from broker.simulator.audit import heads, keys
from broker.simulator.audit.heads import HeadRefused, Notary
from broker.simulator.audit.keys import AuditKey
from broker.simulator.audit.verifying import verify
from broker.store.administration import events
from broker.store.administration.chain import ChainBroken
from broker.store.administration.tables import event_organisations
from broker.store.administration.tables import events as table
from tests.core.register_values import NOON

MINUTE = timedelta(minutes=1)
EVENTS, EACH = 120, 10
SIGNED = 110
COLUMNS = ("number", "document", "digest")


def an_event(number):
    return changed("login.granted", OPERATOR, NOON, about=(), before=None, after=None, object_id=f"login-{number}")


def a_notary(folder):
    private, public = folder / "audit" / "signing.key", folder / "audit" / "public.pem"
    keys.ensure(private, public)
    return Notary(AuditKey.load(private), folder / "heads.jsonl", MINUTE)


@pytest.fixture
def notary(tmp_path):
    return a_notary(tmp_path)


@pytest.fixture
def written(store, notary):
    """Events of which the last are not signed yet."""
    for first in range(1, EVENTS, EACH):
        happened = [an_event(number) for number in range(first, first + EACH)]
        store.write(lambda tx, happened=happened: events.append(tx, happened))
        if first < SIGNED:
            assert heads.sign(notary, store, NOON + first * MINUTE) == EACH
    return store


def broken(store, notary):
    found = verify(store, notary.file, notary.key.public).broken
    return found and found.number


def rows(store):
    asked = sa.select(table.c.number, table.c.document, table.c.digest).order_by(table.c.number)
    return store.read(lambda tx: [tuple(row) for row in tx.execute(asked)])


def rewrite(store, content, first=1):
    """Put other rows in place of all from `first` on, as somebody with all rights on the database can."""

    def transaction(tx):
        tx.execute(sa.delete(event_organisations))
        tx.execute(sa.delete(table).where(table.c.number >= first))
        found = [dict(zip(COLUMNS, row, strict=True), object_id="x") for row in content]
        if found:
            tx.execute(sa.insert(table), found)

    store.write(transaction)


def chained(content, first=1, before=FIRST_LINK):
    """Rows with these documents whose digests are right, as a chain by itself shows nothing of."""
    made = []
    for number, document in enumerate(content, start=first):
        before = link(before, number, document)
        made.append((number, document, before))
    return made


def put(store, number, **values):
    store.write(lambda tx: tx.execute(sa.update(table).where(table.c.number == number).values(**values)))


def test_B20_what_was_not_touched_is_right(written, notary):
    found = verify(written, notary.file, notary.key.public)
    assert (found.broken, found.events, found.signed) == (None, EVENTS, SIGNED)
    assert found.signed_at == NOON + (SIGNED - EACH + 1) * MINUTE


def test_B20_a_changed_byte_is_named_in_any_row_and_any_column(written, notary):
    chance = random.Random(20)
    for number, document, digest in chance.sample(rows(written), 15):
        at = chance.randrange(len(document))
        other = document[:at] + chr(ord(document[at]) ^ chance.choice((1, 2, 4))) + document[at + 1 :]
        put(written, number, document=other)
        assert broken(written, notary) == number
        at = chance.randrange(32)
        spoilt = digest[:at] + bytes([digest[at] ^ 1 << chance.randrange(8)]) + digest[at + 1 :]
        put(written, number, document=document, digest=spoilt)
        assert broken(written, notary) == number
        put(written, number, digest=digest)
    assert broken(written, notary) is None


def test_B20_a_byte_that_is_no_text_is_named_too(written, notary):
    if written.writer.dialect.name == "postgresql":
        return put_in_place_of_text(written, notary, "'\\'")
    for sql in ("CAST(X'FFFE' AS TEXT)", "7", "X'7B7D'"):
        put_in_place_of_text(written, notary, sql)
    return None


def put_in_place_of_text(store, notary, sql):
    old = rows(store)[41]
    store.write(lambda tx: tx.exec_driver_sql(f"UPDATE events SET document = {sql} WHERE number = 42"))
    assert broken(store, notary) == 42
    put(store, 42, document=old[1])


def test_B20_a_row_that_is_gone_swapped_or_put_in_between_is_named(written, notary):
    genuine, chance = rows(written), random.Random(21)
    for number in chance.sample(range(1, SIGNED), 2):
        without = [row for row in genuine if row[0] != number]
        rewrite(written, without)
        assert broken(written, notary) == number
        closed_up = [(at, *row[1:]) for at, row in enumerate(without, start=1)]
        rewrite(written, closed_up)
        assert broken(written, notary) == number
        (_, one, _), (_, other, _) = genuine[number - 1 : number + 1]
        rewrite(written, genuine)
        put(written, number, document=other)
        put(written, number + 1, document=one)
        assert broken(written, notary) == number
        forged = [row[1] for row in genuine]
        forged.insert(number - 1, forged[0])
        rewrite(written, chained(forged))
        # In front of the first a copy of the first changes what is second.
        assert broken(written, notary) == max(number, 2)
    rewrite(written, [(0, *genuine[0][1:]), *genuine])
    assert broken(written, notary) == 0


def test_B20_a_tail_that_is_cut_off_is_named_from_its_first_event_on(written, notary):
    genuine = rows(written)
    for cut in (1, 2, 50, SIGNED):
        rewrite(written, genuine[: SIGNED - cut] or [])
        assert broken(written, notary) == SIGNED - cut + 1


def test_B20_a_chain_that_is_computed_anew_is_named_from_the_first_change_on(written, notary):
    genuine = rows(written)
    for number in (1, 57, SIGNED):
        content = [row[1] for row in genuine]
        content[number - 1] = content[number - 1].replace("granted", "refused")
        rewrite(written, chained(content))
        assert broken(written, notary) == number


def test_B20_heads_signed_with_another_key_vouch_for_nothing(written, notary, tmp_path):
    content = [row[1].replace("granted", "refused") for row in rows(written)]
    rewrite(written, chained(content))
    forger = a_notary(tmp_path / "forger")
    assert heads.sign(forger, written, NOON) == EVENTS
    genuine = notary.file.read_bytes().splitlines(keepends=True)
    shutil.copy(forger.file, notary.file)
    assert broken(written, notary) == 1
    # Some genuine heads in front: these are not of this chain.
    notary.file.write_bytes(b"".join(genuine[:3]) + forger.file.read_bytes())
    assert broken(written, notary) == 1


def test_B20_a_head_that_is_gone_or_changed_leaves_a_gap(written, notary):
    genuine = notary.file.read_bytes().splitlines(keepends=True)
    for at in (0, 4):
        notary.file.write_bytes(b"".join(genuine[:at] + genuine[at + 1 :]))
        assert broken(written, notary) == at * EACH + 1
        notary.file.write_bytes(
            b"".join([*genuine[:at], genuine[at].replace(b'"last":', b'"last": '), *genuine[at + 1 :]])
        )
        assert broken(written, notary) == at * EACH + 1
    notary.file.unlink()
    assert broken(written, notary) == 1


def test_B20_an_older_copy_that_was_put_back_is_named_and_never_signed(written, notary):
    older = rows(written)[:50]
    rewrite(written, older)
    assert broken(written, notary) == 51
    with pytest.raises(ChainBroken):
        heads.sign(notary, written, NOON + timedelta(days=1))
    # Not even when it has grown past the last head since.
    later = [f"{number}" for number in range(100)]
    rewrite(written, [*older, *chained(later, 51, older[-1][2])])
    assert broken(written, notary) == 51
    with pytest.raises(ChainBroken):
        heads.sign(notary, written, NOON + timedelta(days=1))


def test_B20_a_chain_that_is_broken_behind_the_last_head_is_not_signed(written, notary):
    put(written, EVENTS, document="{}")
    before = notary.file.read_bytes()
    with pytest.raises(ChainBroken) as caught:
        heads.sign(notary, written, NOON + timedelta(days=1))
    assert caught.value.number == EVENTS == broken(written, notary)
    assert notary.file.read_bytes() == before


def test_B20_nobody_signs_behind_a_head_of_somebody_else(written, notary, tmp_path):
    forger = a_notary(tmp_path / "forger")
    heads.sign(forger, written, NOON)
    shutil.copy(forger.file, notary.file)
    with pytest.raises(HeadRefused):
        heads.sign(notary, written, NOON + timedelta(days=1))


def test_heads_are_signed_at_their_interval_or_at_once_and_a_line_cut_short_is_written_again(written, notary):
    last = NOON + (SIGNED - EACH + 1) * MINUTE
    assert heads.sign(notary, written, last + MINUTE / 2) == 0
    assert heads.sign(notary, written, last + MINUTE / 2, at_once=True) == EVENTS - SIGNED
    assert heads.sign(notary, written, last + timedelta(days=1)) == 0
    whole = notary.file.read_bytes()
    notary.file.write_bytes(whole[:-20])
    assert heads.sign(notary, written, last + MINUTE / 2, at_once=True) == EVENTS - SIGNED
    assert notary.file.read_bytes() == whole
    assert notary.file.stat().st_mode & 0o777 == 0o600


def test_B20_of_several_that_sign_at_once_each_event_is_signed_by_one(written, notary):
    with ThreadPoolExecutor(4) as pool:
        signed = list(pool.map(lambda _: heads.sign(notary, written, NOON, at_once=True), range(4)))
    assert sorted(signed) == [0, 0, 0, EVENTS - SIGNED]
    assert broken(written, notary) is None


def test_many_events_get_several_heads(store, notary, monkeypatch):
    monkeypatch.setattr(heads, "MOST", 4)
    store.write(lambda tx: events.append(tx, [an_event(number) for number in range(10)]))
    assert heads.sign(notary, store, NOON) == 10
    found = list(heads.read_file(notary.file, notary.key.public))
    assert [(head.first, head.last) for head in found] == [(1, 4), (5, 8), (9, 10)]
    assert broken(store, notary) is None
