"""What a page shows of one contact's phone, gathered from the database; and the jump of the line's clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from adapters.sandbox.cloud.contact import WINDOW
from engine.core.content import Content, Media
from engine.core.conversation import Conversation, Mode, Run
from engine.core.ids import ConversationId, LineId, MessageId
from engine.ports import FetchedMedia, MediaStore, Store, TurnRow
from web.clock import LineClock
from web.simulator.phones import SIMULATOR, ContactUnknown, Phones, SimulatorRefused
from web.simulator.view import AsideView, MessageView, Told, summary, view_transcript

MESSAGES_SHOWN: Final = 200
"""How much of a long chat a page shows: its end."""

CHATS_SHOWN: Final = 100


class FileUnknown(SimulatorRefused):
    """The simulator has no such file."""

    status = 404
    code = "file_unknown"


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation of the line, as the list of contacts shows it."""

    conversation: ConversationId
    phone: str
    name: str | None
    last_id: MessageId
    last_content: Content
    last_at: datetime


class Reads(Protocol):
    """What the simulator reads of the database, and the one thing it writes."""

    async def chats(self, line: LineId, *, limit: int) -> list[Chat]:
        """Return the line's conversations, the one with the newest message first."""

    async def transcript(
        self, line: LineId, conversation: ConversationId, *, limit: int
    ) -> list[Told]:
        """Return the end of a transcript, oldest first."""

    async def message(self, line: LineId, message: MessageId) -> Told | None:
        """Return one message."""

    async def last_turn(self, line: LineId, conversation: ConversationId) -> TurnRow | None:
        """Return the newest handled signal of a conversation."""

    async def clock_ahead(self, line: LineId) -> timedelta:
        """Return how far the line's clock is ahead."""

    async def raise_clock_ahead(self, line: LineId, ahead: timedelta) -> None:
        """Store how far the line's clock is ahead; a smaller value than before changes nothing."""


@dataclass(frozen=True, slots=True)
class ContactView:
    """One entry of the list of contacts."""

    phone: str
    name: str
    last: str | AsideView | None = None
    last_at: datetime | None = None
    last_id: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer of the run that talks, as the contact saw it."""

    name: str
    shown: str


@dataclass(frozen=True, slots=True)
class ConversationView:
    """Where a conversation stands."""

    mode: Mode
    team: str | None
    window_closes_at: datetime | None
    busy: bool
    stack: tuple[str, ...]
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class TraceView:
    """Why the last turn went as it did."""

    signal: str
    matched: str
    score: float | None
    before: str | None
    after: str | None
    path: tuple[str, ...]
    effects: tuple[str, ...]
    note: str | None
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class State:
    """Everything on the page of one contact's phone."""

    now: datetime
    ahead_s: float
    window_s: float
    typing_until: datetime | None
    contacts: tuple[ContactView, ...]
    contact: ContactView
    conversation: ConversationView | None
    messages: list[MessageView]
    trace: TraceView | None


