"""One turn while it is being made: what the conversation becomes, what is said, what shall happen.

The only value here that changes; it lives within one call of `step()`, and `outcome` closes it into a new conversation.
"""

from datetime import datetime
from typing import NamedTuple

from engine.core import limits, window
from engine.core.book import Book
from engine.core.closed import Closed, Speech
from engine.core.content import Outbound, Template, Text
from engine.core.conversation import (
    Busy,
    Contact,
    Conversation,
    Handoff,
    Mode,
    NextFlow,
    Offer,
    Run,
)
from engine.core.effects import (
    Effect,
    Origin,
    ReleaseHeld,
    RunStep,
    SendMessage,
    StartTimer,
)
from engine.core.ids import ExternalId, RunId, VisitId
from engine.core.language import Language, TextName
from engine.core.options import make_offer
from engine.core.outbox import is_free_form, unwanted
from engine.core.question import Question
from engine.core.scheduled import Scheduled
from engine.core.script import Asks, Ends, Performs, Scene, Visit
from engine.core.trace import Matched
from engine.core.waits import next_wait
from engine.core.watch import Watch
from engine.core.widget import Asked, has_pages


class RunEnded(NamedTuple):
    """A run that is over."""

    run: Run
    """With its answers."""
    is_complete: bool
    """Whether its flow came to an end; else it was cancelled, left or expired."""


class _Becoming:
    """The fields of a conversation, by its own names and with its own meanings; `turn` counts as before the turn."""

    contact: Contact
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
    handoff: Handoff | None
    team: str | None
    assignee: str | None
    resume: str | None
    next_flows: tuple[NextFlow, ...]


class Turn(_Becoming):
    """The conversation as it is becoming, and what is made of it on the way.

    What the conversation holds lies in `__dict__`, as it does there: it is taken over in one copy and given back in
    another. Everything else has a slot. Setting and reading two dozen fields one by one took a tenth of a step; see
    docs/decisions/0023.
    """

    __slots__ = (
        "asked",
        "book",
        "budget",
        "conversation",
        "effects",
        "ended",
        "heard_at",
        "matched",
        "note",
        "now",
        "number",
        "origin",
        "path",
        "said",
        "score",
        "stood_in",
    )

    conversation: Conversation
    """As it was before."""
    now: datetime
    book: Book
    number: int
    """This turn's number; it counts only if more happens than a record."""
    heard_at: datetime | None
    """When the contact wrote the message that is heard; the provider's time, never later than its arrival."""
    budget: int
    """Steps that may still be visited."""
    said: list[Speech]
    asked: Asked | None
    stood_in: Template | None
    """The template that went out in this turn in the place of what met a closed window."""
    origin: Origin
    """Whose words the turn's messages are: the flow's as soon as a flow spoke."""
    effects: list[Effect]
    """What follows the messages."""
    ended: list[RunEnded]
    """The runs that came to their end, in order."""
    matched: Matched
    score: float | None
    path: list[str]
    note: str | None

    def __init__(self, conversation: Conversation, now: datetime, book: Book) -> None:
        """Open a turn on the conversation."""
        self.__dict__ = vars(conversation).copy()
        self.conversation = conversation
        self.now = now
        self.book = book
        self.number = conversation.turn + 1
        self.heard_at = None
        self.budget = limits.STEPS_PER_TURN
        self.said = []
        self.asked = None
        self.stood_in = None
        self.origin = "engine"
        self.effects = []
        self.ended = []
        self.matched = "recorded"
        self.score = None
        self.path = []
        self.note = None

    def close(self, *, counts: bool) -> Conversation:
        """Return what the conversation has become: the very same where nothing that counts has changed.

        Args:
            counts: Whether this was a turn, and no mere record.
        """
        before, after = self.conversation, vars(self).copy()
        after["serial"] = self.book.serial
        if counts:
            after["turn"] = self.number
        elif after == vars(before):
            return before
        after["version"] = before.version + 1
        return Conversation.holding(after)

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
        book = self.book
        return Scene(  # by position: names would take twice as long
            self.contact,
            book.capabilities,
            self.now,
            self.visits,
            self.budget,
            self.language,
            book.understand,
            book.hours,
            book.teams,
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

    def end(self) -> None:
        """End every run, silently."""
        for run in reversed(self.runs):
            self.ended.append(RunEnded(run, is_complete=False))
        self.runs, self.busy, self.resume = (), None, None

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
        speaker = origin or self.origin
        message = SendMessage(content, self.number, speaker, question, None, plan, watch=watch)
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


def scene_of(conversation: Conversation, now: datetime, book: Book) -> Scene:
    """Return what a flow may know of a conversation as it stands."""
    return Turn(conversation, now, book).scene


NO_VISIT = VisitId(0)
"""The visit of a run that has not begun."""

NEW_RUN = Run(id=RunId(0), flow="", step="", visit=NO_VISIT)
"""What every new run is copied from: a copy costs half of a run with pydantic's defaults."""
