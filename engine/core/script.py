"""What the step needs of a compiled flow: its visits as data, the flow itself behind a Protocol.

The flow layer implements `Script`; the core never sees a flow class. Everything here is plain and synchronous.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from engine.core.capabilities import Capabilities
from engine.core.closed import Speech
from engine.core.content import Inbound
from engine.core.conversation import Contact, OfferedOption, Run
from engine.core.hours import Hours, Times
from engine.core.known import Understand
from engine.core.language import Language
from engine.core.languages import ENGLISH
from engine.core.question import Question
from engine.core.scheduled import Saying
from engine.core.signals import StepReturned
from engine.core.teams import EVERYBODY, Teams
from engine.core.value import Json
from engine.core.watch import Reached


class Scene(NamedTuple):
    """What a flow may know while it talks."""

    contact: Contact
    capabilities: Capabilities
    now: datetime
    visits: int
    """Visits counted so far in the conversation; the flow layer counts on from here."""
    budget: int
    """Steps it may still visit in this turn."""
    language: Language = ENGLISH
    """What the contact is spoken to in."""
    understand: Understand | None = None
    """What is known beside the flows, such as a FAQ."""
    hours: Hours | None = None
    """The line's clock; None is the contact's own zone, and never quiet."""
    teams: Teams = EVERYBODY
    """Who chats are handed to, and when these answer."""


@dataclass(frozen=True, slots=True)
class Asks:
    """The visit stops at a question."""

    question: Question


class Performs(NamedTuple):
    """The visit stops at a code step, which runs outside the turn."""

    step: str
    timeout: timedelta


class HandsOff(NamedTuple):
    """The visit stops at a person."""

    team: str | None
    reason: str
    then: str | None
    """Where the run goes on after the release; None ends it."""
    outside: str | None = None
    """What was said outside the team's hours, with `{opens}` where it tells when they begin; None says nothing of its
    own: the engine does."""
    unclaimed: str | None = None
    """What is said when nobody has claimed the chat in time; None is the engine's words."""
    unclaimed_after: timedelta | None = None
    """Within what time; None is the team's."""


class Awaits(NamedTuple):
    """The visit stops until what it said last has reached the contact."""

    status: Reached


@dataclass(frozen=True, slots=True)
class Calls:
    """The visit calls another flow and goes on at `then` when that ends."""

    flow: str
    then: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The visit leaves for another flow; this run ends and nothing returns."""

    flow: str


@dataclass(frozen=True, slots=True)
class Ends:
    """The visit ended the run."""


Pause = Asks | Performs | HandsOff | Awaits | Calls | Changes | Ends


class Visit(NamedTuple):
    """How far a run came: what it said on the way, where it stopped, what it is now."""

    run: Run
    said: tuple[Saying, ...]
    pause: Pause
    path: tuple[str, ...]
    """The steps visited, in order; for the trace."""
    visits: int
    """The conversation's count of visits afterwards."""


class Answer(NamedTuple):
    """What a message means to the open question."""

    value: Json
    shown: str | None = None
    """What the contact saw, where it differs from the value."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """The message may be one of several answers: the contact is asked which."""

    answers: tuple[Answer, ...]
    """Two or more, the likeliest first; each with `shown`, the title of its button."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The message is no answer to the open question."""

    expected: str
    """In the contact's words: "a number from 1 to 20"."""


