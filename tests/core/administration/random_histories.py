"""Random sequences of changes to a small register: the real transitions, tried by everybody, with a clock that goes on.

Most of what is tried is refused, as it should be. What is not refused is kept, with its event.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from broker.core.administration import couplings, invitations, lifecycle, revocation_requests
from broker.core.administration.actors import OPERATOR, Actor, ActorKind, rule
from broker.core.administration.couplings import CouplingTerms, HeldMeans
from broker.core.administration.dossiers import FiledMandate, Priority
from broker.core.administration.events import Event, changed
from broker.core.administration.invitations import Invitation, Invited
from broker.core.administration.lifecycle import Moment, Wanted
from broker.core.administration.obstacles import ChangeRefused
from broker.core.administration.policy import WE_ID_REGISTER, RegisterPolicy
from broker.core.administration.representatives import Authority, Representative
from broker.core.administration.revocation_requests import Asked, RevocationRequest
from broker.core.administration.trade_register import Extract, KvkCheck, KvkResult
from broker.core.assurance import AssuranceLevel
from broker.core.invariants import InvariantBroken
from broker.core.links import ChainLink, MeansInUse
from broker.core.mandates import ChainMandate, ChainStatus, MandateCoupling, Origin
from broker.core.organisations import Means, MeansType, Person, PersonStatus
from broker.core.scope import EVERYTHING, Scope
from broker.core.validity import Validity
from tests.core.random_registers import SCOPES
from tests.core.register_values import EH2_PLUS, EH3, EH4, NOON, a_means, a_person, an_organisation

OFFICE, PAYROLL, BAKERY, GARAGE = (an_organisation(name) for name in ("Kantoor", "Salaris", "Bakkerij", "Garage"))
CLIENTS, INTERMEDIARIES = (BAKERY.id, GARAGE.id, OFFICE.id), (OFFICE.id, PAYROLL.id, BAKERY.id)
ORGANISATIONS = {one.id: one for one in (OFFICE, PAYROLL, BAKERY, GARAGE)}
REPRESENTATIVES = {
    BAKERY.id: (Representative("Bas Bakker", Authority.OWNER),),
    GARAGE.id: tuple(Representative(f"Gert {number}", Authority.JOINT) for number in range(3)),
    OFFICE.id: (Representative("Ko Kantoor", Authority.SOLE, until=date(2027, 6, 1)),),
}
PEOPLE = {
    one.id: one
    for one in (
        a_person(id="anna", organisation_id=OFFICE.id),
        a_person(id="boris", organisation_id=PAYROLL.id),
        a_person(id="carla", organisation_id=BAKERY.id),
    )
}
MEANS = {
    one.id: one
    for one in (
        a_means(PEOPLE["anna"], id="anna-eh3"),
        a_means(PEOPLE["anna"], id="anna-tax", type=MeansType.EH3_BELASTINGDIENST),
        a_means(PEOPLE["boris"], id="boris-eh4", level=EH4),
        a_means(PEOPLE["boris"], id="boris-eh2plus", level=EH2_PLUS),
        a_means(PEOPLE["carla"], id="carla-eh3"),
    )
}
ACTORS = (
    *(
        Actor(ActorKind.MANAGER, f"manager-{one.id}-{level.value}", f"Beheerder {one.id}", one.id, level, EH4)
        for one in ORGANISATIONS.values()
        for level in (EH2_PLUS, EH3, EH4)
    ),
    *(
        Actor(ActorKind.SIGNATORY, f"link-{one.name}", one.name, organisation_id)
        for organisation_id, several in REPRESENTATIVES.items()
        for one in several
    ),
    Actor(ActorKind.USER, "anna", "Anna", OFFICE.id, EH3),
    OPERATOR,
    rule("automatic"),
)
SCOPE_CHOICES: tuple[Scope, ...] = (EVERYTHING, *SCOPES[1:4])
LEVELS = tuple(AssuranceLevel)
LIKELY = (*[EH3] * 6, *LEVELS)


@dataclass
class World:
    """What a store would hold, and everything that ever happened to it."""

    at: Any = NOON
    policy: RegisterPolicy = WE_ID_REGISTER
    filed: dict[str, FiledMandate] = field(default_factory=dict)
    couplings: dict[str, MandateCoupling] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    requests: dict[str, RevocationRequest] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=lambda: dict(PEOPLE))
    checks: dict[str, KvkCheck] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    done: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    # every state that a mandate was in, with the actor who brought it there and the moment
    seen: list[tuple[FiledMandate, Actor, Any]] = field(default_factory=list)
    coupled: list[tuple[MandateCoupling, ChainMandate, Person, Actor]] = field(default_factory=list)

    @property
    def now(self) -> Moment:
        return Moment(self.at, self.policy)

    def held(self, means: Means) -> HeldMeans:
        person = self.people[means.person_id]
        return HeldMeans(means, person, frozenset({person.organisation_id}))

    def in_use(self, means: Means) -> MeansInUse:
        person = self.people[means.person_id]
        return MeansInUse(means, person, ORGANISATIONS[person.organisation_id], ())

    def links(self, means: Means) -> tuple[ChainLink, ...]:
        return tuple(
            ChainLink(one, mandate, ORGANISATIONS[mandate.grantor_id], ORGANISATIONS[mandate.intermediary_id])
            for one in self.couplings.values()
            if one.means_id == means.id
            for mandate in [self.filed[one.mandate_id].mandate]
        )

    def somebody(self, draw: "Choices", *concerned: str) -> Actor:
        """Anybody, but most often somebody who is concerned."""
        likely = [
            one for one in ACTORS if (one.organisation_id in concerned and one.level is not EH2_PLUS) or one is OPERATOR
        ]
        return draw.of((*likely * 9, *ACTORS))

    def mandate(self, draw: "Choices", *likely: ChainStatus) -> FiledMandate:
        """Any mandate, but most often one in these states."""
        found = list(self.filed.values())
        return draw.of([one for one in found if one.mandate.status in likely] * 4 + found)

    # what can be tried

    def request(self, draw: "Choices") -> None:
        client, through = (
            draw.of((BAKERY.id, GARAGE.id, *ORGANISATIONS)),
            draw.of((OFFICE.id, PAYROLL.id, *ORGANISATIONS)),
        )
        actor = self.somebody(draw, client)
        wanted = Wanted(client, through, draw.of(SCOPE_CHOICES), draw.of(LIKELY), self._period(draw), draw.of(Priority))
        new = lifecycle.request(wanted, Origin.SELF_ISSUED, actor, self.now, mandate_id=f"m{len(self.filed)}")
        self._add(new, actor)

    def invite(self, draw: "Choices") -> None:
        actor, client = self.somebody(draw, OFFICE.id, PAYROLL.id), draw.of(CLIENTS)
        until = self._period(draw).valid_until
        asked = Invited(client, "a@b.example", "", draw.of(SCOPE_CHOICES), draw.of(LIKELY), until)
        name = f"i{len(self.invitations)}"
        new = invitations.invite(asked, actor, self.now, invitation_id=name, token=name)
        self._keep(self.invitations, name, None, new, "invitation.sent", actor)

    def accept(self, draw: "Choices") -> None:
        before = draw.of(self.invitations.values())
        actor = self.somebody(draw, before.client_id)
        mandate_id = f"m{len(self.filed)}"
        after = invitations.accept(before, mandate_id, actor, self.now)
        new = lifecycle.request(
            before.wanted(self.now.today),
            Origin.INVITED_BY_INTERMEDIARY,
            actor,
            self.now,
            mandate_id=mandate_id,
            invitation_id=before.id,
        )
        self._add(new, actor)
        self._keep(self.invitations, before.id, before, after, "invitation.accepted", actor)

    def end_invitation(self, draw: "Choices") -> None:
        before = draw.of(self.invitations.values())
        actor = self.somebody(draw, before.client_id, before.intermediary_id)
        end = draw.of((invitations.decline, invitations.cancel))
        self._keep(
            self.invitations, before.id, before, end(before, actor, self.now, "reden"), "invitation.ended", actor
        )

    def sign(self, draw: "Choices") -> None:
        before = self.mandate(draw, ChainStatus.SIGNING)
        actor = self.somebody(draw, before.mandate.grantor_id)
        if actor.kind is ActorKind.MANAGER:
            self._moved(before, lifecycle.sign_as_manager(before, actor, self.now), "signed", actor)
            return
        people = REPRESENTATIVES.get(before.mandate.grantor_id, ())
        self._moved(before, lifecycle.sign(before, actor, self.now, people), "signed", actor)

    def activate(self, draw: "Choices") -> None:
        before, actor = self.mandate(draw, ChainStatus.UNDER_REVIEW), draw.of((OPERATOR, OPERATOR, *ACTORS))
        about = draw.of((*[before.mandate.grantor_id] * 5, BAKERY.id))
        age = timedelta(draw.of((0, 0, 0, 14, 15, 15, -1)))
        check = KvkCheck(f"k{len(self.checks)}", about, self.at - age, draw.of((*[KvkResult.OK] * 8, *KvkResult)))
        self.checks[check.id] = check
        self._moved(before, lifecycle.activate(before, check, actor, self.now), "activated", actor)

    def renew(self, draw: "Choices") -> None:
        before, until = self.mandate(draw, ChainStatus.ACTIVE), self._period(draw).valid_until
        actor = self.somebody(draw, before.mandate.grantor_id, before.mandate.intermediary_id)
        results = (*[KvkResult.OK] * 8, *KvkResult)
        check = KvkCheck(f"k{len(self.checks)}", before.mandate.grantor_id, self.at, draw.of(results))
        self.checks[check.id] = check
        after = lifecycle.renew(before, until, check, actor, self.now)
        self._moved(before, after, "renewed", actor)
        for one in list(self.couplings.values()):
            if one.mandate_id == before.mandate.id:
                follows = couplings.follow_renewal(one, before.mandate, after.mandate, self.now.today)
                self._coupled(one, follows, actor)

    def end(self, draw: "Choices") -> None:
        before = self.mandate(draw, ChainStatus.ACTIVE, ChainStatus.SUSPENDED)
        actor = self.somebody(draw, before.mandate.grantor_id, before.mandate.intermediary_id)
        ends: tuple[Callable[[], FiledMandate], ...] = (
            lambda: lifecycle.revoke(before, actor, self.now, "reden"),
            lambda: lifecycle.suspend(before, actor, self.now, "reden"),
            lambda: lifecycle.resume(before, actor, self.now),
            lambda: lifecycle.decline(before, actor, self.now, "reden"),
            lambda: lifecycle.end_on(before, self.now.today + timedelta(draw.of(range(60))), actor, self.now),
        )
        self._moved(before, draw.of(ends)(), "changed", actor)

    def reject(self, draw: "Choices") -> None:
        before, actor = self.mandate(draw, ChainStatus.UNDER_REVIEW), draw.of((OPERATOR, OPERATOR, *ACTORS))
        self._moved(before, lifecycle.reject(before, actor, self.now, "reden"), "rejected", actor)

    def couple(self, draw: "Choices") -> None:
        mandate = self.mandate(draw, ChainStatus.ACTIVE, ChainStatus.SUSPENDED).mandate
        actor = self.somebody(draw, mandate.intermediary_id)
        theirs = [
            one for one in MEANS.values() if self.people[one.person_id].organisation_id == mandate.intermediary_id
        ]
        means = draw.of((*theirs * 6, *MEANS.values()))
        terms = CouplingTerms(draw.of((None, *SCOPE_CHOICES)), draw.of((None, *LEVELS)), self._period(draw))
        terms = draw.of((terms, couplings.AS_THE_MANDATE))
        name = f"c{len(self.couplings)}"
        new = couplings.couple(mandate, self.held(means), actor, self.now, name, terms)
        self._coupled(None, new, actor)
        self.coupled.append((new, mandate, self.people[means.person_id], actor))

    def change_coupling(self, draw: "Choices") -> None:
        before = draw.of(self.couplings.values())
        actor = self.somebody(draw, self.filed[before.mandate_id].mandate.intermediary_id)
        change = draw.of((couplings.suspend, couplings.resume, couplings.uncouple))
        self._coupled(before, change(self.filed[before.mandate_id].mandate, before, actor, self.now), actor)

    def ask_to_revoke(self, draw: "Choices") -> None:
        client, through = ORGANISATIONS[draw.of(CLIENTS)], ORGANISATIONS[draw.of(INTERMEDIARIES)]
        name = f"r{len(self.requests)}"
        asked = Asked(client.kvk_number, through.kvk_number, "Iemand", "a@b.example", "reden")
        new = revocation_requests.submit(asked, self.now, request_id=name)
        self._keep(self.requests, name, None, new, "revocation_request.submitted", OPERATOR)

    def decide(self, draw: "Choices") -> None:
        before, actor = draw.of(self.requests.values()), draw.of((OPERATOR, OPERATOR, *ACTORS))
        said = draw.of((*[self._extract(before)] * 3, None))
        signatory = draw.of((*[one.name for one in (said.representatives if said else ())] * 3, "Iemand"))
        verified = revocation_requests.verify(said, signatory, self.now)
        mandate = self.mandate(draw, ChainStatus.ACTIVE)
        after = revocation_requests.execute(before, verified, {mandate.mandate.id}, actor, self.now)
        self._moved(mandate, lifecycle.revoke(mandate, actor, self.now, before.reason), "revoked", actor)
        self._keep(self.requests, before.id, before, after, "revocation_request.executed", actor)

    def leave(self, draw: "Choices") -> None:
        """Somebody goes to work elsewhere, or comes back."""
        person = draw.of(self.people.values())
        changes = {
            "organisation_id": draw.of(ORGANISATIONS),
            "status": draw.of((*[PersonStatus.ACTIVE] * 3, *PersonStatus)),
        }
        self._keep(self.people, person.id, person, replace(person, **changes), "person.changed", OPERATOR)

    def wait(self, draw: "Choices") -> None:
        self.at += timedelta(days=draw.of((1, 1, 1, 1, 13, 40, 93, 400)))

    # how it is kept

    def _period(self, draw: "Choices") -> Validity:
        start = self.now.today + timedelta(draw.of((0, 0, 0, 30, -30, -400)))
        return Validity(start, start + timedelta(draw.of((365, 365, 730, 0, 30, 1826, 1827, 2000))))

    def _extract(self, request: RevocationRequest) -> Extract:
        client = next(one for one in ORGANISATIONS.values() if one.kvk_number == request.client)
        people = REPRESENTATIVES.get(client.id, ())
        return Extract(
            client.kvk_number, None, client.legal_form, client.statutory_name, client.city, representatives=people
        )

    def _add(self, new: FiledMandate, actor: Actor) -> None:
        mandate, today = new.mandate, self.now.today
        for other in self.filed.values():  # as the store is asked: `filed.same_scope`
            there = other.mandate
            same = (there.grantor_id, there.intermediary_id, there.scope) == (
                mandate.grantor_id,
                mandate.intermediary_id,
                mandate.scope,
            )
            if same and not other.dossier.ended_at and there.validity.valid_until >= today:
                raise _AlreadyThere
        self._moved(None, new, "requested", actor)

    def _moved(self, before: FiledMandate | None, after: FiledMandate, verb: str, actor: Actor) -> None:
        if before:
            after = replace(after, mandate=replace(after.mandate, version=before.mandate.version + 1))
        self._keep(self.filed, after.mandate.id, before, after, f"chain_mandate.{verb}", actor)
        self.seen.append((after, actor, self.at))

    def _coupled(self, before: MandateCoupling | None, after: MandateCoupling, actor: Actor) -> None:
        self._keep(self.couplings, after.id, before, after, "mandate_coupling.changed", actor)

    def _keep(self, where: dict[str, Any], name: str, before: Any, after: Any, action: str, actor: Actor) -> None:
        where[name] = after
        self.events.append(changed(action, actor, self.at, about=(), before=before, after=after, object_id=name))


class _AlreadyThere(Exception):
    """The register has such a mandate (I10)."""


class _NothingThere(Exception):
    """There is nothing yet to try it on."""


@dataclass
class Choices:
    """Choices out of bytes; when there are no more, always the first."""

    numbers: bytearray

    def of(self, several: Any) -> Any:
        options = list(several)
        if not options:
            raise _NothingThere
        return options[(self.numbers.pop() if self.numbers else 0) % len(options)]


TRIES = (
    *("request", "invite", "accept", "end_invitation", "sign", "sign", "activate", "activate", "renew", "reject"),
    *("end", "end", "end", "couple", "couple", "change_coupling", "ask_to_revoke", "decide", "leave", "wait"),
)
STEPS, CHOICES = 60, 9


def play(written: bytes) -> World:
    """The world after everything was tried that the bytes say, in order.

    It begins with one mandate that is active and coupled.
    """
    world = World()
    for name in ("request", "sign", "activate", "couple"):
        attempt(world, name, bytearray())
    for start in range(0, len(written), CHOICES + 1):
        step = written[start : start + CHOICES + 1]
        attempt(world, TRIES[step[0] % len(TRIES)], bytearray(step[1:]))
    return world


def attempt(world: World, name: str, numbers: bytearray) -> None:
    """One try; what is refused leaves everything as it was."""
    try:
        getattr(world, name)(Choices(numbers))
    except ChangeRefused as error:
        world.refused[error.obstacle] += 1
    except InvariantBroken as error:
        world.refused[error.rule] += 1
    except (_AlreadyThere, _NothingThere):
        pass
    else:
        world.done[name] += 1


_SIZE = STEPS * (CHOICES + 1)
written = st.binary(min_size=_SIZE, max_size=_SIZE)


def histories() -> st.SearchStrategy[World]:
    """Worlds with a history."""
    return written.map(play)
