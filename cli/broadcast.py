"""`parley broadcast`."""

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import click

from cli.database import opened
from cli.mishaps import configure_author_log
from cli.options import config_option, examples, line_option, needed_settings
from cli.reach import Reached, reached
from cli.result_file import write_results
from cli.watch import Watch
from cli.words import clock_time, counted
from engine.core.content import Sms
from engine.core.errors import DefinitionError
from engine.core.ids import BroadcastId, LineId
from engine.ports.services import TemplateInfo
from storage import Database
from storage.broadcasts import StoredBroadcast, StoredBroadcasts, fingerprint
from storage.people import silent_phones
from storage.templates import stored_templates
from web.broadcast import Prepared, places_of, prepare, sms_problem
from web.contact_file import read_contacts
from web.server import served_meanwhile
from web.sms_file import read_sms

SHOWN = 20
"""Wrong rows that are listed; the result file has all of them."""

SAME_WITHIN = timedelta(days=1)
"""The same messages to the same contacts within this time are taken for a mistake."""

NOBODY = (
    "no server runs on this database: start `parley serve`, or let this command send with --now"
)


class _Asked(NamedTuple):
    """What the command line says."""

    config: Path | None
    line: str | None
    template: str
    contacts: Path
    language: str | None
    country: str | None
    sms: Path | None
    check: bool
    now: bool
    again: bool
    result: Path | None


@click.command(
    epilog=examples(
        "parley broadcast receipt contacts.csv --line shop --check",
        "parley broadcast receipt contacts.csv --line shop --result sent.csv",
        "parley broadcast --stop 7",
        "parley broadcast --resume 7 --result sent.csv",
        "parley broadcast",
    )
)
@click.argument("template", required=False)
@click.argument(
    "contacts", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@line_option
@click.option("--language", metavar="CODE", help="The template's language, where it has several.")
@click.option("--country", metavar="CC", help="What numbers without a country code belong to.")
@click.option(
    "--sms",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="What goes out by SMS where WhatsApp does not reach (TOML).",
)
@click.option(
    "--check",
    is_flag=True,
    help="Say what is wrong with the contacts, and fail where a row is wrong; send nothing.",
)
@click.option("--now", is_flag=True, help="Send from here where no server runs.")
@click.option("--again", is_flag=True, help="Although the same was sent to the same within a day.")
@click.option("--resume", type=int, metavar="ID", help="Go on with a broadcast, and follow it.")
@click.option("--stop", type=int, metavar="ID", help="Send no more of a broadcast.")
@click.option(
    "--result",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Write what became of each contact here, as CSV.",
)
@config_option
def broadcast(
    template: str | None,
    contacts: Path | None,
    line: str | None,
    language: str | None,
    country: str | None,
    sms: Path | None,
    check: bool,
    now: bool,
    again: bool,
    resume: int | None,
    stop: int | None,
    result: Path | None,
    config: Path | None,
) -> None:
    """Send TEMPLATE to everyone in CONTACTS, a CSV file; without both, list the latest broadcasts.

    A column `phone` has the numbers, the others are the template's variables. The server sends, at the line's pace and
    after everything else; Ctrl-C ends the watching alone.
    """
    if stop is not None:
        asyncio.run(_stop(config, BroadcastId(stop)))
    elif resume is not None:
        _until_told(_resume(config, BroadcastId(resume), now=now, result=result))
    elif template is None:
        asyncio.run(_list(config))
    elif contacts is None:
        raise click.UsageError("give the file with the contacts, too")
    else:
        asked = _Asked(
            *(config, line, template, contacts, language, country),
            *(sms, check, now, again, result),
        )
        _until_told(_begin(asked))


def _until_told(work: Coroutine[None, None, None]) -> None:
    """Run to the end; Ctrl-C says how it goes on."""
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        click.echo("\nNo longer watched. What was begun goes on while a server runs.", err=True)
        sys.exit(1)


# --- what there is ------------------------------------------------------------------------------------


async def _list(config: Path | None) -> None:
    async with opened(needed_settings(config)) as database:
        broadcasts = StoredBroadcasts(database)
        found = await broadcasts.newest(limit=SHOWN)
        for one in found:
            counts = await broadcasts.counts(one)
            told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
            click.echo(f"{_head(one)}  {one.state}  {told}")
    if not found:
        click.echo("no broadcast yet")


def _head(one: StoredBroadcast) -> str:
    named = f"{one.template} ({one.language})"
    return f"{one.id}  {clock_time(one.created_at)}  {one.line}  {named}  {one.source}"


async def _stop(config: Path | None, id_: BroadcastId) -> None:
    async with opened(needed_settings(config)) as database:
        broadcasts = StoredBroadcasts(database)
        found = await broadcasts.find(id_)
        if not await broadcasts.stop(found):
            raise DefinitionError(f"broadcast {id_} is done already")
        left = (await broadcasts.counts(found)).get("waiting", 0)
    click.echo(
        f"broadcast {id_} is stopped, {counted(left, 'contact')} left; "
        f"`parley broadcast --resume {id_}` goes on"
    )


async def _resume(config: Path | None, id_: BroadcastId, *, now: bool, result: Path | None) -> None:
    settings = needed_settings(config)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(settings))
        broadcasts = StoredBroadcasts(database)
        found = await broadcasts.find(id_)
        goes_on = await broadcasts.resume(found)
        if goes_on and now and not await database.is_served():
            configure_author_log()
            await stack.enter_async_context(served_meanwhile(settings))
        await _follow(database, found, result)


