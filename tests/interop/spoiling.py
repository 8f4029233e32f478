"""Answers that are spoilt between the broker and the service provider that resolves an artifact."""

import re
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Application = Callable[..., Iterable[bytes]]
Spoil = Callable[[bytes], bytes]

_SIGNATURE = re.compile(rb"<ds:Signature[ >].*?</ds:Signature>", re.DOTALL)


def raised_level(answer: bytes) -> bytes:
    """A higher level than the broker stated; the signatures stay and fit no more."""
    spoilt = answer.replace(b"assurance-class:loa3", b"assurance-class:loa4")
    assert spoilt != answer
    return spoilt


def unsigned(answer: bytes) -> bytes:
    """The same, without any signature."""
    spoilt = _SIGNATURE.sub(b"", raised_level(answer))
    assert b"Signature" not in spoilt
    return spoilt


@dataclass
class Line:
    """The line to where artifacts are resolved: WSGI middleware that changes answers while it is told to."""

    spoil: Spoil | None = None

    def __call__(self, application: Application) -> Application:
        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if self.spoil is None or "/ars/" not in environ["PATH_INFO"]:
                return application(environ, start_response)
            started: list[Any] = []
            body = self.spoil(b"".join(application(environ, lambda *head: started.extend(head[:2]))))
            headers = [pair for pair in started[1] if pair[0].lower() != "content-length"]
            start_response(started[0], [*headers, ("Content-Length", str(len(body)))])
            return [body]

        return answer

    @contextmanager
    def spoilt(self, spoil: Spoil) -> Any:
        """While this lasts, every answer is spoilt."""
        self.spoil = spoil
        try:
            yield
        finally:
            self.spoil = None
