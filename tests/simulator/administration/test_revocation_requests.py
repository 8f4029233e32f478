"""M-52: the form without logging in, and what the operator does with it."""

from dataclasses import replace

import pytest

from broker.core.administration.actors import OPERATOR
from broker.core.administration.mail import MailKind
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.representatives import Authority, Representative
from broker.core.administration.revocation_requests import Asked, RequestState
from broker.core.administration.trade_register import KvkResult
from broker.core.identifiers import KvkNumber
from broker.core.mandates import ChainStatus, Origin
from broker.core.refusals import DenialReason
from broker.simulator.administration import checking, coupling, revocation_requests
from broker.store.administration import mails, people
from broker.store.administration import revocation_requests as stored
from tests.core.administration.values import OF_OFFICE as SOMEBODY
from tests.core.register_values import OFFICE
from tests.simulator.administration.standing import ON_BOTH
from tests.simulator.administration.world import ANNA_EH3, BAKERY, GARAGE, OF_OFFICE

ASKED = Asked(BAKERY.kvk_number, OFFICE.kvk_number, "Bas Bakker", "bas@bakkerij.example", "ander kantoor")
BAS = Representative("Bas Bakker", Authority.OWNER)


@pytest.fixture
def bakery(world):
    world.simulator.store.write(lambda tx: people.add_representatives(tx, BAKERY.id, [BAS]))
    return world


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


def told(world, address=ASKED.email):
    found = world.simulator.store.read(lambda tx: mails.page(tx, address))
    return {one.mail.kind for one in found}


@ON_BOTH
@pytest.mark.parametrize("origin", Origin)
def test_M52_any_mandate_can_be_revoked_without_logging_in(bakery, origin):
    sim = bakery.simulator
    mandate = bakery.put(origin=origin).mandate
    coupling.couple(sim, OF_OFFICE, mandate.id, [ANNA_EH3.id])
    assert bakery.refusal(mandate, ANNA_EH3.id) is None
    request = revocation_requests.submit(sim, ASKED)
    assert bakery.mandate(mandate.id).mandate.status is ChainStatus.ACTIVE

    opened = revocation_requests.opened(sim, request.id)
    assert [one.mandate.id for one in opened.mandates] == [mandate.id]
    assert (opened.client, opened.intermediary) == (BAKERY, OFFICE)
    assert [one.name for one in opened.said.representatives] == [BAS.name]

    done = revocation_requests.execute(sim, OPERATOR, request.id, BAS.name, [mandate.id], request.version)
    assert (done.state, done.representative, done.mandate_ids) == (RequestState.EXECUTED, BAS.name, (mandate.id,))
    after = bakery.mandate(mandate.id)
    assert (after.mandate.status, after.dossier.reason) == (ChainStatus.REVOKED, ASKED.reason)
    assert bakery.refusal(mandate, ANNA_EH3.id) is DenialReason.CHAIN_REVOKED
    assert bakery.actions()[-3:] == ["kvk_check.made", "chain_mandate.revoked", "revocation_request.executed"]
    assert MailKind.REQUEST_EXECUTED in told(bakery)


@ON_BOTH
def test_M52_the_same_request_twice_is_one(bakery):
    sim = bakery.simulator
    first, second = (revocation_requests.submit(sim, ASKED) for _ in range(2))
    assert first.id == second.id
    other = revocation_requests.submit(sim, replace(ASKED, email="other@bakkerij.example"))
    assert other.id != first.id
    waiting = sim.store.read(stored.waiting)
    assert {one.id for one in waiting} == {first.id, other.id}
    assert sim.store.read(stored.count_waiting) == 2


def test_M52_what_is_told_does_not_depend_on_what_the_register_knows(bakery):
    unknown = replace(ASKED, client=KvkNumber("00099999"))
    request = revocation_requests.submit(bakery.simulator, unknown)
    assert request.state is RequestState.SUBMITTED
    opened = revocation_requests.opened(bakery.simulator, request.id)
    assert (opened.client, opened.mandates, opened.said) == (None, (), None)
    assert (
        refused(revocation_requests.execute, bakery.simulator, OPERATOR, request.id, BAS.name, ["m"])
        is Obstacle.KVK_NOT_FOUND
    )


def test_M52_only_a_legal_representative_by_kvk_counts(bakery):
    sim, mandate = bakery.simulator, bakery.put().mandate
    request = revocation_requests.submit(sim, ASKED)
    before = bakery.actions()

    def execute(name=BAS.name, actor=OPERATOR, mandates=(mandate.id,)):
        return refused(revocation_requests.execute, sim, actor, request.id, name, mandates)

    assert execute("Iemand Anders") is Obstacle.SIGNATORY_NOT_AUTHORISED
    assert execute(actor=SOMEBODY) is Obstacle.NOT_BY_THIS_PARTY
    assert execute(mandates=()) is Obstacle.NOT_FOUND
    checking.override(sim, OPERATOR, BAKERY.kvk_number, KvkResult.ERROR)
    assert execute() is Obstacle.KVK_NO_ANSWER
    assert bakery.mandate(mandate.id).mandate.status is ChainStatus.ACTIVE
    assert bakery.actions() == [*before, "kvk_answer.set"]


def test_M52_only_mandates_between_the_two_that_were_named(bakery):
    sim, other = bakery.simulator, bakery.put(GARAGE).mandate
    request = revocation_requests.submit(sim, ASKED)
    assert refused(revocation_requests.execute, sim, OPERATOR, request.id, BAS.name, [other.id]) is Obstacle.NOT_FOUND
    assert bakery.mandate(other.id).mandate.status is ChainStatus.ACTIVE


@ON_BOTH
def test_M52_refusing_says_why_and_revokes_nothing(bakery):
    sim, mandate = bakery.simulator, bakery.put().mandate
    request = revocation_requests.submit(sim, ASKED)
    done = revocation_requests.refuse(sim, OPERATOR, request.id, "U bent geen vertegenwoordiger.", request.version)
    assert (done.state, done.version) == (RequestState.REFUSED, 2)
    assert bakery.mandate(mandate.id).mandate.status is ChainStatus.ACTIVE
    assert told(bakery) == {MailKind.REQUEST_REFUSED}
    assert sim.store.read(stored.waiting) == ()
    assert sim.store.read(stored.decided) == (done,)
    assert refused(revocation_requests.refuse, sim, OPERATOR, request.id, "", 1) is Obstacle.CHANGED_MEANWHILE
    assert refused(revocation_requests.refuse, sim, OPERATOR, request.id, "") is Obstacle.ENDED


def test_M52_no_more_wait_than_can_be_dealt_with(bakery, monkeypatch):
    monkeypatch.setattr(revocation_requests, "MOST_WAITING", 1)
    revocation_requests.submit(bakery.simulator, ASKED)
    other = replace(ASKED, email="other@bakkerij.example")
    assert refused(revocation_requests.submit, bakery.simulator, other) is Obstacle.TOO_MANY_WAITING
