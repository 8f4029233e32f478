"""I1 to I14 hold after whatever anybody tries: random sequences of the real transitions, with a clock that goes on."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from broker.core.administration.actors import ActorKind
from broker.core.administration.dossiers import NOT_ENDED
from broker.core.administration.events import document_of, fold, state_of
from broker.core.administration.lifecycle import Wanted, check_wanted
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.policy import RegisterPolicy
from broker.core.administration.representatives import is_signed
from broker.core.administration.trade_register import KvkResult
from broker.core.decision import Granted, decide, grant
from broker.core.mandates import MAX_YEARS, ChainStatus, LinkStatus
from broker.core.organisations import MeansStatus, MeansType, PersonStatus
from broker.core.question import Question
from broker.core.scope import EVERYTHING, covers
from broker.core.validity import Validity, years_later
from tests.core.administration.random_histories import (
    MEANS,
    ORGANISATIONS,
    PEOPLE,
    REPRESENTATIVES,
    TRIES,
    World,
    histories,
    play,
    written,
)
from tests.core.random_registers import SERVICES
from tests.core.register_values import EH3

PROPERTY = settings(max_examples=50, deadline=None)


def questions(world: World):
    """Every means used at every service, now."""
    return [
        Question(service, means.level, world.in_use(means), world.at)
        for means in MEANS.values()
        for service in SERVICES
    ]


def test_the_histories_do_everything_and_are_refused_everything():
    """Without this the tests below could hold because nothing ever happens."""
    done, refused, statuses = Counter(), Counter(), set()

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(histories())
    def look(world):
        done.update(world.done)
        refused.update(world.refused)
        statuses.update(one.mandate.status for one, _, _ in world.seen)

    look()
    assert set(done) == set(TRIES)
    assert min(done["activate"], done["couple"]) > 200
    assert {ChainStatus.ACTIVE, ChainStatus.SUSPENDED, ChainStatus.REVOKED, ChainStatus.REJECTED} <= statuses
    assert {Obstacle.ABOVE_OWN_LEVEL, Obstacle.USE_THE_FORM, Obstacle.KVK_CHECK_TOO_OLD, Obstacle.ENDED} <= set(refused)


@PROPERTY
@given(histories())
def test_I1_nobody_is_its_own_intermediary(world):
    for filed, _, _ in world.seen:
        assert filed.mandate.grantor_id != filed.mandate.intermediary_id
    for invitation in world.invitations.values():
        assert invitation.client_id != invitation.intermediary_id


@PROPERTY
@given(histories())
def test_I2_whoever_is_coupled_works_for_the_intermediary_and_acts_through_no_other(world):
    for _, mandate, person, _ in world.coupled:
        assert person.organisation_id == mandate.intermediary_id
    for question in questions(world):
        for candidate in decide(question, world.links(question.in_use.means)).candidates:
            assert candidate.intermediary.id == question.in_use.person.organisation_id


@PROPERTY
@given(histories())
def test_I3_five_years_at_most_and_a_coupling_counts_within_its_mandate_only(world):
    periods = [filed.mandate.validity for filed, _, _ in world.seen]
    periods += [coupling.validity for coupling in world.couplings.values()]
    for period in periods:
        assert period.valid_from <= period.valid_until <= years_later(period.valid_from, MAX_YEARS)
    for question in questions(world):
        for candidate in decide(question, world.links(question.in_use.means)).candidates:
            assert candidate.link.mandate.validity.contains(question.day)
            assert candidate.link.coupling.validity.contains(question.day)


@PROPERTY
@given(histories())
def test_I4_no_manager_registers_above_the_own_level(world):
    known = set()
    for filed, actor, _ in world.seen:
        if filed.mandate.id not in known and actor.kind is ActorKind.MANAGER:
            assert filed.mandate.level <= actor.own_level
        known.add(filed.mandate.id)
    for coupling, _, _, actor in world.coupled:
        assert coupling.level <= actor.own_level


@PROPERTY
@given(histories())
def test_I5_everything_in_a_chain_is_EH3_and_its_means_regular(world):
    for filed, _, _ in world.seen:
        assert filed.mandate.level >= EH3
    for coupling, mandate, _, actor in world.coupled:
        means = MEANS[coupling.means_id]
        assert means.type is MeansType.REGULAR
        assert min(coupling.level, mandate.level, means.level) >= EH3
        assert actor.own_level >= EH3


@PROPERTY
@given(histories())
def test_I6_what_has_ended_stays_so_and_its_papers_say_when(world):
    last = {}
    for filed, _, at in world.seen:
        before = last.get(filed.mandate.id)
        assert before is None or before.mandate.status in NOT_ENDED
        assert (filed.dossier.ended_at is not None) == (filed.mandate.status not in NOT_ENDED)
        assert filed.dossier.ended_at in (None, at)
        ever = filed.mandate.status is ChainStatus.ACTIVE or (before is not None and before.dossier.activated_at)
        assert (filed.dossier.activated_at is not None) == bool(ever)
        last[filed.mandate.id] = filed


@PROPERTY
@given(histories())
def test_I7_nothing_is_active_without_enough_signatures_and_a_fresh_check_of_the_client(world):
    last = {}
    for filed, _, at in world.seen:
        before = last.get(filed.mandate.id)
        if filed.mandate.status is ChainStatus.ACTIVE and before.mandate.status is ChainStatus.UNDER_REVIEW:
            check, papers = world.checks[filed.dossier.check_id], filed.dossier
            assert (check.result, check.organisation_id) == (KvkResult.OK, filed.mandate.grantor_id)
            assert check.is_fresh(at, RegisterPolicy().check_days)
            people = REPRESENTATIVES.get(filed.mandate.grantor_id, ())
            day = papers.signed_at.date()
            by_manager = papers.signatures[0].representative == f"Beheerder {filed.mandate.grantor_id}"
            assert by_manager or is_signed(people, papers.signatures, filed.mandate.level, day)
        last[filed.mandate.id] = filed


@PROPERTY
@given(histories())
def test_I8_the_effective_scope_is_that_of_mandate_and_coupling_together(world):
    for question in questions(world):
        for candidate in decide(question, world.links(question.in_use.means)).candidates:
            link = candidate.link
            assert covers(link.mandate.scope, question.service)
            assert link.coupling.narrowing is None or covers(link.coupling.narrowing, question.service)


@PROPERTY
@given(histories())
def test_I9_what_is_issued_rests_on_links_that_are_all_in_force_at_that_moment(world):
    for question in questions(world):
        for link in world.links(question.in_use.means):
            if not isinstance(grant(question, link), Granted):
                continue
            means, person = question.in_use.means, question.in_use.person
            assert (link.mandate.status, link.coupling.status) == (ChainStatus.ACTIVE, LinkStatus.ACTIVE)
            assert link.mandate.status_at(question.day) is ChainStatus.ACTIVE
            assert (means.status, person.status) == (MeansStatus.ACTIVE, PersonStatus.ACTIVE)
            assert means.validity.contains(question.day)
            assert world.filed[link.mandate.id].mandate == link.mandate


@PROPERTY
@given(histories())
def test_I10_no_two_mandates_with_one_scope_count_at_the_same_time(world):
    today = world.now.today
    alike = Counter(
        (one.mandate.grantor_id, one.mandate.intermediary_id, one.mandate.scope)
        for one in world.filed.values()
        if one.status_at(world.at, world.policy.signing_months) in NOT_ENDED
        and one.mandate.validity.valid_until >= today
    )
    assert max(alike.values(), default=0) <= 1


@PROPERTY
@given(histories())
def test_I11_no_event_holds_a_BSN_or_a_secret(world):
    """There is no field for a BSN; what an event says is what a page, a log and an export can say at most."""
    allowed = {"kvk_number", "rsin"}
    for event in world.events:
        document = document_of(event)
        assert "bsn" not in document.lower()
        assert "internal_pseudonym" not in document
        assert allowed.isdisjoint(event.after or {})


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(ORGANISATIONS)), st.from_regex(r"[0-9]{12}", fullmatch=True), st.booleans())
def test_I12_a_branch_on_a_chain_mandate_is_refused_unless_the_profile_allows_it(client, branch, allowed):
    world = World(policy=RegisterPolicy(allow_chain_branch=allowed))
    period = Validity(world.now.today, world.now.today)
    wanted = Wanted(client, "another", EVERYTHING, EH3, period, branch=branch)
    if allowed:
        check_wanted(wanted, world.now)
    else:
        with pytest.raises(ChangeRefused) as caught:
            check_wanted(wanted, world.now)
        assert caught.value.obstacle is Obstacle.BRANCH_NOT_ALLOWED
    check_wanted(replace(wanted, branch=None), world.now)


@PROPERTY
@given(histories())
def test_I13_the_register_is_the_fold_of_its_events(world):
    documents = [{"action": one.action, "object_id": one.object_id, "after": one.after} for one in world.events]
    held = {
        "chain_mandate": world.filed,
        "mandate_coupling": world.couplings,
        "invitation": world.invitations,
        "revocation_request": world.requests,
        "person": world.people,
    }
    unchanged = {("person", name): state_of(one) for name, one in PEOPLE.items()}
    state = {(kind, name): state_of(value) for kind, several in held.items() for name, value in several.items()}
    assert unchanged | dict(fold(documents)) == state


@PROPERTY
@given(histories())
def test_I14_what_is_granted_speaks_of_one_client_and_one_intermediary(world):
    for question in questions(world):
        for link in world.links(question.in_use.means):
            granted = grant(question, link)
            if not isinstance(granted, Granted):
                continue
            assert granted.candidate.organisation == link.client
            assert granted.candidate.intermediary == link.intermediary
            assert granted.candidate.superseded == ()
            assert {one.value for one in granted.identifiers} == {str(link.client.kvk_number)}


@settings(max_examples=15, deadline=None)
@given(written)
def test_the_same_steps_lead_to_the_same_register(taken):
    assert play(taken) == play(taken)
