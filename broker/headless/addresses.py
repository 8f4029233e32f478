"""What an address tells: which party it is of, and which login."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_LOGIN: Final = re.compile(r"/login/([\w-]+)")


def origin_of(url: str) -> str:
    """Scheme, host and port: `https://localhost:8080`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def login_of(urls: Iterable[str]) -> str | None:
    """The login that addresses of the broker are of, the last one if there were several."""
    found = [match.group(1) for url in urls if (match := _LOGIN.search(urlsplit(url).path))]
    return found[-1] if found else None
