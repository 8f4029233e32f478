"""What all sections of the settings have in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A section: what is not known is refused, and nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")
