"""What a page shows of one contact's phone, gathered from the database; and the jump of the line's clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from adapters.sandbox.contact import WINDOW
from engine.core.closed import content_of
from engine.core.content import Media
from engine.core.conversation import Contact, Conversation, Mode, Run
from engine.core.effects import Unwanted
from engine.core.ids import ConversationId, MessageId
from engine.core.watch import Reached
from engine.ports import FetchedMedia, MediaStore
from storage.queries import Queries, StoryTurn, TranscriptMessage
from web.clock import LineClock
from web.simulator.phones import CONTACTS_MOST, SIMULATOR, Phones, SimulatorRefused
from web.transcript.body import AsideView
from web.transcript.view import MessageView, Words, no_words, summary, view_transcript

MESSAGES_SHOWN: Final = 200
"""How much of a long chat a page shows: its end."""


class FileUnknown(SimulatorRefused):
    """The simulator has no such file."""

    status = 404
    code = "file_unknown"


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
class ScheduledView:
    """Something that will be said at a time of its own."""

    at: datetime
    says: str | AsideView


@dataclass(frozen=True, slots=True)
class ConversationView:
    """Where a conversation stands."""

    mode: Mode
    team: str | None
    window_closes_at: datetime | None
    free_until: datetime | None
    """The end of the free entry point, which opens no window."""
    busy: bool
    waits_for: Reached | None
    """What the last message must come to before the talk goes on."""
    asks_until: datetime | None
    """When the open question says something by itself, or is given up."""
    unwanted: Unwanted | None
    """What the contact has said it does not want."""
    stack: tuple[str, ...]
    answers: tuple[AnswerView, ...]
    scheduled: tuple[ScheduledView, ...]


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
        queries: What is asked of the database beside it.
        media: The bytes of files.
        clock: The time by line.
        wake: Makes the loops look at everything soon: the clock was moved.
        media_base: The address under which files are served, by message id.
        words: What a template reads.
    """

    def __init__(
        self,
        phones: Phones,
        *,
        queries: Queries,
        media: MediaStore,
        clock: LineClock,
        wake: Callable[[], None],
        media_base: str,
        words: Words = no_words,
    ) -> None:
        self.phones = phones
        self._queries = queries
        self._media = media
        self._clock = clock
        self._wake = wake
        self._media_base = media_base
        self._words = words

    def _file_at(self, told: TranscriptMessage) -> str:
        return f"{self._media_base}/{told.conversation}/{told.id}"

    async def restore(self) -> None:
        """Take up what an earlier process left: the line's clock, and the contacts with their windows."""
        self._clock.move_ahead(SIMULATOR, await self._queries.clock_offset(SIMULATOR))
        for conversation in reversed(await self._conversations()):
            contact = conversation.contact
            if contact.phone is not None:
                self.phones.restore(contact.phone, contact.name, conversation.last_inbound_at)

    async def jump(self, seconds: int) -> None:
        """Move the line's clock ahead, for good; what is due by then happens at once."""
        ahead = self._clock.ahead(SIMULATOR) + timedelta(seconds=seconds)
        self._clock.move_ahead(SIMULATOR, await self._queries.raise_clock_offset(SIMULATOR, ahead))
        self._wake()
        self.phones.hub.wake()

    async def file(self, conversation: ConversationId, message: MessageId) -> FetchedMedia:
        """Return the stored file of a message. Raises FileUnknown."""
        before = MessageId(message - 1)
        found = await self._queries.messages(SIMULATOR, conversation, after=before, limit=1)
        match found:
            case [TranscriptMessage(id=id_, content=Media(stored=str(key)) as media)] if (
                id_ == message
            ):
                try:
                    return FetchedMedia(await self._media.get(key), media.mime_type)
                except KeyError:
                    raise FileUnknown from None
            case _:
                raise FileUnknown

    async def state(self, phone: str) -> State:
        """Return what the page of this phone shows. Raises ContactUnknown."""
        contact = self.phones.contact(phone)
        conversations = {one.contact.phone: one for one in await self._conversations()}
        newest = {
            number: await self._queries.latest_messages(SIMULATOR, one.id, limit=1)
            for number, one in conversations.items()
        }
        contacts = tuple(
            _view_contact(one.address, one.name, newest.get(one.address, []), self._words)
            for one in self.phones.contacts
        )
        conversation = conversations.get(phone)
        return State(
            now=self._clock.now(SIMULATOR),
            ahead_s=self._clock.ahead(SIMULATOR).total_seconds(),
            window_s=WINDOW.total_seconds(),
            typing_until=contact.typing_until,
            contacts=contacts,
            contact=next(one for one in contacts if one.phone == phone),
            conversation=(
                None if conversation is None else view_conversation(conversation, words=self._words)
            ),
            messages=[] if conversation is None else await self._transcript(conversation.id),
            trace=None if conversation is None else await self._trace(conversation.id),
        )

    async def _conversations(self) -> list[Conversation]:
        """Return the line's conversations, newest first."""
        return await self._queries.contacts_on(SIMULATOR, limit=CONTACTS_MOST)

    async def _transcript(self, conversation: ConversationId) -> list[MessageView]:
        messages = await self._queries.latest_messages(
            SIMULATOR, conversation, limit=MESSAGES_SHOWN
        )
        return view_transcript(messages, file_at=self._file_at, words=self._words)

    async def _trace(self, conversation: ConversationId) -> TraceView | None:
        turn = await self._queries.last_turn(SIMULATOR, conversation)
        return None if turn is None else view_turn(turn)


def view_conversation(conversation: Conversation, *, words: Words = no_words) -> ConversationView:
    """Return where a conversation stands, and what will be said without the contact."""
    run = conversation.runs[-1] if conversation.runs else None
    asks = run is not None and run.asked is not None and conversation.mode == "bot"
    return ConversationView(
        mode=conversation.mode,
        team=conversation.team,
        window_closes_at=conversation.window_closes_at,
        free_until=conversation.free_until,
        busy=conversation.busy is not None,
        stack=tuple(f"{run.flow}.{run.step}" for run in conversation.runs),
        waits_for=run.awaits if run else None,
        asks_until=run.waits.due_at if run and asks and run.waits else None,
        unwanted=_unwanted(conversation.contact),
        answers=_answers(run) if run else (),
        scheduled=tuple(
            ScheduledView(one.due_at, summary(content_of(one.says), words))
            for one in sorted(conversation.scheduled, key=lambda one: one.due_at)
        ),
    )


def _unwanted(contact: Contact) -> Unwanted | None:
    if contact.opted_out_at is not None:
        return "opted_out"
    return None if contact.marketing_stopped_at is None else "marketing_stopped"


def view_turn(turn: StoryTurn) -> TraceView:
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


def _view_contact(
    phone: str, name: str, newest: Sequence[TranscriptMessage], words: Words
) -> ContactView:
    if not newest:
        return ContactView(phone, name)
    last = newest[-1]
    return ContactView(phone, name, summary(last.content, words), last.at, str(last.id))