class Script(Protocol):
    """One compiled flow. Every method is pure: same arguments, same result.

    The core owns a run's `id`, `flow`, `began`, `asked`, `offers`, `retries`, `kept` and `then`; the flow layer reads
    them, keeps them, renames steps in them only in `restore`, and drops the offers of answers that code forgot. It owns
    the rest: `step`, `visit`, `answers`, `shown`, `aside`, `returning`.
    """

    @property
    def name(self) -> str:
        """What `to["name"]`, option ids and stored runs call it."""

    @property
    def starts_on(self) -> tuple[str, ...]:
        """Words that begin it where no question is open."""

    @property
    def translated_starts(self) -> Mapping[str, tuple[str, ...]]:
        """The same words in other languages, by ISO 639-1."""

    @property
    def start(self) -> bool:
        """Whether it begins when nothing else matches."""

    @property
    def expires(self) -> timedelta | None:
        """How long after the contact's last message a run of it ends by itself."""

    @property
    def moved(self) -> Mapping[str, str]:
        """Steps that are gone, and what took their place."""

    @property
    def watches(self) -> bool:
        """Whether it waits for what becomes of any of its messages."""

    @property
    def timed(self) -> bool:
        """Whether any question of it waits with reminders or an end."""

    def begin(self, run: Run, scene: Scene) -> Visit:
        """Walk a new run (its `step` is empty, its `visit` 0) from the flow's first step."""

    def read(self, run: Run, content: Inbound, scene: Scene) -> Answer | Unsure | NotUnderstood:
        """Read a typed answer, media or a place for the open question, by its type.

        Titles, numbers and words of the offered options are the core's: where only an option can be the answer,
        everything else is NotUnderstood here.
        """

    def accept(self, run: Run, step: str, answer: Answer, scene: Scene) -> Visit:
        """Store the answer to `step` (a new one or a correction) and walk on. `step` has an offer in this run."""

    def go(self, run: Run, target: str, scene: Scene) -> Visit:
        """Move the run to `target` (a step's name, or as the flow layer writes targets) and walk on from there.

        A target that is no longer there (it may come from a stored run or an agent) is the first unanswered field.
        """

    def resume(self, run: Run, target: str, scene: Scene, *, corrected: Collection[str]) -> Visit:
        """Go on at `target` after people had the chat, and corrected the answers named.

        A question before it that these corrections make due is asked first, and the walk then goes on to `target`.
        """

    def go_on(self, run: Run, scene: Scene) -> Visit:
        """Walk on from the step that waited for its message to arrive."""

    def returned(self, run: Run, signal: StepReturned, scene: Scene) -> Visit:
        """Take in what a code step brought back and walk on from its exit; `Visit.said` begins with what it said.

        A signal with an error comes here only if it names an exit as well (the step's `on_error`).
        """

    def ask_again(self, run: Run, scene: Scene) -> Question:
        """Ask the open question once more, as a new message."""

    def called(self, run: Run, scene: Scene) -> Mapping[str, tuple[str, ...]]:
        """Return what the contact may call each question of the flow: its name, the titles that lead to it."""

    def further(self, run: Run, scene: Scene) -> Mapping[str, tuple[OfferedOption, ...]]:
        """Return the choices that options of the open question lead to without anything between, by their steps."""

    def retry_text(self, run: Run, reading: NotUnderstood, scene: Scene) -> str:
        """The author's `retry` of the open question, or one made from its type."""

    def joins(self, run: Run) -> timedelta | None:
        """Return within what time of each other the contact's texts are one answer to the open question.

        None: each text is an answer of its own.
        """

    def lost(self, run: Run) -> str | None:
        """Return the target of an open question that was not understood three times; None is a person."""

    def times(
        self, run: Run, scene: Scene, *, since: datetime, closes: datetime | None
    ) -> Times | None:
        """Return when the open question's reminders and its end are due, None where it has none.

        Args:
            run: The run whose question is open.
            scene: As of now: what was due before is due now, or once the quiet hours are over.
            since: When it was asked, or the contact wrote last.
            closes: When the window closes.
        """

    def remind(self, run: Run, place: int, scene: Scene) -> Speech | None:
        """Return the words of the open question's reminder at this place; None asks the question once more."""

    def restore(self, run: Run) -> Run | None:
        """Fit a stored run to today's flow: renamed steps and fields, answers that no longer validate.

        Called before every use of a run: one that fits comes back as the same object. A run whose open question is
        gone comes back with `asked` None and in `step` the place to go on at; offers of gone steps are dropped.
        None: only a fresh start makes sense.
        """
