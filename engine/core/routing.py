"""What a message means, by the order of rule 3 in docs/rules.md; nothing is changed here, the step acts on it.

A tap's own message first; then the open question's title, number, emoji or synonym; words that work anywhere; the typed
answer; a title with a typing error; a flow's own words; the start flow; not understood.
"""

from datetime import timedelta

from engine.core import limits
from engine.core.book import Book
from engine.core.choosing import LONGEST, Place, match_words, options_at, place_in
from engine.core.consent import stopped_in
from engine.core.content import (
    ButtonReply,
    Inbound,
    ListReply,
    TemplateButton,
    Text,
    Welcome,
)
from engine.core.conversation import Offer, OfferedOption, Run
from engine.core.correction import find_correction
from engine.core.known import Finding
from engine.core.matching import Match, match_exact, match_fuzzy
from engine.core.meaning import (
    Changed,
    Chosen,
    Corrected,
    Doubted,
    EndedTap,
    Inquired,
    Kept,
    Meaning,
    Misread,
    NoFlow,
    OptsOut,
    PageTurned,
    Quiet,
    Repeated,
    Said,
    Speaks,
    Starts,
    Stays,
    Typed,
    Unasked,
    UnknownTap,
)
from engine.core.options import (
    ENGINE,
    OptionId,
    find_option,
    page_of,
    parse_engine_key,
    parse_option_id,
)
from engine.core.question import have_equal_titles
from engine.core.reopening import find_led, find_reopened
from engine.core.script import Answer, NotUnderstood, Unsure
from engine.core.stack import above, start_flow, top
from engine.core.trace import Matched
from engine.core.turn import Turn
from engine.core.widget import page_end
from engine.core.words import fold, is_emoji


def understand(turn: Turn, content: Inbound) -> Meaning:
    """Return what the message means; the top run, if there is one, stands at an open question of today's flow."""
    match content:
        case ButtonReply(id=id_, title=title) | ListReply(id=id_, title=title):
            option = parse_option_id(id_)
            return _own_button(turn, id_, title) if option is None else _tap(turn, option)
        case TemplateButton(payload=payload, title=title):
            option = parse_option_id(payload)
            return understand_text(turn, title) if option is None else _tap(turn, option)
        case Text(body=body):
            meaning = understand_text(turn, body)
            within = _waits_for_more(turn, meaning)
            return meaning if within is None else Kept(body, within)
        case Welcome():
            flow = None if turn.runs else start_flow(turn.book)
            return Quiet() if flow is None else Starts(flow, "start")
        case _:
            return _unasked(turn, content)


# --- texts -----------------------------------------------------------------------------------------


def understand_text(turn: Turn, body: str) -> Meaning:
    """Return what a text means that is all the contact has to say."""
    if turn.runs:
        return _text_to_question(turn, body)
    own = _own_option(turn, body)
    if own is not None:
        return own
    said = fold(body)
    language = stopped_in(turn, said)
    if language is not None:
        return OptsOut(language)
    word = _word(turn, said)
    if word is not None and word.word not in _WORDS_OF_A_RUN:
        return word
    flow = turn.book.starts_on.get(said)
    if flow is not None:
        return Starts(flow, "starts_on", language=turn.book.starts_in.get(said))
    if _has_just_ended(turn) and (turn.book.languages.ends(said) or is_emoji(body)):
        return Quiet()
    return _wish(turn, body) or _from_faq(turn, body) or _start(turn.book)


def _waits_for_more(turn: Turn, meaning: Meaning) -> timedelta | None:
    """Return how long to wait for the rest of the answer; None where the text means something by itself."""
    if not isinstance(meaning, (Typed, Misread)):
        return None
    script, run = top(turn)
    return script.joins(run)


_WORDS_OF_A_RUN = ("back", "cancel")
"""These mean nothing special where nothing is going on."""


