"""The domain, in pure Python: identifiers, assurance levels, services, scopes, mandates and the decision.

Nothing here knows about XML, HTTP, SQL or keys, and nothing here reads the clock: the moment is an argument.
Start with `decision`, which answers the one question of this project: for whom may this person act?
"""
