"""What people are told because time went by: once, whoever looks, and with nothing skipped."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from broker.core.clock import amsterdam_date
from broker.core.validity import months_later
from broker.simulator.administration import daily
from broker.simulator.housekeeping import tidy
from broker.store.administration.tables import invitations
from broker.store.changes import replace_party
from broker.store.tables import chain_mandates, persons
from tests.simulator.administration.people import GLASS, mailbox, make_manager, the_person, told
from tests.simulator.administration.standing import ON_BOTH

MINE = "fleur-voorbeeld@mail.example"


@pytest.fixture
def quiet(sim):
    """Yesterday's work is done, no sample data falls due, nobody was asked: what comes is what a test made."""
    later = amsterdam_date(sim.clock()) + timedelta(days=300)
    sim.store.write(lambda tx: tx.execute(sa.update(chain_mandates).values(valid_until=later)))
    sim.store.write(lambda tx: tx.execute(sa.delete(invitations)))
    sim.store.write(lambda tx: tx.execute(sa.update(persons).values(last_used_on=None, email=None)))
    daily.run(sim)
    return sim


def ends_in(sim, days, client=GLASS):
    """Have the mandates of the client end on a day from now."""
    last = amsterdam_date(sim.clock()) + timedelta(days=days)
    theirs = chain_mandates.c.grantor_id == client
    sim.store.write(lambda tx: tx.execute(sa.update(chain_mandates).where(theirs).values(valid_until=last)))


@ON_BOTH
def test_a_mandate_that_ends_within_60_days_is_warned_about_once(quiet):
    make_manager(quiet)
    make_manager(quiet, "gijs-glas", GLASS)
    ends_in(quiet, 62)
    seen = []
    for _ in range(4):
        quiet.clock.go(days=1)
        seen.append((daily.run(quiet), daily.run(quiet)))
    assert seen == [(0, 0), (2, 0), (0, 0), (0, 0)]
    assert told(quiet, MINE) == told(quiet, "gijs") == ["expires_soon"]


def test_the_end_itself_is_told_on_the_day_after_the_last_one(quiet):
    make_manager(quiet)
    ends_in(quiet, 1)
    daily_kinds = []
    for _ in range(3):
        quiet.clock.go(days=1)
        daily.run(quiet)
        daily_kinds.append(told(quiet, MINE))
    assert daily_kinds == [[], ["expired"], ["expired"]]


def test_days_that_were_skipped_are_made_up_for(quiet):
    make_manager(quiet)
    ends_in(quiet, 70)
    quiet.clock.go(days=75)
    assert daily.run(quiet) == 1
    assert told(quiet, MINE) == ["expired"]


def test_a_clock_that_goes_back_tells_nothing_twice(quiet):
    make_manager(quiet)
    ends_in(quiet, 50)
    quiet.clock.go(days=51)
    assert daily.run(quiet) == 1
    quiet.clock.go(days=-1)
    assert daily.run(quiet) == 0
    quiet.clock.go(days=2)
    assert daily.run(quiet) == 0


def test_work_that_was_cut_off_is_done_again_without_anything_twice(quiet, monkeypatch):
    make_manager(quiet)
    ends_in(quiet, 61)
    quiet.clock.go(days=1)
    with monkeypatch.context() as patched:
        patched.setattr("broker.store.administration.mails.mark_done", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            daily.run(quiet)
    assert told(quiet, MINE) == ["expires_soon"]
    assert daily.run(quiet) == 0


def test_a_role_that_ended_is_told_to_its_holder(quiet):
    make_manager(quiet, days=1)
    make_manager(quiet, "gijs-glas", GLASS, days=1, email=None)
    quiet.clock.go(days=1)
    assert daily.run(quiet) == 0
    quiet.clock.go(days=1)
    assert daily.run(quiet) == 1
    assert told(quiet, MINE) == ["role_expired"]


@ON_BOTH
def test_who_used_nothing_for_almost_24_months_is_warned_and_so_is_the_manager(quiet):
    make_manager(quiet)
    today = amsterdam_date(quiet.clock())
    used = months_later(today + timedelta(days=1), -23)
    idle = replace(the_person(quiet, "bram-proef"), email="bram@mail.example", last_used_on=used)
    quiet.store.write(lambda tx: replace_party(tx, idle))
    quiet.clock.go(days=1)
    assert daily.run(quiet) == 2
    assert (told(quiet, "bram"), told(quiet, MINE)) == (["unused"], ["unused_colleague"])
    assert f"{months_later(used, 24):%d-%m-%Y}" in mailbox(quiet, "bram")[0].body


def test_who_has_lapsed_or_may_never_lapse_is_not_warned(quiet):
    make_manager(quiet)
    long_ago = months_later(amsterdam_date(quiet.clock()), -30)
    idle = replace(the_person(quiet, "bram-proef"), email="bram@mail.example", last_used_on=long_ago)
    quiet.store.write(lambda tx: replace_party(tx, idle))
    quiet.clock.go(days=1)
    assert daily.run(quiet) == 0
    never = replace(quiet, policy=replace(quiet.policy, lapse_after_months=None))
    quiet.clock.go(days=1)
    assert daily.run(never) == 0


def test_the_first_look_warns_about_all_that_is_near_and_housekeeping_looks(sim):
    make_manager(sim)
    ends_in(sim, 10)
    tidy(sim)
    assert told(sim, MINE) == ["expired", "expires_soon"]
    assert {mail.subject for mail in mailbox(sim, MINE)} >= {
        "De ketenmachtiging van Pannenkoekenhuis De Platte Aarde B.V. is verlopen"
    }


def test_more_than_one_part_is_gone_through(quiet):
    make_manager(quiet, "noor-proef", "salarisbureau-loonstrook")
    last = amsterdam_date(quiet.clock()) + timedelta(days=61)
    theirs = chain_mandates.c.grantor_id.between("salarisklant-0001", "salarisklant-0550")
    quiet.store.write(lambda tx: tx.execute(sa.update(chain_mandates).where(theirs).values(valid_until=last)))
    quiet.clock.go(days=1)
    assert daily.run(quiet) == 550