# --- a new one ----------------------------------------------------------------------------------------


async def _begin(asked: _Asked) -> None:
    settings = needed_settings(asked.config)
    contacts = read_contacts(
        asked.contacts.read_bytes(), where=str(asked.contacts), country=asked.country
    )
    async with AsyncExitStack() as stack:
        there = await stack.enter_async_context(reached(asked.config, asked.line))
        sms = _sms(there, asked.sms)
        if asked.now and not asked.check and not await _is_served(settings.database.url):
            configure_author_log()
            await stack.enter_async_context(served_meanwhile(settings))
        database = await stack.enter_async_context(opened(settings))
        template = await _template(there, database, asked.template, asked.language)
        prepared = prepare(contacts, template, sms=sms)
        _tell(prepared, template)
        await _tell_silent(database, there.line, prepared)
        if asked.check:
            if prepared.wrong:
                raise DefinitionError(
                    f"{counted(len(prepared.wrong), 'wrong row')}; nothing was sent"
                )
            return
        if not asked.now and not await database.is_served():
            raise DefinitionError(f"{NOBODY}; nothing was sent")
        if not prepared.right:
            raise DefinitionError("nobody is left to send to")
        found = await _stored(StoredBroadcasts(database), there.line, prepared, template, asked)
        click.echo(f"broadcast {found.id}: `parley broadcast --stop {found.id}` stops it")
        await _follow(database, found, asked.result)


async def _is_served(url: str) -> bool:
    database = Database(url)
    try:
        return (database.path is None or database.path.exists()) and await database.is_served()
    finally:
        await database.close()


def _sms(there: Reached, file: Path | None) -> Sms | None:
    if file is None:
        return None
    provider = there.table.provider
    sms = read_sms(file) if sms_problem(provider, None) is None else None
    if problem := sms_problem(provider, sms):
        raise DefinitionError(f"lines.{there.line}: {problem}")
    return sms


async def _stored(
    broadcasts: StoredBroadcasts,
    line: LineId,
    prepared: Prepared,
    template: TemplateInfo,
    asked: _Asked,
) -> StoredBroadcast:
    """Store the broadcast, unless it is one that was begun before."""
    now = datetime.now(UTC)
    mark = fingerprint(template.name, template.language, prepared.recipients)
    same = await broadcasts.same(line, mark, since=now - SAME_WITHIN)
    if same is not None and not asked.again:
        raise DefinitionError(
            f"the same was begun at {clock_time(same.created_at)} as broadcast {same.id} ({same.state}): "
            f"follow it or go on with it by --resume {same.id}, or send it once more with --again"
        )
    id_ = await broadcasts.begin(
        line,
        prepared.recipients,
        template=template.name,
        language=template.language,
        source=asked.contacts.name,
        now=now,
    )
    return await broadcasts.find(id_)


