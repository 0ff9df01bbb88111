"""One turn while it is being made: what the conversation becomes, what is said, what shall happen.

The only value here that changes; it lives within one call of `step()` and is closed into a new conversation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple, assert_never

from engine.core import limits, window
from engine.core.book import Book
from engine.core.closed import Closed, Plan, Planned, Speech, content_of, plan_of
from engine.core.content import DEEDS, Outbound, Template, Text
from engine.core.conversation import Busy, Contact, Conversation, Mode, NextFlow, Offer, Run
from engine.core.effects import (
    CancelTimers,
    CancelUnsent,
    Effect,
    HandOff,
    Origin,
    RecordConsent,
    ReleaseHeld,
    RunStep,
    SendMessage,
    StartTimer,
)
from engine.core.ids import ExternalId, RunId, VisitId
from engine.core.language import Language, TextName
from engine.core.options import make_offer
from engine.core.outbox import is_free_form, unwanted
from engine.core.parts import parts_of
from engine.core.question import Question
from engine.core.scheduled import Scheduled
from engine.core.script import Asks, Ends, Performs, Scene, Visit
from engine.core.trace import Matched, Trace
from engine.core.waits import next_wait, question_timers, scheduled_timers
from engine.core.watch import Watch
from engine.core.widget import Asked, compose, has_pages


class RunEnded(NamedTuple):
    """A run that is over."""

    run: Run
    """With its answers."""
    is_complete: bool
    """Whether its flow came to an end; else it was cancelled, left or expired."""


Whole = tuple[Closed, Watch | None]
"""A plan with nothing left open."""


@dataclass(slots=True)
class Turn:
    """The conversation as it is becoming. Fields named as in Conversation mean the same."""

    conversation: Conversation
    """As it was before."""
    now: datetime
    book: Book
    contact: Contact
    number: int
    """This turn's number; it counts only if more happens than a record."""
    mode: Mode
    visits: int
    runs: tuple[Run, ...]
    busy: Busy | None
    again: Offer | None
    window_closes_at: datetime | None
    free_until: datetime | None
    held: bool
    unseen: int
    scheduled: tuple[Scheduled, ...]
    last_inbound_at: datetime | None
    last_inbound_id: ExternalId | None
    unasked_at: datetime | None
    ended_at: datetime | None
    cancelled_at: datetime | None
    told_at: datetime | None
    team: str | None
    assignee: str | None
    resume: str | None
    next_flows: tuple[NextFlow, ...]

    heard_at: datetime | None = None
    """When the contact wrote the message that is heard; the provider's time, never later than its arrival."""
    budget: int = limits.STEPS_PER_TURN
    """Steps that may still be visited."""
    said: list[Speech] = field(default_factory=list)
    asked: Asked | None = None
    stood_in: Template | None = None
    """The template that went out in this turn in the place of what met a closed window."""
    origin: Origin = "engine"
    """Whose words the turn's messages are: the flow's as soon as a flow spoke."""
    effects: list[Effect] = field(default_factory=list)
    """What follows the messages."""
    ended: list[RunEnded] = field(default_factory=list)
    """The runs that came to their end, in order."""
    matched: Matched = "recorded"
    score: float | None = None
    path: list[str] = field(default_factory=list)
    note: str | None = None

    @classmethod
    def of(cls, conversation: Conversation, now: datetime, book: Book) -> "Turn":
        """Open a turn on the conversation."""
        return cls(  # by position, in the order of the fields: names would take twice as long
            conversation,
            now,
            book,
            conversation.contact,
            conversation.turn + 1,
            conversation.mode,
            conversation.visits,
            conversation.runs,
            conversation.busy,
            conversation.again,
            conversation.window_closes_at,
            conversation.free_until,
            conversation.held,
            conversation.unseen,
            conversation.scheduled,
            conversation.last_inbound_at,
            conversation.last_inbound_id,
            conversation.unasked_at,
            conversation.ended_at,
            conversation.cancelled_at,
            conversation.told_at,
            conversation.team,
            conversation.assignee,
            conversation.resume,
            conversation.next_flows,
        )

    @property
    def run(self) -> Run | None:
        """The run that talks."""
        return self.runs[-1] if self.runs else None

    @property
    def language(self) -> Language:
        """What the engine speaks to this contact."""
        return self.book.languages.of(self.contact.locale)

    def speak(self, language: Language) -> None:
        """Go on in another language, in this turn and from now on."""
        self.contact = self.contact.model_copy(update={"locale": language.code})

    @property
    def scene(self) -> Scene:
        """What a flow may know now."""
        return Scene(
            contact=self.contact,
            capabilities=self.book.capabilities,
            now=self.now,
            visits=self.visits,
            budget=self.budget,
            language=self.language,
            understand=self.book.understand,
            hours=self.book.hours,
        )

    def put(self, run: Run) -> None:
        """Put the run back on top of the stack."""
        self.runs = (*self.runs[:-1], run)

    def new_run(self, flow: str) -> Run:
        """Put a new run of the flow on the stack."""
        self.visits += 1
        run = NEW_RUN.model_copy(
            update={"id": RunId(self.visits), "flow": flow, "began": self.number}
        )
        self.runs = (*self.runs, run)
        return run

    def enter(self, visit: Visit) -> None:
        """Take in how far a run came, all but its pause."""
        run = visit.run
        if not isinstance(
            visit.pause, (Asks, Ends)
        ):  # a question says so itself, an ended run is gone
            run = run.model_copy(update={"asked": None, "retries": 0})
        if run.kept:  # what was said to the last question is no answer to the next
            run = run.model_copy(update={"kept": ()})
        if run.awaits is not None:
            run = run.model_copy(update={"awaits": None})
        self.put(run)
        self.visits = visit.visits
        self.budget -= max(1, len(visit.path))
        self.path += [f"{run.flow}.{step}" for step in visit.path]
        for saying in visit.said:
            if isinstance(saying, Scheduled):
                self.schedule(saying)
            else:
                self.say(saying)

    def schedule(self, saying: Scheduled) -> None:
        """Keep something to be said at its time, in the place of another one of the same name."""
        kept = tuple(one for one in self.scheduled if one.name != saying.name)
        if saying.due_at <= self.now:
            self.note = f"{saying.name} is not said: its time has passed"
        elif len(kept) >= limits.SCHEDULED_PER_CONVERSATION:
            self.note = f"{saying.name} is not said: {len(kept)} messages are scheduled already"
        else:
            kept = (*kept, saying)
        self.scheduled = kept

    def say(self, content: Speech) -> None:
        """Say something in the flow's name."""
        self.said.append(content)
        self.origin = "flow"

    def tell(self, name: TextName) -> None:
        """Say one of the engine's own texts."""
        self.said.append(Text(body=self.language.texts[name]))

    def ask(self, run: Run, question: Question, *, retries: int = 0, first: int = 0) -> None:
        """Open the question in the run, with the offer that answers are read against.

        Args:
            run: The run on top of the stack.
            question: As its flow asks it.
            retries: How often it was not understood so far.
            first: Index of the first option to show, on a list of several pages.
        """
        offer = make_offer(question, flow=run.flow, turn=self.number, first=first)
        asked = Asked(run.flow, question, offer, self.language)
        if first and not has_pages(asked, self.book.capabilities):
            offer = offer.model_copy(update={"first": 0})
            asked = Asked(run.flow, question, offer, self.language)
        self.asked = asked
        self.origin = "flow"
        opened = run.model_copy(
            update={
                "asked": question.step,
                "offers": {**run.offers, question.step: offer},
                "retries": retries,
                "waits": None,
            }
        )
        self.put(self._waiting(opened) if self.book.has_timed else opened)

    def _waiting(self, run: Run) -> Run:
        """Return the run with what its open question waits with, counted from now."""
        script, closes = self.book.scripts[run.flow], self.window_closes_at
        times = script.times(run, self.scene, since=self.now, closes=closes)
        return run.model_copy(update={"waits": next_wait(times, since=self.now)})

    def perform(self, run: Run, performs: Performs) -> None:
        """Leave the turn to a code step; the contact's messages wait for it."""
        self.busy = Busy(
            visit=run.visit, run=run.id, flow=run.flow, step=performs.step, since=self.now
        )
        self.effects += (
            RunStep(visit=run.visit),
            StartTimer(
                purpose="step_timeout",
                due_at=self.now + performs.timeout + limits.STEP_TIMEOUT_GRACE,
                run=run.id,
                visit=run.visit,
            ),
        )

    def hand_off(self, reason: str, *, team: str | None = None, resume: str | None = None) -> None:
        """Give the chat to people.

        Args:
            reason: As HandOff names it; any but the flow's own words is told to the contact.
            team: Whose queue it waits in; None is everybody's.
            resume: Where the top run goes on after the release; None ends it.
        """
        if reason == "too_many_steps":
            self.said.clear()  # fifty rounds of a loop help nobody
        if reason != "flow":
            self.tell("handoff")
        self.mode, self.team, self.assignee, self.resume = "waiting", team, None, resume
        self.busy = None
        self.effects.append(HandOff(team=team, reason=reason))

    def end(self) -> None:
        """End every run, silently."""
        self.ended += (RunEnded(run, is_complete=False) for run in reversed(self.runs))
        self.runs, self.busy, self.resume = (), None, None

    # --- closing ---

    def close(self) -> Conversation:
        """Make effects of what was said, set the timers right and return the new conversation."""
        stale, new = self._timers()
        self.effects = [*self._messages(), *stale, *self.effects, *new]
        counts = self.matched not in ("recorded", "quiet")
        before = self.conversation
        after: dict[str, object] = {
            "turn": self.number if counts else before.turn,
            "serial": self.book.serial,
            "mode": self.mode,
            "visits": self.visits,
            "runs": self.runs,
            "busy": self.busy,
            "again": self.again,
            "window_closes_at": self.window_closes_at,
            "free_until": self.free_until,
            "held": self.held,
            "unseen": self.unseen,
            "scheduled": self.scheduled,
            "last_inbound_at": self.last_inbound_at,
            "last_inbound_id": self.last_inbound_id,
            "unasked_at": self.unasked_at,
            "ended_at": self.ended_at,
            "cancelled_at": self.cancelled_at,
            "told_at": self.told_at,
            "team": self.team,
            "assignee": self.assignee,
            "resume": self.resume,
            "next_flows": self.next_flows,
            "contact": self.contact,
        }
        if not counts and all(getattr(before, name) == value for name, value in after.items()):
            return before
        after["version"] = before.version + 1
        return before.model_copy(update=after)

    def trace(self, signal: str) -> Trace:
        """Tell why the turn went as it did; to be called after `close`."""
        return Trace(
            signal=signal,
            matched=self.matched,
            before=_place(self.conversation.runs),
            after=_place(self.runs),
            score=self.score,
            path=tuple(self.path),
            effects=tuple(map(_name, self.effects)),
            note=self.note,
        )

    def send(
        self,
        content: Outbound,
        *,
        origin: Origin | None = None,
        question: bool = False,
        closed: Closed | None = None,
        watch: Watch | None = None,
    ) -> SendMessage:
        """Return the message as an effect; where a free-form one meets a closed window, as its plan says.

        Args:
            content: What to say.
            origin: Who speaks; None is whose words the turn's messages are.
            question: Whether it asks something that a later turn's question replaces.
            closed: Its plan; None is the line's.
            watch: What of it shall be told to its run.
        """
        plan = closed or self.book.closed
        message = SendMessage(content, self.number, origin or self.origin, question, closed=plan)
        message.watch = watch
        contact = self.contact
        if contact.opted_out_at is not None or contact.marketing_stopped_at is not None:
            message.met = unwanted(contact, content, message.origin)
            if message.met is not None:
                return message
        if self.is_open or not is_free_form(content):
            return message
        match plan:
            case "hold":
                message.met = "held"
                self.held = True
            case "fail":
                message.met = "failed"
            case _ if plan == self.stood_in:  # it has just gone out: once is enough
                message.met = "held"
                self.held = True
            case _:
                message.content, message.instead_of = plan, content
                self.stood_in = plan
        return message

    @property
    def is_open(self) -> bool:
        """Whether free-form messages may be sent now, with the sender's margin: what it would not send is not said."""
        length = self.book.capabilities.window
        margin = self.now + limits.WINDOW_MARGIN
        return window.is_open(self.window_closes_at, margin, length=length)

    def release(self) -> None:
        """Let what was held leave, if the window is open again."""
        if self.held and self.is_open:
            self.held = False
            self.effects.append(ReleaseHeld(self.now - self.book.hold_ttl))

    def _messages(self) -> list[SendMessage]:
        asked = self.asked
        own = None if asked is None else asked.question.plan
        shares = asked is None or not self.said or self.is_open
        if shares and own is None and not any(isinstance(one, Planned) for one in self.said):
            return self._composed(self.said, asked, (self.book.closed, None))
        plan = self._whole(own)
        if shares and all(self._plan_of(one) == plan for one in self.said):
            return self._composed(self.said, asked, plan)
        parts = self._parts()
        messages: list[SendMessage] = []
        for index, (each, said) in enumerate(parts, start=1):
            if index == len(parts) and each == plan and self._share(plan):
                return [*messages, *self._composed(said, asked, each)]
            messages += self._composed(said, None, each)
        return messages if asked is None else [*messages, *self._composed([], asked, plan)]

    def _whole(self, plan: Plan | None) -> Whole:
        closed, watch = plan or (None, None)
        return closed or self.book.closed, watch

    def _plan_of(self, said: Speech) -> Whole:
        return self._whole(plan_of(said))

    def _share(self, plan: Whole) -> bool:
        """Tell whether the question may stand below what is said: what was not seen can then be asked again alone."""
        return self.is_open or (isinstance(plan[0], Template) and plan[0] != self.stood_in)

    def _parts(self) -> list[tuple[Whole, list[Speech]]]:
        """Return what is said by its plan, in order; deeds first, which stand between no two texts."""
        deeds: list[Speech] = [one for one in self.said if one.kind in DEEDS]
        talk = [one for one in self.said if one.kind not in DEEDS]
        parts = [(plan, list(said)) for plan, said in groupby(talk, self._plan_of)]
        return [(self._whole(None), deeds), *parts] if deeds else parts

    def _composed(
        self, said: Sequence[Speech], asked: Asked | None, plan: Whole
    ) -> list[SendMessage]:
        """Return messages of one plan: texts that follow each other share a bubble."""
        contents = [content_of(one) for one in said]
        messages, questions = compose(contents, asked, self.book.capabilities)
        told = len(messages) - questions
        closed, watch = plan
        sent = [
            self.send(content, question=index >= told, closed=closed, watch=watch)
            for index, content in enumerate(messages)
        ]
        if watch is not None and watch.until is not None:
            for message in sent[:-1]:  # the last to leave is the one to wait for
                message.watch = watch.model_copy(update={"until": None})
        if asked is not None and sent and _was_not_seen(sent[-1], asked):
            self.unseen = self.number
        return sent

    def _timers(self) -> tuple[list[CancelTimers], list[StartTimer]]:
        """Return what ends timers that count no more, and the timer of an expiry that begins to count.

        An expiry has one timer a run, not one a message: when it fires, the step looks when the contact last wrote.
        """
        before = self.conversation
        stale: list[CancelTimers] = []
        new: list[StartTimer] = []
        if before.busy is not None and before.busy is not self.busy:
            stale.append(CancelTimers(run=before.busy.run, purpose="step_timeout"))
        if self.book.has_timed:
            ended, begun = question_timers(before, self.mode, self.runs)
            stale, new = stale + ended, new + begun
        if self.scheduled != before.scheduled:
            ended, begun = scheduled_timers(self.scheduled)
            stale, new = stale + ended, new + begun
        if not self.book.has_expiring:
            return stale, new
        counted = expiring(self.book, before.mode, before.runs)
        counts = expiring(self.book, self.mode, self.runs)
        if (counted and counted[0].id) == (counts and counts[0].id):
            return stale, new
        if counted is not None:
            stale.append(CancelTimers(run=counted[0].id, purpose="run_expires"))
        if counts is not None:
            new.append(expiry_timer(*counts, since=self.now))
        return stale, new


