"""What the step needs of a compiled flow: questions and visits as data, the flow itself behind a Protocol.

The flow layer implements `Script`; the core never sees a flow class. Everything here is plain and synchronous.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Literal, NamedTuple, Protocol

from engine.core import limits
from engine.core.capabilities import Capabilities
from engine.core.closed import Closed, Speech
from engine.core.content import Inbound, Outbound
from engine.core.conversation import Contact, OfferedOption, Run
from engine.core.language import Language, Languages
from engine.core.languages import ENGLISH, IN_ENGLISH
from engine.core.lengths import utf16_length
from engine.core.signals import StepReturned
from engine.core.value import Json
from engine.core.wording import bared
from engine.core.words import fold


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
    understand: "Understand | None" = None
    """What is known beside the flows, such as a FAQ."""


class ShownOption(NamedTuple):
    """An option with what only the widget needs."""

    offered: OfferedOption
    description: str | None = None


class Options(tuple[ShownOption, ...]):
    """What a question offers, and what the widget has to know of it, measured once: most options never change.

    Lengths count UTF-16 units; where there are no options they are 0.
    """

    @cached_property
    def offered(self) -> tuple[OfferedOption, ...]:
        """The options as an offer stores them."""
        return tuple(option.offered for option in self)

    @cached_property
    def longest_key(self) -> int:
        """The length of the longest key, in bytes."""
        return max((len(option.key.encode()) for option in self.offered), default=0)

    @cached_property
    def longest_title(self) -> int:
        """The length of the longest title."""
        return max((utf16_length(option.title) for option in self.offered), default=0)

    @cached_property
    def longest_description(self) -> int:
        """The length of the longest description."""
        return max((utf16_length(option.description or "") for option in self), default=0)

    @cached_property
    def described(self) -> bool:
        """Whether any of them has a description."""
        return any(option.description is not None for option in self)

    @cached_property
    def distinct(self) -> bool:
        """Whether the titles can stand on their own: none empty, no two the same."""
        titles = {option.title for option in self.offered}
        return len(titles) == len(self) and "" not in titles

    @cached_property
    def alike(self) -> bool:
        """Whether two titles look the same to people, so that only numbers tell the options apart."""
        return have_equal_titles(self.offered)


def have_equal_titles(options: Iterable[OfferedOption]) -> bool:
    """Tell whether two options look the same, so that only numbers tell them apart."""
    titles = [option.title.casefold().strip() for option in options]
    return len(set(titles)) < len(titles)


NO_OPTIONS = Options()


class Question(NamedTuple):
    """What a step asks, before a widget is chosen for the line."""

    step: str
    text: str
    options: Options = NO_OPTIONS
    label: str | None = None
    """The words on the button that opens a list; None is the engine's own."""
    wants_location: bool = False
    numbered: bool = False
    """Set where titles are equal and only numbers tell the options apart."""
    closed: Closed | None = None
    """What becomes of it when the window is closed; None is as the line says."""
    told: bool = False
    """Whether the template of its plan asks the same, so that the next message may be its answer."""


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


Pause = Asks | Performs | HandsOff | Calls | Changes | Ends


class Visit(NamedTuple):
    """How far a run came: what it said on the way, where it stopped, what it is now."""

    run: Run
    said: tuple[Speech, ...]
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


class FollowUp(NamedTuple):
    """What may be asked or begun after an answer, as a button."""

    kind: Literal["faq", "flow"]
    name: str
    """The entry's, or the flow's."""
    title: str
    """At most 20 UTF-16 units."""


class Known(NamedTuple):
    """The answer to a question that people ask in their own words."""

    name: str
    """The entry's, the same in every language."""
    title: str
    """The question in short, at most 20 UTF-16 units."""
    says: tuple[Outbound, ...]
    follow_ups: tuple[FollowUp, ...] = ()


class Finding(NamedTuple):
    """What a text seems to ask."""

    entries: tuple[Known, ...]
    """The nearest first; one or two."""
    is_sure: bool
    """Whether the first is the answer; else the contact is asked which was meant, or whether any."""
    language: str | None = None
    """ISO 639-1 of the language it was asked in, where that is not the one the contact is spoken to in."""


class Understand(Protocol):
    """Finds the answers to questions in people's own words.

    Ours compares words (engine/flow/faq.py); a model could stand here, as long as it is pure and answers within some
    milliseconds: a slow one is better asked by an async step of a flow.
    """

    def find(self, text: str, language: str) -> Finding | None:
        """Return what a text asks, None where nothing is near."""

    def get(self, name: str, language: str) -> Known | None:
        """Return an entry by its name, None if it is gone."""

    def topics(self, language: str) -> tuple[Known, ...]:
        """Return every entry, as a menu would offer them."""


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

    def restore(self, run: Run) -> Run | None:
        """Fit a stored run to today's flow: renamed steps and fields, answers that no longer validate.

        Called before every use of a run: one that fits comes back as the same object. A run whose open question is
        gone comes back with `asked` None and in `step` the place to go on at; offers of gone steps are dropped.
        None: only a fresh start makes sense.
        """


