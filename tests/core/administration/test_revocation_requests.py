"""M-52: requests to revoke, for who cannot do so in the Beheermodule."""

from dataclasses import replace

import pytest

from broker.core.administration import revocation_requests
from broker.core.administration.actors import OPERATOR
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.representatives import Authority, Representative
from broker.core.administration.revocation_requests import Asked, RequestState
from broker.core.administration.trade_register import Extract, NoAnswer
from broker.core.identifiers import KvkNumber
from broker.core.organisations import KvkStatus, LegalForm
from tests.core.administration.values import EVERYBODY, now
from tests.core.register_values import NOON, TODAY

ASKED = Asked(KvkNumber("00010001"), KvkNumber("00010002"), "Bas Bakker", "bas@bakkerij.example", "ander kantoor")
DIRECTOR = Representative("Bas Bakker", Authority.JOINT)
GONE = Representative("Oud Directeur", Authority.SOLE, until=TODAY.replace(year=2020))
EXTRACT = Extract(ASKED.client, None, LegalForm.BV, "Bakkerij", "Ede", representatives=(DIRECTOR, GONE))


def refused(change, *arguments, **named):
    with pytest.raises(ChangeRefused) as caught:
        change(*arguments, **named)
    return caught.value.obstacle


def submitted():
    return revocation_requests.submit(ASKED, now(), request_id="r1")


def test_M52_a_request_is_what_somebody_typed_and_does_nothing_by_itself():
    request = submitted()
    assert (request.state, request.submitted_at, request.mandate_ids) == (RequestState.SUBMITTED, NOON, ())
    same = replace(ASKED, intermediary=ASKED.client)
    assert refused(revocation_requests.submit, same, now(), request_id="r1") is Obstacle.OWN_ORGANISATION


@pytest.mark.parametrize(
    ("said", "name", "obstacle"),
    [
        (None, DIRECTOR.name, Obstacle.KVK_NOT_FOUND),
        (NoAnswer("down"), DIRECTOR.name, Obstacle.KVK_NO_ANSWER),
        (EXTRACT, "Iemand Anders", Obstacle.SIGNATORY_NOT_AUTHORISED),
        (EXTRACT, GONE.name, Obstacle.SIGNATORY_NOT_AUTHORISED),
        (EXTRACT, "", Obstacle.SIGNATORY_NOT_AUTHORISED),
    ],
)
def test_M52_only_a_legal_representative_of_the_client_counts(said, name, obstacle):
    assert refused(revocation_requests.verify, said, name, now()) is obstacle


@pytest.mark.parametrize("status", KvkStatus)
def test_M52_also_of_an_organisation_that_is_no_longer_active(status):
    assert revocation_requests.verify(replace(EXTRACT, status=status), DIRECTOR.name, now()) == DIRECTOR.name


def test_M52_the_operator_executes_or_refuses_once():
    done = revocation_requests.execute(submitted(), DIRECTOR.name, {"m2", "m1"}, OPERATOR, now())
    assert (done.state, done.representative, done.mandate_ids) == (RequestState.EXECUTED, DIRECTOR.name, ("m1", "m2"))
    assert (done.decided_at, done.decided_by) == (NOON, OPERATOR.id)
    no = revocation_requests.refuse(submitted(), "niet te vinden", OPERATOR, now())
    assert (no.state, no.answer, no.mandate_ids) == (RequestState.REFUSED, "niet te vinden", ())
    for ended in (done, no):
        assert refused(revocation_requests.refuse, ended, "", OPERATOR, now()) is Obstacle.ENDED
        assert refused(revocation_requests.execute, ended, "x", {"m1"}, OPERATOR, now()) is Obstacle.ENDED
    assert refused(revocation_requests.execute, submitted(), "x", (), OPERATOR, now()) is Obstacle.NOT_FOUND


@pytest.mark.parametrize("actor", [actor for actor in EVERYBODY if actor is not OPERATOR])
def test_M52_nobody_else_decides(actor):
    assert refused(revocation_requests.execute, submitted(), "x", {"m1"}, actor, now()) is Obstacle.NOT_BY_THIS_PARTY
    assert refused(revocation_requests.refuse, submitted(), "x", actor, now()) is Obstacle.NOT_BY_THIS_PARTY
