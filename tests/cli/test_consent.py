"""`parley contacts opt-out` and `opt-in` beside a running server, and what `parley show` tells of it."""

import asyncio
import re
from pathlib import Path

from tests.cli.support import run
from tests.loops.world import until
from tests.web.support import Bot, running

CONSENTS = "SELECT change, told_by, source FROM consent ORDER BY id"


async def parley(folder: Path, *arguments: str) -> str:
    """Run a command while the server goes on, and return what it prints."""
    ended = await asyncio.to_thread(run, folder, *arguments)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


async def taken_in(bot: Bot, count: int, latest: tuple[str, str, str]) -> None:
    await until(lambda: len(bot.rows(CONSENTS)) == count, timeout_s=30)
    assert bot.rows(CONSENTS)[-1] == latest


async def test_an_operator_stops_all_messages_and_lets_them_come_again(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        ana = bot.sandbox.contact("5215550001", name="Ana")
        await ana.says("hi")
        await ana.receives()
        said = await parley(tmp_path, "contacts", "opt-out", "+52 1 555 0001", "--by", "kim")
        assert said == "5215550001 gets no messages any more\n"
        await taken_in(bot, 1, ("opted_out", "agent", "kim"))
        await ana.says("hi")
        story = await parley(tmp_path, "show", "5215550001")
        assert "  opted out since " in story
        # On a busy machine it is told a while after it was said, and the story says so.
        assert re.search(r" = opted_out by agent, kim(, said at [^\n]*)?\n", story)
        assert ana.answers() == []

        await parley(tmp_path, "contacts", "opt-out", "5215550002", "--marketing")
        await taken_in(bot, 2, ("marketing_stopped", "agent", "command line"))
        said = await parley(tmp_path, "contacts", "opt-in", "5215550001", "--line", "shop")
        assert said == "5215550001 gets messages again\n"
        await taken_in(bot, 3, ("opted_in", "agent", "command line"))
        await ana.says("hi")
        assert [one.text for one in await ana.receives()] == ["Tea or coffee?"]
