"""Why the simulator could not go on. A legitimate "no" is not an error: see `decision.Denied`.

SimulatorError            code, HTTP status
├─ ConfigError            start-up only; one line with file, line and reason; exit status 2
├─ MessageRejected        carries the findings
│    └─ UntrustedMessage  no verified sender or no safe return address: a page, nothing is sent back
├─ FlowError
│    ├─ LoginUnknown      no such login, or not of this browser
│    ├─ LoginExpired      took too long
│    └─ StepOutOfOrder    the login has already gone on; also: a choice that was used twice
├─ NetworkExpired         nobody vouches any more for whom we would have to trust
├─ RecordAltered          what was kept of logins is not what was written
├─ OperatorOnly           pages for whoever sits at this machine
├─ ApiRefused             the API is not for whoever calls
│    └─ TokenRefused      no token, or another one
├─ InputInvalid           what the API was given does not fit
├─ OutOfReach             the clock cannot go there
├─ TenantExists, TenantUnknown, TooManyTenants
└─ NotFound
"""

from broker.core.findings import Finding


class SimulatorError(Exception):
    """Root of all errors of the simulator; `code` is stable and documented."""

    code = "EH-SIM-00"
    http_status = 500


class ConfigError(SimulatorError):
    """Settings or data that the simulator cannot start with; the message is one line: file, line, reason."""

    code = "EH-CFG-01"


class MessageRejected(SimulatorError):
    """A message with at least one finding of severity error."""

    code = "EH-MSG-01"
    http_status = 400

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """`findings`: everything the rules said, in the order of the rules."""
        super().__init__("; ".join(f"{finding.rule} {finding.where}: {finding.detail}" for finding in findings))
        self.findings = findings


class UntrustedMessage(MessageRejected):
    """Nothing may be sent back: the sender is not proven, or there is no registered address."""

    code = "EH-MSG-02"


class FlowError(SimulatorError):
    """The browser came to a step that is not the next one."""

    code = "EH-FLW-01"
    http_status = 409


class LoginUnknown(FlowError):
    """There is no such login for this browser; which of the two is not told."""

    code = "EH-FLW-02"
    http_status = 404


class LoginExpired(FlowError):
    """The login was not finished in time."""

    code = "EH-FLW-03"
    http_status = 410


class StepOutOfOrder(FlowError):
    """The login is at another step: an old page, or a choice that was already used."""

    code = "EH-FLW-04"


class NetworkExpired(SimulatorError):
    """The metadata of the network is no longer valid, so no authentication service can be trusted now."""

    code = "EH-NET-01"
    http_status = 503


class RecordAltered(SimulatorError):
    """What was kept of logins is no longer what was written, so it is not shown as if it were."""

    code = "EH-AUD-01"


class OperatorOnly(SimulatorError):
    """The operator's area is off, or somebody who is not at this machine asks for it."""

    code = "EH-OPR-01"
    http_status = 403


class NotFound(SimulatorError):
    """No such page."""

    code = "EH-WEB-404"
    http_status = 404


class ApiRefused(SimulatorError):
    """The API answers programs on this machine, or those with the token; never a page of another site."""

    code = "EH-API-01"
    http_status = 403


class TokenRefused(ApiRefused):
    """The API has a token, and the call came without it or with another one."""

    code = "EH-API-02"
    http_status = 401


class InputInvalid(SimulatorError):
    """What the API was given does not fit; `problems` are the places in it, each with what is wrong there."""

    code = "EH-API-03"
    http_status = 422

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        """A place is a path of names with dots; empty for the whole."""
        super().__init__("; ".join(f"{place}: {what}" if place else what for place, what in problems))
        self.problems = problems


class OutOfReach(SimulatorError):
    """The clock cannot be set to a moment at which the certificates of the network are not valid."""

    code = "EH-CLK-01"
    http_status = 422


class TenantExists(SimulatorError):
    """There is a tenant by that name already."""

    code = "EH-TEN-01"
    http_status = 409


class TenantUnknown(SimulatorError):
    """There is no tenant by that name."""

    code = "EH-TEN-02"
    http_status = 404


class TooManyTenants(SimulatorError):
    """There are as many tenants as the setting `tenants.most` allows."""

    code = "EH-TEN-03"
    http_status = 409