def _text_to_question(turn: Turn, body: str) -> Meaning:
    script, run = top(turn)
    offer = open_offer(run)
    if turn.again is not None and _is_newest(turn, turn.again):
        own = _own_option(turn, body)
        if own is not None:
            return own
    match = match_exact(offer, body)
    if match is not None:
        return Chosen(match)
    place = place_in(body, turn.book.languages.wording)
    if place is not None and (meant := _number(turn, body, place)) is not None:
        return meant
    said = fold(body)
    end = page_end(offer, turn.book.capabilities)
    if end < len(offer.options) and turn.book.languages.turns_page(said):
        return PageTurned(end, "word")
    language = stopped_in(turn, said)
    if language is not None:
        return OptsOut(language)
    word = _word(turn, said)
    if word is not None:
        return word
    correction = find_correction(turn, body)
    if correction is not None and correction.named:
        return Corrected(correction)  # before free text, which would take these words as its answer
    reopened = None if correction is not None else find_reopened(turn, body)
    if reopened is not None:
        return reopened
    reading = script.read(run, Text(body=body), turn.scene)
    if not isinstance(reading, NotUnderstood):
        return _read(reading)
    match = match_fuzzy(offer, body)
    if match is not None:
        return Chosen(match)
    flow = turn.book.starts_on.get(said)
    if flow is not None and _may_begin(turn, flow):
        return Starts(flow, "starts_on", language=turn.book.starts_in.get(said))
    meant = _in_words(turn, offer, body)
    if meant is not None:
        return meant
    if correction is not None:
        return Corrected(correction)
    meant = find_led(turn, body) or _wish(turn, body)
    if meant is None and turn.book.languages.ends(said):
        return Stays("word")  # a thanks is no answer, and nothing to be misunderstood either
    return meant or _from_faq(turn, body) or Misread(reading)


def _wish(turn: Turn, body: str) -> Meaning | None:
    """Return the word or the flow that a wish names: "can I talk to a human?", "I want to order a pizza".

    Naming the flow that talks asks its question again.
    """
    wish = turn.book.languages.wording.bare(fold(body)) if len(body) <= LONGEST else ""
    word = turn.book.languages.word_within(turn.contact.locale, wish)
    if word is not None and (turn.runs or word[0] not in _WORDS_OF_A_RUN):
        return Said(*word)
    flow = turn.book.flow_within(wish)
    if flow is None:
        return None
    if _may_begin(turn, flow):
        return Starts(flow, "starts_on", language=turn.book.language_within(wish))
    return Stays("starts_on") if turn.runs[-1].flow == flow else None


def _may_begin(turn: Turn, flow: str) -> bool:
    """Tell whether naming a flow leads to it: a new one, or one that waits below runs without answers."""
    if all(run.flow != flow for run in turn.runs):
        return True
    return turn.runs[-1].flow != flow and not any(run.answers for run in above(turn, flow))


def _word(turn: Turn, said: str) -> Said | None:
    found = turn.book.languages.word(turn.contact.locale, said)
    return None if found is None else Said(*found)


def _own_option(turn: Turn, body: str) -> Meaning | None:
    """Return what a text means to the engine's own open question, by title, or by number where it is the newest one."""
    if turn.again is None:
        return None
    match = match_exact(turn.again, body)
    if match is not None:
        return _own(turn, match.option.key, match.how)
    return _own_number(turn, turn.again, body) if _is_newest(turn, turn.again) else None


def _own_number(turn: Turn, again: Offer, body: str) -> Meaning | None:
    wording = turn.book.languages.wording
    place = place_in(body, wording)
    options = () if place is None else options_at(again, place, len(again.options), wording)
    return _own(turn, options[0].key, "number") if len(options) == 1 else None


def _is_newest(turn: Turn, again: Offer) -> bool:
    """Tell whether the engine's own question is the last thing that was asked."""
    return again.turn == turn.conversation.turn


def _from_faq(turn: Turn, body: str) -> Inquired | None:
    understand = turn.book.understand
    found = None if understand is None else understand.find(body, turn.language.code)
    return None if found is None else Inquired(found)


def _number(turn: Turn, body: str, place: Place) -> Meaning | None:
    """A number, or a place in words, is the typed value where the question can take one, else an option's place."""
    script, run = top(turn)
    offer = open_offer(run)
    options = _at(turn, offer, place)
    if options and _shows_numbers(turn) and offer.options[0].key.startswith(_READING):
        return Chosen(Match(options[0], "number"))  # it was just asked for: which reading was meant
    reading = script.read(run, Text(body=body), turn.scene)
    if not isinstance(reading, NotUnderstood):
        return _read(reading)
    if len(options) > 1:
        return Doubted(options)
    return Chosen(Match(options[0], "number")) if options else None


def _at(turn: Turn, offer: Offer, place: Place) -> tuple[OfferedOption, ...]:
    end = page_end(offer, turn.book.capabilities)
    wording = None if _shows_numbers(turn) else turn.book.languages.wording
    return options_at(offer, place, end, wording)


def _shows_numbers(turn: Turn) -> bool:
    """Tell whether the line shows options as numbered text alone: there a number is the one that was shown."""
    return turn.book.capabilities.kinds.isdisjoint(("buttons", "list"))


