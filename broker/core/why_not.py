"""`why_not`: the one place that says whether a link may be used. The first test that fails gives the reason.

The order of the tests is the scheme's order of evaluation at login, so a reason is the same on every run and for
every way of asking. `store` selects rows by the same rules in SQL, but what is selected is put to this function too.
"""

from collections.abc import Iterable

from broker.core.assurance import AssuranceLevel, weakest
from broker.core.catalogue import BRANCH_RESTRICTION, Service
from broker.core.links import ChainLink, DirectLink, Link, Part, UncoupledMandate
from broker.core.mandates import ChainMandate, ChainStatus, LinkStatus, MandateCoupling
from broker.core.organisations import MeansStatus, MeansType, PersonStatus
from broker.core.question import Question
from broker.core.refusals import DenialReason, Denied
from broker.core.scope import covers
from broker.core.validity import Validity, months_later

_CHAIN_STATUS = {
    ChainStatus.INVITED: DenialReason.CHAIN_NOT_YET_ACTIVE,
    ChainStatus.SIGNING: DenialReason.CHAIN_NOT_YET_ACTIVE,
    ChainStatus.UNDER_REVIEW: DenialReason.CHAIN_NOT_YET_ACTIVE,
    ChainStatus.REJECTED: DenialReason.CHAIN_NEVER_ACTIVATED,
    ChainStatus.CANCELLED: DenialReason.CHAIN_NEVER_ACTIVATED,
    ChainStatus.DECLINED: DenialReason.CHAIN_NEVER_ACTIVATED,
    ChainStatus.LAPSED: DenialReason.CHAIN_NEVER_ACTIVATED,
    ChainStatus.REVOKED: DenialReason.CHAIN_REVOKED,
    ChainStatus.SUSPENDED: DenialReason.CHAIN_SUSPENDED,
}


def why_not(question: Question, link: Link | UncoupledMandate) -> DenialReason | None:
    """Why `link` cannot be used for the one service of `question`; None when it can."""
    return why_not_means(question) or _why_not_link(question, link)


def denial(question: Question, link: Link | UncoupledMandate) -> Denied | None:
    """Why `link` cannot be used for `question`, with the weakest part named when the level is the reason.

    At a portal one service behind it is enough; when there is none, different reasons become NO_SUITABLE_MANDATE.
    """
    if not question.behind:
        return _denial(question, link)
    return _of_all(_denial(each, link) for each in question.each)


def usable_services(question: Question, link: Link) -> tuple[Service, ...]:
    """The services that `link` can be used for: all of those behind a portal, else the one that is asked for."""
    return tuple(each.service for each in question.each if _denial(each, link) is None)


def _of_all(denials: Iterable[Denied | None]) -> Denied | None:
    told = tuple(dict.fromkeys(denials))
    if None in told:
        return None
    if len({denied.reason for denied in told if denied}) > 1:
        return Denied(DenialReason.NO_SUITABLE_MANDATE)
    return told[0]


def _denial(question: Question, link: Link | UncoupledMandate) -> Denied | None:
    refused = _denial_of_means(question)
    if refused:
        return refused
    reason = _why_not_link(question, link)
    if reason is None:
        return None
    return Denied(reason, weakest_part(question, link) if reason is DenialReason.LOA_TOO_LOW else None)


def denial_of_means(question: Question) -> Denied | None:
    """Why nothing can be done with the means in use, with the means named when its level is the reason."""
    return _of_all(_denial_of_means(each) for each in question.each)


def _denial_of_means(question: Question) -> Denied | None:
    reason = why_not_means(question)
    if reason is None:
        return None
    return Denied(reason, Part.MEANS if reason is DenialReason.LOA_TOO_LOW else None)


def why_not_means(question: Question) -> DenialReason | None:
    """Why nothing at all can be done with the means in use, or by its holder."""
    means, person, policy = question.in_use.means, question.in_use.person, question.policy
    if means.status is not MeansStatus.ACTIVE or not means.validity.contains(question.day):
        return DenialReason.MEANS_NOT_USABLE
    if person.status is not PersonStatus.ACTIVE:
        return DenialReason.USER_BLOCKED
    if question.means_level < question.needed_level:
        return DenialReason.LOA_TOO_LOW
    if person.last_used_on and policy.lapse_after_months is not None:
        last_day = months_later(person.last_used_on, policy.lapse_after_months)
        return DenialReason.USER_LAPSED if question.day > last_day else None
    return None


def why_no_chain(question: Question) -> DenialReason | None:
    """Why no client at all can be acted for; the own organisation may still be."""
    if question.in_use.means.type is MeansType.EH3_BELASTINGDIENST:
        return DenialReason.MEANS_TYPE_NOT_ALLOWED
    if question.policy.chain_min_level and question.means_level < question.policy.chain_min_level:
        return DenialReason.CHAIN_NEEDS_EH3
    if not question.service.chain_allowed:
        return DenialReason.CHAIN_NOT_ALLOWED_BY_SERVICE
    return None


