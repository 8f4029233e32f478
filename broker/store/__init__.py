"""Everything that outlives a request: the register of mandates, pending logins, claims, artifacts and metadata.

SQLAlchemy Core on a SQLite file or on PostgreSQL; rows go in and core values come out. A function here takes a
`Transaction` and does its work inside it; `Store.read` and `Store.write` make the transaction:

    migrate("sqlite:///var/ketenbroker.db")
    store = open_store("sqlite:///var/ketenbroker.db")
    in_use = store.read(lambda tx: register.means_in_use(tx, pseudonym, authentication_service))

    database    Store, open_store                   logins      pending logins
    migrate     the tables, brought up to date      replay      message ids, claimed once
    register    reading the register for a login    artifacts   answers, fetched once
    changes     writing to the register             documents   registered metadata
    scenario    the sample register                 accounts    who can log in where

All SQL of one subject stands in one module. Nothing here decides who may act for whom: that is `broker.core`.
"""
