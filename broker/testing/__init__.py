"""What the pytest plugin (`broker.pytest_plugin`) is made of: a whole network in the process of somebody else's tests.

    networks      the networks of a run, one for each set of settings
    network       broker, stub and demo service provider below one folder; keys and store come from a cache
    demo          the demo service provider, for who has none yet
    serving       applications on free ports, in threads
    calling       calls of the control API
    eherkenning   what a test gets: addresses, register, clock, next logins, logins
    logins        a login as the broker recorded it
    visiting      driving a login through a service provider
    report        logins as tables, for tests that fail

Only the first four know its parts: the others a running broker by its API alone. It is served
by Werkzeug, which is for tests and nothing else.
"""
