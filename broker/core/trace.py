"""The decision as plain data, for the log of a login and for the person who wants to know why.

Nothing secret goes in: no internal pseudonym.
"""

from typing import Any

from broker.core.decision import Candidate, Decision, Refusal
from broker.core.links import ChainLink, DirectLink, Link, Part, UncoupledMandate
from broker.core.mandates import ChainMandate, DirectMandate, MandateCoupling
from broker.core.organisations import Organisation
from broker.core.question import Question
from broker.core.scope import ScopeKind

Plain = dict[str, Any]


def describe(question: Question, decision: Decision) -> Plain:
    """`decision` as a dict of JSON types: what was asked, every candidate with the parts that carried it, every
    refusal with the first rule that failed. Levels are labels (`EH2+`), dates are ISO 8601.
    """
    return {
        "question": _question(question),
        "candidates": [_candidate(question, candidate) for candidate in decision.candidates],
        "refusals": [_refusal(refusal) for refusal in decision.refusals],
    }


def _question(question: Question) -> Plain:
    policy, floor = question.policy, question.policy.chain_min_level
    return {
        "moment": question.moment.isoformat(),
        "day": question.day.isoformat(),
        "service": {"id": str(question.service.service_id), "name": question.service.name.nl},
        "needed_level": question.needed_level.label,
        "authenticated_level": question.authenticated_level.label,
        "person": question.in_use.person.id,
        "employer": _organisation(question.in_use.employer),
        "policy": {
            "chain_min_level": floor.label if floor else None,
            "relation_must_be_active": policy.relation_must_be_active,
            "intermediary_must_be_active": policy.intermediary_must_be_active,
            "organisation_must_be_active": policy.organisation_must_be_active,
            "lapse_after_months": policy.lapse_after_months,
        },
    }


def _candidate(question: Question, candidate: Candidate) -> Plain:
    link, through = candidate.link, candidate.intermediary
    return {
        "kind": link.reference.kind.value,
        "organisation": _organisation(candidate.organisation),
        "intermediary": _organisation(through) if through else None,
        "effective_level": candidate.effective_level.label,
        "carried_by": [_means(question), *_parts(question, link)],
        "superseded": [passed_over.reference.id for passed_over in candidate.superseded],
    }


def _refusal(refusal: Refusal) -> Plain:
    link, weakest = refusal.link, refusal.denied.weakest
    return {
        "kind": "uncoupled" if isinstance(link, UncoupledMandate) else link.reference.kind.value,
        "id": link.mandate.id if isinstance(link, UncoupledMandate) else link.reference.id,
        "mandate": link.mandate.id,
        "organisation": _organisation(link.organisation),
        "reason": refusal.denied.reason.value,
        "weakest": weakest.value if weakest else None,
    }


def _means(question: Question) -> Plain:
    means = question.in_use.means
    return {
        "part": Part.MEANS.value,
        "id": means.id,
        "level": means.level.label,
        "used_at_level": question.means_level.label,
        "type": means.type.value,
        "valid_from": means.validity.valid_from.isoformat(),
        "valid_until": means.validity.valid_until.isoformat(),
    }


def _parts(question: Question, link: Link) -> list[Plain]:
    match link:
        case DirectLink(mandate=mandate):
            return [_mandate(question, Part.DIRECT_MANDATE, mandate, mandate.scope.kind)]
        case ChainLink(coupling=coupling, mandate=mandate):
            narrowed = coupling.narrowing.kind if coupling.narrowing else None
            return [
                _mandate(question, Part.COUPLING, coupling, narrowed),
                _mandate(question, Part.CHAIN_MANDATE, mandate, mandate.scope.kind),
            ]


def _mandate(
    question: Question,
    part: Part,
    held: DirectMandate | MandateCoupling | ChainMandate,
    scope: ScopeKind | None,
) -> Plain:
    return {
        "part": part.value,
        "id": held.id,
        "version": held.version,
        "status": held.status_at(question.day).value,
        "level": held.level.label,
        "scope": scope.name if scope else "INHERITED",
        "valid_from": held.validity.valid_from.isoformat(),
        "valid_until": held.validity.valid_until.isoformat(),
    }


def _organisation(organisation: Organisation) -> Plain:
    return {
        "id": organisation.id,
        "kvk_number": str(organisation.kvk_number),
        "name": organisation.statutory_name,
    }
