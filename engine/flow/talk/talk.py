"""Talking to flows without a server, a database or a provider: the harness that flows are tested with.

Every line of a talk goes through the real `step()`. Time is virtual, code steps run for real, and between any two
signals the conversation goes through JSON and back, as it does in production.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from engine.core.book import Book
from engine.core.capabilities import Capabilities
from engine.core.closed import Closed, Speech
from engine.core.content import Inbound, Media, Outbound, ReadMark, Template, Text
from engine.core.conversation import Contact, Conversation
from engine.core.effects import (
    CancelTimers,
    CancelUnsent,
    Effect,
    HandOff,
    Origin,
    RecordConsent,
    RecordHandoff,
    ReleaseHeld,
    RunStep,
    SendMessage,
    StartTimer,
)
from engine.core.errors import ContentRejected
from engine.core.ids import (
    ContactId,
    ConversationId,
    ExternalId,
    LineId,
    MessageId,
    TimerId,
    VisitId,
)
from engine.core.outbox import REPLIES, verdict
from engine.core.previews import fill
from engine.core.saying import messages_of
from engine.core.signals import (
    Arrival,
    MessageReceived,
    MessageSettled,
    Signal,
    TimerFired,
    WindowMissed,
)
from engine.core.step import may_interrupt, step
from engine.core.teams import EVERYBODY, Teams
from engine.core.templates import by_name, chosen, fit
from engine.core.trace import Trace
from engine.core.watch import Watch
from engine.flow.code import FlowSteps
from engine.flow.compile import CompiledFlow
from engine.flow.faq import faq_beside
from engine.flow.hours import ANY_HOURS, LineHours
from engine.flow.languages import codes_of, read_languages
from engine.flow.talk.desk import MemoryDesk, Notes
from engine.flow.talk.people import PeoplesPart
from engine.flow.talk.phone import Mark, Phone, Shown
from engine.flow.template_file import templates_beside
from engine.flow.times import after
from engine.ports.desk import CodeSteps

MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""When every talk begins, unless it says otherwise."""

BETWEEN_MESSAGES = timedelta(seconds=1)
"""How long the contact takes for each message."""

