"""The contact's side of the talk: a message is heard, understood and acted on."""

from datetime import datetime
from typing import assert_never

from engine.core import limits, window
from engine.core.answering import accept, change, choose, correct, lead, reopen
from engine.core.beside import (
    ask_again,
    cancel,
    inform,
    offer_again,
    offer_switch,
    say_word,
    speak,
    stay,
)
from engine.core.consent import asks_to_stop, hear_consent, hear_stop, opt_out
from engine.core.content import BESIDE, Inbound, Text
from engine.core.conversation import OfferedOption, Run
from engine.core.effects import StartTimer
from engine.core.handing import hand_off
from engine.core.meaning import (
    Changed,
    Chosen,
    Corrected,
    Doubted,
    EndedTap,
    Inquired,
    Kept,
    Led,
    Meaning,
    Misread,
    NoFlow,
    OptsOut,
    PageTurned,
    Quiet,
    Reopened,
    Repeated,
    Said,
    Speaks,
    Starts,
    Stays,
    Typed,
    Unasked,
    UnknownTap,
)
from engine.core.outbox import asked_turn
from engine.core.people import hear_left, hear_people, is_left
from engine.core.question import Options, Question, ShownOption
from engine.core.routing import open_offer, understand, understand_text
from engine.core.script import NotUnderstood, Script
from engine.core.settling import hear_awaiting, is_awaiting
from engine.core.signals import MessageReceived, TimerFired
from engine.core.stack import (
    begin,
    begin_start,
    come_back,
    follow,
    interrupt,
    is_asking,
    regain,
    top,
)
from engine.core.trace import NOT_UNDERSTOOD, NOTHING_NEAR, Matched
from engine.core.turn import Turn
from engine.core.widget import spelled_out

TEXTLIKE = ("text", "button_reply", "list_reply", "template_button", "welcome")
"""All else comes in bursts (an album, several cards) and is answered once a burst."""


def hear(turn: Turn, message: MessageReceived, received_at: datetime) -> None:
    """Take in a message of the contact.

    Args:
        turn: Of a conversation that is not busy, or that this message may interrupt.
        message: What was sent.
        received_at: When it reached us; a message older than the window by then starts no flow.
    """
    content = message.content
    if message.group_id is not None or content.kind in BESIDE:
        return
    note_arrival(turn, message, received_at)
    if hear_consent(turn, content):
        return
    if turn.mode in ("waiting", "agent"):
        hear_people(turn, content)
        return
    if turn.mode == "closed":
        turn.mode = "bot"
    if turn.busy is not None:
        turn.matched, turn.cancelled_at = "word", received_at
        cancel(turn)
        return
    if turn.cancelled_at is not None and received_at < turn.cancelled_at:
        turn.note = "written before the cancel, which did not wait"
        return
    if not turn.runs and _is_late(turn, message, received_at):
        if not hear_stop(turn, content):
            turn.note = "older than the window: it starts no flow"
        return
    if turn.runs and asks_to_stop(turn, content) and not is_asking(turn):
        hear_stop(turn, content)  # no option can be meant by it
    elif is_awaiting(turn):
        hear_awaiting(turn, content)
    elif is_left(turn):
        hear_left(turn, content)
    elif regain(turn):
        meaning = understand(turn, content)
        if isinstance(meaning, (Starts, Said, EndedTap)) and _is_late(turn, message, received_at):
            turn.note = "older than the window: it starts no flow"
        elif turn.unseen and _answers_unseen(turn, meaning):
            turn.note = "the question had met a closed window: this is no answer to it"
            turn.matched = "reopened"
            ask_again(turn)
        else:
            _act(turn, meaning)
            _note_unknown(turn, meaning, content)
    if content.kind not in TEXTLIKE:
        turn.unasked_at = turn.now


def _answers_unseen(turn: Turn, meaning: Meaning) -> bool:
    """Tell whether this would answer an open question that met a closed window, so that nobody has seen it.

    What works anywhere still works; so does a tap, which only what was seen can bring.
    """
    unseen, turn.unseen = turn.unseen, 0
    if asked_turn(turn.runs) != unseen:
        return False
    match meaning:
        case Chosen(match):
            return match.how != "tap"
        case Typed() | Kept() | Doubted() | Misread() | Unasked() | Quiet() | Stays() | Led():
            return True
        case _:
            return False