@dataclass(frozen=True)
class Book:
    """All that `step()` needs to know beside the conversation: the flows and the line they talk on."""

    scripts: Mapping[str, Script]
    capabilities: Capabilities
    start: str | None
    """The flow that begins when nothing else matches on this line."""
    serial: int = 0
    """The published flows' serial."""
    languages: Languages = IN_ENGLISH
    """What the line talks and understands."""
    understand: Understand | None = None
    """What is known beside the flows, such as a FAQ."""
    closed: Closed = "hold"
    """What becomes of a message that meets a closed window, where neither it nor its flow says so."""
    hold_ttl: timedelta = limits.HOLD_TTL
    """What was held for longer is dropped when the contact writes again."""

    @cached_property
    def has_expiring(self) -> bool:
        """Whether any flow's runs end by themselves."""
        return any(script.expires is not None for script in self.scripts.values())

    @cached_property
    def starts_on(self) -> Mapping[str, str]:
        """The words that flows begin on, folded -> the flow; the first flow that names a word has it."""
        starts: dict[str, str] = {}
        for name, script in self.scripts.items():
            for word in (*script.starts_on, *chain(*script.translated_starts.values())):
                starts.setdefault(fold(word), name)
        return starts

    def flow_within(self, wish: str) -> str | None:
        """Return the flow that a wish names, by one of its words or by several: "order pizza".

        Args:
            wish: What was said, without the words around a choice.
        """
        flow = self._bare_starts.get(wish)
        if flow is not None or not wish:
            return flow
        flows = {self._bare_starts.get(word) for word in wish.split()}
        return flows.pop() if len(flows) == 1 else None

    def language_within(self, wish: str) -> str | None:
        """Return ISO 639-1 of the language whose words name a flow in a wish, where no other has them."""
        codes = {self._bare_codes.get(said) for said in (wish, *wish.split())} - {None, ""}
        return codes.pop() if len(codes) == 1 else None

    @cached_property
    def _bare_starts(self) -> Mapping[str, str]:
        return bared(self.starts_on.items(), self.languages.wording)

    @cached_property
    def _bare_codes(self) -> Mapping[str, str]:
        """The words that flows begin on, bare -> the one language that has them; empty for the author's own."""
        scripts = self.scripts.values()
        own = ((fold(word), "") for script in scripts for word in script.starts_on)
        others = (
            (fold(word), code)
            for script in scripts
            for code, words in script.translated_starts.items()
            for word in words
        )
        return bared(chain(own, others), self.languages.wording)

    @cached_property
    def starts_in(self) -> Mapping[str, str]:
        """The words that flows begin on in one language alone, folded -> ISO 639-1."""
        own = {fold(word) for script in self.scripts.values() for word in script.starts_on}
        languages: dict[str, set[str]] = {}
        for script in self.scripts.values():
            for code, words in script.translated_starts.items():
                for word in words:
                    languages.setdefault(fold(word), set()).add(code)
        return {
            word: next(iter(codes))
            for word, codes in languages.items()
            if len(codes) == 1 and word not in own
        }


Matched = Literal[
    "tap",
    "title",
    "number",
    "emoji",
    "synonym",
    "word",
    "typed",
    "kept",
    "unsure",
    "fuzzy",
    "starts_on",
    "start",
    "faq",
    "changed",
    "old_tap",
    "retry",
    "returned",
    "timer",
    "agent",
    "requested",
    "reopened",
    "quiet",
    "no_flow",
    "recorded",
    "deferred",
]
"""How a signal found its meaning."""


NOT_UNDERSTOOD = "expected "
"""How a trace's note begins where the open question was not understood."""

NOTHING_NEAR = "nothing known is near"
"""A trace's note where no question was open and neither a flow nor the FAQ knew what was said."""


@dataclass(slots=True)
class Trace:
    """Why a turn went as it did; kept with the turn and printed by `parley show`.

    Not frozen, though nobody changes one: every turn makes one, and freezing would make it three times as dear.
    """

    signal: str
    matched: Matched
    before: str | None = None
    """Flow and step before, as `order.size`."""
    after: str | None = None
    score: float | None = None
    """The similarity of a fuzzy match, 0-100."""
    path: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    note: str | None = field(default=None)
    """What went wrong or was passed over, in words."""
