"""Keeping logins for whoever has to judge them afterwards.

    sealing    what messages say, encrypted at rest
    recording  a message, a login's record and its events, in the transaction of what happens
    heads      signed heads of the chain of events, outside the database

Messages may hold personal data, so their bodies are sealed with a key that is not in the database, and go when their
time is over. The chain of events holds no more of them than digests.
"""
