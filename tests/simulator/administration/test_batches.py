"""Bulk invitations from a file: looked at first, carried out in parts, and taken up again wherever they stopped."""

import csv
import threading
import tracemalloc
from dataclasses import replace
from io import BytesIO, StringIO

import pytest

from broker.core.administration.actors import OPERATOR
from broker.core.administration.batch_file import COLUMNS, FileRefused
from broker.core.administration.batches import PART, BatchState, RowOutcome
from broker.core.administration.invitations import InvitationStatus
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import KvkResult
from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import KvkNumber
from broker.simulator.administration import (
    answering,
    batch_control,
    batch_upload,
    batch_work,
    checking,
    inviting,
)
from broker.store.administration import batches, events, relations
from tests.simulator.administration.people import OFFICE, PAYROLL, forget_what_waits, mailbox, make_manager, told
from tests.simulator.administration.requests import last_token
from tests.simulator.administration.standing import ON_BOTH

TAX = "00000099000000110000"
AN_ANSWER = 200  # bytes: less than a row in memory
CREATED, READY, ERROR = RowOutcome.CREATED, RowOutcome.READY, RowOutcome.ERROR


@pytest.fixture(autouse=True)
def nothing_of_the_sample_waits(request: pytest.FixtureRequest) -> None:
    for name in {"sim", "either"} & set(request.fixturenames):
        forget_what_waits(request.getfixturevalue(name))


def a_line(number, **cells):
    values = {
        "kvk": f"{number:08}",
        "email": f"klant{number}@mail.example",
        "naam_contact": f"Klant {number}",
        "diensten": "alle",
        "niveau": "EH3",
        "einddatum": "31-12-2029",
        "taal": "nl",
        "referentie": f"D{number}",
    }
    return ";".join((values | cells)[name] for name in COLUMNS)


def a_file(*lines):
    return BytesIO("\n".join([";".join(COLUMNS), *lines]).encode())


def payroll(count, first=20001):
    """A file with clients of the payroll office, who gave it other services before."""
    return a_file(*(a_line(number) for number in range(first, first + count)))


def uploaded(sim, actor, file, name="klanten.csv"):
    """A file that was looked at."""
    batch = batch_upload.upload(sim, actor, file, name)
    batch_work.work(sim)
    return batch_control.look(sim, actor, batch.id)


def carried_out(sim, actor, batch):
    batch_control.run(sim, actor, batch.id)
    batch_work.work(sim)
    return batch_control.look(sim, actor, batch.id)


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


@pytest.fixture
def noor(sim):
    return make_manager(sim, "noor-proef", PAYROLL)


@ON_BOTH
def test_M23_five_hundred_clients_are_invited_in_one_action_with_a_result_for_each(sim, noor):
    batch = uploaded(sim, noor, payroll(500))
    assert (batch.state, batch.counts, told(sim)) == (BatchState.CHECKED, {READY: 500}, [])
    done = carried_out(sim, noor, batch)
    assert (done.state, done.counts) == (BatchState.DONE, {CREATED: 500})
    assert inviting.listed(sim, noor, InvitationStatus.SENT).total == 500
    assert told(sim, "klant20500@") == ["invitation"]
    chain = sim.store.read(lambda tx: [event.content["action"] for event in events.verified(tx)])
    assert chain.count("invitation.sent") == 500
    (summary,) = mailbox(sim, "noor")
    assert summary.subject == "Uw uitnodigingen uit klanten.csv zijn klaar"
    assert "Uitgenodigd: 500\nOvergeslagen: 0\nFout: 0" in summary.body
    assert summary.object_id == batch.id


def test_M06_M23_a_client_that_was_invited_in_bulk_answers_as_any_other(sim, noor):
    carried_out(sim, noor, uploaded(sim, noor, payroll(1)))
    page = answering.opened(sim, last_token(sim, "klant20001@"))
    assert (page.invitation.reference, page.invitation.batch_id is not None) == ("D20001", True)


