"""The life of an invitation."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from broker.core.administration import invitations
from broker.core.administration.actors import OPERATOR
from broker.core.administration.dossiers import Priority
from broker.core.administration.invitations import InvitationStatus, Invited, token_digest
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.scope import EVERYTHING
from broker.core.validity import Validity
from tests.core.administration.values import LOW_MANAGER, OF_CLIENT, OF_OFFICE, SIGNATORY, STRANGER, USER, now
from tests.core.register_values import CLIENT, EH2_PLUS, EH3, EH4, NOON, OFFICE, TODAY

ASKED = Invited(CLIENT.id, "bas@bakkerij.example", "Bas Bakker", EVERYTHING, EH3, date(2028, 1, 1))


def invite(actor=OF_OFFICE, **changes):
    return invitations.invite(replace(ASKED, **changes), actor, now(), invitation_id="i1", token="secret")


SENT = invite()


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


def test_M32_an_invitation_says_what_is_asked_and_keeps_no_secret():
    assert (SENT.intermediary_id, SENT.client_id, SENT.status) == (OFFICE.id, CLIENT.id, InvitationStatus.SENT)
    assert SENT.token_digest == token_digest("secret")
    assert "secret" not in repr(SENT)
    assert SENT.expires_on == date(2027, 2, 24)


@pytest.mark.parametrize(
    ("actor", "obstacle"),
    [
        (OF_CLIENT, Obstacle.NOT_BY_THIS_PARTY),
        (LOW_MANAGER, Obstacle.CHAIN_NEEDS_EH3),
        (USER, Obstacle.NOT_A_MANAGER),
        (SIGNATORY, Obstacle.NOT_BY_THIS_PARTY),
    ],
)
def test_M31_only_a_manager_at_EH3_invites_and_only_others(actor, obstacle):
    assert refused(invite, actor) is obstacle


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"level": EH4}, Obstacle.ABOVE_OWN_LEVEL),
        ({"level": EH2_PLUS}, Obstacle.LEVEL_TOO_LOW),
        ({"valid_until": TODAY - timedelta(1)}, Obstacle.PERIOD_IN_THE_PAST),
        ({"valid_until": date(2031, 11, 25)}, Obstacle.PERIOD_TOO_LONG),
        ({"client_id": OFFICE.id}, Obstacle.NOT_BY_THIS_PARTY),
    ],
)
def test_I1_I3_I4_I5_what_no_invitation_asks(changes, obstacle):
    assert refused(invite, **changes) is obstacle


@pytest.mark.parametrize("actor", [OF_CLIENT, SIGNATORY])
def test_M06_the_client_answers_with_its_own_means_or_without(actor):
    accepted = invitations.accept(SENT, "m1", actor, now())
    assert (accepted.status, accepted.mandate_id, accepted.answered_at) == (InvitationStatus.ACCEPTED, "m1", NOON)
    declined = invitations.decline(SENT, actor, now(), "te duur")
    assert (declined.status, declined.reason) == (InvitationStatus.DECLINED, "te duur")


@pytest.mark.parametrize(
    ("actor", "obstacle"),
    [
        (OF_OFFICE, Obstacle.NOT_BY_THIS_PARTY),
        (USER, Obstacle.NOT_A_MANAGER),
        (STRANGER, Obstacle.NOT_YOUR_MANDATE),
        (OPERATOR, Obstacle.NOT_BY_THIS_PARTY),
    ],
)
def test_nobody_else_answers(actor, obstacle):
    assert refused(invitations.accept, SENT, "m1", actor, now()) is obstacle


@pytest.mark.parametrize("actor", [OF_OFFICE, OPERATOR])
def test_the_intermediary_cancels_and_corrects_what_is_not_answered(actor):
    assert invitations.cancel(SENT, actor, now(), "vergissing").status is InvitationStatus.CANCELLED
    lost = invitations.bounced(SENT, now(), "no such address")
    again = invitations.correct_address(lost, "bakker@bakkerij.example", "other", actor, now())
    assert (again.status, again.email, again.token_digest) == (
        InvitationStatus.SENT,
        "bakker@bakkerij.example",
        token_digest("other"),
    )


@pytest.mark.parametrize(
    "ended",
    [
        invitations.accept(SENT, "m1", OF_CLIENT, now()),
        invitations.decline(SENT, OF_CLIENT, now(), ""),
        invitations.cancel(SENT, OF_OFFICE, now(), ""),
    ],
    ids=lambda one: one.status.value,
)
def test_I6_what_was_answered_or_cancelled_stays_so(ended):
    late = now(NOON + timedelta(1))
    assert refused(invitations.accept, ended, "m2", OF_CLIENT, late) is Obstacle.ENDED
    assert refused(invitations.decline, ended, OF_CLIENT, late, "") is Obstacle.ENDED
    assert refused(invitations.cancel, ended, OF_OFFICE, late, "") is Obstacle.ENDED
    assert refused(invitations.bounced, ended, late, "") is Obstacle.ENDED
    assert refused(invitations.correct_address, ended, "a@b.example", "t", OF_OFFICE, late) is Obstacle.ENDED
    assert not ended.is_open(TODAY)


def test_an_invitation_can_be_answered_for_three_months_to_the_day():
    assert SENT.is_open(SENT.expires_on)
    assert SENT.status_at(SENT.expires_on + timedelta(1)) is InvitationStatus.EXPIRED
    late = now(NOON + timedelta(days=93))
    assert refused(invitations.accept, SENT, "m1", OF_CLIENT, late) is Obstacle.ENDED
    longer = invitations.invite(ASKED, OF_OFFICE, now(invitation_months=6), invitation_id="i1", token="t")
    assert longer.is_open(date(2027, 5, 24))


def test_what_it_asks_for_begins_on_acceptance():
    later = TODAY + timedelta(30)
    assert SENT.wanted(later).validity == Validity(later, SENT.valid_until)
    assert invite(priority=Priority.URGENT).wanted(TODAY).priority is Priority.URGENT
    assert SENT.wanted(date(2029, 1, 1)).validity == Validity(date(2029, 1, 1), date(2029, 1, 1))


def test_the_first_opening_counts():
    once = invitations.opened(SENT, now())
    assert once.opened_at == NOON
    assert invitations.opened(once, now(NOON + timedelta(1))) == once
