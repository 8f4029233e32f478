"""Why the store did not do what was asked.

StoreError               code, HTTP status
├─ StoreConflict         somebody else changed it first
├─ AlreadyClaimed        a one-time use that was used before
└─ StoreUnavailable      no answer, or no peace to write in
"""

from broker.core.errors import SimulatorError


class StoreError(SimulatorError):
    """Root of the errors of the store."""

    code = "EH-STO-01"


class StoreConflict(StoreError):
    """The row is not as the caller last saw it, or is there already; nothing was written."""

    code = "EH-STO-02"
    http_status = 409


class AlreadyClaimed(StoreError):
    """A message id that was seen before: a replay."""

    code = "EH-STO-03"
    http_status = 400


class StoreUnavailable(StoreError):
    """The database does not answer, or others kept it busy for too long."""

    code = "EH-STO-04"
    http_status = 503
