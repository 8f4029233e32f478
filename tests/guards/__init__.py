"""Each check of the receiver switched off in turn: a named test must fail, or nobody would miss the check.

The checks are read from the sources of the broker, so a new one is in the list at once. Nothing in the broker can
switch one off: what is swapped is the code of a function, in the process of the tests.

    receiver    where the checks are
    checks      which they are, and what each is without
    switch      the code of the broker without one of them
    plugin      the tests in `tests.toml`, each run without its check too
    search      which tests fail without a check: what fills `tests.toml`

`make test` runs it beside all other tests, `python -m tests.guards` by itself; `python -m tests.guards search` renews
`tests.toml`.

PYTEST_DONT_REWRITE: it is loaded before pytest starts, and holds no asserts.
"""
