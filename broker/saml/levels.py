"""Assurance levels as messages write them: `urn:etoegang:core:assurance-class:loa3`."""

from broker.core.assurance import AssuranceLevel
from broker.saml import names

_BY_URN = {names.ASSURANCE_CLASS + level.value: level for level in AssuranceLevel}


def urn(level: AssuranceLevel) -> str:
    """The AuthnContextClassRef of `level`."""
    return names.ASSURANCE_CLASS + level.value


def read(value: str) -> AssuranceLevel | None:
    """The level that `value` names, or None: loa1 (discontinued) and classes of other schemes are no levels."""
    return _BY_URN.get(value)
