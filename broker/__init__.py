"""Ketenbroker: an eHerkenning broker (herkenningsmakelaar) simulator.

The layers, from the top; imports point down only and `make check` proves it:

    broker.cli          commands
    broker.pytest_plugin, broker.testing   the pytest plugin
    broker.web          Flask: SAML endpoints, screens, pages
    broker.simulator    composition root and the use cases of a login
    broker.store        SQLAlchemy: register, logins, replay, artifacts
    broker.rules        what may be wrong with a message; findings
    broker.saml         XML, keys, signatures, encryption, the scheme's messages
    broker.core         identifiers, levels, scopes, mandates, the decision; standard library only

Data flows one way: bytes -> verified message -> findings -> decision -> signed bytes.
"""

__version__ = "0.1.0"
