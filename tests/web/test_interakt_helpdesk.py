"""A handoff goes to Interakt's own inbox: assigned there, the bot silent, until `menu` or until the time is over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.sandbox.contact import Contact
from adapters.sandbox.interakt import InteraktSandbox, InteraktSettings
from adapters.sandbox.server import served
from engine.core.ids import LineId
from tests.loops.world import eventually, until
from tests.ports import free_port
from tests.web.support import Bot, running
from web.keys import CLOCK, ENGINE
from web.settings import SettingsInvalid, load_settings

PHONE = "915550000001"
CHAT = LineId("chat")

ORDER = '''"""Asks for tea; a person may be asked."""

from typing import Literal

from parley import END, Flow, ask, choose, handoff, say, to


class Order(Flow, start=True):
    size: Literal["Small", "Large"] = ask("Which size?")
    confirm = choose("{size}?", {"Yes": to.done, "The kitchen": to.kitchen, "A person": to.person})
    done = say("{size}, coming up.", then=END)
    kitchen = handoff("The kitchen will write to you here.", team="kitchen", then=to.confirm)
    person = handoff("A colleague will write to you here.", then=to.confirm)
'''

LINE = """
[lines.chat]
provider = "interakt"
api_key = "{api_key}"
signing_secret = "{signing_secret}"
base_url = "{address}"
helpdesk = "interakt"
helpdesk_agent = "desk@shop.example"
helpdesk_agents = {{ kitchen = "kitchen@shop.example" }}
"""


@dataclass(frozen=True)
class Shop:
    """A served bot, and the account at Interakt that it talks with."""

    bot: Bot
    interakt: InteraktSandbox
    contact: Contact

    async def asks(self, for_: str) -> None:
        """Let the contact order, and ask for people by this option."""
        for text in ("hi", "Large", for_):
            await self.contact.says(text)
            await self.contact.receives(timeout_s=30)

    async def says(self, *texts: str) -> None:
        for text in texts:
            await self.contact.says(text)

    @property
    def told(self) -> list[str]:
        """What the contact was told, in order."""
        return [bubble.text for bubble in self.contact.bubbles if bubble.by == "business"]

    async def sees(self, words: str, times: int = 1) -> None:
        """Wait until the contact was told this so many times."""
        await until(lambda: sum(words in text for text in self.told) >= times, timeout_s=30)

    async def is_assigned(self, agent: str) -> None:
        """Wait until the chat is with this agent of Interakt's inbox."""
        customer = self.interakt.customer_of(self.contact)
        await until(lambda: customer.agent == agent, timeout_s=30)

    async def takes_in(self, texts: int) -> None:
        """Wait until so many messages of the contact were stepped."""

        async def are_there() -> bool:
            asked = "SELECT count(*) FROM signal WHERE kind = 'message_received'"
            return self.bot.rows(f"{asked} AND handled_at IS NOT NULL") == [(texts,)]

        await eventually(are_there)

    def mode(self) -> object:
        ((mode,),) = self.bot.rows("SELECT mode FROM conversation WHERE line_id = 'chat'")
        return mode


@asynccontextmanager
async def shop(folder: Path, more: str = "") -> AsyncIterator[Shop]:
    port = free_port()
    webhook = f"http://127.0.0.1:{port}/webhooks/chat"
    interakt = InteraktSandbox(InteraktSettings(webhook_url=webhook, messages_per_second=0))
    async with served(interakt) as address:
        settings = interakt.settings
        line = LINE.format(
            address=address,
            api_key=settings.api_key,
            signing_secret=settings.signing_secret,
        )
        async with running(folder, flow=ORDER, more=line + more, port=port) as bot:
            yield Shop(bot, interakt, interakt.contact(PHONE))


async def test_the_chat_is_assigned_behind_the_flows_words_and_menu_brings_the_bot_back(
    tmp_path: Path,
) -> None:
    async with shop(tmp_path) as here:
        await here.asks("The kitchen")
        await here.sees("The kitchen will write to you here.")
        await here.is_assigned("kitchen@shop.example")
        words, deed = here.bot.rows(
            "SELECT direction, turn, at FROM message WHERE turn = 3 AND direction <> 'in' ORDER BY id"
        )
        assert (words[0], deed[0]) == ("out", "beside")
        assert words[1:] == deed[1:], "in one commit"
        ((place, team),) = here.bot.rows("SELECT place, team FROM handoff")
        assert (place, team) == ("helpdesk", "kitchen")
        before = here.told
        await here.says("Are you there?", "Large", "cancel")
        await here.takes_in(6)
        assert here.mode() == "agent"
        assert here.told == before, "the bot is silent, and nobody acknowledges"
        await here.says("menu")
        await here.sees("Which size?", times=2)
        assert here.mode() == "bot"


async def test_after_a_time_the_flow_answers_again_with_its_question_still_open(
    tmp_path: Path,
) -> None:
    async with shop(tmp_path, '\n[handoffs]\nresume_after = "3h"\n') as here:
        await here.asks("A person")
        await here.is_assigned("desk@shop.example")
        before = here.told
        app = here.bot.app
        for hours, mode in ((2, "agent"), (4, "bot")):
            app[CLOCK].move_ahead(CHAT, timedelta(hours=hours))
            app[ENGINE].wake()
            if mode == "agent":
                await here.says("Is anybody there?")
                await here.takes_in(4)

            async def is_so(mode: str = mode) -> bool:
                return here.mode() == mode

            await eventually(is_so)
        assert here.told == before, "nothing is said of it"
        ((ended,),) = here.bot.rows("SELECT ended FROM handoff")
        assert ended == "quiet"
        await here.says("hello again")
        await here.sees("Large?", times=2)
        await here.says("Yes")
        await here.sees("Large, coming up.")


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('helpdesk = "interakt"', "helpdesk_agent is missing"),
        ('helpdesk_agent = "a@shop.example"', 'counts with helpdesk = "interakt" alone'),
        (
            'channel = "rcs"\nhelpdesk = "interakt"\nhelpdesk_agent = "a@shop.example"',
            "the channel whatsapp alone",
        ),
        ('helpdesk = "interakt"\nhelpdesk_agent = "kim"', "helpdesk_agent"),
        ('helpdesk = "another"', "'interakt'"),
    ],
    ids=["nobody", "for nothing", "rcs", "no address", "another"],
)
def test_what_cannot_be_handed_over_is_refused_at_start(
    tmp_path: Path, keys: str, problem: str
) -> None:
    file = tmp_path / "parley.toml"
    line = '[lines.chat]\nprovider = "interakt"\napi_key = "a"\nsigning_secret = "b"\n'
    file.write_text(line + keys, "utf-8")
    with pytest.raises(SettingsInvalid, match="helpdesk") as wrong:
        load_settings(file)
    assert problem in str(wrong.value)


def test_other_providers_have_no_inbox_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "parley.toml"
    file.write_text('[lines.t]\nprovider = "console"\nhelpdesk = "interakt"\n', "utf-8")
    with pytest.raises(SettingsInvalid, match="unknown key"):
        load_settings(file)