class Simulator:
    """The simulator of a running server.

    Args:
        phones: The contacts and their pretended Meta.
        store: The durable state.
        reads: What is read beside it.
        media: The bytes of files.
        clock: The time by line.
        wake: Makes the loops look at everything soon: the clock was moved.
        media_base: The address under which files are served, by message id.
    """

    def __init__(
        self,
        phones: Phones,
        *,
        store: Store,
        reads: Reads,
        media: MediaStore,
        clock: LineClock,
        wake: Callable[[], None],
        media_base: str,
    ) -> None:
        self.phones = phones
        self._store = store
        self._reads = reads
        self._media = media
        self._clock = clock
        self._wake = wake
        self._media_base = media_base

    async def restore(self) -> None:
        """Take up what an earlier process left: the line's clock, and the contacts with their windows."""
        self._clock.move_ahead(SIMULATOR, await self._reads.clock_ahead(SIMULATOR))
        for chat in await self._reads.chats(SIMULATOR, limit=CHATS_SHOWN):
            conversation = await self._conversation(chat)
            self.phones.restore(chat.phone, chat.name, conversation.last_inbound_at)

    async def jump(self, seconds: int) -> None:
        """Move the line's clock ahead, for good; what is due by then happens at once."""
        ahead = self._clock.ahead(SIMULATOR) + timedelta(seconds=seconds)
        await self._reads.raise_clock_ahead(SIMULATOR, ahead)
        self._clock.move_ahead(SIMULATOR, ahead)
        self._wake()
        self.phones.hub.wake()

    async def file(self, message: MessageId) -> FetchedMedia:
        """Return the stored file of a message. Raises FileUnknown."""
        told = await self._reads.message(SIMULATOR, message)
        if told is None or not isinstance(told.content, Media) or told.content.stored is None:
            raise FileUnknown
        try:
            data = await self._media.get(told.content.stored)
        except KeyError:
            raise FileUnknown from None
        return FetchedMedia(data, told.content.mime_type)

    async def state(self, phone: str) -> State:
        """Return what the page of this phone shows. Raises ContactUnknown."""
        contact = self.phones.contact(phone)
        chats = await self._reads.chats(SIMULATOR, limit=CHATS_SHOWN)
        chat = next((one for one in chats if one.phone == phone), None)
        contacts = self._contacts(chats)
        here = next(one for one in contacts if one.phone == phone)
        messages: list[MessageView] = []
        conversation: ConversationView | None = None
        turn: TurnRow | None = None
        if chat is not None:
            conversation = view_conversation(await self._conversation(chat))
            told = await self._reads.transcript(SIMULATOR, chat.conversation, limit=MESSAGES_SHOWN)
            messages = view_transcript(told, media_base=self._media_base)
            turn = await self._reads.last_turn(SIMULATOR, chat.conversation)
        return State(
            now=self._clock.now(SIMULATOR),
            ahead_s=self._clock.ahead(SIMULATOR).total_seconds(),
            window_s=WINDOW.total_seconds(),
            typing_until=contact.typing_until,
            contacts=contacts,
            contact=here,
            conversation=conversation,
            messages=messages,
            trace=None if turn is None else view_turn(turn),
        )

    async def _conversation(self, chat: Chat) -> Conversation:
        key = (SIMULATOR, chat.conversation)
        found = await self._store.conversations([key])
        if chat.conversation not in found:
            raise ContactUnknown
        return found[chat.conversation]

    def _contacts(self, chats: Sequence[Chat]) -> tuple[ContactView, ...]:
        by_phone = {chat.phone: chat for chat in chats}
        return tuple(
            _view_contact(contact.address, contact.name, by_phone.get(contact.address))
            for contact in self.phones.contacts
        )


def view_conversation(conversation: Conversation) -> ConversationView:
    """Return where a conversation stands."""
    return ConversationView(
        mode=conversation.mode,
        team=conversation.team,
        window_closes_at=conversation.window_closes_at,
        busy=conversation.busy is not None,
        stack=tuple(f"{run.flow}.{run.step}" for run in conversation.runs),
        answers=_answers(conversation.runs[-1]) if conversation.runs else (),
    )


def view_turn(turn: TurnRow) -> TraceView:
    """Return why a turn went as it did."""
    trace = turn.trace
    return TraceView(
        signal=trace.signal,
        matched=trace.matched,
        score=trace.score,
        before=trace.before,
        after=trace.after,
        path=trace.path,
        effects=trace.effects,
        note=trace.note,
        elapsed_ms=turn.elapsed_ms,
    )


def _answers(run: Run) -> tuple[AnswerView, ...]:
    return tuple(
        AnswerView(name, run.shown.get(name) or ("–" if value is None else str(value)))
        for name, value in run.answers.items()
    )


def _view_contact(phone: str, name: str, chat: Chat | None) -> ContactView:
    if chat is None:
        return ContactView(phone, name)
    last = summary(chat.last_content)
    return ContactView(phone, name, last, chat.last_at, str(chat.last_id))
