"""`parley parse`."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import IO, Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from babel import Locale, UnknownLocaleError

from cli.options import examples
from engine.flow.answers.named import TYPES
from engine.flow.answers.named import parse as understood
from engine.flow.answers.reader import Here


class Unreadable(click.ClickException):
    """An argument means nothing; one line is enough to say so."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it as other errors are printed."""
        click.echo(f"parley: {self.message}", err=True)


@click.command(
    epilog=examples(
        "parley parse int",
        "parley parse phone --country ES",
        "echo 'mañana a las 5' | parley parse datetime --lang es --tz Europe/Madrid",
    )
)
@click.argument("type")
@click.option("--lang", default="en", metavar="LANG", help="The contact's language.  [default: en]")
@click.option(
    "--now",
    metavar="TIME",
    help="When it is said, ISO 8601, local time where it has no offset.  [default: the clock's]",
)
@click.option(
    "--tz", default="UTC", metavar="ZONE", help="The contact's time zone.  [default: UTC]"
)
@click.option("--country", metavar="CC", help="The contact's country, where it is known.")
def parse(type: str, lang: str, now: str | None, tz: str, country: str | None) -> None:
    """Read what contacts type, one message a line, as an answer of TYPE; print a JSON line for each.

    {"value": ...} is what a flow would store, null where it would not understand; {"choices": [...]} are the meanings
    it would ask about.
    """
    if type not in TYPES:
        close = get_close_matches(type, TYPES, n=1)
        raise Unreadable(
            f"no type {type!r}; " + (f"did you mean {close[0]!r}?" if close else _there())
        )
    language, spoken_in = _locale(lang)
    zone = _zone(tz)
    at = None if now is None else _moment(now)
    where = spoken_in if country is None else _country(country)
    for text in _lines():
        told = understood(type, text, Here(_local(at or datetime.now(UTC), zone), language, where))
        line = json.dumps(told, ensure_ascii=False)
        sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "replace"))
        sys.stdout.flush()


def _lines() -> Iterator[str]:
    """Yield each message as soon as it is there; always UTF-8, whatever the terminal says."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").rstrip("\r\n").removeprefix("\ufeff")


def _there() -> str:
    return f"there are {', '.join(TYPES)}"


def _locale(written: str) -> tuple[str, str | None]:
    """Return language and country of a locale such as `es` or `es-MX`."""
    try:
        locale = Locale.parse(written.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        _refuse("language", written, "ISO 639-1, such as es")
    return locale.language, locale.territory


def _zone(written: str) -> ZoneInfo:
    try:
        return ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _refuse("time zone", written, "IANA's names, such as Europe/Madrid")


def _moment(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        _refuse("time", written, "ISO 8601, such as 2026-03-10T10:00")


def _country(written: str) -> str:
    country = written.upper()
    if len(country) != 2 or country not in Locale("en").territories:
        _refuse("country", written, "ISO 3166-1 alpha-2, such as MX")
    return country


def _refuse(what: str, written: str, form: str) -> NoReturn:
    raise Unreadable(f"no {what} {written!r}; write it as {form}")


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
