"""What mails tell of an invitation."""

from broker.core.administration.invitations import Invitation
from broker.core.administration.mail import Facts
from broker.core.administration.scope_words import describe
from broker.simulator.context import Simulator
from broker.store.administration import names
from broker.store.database import Transaction


def facts_of_invitation(tx: Transaction, sim: Simulator, invitation: Invitation) -> Facts:
    """Who asks whom for what, and until when there can be an answer."""
    called = names.of(tx, (invitation.client_id, invitation.intermediary_id))
    return Facts(
        client=called[invitation.client_id],
        intermediary=called[invitation.intermediary_id],
        services=describe(invitation.scope, sim.catalogue),
        level=invitation.level.label,
        until=invitation.valid_until,
        answer_by=invitation.expires_on,
        reason=invitation.reason or "",
    )
