"""Cookies in a file, as curl reads and writes them (`-b` and `-c`)."""

import os
from copy import copy
from http.cookiejar import CookieJar, LoadError, MozillaCookieJar
from pathlib import Path
from typing import Final

from broker.headless.faults import Stuck

_ONLY_OWNER: Final = 0o600
# What http.cookiejar puts behind a host name without dots, as RFC 2965 wants; nobody else does.
_LOCAL: Final = ".local"


def load(cookies: CookieJar, file: Path) -> None:
    """Add the cookies of `file`, if it is there. They come back without SameSite. Raises `Stuck` for another file."""
    if not file.exists():
        return
    kept = MozillaCookieJar(str(file))
    try:
        kept.load(ignore_discard=True)
    except (LoadError, OSError, UnicodeDecodeError) as error:
        raise Stuck(f"{file}: is no file of cookies as curl writes them") from error
    for cookie in kept:
        known = copy(cookie)
        known.domain = cookie.domain if "." in cookie.domain else cookie.domain + _LOCAL
        cookies.set_cookie(known)


def save(cookies: CookieJar, file: Path) -> None:
    """Write all cookies, also those of a session, to `file`, which only its owner may read. Raises `Stuck`."""
    kept = MozillaCookieJar(str(file))
    for cookie in cookies:
        told = copy(cookie)
        told.domain = cookie.domain.removesuffix(_LOCAL)
        kept.set_cookie(told)
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, _ONLY_OWNER))
        kept.save(ignore_discard=True)
    except OSError as error:
        raise Stuck(f"{file}: cannot be written: {error.strerror}") from error
