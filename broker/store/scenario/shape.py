"""What every shape of a scenario file is made of."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from broker.store.scenario.notation import Day


class Shape(BaseModel):
    """A mapping with these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScopeShape(Shape):
    """`all`, or lists of names from `providers` and `services`; an OIN or a UUID needs no name."""

    everything: bool = False
    providers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _read_all(cls, written: Any) -> Any:
        if not isinstance(written, str):
            return written
        if written != "all":
            raise ValueError(f"{written!r}: expected all, or a mapping with providers, services or both")
        return {"everything": True}


class PeriodShape(Shape):
    """From and until, both included."""

    valid_from: Day = Field(alias="from")
    valid_until: Day = Field(alias="until")
