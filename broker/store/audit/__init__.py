"""What is kept of logins for those who judge them afterwards.

    tables    the tables
    messages  every message, its body sealed
    records   every login, for searching
    in_force  metadata and catalogues as they were, each kept once
    understandings  what a service provider was told in a login, sealed

That something happened stands in the chain of events (`broker.store.administration.events`), which also holds the
digests of the messages: bodies can be deleted after their time while the chain still verifies.
"""
