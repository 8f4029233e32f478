"""Keeping logins for whoever has to judge them afterwards.

    sealing            what messages say, encrypted at rest
    recording          a message, a login's record and its events, in the transaction of what happens
    in_force           metadata and catalogue as they are at an event, kept once
    keys               the key that heads and bundles of evidence are signed with
    heads              signed heads of the chain of events, outside the database
    verifying          the chain of events against itself and its heads
    logins             searching logins, one login, and noting that somebody was looked at
    evidence           bundles of evidence
    bundled_documents  the part of a bundle that was in force
    bundle_verifier    the program that goes along in a bundle, and verifies it
    report             what the report in a bundle says
    report_page        the same as a page
    report_pdf         the same as a PDF
    keeping            what is done now and then: heads are signed, old messages forgotten

Messages may hold personal data, so their bodies are sealed with a key that is not in the database, and go when their
time is over. The chain of events holds no more of them than digests.
"""
