"""Contacts, agents, phones and time in any order: one holder at a time, rows that say the same, a silent bot."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.content import Text
from engine.core.conversation import Contact, Conversation
from engine.core.effects import CancelTimers, RecordHandoff, StartTimer
from engine.core.hours import Hours
from engine.core.ids import ExternalId, TimerId
from engine.core.language import Language
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    BusinessReplied,
    ChatAssigned,
    ChatClosed,
    FlowRequested,
    Signal,
    TimerFired,
)
from engine.core.teams import Team, Teams
from tests.builders import make_message
from tests.core.chat import Chat
from tests.core.small import ORDER, WELCOME, Person, Small, make_book

NINE, FIVE = 9, 17


@dataclass(frozen=True)
class OfficeHours:
    """From nine to five, every day."""

    def opens_at(self, at: datetime) -> datetime:
        if NINE <= at.hour < FIVE:
            return at
        days = 1 if at.hour >= FIVE else 0
        return at.replace(hour=NINE, minute=0, second=0) + timedelta(days=days)

    def in_words(
        self,
        opens_at: datetime,
        *,
        now: datetime,
        contact: Contact,
        hours: Hours | None,
        language: Language,
    ) -> str:
        return str(opens_at)


TEAMS = Teams({"kitchen": Team(opening=OfficeHours()), "bar": Team(unclaimed_after=None)})
ASIDE = Small("aside", {"person": Person("One moment.", team="bar")}, starts_on=("aside",))
BOOK = make_book(WELCOME, ORDER, ASIDE, teams=TEAMS)
BOOKS = (BOOK, replace(BOOK, helpdesk=True))

AGENTS = ("bo", "cy")
NOW_IT_IS = "whoever has it"
"""Stands in a drawn signal for the login of who holds the chat when it is performed."""
seen = st.sampled_from([NOW_IT_IS, NOW_IT_IS, None, *AGENTS])
agent = st.sampled_from([NOW_IT_IS, *AGENTS])
given_to = st.sampled_from([None, *AGENTS])
ORDERED = ("order", "Funghi 🍄", "Large", "2")
BEGINNINGS: tuple[tuple[str, ...], ...] = (
    ("hello",),
    ("aside",),
    ("agent",),
    (*ORDERED, "Ask a person"),
    (*ORDERED, "Yes"),
)
WORDS = ("order", "aside", "agent", "hello", "Large", "menu", "cancel", "stop", "start")

deeds: st.SearchStrategy[Signal | timedelta | str] = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.just("hello"),
    st.sampled_from([timedelta(minutes=minutes) for minutes in (1, 14, 20, 31, 200, 800)]),
    st.builds(AgentTookOver, agent=st.sampled_from(AGENTS), seen=seen),
    st.builds(AgentReplied, agent=agent, content=st.just(Text(body="Hi."))),
    st.builds(AgentReleased, agent=agent, seen=seen, resume=st.sampled_from([None, "size"])),
    st.builds(ChatClosed, agent=agent, seen=seen, reason=st.just("done")),
    st.builds(
        ChatAssigned,
        by=agent,
        agent=given_to,
        seen=seen,
        team=st.sampled_from([None, "kitchen", "bar"]),
        turn=st.sampled_from([None, 1, 2]),
    ),
    st.just("phone"),
    st.just("returns"),
    st.just(FlowRequested(flow="order", if_busy="replace")),
)


@dataclass
class Watched:
    """A chat with what the tables would hold of it."""

    chat: Chat
    rows: dict[int, RecordHandoff] = field(default_factory=dict)
    timer: StartTimer | None = None
    told_at: datetime | None = None
    """When the contact, who waits, was last told something."""

    def gets(self, signal: Signal) -> None:
        before = self.chat.conversation
        self.chat.gets(signal)
        self._perform()
        self._check(before, signal)

    def _perform(self) -> None:
        for effect in self.chat.last.effects:
            match effect:
                case RecordHandoff(handoff=handoff):
                    self.rows[handoff.turn] = effect
                case StartTimer(purpose="handoff"):
                    self.timer = effect
                case CancelTimers(purpose="handoff"):
                    self.timer = None
                case _:
                    pass

    def waits(self, length: timedelta) -> None:
        until = self.chat.now + length
        while self.timer is not None and self.timer.due_at <= until:
            timer, self.timer = self.timer, None
            self.chat.now = max(self.chat.now, timer.due_at)
            self.gets(
                TimerFired(timer=TimerId(1), purpose="handoff", run=timer.run, visit=timer.visit)
            )
        self.chat.now = until

    def _check(self, before: Conversation, signal: Signal) -> None:
        after = self.chat.conversation
        self._one_holder(after)
        self._rows_say_the_same(after)
        self._time_is_set(after)
        self._bot_is_silent(before, after)
        match signal:
            case BusinessReplied() if before.assignee is not None:
                assert after == before
            case AgentTookOver(agent=agent, seen=seen) if before.assignee not in (agent, seen):
                assert after == before
            case ChatAssigned(seen=seen) if before.assignee != seen:
                assert after == before
            case AgentReplied(agent=agent) if before.assignee != agent:
                assert (after, self.chat.sent) == (before, [])
            case AgentReleased(agent=agent, seen=seen) | ChatClosed(agent=agent, seen=seen):
                if before.assignee not in (None, agent, seen):
                    assert after == before
            case _:
                pass
        if isinstance(signal, TimerFired) and before.mode == "waiting":
            assert after.handoff is not None
            assert after.handoff.late
        if isinstance(signal, AgentReleased) and signal.agent == before.assignee:
            ended = self.rows[before.handoff.turn if before.handoff else 0].ended
            assert ended == "released"

    def _one_holder(self, after: Conversation) -> None:
        in_hands = after.mode in ("waiting", "agent")
        assert (after.handoff is not None) == in_hands
        place = after.handoff.place if after.handoff is not None else None
        assert (after.assignee is not None) == (after.mode == "agent" and place == "inbox")
        if in_hands:
            assert after.busy is None
            assert after.mode == "agent" or place == "inbox"
        else:
            assert after.team is None

    def _rows_say_the_same(self, after: Conversation) -> None:
        lasting = {turn: row for turn, row in self.rows.items() if row.ended is None}
        handoff = after.handoff
        expected = (
            {}
            if handoff is None
            else {handoff.turn: RecordHandoff(handoff, after.team, after.assignee)}
        )
        assert lasting == expected

    def _time_is_set(self, after: Conversation) -> None:
        due = None if after.handoff is None else after.handoff.due_at
        if due is not None and after.handoff is not None:
            assert self.timer is not None
            assert (self.timer.due_at, self.timer.visit) == (due, after.handoff.turn)
        if due is None:
            assert self.timer is None
        if after.mode == "agent" and after.assignee is not None:
            assert due is None

    def _bot_is_silent(self, before: Conversation, after: Conversation) -> None:
        """Nothing but an agent's words, an acknowledgement now and then, and once that nobody is free."""
        if self.chat.trace.matched == "consent":
            return  # who opts in again is told so, whoever has the chat
        said = [message for message in self.chat.sent if message.origin not in ("agent", "consent")]
        was, now = before.handoff, after.handoff
        if was is None or now is None or was.turn != now.turn:
            self.told_at = self.chat.now  # it has just begun, or ended
            return
        if before.mode == "agent":
            assert said == []
        if not said:
            return
        assert len(said) == 1
        is_late_now = now.late and not was.late
        if not is_late_now and self.told_at is not None and was.told_at is not None:
            assert self.chat.now - self.told_at >= TEAMS.acknowledge_every
        self.told_at = self.chat.now


