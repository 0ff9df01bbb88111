"""Any talk with real flows: nothing raises, nothing is stuck, the bot is silent while an agent holds the chat."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.capabilities import Capabilities
from engine.core.content import (
    ButtonReply,
    Inbound,
    ListReply,
    Location,
    Media,
    Reaction,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ExternalId
from engine.flow.load import load_flows
from engine.flow.talk import Talk
from parley.testing import PHONE_LINE, PLAIN_LINE

ROOT = Path(__file__).parents[2]
FOLDERS = [
    "flows",
    *(str(path.parent.relative_to(ROOT)) for path in ROOT.glob("tests/transcripts/flows/*/*.py")),
]
FLOWS = {folder: load_flows([folder], ROOT) for folder in dict.fromkeys(FOLDERS)}

WORDS = (
    *("hi", "1", "2", "12", "yes", "menu", "back", "cancel", "restart", "help", "agent"),
    *(word for flows in FLOWS.values() for flow in flows.values() for word in flow.starts_on),
)
ANSWERS: tuple[Inbound, ...] = (
    Text(body="3"),
    Location(latitude=38.72, longitude=-9.14),
    Media(kind="image", external_id="file-1"),
)
REPLIES_MOST = 4
"""No turn of these flows has more to say than this, in bubbles."""
MANY = {"tests/transcripts/flows/shelf": 11}
"""But for the one that shows a little of everything; on a line of plain text in parts."""

Act = Callable[[Talk], Awaitable[None]]

contents: st.SearchStrategy[Inbound] = st.one_of(
    st.sampled_from(WORDS).map(lambda body: Text(body=body)),
    st.text(max_size=30).map(lambda body: Text(body=body)),
    st.just(Media(kind="image", external_id="file-1")),
    st.just(Location(latitude=38.72, longitude=-9.14)),
    st.just(Reaction(to=ExternalId("out-1"), emoji="👍")),
    st.just(Welcome()),
    st.just(Unsupported(type="poll_creation")),
    st.text(max_size=30).map(lambda key: ButtonReply(id=f"p1:1:{key}", title=key)),
)


async def _sends(content: Inbound, talk: Talk) -> None:
    await talk.sends(content)


async def _taps(index: int, talk: Talk) -> None:
    """Tap any option ever shown, the newest first."""
    options: list[ButtonReply | ListReply] = talk.phone.options()
    if options:
        await talk.sends(options[-1 - index % len(options)])


async def _goes_on(index: int, talk: Talk) -> None:
    """Do what the open question asks for; where a person holds the chat, have it given back."""
    run = talk.conversation.runs[-1] if talk.conversation.runs else None
    if talk.conversation.mode == "waiting":
        await talk.agent_releases()
    elif run is None or run.asked is None:
        await talk.says(WORDS[index % len(WORDS)])
    elif options := run.offers[run.asked].options:
        await talk.says(options[index % len(options)].title)
    else:
        await talk.sends(ANSWERS[index % len(ANSWERS)])


async def _waits(hours: int, talk: Talk) -> None:
    await talk.waits(f"{hours}h")


async def _agent(resume: str | None, talk: Talk) -> None:
    """An agent takes the chat, is written to, and gives it back with odd corrections."""
    await talk.agent_takes_over()
    await talk.sends(Text(body="to the agent"))
    talk.sees_nothing()
    await talk.waits("3h")
    talk.sees_nothing()
    await talk.agent_releases(resume, answers={"quantity": "three", "unknown": 1})


async def _hold_steps(talk: Talk) -> None:
    talk.steps_wait = True


answers = contents.map(lambda content: partial(_sends, content))
goes_on = st.integers(0, 20).map(lambda index: partial(_goes_on, index))
acts: st.SearchStrategy[Act] = st.one_of(
    answers,
    goes_on,
    goes_on,
    goes_on,
    goes_on,
    st.integers(0, 30).map(lambda index: partial(_taps, index)),
    st.integers(1, 30).map(lambda hours: partial(_waits, hours)),
    st.sampled_from([None, "confirm", "nowhere"]).map(lambda resume: partial(_agent, resume)),
    st.just(_hold_steps),
    st.just(Talk.run_steps),
)


@given(
    line=st.sampled_from([PHONE_LINE, PLAIN_LINE]),
    folder=st.sampled_from(sorted(FLOWS)),
    talk_of=st.lists(acts, min_size=5, max_size=40),
)
@settings(max_examples=400, deadline=None)
def test_any_talk_goes_on(line: Capabilities, folder: str, talk_of: list[Act]) -> None:
    talk = Talk(FLOWS[folder], capabilities=line)

    async def play() -> None:
        await talk.says("hi")
        for act in talk_of:
            turns = 1 + talk.unhandled  # those that wait for a held step follow it at once
            await act(talk)
            assert len(talk.replies) <= turns * MANY.get(folder, REPLIES_MOST)
        await talk.run_steps()
        assert talk.conversation.busy is None
        assert talk.unhandled == 0

    asyncio.run(play())