def _note_unknown(turn: Turn, meaning: Meaning, content: Inbound) -> None:
    """Note what nobody knew an answer to; a single word ("hi") asks nothing."""
    if not isinstance(content, Text) or len(content.body.split()) < 2:
        return
    match meaning:
        case NoFlow() | Starts(how="start"):
            turn.note = turn.note or NOTHING_NEAR
        case _:
            pass


def note_arrival(turn: Turn, message: MessageReceived, received_at: datetime) -> None:
    """Raise the window and remember that the contact has written."""
    turn.window_closes_at = window.closes_at(
        turn.window_closes_at,
        sent_at=message.sent_at,
        received_at=received_at,
        length=turn.book.capabilities.window,
    )
    before = turn.last_inbound_at
    turn.last_inbound_at = received_at if before is None else max(before, received_at)
    turn.last_inbound_id = message.external_id
    turn.heard_at = min(message.sent_at, received_at)
    turn.release()


def _is_late(turn: Turn, message: MessageReceived, received_at: datetime) -> bool:
    length = turn.book.capabilities.window
    return length is not None and message.sent_at + length <= received_at


def _act(turn: Turn, meaning: Meaning) -> None:
    match meaning:
        case Chosen(match):
            choose(turn, match)
        case Typed(answer):
            turn.matched = "typed"
            accept(turn, answer, None)
        case Kept():
            _keep(turn, meaning)
        case Doubted(options):
            _ask_which(turn, options)
        case Changed():
            change(turn, meaning)
        case Repeated():
            turn.matched, turn.note = "old_tap", "it repeats the answer already given"
        case PageTurned(first, how):
            turn.matched = how
            ask_again(turn, first=first)
        case Said(word, language):
            say_word(turn, word, language)
        case OptsOut(language):
            opt_out(turn, language)
        case Corrected(correction):
            correct(turn, correction)
        case Reopened():
            reopen(turn, meaning)
        case Led(step, match):
            lead(turn, step, match)
        case Speaks(language):
            speak(turn, language)
        case Inquired(found):
            inform(turn, found)
        case Stays(how):
            stay(turn, how)
        case Starts():
            _start(turn, meaning)
        case EndedTap(flow):
            offer_again(turn, flow)
        case UnknownTap():
            _explain(turn)
        case Misread(reading):
            _retry(turn, reading)
        case Unasked():
            turn.note = "unasked, as the one before"
        case Quiet():
            turn.matched = "quiet"
        case NoFlow():
            _tell_no_flow(turn)
        case _:
            assert_never(meaning)


# --- answers in several messages -------------------------------------------------------------------


def _keep(turn: Turn, part: Kept) -> None:
    """Keep a text of the answer and wait for the next one, saying nothing meanwhile."""
    run = turn.runs[-1]
    run = run.model_copy(update={"kept": (*run.kept, part.body)})
    turn.matched = "kept"
    turn.put(run)
    if sum(map(len, run.kept)) >= limits.JOINED_LENGTH:
        _answer_kept(turn)
    else:
        turn.effects.append(_timer(run, turn.now + part.within))


def join(turn: Turn, signal: TimerFired) -> None:
    """Nothing more came: the texts kept so far are the answer.

    They are none any more once the question was answered otherwise (a tap is the later word), left or handed to people.
    """
    run = turn.run
    if turn.mode != "bot" or run is None or not run.kept or run.visit != signal.visit:
        turn.note = "the visit is past"
        return
    if not regain(turn):
        return
    script, run = top(turn)
    within, since = script.joins(run), turn.last_inbound_at
    if since is not None and since > turn.now + limits.CLOCKS_APART:
        since = None  # the clock was set back since: nobody knows how long ago that was
    if within is not None and since is not None and since + within > turn.now:
        turn.matched = "timer"  # a message came while this was on its way
        turn.effects.append(_timer(run, since + within))
    else:
        _answer_kept(turn)


