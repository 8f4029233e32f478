"""The decision against a second reading of the scheme's evaluation at login, written the long way round.

Both must say the same of every link of every random register; and every reason that there is must come up.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import product

from hypothesis import Phase, given, settings

from broker.core.decision import Granted, decide, grant
from broker.core.links import ChainLink, DirectLink
from broker.core.mandates import ChainStatus, LinkStatus
from broker.core.organisations import KvkStatus, MeansStatus, MeansType, PersonStatus
from broker.core.refusals import DenialReason
from broker.core.validity import months_later
from broker.core.why_not import why_not
from tests.core.random_registers import SERVICES, asked_registers
from tests.core.register_values import EH3, EH4

# In the order of evaluation at login: the first that fails gives the reason.
NOT_YET = {ChainStatus.INVITED, ChainStatus.SIGNING, ChainStatus.UNDER_REVIEW}
NEVER = {ChainStatus.REJECTED, ChainStatus.CANCELLED, ChainStatus.DECLINED, ChainStatus.LAPSED}
ORDER = ("EH2", "EH2_PLUS", "EH3", "EH4")


def rank(level):
    return ORDER.index(level.name)


def in_scope(scope, service):
    if scope.everything:
        return True
    return service.provider_oin in scope.providers or service.definition_uuid in scope.services


def of_means(question):
    means, person, day = question.in_use.means, question.in_use.person, question.day
    needed = max(rank(question.service.required_level), rank(question.requested_level))
    yield "MEANS_NOT_USABLE", means.status is not MeansStatus.ACTIVE or not in_period(means, day)
    yield "USER_BLOCKED", person.status is not PersonStatus.ACTIVE
    yield "LOA_TOO_LOW", min(rank(question.authenticated_level), rank(means.level)) < needed
    months = question.policy.lapse_after_months
    used = person.last_used_on
    yield "USER_LAPSED", used is not None and months is not None and day > months_later(used, months)


def in_period(held, day):
    return held.validity.valid_from <= day <= held.validity.valid_until


def of_direct(question, link):
    mandate, service, day = link.mandate, question.service, question.day
    yield "NO_MANDATE", mandate.means_id != question.in_use.means.id
    yield "ONLY_FOR_THIRD_PARTIES", mandate.for_third_parties_only
    yield "DIRECT_NOT_ACTIVE", mandate.status is not LinkStatus.ACTIVE
    yield "DIRECT_NOT_YET_VALID", day < mandate.validity.valid_from
    yield "DIRECT_EXPIRED", day > mandate.validity.valid_until
    inactive = link.organisation.kvk_status is not KvkStatus.ACTIVE
    yield "ORGANISATION_NOT_ACTIVE", inactive and question.policy.organisation_must_be_active
    yield "DIRECT_SERVICE_NOT_COVERED", not in_scope(mandate.scope, service)
    yield "BRANCH_NOT_ALLOWED", mandate.branch is not None and not service.restrictions_allowed
    yield "LOA_TOO_LOW", too_low(question, mandate.level)


def of_chain(question, link):
    means, service, day = question.in_use.means, question.service, question.day
    mandate, coupling, policy = link.mandate, link.coupling, question.policy
    level = min(rank(question.authenticated_level), rank(means.level))
    yield "MEANS_TYPE_NOT_ALLOWED", means.type is MeansType.EH3_BELASTINGDIENST
    yield "CHAIN_NEEDS_EH3", policy.chain_min_level is not None and level < rank(policy.chain_min_level)
    yield "CHAIN_NOT_ALLOWED_BY_SERVICE", not service.chain_allowed
    yield "NO_USER_COUPLING", coupling.means_id != means.id
    yield "CHAIN_NOT_YET_ACTIVE", mandate.status in NOT_YET
    yield "CHAIN_NEVER_ACTIVATED", mandate.status in NEVER
    yield "CHAIN_REVOKED", mandate.status is ChainStatus.REVOKED
    yield "CHAIN_SUSPENDED", mandate.status is ChainStatus.SUSPENDED
    yield "CHAIN_NOT_YET_VALID", day < mandate.validity.valid_from
    yield "CHAIN_EXPIRED", day > mandate.validity.valid_until
    yield "COUPLING_NOT_ACTIVE", coupling.status is not LinkStatus.ACTIVE
    yield "COUPLING_EXPIRED", not in_period(coupling, day)
    yield "CHAIN_BROKEN", mandate.intermediary_id not in tied(question)
    gone = link.client.kvk_status is not KvkStatus.ACTIVE
    yield "RELATION_NOT_ACTIVE", gone and policy.relation_must_be_active
    gone = link.intermediary.kvk_status is not KvkStatus.ACTIVE
    yield "INTERMEDIARY_NOT_ACTIVE", gone and policy.intermediary_must_be_active
    yield "CHAIN_SERVICE_NOT_COVERED", not in_scope(mandate.scope, service)
    narrowed = coupling.narrowing is not None and not in_scope(coupling.narrowing, service)
    yield "COUPLING_SERVICE_NOT_COVERED", narrowed
    yield "LOA_TOO_LOW", too_low(question, mandate.level, coupling.level)


def too_low(question, *levels):
    needed = max(rank(question.service.required_level), rank(question.requested_level))
    return min(map(rank, (question.authenticated_level, question.in_use.means.level, *levels))) < needed


def tied(question):
    held = question.in_use
    active = (one.mandate for one in held.direct if one.mandate.status is LinkStatus.ACTIVE)
    return {held.employer.id} | {one.organisation_id for one in active if in_period(one, question.day)}


def second_opinion(question, link):
    tests = [*of_means(question), *(of_chain if isinstance(link, ChainLink) else of_direct)(question, link)]
    return next((name for name, fails in tests if fails), None)


REACHABLE = {
    name.value
    for name in DenialReason
    if name.value
    not in {
        # not of one link by itself: tested where they arise
        *("SERVICE_UNKNOWN", "NO_MANDATE", "NO_USER_COUPLING", "NO_SUITABLE_MANDATE"),
        *("IDENTIFIER_NOT_AVAILABLE", "BSN_NOT_AVAILABLE", "ATTRIBUTE_NOT_AVAILABLE", "NO_ENCRYPTION_CERTIFICATE"),
    }
}


def around(register, question):
    """The question, and others that somebody might ask of the same register: more than can be drawn in the time."""
    for means, service, level, days in product(register.means, SERVICES[::2], (EH3, EH4), (0, -450, 450)):
        in_use, moment = register.in_use(means), question.moment + timedelta(days)
        yield replace(question, in_use=in_use, service=service, authenticated_level=level, moment=moment)


def near(links):
    """The links, and the first chain in every state that it can be in."""
    yield from links
    chain = next((link for link in links if isinstance(link, ChainLink)), None)
    for status in ChainStatus if chain else ():
        if status is not ChainStatus.EXPIRED:
            yield replace(chain, mandate=replace(chain.mandate, status=status))


def test_two_readings_of_the_evaluation_agree_and_every_reason_is_reached():
    reached = Counter()

    @settings(max_examples=25, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(asked_registers())
    def look(asked):
        register, first = asked
        gone = tuple(replace(one, kvk_status=KvkStatus.DEREGISTERED) for one in register.organisations)
        left = tuple(replace(one, status=PersonStatus.LEFT) for one in register.persons)
        tax = tuple(replace(one, type=MeansType.EH3_BELASTINGDIENST) for one in register.means)
        lost = tuple(replace(one, status=MeansStatus.REVOKED) for one in register.means)
        changes = ({}, {"organisations": gone}, {"persons": left}, {"means": tax}, {"means": lost})
        for world in (replace(register, **change) for change in changes):
            for question in around(world, first):
                for link in near(world.links(question.in_use)):
                    expected = second_opinion(question, link)
                    reason = why_not(question, link)
                    assert (reason.value if reason else None) == expected, link
                    reached[expected] += 1

    look()
    assert REACHABLE - set(reached) == set()
    assert reached[None] > 100


@settings(max_examples=60, deadline=None)
@given(asked_registers())
def test_I2_I8_I9_no_register_state_yields_an_assertion_that_may_not_be(asked):
    """Whatever is chosen, by whatever way: what is granted is what the second reading grants, with both scopes."""
    register, question = asked
    links = register.links(question.in_use)
    offered = {candidate.link for candidate in decide(question, links).candidates}
    for link in links:
        granted = grant(question, link)
        if not isinstance(granted, Granted):
            assert link not in offered
            continue
        assert second_opinion(question, link) is None
        assert in_scope(link.mandate.scope, question.service)
        if isinstance(link, DirectLink):
            assert granted.candidate.intermediary is None
            continue
        assert granted.candidate.intermediary.id in tied(question)
        assert granted.candidate.organisation.id == link.mandate.grantor_id
        assert link.coupling.narrowing is None or in_scope(link.coupling.narrowing, question.service)
        assert in_period(link.mandate, question.day)
        assert in_period(link.coupling, question.day)