async def _template(
    there: Reached, database: Database, name: str, language: str | None
) -> TemplateInfo:
    """Return what is known of a template: from the last sync, else from the provider."""
    found = (await stored_templates(database, there.line, name=name)).templates
    book = there.adapter.services.templates
    if not found and book is not None:
        found = [one for one in await book.list(name=name) if one.name == name]
    if not found:
        if book is not None:
            names = [one.name for one in await book.list()]
            close = get_close_matches(name, names, n=1)
            meant = f"did you mean {close[0]!r}?" if close else "`parley templates list` shows them"
            raise DefinitionError(f"lines.{there.line}: no template {name!r}; {meant}")
        click.echo(f"{name} is not known here: every column is a variable, in order", err=True)
        return TemplateInfo(name=name, language=language or "en", status="unknown")
    return _approved(found, name, language)


def _approved(found: Sequence[TemplateInfo], name: str, language: str | None) -> TemplateInfo:
    languages = ", ".join(one.language for one in found)
    chosen = [one for one in found if language in (None, one.language)]
    if not chosen:
        raise DefinitionError(
            f"the template {name!r} is not there in {language!r}, but in {languages}"
        )
    if len(chosen) > 1:
        raise DefinitionError(
            f"the template {name!r} is there in {languages}: choose by --language"
        )
    if chosen[0].status not in ("approved", "unknown"):
        raise DefinitionError(f"the template {name!r} is {chosen[0].status}, not approved")
    return chosen[0]


def _tell(prepared: Prepared, template: TemplateInfo) -> None:
    """Print what was found in the list: wrong rows, doubles, columns nobody asked for."""
    wrong, duplicates = prepared.wrong, prepared.duplicates
    for one in wrong[:SHOWN]:
        click.echo(f"line {one.number}: {one.problem}", err=True)
    if len(wrong) > SHOWN:
        click.echo(f"and {len(wrong) - SHOWN} more; --result lists them all", err=True)
    for number, first in duplicates[:SHOWN]:
        click.echo(
            f"line {number}: the number of line {first} again; it gets one message", err=True
        )
    if len(duplicates) > SHOWN:
        click.echo(f"and {len(duplicates) - SHOWN} more numbers again", err=True)
    if prepared.unused:
        click.echo(f"not used: {', '.join(prepared.unused)}", err=True)
    if prepared.right and places_of(template):
        first_content = next(one.content for one in prepared.recipients if one.content)
        filled = ", ".join(first_content.body)
        click.echo(f"{template.name} ({template.language}), the first with: {filled}")
    parts = [counted(prepared.right, "contact")]
    parts += [f"{counted(len(wrong), 'wrong row')}"] if wrong else []
    parts += [f"{counted(len(duplicates), 'double')}"] if duplicates else []
    click.echo(", ".join(parts))


async def _tell_silent(database: Database, line: LineId, prepared: Prepared) -> None:
    """Say how many of those who would get a message want none."""
    phones = [one.phone for one in prepared.recipients if one.content is not None]
    if silent := len(await silent_phones(database, line, phones)):
        click.echo(f"{counted(silent, 'contact')} of these opted out: no message for them")


async def _follow(database: Database, found: StoredBroadcast, result: Path | None) -> None:
    """Show how it goes until it is done or stopped, then write what became of everyone."""
    broadcasts = StoredBroadcasts(database)
    try:
        await Watch(database, broadcasts, found, say=click.echo).run()
    finally:
        if result is not None:
            await write_results(broadcasts, found, result)
            click.echo(f"what became of each: {result}")
