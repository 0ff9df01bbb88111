"""Any talk around closed windows, against a sandbox: nothing free-form outside them, nothing lost, nothing twice.

Webhooks come late and in any order, and the provider may think the window closed earlier than we do, telling so by its
answer or by a status afterwards.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Literal, NamedTuple

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.cloud.adapter import Cloud
from adapters.sandbox.cloud import CloudSandbox, CloudSettings, served
from adapters.sandbox.courier import Heard
from adapters.sandbox.ledger import Request
from adapters.sandbox.wire import Object
from engine.core.closed import Closed
from engine.core.content import Template, Text
from engine.core.ids import ConversationId, MessageId
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    Arrival,
    MessageRequested,
    Sender,
    Signal,
)
from storage import TimeIds
from storage.queries import Queries, TranscriptMessage
from tests.adapters.cloud.conftest import make_settings
from tests.adapters.samples import MemoryMedia
from tests.loops.world import LINE, World

BOT = Path(__file__).parents[1] / "loops" / "late"
PLANS: tuple[Closed, ...] = ("hold", "fail", Template(name="news", language="en"))
_contacts = count(5215550100000)
_clicks = count(1)


class Strict(CloudSandbox):
    """Notes every free-form message that reaches it outside the window as contacts know it."""

    def __init__(self, world: "Around") -> None:
        told = CloudSettings(pair_interval_s=0, messages_per_second=0, statuses=("sent", "read"))
        super().__init__(told, now=world.clock.now, post=world.post)
        self.too_late: list[str] = []
        self.forgetful: set[str] = set()
        """Contacts whose window ended earlier than anybody told us."""

    def answer(self, body: Object, request: Request) -> Object:
        """Look before it is taken or refused."""
        contact = self.contact_at(str(body.get("to", "")))
        is_free_form = "status" not in body and body["type"] != "template"
        known = contact.address in self.forgetful
        if is_free_form and not contact.window_is_open and not known:
            self.too_late.append(str(body))
        return super().answer(body, request)

    @property
    def statuses_to_come(self) -> int:
        """How many statuses follow what was accepted so far, in all."""
        shown = {id(bubble) for contact in self.contacts.values() for bubble in contact.bubbles}
        return sum(2 if id(bubble) in shown else 1 for bubble in self.messages)


class Around(World):
    """An engine on SQLite that speaks to a sandbox over loopback; webhooks wait until a test brings them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, BOT)
        self.mail: list[bytes] = []
        self.statuses = 0
        self.ids = TimeIds(999)
        self.sandbox = Strict(self)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard:
        """Keep a webhook."""
        self.mail.append(body)
        self.statuses += b'"statuses"' in body
        return Heard(200)

    async def bring(self, order: int) -> None:
        """Deliver what waits, in one of its orders."""
        mail, self.mail = self.mail, []
        while mail:
            body = mail.pop(order % len(mail))
            for parcel in self.adapter.parse(body, received_at=self.clock.now()):
                await self.engine.accept(list(parcel.arrivals))

    async def settle(self, phone: str, order: int) -> None:
        """Bring all webhooks until no step runs, nothing is left to send and no status is to come."""
        async with asyncio.timeout(60):
            while True:
                await self.bring(order)
                talks = await Queries(self.database).conversations_of(phone, line=LINE)
                runs = any(talk.busy is not None for talk in talks)
                moving = "status IN ('queued', 'sending', 'uncertain') AND direction = 'out'"
                ((left,),) = await self.rows(f"SELECT count(*) FROM message WHERE {moving}")
                busy = await self.rows("SELECT 1 FROM signal WHERE handled_at IS NULL")
                awaited = self.statuses < self.sandbox.statuses_to_come
                if not (runs or left or busy or awaited or self.mail):
                    return
                await asyncio.sleep(0.005)


@asynccontextmanager
async def around(folder: Path) -> AsyncIterator[Around]:
    """Run the engine beside a sandbox."""
    async with AsyncExitStack() as stack:
        world = Around(folder)
        address = await stack.enter_async_context(served(world.sandbox))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        told = world.sandbox.settings
        line = make_settings(
            phone_number_id=told.phone_number_id,
            token=told.token,
            app_secret=told.app_secret,
            base_url=f"{address}/v23.0",
            rate_per_second=0,
        )
        adapter = Cloud(LINE, line, session=session, media_store=MemoryMedia())
        world.adapter = adapter  # type: ignore[assignment]  # the engine asks it for no more than the fake
        await world.start()
        world.flows["held"].cls.think.function.__globals__["GOES_ON"].set()  # type: ignore[attr-defined]  # its own
        stack.push_async_callback(world.stop)
        yield world


