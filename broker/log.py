"""The log: one line for each event, readable or JSON, to standard error.

What lets somebody in without a login is not in it: the secrets in links of mails are masked, wherever they stand.
"""

import logging
import re
import sys
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

_MAX_VALUE = 1000
_MAX_LINES = 100
# As in `broker.simulator.administration.links`. Their secrets have 43 characters; a part of one is none to show either.
_LINKS = re.compile(r"(/(?:uitnodiging|ondertekenen)/)[\w%-]{8,}")


def configure(form: Literal["console", "json"], stream: TextIO = sys.stderr) -> None:
    """Set up logging for this process; call once, before the first line."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _harmless,
            structlog.processors.format_exc_info,
            _harmless_trace,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )


def masked(text: str) -> str:
    """`text` without the secrets of links that may be in it."""
    return _LINKS.sub(r"\1***", text)


class MaskingFilter(logging.Filter):
    """The same for lines that a library writes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message; every line stays."""
        record.msg, record.args = masked(record.getMessage()), None
        return True


def _harmless(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Values come from strangers: no control characters, line breaks or terminal codes, and not without end."""
    return {key: _cleaned(value) for key, value in event.items()}


def _harmless_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A trace has lines of its own, with words of strangers among them: indented, none can pass for an event."""
    if isinstance(trace := event.get("exception"), str):
        event["exception"] = "\n".join(f"    {_cleaned(line)}" for line in trace.splitlines()[-_MAX_LINES:])
    return event


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        shown = masked(value[:_MAX_VALUE])
        if shown.isprintable():
            return shown
        return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in shown)
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value
