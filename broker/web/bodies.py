"""How much of a request is read: no more than the application allows, and never a part for the whole."""

from io import BytesIO
from typing import IO, Final

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream

MOST_OF_A_FILE: Final = 16 * 1024 * 1024
"""Bytes of an uploaded list of clients: fifty thousand rows have about a third of this."""
_TAKE_FILES: Final = frozenset({"management.upload_batch"})


class BoundedRequest(Request):
    """A request that is refused (413) when its body is too large, also when it comes in chunks.

    Of those nobody said beforehand how long they are. Werkzeug stops reading at `MAX_CONTENT_LENGTH` and takes what it
    has for the whole.
    """

    @property  # type: ignore[misc]  # nobody sets it for one request
    def max_content_length(self) -> int | None:  # type: ignore[override]
        """The most bytes that a body may have: more where a file is uploaded."""
        return MOST_OF_A_FILE if self.endpoint in _TAKE_FILES else super().max_content_length

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body."""
        most = self.max_content_length
        if most is None or self.content_length is not None or "wsgi.input_terminated" not in self.environ:
            return super().stream
        body = LimitedStream(self.environ["wsgi.input"], most + 1, is_max=True).readall()
        if len(body) > most:
            raise RequestEntityTooLarge
        return BytesIO(body)
