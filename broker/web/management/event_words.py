"""What happened, in words."""

from datetime import datetime
from typing import Final

from broker.core.administration.actors import ActorKind
from broker.core.clock import AMSTERDAM
from broker.core.text import Text
from broker.simulator.administration.history import Happened
from broker.web.management.register_pages import EventRow

ACTIONS: Final = {
    "chain_mandate.issued": Text("Ketenmachtiging afgegeven", "Chain mandate issued"),
    "chain_mandate.accepted": Text("Ketenmachtiging toegezegd", "Chain mandate agreed to"),
    "chain_mandate.signed": Text("Ketenmachtiging ondertekend", "Chain mandate signed"),
    "chain_mandate.activated": Text("Ketenmachtiging actief geworden", "Chain mandate became active"),
    "chain_mandate.rejected": Text("Ketenmachtiging afgewezen", "Chain mandate rejected"),
    "chain_mandate.suspended": Text("Ketenmachtiging geschorst", "Chain mandate suspended"),
    "chain_mandate.resumed": Text("Schorsing opgeheven", "Suspension lifted"),
    "chain_mandate.renewed": Text("Ketenmachtiging verlengd", "Chain mandate renewed"),
    "chain_mandate.shortened": Text("Einddatum vervroegd", "Last day brought forward"),
    "chain_mandate.revoked": Text("Ketenmachtiging ingetrokken", "Chain mandate revoked"),
    "chain_mandate.declined": Text("Ketenmachtiging geweigerd", "Chain mandate declined"),
    "mandate_coupling.added": Text("Gekoppeld aan een inlogmiddel", "Coupled to means of login"),
    "mandate_coupling.carried_over": Text("Koppeling meegenomen bij verlenging", "Coupling taken along in a renewal"),
    "mandate_coupling.renewed": Text("Koppeling verlengd", "Coupling renewed"),
    "mandate_coupling.suspended": Text("Koppeling geschorst", "Coupling suspended"),
    "mandate_coupling.resumed": Text("Koppeling weer actief", "Coupling active again"),
    "mandate_coupling.ended": Text("Ontkoppeld", "Uncoupled"),
    "onboarding.applied": Text("Aangemeld als intermediair", "Applied as an intermediary"),
    "onboarding.introduced": Text("Introductiemail verstuurd", "Introduction sent"),
    "onboarding.activated": Text("Beheermodule in gebruik genomen", "Beheermodule taken into use"),
    "relation.added": Text("Relatie toegevoegd", "Relation added"),
    "relation.removed": Text("Relatie verwijderd", "Relation removed"),
    "kvk_check.made": Text("Gecontroleerd bij KVK", "Checked with KVK"),
    "invitation.sent": Text("Uitnodiging verstuurd", "Invitation sent"),
    "invitation.opened": Text("Uitnodiging geopend", "Invitation opened"),
    "invitation.sent_again": Text("Uitnodiging opnieuw verstuurd", "Invitation sent again"),
    "invitation.address_corrected": Text("Adres van de uitnodiging verbeterd", "Address of the invitation corrected"),
    "invitation.bounced": Text("Uitnodiging niet aangekomen", "Invitation did not arrive"),
    "invitation.accepted": Text("Uitnodiging aanvaard", "Invitation accepted"),
    "invitation.declined": Text("Uitnodiging geweigerd", "Invitation declined"),
    "invitation.cancelled": Text("Uitnodiging ingetrokken", "Invitation cancelled"),
    "login.accepted": Text("Inlogverzoek aangenomen", "Login request accepted"),
    "login.denied": Text("Inloggen geweigerd", "Login refused"),
    "login.granted": Text("Ingelogd", "Logged in"),
    "login.cancelled": Text("Inloggen gestopt", "Login stopped"),
    "login.refused": Text("Inlogverzoek afgewezen", "Login request rejected"),
    "login.declined": Text("Inloggen niet gelukt", "Login did not succeed"),
    "login.failed": Text("Inloggen mislukt", "Login failed"),
    "login.started": Text("Verzoek ontvangen", "Request received"),
    "login.delivered": Text("Antwoord opgehaald", "Answer fetched"),
    "login.unsupported": Text("Verzoek kon niet worden uitgevoerd", "Request could not be carried out"),
    "login.logout": Text("Berichten over uitloggen", "Messages about logging out"),
}
"""By action of the event."""

_REGISTER: Final = Text("Het machtigingenregister", "The mandate register")
_BROKER: Final = Text("De herkenningsmakelaar", "The broker")
_LOGIN: Final = "login."


def shown(happened: Happened) -> EventRow:
    """An event as pages tell it. People of other organisations are not named, their organisation is."""
    content = happened.event.content
    holder = [happened.holder] if happened.holder else []
    return EventRow(
        at=datetime.fromisoformat(content["at"]).astimezone(AMSTERDAM),
        what=ACTIONS.get(content["action"], Text(content["action"], content["action"])),
        who=_who(happened),
        to=(*holder, *(one.statutory_name for one in happened.about)),
        reason="" if content["action"].startswith(_LOGIN) else content["reason"],  # of a login it is a code
    )


def _who(happened: Happened) -> Text | str:
    actor = happened.event.content["actor"]
    if happened.event.content["action"].startswith(_LOGIN):
        return _BROKER
    if actor["kind"] in (ActorKind.RULE.value, ActorKind.OPERATOR.value):
        return _REGISTER
    if happened.own:
        return str(actor["name"])
    return happened.by.statutory_name if happened.by else _REGISTER
