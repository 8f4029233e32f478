"""How dates, levels and identifiers are written in a scenario file."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, cast

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo

from broker.core.assurance import AssuranceLevel
from broker.core.clock import AMSTERDAM, amsterdam_date
from broker.core.identifiers import BranchNumber, KvkNumber, Oin, Rsin, ServiceUuid
from broker.core.validity import months_later, years_later

_RELATIVE = re.compile(r"([+-])([0-9]{1,5})([dwmy])")
_LEVELS = {level.label: level for level in AssuranceLevel}


def read_date(written: str, loaded_on: date) -> date:
    """`2026-01-31`, `today`, or counted from `loaded_on`: `-400d`, `+3w`, `+6m`, `-1y`. Raises ValueError."""
    relative = _RELATIVE.fullmatch(written)
    try:
        if written == "today":
            return loaded_on
        return _moved(loaded_on, *relative.groups()) if relative else date.fromisoformat(written)
    except (ValueError, OverflowError):
        raise ValueError(f"{written!r}: expected today, a date such as 2026-01-31, or -400d, +3w, +6m, +2y") from None


def read_moment(written: str, loaded_at: datetime) -> datetime:
    """`now`, `2026-01-31T12:00:00+01:00`, or a day as in `read_date`: the beginning of that day in the Netherlands.

    Raises ValueError.
    """
    if written == "now":
        return loaded_at
    try:
        moment = datetime.fromisoformat(written) if "T" in written else None
    except ValueError:
        raise ValueError(f"{written!r}: expected now, a moment such as 2026-01-31T12:00:00+01:00, or a day") from None
    if moment is None:
        day = read_date(written, amsterdam_date(loaded_at))
        moment = datetime.combine(day, time(), tzinfo=AMSTERDAM)
    if moment.tzinfo is None:
        raise ValueError(f"{written!r}: a moment needs its time zone: +00:00, +01:00")
    return moment.astimezone(UTC)


def _moved(day: date, sign: str, amount: str, unit: str) -> date:
    count = int(sign + amount)
    match unit:
        case "d":
            return day + timedelta(days=count)
        case "w":
            return day + timedelta(weeks=count)
        case "m":
            return months_later(day, count)
        case _:
            return years_later(day, count)


def _read_date_field(written: object, info: ValidationInfo) -> date:
    return read_date(str(written), amsterdam_date(_loaded_at(info)))


def _read_moment_field(written: object, info: ValidationInfo) -> datetime:
    return read_moment(str(written), _loaded_at(info))


def _loaded_at(info: ValidationInfo) -> datetime:
    return cast(dict[str, datetime], info.context)["loaded_at"]


def _read_level(written: object) -> AssuranceLevel:
    if written not in _LEVELS:
        raise ValueError(f"{written!r}: expected {', '.join(_LEVELS)}")
    return _LEVELS[str(written)]


Day = Annotated[date, BeforeValidator(_read_date_field)]
Moment = Annotated[datetime, BeforeValidator(_read_moment_field)]
Level = Annotated[AssuranceLevel, BeforeValidator(_read_level)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-+[a-z0-9]+)*$", max_length=100)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]+$", max_length=400)]
Name = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$", max_length=200)]
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=2000)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Version = Annotated[int, Field(ge=1)]
Kvk = Annotated[str, AfterValidator(KvkNumber)]
RsinNumber = Annotated[str, AfterValidator(Rsin)]
Branch = Annotated[str, AfterValidator(BranchNumber)]
ProviderOin = Annotated[str, AfterValidator(Oin)]
DefinitionUuid = Annotated[str, AfterValidator(ServiceUuid)]
