"""How dates, levels and identifiers are written in a scenario file."""

import re
from datetime import date, timedelta
from typing import Annotated, cast

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo

from broker.core.assurance import AssuranceLevel
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
    return read_date(str(written), cast(dict[str, date], info.context)["loaded_on"])


def _read_level(written: object) -> AssuranceLevel:
    if written not in _LEVELS:
        raise ValueError(f"{written!r}: expected {', '.join(_LEVELS)}")
    return _LEVELS[str(written)]


Day = Annotated[date, BeforeValidator(_read_date_field)]
Level = Annotated[AssuranceLevel, BeforeValidator(_read_level)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-+[a-z0-9]+)*$", max_length=100)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Kvk = Annotated[str, AfterValidator(KvkNumber)]
RsinNumber = Annotated[str, AfterValidator(Rsin)]
Branch = Annotated[str, AfterValidator(BranchNumber)]
ProviderOin = Annotated[str, AfterValidator(Oin)]
DefinitionUuid = Annotated[str, AfterValidator(ServiceUuid)]
