"""Keeping BSNs out (I11): what somebody typed may hold one, and the register keeps none in clear text."""

import re

from broker.core.identifiers import InvalidIdentifier, Rsin

_NINE = re.compile(r"(?<![0-9])(?:[0-9][ .-]?){8}[0-9](?![0-9])")


def holds_bsn(text: str) -> bool:
    """Whether a number of nine digits in `text` passes the elfproef, as every BSN does; an RSIN does so too."""
    return any(_passes(re.sub(r"[^0-9]", "", found.group())) for found in _NINE.finditer(text))


def _passes(digits: str) -> bool:
    try:
        Rsin(digits)
    except InvalidIdentifier:
        return False
    return True
