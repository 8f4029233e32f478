"""The invariants hold after every step of whatever people do with the use cases, on a real store, while time goes on.

`tests/core/administration/test_invariants.py` tries far more on the pure rules. Here the question is whether use cases
and store keep to them: what is loaded, checked, saved, told in events and seen by the next login.
"""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from broker.core.administration.actors import OPERATOR, ActorKind
from broker.core.administration.dossiers import NOT_ENDED
from broker.core.administration.events import fold, state_of
from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.trade_register import KvkResult
from broker.core.decision import Granted, decide, grant
from broker.core.links import LinkKind, LinkReference
from broker.core.mandates import MAX_YEARS, ChainStatus, LinkStatus
from broker.core.organisations import MeansType
from broker.core.question import Question
from broker.core.scope import EVERYTHING, covers
from broker.core.validity import years_later
from broker.simulator.administration import (
    answering,
    checking,
    coupling,
    endings,
    granting,
    inviting,
    relations,
    renewing,
    reviewing,
)
from broker.store.administration import checks, couplings, filed, invitations
from broker.store.changes import replace_party
from broker.store.database import open_store
from broker.store.register import means_in_use, reload_link
from tests.core.register_values import ALWAYS, EH2_PLUS, EH3, EH4, KVK, NOON, OFFICE, TAX, TOWN, a_service, providers
from tests.simulator.administration.standing import StandingClock
from tests.simulator.administration.world import (
    ANNA,
    ANNA_EH3,
    BORIS,
    BORIS_EH2_PLUS,
    BORIS_EH3,
    CARLA_TAX,
    CLIENTS,
    JUNIOR,
    OF_BAKERY,
    OF_FLORIST,
    OF_GARAGE,
    OF_OFFICE,
    World,
    fill,
)

PLACES = (OFFICE, *CLIENTS)
PAIRS = [(client.id, through) for client in CLIENTS for through in (OFFICE.id, CLIENTS[0].id)]
MANAGERS = (OF_OFFICE, OF_BAKERY, OF_GARAGE, OF_FLORIST)
MANAGER_OF = {one.organisation_id: one for one in MANAGERS}
MEANS = {one.id: one for one in (ANNA_EH3, BORIS_EH3, BORIS_EH2_PLUS, CARLA_TAX)}
SERVICES = (a_service(TAX), a_service(TOWN, index=9002), a_service(KVK, index=9003, level=EH4))
SCOPES = (EVERYTHING, providers(TAX), providers(TAX, TOWN))

clients = st.sampled_from(CLIENTS)
places = st.sampled_from((OFFICE, OFFICE, CLIENTS[0]))
OTHERS = (OPERATOR, JUNIOR, replace(OF_OFFICE, level=EH2_PLUS), replace(OF_BAKERY, kind=ActorKind.USER))
# Somebody, or None for whom it is up to.
actors = st.sampled_from((*MANAGERS, *OTHERS, *[None] * 16))
scopes = st.sampled_from(SCOPES)
levels = st.sampled_from((EH3, EH3, EH3, EH2_PLUS, EH4))
periods = st.sampled_from((365, 700, 30, 1826, 4000, -1))
days = st.integers(0, 40)
any_of = st.integers(0, 30)


def of(several, number):
    """One of them."""
    return several[number % len(several)]


