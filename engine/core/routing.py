"""What a message means, by the order of DESIGN's rule 3; nothing is changed here, the step acts on it.

A tap's own message first; then the open question's title, number, emoji or synonym; words that work anywhere; the typed
answer; a title with a typing error; a flow's own words; the start flow; not understood.
"""

from dataclasses import dataclass
from typing import NamedTuple

from engine.core import limits
from engine.core.content import (
    ButtonReply,
    Inbound,
    ListReply,
    TemplateButton,
    Text,
    Welcome,
)
from engine.core.conversation import Offer, OfferedOption, Run
from engine.core.matching import Match, match_exact, match_fuzzy, match_number, number_in
from engine.core.options import ENGINE, OptionId, find_option, page_of, parse_option_id
from engine.core.script import Answer, Book, Matched, NotUnderstood
from engine.core.stack import start_flow, top
from engine.core.turn import Turn
from engine.core.widget import page_end
from engine.core.words import MORE, WORDS, Word, fold, needs_no_answer


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option of the open question."""

    match: Match


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer to the open question, read by its type."""

    answer: Answer


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


class Starts(NamedTuple):
    """A flow begins: one the contact named, or the start flow."""

    flow: str
    how: Matched
    anew: bool = False
    """The contact tapped to start it again: whatever else was going on ends."""


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
    | Changed
    | Repeated
    | PageTurned
    | Said
    | Starts
    | EndedTap
    | UnknownTap
    | Misread
    | Unasked
    | Quiet
    | NoFlow
)


def understand(turn: Turn, content: Inbound) -> Meaning:
    """Return what the message means; the top run, if there is one, stands at an open question of today's flow."""
    match content:
        case ButtonReply(id=id_, title=title) | ListReply(id=id_, title=title):
            return _tap(turn, parse_option_id(id_), title)
        case TemplateButton(payload=payload, title=title):
            option = parse_option_id(payload)
            return _text(turn, title) if option is None else _tap(turn, option, title)
        case Text(body=body):
            return _text(turn, body)
        case Welcome():
            flow = None if turn.runs else start_flow(turn.book)
            return Quiet() if flow is None else Starts(flow, "start")
        case _:
            return _unasked(turn, content)


# --- texts -----------------------------------------------------------------------------------------


def _text(turn: Turn, body: str) -> Meaning:
    if turn.runs:
        return _text_to_question(turn, body)
    again = match_exact(turn.again, body) if turn.again is not None else None
    if again is not None:
        return Starts(again.option.key, again.how, anew=True)
    said = fold(body)
    word = WORDS.get(said)
    if word is not None and word not in _WORDS_OF_A_RUN:
        return Said(word)
    flow = turn.book.starts_on.get(said)
    if flow is not None:
        return Starts(flow, "starts_on")
    if _has_just_ended(turn) and needs_no_answer(body):
        return Quiet()
    return _start(turn.book)


_WORDS_OF_A_RUN = ("back", "cancel")
"""These mean nothing special where nothing is going on."""


def _text_to_question(turn: Turn, body: str) -> Meaning:
    script, run = top(turn)
    offer = open_offer(run)
    match = match_exact(offer, body)
    if match is not None:
        return Chosen(match)
    number = number_in(body)
    if number is not None and (meant := _number(turn, body, number)) is not None:
        return meant
    said = fold(body)
    if offer.options and said in MORE and _has_more(turn, offer):
        return PageTurned(page_end(offer, turn.book.capabilities), "word")
    word = WORDS.get(said)
    if word is not None:
        return Said(word)
    reading = script.read(run, Text(body=body), turn.scene)
    if isinstance(reading, Answer):
        return Typed(reading)
    match = match_fuzzy(offer, body)
    if match is not None:
        return Chosen(match)
    flow = turn.book.starts_on.get(said)
    if flow is not None and all(run.flow != flow for run in turn.runs):
        return Starts(flow, "starts_on")
    return Misread(reading)


