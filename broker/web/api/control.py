"""The clock, what the next logins do, and back to the beginning."""

from datetime import timedelta

from flask import Blueprint
from pydantic import Field, model_validator

from broker.core.conditions import Conditions
from broker.core.errors import InputInvalid, NotFound
from broker.core.organisations import Means, MeansStatus, MeansType
from broker.core.script import Point, Refused, Screen, Script
from broker.simulator import conditions
from broker.simulator.control import register, resetting, scripting
from broker.simulator.control.scripting import Queued
from broker.simulator.parties import AUTHENTICATION_SERVICE
from broker.store import register_pages
from broker.web.api.document import calls, gives
from broker.web.api.installation import installation, simulator
from broker.web.api.register import organisation_known
from broker.web.api.shapes import Level, Moment, Shape, level_of

blueprint = Blueprint("control", __name__)
_CREATED = 201
_LONGEST_DELAY_S = 120


class ClockShape(Shape):
    """What the clock of the network says: broker, registers and stub alike."""

    now: Moment
    offset_seconds: float = Field(description="How far it is ahead of the system's.")
    frozen: bool = Field(description="Whether it stands still.")


class SetClock(Shape):
    """Where the clock goes: to a moment, or, without one, stays or comes back; and whether it stands still there."""

    now: Moment | None = Field(default=None, description="A moment with its time zone.")
    frozen: bool = False
    real: bool = Field(default=False, description="Back to the time of the system.")

    @model_validator(mode="after")
    def _one_of_them(self) -> "SetClock":
        if self.real and (self.now is not None or self.frozen):
            raise ValueError("real excludes now and frozen")
        return self


class AdvanceClock(Shape):
    """By how much the clock is moved; less than nothing is back."""

    seconds: float = Field(default=0, ge=-1e10, le=1e10)
    days: int = Field(default=0, ge=-100_000, le=100_000)


class ScriptShape(Shape):
    """What happens in one login. Only the choices of the person are made for them; what is left out is left to whoever
    sits at the screen. Without `refused` and the like the login goes as the register has it.
    """

    person: str | None = Field(default=None, description="Id or name of the person who logs in.")
    means: str | None = Field(default=None, description="Id of the means; or else chosen by `person` and `level`.")
    level: Level | None = Field(default=None, description="Level of the means that the person takes.")
    client: str | None = Field(default=None, description="Id or KvK number of the organisation acted for.")
    via: str | None = Field(default=None, description="Id or KvK number of the intermediary, if several lead there.")
    service_provider: str | None = Field(
        default=None,
        description="EntityID: only for a login that begins there. Left out: for any next login.",
    )
    cancel_at: Screen | None = Field(default=None, description="The screen on which the person stops.")
    refused: Refused | None = Field(
        default=None, description="What the register says of the chosen mandate, for this login alone."
    )
    revoke_after: Point | None = Field(
        default=None, description="The point after which the chosen mandate is revoked, in the register and for good."
    )
    answer_delay_seconds: float = Field(
        default=0, ge=0, le=_LONGEST_DELAY_S, description="How long the answer takes when its artifact is resolved."
    )
    authentication_service_down: bool = Field(default=False, description="It answers with an error page, status 503.")


class QueuedShape(Shape):
    """A script that waits."""

    number: int
    means: str | None
    client: str | None
    via: str | None
    service_provider: str | None
    cancel_at: Screen | None
    refused: Refused | None
    revoke_after: Point | None
    answer_delay_seconds: float
    authentication_service_down: bool


class QueueShape(Shape):
    """The scripts that wait, the next one first."""

    scripts: list[QueuedShape]


class ResetShape(Shape):
    """How far back. Logins, their messages, scripts and what was seen before are always forgotten; the clock is the
    system's again.
    """

    register_: resetting.Register = Field(
        default=resetting.Register.SAMPLE, alias="register", description="What the register holds afterwards."
    )
    keep_service_providers: bool = True
    seed: str | None = Field(
        default=None, min_length=1, max_length=200, description="Ids in messages follow from it; without one: random."
    )


class ResetDone(Shape):
    """What holds from now on."""

    run: int = Field(description="How often this network began anew.")
    seed: str | None


@blueprint.get("/clock")
@calls.validate(resp=gives(ClockShape), tags=["Clock"])
def clock() -> ClockShape:
    """What the clock says."""
    return _told(simulator().conditions())


