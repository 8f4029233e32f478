"""A store with many logins to search in, the same ones every time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from broker.core.recorded import Outcome
from broker.store.audit.records import Wanted
from broker.store.audit.tables import login_records
from broker.store.database import Store

LOGINS: Final = 100_000
_OUTCOMES: Final = (Outcome.GRANTED, Outcome.GRANTED, Outcome.GRANTED, Outcome.REFUSED, Outcome.CANCELLED)
_BATCH: Final = 20_000


def fill_logins(store: Store, moment: datetime) -> None:
    """One login a minute, backwards from `moment`: 20 service providers, 2,000 people, 5,000 clients, 100 offices."""
    for first in range(0, LOGINS, _BATCH):
        rows = [_row(number, moment) for number in range(first, first + _BATCH)]
        store.write(lambda tx, rows=rows: tx.execute(sa.insert(login_records), rows))


def searches(moment: datetime) -> Mapping[str, Wanted]:
    """Each way to search, alone and together."""
    return {
        "all": Wanted(),
        "service provider": Wanted(service_provider="urn:sp:7"),
        "outcome": Wanted(outcome=Outcome.REFUSED),
        "person": Wanted(person_ids=("p77",)),
        "client": Wanted(client_ids=("c77", "c78")),
        "intermediary": Wanted(intermediary_ids=("o7",)),
        "a day": Wanted(since=moment - timedelta(days=30), until=moment - timedelta(days=29)),
        "together": Wanted(service_provider="urn:sp:7", outcome=Outcome.GRANTED, intermediary_ids=("o7",)),
        "nothing found": Wanted(person_ids=("p77",), client_ids=("c1",), outcome=Outcome.CANCELLED),
    }


def _row(number: int, moment: datetime) -> Mapping[str, object]:
    at = moment - timedelta(minutes=number)
    return {
        "id": f"login-{number}",
        "started_at": at,
        "service_provider": f"urn:sp:{number * 7 % 20}",
        "service_id": "urn:service:1",
        "outcome": _OUTCOMES[number % len(_OUTCOMES)],
        "reason": "",
        "person_id": f"p{number * 11 % 2000}",
        "client_id": f"c{number * 13 % 5000}",
        "intermediary_id": f"o{number * 17 % 100}",
        "ended_at": at,
        "document": "{}",
    }
