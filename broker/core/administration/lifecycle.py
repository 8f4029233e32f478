"""The life of a chain mandate. Each transition is a function: who may do it is asked here, so nobody can forget to.

    request ─▶ SIGNING ─sign▶ UNDER_REVIEW ─activate▶ ACTIVE ⇄ SUSPENDED ─revoke▶ REVOKED
               │ (3 months)   └reject▶ REJECTED        └ renew: a new period
               └▶ LAPSED                                └ (the clock) EXPIRED

An invitation that is not answered is no mandate yet: INVITED, DECLINED and CANCELLED are known for mandates that come
from elsewhere. Expiry and lapsing follow from the clock and are never stored. Raises `ChangeRefused`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from broker.core.administration.actors import Actor, ActorKind
from broker.core.administration.dossiers import PENDING, Dossier, FiledMandate, Priority
from broker.core.administration.obstacles import ChangeRefused, Obstacle
from broker.core.administration.permissions import Action, permit, require_own_level
from broker.core.administration.policy import RegisterPolicy
from broker.core.administration.representatives import (
    Representative,
    Signature,
    SigningMethod,
    is_authorised,
    is_signed,
)
from broker.core.administration.trade_register import KvkCheck, KvkResult
from broker.core.administration.working_days import review_due
from broker.core.assurance import AssuranceLevel
from broker.core.clock import amsterdam_date
from broker.core.mandates import MAX_YEARS, ChainMandate, ChainStatus, Origin
from broker.core.scope import Scope
from broker.core.validity import Validity, years_later

_CHECK_FAILS = {
    KvkResult.NOT_FOUND: Obstacle.KVK_NOT_FOUND,
    KvkResult.INACTIVE: Obstacle.KVK_NOT_ACTIVE,
    KvkResult.SIGNATORY_NOT_AUTHORISED: Obstacle.SIGNATORY_NOT_AUTHORISED,
    KvkResult.ERROR: Obstacle.KVK_NO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """When a change is made and by which rules: what every transition needs besides the mandate and the actor."""

    at: datetime
    policy: RegisterPolicy

    @property
    def today(self) -> date:
        """The Amsterdam date."""
        return amsterdam_date(self.at)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a mandate is asked to be. `priority` URGENT asks for the urgent procedure (spoedprocedure)."""

    client_id: str
    intermediary_id: str
    scope: Scope
    level: AssuranceLevel
    validity: Validity
    priority: Priority = Priority.NORMAL
    branch: str | None = None


def request(
    wanted: Wanted, origin: Origin, actor: Actor, now: Moment, *, mandate_id: str, invitation_id: str | None = None
) -> FiledMandate:
    """A new mandate that waits for signatures: issued by the client itself, or an invitation that it accepts."""
    action = Action.SELF_ISSUE if origin is Origin.SELF_ISSUED else Action.ANSWER_INVITATION
    permit(actor, action, wanted.client_id, wanted.intermediary_id, origin, now.policy)
    require_own_level(actor, wanted.level)
    check_wanted(wanted, now)
    mandate = ChainMandate(
        id=mandate_id,
        grantor_id=wanted.client_id,
        intermediary_id=wanted.intermediary_id,
        origin=origin,
        scope=wanted.scope,
        level=wanted.level,
        validity=wanted.validity,
        status=ChainStatus.SIGNING,
    )
    return FiledMandate(mandate, Dossier(mandate_id, now.at, wanted.priority, invitation_id))


def check_wanted(wanted: Wanted, now: Moment) -> None:
    """Return if a mandate may be like this (I1, I3, I5, I12); raises `ChangeRefused`."""
    if wanted.client_id == wanted.intermediary_id:
        raise ChangeRefused(Obstacle.OWN_ORGANISATION, wanted.client_id)
    if wanted.branch is not None and not now.policy.allow_chain_branch:
        raise ChangeRefused(Obstacle.BRANCH_NOT_ALLOWED, wanted.branch)
    if now.policy.chain_level is not None and wanted.level < now.policy.chain_level:
        raise ChangeRefused(Obstacle.LEVEL_TOO_LOW, wanted.level.label)
    check_period(wanted.validity, now)


