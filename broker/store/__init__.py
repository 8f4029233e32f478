"""Everything that outlives a request: the register of mandates, pending logins, claims, artifacts and metadata.

SQLAlchemy Core on a SQLite file or on PostgreSQL; rows go in and core values come out. A function here takes a
`Transaction` and does its work inside it; `Store.read` and `Store.write` make the transaction:

    store = open_store("sqlite:///var/ketenbroker.db")
    in_use = store.read(lambda tx: register.means_in_use(tx, pseudonym, authentication_service))

All SQL of one subject stands in one module. Nothing here decides who may act for whom: that is `broker.core`.
"""

from broker.store.database import Store, Transaction, open_store
from broker.store.errors import AlreadyClaimed, StoreConflict, StoreError, StoreUnavailable
from broker.store.migrate import migrate

__all__ = [
    "AlreadyClaimed",
    "Store",
    "StoreConflict",
    "StoreError",
    "StoreUnavailable",
    "Transaction",
    "migrate",
    "open_store",
]
