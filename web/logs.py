"""Logging to standard error as text or JSON: event names and ids, never what people wrote.

Messages of exceptions may quote a body or a URL with a token, so an exception is logged as its type and the places it
passed through, without its words. The same holds for what libraries log through the standard library.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

from web.settings import LogSettings

HIDDEN_KEYS = frozenset(
    {
        "access_token",
        "address",
        "app_secret",
        "body",
        "content",
        "name",
        "password",
        "phone",
        "text",
        "token",
    }
)
"""Fields that are dropped even if a caller passes them."""

FRAMES = 12
"""Innermost places of an exception that are logged."""

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

EventDict = MutableMapping[str, Any]


def configure_logging(settings: LogSettings) -> None:
    """Send structlog's and the standard library's records to standard error in one form."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception_without_words,
        _drop_hidden,
    ]
    level = _LEVELS[settings.level]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_write_what_fits,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_library_event, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(
        max(level, logging.WARNING)
    )  # libraries' info lines name addresses and statements


class _Unfailing:
    """Writes to standard error; a disk that is full loses the line, never the turn that logged it."""

    def write(self, line: str) -> None:
        with suppress(OSError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def _write_what_fits(*_: object) -> structlog.WriteLogger:
    return structlog.WriteLogger(cast(TextIO, _Unfailing()))


def _library_event(logger: Any, method: str, event: EventDict) -> EventDict:
    """Keep of a library's record its logger and its unfilled format: the arguments may be anything."""
    record: logging.LogRecord = event["_record"]
    event["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    event["logger"] = record.name
    return event


def _exception_without_words(logger: Any, method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["at"] = [f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in frames]
        if error.__cause__ is not None:
            event["cause"] = type(error.__cause__).__name__
    return event


def _drop_hidden(logger: Any, method: str, event: EventDict) -> EventDict:
    for key in HIDDEN_KEYS & event.keys():
        del event[key]
    return event
