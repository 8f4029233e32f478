"""The broker's summary assertion for a service provider: who acts for whom, in the words of a dialect."""

from broker.saml import assertion, names
from broker.saml.assertion import Statement
from broker.saml.build import child
from broker.saml.dialects import Dialect, Seal, attributes_of
from broker.saml.keys import SigningKey
from broker.saml.outcome import Outcome


def write(outcome: Outcome, dialect: Dialect, seal: Seal, key: SigningKey) -> Statement:
    """The signed assertion; with Advice, the evidence moves into it. One private-key operation."""
    root = assertion.begin(outcome.id, outcome.issuer, outcome.moment)
    subject = dialect.subject(outcome)
    assertion.subject(root, subject.value, subject.qualifier, outcome.confirmation, subject.format)
    assertion.conditions(root, outcome.window, (outcome.audience,))
    # Copied out of the evidence before it moves.
    attributes = list(attributes_of(outcome, dialect, seal))
    if dialect.advice == "full":
        child(root, names.SAML, "Advice").extend([statement.element for statement in outcome.evidence])
    session_index = outcome.session_index if dialect.session_index else None
    assertion.authentication(root, outcome.moment, outcome.level, outcome.authentication_service, session_index)
    child(root, names.SAML, "AttributeStatement").extend(attributes)
    return assertion.signed(root, key)