def test_M23_wrong_rows_never_block_right_ones_and_each_says_why(sim):
    fleur = make_manager(sim)
    file = a_file(
        a_line(90006577),
        a_line(90006577, email="anders@mail.example"),
        a_line(90006577, diensten=TAX),
        a_line(69599084),
        a_line(68750110),
        a_line(90004973),
        a_line(96354429),
        a_line(12345678),
        a_line(10035, niveau="EH2+"),
        a_line(10036, niveau="EH4"),
        a_line(10037, einddatum="01-01-2020"),
        a_line(10001, einddatum="01-01-2050", email="x"),
        a_line(10001, einddatum="01-01-2050"),
        "123",
    )
    batch = uploaded(sim, fleur, file)
    rows = batch_control.not_fine(sim, fleur, batch.id)
    shown = {one.row.line: (one.result.outcome.value, *one.result.codes) for one in rows}
    assert shown == {
        3: ("SKIPPED_DUPLICATE",),
        5: ("SKIPPED_ACTIVE", "ALREADY_THERE"),
        6: ("ERROR", "OWN_ORGANISATION"),
        7: ("ERROR", "KVK_NO_ANSWER"),
        8: ("ERROR", "KVK_NOT_ACTIVE"),
        9: ("ERROR", "KVK_NOT_FOUND"),
        10: ("ERROR", "LEVEL_TOO_LOW"),
        11: ("ERROR", "ABOVE_OWN_LEVEL"),
        12: ("ERROR", "PERIOD_IN_THE_PAST"),
        13: ("ERROR", "EMAIL_FORMAT"),
        14: ("ERROR", "PERIOD_TOO_LONG"),
        15: ("ERROR", "CELLS"),
    }
    done = carried_out(sim, fleur, batch)
    assert (done.count(CREATED), done.count(ERROR)) == (2, 10)
    assert told(sim, "klant90006577@") == ["invitation", "invitation"]
    relation = sim.store.read(lambda tx: relations.find(tx, OFFICE, "kvk-90006577"))
    assert relation.email == "klant90006577@mail.example"


def test_the_same_file_is_the_same_batch_and_the_same_client_is_invited_once(sim, noor):
    batch = carried_out(sim, noor, uploaded(sim, noor, payroll(3)))
    assert batch_upload.upload(sim, noor, payroll(3), "again.csv").id == batch.id
    other = uploaded(sim, noor, payroll(4))
    assert other.counts == {RowOutcome.SKIPPED_ACTIVE: 3, READY: 1}
    assert refused(batch_control.run, sim, noor, batch.id) is Obstacle.WRONG_STATE
    fleur = make_manager(sim)
    assert batch_upload.upload(sim, fleur, payroll(3), "klanten.csv").id != batch.id


def test_what_went_wrong_is_tried_again_without_inviting_anybody_twice(sim, noor):
    number = KvkNumber("00020002")
    checking.override(sim, OPERATOR, number, KvkResult.ERROR)
    batch = carried_out(sim, noor, uploaded(sim, noor, payroll(3)))
    assert batch.counts == {CREATED: 2, ERROR: 1}
    checking.take_back(sim, OPERATOR, number)
    assert carried_out(sim, noor, batch).counts == {CREATED: 3}
    assert inviting.listed(sim, noor).total == 3


@ON_BOTH
def test_a_process_that_dies_in_the_middle_leaves_the_rest_to_the_next_and_nothing_twice(sim, noor, monkeypatch):
    batch = uploaded(sim, noor, payroll(3 * PART))
    batch_control.run(sim, noor, batch.id)
    saved = batches.save_results

    def dies(tx, batch_id, number, results):
        saved(tx, batch_id, number, results)
        if number == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(batches, "save_results", dies)
        with pytest.raises(KeyboardInterrupt):
            batch_work.work(sim)
    half = batch_control.look(sim, noor, batch.id)
    assert (half.rows_done, half.counts) == (PART, {CREATED: PART})
    assert inviting.listed(sim, noor).total == PART
    assert batch_work.work(sim) == 0
    sim.clock.moment += batch_work.CLAIM
    assert batch_work.work(sim) == 2
    done = batch_control.look(sim, noor, batch.id)
    assert (done.state, done.counts) == (BatchState.DONE, {CREATED: 3 * PART})
    assert inviting.listed(sim, noor).total == 3 * PART
    assert len(mailbox(sim, "noor")) == 1


