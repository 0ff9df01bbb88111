"""`parley chat`."""

import asyncio
import sys
import tempfile
import threading
from pathlib import Path
from typing import TextIO

import click
import uvloop
from aiohttp import web

from adapters.console.adapter import ConsoleLine
from adapters.console.payloads import line_payload
from cli.mishaps import configure_author_log, told
from cli.options import config_option, examples, offline_settings
from engine.core.conversation import Conversation
from engine.core.ids import LineId, SignalId
from engine.core.signals import Arrival
from engine.flow.talk import read_click
from web.app import build_app
from web.keys import ADAPTERS, CLOCK, ENGINE, FLOWS, QUERIES, SETTINGS, STORE
from web.settings import DatabaseSettings, MediaSettings, Settings

LINE = LineId("terminal")

QUIET_WITHIN_S = 120.0
"""A code step may take this long before the next line is read all the same."""


@click.command(
    epilog=examples(
        "parley chat",
        "parley chat order",
        "printf 'hi\\n2\\n' | parley chat welcome",
    )
)
@click.argument("flow", required=False)
@config_option
def chat(flow: str | None, config: Path | None) -> None:
    """Talk to the bot here in the terminal, beginning with FLOW or with the flow marked start=True.

    Runs the real engine on a database of its own that is thrown away at the end. Options are numbered: type the number
    or the words. What begins with `=` people do: `= agent` takes the chat, `= agent: words` writes in it, `= bot` gives
    it back. Ctrl-D ends.
    """
    configure_author_log()
    with tempfile.TemporaryDirectory(prefix="parley-chat-") as folder:
        settings = _settings(offline_settings(config), Path(folder), flow)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_chat(settings))


def _settings(settings: Settings, folder: Path, flow: str | None) -> Settings:
    """Return the settings with one line, the terminal, and everything stored in the folder."""
    return settings.model_copy(
        update={
            "database": DatabaseSettings(url=f"sqlite:///{folder}/chat.db"),
            "media": MediaSettings(path=folder / "media"),
            "lines": {str(LINE): ConsoleLine(provider="console", start=flow)},
        }
    )


async def _chat(settings: Settings) -> None:
    changed = asyncio.Event()
    app = build_app(settings, write=click.echo, listener=lambda line, conversation: changed.set())
    runner = web.AppRunner(app, access_log=None)
    try:
        await runner.setup()
        _explain(app)
        await _talk(app, changed)
    finally:
        await runner.cleanup()


def _explain(app: web.Application) -> None:
    flows = app[FLOWS].by_name.values()
    if app[SETTINGS].lines[LINE].start is None and not any(flow.start for flow in flows):
        words = ", ".join(word for flow in flows for word in flow.starts_on) or "nothing at all"
        names = ", ".join(flow.name for flow in flows)
        click.echo(
            f"(No flow is marked start=True: {words} begins one; or name one of {names} after `parley chat`.)",
            err=True,
        )
    if sys.stdin.isatty():
        click.echo('(Say something, such as "hi". Ctrl-D ends.)')


async def _talk(app: web.Application, changed: asyncio.Event) -> None:
    typed = _lines(sys.stdin)
    count = 0
    seen = SignalId(0)
    while True:
        _prompt()
        line = await typed.get()
        if line is None:
            return
        if line.strip():
            count += 1
            await _take_in(app, line.strip(), count)
            await _until_quiet(app, changed)
            seen = await _tell_mishaps(app, seen)


async def _take_in(app: web.Application, line: str, count: int) -> None:
    if not line.startswith("="):
        await _say(app, line, count)
        return
    chats = await app[QUERIES].contacts_on(LINE)
    try:
        await _click(app, line.removeprefix("=").strip(), chats[0] if chats else None, count)
    except ValueError as wrong:
        click.echo(f"({wrong})", err=True)


async def _click(app: web.Application, words: str, chat: Conversation | None, count: int) -> None:
    if chat is None:
        raise ValueError("Nobody has written yet.")
    now = app[CLOCK].now(LINE)
    arrival = Arrival(
        line=LINE,
        key=f"click:{count}",
        signal=read_click(words, chat, now),
        received_at=now,
        conversation=chat.id,
    )
    await app[ENGINE].accept([arrival])


async def _say(app: web.Application, text: str, count: int) -> None:
    body = line_payload(text, id=str(count))
    for parcel in app[ADAPTERS][LINE].parse(body, received_at=app[CLOCK].now()):
        await app[ENGINE].accept(parcel.arrivals)


async def _until_quiet(app: web.Application, changed: asyncio.Event) -> None:
    """Wait until everything is stepped and said, so that what comes next is typed below it."""
    try:
        async with asyncio.timeout(QUIET_WITHIN_S):
            while await _is_at_work(app):
                await changed.wait()
                changed.clear()
    except TimeoutError:
        click.echo("(The bot still works on it.)")


async def _is_at_work(app: web.Application) -> bool:
    store = app[STORE]
    return bool(
        await store.waiting_signals([LINE], limit=1)
        or await store.busy_conversations()
        or await app[QUERIES].outbox(limit=1)
    )


async def _tell_mishaps(app: web.Application, seen: SignalId) -> SignalId:
    """Tell the author what failed in the turns after `seen`; return the newest turn's signal."""
    for conversation in await app[QUERIES].contacts_on(LINE):
        story = await app[QUERIES].story(LINE, conversation.id)
        turns = [turn for turn in story.turns if turn.signal > seen] if story else []
        for line in told(turns):
            click.echo(line, err=True)
        seen = max([seen, *(turn.signal for turn in turns)])
    return seen


def _prompt() -> None:
    if sys.stdin.isatty():
        click.echo("> ", nl=False)


def _lines(source: TextIO) -> asyncio.Queue[str | None]:
    """Return a queue of the typed lines, None at the end.

    They are read by a thread that may be left waiting: nothing else can interrupt a read of the terminal.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        for line in source:
            loop.call_soon_threadsafe(queue.put_nowait, line)
        loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, daemon=True, name="parley-typing").start()
    return queue
