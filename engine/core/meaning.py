"""What a message may mean; `routing` decides which of these it is, `talk` does what it asks for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from engine.core.conversation import OfferedOption
from engine.core.correction import Correction
from engine.core.known import Finding
from engine.core.language import Language
from engine.core.matching import Match
from engine.core.script import Answer, NotUnderstood
from engine.core.trace import Matched
from engine.core.words import Word


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option of the open question."""

    match: Match


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer to the open question, read by its type."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Kept:
    """One text of an answer that may come in several."""

    body: str
    within: timedelta
    """How long to wait for the next one."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """One of several answers to the open question; the contact is to say which."""

    options: tuple[OfferedOption, ...]
    """Each with the title of its button."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Another option of a question that was answered before."""

    runs: int
    """How many runs stay on the stack; the last of them asked it."""
    turn: int
    """The turn that asked it last: it finds the offer whatever the step is called today."""
    option: OfferedOption


@dataclass(frozen=True, slots=True)
class Repeated:
    """The answer that its question already got."""


@dataclass(frozen=True, slots=True)
class PageTurned:
    """The open question's list from this option on."""

    first: int
    how: Matched


@dataclass(frozen=True, slots=True)
class Said:
    """A word that works anywhere."""

    word: Word
    language: Language
    """The one it was said in."""


@dataclass(frozen=True, slots=True)
class OptsOut:
    """The contact wants no more messages."""

    language: Language
    """The one it was said in."""


class Starts(NamedTuple):
    """A flow begins: one the contact named, or the start flow."""

    flow: str
    how: Matched
    anew: bool = False
    """The contact tapped to start it again: whatever else was going on ends."""
    agreed: bool = False
    """And said so, knowing that the answers are lost."""
    language: str | None = None
    """ISO 639-1 of the language whose word it was, where no other has it."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """An earlier answer, changed in words."""

    correction: Correction


@dataclass(frozen=True, slots=True)
class Reopened:
    """An answered question that is to be put again."""

    runs: int
    """How many runs stay on the stack; the last of them asked it."""
    step: str


@dataclass(frozen=True, slots=True)
class Led:
    """A choice of a question that an option of the open one leads to."""

    step: str
    match: Match


@dataclass(frozen=True, slots=True)
class Speaks:
    """A language that the contact chose."""

    language: Language


@dataclass(frozen=True, slots=True)
class Inquired:
    """A question that the FAQ answers, or one or two that it could be."""

    found: Finding


@dataclass(frozen=True, slots=True)
class Stays:
    """The contact does not want to leave the talk for another one."""

    how: Matched = "tap"


@dataclass(frozen=True, slots=True)
class EndedTap:
    """A tap on a question of a run that is over."""

    flow: str


@dataclass(frozen=True, slots=True)
class UnknownTap:
    """A tap on something that cannot be told apart any more."""


@dataclass(frozen=True, slots=True)
class Misread:
    """No answer to the open question."""

    reading: NotUnderstood


@dataclass(frozen=True, slots=True)
class Unasked:
    """One more of a burst of photos and the like; the first got its retry."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing to answer, such as a thanks after the end."""


@dataclass(frozen=True, slots=True)
class NoFlow:
    """No question is open and no flow begins."""


Meaning = (
    Chosen
    | Typed
    | Kept
    | Doubted
    | Changed
    | Repeated
    | PageTurned
    | Said
    | OptsOut
    | Starts
    | Corrected
    | Reopened
    | Led
    | Speaks
    | Inquired
    | Stays
    | EndedTap
    | UnknownTap
    | Misread
    | Unasked
    | Quiet
    | NoFlow
)