ANA = Contact(id=ContactId(1), phone="5215550000001", name="Ana")
"""The contact of every talk, unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class _Timer:
    effect: StartTimer
    id: TimerId


class Talk(PeoplesPart):
    """One contact talking to flows.

    Args:
        flows: The compiled flows by name.
        capabilities: What the line can show; the adapters have theirs in `capabilities.py`.
        start: The flow that begins when nothing else matches; None leaves it to the flow marked `start=True`.
        contact: Who talks.
        at: When the talk begins; aware UTC.
        serial: The flows' published serial.
        hours: The line's clock: its time zone and its quiet hours.
        closed: The line's plan for what meets a closed window.
        teams: Who chats are handed to, and when they answer.
        helpdesk: Whether chats are handed to another program for agents.
    """

    def __init__(
        self,
        flows: Mapping[str, CompiledFlow],
        *,
        capabilities: Capabilities,
        start: str | None = None,
        contact: Contact = ANA,
        at: datetime = MONDAY_NOON,
        serial: int = 0,
        hours: LineHours = ANY_HOURS,
        closed: Closed = "hold",
        teams: Teams = EVERYBODY,
        helpdesk: bool = False,
    ) -> None:
        self.phone = Phone()
        self._teams = teams
        self._helpdesk = helpdesk
        self._closed: Closed = closed
        self.now = at
        self.conversation = Conversation(
            id=ConversationId(1), line=LineId("talk"), contact=contact, serial=serial
        )
        self.traces: list[Trace] = []
        """Why each turn went as it did, oldest first."""
        self.replies: list[Shown] = []
        """What came back on the last line."""
        self.steps_wait = False
        """Set to keep code steps from returning until `run_steps()`, so that others can speak meanwhile."""
        self._capabilities = capabilities
        self._hours = hours
        self._count = 0
        self._notes = Notes()
        self._timers: list[_Timer] = []
        self._held: list[tuple[SendMessage, datetime]] = []
        """What met a closed window, with when it was said."""
        self._waiting: list[Arrival] = []
        self._returned: list[Arrival] = []
        """What code steps brought back while `steps_wait` keeps it."""
        self._watched: list[tuple[MessageId, Watch]] = []
        """Messages that a flow waits for, oldest first."""
        self._running: list[tuple[Conversation, VisitId]] = []
        """Code steps with the conversation they began on."""
        self._book, self._code = self._publish(flows, start, serial)

    # --- what the contact does --------------------------------------------------------------------

    async def says(self, text: str) -> None:
        """Send a text message."""
        await self.sends(Text(body=text))

    async def taps(self, title: str, *, older: bool = False) -> None:
        """Tap an option of the newest message that has any; with `older`, of one before it."""
        await self.sends(self.phone.tap_older(title) if older else self.phone.tap(title))

    async def sends_file(self, media: Media, data: bytes) -> None:
        """Send a picture or another file with the bytes that `chat.bytes` will return."""
        self._notes.files[media.external_id or ""] = data
        await self.sends(media)

    async def sends(
        self, content: Inbound, *, late: timedelta = timedelta(0), group: str | None = None
    ) -> None:
        """Send any content.

        Args:
            content: What the contact sends.
            late: How long ago the provider says it was sent.
            group: The group it was written in; None is the contact's own chat.
        """
        self._turn_page()
        self.now += BETWEEN_MESSAGES
        external_id = ExternalId(f"in-{self._next()}")
        message = MessageReceived(
            external_id=external_id, content=content, sent_at=self.now - late, group_id=group
        )
        await self._handle(str(external_id), message)

    async def waits(self, length: str | timedelta) -> None:
        """Let time pass; what falls due on the way happens at its own time."""
        self._turn_page()
        until = self.now + after(length)
        while due := [timer for timer in self._timers if timer.effect.due_at <= until]:
            timer = min(due, key=lambda timer: (timer.effect.due_at, timer.id))
            self._timers.remove(timer)
            self.now = max(self.now, timer.effect.due_at)
            fired = TimerFired(
                timer=timer.id,
                purpose=timer.effect.purpose,
                run=timer.effect.run,
                visit=timer.effect.visit,
            )
            await self._handle(f"timer-{timer.id}", fired)
        self.now = until

    async def reports(self, status: str, error: str | None = None) -> None:
        """Let the provider report on the newest message that a flow waits for.

        Args:
            status: `delivered`, `read`, `played` or `failed`.
            error: Of a failure: the provider's code.

        Raises: AssertionError when no flow waits for any.
        """
        self._turn_page()
        if not self._watched:
            raise AssertionError(f"no flow waits for a message, so {status!r} is told to none")
        message, watch = self._watched.pop()
        outcome = watch.outcome(status)
        if outcome is None:
            self._watched.append((message, watch))
            return
        settled = MessageSettled(message=message, watch=watch, status=outcome, error=error)
        await self._handle(f"settled-{message}", settled)

    # --- what people and deployments do ------------------------------------------------------------

    async def click(self, signal: Signal) -> None:
        """Take in what somebody did who is not the contact."""
        self._turn_page()
        await self._handle(f"click-{self._next()}", signal)

    async def run_steps(self) -> None:
        """Let the code steps that `steps_wait` kept return."""
        self._turn_page()
        self.steps_wait = False
        self._take_returned()
        await self._settle()

    async def publish(
        self, flows: Mapping[str, CompiledFlow], *, serial: int | None = None
    ) -> None:
        """Deploy other flows under the live chat, by default with the next serial."""
        self._turn_page()
        serial = self._book.serial + 1 if serial is None else serial
        self._book, self._code = self._publish(flows, self._book.start, serial)
        await self._settle()

    # --- what a test looks at ---------------------------------------------------------------------

    @property
    def unhandled(self) -> int:
        """How many signals still wait to be stepped."""
        return len(self._waiting) + len(self._returned)

    def sees(self, text: str) -> None:
        """Check that the text stands in what came back on the last line. Raises AssertionError."""
        seen = "\n".join(line for reply in self.replies for line in reply.lines())
        if text not in seen:
            raise AssertionError(f"{text!r} was not said; the last line was answered by:\n{seen}")

    def sees_nothing(self) -> None:
        """Check that nothing came back on the last line. Raises AssertionError."""
        if self.replies:
            seen = "\n".join(line for reply in self.replies for line in reply.lines())
            raise AssertionError(f"no reply was expected; this came:\n{seen}")

    # --- the machinery ----------------------------------------------------------------------------

    def _publish(
        self, flows: Mapping[str, CompiledFlow], start: str | None, serial: int
    ) -> tuple[Book, CodeSteps]:
        start = start or next((name for name, flow in flows.items() if flow.start), None)
        languages = read_languages(codes_of(flow.catalogues for flow in flows.values()))
        book = Book(
            scripts=flows,
            capabilities=self._capabilities,
            start=start,
            serial=serial,
            languages=languages,
            understand=faq_beside(flows.values(), languages),
            hours=self._hours,
            closed=self._closed,
            teams=self._teams,
            helpdesk=self._helpdesk,
        )
        self._templates = by_name(templates_beside(flows.values()))
        hours = {self.conversation.line: self._hours}
        return book, FlowSteps(flows, pauses_s=(0.0, 0.0), hours=hours)

    def _turn_page(self) -> None:
        self.replies = []

    def _next(self) -> int:
        self._count += 1
        return self._count

    async def _handle(self, key: str, signal: Signal) -> None:
        self._waiting.append(self._arrival(key, signal))
        await self._settle()

    async def _settle(self) -> None:
        """Step what waits, as far as it may, and run the code steps it starts."""
        self._step_waiting()
        while self._running:
            started, visit = self._running.pop(0)
            desk = MemoryDesk(str(visit), self._notes, now=lambda: self.now, say=self._say_now)
            returned = await self._code.perform(started, visit, desk)
            self._returned.append(self._arrival(f"step-{visit}", returned))
            self._take_returned()

    def _take_returned(self) -> None:
        if not self.steps_wait:
            self._waiting += self._returned
            self._returned = []
            self._step_waiting()

    def _arrival(self, key: str, signal: Signal) -> Arrival:
        arrival = Arrival(
            line=self.conversation.line,
            key=key,
            signal=signal,
            received_at=self.now,
            conversation=self.conversation.id,
        )
        return Arrival.model_validate_json(arrival.model_dump_json())

    def _step_waiting(self) -> None:
        """Step in order of arrival; what may interrupt passes by what must wait."""
        while handled := next((one for one in self._steppable() if self._step(one)), None):
            self._waiting.remove(handled)

    def _steppable(self) -> list[Arrival]:
        later = [arrival for arrival in self._waiting[1:] if may_interrupt(arrival.signal)]
        return self._waiting[:1] + later

    def _step(self, arrival: Arrival) -> bool:
        """Step one signal; False when it has to wait."""
        done = step(self.conversation, arrival, self.now, self._book)
        if done.deferred:
            return False
        self.traces.append(done.trace)
        self.conversation = Conversation.model_validate_json(done.conversation.model_dump_json())
        if self.conversation != done.conversation:
            raise AssertionError("the conversation changed on its way through JSON")
        for effect in sorted(done.effects, key=_comes_later):
            self._perform(effect)
        return True

    def _perform(self, effect: Effect) -> None:
        match effect:
            case SendMessage(met="opted_out" | "marketing_stopped"):
                pass  # cancelled: the contact does not want it
            case SendMessage():
                self._follow(effect)
                self._say(effect)
            case ReleaseHeld(said_since=since):
                self._release(since)
            case RunStep():
                self._running.append((self.conversation, effect.visit))
            case StartTimer():
                self._timers = [
                    timer
                    for timer in self._timers
                    if (timer.effect.run, timer.effect.purpose) != (effect.run, effect.purpose)
                ]
                self._timers.append(_Timer(effect, TimerId(self._next())))
            case CancelTimers():
                self._timers = [timer for timer in self._timers if not _cancels(effect, timer)]
            case CancelUnsent() | RecordConsent():
                self._held = [one for one in self._held if one[0].origin not in REPLIES]
            case HandOff():
                pass  # the conversation's mode tells of it
            case RecordHandoff():
                pass  # for queues and figures

    def _say(self, message: SendMessage) -> None:
        if message.met == "held":
            self._held.append((message, self.now))
        mark: Mark = message.met or (None if message.instead_of is None else "instead")
        self._show(message.content, message.origin, mark)

    def _follow(self, message: SendMessage) -> None:
        """Remember a message that a flow waits for; tell the flow at once of one that failed as it was said."""
        if message.watch is None:
            return
        key = MessageId(self._next())
        if message.met != "failed":
            self._watched.append((key, message.watch))
            return
        settled = MessageSettled(
            message=key, watch=message.watch, status="failed", error="window_closed"
        )
        self._waiting.append(self._arrival(f"settled-{key}", settled))

    def _release(self, since: datetime) -> None:
        """Show what was held, as the sender would let it go."""
        held, self._held = self._held, []
        for message, said_at in held:
            answer = verdict(
                self.conversation,
                message.content,
                origin=message.origin,
                turn=message.turn,
                question=message.question,
                created_at=self.now,
                now=self.now,
                has_window=self._capabilities.window is not None,
                was_held=True,
            )
            if said_at >= since and answer == "go":
                self._show(message.content, message.origin)

    def _say_now(self, speech: Speech) -> None:
        for message in messages_of(self.conversation, speech, self.now, self._book):
            self._say(message)
            if message.met is not None:
                missed = WindowMissed(
                    message=MessageId(self._next()),
                    turn=self.conversation.turn,
                    question=False,
                    at=self.now,
                    refused=False,
                    held=message.met == "held",
                )
                self._step(self._arrival(f"missed-{missed.message}", missed))

    def _show(self, content: Outbound, origin: Origin, mark: Mark = None) -> None:
        message = Shown(ExternalId(f"out-{self._next()}"), content, origin, mark)
        message = self._previewed(message)
        self.phone.show(message)
        if not isinstance(content, ReadMark):
            self.replies.append(message)

    def _previewed(self, message: Shown) -> Shown:
        """Return a message as the phone shows it: of a template that `templates.toml` tells of, its words."""
        content = message.content
        known = self._templates.get(content.name) if isinstance(content, Template) else None
        if not known or not isinstance(content, Template):
            return message
        try:
            content = fit(known, content, language=self._book.languages.first.code)
        except ContentRejected as wrong:
            raise AssertionError(f"it would not be sent: {wrong}") from wrong
        one = chosen(known, content, language=None)
        words = fill(one.shape, content) if one is not None and one.shape is not None else None
        return replace(message, content=content, template=words)


def _comes_later(effect: Effect) -> bool:
    """Tell whether an effect comes after what it lets go: held messages leave before a turn's own."""
    return not isinstance(effect, ReleaseHeld)


def _cancels(effect: CancelTimers, timer: _Timer) -> bool:
    same_run = effect.run is None or effect.run == timer.effect.run
    return same_run and effect.purpose in (None, timer.effect.purpose)
