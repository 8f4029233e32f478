"""What mails tell of an invitation."""

from broker.core.administration.invitations import Invitation
from broker.core.administration.letters import write
from broker.core.administration.lifecycle import Moment
from broker.core.administration.mail import Addressee, Facts, LinkTarget, Mail, MailKind
from broker.core.administration.scope_words import describe
from broker.core.text import Text
from broker.simulator.context import Simulator
from broker.store.administration import names
from broker.store.database import Transaction


def facts_of_invitation(tx: Transaction, sim: Simulator, invitation: Invitation) -> Facts:
    """Who asks whom for what, and until when there can be an answer."""
    called = names.of(tx, (invitation.client_id, invitation.intermediary_id))
    services = describe(invitation.scope, sim.catalogue)
    return facts_about(invitation, called[invitation.client_id], called[invitation.intermediary_id], services)


def facts_about(invitation: Invitation, client: str, intermediary: str, services: Text) -> Facts:
    """The same for who knows the names already."""
    return Facts(
        client=client,
        intermediary=intermediary,
        services=services,
        level=invitation.level.label,
        until=invitation.valid_until,
        answer_by=invitation.expires_on,
        reason=invitation.reason or "",
    )


def letter_of(invitation: Invitation, facts: Facts, now: Moment) -> Mail:
    """The mail with the link; each version of an invitation is written about once."""
    return write(
        MailKind.RENEWAL if invitation.renews else MailKind.INVITATION,
        Addressee(invitation.email, invitation.contact, invitation.language),
        facts,
        now.at,
        occasion=f"{invitation.id} {invitation.version}",
        link=LinkTarget.INVITATION,
        object_id=invitation.id,
    )
