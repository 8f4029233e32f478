"""What can be set about controlling the simulator from outside."""

from pydantic import Field

from broker.settings.section import Section


class Tenants(Section):
    """Networks of their own below one address, one for each job of a test suite, say; made over the API."""

    most: int = Field(default=50, ge=0, le=1000, description="How many there may be; with 0 there are none.")


class Api(Section):
    """The API to control the simulator with, `/api`."""

    enabled: bool = Field(default=True, description="Whether it is there.")
    token: str | None = Field(
        default=None,
        repr=False,
        pattern=r"^[!-~]{16,200}$",
        description="What callers give as `Authorization: Bearer …`, 16 characters or more. Without one the API "
        "answers on loopback alone; when the broker listens on or publishes another host, every call is refused.",
    )
