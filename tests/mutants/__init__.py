"""Genuine messages, spoilt at random, and the broker that must not be fooled by any of them.

    world       the broker in this process: the real use cases and the real store, which forgets after each message
    donors      genuine signed messages: those that are spoilt, and those that lend parts
    trees       what can be done to a message as a tree: move, copy, wrap, forge, play with IDs
    octets      what can be done to it as bytes and as text
    bindings    what can be done to the query, form and base64 around it
    targets     each kind of message: how its mutants are made, and who reads them
    driver      runs targets over seeds and keeps the tally
    witness     signxml's opinion on the same mutants, and what each difference comes from
    guided      the same readers for atheris, which looks for new paths through the code
    fuzz        `make fuzz`

The oracle: what a mutant makes the broker do, if anything, is what one of the genuine messages makes it do, down to
every row of the store. A mutant is told by its target and seed alone; keys are made anew in each run, so the octets of
signatures differ between runs and everything else is the same. Nothing here rests on `assert`: it runs under
`python -O` too.
"""
