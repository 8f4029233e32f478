"""Actors, dossiers and moments for tests: every one usable as it is, every field open to change by keyword."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from broker.core.administration.actors import OPERATOR, Actor, ActorKind
from broker.core.administration.dossiers import Dossier, FiledMandate, filed_long_ago
from broker.core.administration.lifecycle import Moment, Wanted
from broker.core.administration.policy import RegisterPolicy
from broker.core.administration.representatives import Authority, Representative
from broker.core.administration.trade_register import KvkCheck, KvkResult
from broker.core.mandates import ChainStatus, Origin
from broker.core.scope import EVERYTHING
from broker.core.validity import Validity
from tests.core.register_values import CLIENT, EH2_PLUS, EH3, NOON, OFFICE, TODAY, a_mandate

NEXT_YEAR = Validity(TODAY, date(2027, 11, 24))
EARLIER = NOON - timedelta(days=3)


def now(moment: datetime = NOON, **policy: object) -> Moment:
    """Noon, with changes to the rules of the register."""
    return Moment(moment, replace(RegisterPolicy(), **policy))


def a_manager(organisation_id: str = OFFICE.id, **changes: object) -> Actor:
    """A manager at EH3 who logged in at EH3."""
    return replace(Actor(ActorKind.MANAGER, "fleur", "Fleur Voorbeeld", organisation_id, EH3, EH3), **changes)


OF_OFFICE = a_manager()
OF_CLIENT = a_manager(CLIENT.id, id="bas", name="Bas Bakker")
LOW_MANAGER = a_manager(level=EH2_PLUS, role_level=EH2_PLUS)
LOW_CLIENT = a_manager(CLIENT.id, level=EH2_PLUS)
SIGNATORY = Actor(ActorKind.SIGNATORY, "link", "D. Directeur", CLIENT.id)
USER = Actor(ActorKind.USER, "uma", "Uma Gebruiker", OFFICE.id, EH3)
STRANGER = a_manager("somebody-else")
EVERYBODY = (OF_OFFICE, OF_CLIENT, LOW_MANAGER, LOW_CLIENT, SIGNATORY, USER, STRANGER, OPERATOR)
DIRECTOR = Representative("D. Directeur", Authority.SOLE)


def a_check(**changes: object) -> KvkCheck:
    """A check of the client that was right, of today."""
    return replace(KvkCheck("check", CLIENT.id, NOON, KvkResult.OK), **changes)


def wanted(**changes: object) -> Wanted:
    """A mandate for everything, at EH3, for a year."""
    return replace(Wanted(CLIENT.id, OFFICE.id, EVERYTHING, EH3, NEXT_YEAR), **changes)


def a_filed_mandate(
    status: ChainStatus = ChainStatus.ACTIVE, origin: Origin = Origin.INVITED_BY_INTERMEDIARY, **changes: object
) -> FiledMandate:
    """A mandate of the client to the office in this status, with papers of three days ago."""
    return filed_long_ago(a_mandate(status=status, origin=origin, **changes), EARLIER)


def papers(filed: FiledMandate, **changes: object) -> FiledMandate:
    """The same mandate with other papers."""
    dossier: Dossier = replace(filed.dossier, **changes)
    return replace(filed, dossier=dossier)