def messages_of(
    conversation: Conversation, speech: Speech, now: datetime, book: Book
) -> list[SendMessage]:
    """Return what a flow says beside its turns as messages, in parts, each with what the window makes of it."""
    turn = Turn.of(conversation, now, book)
    parts = parts_of(content_of(speech), book.capabilities)
    closed, watch = plan_of(speech) or (None, None)
    return [turn.send(part, origin="flow", closed=closed, watch=watch) for part in parts]


def expiring(book: Book, mode: Mode, runs: Sequence[Run]) -> tuple[Run, timedelta] | None:
    """Return the run whose expiry counts, with its length: the topmost that has one; none but while the bot talks."""
    if mode != "bot":
        return None
    for run in reversed(runs):
        script = book.scripts.get(run.flow)
        if script is not None and script.expires is not None:
            return run, script.expires
    return None


def expiry_timer(run: Run, expires: timedelta, *, since: datetime) -> StartTimer:
    """Return the timer that ends the talk, counted from `since`."""
    return StartTimer(purpose="run_expires", due_at=since + expires, run=run.id, visit=run.visit)


def _was_not_seen(message: SendMessage, asked: Asked) -> bool:
    """Tell whether the message that asks met a closed window, so that nobody knows what was asked."""
    return message.met is not None or (message.instead_of is not None and not asked.question.told)


def _place(runs: Sequence[Run]) -> str | None:
    return f"{runs[-1].flow}.{runs[-1].step}" if runs else None


def _name(effect: Effect) -> str:
    """Return the effect in a word or two, for the trace."""
    match effect:
        case SendMessage():
            return f"send {effect.content.kind}" + (f" {effect.met}" if effect.met else "")
        case StartTimer() | CancelTimers():
            return f"{effect.kind} {effect.purpose}"
        case HandOff():
            return f"hand_off {effect.reason}"
        case RecordConsent():
            return f"{effect.kind} {effect.change}"
        case RunStep() | CancelUnsent() | ReleaseHeld():
            return effect.kind
        case _:
            assert_never(effect)


NO_VISIT = VisitId(0)
"""The visit of a run that has not begun."""

NEW_RUN = Run(id=RunId(0), flow="", step="", visit=NO_VISIT)
"""What every new run is copied from: a copy costs half of a run with pydantic's defaults."""
