"""How much there is, for whoever watches over a running broker: a few counts that indexes answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from broker.core.recorded import Outcome
from broker.store.administration.tables import events, mails
from broker.store.audit.tables import login_records
from broker.store.tables import pending_logins

_LOGINS = sa.select(login_records.c.outcome, sa.func.count()).group_by(login_records.c.outcome)
_UNDER_WAY = sa.select(sa.func.count()).where(pending_logins.c.expires_at > sa.bindparam("moment"))
_MAILS = sa.select(sa.func.count()).where(mails.c.next_attempt_at.is_not(None))
_EVENTS = sa.select(sa.func.max(events.c.number))

_NO_ENDS = frozenset({Outcome.UNDER_WAY, Outcome.UNTRUSTED})


@dataclass(frozen=True, slots=True)
class Figures:
    """Logins by how they ended, logins that can still go on, mails that wait, and the entries of the audit log.

    What was not trusted is no login, and is not kept for ever: it is not counted.
    """

    logins: Mapping[Outcome, int]
    under_way: int
    mails_waiting: int
    events: int


def count(tx: sa.Connection, moment: datetime) -> Figures:
    """What there is at `moment`."""
    ended = {outcome: number for outcome, number in tx.execute(_LOGINS)}
    return Figures(
        logins={outcome: ended.get(outcome, 0) for outcome in Outcome if outcome not in _NO_ENDS},
        under_way=tx.execute(_UNDER_WAY, {"moment": moment}).scalar_one(),
        mails_waiting=tx.execute(_MAILS).scalar_one(),
        events=tx.execute(_EVENTS).scalar_one() or 0,
    )