def _in_words(turn: Turn, offer: Offer, body: str) -> Meaning | None:
    """Return the option that a text names by a part of its title, or those that it may mean."""
    meant = match_words(offer, body, turn.book.languages.wording)
    if isinstance(meant, Match):
        return Chosen(meant)
    # A word of many titles tells them apart as little as none; titles that look the same only numbers tell apart.
    few = 1 < len(meant) <= limits.NEAR_OPTIONS
    return Doubted(meant) if few and not have_equal_titles(meant) else None


_READING = "?"
"""What the key of a reading begins with: it names the value, so that an old button never means another one."""


def _read(reading: Answer | Unsure) -> Meaning:
    if isinstance(reading, Answer):
        return Typed(reading)
    return Doubted(
        tuple(
            OfferedOption(
                key=f"{_READING}{answer.value}",
                title=answer.shown or str(answer.value),
                value=answer.value,
            )
            for answer in reading.answers
        )
    )


def open_offer(run: Run) -> Offer:
    """Return the offer of the open question."""
    assert run.asked is not None, "regain() leaves no run without an open question"
    return run.offers[run.asked]


# --- taps ------------------------------------------------------------------------------------------


def _tap(turn: Turn, option: OptionId) -> Meaning:
    """A tap on an option is resolved by the option's id."""
    if option.flow == ENGINE:
        is_of_now = all(run.began <= option.turn for run in turn.runs[:1])
        return _own(turn, option.key, "old_tap", is_of_now=is_of_now)
    if option.turn > turn.conversation.turn:
        return UnknownTap()
    for depth in range(len(turn.runs), 0, -1):
        run = turn.runs[depth - 1]
        if run.flow == option.flow and option.turn >= run.began:
            offer = _offer_of(run, option)
            return _tap_on(turn, depth, offer, option.key) if offer else UnknownTap()
    return EndedTap(option.flow) if option.flow in turn.book.scripts else UnknownTap()


def _own_button(turn: Turn, id_: str | None, title: str) -> Meaning:
    """A tap that brings no id of ours: on an option by its title alone, or on a button that the author made.

    An author's button (of a card, say) means the option of the open question that it names by its id, else what its
    title means anywhere. A title alone is never read against an older question, nor a number as an author's id: some
    providers number the buttons themselves.
    """
    by_title = _tap_by_title(turn, title)
    if by_title is not None:
        return by_title
    if id_ is None or id_.isdigit():
        return UnknownTap()
    option = None if turn.run is None else find_option(open_offer(turn.run), id_)
    if option is not None:
        return Chosen(Match(option, "tap"))
    meant = understand_text(turn, title)
    leads = isinstance(meant, (Said, OptsOut)) or (
        isinstance(meant, Starts) and meant.how == "starts_on"
    )
    return meant if leads else UnknownTap()


def _tap_by_title(turn: Turn, title: str) -> Meaning | None:
    if turn.run is not None:
        match = match_exact(open_offer(turn.run), title)
        return None if match is None else Chosen(Match(match.option, "tap"))
    if turn.again is not None and match_exact(turn.again, title) is not None:
        return _own_option(turn, title)
    return None


def _own(turn: Turn, key: str, how: Matched, *, is_of_now: bool = True) -> Meaning:
    """Return what a button of the engine's own means; one of an earlier talk agrees to no loss of this one's."""
    match parse_engine_key(key):
        case "flow", flow if flow in turn.book.scripts:
            return Starts(flow, how, anew=True)
        case "switch", flow if flow in turn.book.scripts:
            return Starts(flow, how, anew=True, agreed=is_of_now)
        case "stay", _:
            return Stays()
        case "leave", _:
            return Said("cancel" if is_of_now else "menu", turn.language)
        case "language", code if code in turn.book.languages.codes:
            return Speaks(turn.book.languages.of(code))
        case "faq", name:
            understand = turn.book.understand
            known = None if understand is None else understand.get(name, turn.language.code)
            return UnknownTap() if known is None else Inquired(Finding((known,), is_sure=True))
        case _:
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
    if not isinstance(reading, NotUnderstood):
        return _read(reading)
    if in_burst or run.kept:
        return Unasked()  # beside texts that are about to be the answer a retry would be wrong
    return Misread(reading)


def _start(book: Book) -> Starts | NoFlow:
    flow = start_flow(book)
    return NoFlow() if flow is None else Starts(flow, "start")


def _has_just_ended(turn: Turn) -> bool:
    ended_at = turn.conversation.ended_at
    return ended_at is not None and turn.now - ended_at <= limits.THANKS_QUIET
