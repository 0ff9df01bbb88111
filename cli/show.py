"""`parley show`."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.database import opened
from cli.options import config_option, examples, needed_settings
from cli.words import clock_time, in_one_line, length
from engine.core.conversation import Conversation
from engine.core.errors import DefinitionError
from engine.core.ids import LineId
from storage.queries import Queries, Story, StoryTurn, TranscriptMessage
from web.settings import Settings


@click.command(
    epilog=examples("parley show 5215550001", 'parley show "+52 1 555 0001" --line shop')
)
@click.argument("address")
@click.option("--line", metavar="NAME", help="Only the conversation on this line.")
@config_option
def show(address: str, line: str | None, config: Path | None) -> None:
    """Print the story of the contact with ADDRESS, a phone number or a user id: messages, and the trace of each turn.

    `>` is the contact, `<` is the bot or an agent, `=` is a turn: how the signal was matched, from which step to which,
    and what it did. Times are UTC.
    """
    stories = asyncio.run(_stories(needed_settings(config), address, line))
    if not stories:
        where = f" on line {line!r}" if line else ""
        raise DefinitionError(f"no conversation with {address!r}{where}")
    for story in stories:
        for shown in told(story, now=datetime.now(UTC)):
            click.echo(shown)


async def _stories(settings: Settings, address: str, line: str | None) -> list[Story]:
    async with opened(settings) as database:
        queries = Queries(database)
        found = await queries.conversations_of(address, line=LineId(line) if line else None)
        stories = [await queries.story(one.line, one.id) for one in found]
    return [story for story in stories if story is not None]


def told(story: Story, *, now: datetime) -> Iterator[str]:
    """Yield the lines of a story: where the conversation stands, then everything in the order it happened."""
    yield from _head(story.conversation, now)
    if story.joined is not None:
        yield "  its contact was joined into another, to whom later messages belong"
    entries = [
        *((one.at, 0 if one.direction == "in" else 2, _message(one)) for one in story.messages),
        *((one.at, 1, _turn(one)) for one in story.turns),
    ]
    for _, _, line in sorted(entries, key=lambda entry: entry[:2]):
        yield line
    yield ""


def _head(conversation: Conversation, now: datetime) -> Iterator[str]:
    contact = conversation.contact
    who = " ".join(filter(None, (contact.phone, contact.user_id, contact.name)))
    yield f"{conversation.line}: {who}"
    stack = " > ".join(f"{run.flow}.{run.step}" for run in conversation.runs) or "no flow runs"
    yield f"  mode {conversation.mode}, {stack}"
    closes = conversation.window_closes_at
    if closes is None:
        yield "  window: the contact has not written yet, or the line has none"
    elif closes > now:
        yield f"  window: open for {length(closes - now)}"
    else:
        yield f"  window: closed since {clock_time(closes)}"
    free = conversation.free_until
    if free is not None and free > now:
        yield f"  free entry point: no message costs anything for {length(free - now)}; it opens no window"
    if conversation.held:
        yield "  what is held leaves when the contact writes"


def _message(message: TranscriptMessage) -> str:
    mark = {"in": ">", "out": "<", "beside": "="}[message.direction]
    line = f"{clock_time(message.at)} {mark} {in_one_line(message.content)}"
    if message.direction == "in":
        return line
    instead = message.instead_of
    told = "" if instead is None else f", in the place of: {in_one_line(instead)}"
    twice = ", maybe twice" if message.maybe_twice else ""
    error = f", {message.error_code}: {message.error}" if message.error_code else ""
    return f"{line}  [{message.status} by {message.origin}{twice}{error}{told}]"


def _turn(turn: StoryTurn) -> str:
    trace = turn.trace
    score = "" if trace.score is None else f" {trace.score:.0f}"
    steps = f"{trace.before or '-'} -> {trace.after or '-'}"
    path = f" by {' '.join(trace.path)}" if trace.path else ""
    effects = f"; {', '.join(trace.effects)}" if trace.effects else ""
    note = f"; {trace.note}" if trace.note else ""
    return (
        f"{clock_time(turn.at)} =   turn {turn.turn}: {trace.signal}, {trace.matched}{score}, "
        f"{steps}{path}{effects}{note} ({turn.elapsed_ms:.1f} ms, flows {turn.serial})"
    )