@blueprint.put("/clock")
@calls.validate(resp=gives(ClockShape), tags=["Clock"])
def set_clock(json: SetClock) -> ClockShape:
    """Set the clock, freeze it, let it go on, or put it back to the time of the system."""
    real = installation().clock()
    if json.real:
        return _changed(conditions.real_time)
    if json.now is not None:
        return _changed(conditions.set_to(json.now, real, frozen=json.frozen))
    return _changed(conditions.freeze(real) if json.frozen else conditions.run_on(real))


@blueprint.post("/clock/advance")
@calls.validate(resp=gives(ClockShape), tags=["Clock"])
def advance_clock(json: AdvanceClock) -> ClockShape:
    """Move the clock; one that stands still stands still there."""
    return _changed(conditions.advance(timedelta(days=json.days, seconds=json.seconds)))


@blueprint.get("/scripts")
@calls.validate(resp=gives(QueueShape), tags=["Next logins"])
def scripts() -> QueueShape:
    """What the next logins do."""
    return QueueShape(scripts=[_queued(one) for one in scripting.waiting(simulator())])


@blueprint.post("/scripts")
@calls.validate(resp=gives(QueuedShape, _CREATED), tags=["Next logins"])
def script(json: ScriptShape) -> tuple[QueuedShape, int]:
    """Say what a next login does: first in, first out."""
    return _queued(scripting.put(simulator(), _script(json), json.service_provider)), _CREATED


@blueprint.delete("/scripts")
@calls.validate(resp=gives(status=204), tags=["Next logins"])
def clear_scripts() -> tuple[str, int]:
    """Forget what was said of the next logins."""
    scripting.clear(simulator())
    return "", 204


@blueprint.post("/reset")
@calls.validate(resp=gives(ResetDone), tags=["Network"])
def reset(json: ResetShape) -> ResetDone:
    """Back to the beginning, as between two tests."""
    inst = installation()
    wanted = resetting.Wanted(json.register_, json.keep_service_providers, json.seed)
    now = resetting.reset(inst.simulator, inst.settings, wanted, inst.clock, inst.ids)
    return ResetDone(run=now.run, seed=now.seed)


def _changed(step: conditions.Step) -> ClockShape:
    inst = installation()
    try:
        return _told(conditions.change(inst.settings, inst.clock, inst.ids, step))
    except OverflowError as error:
        raise InputInvalid((("", "there is no such moment"),)) from error


def _told(now: Conditions) -> ClockShape:
    real = installation().clock()
    moment = now.moment(real)
    return ClockShape(now=moment, offset_seconds=(moment - real).total_seconds(), frozen=now.frozen_at is not None)


def _script(shape: ScriptShape) -> Script:
    known = _means(shape)
    return Script(
        means=known.id if known else None,
        client=organisation_known(shape.client).id if shape.client else None,
        intermediary=organisation_known(shape.via).id if shape.via else None,
        cancel_at=shape.cancel_at,
        refused=shape.refused,
        revoke_after=shape.revoke_after,
        answer_delay=timedelta(seconds=shape.answer_delay_seconds),
        service_is_down=shape.authentication_service_down,
    )


def _means(shape: ScriptShape) -> Means | None:
    """The means that is named, or that fits; None when nobody is named. Raises `NotFound` or `InputInvalid`."""
    sim, wanted = simulator(), shape.means
    if wanted is not None:
        found = sim.store.read(lambda tx: register_pages.means_by_id(tx, wanted))
        if found is None:
            raise NotFound(f"there is no means {wanted[:80]!r}")
        return found
    if shape.person is None:
        if shape.level is not None:
            raise InputInvalid((("level", "says nothing without a person"),))
        return None
    account = register.account(sim, AUTHENTICATION_SERVICE.entity_id, shape.person)
    fits = [one for one in account.means if shape.level is None or one.level is level_of(shape.level)]
    usable = [one for one in fits if one.status is MeansStatus.ACTIVE and one.type is MeansType.REGULAR]
    if not fits:
        raise InputInvalid((("level", f"{account.person.display_name} has no means of this level"),))
    return max(usable or fits, key=lambda one: one.level)


def _queued(one: Queued) -> QueuedShape:
    script = one.script
    return QueuedShape(
        number=one.number,
        means=script.means,
        client=script.client,
        via=script.intermediary,
        service_provider=one.service_provider,
        cancel_at=script.cancel_at,
        refused=script.refused,
        revoke_after=script.revoke_after,
        answer_delay_seconds=script.answer_delay.total_seconds(),
        authentication_service_down=script.service_is_down,
    )
