"""Going through the rows of a batch: looking at each, and inviting each, a part at a time.

Any process may do it. A part is worked on in one transaction together with its results; who was cut off in the middle
left nothing, and whoever comes next goes on from there. KVK is asked before the transaction, for a whole part at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import structlog

from broker.core.administration import invitations as rules
from broker.core.administration.batch_file import AskedRow, Names, read_row
from broker.core.administration.batches import SKIPPED, Batch, BatchState, RowOutcome, RowResult, part_done
from broker.core.administration.invitations import Invitation, Invited
from broker.core.administration.letters import write
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import Addressee, Facts, LinkTarget, Mail, MailKind
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.relations import Relation
from broker.core.administration.scope_words import describe
from broker.core.administration.trade_register import Extract, NoAnswer
from broker.core.identifiers import KvkNumber
from broker.core.organisations import Organisation
from broker.core.scope import Scope
from broker.core.text import Text
from broker.simulator.administration import checking
from broker.simulator.administration.links import token
from broker.simulator.administration.recording import invitation_event, moment_of
from broker.simulator.administration.wording import facts_about, letter_of
from broker.simulator.context import Simulator
from broker.store.administration import (
    batches,
    events,
    filed,
    invitations,
    mails,
    organisations,
    people,
    relations,
)
from broker.store.administration import trade_register as stored
from broker.store.administration.batches import Part
from broker.store.database import Transaction
from broker.store.errors import StoreConflict
from broker.store.scopes import scope_id

log = structlog.get_logger("broker")

CLAIM: Final = timedelta(minutes=1)
"""How long a claim lasts: much longer than a part takes."""

Answers = Mapping[KvkNumber, Extract | NoAnswer | None]


@dataclass(slots=True)
class Sending:
    """What a part of a batch adds to the register; `clients` are those that it does not know yet."""

    invitations: list[Invitation] = field(default_factory=list)
    letters: list[Mail] = field(default_factory=list)
    clients: dict[str, Extract] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Background:
    """What the rows of a part are judged by.

    `there` are clients and scopes that have a mandate, `asked` those with an invitation; `words` are those of scopes.
    """

    sim: Simulator
    batch: Batch
    now: Moment
    intermediary: Organisation
    answers: Answers
    clients: Mapping[KvkNumber, Organisation]
    there: set[tuple[str, str]]
    asked: set[tuple[str, str]]
    sending: Sending = field(default_factory=Sending)
    words: dict[Scope, Text] = field(default_factory=dict)


def work_through(sim: Simulator) -> None:
    """`work`, as a job that wants no more of itself: whoever uploads or runs wakes it, and so does housekeeping."""
    work(sim)


def work(sim: Simulator) -> int:
    """Go through whatever batches wait, until nothing is left; gives how many parts were done."""
    done = 0
    while (batch := _claim(sim)) is not None:
        taken: Batch | None = batch
        while taken is not None and taken.is_working:
            taken = _next_part(sim, taken)
            done += 1
    return done


def _claim(sim: Simulator) -> Batch | None:
    now = sim.clock()
    if not sim.store.read(lambda tx: batches.has_work(tx, now)):
        return None
    return sim.store.write(lambda tx: batches.claim(tx, now, now + CLAIM))


def _next_part(sim: Simulator, batch: Batch) -> Batch | None:
    """`batch` with one more part done; None when somebody else has taken it over."""
    part = sim.store.read(lambda tx: batches.part_of(tx, batch.id, batch.parts_done))
    wanted = _wanted(sim, part)
    answers = sim.trade_register.look_up_many({row.number for row in wanted.values()})
    now = moment_of(sim)
    try:
        return sim.store.write(lambda tx: _work(tx, _background(tx, sim, batch, answers, now), part, wanted))
    except StoreConflict as error:
        log.info("batch.taken_over", batch=batch.id, detail=str(error))
        return None


def _wanted(sim: Simulator, part: Part) -> dict[int, AskedRow]:
    """The rows that are judged now, by line; a row that was invited, or stood in the file before, is not."""
    known = Names.of(sim.catalogue)
    found = {}
    for row, result in zip(part.rows, part.results, strict=True):
        if result.outcome not in (RowOutcome.CREATED, RowOutcome.SKIPPED_DUPLICATE):
            asked = read_row(row, known)
            if isinstance(asked, AskedRow):
                found[row.line] = asked
    return found


def _background(tx: Transaction, sim: Simulator, batch: Batch, answers: Answers, now: Moment) -> Background:
    clients = {number: one.organisation for number, one in stored.known(tx, answers.keys()).items()}
    ids = {one.id for one in clients.values()}
    own = organisations.find(tx, batch.intermediary_id)
    if own is None:
        raise StoreConflict(f"the intermediary of batch {batch.id} is gone")
    return Background(
        sim=sim,
        batch=batch,
        now=now,
        intermediary=own,
        answers=answers,
        clients=clients,
        there=filed.pairs_not_ended(tx, own.id, ids, now.today),
        asked=invitations.open_pairs(tx, own.id, ids, now.today),
    )


def _work(tx: Transaction, by: Background, part: Part, wanted: Mapping[int, AskedRow]) -> Batch:
    results = [
        _judge(by, result.line, wanted[result.line]) if result.line in wanted else result for result in part.results
    ]
    _send(tx, by)
    batches.save_results(tx, by.batch.id, part.number, results)
    after = part_done(by.batch, results, by.now.at)
    if after.is_working:
        after = replace(after, claimed_until=by.now.at + CLAIM)
    batches.save(tx, by.batch, after)
    if after.state is BatchState.DONE:
        mails.queue(tx, _summary(tx, after, by.now))
    return after


def _judge(by: Background, line: int, row: AskedRow) -> RowResult:
    """What becomes of a row; a batch that is carried out has it invited."""
    try:
        if row.number == by.intermediary.kvk_number:
            raise ChangeRefused(Obstacle.OWN_ORGANISATION, row.number)
        extract = checking.required(by.answers[row.number], row.number)
        known = by.clients.get(row.number)
        client = known or checking.organisation_of(extract)
        key = (client.id, scope_id(row.scope))
        for pairs, obstacle in ((by.there, Obstacle.ALREADY_THERE), (by.asked, Obstacle.ALREADY_INVITED)):
            if key in pairs:
                return RowResult(line, RowOutcome.SKIPPED_ACTIVE, (obstacle.value,))
        made = _invitation(by, client, row)
    except ChangeRefused as error:
        return RowResult(line, RowOutcome.ERROR, (error.obstacle.value,))
    if by.batch.state is BatchState.UPLOADED:
        return RowResult(line, RowOutcome.READY)
    by.asked.add(key)
    by.sending.invitations.append(made)
    by.sending.letters.append(_letter(by, client, made))
    if known is None:
        by.sending.clients[client.id] = extract
    return RowResult(line, RowOutcome.CREATED)


def _invitation(by: Background, client: Organisation, row: AskedRow) -> Invitation:
    invitation_id = by.sim.ids.token()
    asked = Invited(
        client_id=client.id,
        email=row.email,
        contact=row.contact,
        scope=row.scope,
        level=row.level,
        valid_until=row.valid_until,
        language=row.language,
        reference=row.reference,
        batch_id=by.batch.id,
    )
    secret = token(by.sim, LinkTarget.INVITATION, invitation_id, row.email)
    return rules.invite(asked, by.batch.actor, by.now, invitation_id=invitation_id, token=secret)


def _letter(by: Background, client: Organisation, made: Invitation) -> Mail:
    if made.scope not in by.words:
        by.words[made.scope] = describe(made.scope, by.sim.catalogue)
    facts = facts_about(made, client.statutory_name, by.intermediary.statutory_name, by.words[made.scope])
    return letter_of(made, facts, by.now)


def _send(tx: Transaction, by: Background) -> None:
    """Store the invitations of a part, with their events and mails; each client becomes a relation."""
    sending, own = by.sending, by.intermediary.id
    for extract in sending.clients.values():
        checking.keep_organisation(tx, extract)
    wanted = {
        one.client_id: Relation(own, one.client_id, by.now.at, one.email, one.contact) for one in sending.invitations
    }
    known = relations.known(tx, own, wanted.keys())
    relations.insert(tx, [one for client_id, one in wanted.items() if client_id not in known])
    relations.keep(tx, [wanted[client_id] for client_id, one in known.items() if one.removed_at is not None])
    invitations.insert(tx, sending.invitations)
    actor, now = by.batch.actor, by.now
    events.append(tx, [invitation_event(None, one, "sent", actor=actor, now=now) for one in sending.invitations])
    mails.queue(tx, sending.letters)


def _summary(tx: Transaction, batch: Batch, now: Moment) -> list[Mail]:
    """One mail about a batch that is done, to whoever had it carried out."""
    facts = Facts(
        file=batch.file_name,
        created=batch.count(RowOutcome.CREATED),
        skipped=batch.count(*SKIPPED),
        refused=batch.count(RowOutcome.ERROR),
    )
    wrote = [person for person, _ in people.managers_of(tx, batch.intermediary_id) if person.id == batch.actor.id]
    return [
        write(
            MailKind.BATCH_DONE,
            Addressee(person.email, person.display_name),
            facts,
            now.at,
            occasion=f"{batch.id} {now.at.isoformat()}",
            link=LinkTarget.BATCH,
            object_id=batch.id,
        )
        for person in wrote[:1]
        if person.email
    ]