def check_period(validity: Validity, now: Moment) -> None:
    """Return if the period ends today or later, at most five years after its first day; raises `ChangeRefused`."""
    if validity.valid_until < now.today:
        raise ChangeRefused(Obstacle.PERIOD_IN_THE_PAST, str(validity.valid_until))
    if validity.valid_until > years_later(validity.valid_from, MAX_YEARS):
        raise ChangeRefused(Obstacle.PERIOD_TOO_LONG, str(validity.valid_until))


def sign(
    filed: FiledMandate,
    actor: Actor,
    now: Moment,
    representatives: Collection[Representative],
    method: SigningMethod = SigningMethod.IN_PORTAL,
) -> FiledMandate:
    """`filed` with the signature of `actor`, a representative by name; UNDER_REVIEW once there are enough."""
    _permit(filed, actor, Action.SIGN, now)
    _require(filed, now, ChainStatus.SIGNING)
    if not is_authorised(representatives, actor.name, now.today):
        raise ChangeRefused(Obstacle.SIGNATORY_NOT_AUTHORISED, actor.name)
    papers = filed.dossier
    others = tuple(one for one in papers.signatures if one.representative != actor.name)
    signatures = (*others, Signature(actor.name, method, now.at))
    signed = replace(filed, dossier=replace(papers, signatures=signatures))
    enough = is_signed(representatives, signatures, filed.mandate.level, now.today)
    return _submit(signed, now) if enough else signed


def signed(filed: FiledMandate, signatures: tuple[Signature, ...], now: Moment) -> FiledMandate:
    """`filed` with signatures that were put before it began, and are enough; UNDER_REVIEW."""
    _require(filed, now, ChainStatus.SIGNING)
    return _submit(replace(filed, dossier=replace(filed.dossier, signatures=signatures)), now)


def sign_as_manager(filed: FiledMandate, actor: Actor, now: Moment) -> FiledMandate:
    """`filed` signed by a manager of the client who may act alone; UNDER_REVIEW."""
    _permit(filed, actor, Action.SIGN, now)
    _require(filed, now, ChainStatus.SIGNING)
    if actor.kind is not ActorKind.MANAGER:
        raise ChangeRefused(Obstacle.NOT_A_MANAGER, actor.name)
    signature = Signature(actor.name, SigningMethod.IN_PORTAL, now.at)
    return _submit(replace(filed, dossier=replace(filed.dossier, signatures=(signature,))), now)


def activate(filed: FiledMandate, check: KvkCheck, actor: Actor, now: Moment) -> FiledMandate:
    """ACTIVE, on a KVK check of the client that is right and fresh (I7)."""
    _permit(filed, actor, Action.REVIEW, now)
    _require(filed, now, ChainStatus.UNDER_REVIEW)
    _require_check(filed, check, now)
    return _moved(filed, ChainStatus.ACTIVE, check_id=check.id, activated_at=now.at, due_on=None, reason=None)


def reject(filed: FiledMandate, actor: Actor, now: Moment, reason: str) -> FiledMandate:
    """REJECTED, for good; whoever asked may ask again."""
    _permit(filed, actor, Action.REVIEW, now)
    _require(filed, now, ChainStatus.UNDER_REVIEW, ChainStatus.SIGNING)
    return _moved(filed, ChainStatus.REJECTED, ended_at=now.at, due_on=None, reason=reason)


def suspend(filed: FiledMandate, actor: Actor, now: Moment, reason: str) -> FiledMandate:
    """SUSPENDED (geschorst): no login until it is resumed."""
    _permit(filed, actor, Action.SUSPEND, now)
    _require(filed, now, ChainStatus.ACTIVE)
    return _moved(filed, ChainStatus.SUSPENDED, reason=reason)


def resume(filed: FiledMandate, actor: Actor, now: Moment) -> FiledMandate:
    """ACTIVE again."""
    _permit(filed, actor, Action.SUSPEND, now)
    _require(filed, now, ChainStatus.SUSPENDED)
    return _moved(filed, ChainStatus.ACTIVE, reason=None)


def revoke(filed: FiledMandate, actor: Actor, now: Moment, reason: str) -> FiledMandate:
    """REVOKED (ingetrokken), at once and for good; a mandate that was never active is CANCELLED."""
    _permit(filed, actor, Action.REVOKE, now)
    if filed.mandate.status in PENDING:
        _require(filed, now, *PENDING)
        return _moved(filed, ChainStatus.CANCELLED, ended_at=now.at, due_on=None, reason=reason)
    _require(filed, now, ChainStatus.ACTIVE, ChainStatus.SUSPENDED)
    return _moved(filed, ChainStatus.REVOKED, ended_at=now.at, reason=reason)


