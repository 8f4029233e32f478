"""Organisations, the people who work for them, and the means those people log in with."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from broker.core.assurance import AssuranceLevel
from broker.core.identifiers import BranchNumber, InternalPseudonym, KvkNumber, Rsin
from broker.core.validity import Validity


class LegalForm(Enum):
    """Rechtsvorm in the trade register (Handelsregister)."""

    EENMANSZAAK = "EENMANSZAAK"
    VOF = "VOF"
    MAATSCHAP = "MAATSCHAP"
    CV = "CV"
    BV = "BV"
    NV = "NV"
    STICHTING = "STICHTING"
    VERENIGING = "VERENIGING"
    COOPERATIE = "COOPERATIE"
    OWM = "OWM"
    VVE = "VVE"
    KERK = "KERK"
    OVERIG = "OVERIG"
    BUITENLANDS = "BUITENLANDS"


class KvkStatus(Enum):
    """How an organisation stands in the trade register."""

    ACTIVE = "active"
    DEREGISTERED = "deregistered"
    BANKRUPT = "bankrupt"
    SUSPENSION_OF_PAYMENTS = "suspension_of_payments"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation (dienstafnemer). Client or intermediary is its part in one mandate, not a kind of organisation.

    A sole proprietorship (eenmanszaak) has no RSIN. Trade names (handelsnamen) are those besides the statutory name.
    """

    id: str
    kvk_number: KvkNumber
    rsin: Rsin | None
    legal_form: LegalForm
    statutory_name: str
    city: str
    kvk_status: KvkStatus = KvkStatus.ACTIVE
    trade_names: tuple[str, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether the trade register holds it as active: not deregistered, bankrupt or in suspension of payments."""
        return self.kvk_status is KvkStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch (vestiging) of an organisation, as the trade register has it."""

    number: BranchNumber
    organisation_id: str
    name: str
    city: str
    is_main: bool = False


class PersonStatus(Enum):
    """Whether a person may log in at all."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Person:
    """A user (gebruiker, handelende persoon) and the organisation that employs them.

    `last_used_on` is the Amsterdam date on which any of the person's mandates was last used; None when that was
    never or is not known. Without `email` no mail can be sent.
    """

    id: str
    organisation_id: str
    display_name: str
    status: PersonStatus = PersonStatus.ACTIVE
    last_used_on: date | None = None
    email: str | None = None


class MeansType(Enum):
    """EH3-Belastingdienst is a cheap means for a few services of one provider; it takes no part in chains."""

    REGULAR = "regular"
    EH3_BELASTINGDIENST = "eh3_belastingdienst"


class MeansStatus(Enum):
    """The life of a means; only an active one can be used."""

    REQUESTED = "requested"
    ISSUED = "issued"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Means:
    """A means (middel) of one person at one authentication service, which names it by its internal pseudonym.

    The scheme calls that pseudonym stable per token and never reused: it is unique per authentication service.
    """

    id: str
    person_id: str
    authentication_service: str
    internal_pseudonym: InternalPseudonym
    type: MeansType
    level: AssuranceLevel
    status: MeansStatus
    validity: Validity
