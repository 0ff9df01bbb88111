"""The contact's side of the talk: a message is heard, understood and acted on."""

from datetime import datetime
from typing import assert_never

from engine.core import limits, window
from engine.core.content import Text
from engine.core.conversation import Offer, OfferedOption, Run
from engine.core.matching import Match
from engine.core.options import ENGINE, make_offer
from engine.core.routing import (
    Changed,
    Chosen,
    Doubted,
    EndedTap,
    Meaning,
    Misread,
    NoFlow,
    PageTurned,
    Quiet,
    Repeated,
    Said,
    Starts,
    Typed,
    Unasked,
    UnknownTap,
    open_offer,
    understand,
)
from engine.core.script import (
    Answer,
    Matched,
    NotUnderstood,
    Options,
    Question,
    ShownOption,
    Unsure,
)
from engine.core.signals import MessageReceived
from engine.core.stack import begin, begin_start, follow, interrupt, refit, regain, renew, top
from engine.core.texts import TextName, engine_text
from engine.core.turn import Turn
from engine.core.widget import Asked, spelled_out
from engine.core.words import Word, word_of

TEXTLIKE = ("text", "button_reply", "list_reply", "template_button", "welcome")
"""All else comes in bursts (an album, several cards) and is answered once a burst."""

BESIDE = ("reaction", "edited", "revoked", "system")
"""What happens beside the talk: it is recorded, no more."""


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
    if turn.mode == "agent":
        return
    if turn.mode == "waiting":
        _hear_waiting(turn, message)
        return
    if turn.mode == "closed":
        turn.mode = "bot"
    if turn.busy is not None:
        turn.matched = "word"
        _cancel(turn)
        return
    if not turn.runs and _is_late(turn, message, received_at):
        turn.note = "older than the window: it starts no flow"
        return
    if regain(turn):
        meaning = understand(turn, content)
        if isinstance(meaning, (Starts, Said, EndedTap)) and _is_late(turn, message, received_at):
            turn.note = "older than the window: it starts no flow"
        else:
            _act(turn, meaning)
    if content.kind not in TEXTLIKE:
        turn.unasked_at = turn.now


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


def _is_late(turn: Turn, message: MessageReceived, received_at: datetime) -> bool:
    length = turn.book.capabilities.window
    return length is not None and message.sent_at + length <= received_at


def _hear_waiting(turn: Turn, message: MessageReceived) -> None:
    """While nobody has taken the chat yet, the contact may still go back to the bot."""
    content = message.content
    word = word_of(content.body) if isinstance(content, Text) else None
    if word in ("menu", "cancel"):
        turn.mode, turn.team, turn.resume = "bot", None, None
        _say_word(turn, word)


def _act(turn: Turn, meaning: Meaning) -> None:
    match meaning:
        case Chosen(match):
            _choose(turn, match)
        case Typed(answer):
            turn.matched = "typed"
            _accept(turn, answer, None)
        case Doubted(reading):
            _ask_which(turn, reading)
        case Changed():
            _change(turn, meaning)
        case Repeated():
            turn.matched, turn.note = "old_tap", "it repeats the answer already given"
        case PageTurned(first, how):
            turn.matched = how
            _ask_again(turn, first=first)
        case Said(word):
            _say_word(turn, word)
        case Starts():
            _start(turn, meaning)
        case EndedTap(flow):
            _offer_again(turn, flow)
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


# --- answers ---------------------------------------------------------------------------------------


def _choose(turn: Turn, match: Match) -> None:
    turn.matched, turn.score = match.how, match.score
    _accept(turn, _answer(match.option), match.option.key)


def _accept(turn: Turn, answer: Answer, chosen: str | None) -> None:
    """Give the open question its answer and walk on."""
    script, run = top(turn)
    offer = open_offer(run)
    answered = _answered(run, offer, chosen)
    follow(turn, script.accept(answered, offer.step, answer, turn.scene))


def _change(turn: Turn, changed: Changed) -> None:
    """Change an earlier answer; runs begun since then, in which nothing was answered, end."""
    turn.matched = "old_tap"
    turn.runs = turn.runs[: changed.runs]
    if not refit(turn):
        return
    script, run = top(turn)
    offer = next((offer for offer in run.offers.values() if offer.turn == changed.turn), None)
    if offer is None:
        regain(turn)  # a run below, whose flow has changed since: the question is gone
        return
    answered = _answered(run, offer, changed.option.key)
    follow(turn, script.accept(answered, offer.step, _answer(changed.option), turn.scene))


def _answered(run: Run, offer: Offer, chosen: str | None) -> Run:
    closed = offer.model_copy(update={"chosen": chosen})
    return run.model_copy(update={"offers": {**run.offers, offer.step: closed}, "then": None})


