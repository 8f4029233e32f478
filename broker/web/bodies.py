"""How much of a request is read: no more than the application allows, and never a part for the whole."""

from io import BytesIO
from typing import IO

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream


class BoundedRequest(Request):
    """A request that is refused (413) when its body is too large, also when it comes in chunks.

    Of those nobody said beforehand how long they are. Werkzeug stops reading at `MAX_CONTENT_LENGTH` and takes what it
    has for the whole.
    """

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
