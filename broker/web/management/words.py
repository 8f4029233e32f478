"""What states and kinds are called on screen."""

from typing import Final

from broker.core.administration.dossiers import Priority
from broker.core.administration.invitations import InvitationStatus
from broker.core.mandates import ChainStatus, LinkStatus, Origin
from broker.core.organisations import KvkStatus, Means, MeansStatus, MeansType
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

LINK_STATUS: Final = {
    LinkStatus.ACTIVE: Text("Actief", "Active"),
    LinkStatus.SUSPENDED: Text("Geschorst", "Suspended"),
    LinkStatus.EXPIRED: Text("Verlopen", "Expired"),
    LinkStatus.REVOKED: Text("Ontkoppeld", "Uncoupled"),
}
"""A coupling."""

ORIGIN: Final = {
    Origin.SELF_ISSUED: Text("Afgegeven door de klant zelf", "Issued by the client itself"),
    Origin.INVITED_BY_INTERMEDIARY: Text("Gevraagd door de intermediair", "Asked for by the intermediary"),
}

MEANS_TYPE: Final = {
    MeansType.REGULAR: Text("gewoon inlogmiddel", "regular means"),
    MeansType.EH3_BELASTINGDIENST: Text("EH3 Belastingdienst", "EH3 Belastingdienst"),
}

MEANS_STATUS: Final = {
    MeansStatus.REQUESTED: Text("aangevraagd", "requested"),
    MeansStatus.ISSUED: Text("uitgegeven", "issued"),
    MeansStatus.ACTIVE: Text("actief", "active"),
    MeansStatus.SUSPENDED: Text("geschorst", "suspended"),
    MeansStatus.REVOKED: Text("ingetrokken", "revoked"),
    MeansStatus.EXPIRED: Text("verlopen", "expired"),
}

KVK_STATUS: Final = {
    KvkStatus.ACTIVE: Text("Actief", "Active"),
    KvkStatus.DEREGISTERED: Text("Uitgeschreven", "Deregistered"),
    KvkStatus.BANKRUPT: Text("Failliet", "Bankrupt"),
    KvkStatus.SUSPENSION_OF_PAYMENTS: Text("Surseance van betaling", "Suspension of payments"),
}

INVITATION_STATUS: Final = {
    InvitationStatus.SENT: Text("Wacht op antwoord", "Waiting for an answer"),
    InvitationStatus.BOUNCED: Text("Adres klopt niet", "Address is wrong"),
    InvitationStatus.ACCEPTED: Text("Aanvaard", "Accepted"),
    InvitationStatus.DECLINED: Text("Geweigerd", "Declined"),
    InvitationStatus.CANCELLED: Text("Ingetrokken", "Cancelled"),
    InvitationStatus.EXPIRED: Text("Verlopen zonder antwoord", "Expired without an answer"),
}
"""An invitation, what can still be answered first."""

PRIORITY: Final = {
    Priority.NORMAL: Text("Gewoon", "Normal"),
    Priority.URGENT: Text("Spoed", "Urgent"),
}


def means_in_words(means: Means) -> Text:
    """`EH3, gewoon inlogmiddel, actief`."""
    kind, status = MEANS_TYPE[means.type], MEANS_STATUS[means.status]
    if means.type is MeansType.EH3_BELASTINGDIENST:
        return Text(f"{kind.nl}, {status.nl}", f"{kind.en}, {status.en}")
    return Text(f"{means.level.label}, {kind.nl}, {status.nl}", f"{means.level.label}, {kind.en}, {status.en}")
