"""What pages about logins of the past call things, and how they mask who a person is."""

from datetime import timedelta
from hashlib import sha256
from hmac import digest
from typing import Final

from broker.core.organisations import LegalForm, Organisation
from broker.simulator.audit.logins import Parties
from broker.simulator.context import Simulator

MASK: Final = "•••••"
_OF_ONE_PERSON: Final = frozenset({LegalForm.EENMANSZAAK})


def person(sim: Simulator, parties: Parties, person_id: str, *, shown: bool) -> str:
    """The name, or a mask that is the same for the same person."""
    if not person_id:
        return ""
    return parties.people.get(person_id, person_id) if shown else f"{MASK} {_token(sim, person_id)}"


def organisation(sim: Simulator, parties: Parties, organisation_id: str, *, shown: bool) -> str:
    """Name and KvK number; of a sole proprietorship, which is a person, a mask."""
    found = parties.organisations.get(organisation_id)
    if not organisation_id:
        return ""
    if found is None:
        return organisation_id if shown else f"{MASK} {_token(sim, organisation_id)}"
    return _named(sim, found, shown=shown)


def _named(sim: Simulator, one: Organisation, *, shown: bool) -> str:
    if one.legal_form in _OF_ONE_PERSON and not shown:
        return f"{MASK} {_token(sim, one.id)}"
    return f"{one.statutory_name} ({one.kvk_number})"


def seconds(passed: timedelta) -> str:
    """`0.125 s`."""
    return f"{passed.total_seconds():.3f} s"


def _token(sim: Simulator, name: str) -> str:
    return digest(sim.pseudonym_secret, b"mask " + name.encode(), sha256).hex()[:6]
