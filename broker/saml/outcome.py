"""What a finished login tells a service provider, before a dialect puts it into words."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from broker.core.assurance import AssuranceLevel
from broker.saml.assertion import Confirmation, Statement, Window


@dataclass(frozen=True, slots=True)
class Sealed:
    """A named value, and the same as a register encrypted it for the service provider.

    `name` is the URN of an identifier type (then `encrypted` is an EncryptedID) or that of an attribute (then it is
    an EncryptedAttribute).
    """

    name: str
    value: str
    encrypted: etree._Element


@dataclass(frozen=True, slots=True)
class Intermediary:
    """The intermediary of a chain. `subject` is its IntermediateSubjectID, if the register stated one."""

    kvk_number: str
    rsin: str | None
    name: Sealed
    subject: etree._Element | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that may be said about one login.

    `transient` names the person as `authentication_service` did, `acting` as `register` does: the register that
    authorised the person. `legal` are the identifiers of the organisation acted for, KvK number first, `organisation`
    is its name, `branch` the branch number that the mandate is limited to, and `requested` the attributes that the
    service provider asked for besides. `evidence` are the statements of the authentication service and the registers,
    in the order of the chain; what is encrypted here is copied out of them.
    """

    id: str
    issuer: str
    moment: datetime
    audience: str
    confirmation: Confirmation
    window: Window
    level: AssuranceLevel
    authentication_service: str
    transient: str
    session_index: str
    service_ids: tuple[str, ...]
    service_uuid: str
    register: str
    acting: Sealed
    legal: tuple[Sealed, ...]
    organisation: str
    branch: str | None
    intermediary: Intermediary | None
    requested: tuple[Sealed, ...]
    evidence: tuple[Statement, ...]