def _answer_kept(turn: Turn) -> None:
    run = turn.runs[-1]
    turn.put(run.model_copy(update={"kept": ()}))
    turn.note = f"{len(run.kept)} texts together"
    _act(turn, understand_text(turn, "\n".join(run.kept)))


def _timer(run: Run, due_at: datetime) -> StartTimer:
    return StartTimer(purpose="join", due_at=due_at, run=run.id, visit=run.visit)


# --- the question once more ------------------------------------------------------------------------


def _ask_which(turn: Turn, meant: tuple[OfferedOption, ...]) -> None:
    """Ask which of several answers was meant; what is typed instead is read as an answer to the question itself.

    The question's own options stay on offer behind them, to be typed or tapped where they were shown before. Asking
    back counts as not understood: who is asked it a third time is helped as one who is not understood.
    """
    script, run = top(turn)
    if run.retries == _LAST_RETRY:
        turn.matched, turn.note = "retry", "it was asked back before"
        _give_up(turn, script, run)
        return
    turn.matched = "unsure"
    offer = open_offer(run)
    options = Options(map(ShownOption, meant))
    question = Question(offer.step, turn.language.texts["which"], options, numbered=options.alike)
    turn.ask(run, question, retries=run.retries + 1)
    run = turn.runs[-1]
    asked = run.offers[offer.step]
    keys = {option.key for option in asked.options}
    others = tuple(option for option in offer.options if option.key not in keys)
    whole = asked.model_copy(update={"options": (*asked.options, *others)})
    turn.put(run.model_copy(update={"offers": {**run.offers, offer.step: whole}}))


_LAST_RETRY = 2
"""Retries after which a question is given up: the author's retry, then the question with its options spelled out."""


def _retry(turn: Turn, reading: NotUnderstood) -> None:
    """Not understood: the step's retry; then the question with its options spelled out; then a person or `lost=`."""
    script, run = top(turn)
    turn.matched, turn.note = "retry", f"{NOT_UNDERSTOOD}{reading.expected}"
    match run.retries:
        case 0:
            turn.put(run.model_copy(update={"retries": 1}))
            turn.say(Text(body=script.retry_text(run, reading, turn.scene)))
        case 1:
            turn.say(Text(body=script.retry_text(run, reading, turn.scene)))
            question = spelled_out(script.ask_again(run, turn.scene))
            turn.ask(run, question, retries=2)
        case _:
            _give_up(turn, script, run)


def _give_up(turn: Turn, script: Script, run: Run) -> None:
    """The question leads nowhere: the author's `lost=`, else a person."""
    target = script.lost(run)
    if target is None:
        hand_off(turn, "not_understood", resume=run.asked)
    else:
        follow(turn, script.go(run, target, turn.scene))


def _explain(turn: Turn) -> None:
    """Say that a button no longer works, and go on with what is open, or from the start."""
    turn.matched = "old_tap"
    turn.tell("tap_unknown")
    if turn.runs:
        ask_again(turn)
    else:
        begin_start(turn)


# --- beginnings and words --------------------------------------------------------------------------


def _start(turn: Turn, starts: Starts) -> None:
    turn.matched = starts.how
    if starts.language is not None and turn.contact.locale is None:
        turn.speak(turn.book.languages.of(starts.language))
    waits = any(run.flow == starts.flow for run in turn.runs)
    if starts.agreed:
        begin(turn, starts.flow)
    elif starts.anew and any(run.answers for run in turn.runs):
        offer_switch(turn, starts.flow)
    elif starts.anew:
        begin(turn, starts.flow)
    elif waits:
        come_back(turn, starts.flow)
    elif len(turn.runs) == limits.RUNS_PER_CONVERSATION:
        offer_switch(turn, starts.flow)
    else:
        interrupt(turn, starts.flow)


def _tell_no_flow(turn: Turn) -> None:
    """No flow answers here: say so, at most once a day."""
    told_at = turn.told_at
    matched: Matched = "quiet"
    if told_at is None or turn.now - told_at >= limits.NO_FLOW_TEXT_EVERY:
        matched = "no_flow"
        turn.told_at = turn.now
        turn.tell("no_flow")
    turn.matched = matched