def decline(filed: FiledMandate, actor: Actor, now: Moment, reason: str) -> FiledMandate:
    """DECLINED: the client does not sign after all."""
    _permit(filed, actor, Action.ANSWER_INVITATION, now)
    _require(filed, now, ChainStatus.INVITED, ChainStatus.SIGNING)
    return _moved(filed, ChainStatus.DECLINED, ended_at=now.at, reason=reason)


def end_on(filed: FiledMandate, last_day: date, actor: Actor, now: Moment) -> FiledMandate:
    """The same mandate with an earlier last day, today at the earliest."""
    _permit(filed, actor, Action.REVOKE, now)
    _require(filed, now, ChainStatus.ACTIVE, ChainStatus.SUSPENDED)
    validity = filed.mandate.validity
    if last_day < max(now.today, validity.valid_from):
        raise ChangeRefused(Obstacle.PERIOD_IN_THE_PAST, str(last_day))
    if last_day > validity.valid_until:
        raise ChangeRefused(Obstacle.PERIOD_TOO_LONG, str(last_day))
    ended = replace(filed.mandate, validity=Validity(validity.valid_from, last_day))
    return replace(filed, mandate=ended)


def renew(filed: FiledMandate, until: date, check: KvkCheck, actor: Actor, now: Moment) -> FiledMandate:
    """The same mandate, in place, for a new period from today up to and including `until`, on a new KVK check.

    Whoever calls this has the client's consent: its manager's own wish, or a signature under the renewal.
    """
    _permit(filed, actor, Action.RENEW, now)
    _require(filed, now, ChainStatus.ACTIVE)
    if until < filed.mandate.validity.valid_until:
        raise ChangeRefused(Obstacle.PERIOD_IN_THE_PAST, str(until))
    start = max(now.today, filed.mandate.validity.valid_from)
    check_period(_period(start, until), now)
    _require_check(filed, check, now)
    renewed = replace(filed.mandate, validity=Validity(start, until))
    return FiledMandate(renewed, replace(filed.dossier, check_id=check.id))


def _period(start: date, until: date) -> Validity:
    if until < start:
        raise ChangeRefused(Obstacle.PERIOD_REVERSED, f"{start} to {until}")
    return Validity(start, until)


def _permit(filed: FiledMandate, actor: Actor, action: Action, now: Moment) -> None:
    mandate = filed.mandate
    permit(actor, action, mandate.grantor_id, mandate.intermediary_id, mandate.origin, now.policy)


def _require(filed: FiledMandate, now: Moment, *statuses: ChainStatus) -> None:
    status = filed.status_at(now.at, now.policy.signing_months)
    if status in statuses:
        return
    final = filed.dossier.ended_at is not None or status in (ChainStatus.EXPIRED, ChainStatus.LAPSED)
    raise ChangeRefused(Obstacle.ENDED if final else Obstacle.WRONG_STATE, status.value)


def _require_check(filed: FiledMandate, check: KvkCheck, now: Moment) -> None:
    if check.organisation_id != filed.mandate.grantor_id:
        raise ChangeRefused(Obstacle.KVK_NOT_FOUND, f"the check is about {check.organisation_id}")
    if check.result is not KvkResult.OK:
        raise ChangeRefused(_CHECK_FAILS[check.result], check.id)
    if not check.is_fresh(now.at, now.policy.check_days):
        raise ChangeRefused(Obstacle.KVK_CHECK_TOO_OLD, str(check.checked_at))


def _submit(filed: FiledMandate, now: Moment) -> FiledMandate:
    due = review_due(now.at, urgent=filed.dossier.priority is Priority.URGENT)
    return _moved(filed, ChainStatus.UNDER_REVIEW, signed_at=now.at, due_on=due)


def _moved(filed: FiledMandate, status: ChainStatus, **papers: object) -> FiledMandate:
    return FiledMandate(replace(filed.mandate, status=status), replace(filed.dossier, **papers))  # type: ignore[arg-type]
