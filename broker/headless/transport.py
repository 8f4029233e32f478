"""The connections of a browser without a window: whom it trusts over https, and why there was no answer."""

import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from broker.headless.faults import NotTrusted, Stuck


def connections(authorities: Sequence[Path]) -> requests.Session:
    """Connections that trust the authorities of this machine, and those whose certificates stand in these files.

    A certificate in such a file is trusted by itself too, whoever issued it. Raises `Stuck` for a file that is no use.
    """
    context = ssl.create_default_context()
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    for file in authorities:
        try:
            context.load_verify_locations(file)
        except OSError as error:  # ssl.SSLError is one
            raise Stuck(f"{file}: cannot be read, or holds no certificate in PEM to trust") from error
    session = requests.Session()
    session.trust_env = False  # loopback never goes through a proxy
    session.mount("https://", _Trusting(context))
    return session


class _Trusting(HTTPAdapter):
    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **options)


def unanswered(url: str, error: requests.RequestException, authorities: Sequence[Path]) -> Stuck:
    """Why a request with `connections(authorities)` to `url` got no answer, and what to do about it."""
    cause = next((one for one in _causes(error) if isinstance(one, ssl.SSLError)), None)
    if not isinstance(cause, ssl.SSLCertVerificationError):
        return Stuck(f"{url} does not answer: {_why(error, cause)}")
    known = " and ".join(("the authorities of this machine", *map(str, authorities)))
    return NotTrusted(
        f"{url} is not trusted: {cause.verify_message.rstrip('.')}. Trusted are {known}; name the file with the "
        "authority that issued its certificate, for a simulator ca.pem in its folder certs"
    )


def _why(error: requests.RequestException, over_tls: ssl.SSLError | None) -> str:
    if over_tls is not None:
        return f"no connection over https ({over_tls.reason or 'it was closed'}); does it serve http?"
    if isinstance(error, requests.Timeout):
        return "it takes too long"
    if any(isinstance(one, ConnectionResetError) for one in _causes(error)):
        return "it closed the connection; does it serve https?"
    if isinstance(error, requests.ConnectionError):
        return "no connection; is it running?"
    return type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