class Act(NamedTuple):
    """One thing that happens."""

    does: Literal["says", "brings", "waits", "forgets", "agent", "business"]
    word: str = ""
    order: int = 0
    hours: float = 0
    plan: Closed = "hold"


ACTS = st.one_of(
    st.sampled_from(["fish", "failing", "filled", "twice", "asking", "cancel"]).map(
        lambda w: Act("says", word=w)
    ),
    st.integers(0, 9).map(lambda order: Act("brings", order=order)),
    st.sampled_from([0.5, 12.0, 23.99, 25.0, 80.0]).map(lambda hours: Act("waits", hours=hours)),
    st.just(Act("forgets")),
    st.just(Act("agent")),
    st.sampled_from(PLANS).map(lambda plan: Act("business", plan=plan)),
)


async def play(world: Around, acts: list[Act], order: int, *, late: bool) -> None:
    """Let it all happen to one new contact, then look at what became of every message."""
    sandbox, phone = world.sandbox, str(next(_contacts))
    sandbox.settings = sandbox.settings.model_copy(update={"late_refusals": late})
    contact = sandbox.contact(phone)
    asked: list[MessageId] = []
    await contact.says("hello")
    await world.settle(phone, order)
    conversation = await conversation_of(world, phone)
    for act in acts:
        match act.does:
            case "says":
                await contact.says(act.word)
            case "brings":
                await world.bring(act.order)
            case "waits":
                world.clock.ahead += timedelta(hours=act.hours)
            case "forgets":
                sandbox.forgetful.add(phone)
                contact.last_wrote_at = sandbox.now() - timedelta(hours=24)
            case "agent":
                await world.engine.accept(agent_speaks(world, conversation))
            case "business":
                asked.append(MessageId(world.ids()))
                await world.engine.accept([request(world, phone, asked[-1], act.plan)])
    await world.settle(phone, order)
    await contact.says("fish")
    sandbox.forgetful.discard(phone)
    await world.settle(phone, order)
    messages = await Queries(world.database).messages(LINE, conversation)
    check(world, phone, [one for one in messages if one.direction == "out"], asked)


async def conversation_of(world: Around, phone: str) -> ConversationId:
    found = await Queries(world.database).conversations_of(phone, line=LINE)
    return found[0].id


def agent_speaks(world: Around, conversation: ConversationId) -> list[Arrival]:
    """Return the clicks of an agent who takes the chat over, says something and gives it back."""
    signals: tuple[Signal, ...] = (
        AgentTookOver(agent="kim"),
        AgentReplied(agent="kim", content=Text(body="Sorry for the wait.")),
        AgentReleased(agent="kim"),
    )
    return [
        Arrival(
            line=LINE,
            key=f"click:{next(_clicks)}",
            signal=signal,
            received_at=world.clock.now(),
            conversation=conversation,
        )
        for signal in signals
    ]


def request(world: Around, phone: str, message: MessageId, plan: Closed) -> Arrival:
    content = Text(body="Your order is ready.")
    asked = MessageRequested(message=message, content=content, origin="api", closed=plan)
    return Arrival(
        line=LINE,
        key=f"api:{message}",
        signal=asked,
        received_at=world.clock.now(),
        sender=Sender(phone=phone),
    )


def check(
    world: Around, phone: str, messages: list[TranscriptMessage], asked: list[MessageId]
) -> None:
    """Compare what we think with what the phone shows."""
    assert world.sandbox.too_late == []
    shown = Counter(
        bubble.callback_data
        for bubble in world.sandbox.contact(phone).bubbles
        if bubble.by == "business"
    )
    assert set(shown.values()) <= {1}, "sent twice"
    assert {one.id for one in messages} >= set(asked), "lost before it was kept"
    seen = {one.id for one in messages if one.status in ("sent", "delivered", "read")}
    assert {int(mark or 0) for mark in shown} == seen, "what is marked sent is what was received"
    for one in messages:
        if one.id in seen or (one.status == "cancelled" and one.origin == "flow"):
            continue  # what an agent took back is seen as that
        assert one.status in ("failed", "stale", "held"), one.status
        if one.status == "failed":
            assert one.error_code in ("131047", "window_closed")


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def world(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Around]:
    stack = AsyncExitStack()
    folder = tmp_path_factory.mktemp("window")
    yield runner.run(stack.enter_async_context(around(folder)))
    runner.run(stack.aclose())


@given(acts=st.lists(ACTS, min_size=3, max_size=9), order=st.integers(0, 9), late=st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_around_closed_windows_nothing_is_free_form_lost_or_sent_twice(
    runner: asyncio.Runner, world: Around, acts: list[Act], order: int, late: bool
) -> None:
    runner.run(play(world, acts, order, late=late))
