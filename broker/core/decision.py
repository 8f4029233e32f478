"""The decision: for whom may this person act, and on what grounds.

    decide   all links of a means -> candidates to choose from, and refusals with their first reason
    grant    the one link that was chosen, at the moment of issue -> Granted | Denied

Both are pure and both rest on `why_not`, so a link that was revoked between the two is denied by the second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broker.core.assurance import AssuranceLevel
from broker.core.attributes import AttributeValue, choose_attributes
from broker.core.catalogue import Catalogue, Service
from broker.core.entries import Entry, entry_of
from broker.core.identifiers import NEEDS_BSNK, IdentifierType
from broker.core.links import ChainLink, Link, UncoupledMandate
from broker.core.organisations import LegalForm, Organisation
from broker.core.question import Question
from broker.core.refusals import DenialReason, Denied
from broker.core.search import sort_name
from broker.core.why_not import denial, denial_of_means, effective_level, usable_services


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that may be acted for, the link it rests on, and the equivalent links that were passed over."""

    link: Link
    effective_level: AssuranceLevel
    superseded: tuple[Link, ...] = ()

    @property
    def organisation(self) -> Organisation:
        """The organisation acted for: the legal subject of the login."""
        return self.link.organisation

    @property
    def intermediary(self) -> Organisation | None:
        """The intermediary of a chain; None when the login is for the own organisation."""
        return self.link.intermediary if isinstance(self.link, ChainLink) else None

    @property
    def entry(self) -> Entry:
        """The line of the list that this is."""
        return entry_of(self.link)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A link that cannot be used, and why."""

    link: Link | UncoupledMandate
    denied: Denied


@dataclass(frozen=True, slots=True)
class Decision:
    """Candidates in the order in which they are shown, direct ones first; refusals in the order of the links."""

    candidates: tuple[Candidate, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class LegalSubjectId:
    """One identifier of the organisation acted for."""

    type: IdentifierType
    value: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A "yes": whom is acted for, over which link, at which level, and under which identifiers (KvK number first).

    `services` are what the person may do there: the service asked for, or those behind the portal that the link covers.
    `attributes` are those of the organisation acted for that the service asked for.
    """

    candidate: Candidate
    identifiers: tuple[LegalSubjectId, ...]
    services: tuple[Service, ...]
    attributes: tuple[AttributeValue, ...] = ()


def decide(question: Question, links: Iterable[Link | UncoupledMandate]) -> Decision:
    """Put every link to the question.

    Several usable links for one organisation through one intermediary give one candidate: at a portal the one for the
    most services; then the one with the highest effective level, the narrowest kind of scope, the latest end, the
    lowest id. A direct mandate never merges with a chain, nor one branch with another.
    """
    usable: dict[Entry, list[Link]] = {}
    refusals = []
    for link in links:
        denied = denial(question, link)
        if denied:
            refusals.append(Refusal(link, denied))
        elif not isinstance(link, UncoupledMandate):
            usable.setdefault(entry_of(link), []).append(link)
    candidates = (_best(question, group) for group in usable.values())
    return Decision(tuple(sorted(candidates, key=_shown_order)), tuple(refusals))


def grant(question: Question, link: Link | None) -> Granted | Denied:
    """Whether a login over `link`, as it is at this very moment, is issued; None is a link that no longer exists."""
    if link is None:
        return Denied(DenialReason.NO_MANDATE)
    denied = denial(question, link)
    if denied:
        return denied
    identifiers = choose_identifiers(link.organisation, question.service.identifier_sets)
    if isinstance(identifiers, Denied):
        return identifiers
    attributes = choose_attributes(link.organisation, question.attributes)
    if isinstance(attributes, Denied):
        return attributes
    candidate = Candidate(link, effective_level(question, link))
    return Granted(candidate, identifiers, usable_services(question, link), attributes)


def best_reason(question: Question, refusals: Sequence[Refusal]) -> Denied:
    """The one reason to tell a person who has no candidate at all.

    What is wrong with the means comes first. One and the same reason everywhere is told; different reasons become the
    generic NO_SUITABLE_MANDATE. Mandates that nobody coupled to the means count when there is nothing else.
    """
    of_means = denial_of_means(question)
    if of_means:
        return of_means
    own = [refusal.denied for refusal in refusals if not isinstance(refusal.link, UncoupledMandate)]
    told = own or [refusal.denied for refusal in refusals]
    reasons = {denied.reason for denied in told}
    if not reasons:
        return Denied(DenialReason.NO_MANDATE)
    if len(reasons) > 1:
        return Denied(DenialReason.NO_SUITABLE_MANDATE)
    return told[0] if len(set(told)) == 1 else Denied(told[0].reason)


def choose_identifiers(
    organisation: Organisation, identifier_sets: Sequence[frozenset[IdentifierType]]
) -> tuple[LegalSubjectId, ...] | Denied:
    """The identifiers of the first set of types (ECTA set) that the organisation has completely, KvK number first.

    Only KvK number and RSIN are identifiers that an organisation has here. A pseudonym in a set is that of the acting
    person, which every login delivers. BSN_NOT_AVAILABLE when all that is left for a sole trader is a BSN, and
    IDENTIFIER_NOT_AVAILABLE when nothing is left.
    """
    available = {IdentifierType.KVK_NUMBER: str(organisation.kvk_number)}
    if organisation.rsin is not None:
        available[IdentifierType.RSIN] = str(organisation.rsin)
    for wanted in identifier_sets:
        legal = wanted - {IdentifierType.PSEUDO}
        if legal and legal <= available.keys():
            return tuple(LegalSubjectId(kind, value) for kind, value in available.items() if kind in legal)
    if organisation.legal_form is LegalForm.EENMANSZAAK and any(wanted & NEEDS_BSNK for wanted in identifier_sets):
        return Denied(DenialReason.BSN_NOT_AVAILABLE)
    return Denied(DenialReason.IDENTIFIER_NOT_AVAILABLE)


def service_asked(catalogue: Catalogue, service_id: str) -> Service | Denied:
    """The service with this ServiceID as the catalogue has it now; SERVICE_UNKNOWN when it was withdrawn."""
    return catalogue.find(service_id) or Denied(DenialReason.SERVICE_UNKNOWN)


def _best(question: Question, group: list[Link]) -> Candidate:
    def preference(link: Link) -> tuple[object, ...]:
        level = effective_level(question, link)
        services = len(usable_services(question, link)) if question.behind else 1
        return (
            -services,
            -level.rank,
            link.scope_kind,
            -link.valid_until.toordinal(),
            link.mandate.id,
            link.reference.id,
        )

    best, *others = sorted(group, key=preference)
    return Candidate(best, effective_level(question, best), tuple(others))


def _shown_order(candidate: Candidate) -> tuple[object, ...]:
    link, organisation = candidate.link, candidate.organisation
    through = link.intermediary.id if isinstance(link, ChainLink) else link.mandate.branch or ""
    return (isinstance(link, ChainLink), sort_name(organisation), organisation.id, through)
