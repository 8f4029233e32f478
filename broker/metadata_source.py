"""Where metadata comes from that an operator registers: a file, or a web address of the operator's choosing."""

from pathlib import Path
from typing import Final

import requests

from broker.core.errors import ConfigError
from broker.saml import document

_TIMEOUT_S: Final = 10
_CHUNK: Final = 16 * 1024


def read(source: str) -> bytes:
    """The octets behind a file name or an http(s) address; raises `ConfigError` with one line.

    A redirect is not followed: the operator chose this address and no other.
    """
    if source.startswith(("http://", "https://")):
        return _fetched(source)
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise ConfigError(f"{source}: cannot be read: {error.strerror}") from error


def _fetched(address: str) -> bytes:
    try:
        with requests.get(address, timeout=_TIMEOUT_S, allow_redirects=False, stream=True) as answer:
            if answer.status_code != requests.codes.ok:
                to = f", to {answer.headers['Location']}" if "Location" in answer.headers else ""
                raise ConfigError(f"{address}: answered with status {answer.status_code}{to}; give the address itself")
            return _limited(address, answer)
    except requests.RequestException as error:
        raise ConfigError(f"{address}: cannot be fetched ({type(error).__name__})") from error


def _limited(address: str, answer: requests.Response) -> bytes:
    found = b""
    for part in answer.iter_content(_CHUNK):
        found += part
        if len(found) > document.MAX_BYTES:
            raise ConfigError(f"{address}: more than {document.MAX_BYTES} bytes")
    return found
