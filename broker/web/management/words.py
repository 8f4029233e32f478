"""What the states of chain mandates are called on screen."""

from typing import Final

from broker.core.mandates import ChainStatus
from broker.core.text import Text

CHAIN_STATUS: Final = {
    ChainStatus.ACTIVE: Text("Actief", "Active"),
    ChainStatus.INVITED: Text("Uitgenodigd", "Invited"),
    ChainStatus.SIGNING: Text("Wacht op ondertekening", "Waiting for a signature"),
    ChainStatus.UNDER_REVIEW: Text("In beoordeling", "Under review"),
    ChainStatus.SUSPENDED: Text("Geschorst", "Suspended"),
    ChainStatus.EXPIRED: Text("Verlopen", "Expired"),
    ChainStatus.REVOKED: Text("Ingetrokken", "Revoked"),
    ChainStatus.REJECTED: Text("Afgewezen", "Rejected"),
    ChainStatus.DECLINED: Text("Geweigerd door de klant", "Declined by the client"),
    ChainStatus.CANCELLED: Text("Geannuleerd", "Cancelled"),
    ChainStatus.LAPSED: Text("Vervallen zonder antwoord", "Lapsed without an answer"),
}
"""A chain mandate, what can be used first."""
