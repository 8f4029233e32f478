"""What the first pages of the Beheermodule tell: how much there is, and for whom the visitor can log in."""

from dataclasses import dataclass

from broker.core.administration.invitations import InvitationStatus
from broker.core.links import ChainLink
from broker.simulator.context import Simulator
from broker.simulator.module_sessions import Visitor
from broker.store.administration import invitations
from broker.store.administration.invitations import Wanted
from broker.store.candidates import PAGE_SIZE
from broker.store.database import Transaction
from broker.store.mandate_counts import MandateCounts, count_mandates
from broker.store.own_couplings import count_own, list_own


def counts(sim: Simulator, visitor: Visitor) -> MandateCounts:
    """The chain mandates that the visitor's organisation gave and got."""
    return sim.store.read(lambda tx: count_mandates(tx, visitor.organisation.id, visitor.day))


@dataclass(frozen=True, slots=True)
class Pending:
    """Invitations under way: `sent` wait for clients, `bounced` for a right address, `to_answer` for the visitor."""

    sent: int
    bounced: int
    to_answer: int


def pending(sim: Simulator, visitor: Visitor) -> Pending:
    """What waits for somebody, of the visitor's organisation as intermediary and as client."""
    own, day = visitor.organisation.id, visitor.day

    def count(tx: Transaction) -> Pending:
        return Pending(
            sent=invitations.count(tx, Wanted(own, day, InvitationStatus.SENT)),
            bounced=invitations.count(tx, Wanted(own, day, InvitationStatus.BOUNCED)),
            to_answer=len(invitations.waiting_for(tx, own, day)),
        )

    return sim.store.read(count)


@dataclass(frozen=True, slots=True)
class OwnCouplings:
    """A page of the couplings that `typed` finds; `page` counts from 1, `total` counts all of them."""

    links: tuple[ChainLink, ...]
    total: int
    page: int


def own_couplings(sim: Simulator, visitor: Visitor, typed: str, page: int) -> OwnCouplings:
    """For whom the visitor can log in with these means, through the organisation; the nearest page that there is."""
    means, organisation, day = visitor.in_use.means.id, visitor.organisation.id, visitor.day

    def work(tx: Transaction) -> OwnCouplings:
        total = count_own(tx, means, organisation, day, typed)
        number = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
        links = list_own(tx, means, organisation, day, typed, offset=(number - 1) * PAGE_SIZE, most=PAGE_SIZE)
        return OwnCouplings(links, total, number)

    return sim.store.read(work)