@settings(max_examples=200, deadline=None)
@given(st.booleans(), st.sampled_from(BEGINNINGS), st.lists(deeds, min_size=8, max_size=25))
def test_a_chat_has_one_holder_and_a_silent_bot(
    helpdesk: bool, begins: Sequence[str], talk: Sequence[Signal | timedelta | str]
) -> None:
    watched = Watched(Chat(BOOKS[helpdesk]))
    for deed in (*begins, *talk):
        perform(watched, deed)


def perform(watched: Watched, deed: Signal | timedelta | str) -> None:
    chat = watched.chat
    match deed:
        case timedelta():
            watched.waits(deed)
        case "phone":
            key = ExternalId(f"echo-{chat.conversation.version}")
            echo = {"external_id": key, "content": Text(body="Yes."), "sent_at": chat.now}
            watched.gets(BusinessReplied.model_validate({"echo": echo}))
        case "returns":
            if chat.conversation.busy is not None:
                chat.returns()
                watched._perform()
        case str():
            watched.gets(make_message(deed, at=chat.now))
        case _:
            holder = chat.conversation.assignee
            watched.gets(deed.model_copy(update=named(deed, holder)))


def named(signal: Signal, holder: str | None) -> dict[str, str | None]:
    """Return the fields that name whoever holds the chat, with the name."""
    told = {name: getattr(signal, name, None) for name in ("agent", "seen", "by")}
    return {
        name: holder if name == "seen" else holder or "bo"
        for name, login in told.items()
        if login == NOW_IT_IS
    }
