"""What the desk calls things, and in whose name it works."""

from typing import Final

from broker.core.administration.actors import OPERATOR
from broker.core.administration.revocation_requests import RequestState
from broker.core.administration.trade_register import KvkResult
from broker.core.text import Text

__all__ = ["CHECK_RESULT", "COUNTED", "OPERATOR", "REQUEST_STATE"]

CHECK_RESULT: Final = {
    KvkResult.OK: Text("In orde", "In order"),
    KvkResult.NOT_FOUND: Text("Nummer niet bekend", "Number not known"),
    KvkResult.INACTIVE: Text("Niet actief", "Not active"),
    KvkResult.SIGNATORY_NOT_AUTHORISED: Text("Ondertekenaar niet bevoegd", "Signatory not authorised"),
    KvkResult.ERROR: Text("Geen antwoord", "No answer"),
}

REQUEST_STATE: Final = {
    RequestState.SUBMITTED: Text("Wacht op besluit", "Waits for a decision"),
    RequestState.EXECUTED: Text("Uitgevoerd", "Carried out"),
    RequestState.REFUSED: Text("Geweigerd", "Refused"),
}

COUNTED: Final = {
    "organisations": Text("Organisaties", "Organisations"),
    "people": Text("Mensen", "People"),
    "means": Text("Inlogmiddelen", "Means"),
    "direct_mandates": Text("Directe machtigingen", "Direct mandates"),
    "chain_mandates": Text("Ketenmachtigingen", "Chain mandates"),
    "couplings": Text("Koppelingen", "Couplings"),
    "relations": Text("Relaties", "Relations"),
    "invitations": Text("Uitnodigingen", "Invitations"),
}
"""The parts of a register, as `Scenario.counts` has them."""
