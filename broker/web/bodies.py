"""How much of a request is read: no more than the application allows, and never a part for the whole."""

from io import BytesIO
from typing import IO, Final

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream

from broker.inspection import intake

MOST_OF_A_FILE: Final = 16 * 1024 * 1024
"""Bytes of an uploaded list of clients: fifty thousand rows have about a third of this."""
MOST_TO_INSPECT: Final = intake.MAX_INPUT + 1024 * 1024
"""Bytes: what is to be inspected, and metadata beside it."""
_INSPECTS: Final = "operator.inspector.inspect"
_TAKE_FILES: Final = {"management.upload_batch": MOST_OF_A_FILE, _INSPECTS: MOST_TO_INSPECT}


class BoundedRequest(Request):
    """A request that is refused (413) when its body is too large, also when it comes in chunks.

    Of those nobody said beforehand how long they are. Werkzeug stops reading at `MAX_CONTENT_LENGTH` and takes what it
    has for the whole.
    """

    @property  # type: ignore[misc]  # nobody sets it for one request
    def max_content_length(self) -> int | None:  # type: ignore[override]
        """The most bytes that a body may have: more where a file is uploaded."""
        return _TAKE_FILES.get(self.endpoint or "") or super().max_content_length

    @property  # type: ignore[misc]  # nobody sets it for one request
    def max_form_memory_size(self) -> int | None:  # type: ignore[override]
        """The most bytes that the fields of a form may have: more where text is pasted."""
        return MOST_TO_INSPECT if self.endpoint == _INSPECTS else super().max_form_memory_size

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Where an uploaded file goes. Werkzeug puts a large one on disk, where nothing to inspect may come."""
        if self.endpoint == _INSPECTS:
            return BytesIO()
        return super()._get_file_stream(total_content_length, content_type, filename, content_length)

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
