"""Checking an organisation with KVK (M-41), and having the stub of KVK answer something else.

KVK is asked before a transaction begins, because it may be slow or silent; what it said is recorded in the transaction
that relies on it.
"""

from broker.core.administration.actors import Actor, ActorKind, rule
from broker.core.administration.events import changed
from broker.core.administration.lifecycle import Moment
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.trade_register import Extract, KvkCheck, KvkResult, NoAnswer, judge
from broker.core.identifiers import KvkNumber
from broker.core.organisations import Organisation
from broker.simulator.administration.recording import change
from broker.simulator.context import Simulator
from broker.simulator.trade_register import StubTradeRegister
from broker.store.administration import checks, events, people
from broker.store.administration import trade_register as stored
from broker.store.administration.trade_register import Answer
from broker.store.changes import add
from broker.store.database import Transaction

Said = Extract | NoAnswer | None
"""What KVK said of a number: an extract, nothing, or that it does not know it."""

_CHECKER = rule("controle bij KVK")


def ask(sim: Simulator, number: KvkNumber) -> Said:
    """What KVK says of `number` now."""
    try:
        return sim.trade_register.look_up(number)
    except NoAnswer as error:
        return error


def required(said: Said, number: KvkNumber, *, active: bool = True) -> Extract:
    """The extract, of an organisation that is `active` if asked; raises `ChangeRefused` with what is the matter."""
    if isinstance(said, NoAnswer):
        raise ChangeRefused(Obstacle.KVK_NO_ANSWER, str(said))
    if said is None:
        raise ChangeRefused(Obstacle.KVK_NOT_FOUND, number)
    if active and judge(said) is not KvkResult.OK:
        raise ChangeRefused(Obstacle.KVK_NOT_ACTIVE, f"{number} is {said.status.value}")
    return said


def record(
    tx: Transaction, sim: Simulator, organisation: Organisation, said: Said, now: Moment, *, authorised: bool = True
) -> KvkCheck:
    """Store what a check of `organisation` says. `authorised` is whether those who signed may sign, if that matters."""
    result = judge(said)
    if result is KvkResult.OK and not authorised:
        result = KvkResult.SIGNATORY_NOT_AUTHORISED
    check = KvkCheck(sim.ids.token(), organisation.id, now.at, result)
    checks.record(tx, check)
    made = changed(
        "kvk_check.made", _CHECKER, now.at, about=(organisation.id,), before=None, after=check, object_id=check.id
    )
    events.append(tx, [made])
    return check


def keep_organisation(tx: Transaction, extract: Extract) -> Organisation:
    """The organisation of an extract in the register; a new one is stored with who represents it."""
    known = stored.known(tx, (extract.kvk_number,)).get(extract.kvk_number)
    if known is not None:
        return known.organisation
    new = organisation_of(extract)
    add(tx, [new])
    people.add_representatives(tx, new.id, extract.representatives)
    return new


def organisation_of(extract: Extract) -> Organisation:
    """An organisation that the register does not know yet; its id follows from its number."""
    return Organisation(
        id=f"kvk-{extract.kvk_number}",
        kvk_number=extract.kvk_number,
        rsin=extract.rsin,
        legal_form=extract.legal_form,
        statutory_name=extract.statutory_name,
        city=extract.city,
        kvk_status=extract.status,
        trade_names=extract.trade_names,
    )


def override(sim: Simulator, actor: Actor, number: KvkNumber, result: KvkResult) -> None:
    """Have KVK answer `result` about `number` from now on, until it is taken back. The operator's alone.

    Raises `ChangeRefused`, KVK_NOT_FOUND when there is no organisation that KVK could tell about.
    """
    _require_operator(actor)
    stub = _stub(sim)
    if result not in (KvkResult.ERROR, KvkResult.NOT_FOUND) and not stub.has_data(number):
        raise ChangeRefused(Obstacle.KVK_NOT_FOUND, number)

    def work(tx: Transaction, now: Moment) -> None:
        before = stored.answers(tx, (number,)).get(number)
        answer = Answer(number, result, actor.id, now.at)
        stored.put_answer(tx, answer)
        _record_answer(tx, actor, now, before, answer)

    change(sim, work)


def take_back(sim: Simulator, actor: Actor, number: KvkNumber) -> None:
    """Have KVK answer about `number` what it knows."""
    _require_operator(actor)

    def work(tx: Transaction, now: Moment) -> None:
        before = stored.answers(tx, (number,)).get(number)
        if before is not None:
            stored.remove_answer(tx, number)
            _record_answer(tx, actor, now, before, None)

    change(sim, work)


def overridden(sim: Simulator) -> tuple[Answer, ...]:
    """Every number about which KVK answers what the operator wants."""
    return sim.store.read(stored.all_answers)


def _record_answer(tx: Transaction, actor: Actor, now: Moment, before: Answer | None, after: Answer | None) -> None:
    number = (after or before).kvk_number  # type: ignore[union-attr]  # one of the two is there
    verb = "set" if after else "taken_back"
    happened = changed(f"kvk_answer.{verb}", actor, now.at, about=(), before=before, after=after, object_id=number)
    events.append(tx, [happened])


def _require_operator(actor: Actor) -> None:
    if actor.kind is not ActorKind.OPERATOR:
        raise ChangeRefused(Obstacle.NOT_BY_THIS_PARTY, f"{actor.id} has KVK answer")


def _stub(sim: Simulator) -> StubTradeRegister:
    if not isinstance(sim.trade_register, StubTradeRegister):
        raise ChangeRefused(Obstacle.NOT_FOUND, "the trade register is no stub")
    return sim.trade_register
