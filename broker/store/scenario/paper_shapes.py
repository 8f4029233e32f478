"""The shapes of what the administration keeps besides mandates: dossiers, relations, invitations, KVK checks."""

from broker.core.administration.dossiers import Priority
from broker.core.administration.invitations import InvitationStatus
from broker.core.administration.representatives import SigningMethod
from broker.core.administration.revocation_requests import RequestState
from broker.core.administration.trade_register import KvkResult
from broker.core.text import Language
from broker.store.scenario.notation import Day, Id, Kvk, Level, Moment, Name, Version, Words
from broker.store.scenario.shape import ScopeShape, Shape


class SignatureShape(Shape):
    """The signature of one representative."""

    by: Name
    method: SigningMethod = SigningMethod.IN_PORTAL
    at: Moment


class DossierShape(Shape):
    """The papers of a mandate.

    With `requested` they are as they stand here. Without it, what is left out is that of a mandate whose past is not
    known: everything happened at the moment of loading.
    """

    requested: Moment | None = None
    priority: Priority = Priority.NORMAL
    invitation: Id | None = None
    signatures: tuple[SignatureShape, ...] = ()
    signed: Moment | None = None
    due: Day | None = None
    check: Id | None = None
    activated: Moment | None = None
    ended: Moment | None = None
    reason: Words | None = None
    successor_of: Id | None = None


class RelationShape(Shape):
    """Equal relations of one intermediary; added at the moment of loading unless it says when."""

    intermediary: str
    clients: tuple[str, ...] = ()
    group: str | None = None
    added: Moment | None = None
    email: Words = ""
    contact: Words = ""
    removed: Moment | None = None


class InvitationShape(Shape):
    """An invitation, without the secret of its link: the link in an old mail does not work for what was loaded."""

    id: Id
    intermediary: str
    client: str
    email: Words
    contact: Words = ""
    scope: ScopeShape
    level: Level
    until: Day
    sent: Moment | None = None
    expires: Day | None = None
    language: Language = "nl"
    priority: Priority = Priority.NORMAL
    status: InvitationStatus = InvitationStatus.SENT
    reference: Words = ""
    batch: Id | None = None
    renews: Id | None = None
    opened: Moment | None = None
    answered: Moment | None = None
    reason: Words | None = None
    mandate: Id | None = None
    version: Version = 1


class CheckShape(Shape):
    """A check of an organisation with KVK; `by` is the operator who overrode the result."""

    id: Id
    organisation: str
    at: Moment
    result: KvkResult
    by: Words | None = None


class RevocationRequestShape(Shape):
    """A request to revoke; its KvK numbers are as somebody typed them."""

    id: Id
    client: Kvk
    intermediary: Kvk
    name: Words
    email: Words
    reason: Words = ""
    language: Language = "nl"
    submitted: Moment
    state: RequestState = RequestState.SUBMITTED
    decided: Moment | None = None
    decided_by: Words | None = None
    representative: Words | None = None
    mandates: tuple[Id, ...] = ()
    answer: Words | None = None
    version: Version = 1
