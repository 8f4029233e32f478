"""Route 1 begins: an intermediary asks a client for a mandate, and looks after what it asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.core.administration.dossiers import Priority
from broker.core.administration.invitations import InvitationStatus, token_digest
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.assurance import AssuranceLevel
from broker.core.clock import amsterdam_date
from broker.core.identifiers import KvkNumber, Oin
from broker.core.scope import EVERYTHING, Scope
from broker.core.validity import months_later, years_later
from broker.simulator.administration import answering, daily, delivery, inviting
from broker.store.administration import events, filed, invitations, relations
from tests.simulator.administration.people import GLASS, OFFICE, PAYROLL, forget_what_waits, mailbox, make_manager, told
from tests.simulator.administration.requests import (
    ABROAD,
    CLIENT_MAIL,
    INACTIVE,
    ONE_SIGNS,
    SILENT,
    TWO_OF_THREE,
    UNKNOWN,
    a_request,
    invite,
    last_token,
)
from tests.simulator.administration.standing import ON_BOTH

EH2_PLUS = AssuranceLevel.EH2_PLUS


@pytest.fixture(autouse=True)
def nothing_of_the_sample_waits(request: pytest.FixtureRequest) -> None:
    for name in {"sim", "either"} & set(request.fixturenames):
        forget_what_waits(request.getfixturevalue(name))


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


def stored(sim, invitation):
    return sim.store.read(lambda tx: invitations.load(tx, invitation.id))


def actions(sim, object_id):
    return [event.content["action"] for event in sim.store.read(lambda tx: events.history_of(tx, object_id))][::-1]


@ON_BOTH
def test_M31_an_invitation_goes_to_the_client_with_a_link_and_the_client_becomes_a_relation(sim):
    fleur = make_manager(sim)
    made, token = invite(sim, fleur)
    (mail,) = mailbox(sim)
    assert (mail.to.address, mail.to.name, mail.kind.value) == (CLIENT_MAIL, "Klaas Klant", "invitation")
    assert mail.subject == "Administratiekantoor Papiermolen B.V. vraagt u om een ketenmachtiging"
    assert "alle diensten van" in mail.body
    assert made.token_digest == token_digest(token)
    assert made.expires_on == months_later(amsterdam_date(sim.clock()), 3)
    assert stored(sim, made) == made
    assert actions(sim, made.id) == ["invitation.sent"]
    relation = sim.store.read(lambda tx: relations.find(tx, OFFICE, f"kvk-{ONE_SIGNS}"))
    assert (relation.email, relation.contact) == (CLIENT_MAIL, "Klaas Klant")
    (listed,) = inviting.listed(sim, fleur).invitations
    assert (listed.client.statutory_name, listed.status) == ("Kiosk Op Elke Hoek B.V.", InvitationStatus.SENT)


def test_the_secret_of_a_link_is_nowhere_in_the_store(sim):
    _, token = invite(sim, make_manager(sim))
    raw = sim.store.reader.url.database
    with open(raw, "rb") as file, open(f"{raw}-wal", "rb") as log:
        content = file.read() + log.read()
    assert b"Klaas Klant" in content
    assert token.encode() not in content


@pytest.mark.parametrize(
    ("number", "changes", "obstacle"),
    [
        (INACTIVE, {}, Obstacle.KVK_NOT_ACTIVE),
        (SILENT, {}, Obstacle.KVK_NO_ANSWER),
        (UNKNOWN, {}, Obstacle.KVK_NOT_FOUND),
        (KvkNumber("68750110"), {}, Obstacle.OWN_ORGANISATION),
        (TWO_OF_THREE, {"scope": EVERYTHING}, Obstacle.ALREADY_THERE),
        (ONE_SIGNS, {"scope": Scope(providers=frozenset({Oin("9" * 20)}))}, Obstacle.SCOPE_UNKNOWN),
        (ONE_SIGNS, {"level": EH2_PLUS}, Obstacle.LEVEL_TOO_LOW),
        (ONE_SIGNS, {"level": AssuranceLevel.EH4}, Obstacle.ABOVE_OWN_LEVEL),
        (ONE_SIGNS, {"days": -1}, Obstacle.PERIOD_IN_THE_PAST),
        (ONE_SIGNS, {"days": 5 * 366}, Obstacle.PERIOD_TOO_LONG),
    ],
)
def test_what_may_not_be_asked_is_refused_and_nothing_is_sent(sim, number, changes, obstacle):
    fleur = make_manager(sim)
    if "days" in changes:
        changes = {"valid_until": amsterdam_date(sim.clock()) + timedelta(days=changes["days"])}
    assert refused(inviting.invite, sim, fleur, a_request(sim, number, **changes)) is obstacle
    assert (told(sim), inviting.listed(sim, fleur).total) == ([], 0)


def test_M25_M31_who_has_no_EH3_invites_nobody_and_sees_no_list(sim):
    low = replace(make_manager(sim), level=EH2_PLUS)
    assert refused(inviting.invite, sim, low, a_request(sim)) is Obstacle.CHAIN_NEEDS_EH3
    assert refused(inviting.listed, sim, low) is Obstacle.CHAIN_NEEDS_EH3


def test_I10_the_same_is_asked_once_until_it_is_answered_or_expires(sim):
    fleur = make_manager(sim)
    made, _ = invite(sim, fleur)
    assert refused(inviting.invite, sim, fleur, a_request(sim)) is Obstacle.ALREADY_INVITED
    invite(sim, fleur, scope=EVERYTHING)
    sim.clock.go(days=100)
    assert inviting.look(sim, fleur, made.id).status is InvitationStatus.EXPIRED
    again, _ = invite(sim, fleur)
    assert again.id != made.id
    kept = [inviting.listed(sim, fleur, status).total for status in (None, InvitationStatus.SENT)]
    assert kept == [3, 1]
    assert inviting.listed(sim, fleur, InvitationStatus.EXPIRED).total == 2


def test_M44_the_urgent_procedure_is_advised_when_somebody_who_signs_lives_abroad(sim):
    fleur = make_manager(sim)
    assert inviting.look_up(sim, fleur, ABROAD).advises_urgent
    assert not inviting.look_up(sim, fleur, ONE_SIGNS).advises_urgent


def test_an_invitation_is_taken_back_and_its_link_no_longer_works(sim):
    fleur = make_manager(sim)
    made, token = invite(sim, fleur)
    assert inviting.cancel(sim, fleur, made.id, "vergissing", made.version).status is InvitationStatus.CANCELLED
    assert refused(answering.opened, sim, token) is Obstacle.LINK_NOT_VALID
    assert refused(inviting.cancel, sim, fleur, made.id, "x") is Obstacle.ENDED
    assert actions(sim, made.id) == ["invitation.sent", "invitation.cancelled"]


def test_an_address_is_corrected_and_only_the_new_link_works(sim):
    fleur = make_manager(sim)
    made, old = invite(sim, fleur)
    inviting.send_again(sim, fleur, made.id, "goed@mail.example")
    new = last_token(sim, "goed@mail.example")
    assert refused(answering.opened, sim, old) is Obstacle.LINK_NOT_VALID
    assert answering.opened(sim, new).invitation.email == "goed@mail.example"


def test_the_same_link_is_sent_again_to_the_same_address(sim):
    fleur = make_manager(sim)
    made, token = invite(sim, fleur)
    inviting.send_again(sim, fleur, made.id)
    assert told(sim, CLIENT_MAIL) == ["invitation", "invitation"]
    assert last_token(sim) == token
    assert actions(sim, made.id) == ["invitation.sent", "invitation.sent_again"]


def test_a_mail_that_comes_back_marks_its_invitation_and_a_better_address_mends_it(sim):
    fleur = make_manager(sim)
    made, _ = invite(sim, fleur)
    (mail,) = mailbox(sim)
    delivery.give_back(sim, mail.id, "550 no such user")
    bounced = inviting.look(sim, fleur, made.id)
    assert (bounced.status, bounced.invitation.reason) == (InvitationStatus.BOUNCED, "550 no such user")
    inviting.send_again(sim, fleur, made.id, "goed@mail.example", bounced.invitation.version)
    delivery.give_back(sim, mail.id, "550 no such user")
    mended = inviting.look(sim, fleur, made.id)
    assert (mended.status, mended.invitation.reason) == (InvitationStatus.SENT, None)
    assert actions(sim, made.id)[1:] == ["invitation.bounced", "invitation.address_corrected"]


def test_WEB_13_what_others_sent_does_not_exist_and_WEB_14_an_old_version_changes_nothing(sim):
    fleur, noor = make_manager(sim), make_manager(sim, "noor-proef", PAYROLL)
    made, _ = invite(sim, fleur)
    for change in (inviting.look, inviting.send_again, lambda *who: inviting.cancel(*who, "x")):
        assert refused(change, sim, noor, made.id) is Obstacle.NOT_FOUND
    assert refused(inviting.cancel, sim, fleur, made.id, "x", made.version + 1) is Obstacle.CHANGED_MEANWHILE
    assert inviting.listed(sim, noor).total == 0


def test_M43_an_urgent_request_is_one(sim):
    made, _ = invite(sim, make_manager(sim), priority=Priority.URGENT)
    assert stored(sim, made).priority is Priority.URGENT


def test_reminders_go_with_the_same_link_until_there_is_an_answer(sim):
    fleur = make_manager(sim)
    daily.run(sim)
    _, token = invite(sim, fleur)
    counts = []
    for days in (13, 1, 16, 29, 1, 40):
        sim.clock.go(days=days)
        daily.run(sim)
        counts.append(told(sim, CLIENT_MAIL).count("reminder"))
    assert counts == [0, 1, 2, 2, 3, 3]
    assert last_token(sim) == token


def test_a_renewal_is_asked_of_a_mandate_that_one_has(sim):
    fleur, until = make_manager(sim), years_later(amsterdam_date(sim.clock()), 4)
    (mandate,) = sim.store.read(lambda tx: filed.between(tx, GLASS, OFFICE))
    too_early = mandate.mandate.validity.valid_until
    ask = (sim, fleur, mandate.mandate.id)
    assert refused(inviting.ask_renewal, *ask, too_early, CLIENT_MAIL, "") is Obstacle.PERIOD_IN_THE_PAST
    made = inviting.ask_renewal(*ask, until, CLIENT_MAIL, "")
    assert (made.renews, made.scope) == (mandate.mandate.id, mandate.mandate.scope)
    assert told(sim, CLIENT_MAIL) == ["renewal"]
    assert refused(inviting.ask_renewal, *ask, until, CLIENT_MAIL, "") is Obstacle.ALREADY_INVITED
    noor = make_manager(sim, "noor-proef", PAYROLL)
    assert refused(inviting.ask_renewal, sim, noor, *ask[2:], until, CLIENT_MAIL, "") is Obstacle.NOT_FOUND
