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
FOLDERS = ["flows", *(str(path.parent) for path in ROOT.glob("tests/transcripts/flows/*/*.py"))]
FLOWS = {folder: load_flows([folder], ROOT) for folder in dict.fromkeys(FOLDERS)}

WORDS = ("hi", "order", "1", "2", "12", "yes", "menu", "back", "cancel", "restart", "help", "agent")
REPLIES_MOST = 6
"""No turn of these flows has more to say than this, in bubbles."""

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


async def _waits(hours: int, talk: Talk) -> None:
    await talk.waits(f"{hours}h")


async def _agent(talk: Talk) -> None:
    await talk.agent_takes_over()
    await talk.sends(Text(body="to the agent"))
    talk.sees_nothing()
    await talk.waits("3h")
    talk.sees_nothing()


async def _release(resume: str | None, talk: Talk) -> None:
    await talk.agent_releases(resume, answers={"quantity": "three", "unknown": 1})


async def _hold_steps(talk: Talk) -> None:
    talk.steps_wait = True


acts: st.SearchStrategy[Act] = st.one_of(
    contents.map(lambda content: partial(_sends, content)),
    st.integers(0, 30).map(lambda index: partial(_taps, index)),
    st.integers(1, 30).map(lambda hours: partial(_waits, hours)),
    st.just(_agent),
    st.sampled_from([None, "confirm", "nowhere"]).map(lambda resume: partial(_release, resume)),
    st.just(_hold_steps),
    st.just(Talk.run_steps),
)


@given(
    line=st.sampled_from([PHONE_LINE, PLAIN_LINE]),
    folder=st.sampled_from(sorted(FLOWS)),
    talk_of=st.lists(acts, max_size=25),
)
@settings(max_examples=250, deadline=None)
def test_any_talk_goes_on(line: Capabilities, folder: str, talk_of: list[Act]) -> None:
    talk = Talk(FLOWS[folder], capabilities=line)

    async def play() -> None:
        for act in talk_of:
            await act(talk)
            assert len(talk.replies) <= REPLIES_MOST
        await talk.run_steps()
        assert talk.conversation.busy is None
        assert talk.unhandled == 0

    asyncio.run(play())
