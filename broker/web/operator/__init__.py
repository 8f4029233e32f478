"""The operator's area of the broker (beheer van de simulator), below `/operator`.

    area               who may come in, and the first page
    navigation         the sections of the area, and what every page of it has
    pages              one dataclass per template
    service_providers  register, look at and remove service providers
    inspector          judge a message that somebody brings
    inspector_pages    one dataclass for its template
    reviews            chain mandates that wait for review
    requests           requests to revoke
    quotes             requests for a quote
    register           the register as a whole, and what the stub of KVK says
    desk_pages         one dataclass per template of the last four
    mailbox            every mail that the simulator wrote
    logins             logins of the past: searching, one of them (login_details), what they are called (login_words)
    login_pages        one dataclass per template of those

Another section is a module with a blueprint, which `area` registers, and an entry in `navigation`.
"""
