"""The stub authentication service (authenticatiedienst): pick a test person and their means instead of a password.

It is another party than the broker: own keys, own look, own process. Of the broker's code it shares the messages
(`broker.saml`) and the words of the domain (`broker.core`), nothing else. It knows the broker and the mandate register
from the signed network metadata only.

    config       what the TOML file tells it
    accounts     its people and their means, with the internal pseudonyms that only it and the register know
    questions    an AuthnRequest of the broker, verified; the token that carries it through the pages
    statements   the signed answer
    sessions     who is logged in where
    logout       a LogoutRequest of the broker, verified, and the answer to it
    app          the pages

State between pages is in a signed token; that a question was answered and who is logged in is remembered in the
process, so the stub runs as one process.
"""
