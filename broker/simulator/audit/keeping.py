"""What is done for the audit now and then, by whichever process comes first: heads are signed, old things forgotten."""

from collections.abc import Callable

import structlog

from broker.simulator.audit import heads
from broker.simulator.audit.heads import HeadRefused
from broker.simulator.context import Simulator
from broker.store.administration.chain import ChainBroken
from broker.store.audit import messages, records
from broker.store.database import Transaction

log = structlog.get_logger("broker")


def sign_heads(sim: Simulator, *, at_once: bool = False) -> float:
    """Sign what is not signed yet, if it is time or must be done `at_once`; gives the seconds until the next time.

    A chain that does not join its last head is not signed; the log says so each time.
    """
    try:
        heads.sign(sim.notary, sim.store, sim.clock(), at_once=at_once)
    except (ChainBroken, HeadRefused) as error:
        log.error("audit.broken", detail=str(error), heads=str(sim.notary.file))
    return sim.notary.every.total_seconds()


def forget(sim: Simulator) -> int:
    """Delete what is kept no longer, a piece per transaction, so that logins need not wait; gives how many messages."""
    moment, kept = sim.clock(), sim.retention
    return (
        _piece_by_piece(sim, lambda tx: messages.forget_bodies(tx, moment - kept.bodies))
        + _piece_by_piece(sim, lambda tx: records.forget_untrusted_before(tx, moment - kept.untrusted))
        + _piece_by_piece(sim, lambda tx: records.forget_untrusted_beyond(tx, kept.most_untrusted))
    )


def _piece_by_piece(sim: Simulator, forget_some: Callable[[Transaction], int]) -> int:
    """Forget some, each time in a transaction, until there is nothing left; gives how many that were."""
    forgotten = 0
    while piece := sim.store.write(forget_some):
        forgotten += piece
    return forgotten