class Administration(RuleBasedStateMachine):
    """What people do; `self.kept` is what the store held after the last step."""

    simulator, folder, done = None, None, Counter()

    @initialize()
    def begin(self):
        store = self.folder / "random.sqlite"
        for old in self.folder.glob("random.sqlite*"):
            old.unlink()
        shutil.copy(self.folder / "sample.sqlite", store)
        self.clock = StandingClock(NOON)
        stub = self.simulator.trade_register
        opened = open_store(f"sqlite:///{store}")
        self.sim = replace(self.simulator, store=opened, clock=self.clock, trade_register=replace(stub, store=opened))
        opened.write(fill)
        self.world = World(self.sim)
        self.before, self.ever_active, self.numbers = {}, set(), 0
        for actor in MANAGERS[1:]:
            made = granting.issue(self.sim, actor, self.asked(OFFICE, EVERYTHING, EH3, 365))
            coupling.couple(self.sim, OF_OFFICE, made.mandate.id, [ANNA_EH3.id, BORIS_EH3.id])

    def teardown(self):
        if hasattr(self, "sim"):
            self.sim.store.close()

    def attempt(self, what, change, *arguments):
        """Do it; what is refused leaves mandates, couplings and invitations, and their events, as they were."""
        before = self.held()
        try:
            change(self.sim, *arguments)
        except ChangeRefused as error:
            type(self).done[f"not {what}: {error.obstacle.name}"] += 1
            assert self.held() == before
        else:
            type(self).done[what] += 1

    # what is there

    def asked(self, intermediary, scope, level, lasts):
        until = self.today + timedelta(lasts)
        return granting.Asked(intermediary.kvk_number, scope, level, self.today, until)

    @property
    def today(self):
        return self.clock().date()

    def mandates(self, *statuses):
        held = self.sim.store.read(lambda tx: [one for pair in PAIRS for one in filed.between(tx, *pair)])
        return [one for one in held if not statuses or one.mandate.status in statuses]

    def coupled(self):
        ids = [one.mandate.id for one in self.mandates()]
        return self.sim.store.read(lambda tx: [one for key in ids for one in couplings.of_mandate(tx, key)])

    def open_invitations(self):
        today = self.today
        return self.sim.store.read(
            lambda tx: [one for pair in PAIRS for one in invitations.all_open_between(tx, *pair, today)]
        )

    def held(self):
        mandates = {("chain_mandate", one.mandate.id): one for one in self.mandates()}
        return mandates | {("mandate_coupling", one.coupling.id): one.coupling for one in self.coupled()}

    # what people do

    @rule(actor=actors, client=clients)
    def add_relation(self, actor, client):
        self.attempt("add a relation", relations.add, actor or OF_OFFICE, client.kvk_number)

    @rule(actor=actors, client=clients)
    def remove_relation(self, actor, client):
        self.attempt("remove a relation", relations.remove, actor or OF_OFFICE, client.id, "opgezegd")

    @rule(actor=actors, client=clients, to=places, scope=scopes, level=levels, lasts=periods)
    def issue(self, actor, client, to, scope, level, lasts):
        asked = self.asked(to, scope, level, lasts)
        self.attempt("issue", granting.issue, actor or MANAGER_OF[client.id], asked)

    @rule(actor=actors, client=clients, scope=scopes, level=levels, lasts=periods)
    def invite(self, actor, client, scope, level, lasts):
        until = self.today + timedelta(lasts)
        asked = inviting.Request(client.kvk_number, "klant@mail.example", "Klant", scope, level, until)
        self.attempt("invite", inviting.invite, actor or OF_OFFICE, asked)

    @precondition(lambda self: self.open_invitations())
    @rule(actor=actors, number=any_of, how=st.sampled_from(("accept", "accept", "decline", "cancel")))
    def answer(self, actor, number, how):
        wanted = of(self.open_invitations(), number)
        client = actor or MANAGER_OF[wanted.client_id]
        if how == "accept":
            self.attempt(how, answering.accept_as_manager, client, wanted.id)
        elif how == "decline":
            self.attempt(how, answering.decline_as_manager, client, wanted.id, "nee")
        else:
            self.attempt(how, inviting.cancel, actor or OF_OFFICE, wanted.id, "toch niet")

    @rule(actor=actors, number=any_of, means=st.sampled_from((ANNA_EH3, *MEANS.values())))
    def couple(self, actor, number, means):
        wanted = of(self.mandates(ChainStatus.ACTIVE) or self.mandates(), number)
        self.attempt("couple", coupling.couple, actor or OF_OFFICE, wanted.mandate.id, [means.id])

    @rule(actor=actors, number=any_of, change=st.sampled_from((coupling.suspend, coupling.resume, coupling.uncouple)))
    def change_coupling(self, actor, number, change):
        wanted = of(self.coupled(), number).coupling
        self.attempt(f"{change.__name__} a coupling", change, actor or OF_OFFICE, wanted.id)

    @rule(actor=actors, number=any_of, change=st.sampled_from((endings.suspend, endings.resume, endings.resume)))
    def stop_for_a_while(self, actor, number, change):
        wanted = of(self.mandates(ChainStatus.ACTIVE, ChainStatus.SUSPENDED) or self.mandates(), number).mandate
        reason = ["misbruik"] if change is endings.suspend else []
        self.attempt(change.__name__, change, actor or MANAGER_OF[wanted.grantor_id], wanted.id, *reason)

    @rule(actor=actors, number=any_of, how=st.sampled_from(("revoke", "end", "renew", "renew", "sign")), later=days)
    def change_mandate(self, actor, number, how, later):
        wanted = of(self.mandates(), number).mandate
        change, more = {
            "revoke": (endings.revoke, ("opgezegd",)),
            "end": (endings.end_on, (self.today + timedelta(later),)),
            "renew": (renewing.renew, (self.today + timedelta(400 + later),)),
            "sign": (granting.sign, ()),
        }[how]
        self.attempt(how, change, actor or MANAGER_OF[wanted.grantor_id], wanted.id, *more)

    @rule(actor=actors, number=any_of, activates=st.booleans())
    def review(self, actor, number, activates):
        wanted = of(self.mandates(ChainStatus.UNDER_REVIEW) or self.mandates(), number).mandate
        if activates:
            self.attempt("activate", reviewing.activate, actor or OPERATOR, wanted.id)
        else:
            self.attempt("reject", reviewing.reject, actor or OPERATOR, wanted.id, "onjuist")

    @rule(
        client=clients,
        result=st.sampled_from((KvkResult.INACTIVE, KvkResult.SIGNATORY_NOT_AUTHORISED, KvkResult.ERROR)),
    )
    def kvk_changes(self, client, result):
        answers = {one.kvk_number for one in checking.overridden(self.sim)}
        if client.kvk_number in answers:
            checking.take_back(self.sim, OPERATOR, client.kvk_number)
        else:
            checking.override(self.sim, OPERATOR, client.kvk_number, result)

    @rule(person=st.sampled_from((ANNA, BORIS)), where=st.sampled_from((OFFICE, OFFICE, CLIENTS[0])))
    def work_elsewhere(self, person, where):
        self.sim.store.write(lambda tx: replace_party(tx, replace(person, organisation_id=where.id)))

    @rule(later=st.sampled_from((1, 1, 13, 40, 93, 300)))
    def time_goes_on(self, later):
        self.clock.go(days=later)

    # what always holds

    @invariant()
    def what_is_stored(self):
        if not hasattr(self, "sim"):
            return
        now = {one.mandate.id: one for one in self.mandates()}
        for key, one in now.items():
            mandate, papers, period = one.mandate, one.dossier, one.mandate.validity
            assert mandate.grantor_id != mandate.intermediary_id, "I1"
            assert period.valid_from <= period.valid_until <= years_later(period.valid_from, MAX_YEARS), "I3"
            assert mandate.level >= EH3, "I5"
            before = self.before.get(key)
            assert before is None or before == one or before.mandate.status in NOT_ENDED, "I6"
            assert (papers.ended_at is not None) == (mandate.status not in NOT_ENDED), "I6"
            assert before is None or mandate.origin is before.mandate.origin, "M-30"
            self.ever_active |= {key} if mandate.status is ChainStatus.ACTIVE else set()
            assert (papers.activated_at is not None) == (key in self.ever_active), "I6"
            if papers.activated_at is not None:
                check = self.sim.store.read(lambda tx, name=papers.check_id: checks.find(tx, name))
                assert (check.result, check.organisation_id) == (KvkResult.OK, mandate.grantor_id), "I7"
                assert papers.signatures, "I7"
                begun = before is None or before.dossier.check_id != papers.check_id
                assert not begun or check.is_fresh(self.clock(), self.sim.register_policy.check_days), "I7"
        assert self.before.keys() <= now.keys(), "I6"
        today = self.today
        alike = Counter(
            (one.mandate.grantor_id, one.mandate.intermediary_id, one.mandate.scope)
            for one in now.values()
            if one.mandate.status in NOT_ENDED and one.mandate.validity.valid_until >= today
        )
        assert max(alike.values(), default=0) <= 1, "I10"
        self.before = now

    @invariant()
    def what_the_events_say(self):
        if not hasattr(self, "sim"):
            return
        told = self.world.events()
        assert len(told) >= self.numbers, "I13"
        self.numbers = len(told)
        state = fold(event.content for event in told)
        register = {key: value for key, value in state.items() if key[0] in ("chain_mandate", "mandate_coupling")}
        assert register == {key: state_of(value) for key, value in self.held().items()}, "I13"

    @invariant()
    def what_the_next_login_sees(self):
        if not hasattr(self, "sim"):
            return
        mandates = {one.mandate.id: one.mandate for one in self.mandates()}
        by_means = {key: [one.coupling for one in self.coupled() if one.means.id == key] for key in MEANS}
        for means in MEANS.values():
            in_use, links = self.sim.store.read(lambda tx, one=means: self._links(tx, one, by_means[one.id]))
            for service in SERVICES:
                question = Question(service, means.level, in_use, self.clock())
                usable = {
                    one.id
                    for one in by_means[means.id]
                    if self._counts(one, mandates[one.mandate_id], means, in_use.person, service)
                }
                assert {link.coupling.id for link in links if isinstance(grant(question, link), Granted)} == usable, (
                    "I9"
                )
                decision = decide(question, links)
                clients = {mandates[one.mandate_id].grantor_id for one in by_means[means.id] if one.id in usable}
                assert {one.organisation.id for one in decision.candidates} == clients, "I14"
                assert {one.intermediary.id for one in decision.candidates} <= self._works_for(in_use.person), "I2"

    @staticmethod
    def _links(tx, means, held):
        in_use = means_in_use(tx, means.internal_pseudonym, means.authentication_service)
        return in_use, [reload_link(tx, LinkReference(LinkKind.CHAIN, one.id)) for one in held]

    def _works_for(self, person):
        """The employer; and Anna holds a direct mandate for the office besides."""
        office = person == replace(ANNA, organisation_id=person.organisation_id) and ALWAYS.contains(self.today)
        return {person.organisation_id, *([OFFICE.id] if office else [])}

    def _counts(self, one, mandate, means, person, service):
        """Whether a login under this coupling must succeed: every link in force now (I2, I3, I5, I8, I9)."""
        return (
            mandate.status is ChainStatus.ACTIVE
            and one.status is LinkStatus.ACTIVE
            and mandate.validity.contains(self.today)
            and one.validity.contains(self.today)
            and means.validity.contains(self.today)
            and means.type is MeansType.REGULAR
            and mandate.intermediary_id in self._works_for(person)
            and covers(mandate.scope, service)
            and covers(one.narrowing or EVERYTHING, service)
            and min(mandate.level, one.level, means.level) >= max(service.required_level, EH3)
        )


# Without shrinking: what failed is told step by step, and a few steps suffice to break most things.
QUICK = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def test_I1_I2_I3_I5_I6_I7_I8_I9_I10_I13_I14_hold_after_every_step(composed, installation, tmp_path):
    shutil.copy(installation / "var" / "ketenbroker.sqlite", tmp_path / "sample.sqlite")
    machine = type("Tried", (Administration,), {"simulator": composed, "folder": tmp_path, "done": Counter()})
    run_state_machine_as_test(machine, settings=QUICK)
    assert {"issue", "invite", "couple", "suspend"} & machine.done.keys(), "else it holds because nothing happens"
