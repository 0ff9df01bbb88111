"""A helpdesk of another make, attached as the manual says: it hears of chats by webhook and acts through the API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.core.value import Json
from storage.tokens import create_token
from tests.loops.world import until
from tests.receiver import SECRET, Receiver, receiving
from tests.web.api.support import WITHIN_S, Answered, Api
from tests.web.support import Bot, running
from web.keys import DATABASE

ANA = "5215550000001"

ORDER = '''"""Asks for tea; a person may be asked."""

from typing import Annotated, Literal

from annotated_types import Interval

from parley import END, Flow, ask, choose, handoff, say, to


class Order(Flow, start=True):
    size: Literal["Small", "Large"] = ask("Which size?")
    cups: Annotated[int, Interval(ge=1, le=9)] = ask("How many?")
    confirm = choose("{cups} × {size}?", {"Yes": to.done, "Ask a person": to.person})
    done = say("{cups} × {size}, coming up.", then=END)
    person = handoff("One moment, a colleague is joining.", team="kitchen", then=to.confirm)
'''

HOOK = """
[webhooks.desk]
url = "{url}"
secret = "{secret}"
events = ["messages", "handoffs"]
"""


class Desk:
    """Takes every chat that waits over, says what it knows, and gives it back when the contact has said how many."""

    def __init__(self, bot: Bot, receiver: Receiver, token: str) -> None:
        self._api = Api(bot, token)
        self._receiver = receiver
        self._chats: dict[str, str] = {}
        """Where each chat that it has is asked for."""
        self._heard = 0

    async def serve(self) -> None:
        """Work off what it is told, in order."""
        while True:
            await until(lambda: len(self._receiver.taken) > self._heard, timeout_s=WITHIN_S)
            told = self._receiver.taken[self._heard]
            self._heard += 1
            await self._hear(told)

    async def _hear(self, told: dict[str, Any]) -> None:
        chat = f"/chats/{told['line']}/{told['conversation']}"
        match told:
            case {"event": "handoff_changed", "handoff": {"state": "waiting"}}:
                known = (await self._api.call("GET", chat)).said
                words = [
                    m["content"].get("body") for m in known["messages"] if m["origin"] == "contact"
                ]
                said = f"You said {words}."
                await self._do(chat, "messages", content={"kind": "text", "body": said})
            case {"event": "message_received", "message": {"content": {"body": "five"}}}:
                await self._do(chat, "release", answers={"cups": 5})
            case _:
                pass  # its own words, the bot's, what became of its own acts

    async def _do(self, chat: str, act: str, **more: Json) -> None:
        key = f"desk-{self._heard}"
        answered = await self._api.call("POST", f"{chat}/{act}", {"agent": "kim", **more}, key=key)
        assert answered.status in (200, 202), answered.text


@asynccontextmanager
async def attached(folder: Path) -> AsyncIterator[tuple[Api, Receiver]]:
    """Serve the flow with a hook; the API is asked with the token of the desk."""
    async with receiving() as receiver:
        hook = HOOK.format(url=receiver.url, secret=SECRET)
        async with running(folder, flow=ORDER, more=hook) as bot:
            yield Api(bot, await token(bot, "desk")), receiver


async def token(bot: Bot, name: str) -> str:
    scopes = ["chats:read", "chats:write"]
    return await create_token(
        bot.app[DATABASE], name, scopes=scopes, lines=["shop"], now=datetime.now(UTC)
    )


async def asks_a_person(api: Api) -> str:
    """Let Ana order three and ask a person; return where her chat is asked for."""
    for text in ("hi", "Large", "3", "Ask a person"):
        await api.hears(ANA, text)
    ((conversation,),) = api.bot.rows("SELECT id FROM conversation")
    return f"/chats/shop/{conversation}"


async def sees(api: Api, words: str) -> None:
    """Wait until Ana was told this."""
    ana = api.bot.sandbox.contact(ANA)
    await until(lambda: any(words in bubble.text for bubble in ana.bubbles), timeout_s=WITHIN_S)


async def test_a_desk_takes_a_chat_answers_and_gives_it_back_with_an_answer_corrected(
    tmp_path: Path,
) -> None:
    async with attached(tmp_path) as (api, receiver):
        desk = asyncio.create_task(Desk(api.bot, receiver, api.token).serve())
        try:
            await asks_a_person(api)
            await sees(api, "You said ['hi', 'Large', '3', 'Ask a person'].")
            ana = api.bot.sandbox.contact(ANA)
            await ana.says("five")
            await sees(api, "5 × Large?")
            await ana.says("yes")
            await sees(api, "5 × Large, coming up.")
            await until(lambda: len(receiver.of("handoff_changed")) == 3, timeout_s=WITHIN_S)
        finally:
            desk.cancel()
        told = [post["handoff"] for post in receiver.of("handoff_changed")]
        assert [(one["state"], one["agent"]) for one in told] == [
            ("waiting", None),
            ("claimed", "desk/kim"),
            ("ended", "desk/kim"),
        ]
        assert told[0]["team"] == "kitchen"
        assert told[0]["answers"] == {"size": "Large", "cups": 3}
        origins = {post["message"]["origin"] for post in receiver.of("message_said")}
        assert origins == {"flow", "agent"}


async def act(api: Api, chat: str, verb: str, agent: str = "kim", **more: Any) -> Answered:
    key, shown = more.pop("key", None), more.pop("token", "")
    body = {"agent": agent, **more}
    return await api.call("POST", f"{chat}/{verb}", body, key=key, token=shown)


async def test_who_comes_second_is_told_who_has_the_chat(tmp_path: Path) -> None:
    async with attached(tmp_path) as (api, _):
        chat = await asks_a_person(api)
        other = await token(api.bot, "other")
        assert (await act(api, chat, "takeover")).said["status"] == "done"
        for verb, more in (
            ("takeover", {}),
            ("messages", {"content": {"kind": "text", "body": "Me!"}}),
        ):
            refused = await act(api, chat, verb, "leo", token=other, **more)
            assert refused.refusal == (409, "chat_held")
            assert "desk/kim" in refused.said["error"]
        for verb in ("release", "close"):
            reason = {"reason": "mine"} if verb == "close" else {}
            refused = await act(api, chat, verb, "leo", token=other, **reason)
            assert refused.refusal == (409, "chat_held")
        # Agents of one desk share their chats; whoever says whom they saw may take it from them.
        assert (await act(api, chat, "takeover", "sue")).status == 200
        assert (await api.call("GET", chat)).said["agent"] == "desk/sue"
        taken = await act(api, chat, "takeover", "leo", token=other, seen="desk/sue")
        assert taken.status == 200
        assert (await api.call("GET", chat)).said["agent"] == "other/leo"


async def test_a_reply_that_is_asked_for_twice_is_sent_once(tmp_path: Path) -> None:
    async with attached(tmp_path) as (api, _):
        chat = await asks_a_person(api)
        words = {"kind": "text", "body": "With you in a moment."}
        answers = [await act(api, chat, "messages", content=words, key="k") for _ in range(2)]
        assert answers[0].status == 202
        assert answers[0].text == answers[1].text
        await sees(api, "With you in a moment.")
        await act(api, chat, "messages", content={"kind": "text", "body": "So."})
        await sees(api, "So.")
        said = [bubble.text for bubble in api.bot.sandbox.contact(ANA).bubbles]
        assert said.count("With you in a moment.") == 1
        shown = (await api.call("GET", chat)).said
        assert shown["mode"] == "agent"
        assert shown["handoff"]["reason"] == "flow"
        assert [one["origin"] for one in shown["messages"][-2:]] == ["agent", "agent"]


async def test_what_cannot_be_done_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    async with attached(tmp_path) as (api, _):
        chat = await asks_a_person(api)
        before = (await api.call("GET", chat)).said
        wrong = await act(api, chat, "release", answers={"cups": 99})
        assert wrong.refusal == (422, "body_invalid")
        assert "answers.cups" in wrong.said["error"]
        nowhere = await act(api, chat, "release", resume="nowhere")
        assert nowhere.refusal == (422, "body_invalid")
        assert "confirm" in nowhere.said["error"]
        assert (await api.call("GET", "/chats/shop/1")).refusal == (404, "chat_unknown")
        too_long = await act(api, "/chats/shop/9999999999999999999", "takeover")
        assert too_long.refusal == (404, "chat_unknown")
        after = (await api.call("GET", chat)).said
        assert {**after, "messages": None} == {**before, "messages": None}


async def test_a_chat_goes_on_at_another_step_or_ends(tmp_path: Path) -> None:
    async with attached(tmp_path) as (api, _):
        chat = await asks_a_person(api)
        assert (await act(api, chat, "takeover", "sue")).status == 200
        assert (await act(api, chat, "release", resume="size")).status == 200
        await sees(api, "Which size?")
        again = await act(api, chat, "release")
        assert again.refusal == (409, "chat_not_held")
        assert (await act(api, chat, "close", reason="spam")).status == 200
        assert (await api.call("GET", chat)).said["mode"] == "closed"
        (kept,) = api.bot.rows("SELECT act, actor FROM audit WHERE act = 'chat_closed'")
        assert kept == ("chat_closed", "token:desk")
