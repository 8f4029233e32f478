"""Looking at the mails of the simulator: all of them, newest first, or those to some address."""

from dataclasses import dataclass
from typing import Final

from broker.core.administration.mail import LINK_LINE, LinkTarget
from broker.simulator.administration.delivery import GIVE_UP
from broker.simulator.administration.links import address_of
from broker.simulator.context import Simulator
from broker.store.administration import mails
from broker.store.administration.mails import QueuedMail
from broker.store.database import Transaction

PAGE_SIZE: Final = 25


@dataclass(frozen=True, slots=True)
class MailPage:
    """A page of mails, and how many there are on all pages together."""

    mails: tuple[QueuedMail, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """A mail as its recipient reads it: `before` the address of its link, and `after`. `may_bounce`: it has a link."""

    queued: QueuedMail
    before: str
    address: str | None
    after: str
    may_bounce: bool


def listed(sim: Simulator, recipient: str = "", number: int = 1) -> MailPage:
    """Page `number`, from 1, of the mails to addresses that hold `recipient`."""

    def look(tx: Transaction) -> MailPage:
        found = mails.page(tx, recipient, offset=(number - 1) * PAGE_SIZE, most=PAGE_SIZE)
        return MailPage(found, mails.count(tx, recipient))

    return sim.store.read(look)


def opened(sim: Simulator, mail_id: str) -> OpenedMail | None:
    """One mail; None when there is no such mail."""
    queued = sim.store.read(lambda tx: mails.load(tx, mail_id))
    if queued is None:
        return None
    mail = queued.mail
    before, _, after = mail.body.partition(f"\n{LINK_LINE}\n")
    bounces = mail.link is LinkTarget.INVITATION and queued.problem is None
    return OpenedMail(queued, before.strip(), address_of(sim, mail), after.strip(), may_bounce=bounces)


def is_given_up(sim: Simulator, queued: QueuedMail) -> bool:
    """Whether nobody tries to send the mail any more."""
    return queued.next_attempt_at is None or queued.mail.queued_at < sim.clock() - GIVE_UP