def test_an_upload_that_was_cut_off_leaves_nothing_in_the_way(sim, noor, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(batches, "insert_part", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            batch_upload.upload(sim, noor, payroll(2), "klanten.csv")
    assert batch_work.work(sim) == 0
    assert uploaded(sim, noor, payroll(2)).counts == {READY: 2}


@ON_BOTH
def test_several_processes_share_the_work_and_nobody_is_invited_twice(sim, noor):
    fleur = make_manager(sim)
    first, second = uploaded(sim, noor, payroll(2 * PART)), uploaded(sim, fleur, payroll(2 * PART))
    for actor, batch in ((noor, first), (fleur, second)):
        batch_control.run(sim, actor, batch.id)
    workers = [threading.Thread(target=batch_work.work, args=(sim,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    counts = [batch_control.look(sim, actor, batch.id).counts for actor, batch in ((noor, first), (fleur, second))]
    assert counts == [{CREATED: 2 * PART}] * 2
    assert [inviting.listed(sim, actor).total for actor in (noor, fleur)] == [2 * PART] * 2


def test_WEB_15_results_are_taken_home_as_csv_that_no_spreadsheet_calculates(sim, noor):
    evil = '=HYPERLINK("http://evil.example";"klik")'
    quoted = evil.replace('"', '""')
    file = a_file(
        a_line(20001), a_line(20002, naam_contact=f'"{quoted}"', email="@SUM(1)"), a_line(20003, referentie="-2")
    )
    batch = uploaded(sim, noor, file)
    text = "".join(batch_control.download(sim, noor, batch.id, "nl"))
    assert text.startswith("\ufeff")
    (row,) = csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert (row["regel"], row["kvk"], row["resultaat"], row["code"]) == ("3", "00020002", "ERROR", "EMAIL_FORMAT")
    assert (row["naam_contact"], row["email"]) == (f"'{evil}", "'@SUM(1)")
    assert row["uitleg"].startswith("email: een e-mailadres verwacht")
    everything = "".join(batch_control.download(sim, noor, batch.id, "en", everything=True)).splitlines()
    assert len(everything) == 4
    assert "Will be invited" in everything[1]
    assert '"\'-2"' in everything[3]


def test_M25_M31_WEB_13_files_are_for_managers_with_EH3_and_for_their_own_organisation(sim, noor):
    low = replace(noor, level=AssuranceLevel.EH2_PLUS)
    assert refused(batch_upload.upload, sim, low, payroll(1), "x") is Obstacle.CHAIN_NEEDS_EH3
    batch = uploaded(sim, noor, payroll(1))
    fleur = make_manager(sim)
    for use in (batch_control.look, batch_control.run, batch_control.not_fine):
        assert refused(use, sim, fleur, batch.id) is Obstacle.NOT_FOUND
    assert refused(batch_control.download, sim, fleur, batch.id, "nl") is Obstacle.NOT_FOUND
    assert batch_control.listed(sim, fleur) == ()
    assert [one.id for one in batch_control.listed(sim, noor)] == [batch.id]


def test_a_file_that_is_none_leaves_nothing_behind(sim, noor):
    for content in (b"", b"\xff\xfe\x00", ";".join(COLUMNS).encode(), f'{";".join(COLUMNS)}\n"'.encode()):
        with pytest.raises(FileRefused):
            batch_upload.upload(sim, noor, BytesIO(content), "x")
    assert batch_control.listed(sim, noor) == ()


def test_M23_memory_does_not_grow_with_the_file(sim, noor):
    """Three times as many rows take no more than a fraction of what the rows themselves would."""

    def most(parts, first):
        unknown = (a_line(number) for number in range(first, first + parts * PART - 1))
        batch = batch_upload.upload(sim, noor, a_file(a_line(20000 + parts), *unknown), "klanten.csv")
        tracemalloc.start()
        try:
            batch_work.work(sim)
            assert carried_out(sim, noor, batch).count(CREATED) == 1
            rows = sum(1 for _ in batch_control.download(sim, noor, batch.id, "nl", everything=True))
            assert rows == parts * PART + 1
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(1, 80_000_001)  # what is made once and kept
    assert most(6, 70_000_001) - most(2, 60_000_001) < 4 * PART * AN_ANSWER


def test_a_name_of_a_file_is_shown_in_one_line_and_without_folders(sim, noor):
    batch = batch_upload.upload(sim, noor, payroll(1), "C:\\map/klan\nten\u202e.csv")
    assert batch.file_name == "klanten.csv"