def _number(turn: Turn, body: str, number: int) -> Meaning | None:
    """A number is the typed value where the question can take one, else an option's place."""
    script, run = top(turn)
    reading = script.read(run, Text(body=body), turn.scene)
    if isinstance(reading, Answer):
        return Typed(reading)
    match = match_number(open_offer(run), number)
    return Chosen(match) if match is not None else None


def _has_more(turn: Turn, offer: Offer) -> bool:
    return page_end(offer, turn.book.capabilities) < len(offer.options)


def open_offer(run: Run) -> Offer:
    """Return the offer of the open question."""
    assert run.asked is not None, "regain() leaves no run without an open question"
    return run.offers[run.asked]


# --- taps ------------------------------------------------------------------------------------------


def _tap(turn: Turn, option: OptionId | None, title: str) -> Meaning:
    """A tap is resolved by its option id, else by title on the open question; never by title on an older one."""
    if option is None:
        return _tap_by_title(turn, title)
    if option.flow == ENGINE:
        known = option.key in turn.book.scripts
        return Starts(option.key, "old_tap", anew=True) if known else UnknownTap()
    if option.turn > turn.conversation.turn:
        return UnknownTap()
    for depth in range(len(turn.runs), 0, -1):
        run = turn.runs[depth - 1]
        if run.flow == option.flow and option.turn >= run.began:
            offer = _offer_of(run, option)
            return _tap_on(turn, depth, offer, option.key) if offer else UnknownTap()
    return EndedTap(option.flow) if option.flow in turn.book.scripts else UnknownTap()


def _tap_by_title(turn: Turn, title: str) -> Meaning:
    run = turn.run
    if run is not None:
        match = match_exact(open_offer(run), title)
        return Chosen(Match(match.option, "tap")) if match is not None else UnknownTap()
    if turn.again is not None and match_exact(turn.again, title) is not None:
        return Starts(turn.again.options[0].key, "tap", anew=True)
    return UnknownTap()


def _offer_of(run: Run, option: OptionId) -> Offer | None:
    """Return the offer of this run that the tap belongs to.

    A turn asks one question: where today's flow calls the step by another name, the turn's number still finds it.
    """
    offer = run.offers.get(option.step)
    if offer is not None:
        return offer
    return next((offer for offer in run.offers.values() if offer.turn == option.turn), None)


def _tap_on(turn: Turn, depth: int, offer: Offer, key: str) -> Meaning:
    run = turn.runs[depth - 1]
    is_open = depth == len(turn.runs) and offer.step == run.asked
    first = page_of(key)
    if is_open and first is not None:
        return PageTurned(first, "tap")
    option = find_option(offer, key)
    if option is None:
        return UnknownTap()
    if is_open:
        return Chosen(Match(option, "tap"))
    if offer.chosen == key or _has_typed(run, offer, option):
        return Repeated()
    if any(above.answers for above in turn.runs[depth:]):
        return UnknownTap()  # changing it would throw away what was answered since
    return Changed(depth, offer.turn, option)


def _has_typed(run: Run, offer: Offer, option: OfferedOption) -> bool:
    """Tell whether the option's value was given as a typed answer."""
    return (
        offer.chosen is None
        and offer.step in run.answers
        and run.answers[offer.step] == option.value
    )


# --- everything else -------------------------------------------------------------------------------


def _unasked(turn: Turn, content: Inbound) -> Meaning:
    """Media, places, cards and the like: an answer where the question takes one, else one retry a burst."""
    before = turn.conversation.unasked_at
    in_burst = before is not None and turn.now - before <= limits.BURST
    if not turn.runs:
        return Unasked() if in_burst else _start(turn.book)
    script, run = top(turn)
    reading = script.read(run, content, turn.scene)
    if isinstance(reading, Answer):
        return Typed(reading)
    return Unasked() if in_burst else Misread(reading)


def _start(book: Book) -> Starts | NoFlow:
    flow = start_flow(book)
    return NoFlow() if flow is None else Starts(flow, "start")


def _has_just_ended(turn: Turn) -> bool:
    ended_at = turn.conversation.ended_at
    return ended_at is not None and turn.now - ended_at <= limits.THANKS_QUIET