def effective_level(question: Question, link: Link) -> AssuranceLevel:
    """The level that a login over `link` has: that of its weakest part."""
    return weakest(level for _, level in _levels(question, link))


def weakest_part(question: Question, link: Link | UncoupledMandate) -> Part:
    """The part that holds the level down; of equals the one nearest to the person."""
    return min(_levels(question, link), key=lambda part: part[1])[0]


def _levels(question: Question, link: Link | UncoupledMandate) -> tuple[tuple[Part, AssuranceLevel], ...]:
    return ((Part.MEANS, question.means_level), *link.levels)


def _why_not_link(question: Question, link: Link | UncoupledMandate) -> DenialReason | None:
    match link:
        case DirectLink():
            return _why_not_direct(question, link)
        case ChainLink():
            return why_no_chain(question) or _why_not_chain(question, link)
        case UncoupledMandate():
            return why_no_chain(question) or _mandate_refuses(question, link.mandate) or DenialReason.NO_USER_COUPLING


def _why_not_direct(question: Question, link: DirectLink) -> DenialReason | None:
    mandate = link.mandate
    if mandate.means_id != question.in_use.means.id:
        return DenialReason.NO_MANDATE
    if mandate.for_third_parties_only:
        return DenialReason.ONLY_FOR_THIRD_PARTIES
    if mandate.status is not LinkStatus.ACTIVE:
        return DenialReason.DIRECT_NOT_ACTIVE
    return _direct_period_refuses(question, mandate.validity) or _direct_use_refused(question, link)


def _direct_period_refuses(question: Question, validity: Validity) -> DenialReason | None:
    if question.day < validity.valid_from:
        return DenialReason.DIRECT_NOT_YET_VALID
    return DenialReason.DIRECT_EXPIRED if question.day > validity.valid_until else None


def _direct_use_refused(question: Question, link: DirectLink) -> DenialReason | None:
    service = question.service
    if question.policy.organisation_must_be_active and not link.organisation.is_active:
        return DenialReason.ORGANISATION_NOT_ACTIVE
    if not covers(link.mandate.scope, service):
        return DenialReason.DIRECT_SERVICE_NOT_COVERED
    if link.mandate.branch and BRANCH_RESTRICTION not in service.restrictions_allowed:
        return DenialReason.BRANCH_NOT_ALLOWED
    return _level_refuses(question, link)


def _why_not_chain(question: Question, link: ChainLink) -> DenialReason | None:
    if link.coupling.means_id != question.in_use.means.id:
        return DenialReason.NO_USER_COUPLING
    return (
        _mandate_refuses(question, link.mandate)
        or _coupling_refuses(question, link.coupling)
        or _parties_refuse(question, link)
        or _scopes_refuse(question, link)
        or _level_refuses(question, link)
    )


def _mandate_refuses(question: Question, mandate: ChainMandate) -> DenialReason | None:
    if mandate.status is not ChainStatus.ACTIVE:
        return _CHAIN_STATUS[mandate.status]
    if question.day < mandate.validity.valid_from:
        return DenialReason.CHAIN_NOT_YET_VALID
    return DenialReason.CHAIN_EXPIRED if question.day > mandate.validity.valid_until else None


def _coupling_refuses(question: Question, coupling: MandateCoupling) -> DenialReason | None:
    if coupling.status is not LinkStatus.ACTIVE:
        return DenialReason.COUPLING_NOT_ACTIVE
    return None if coupling.validity.contains(question.day) else DenialReason.COUPLING_EXPIRED


def _parties_refuse(question: Question, link: ChainLink) -> DenialReason | None:
    if link.intermediary.id not in question.in_use.works_for(question.day):
        return DenialReason.CHAIN_BROKEN
    if question.policy.relation_must_be_active and not link.client.is_active:
        return DenialReason.RELATION_NOT_ACTIVE
    if question.policy.intermediary_must_be_active and not link.intermediary.is_active:
        return DenialReason.INTERMEDIARY_NOT_ACTIVE
    return None


def _scopes_refuse(question: Question, link: ChainLink) -> DenialReason | None:
    narrowing = link.coupling.narrowing
    if not covers(link.mandate.scope, question.service):
        return DenialReason.CHAIN_SERVICE_NOT_COVERED
    if narrowing and not covers(narrowing, question.service):
        return DenialReason.COUPLING_SERVICE_NOT_COVERED
    return None


def _level_refuses(question: Question, link: Link) -> DenialReason | None:
    return DenialReason.LOA_TOO_LOW if effective_level(question, link) < question.needed_level else None