def _answer(option: OfferedOption) -> Answer:
    shown = option.title if option.title != option.value else None
    return Answer(option.value, shown)


# --- the question once more ------------------------------------------------------------------------


def _ask_again(turn: Turn, *, first: int = 0) -> None:
    """Ask the open question once more."""
    script, run = top(turn)
    question = script.ask_again(run, turn.scene)
    turn.ask(run, question, retries=run.retries, first=first)


def _ask_which(turn: Turn, reading: Unsure) -> None:
    """Ask which of several answers was meant; what is typed instead is read as an answer to the question itself."""
    run = turn.runs[-1]
    step = open_offer(run).step
    options = Options(
        ShownOption(
            OfferedOption(
                key=str(place), title=answer.shown or str(answer.value), value=answer.value
            )
        )
        for place, answer in enumerate(reading.answers, start=1)
    )
    turn.matched = "unsure"
    turn.ask(
        run,
        Question(step, engine_text("which"), options, numbered=options.alike),
        retries=run.retries,
    )


def _retry(turn: Turn, reading: NotUnderstood) -> None:
    """Not understood: the step's retry; then the question with its options spelled out; then a person."""
    script, run = top(turn)
    turn.matched, turn.note = "retry", f"expected {reading.expected}"
    match run.retries:
        case 0:
            turn.put(run.model_copy(update={"retries": 1}))
            turn.say(Text(body=script.retry_text(run, reading, turn.scene)))
        case 1:
            turn.say(Text(body=script.retry_text(run, reading, turn.scene)))
            question = spelled_out(script.ask_again(run, turn.scene))
            turn.ask(run, question, retries=2)
        case _:
            turn.hand_off("not_understood", resume=run.asked)


def _explain(turn: Turn) -> None:
    """Say that a button no longer works, and go on with what is open, or from the start."""
    turn.matched = "old_tap"
    turn.tell("tap_unknown")
    if turn.runs:
        _ask_again(turn)
    else:
        begin_start(turn)


def _offer_again(turn: Turn, flow: str) -> None:
    """Offer to start an ended flow again; a question that is open stays so."""
    turn.matched = "old_tap"
    title = engine_text("start_again")
    option = ShownOption(OfferedOption(key=flow, title=title, value=flow))
    question = Question("start", engine_text("tap_ended"), Options((option,)))
    turn.again = make_offer(question, flow=ENGINE, turn=turn.number)
    turn.asked = Asked(ENGINE, question, turn.again)


# --- beginnings and words --------------------------------------------------------------------------


def _start(turn: Turn, starts: Starts) -> None:
    turn.matched = starts.how
    if starts.anew:
        begin(turn, starts.flow)
    else:
        interrupt(turn, starts.flow)


def _say_word(turn: Turn, word: Word) -> None:
    turn.matched = "word"
    match word:
        case "menu":
            _start_or_tell(turn)
        case "restart":
            _restart(turn)
        case "back":
            _go_back(turn)
        case "cancel":
            _cancel(turn)
        case "help":
            _tell_and_ask(turn, "help")
        case "language":
            _tell_and_ask(turn, "help")
        case "agent":
            run = turn.run
            turn.hand_off("word", resume=run.asked if run is not None else None)
        case _:
            assert_never(word)


def _start_or_tell(turn: Turn) -> None:
    if not begin_start(turn):
        turn.end()
        turn.tell("no_flow")


def _restart(turn: Turn) -> None:
    """Begin the flow that talks anew, or the start flow where none is going on."""
    if turn.runs:
        renew(turn)
    else:
        _start_or_tell(turn)


def _go_back(turn: Turn) -> None:
    """Ask the question before the open one again.

    The open one's offer is forgotten, so that another "back" goes one further.
    """
    script, run = top(turn)
    open_ = open_offer(run)
    earlier = [offer for offer in run.offers.values() if offer.turn < open_.turn]
    if not earlier:
        _tell_and_ask(turn, "first_question")
        return
    before = max(earlier, key=lambda offer: offer.turn)
    offers = {step: offer for step, offer in run.offers.items() if step != open_.step}
    follow(turn, script.go(run.model_copy(update={"offers": offers}), before.step, turn.scene))


def _tell_and_ask(turn: Turn, name: TextName) -> None:
    turn.tell(name)
    if turn.runs:
        _ask_again(turn)


def _cancel(turn: Turn) -> None:
    turn.end()
    turn.ended_at = turn.now
    turn.tell("cancelled")


def _tell_no_flow(turn: Turn) -> None:
    """No flow answers here: say so, at most once a day."""
    told_at = turn.told_at
    matched: Matched = "quiet"
    if told_at is None or turn.now - told_at >= limits.NO_FLOW_TEXT_EVERY:
        matched = "no_flow"
        turn.told_at = turn.now
        turn.tell("no_flow")
    turn.matched = matched
