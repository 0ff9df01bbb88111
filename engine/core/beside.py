"""What is said beside the open question: words that work anywhere, languages, the FAQ, the engine's own questions."""

from collections.abc import Iterable
from typing import assert_never

from engine.core.content import Text
from engine.core.conversation import OfferedOption
from engine.core.handing import hand_off
from engine.core.known import Finding
from engine.core.language import Language
from engine.core.options import ENGINE, engine_key, make_offer
from engine.core.question import Options, Question, ShownOption
from engine.core.routing import open_offer
from engine.core.stack import begin_start, follow, renew, start_flow, top
from engine.core.trace import Matched
from engine.core.turn import Turn
from engine.core.widget import Asked
from engine.core.words import Word


def ask_again(turn: Turn, *, first: int = 0) -> None:
    """Ask the open question once more."""
    script, run = top(turn)
    question = script.ask_again(run, turn.scene)
    turn.ask(run, question, retries=run.retries, first=first)


def offer_again(turn: Turn, flow: str) -> None:
    """Offer to start an ended flow again; a question that is open stays so."""
    turn.matched = "old_tap"
    texts = turn.language.texts
    _ask_own(turn, "start", texts["tap_ended"], [(flow, texts["start_again"])])


def _ask_own(turn: Turn, step: str, text: str, options: Iterable[tuple[str, str]]) -> None:
    """Ask one of the engine's own questions; a flow's question that is open stays so.

    Args:
        turn: The turn.
        step: What option ids call it.
        text: The question.
        options: Each option's key (see `engine_key`) and title.
    """
    shown = Options(
        ShownOption(OfferedOption(key=key, title=title, value=key)) for key, title in options
    )
    question = Question(step, text, shown)
    turn.again = make_offer(question, flow=ENGINE, turn=turn.number)
    turn.asked = Asked(ENGINE, question, turn.again, turn.language)


def say_word(turn: Turn, word: Word, language: Language) -> None:
    """Do what a word that works anywhere means.

    Args:
        turn: The turn.
        word: What it means.
        language: The one it was said in.
    """
    turn.matched = "word"
    if turn.contact.locale is None and language is not turn.language:
        turn.speak(language)  # nobody knew it yet, and now the contact has shown it
    match word:
        case "menu":
            _go_to_menu(turn)
        case "restart":
            _restart(turn)
        case "back":
            _go_back(turn)
        case "cancel":
            cancel(turn)
        case "help":
            _help(turn)
        case "language":
            _ask_language(turn)
        case "agent":
            run = turn.run
            hand_off(turn, "word", resume=run.asked if run is not None else None)
        case _:
            assert_never(word)


def start_or_tell(turn: Turn) -> None:
    """Begin the start flow; where there is none, say so. Nothing is lost by it: no run has answers."""
    if not begin_start(turn):
        turn.tell("no_flow")


def _go_to_menu(turn: Turn) -> None:
    """Begin the start flow; where answers would be lost, ask first; with nothing answered and no start flow, go on."""
    start = start_flow(turn.book)
    if any(run.answers for run in turn.runs):
        offer_switch(turn, start)
    elif start is None and turn.runs:
        ask_again(turn)
    else:
        start_or_tell(turn)


def offer_switch(turn: Turn, flow: str | None) -> None:
    """Ask whether to leave the talk, with its answers, for another flow; None ends it, as a cancel does."""
    texts = turn.language.texts
    ways = [
        (engine_key("leave") if flow is None else engine_key("switch", flow), texts["leave"]),
        (engine_key("stay"), texts["go_on_here"]),
    ]
    _ask_own(turn, "switch", texts["switch"], ways)


def stay(turn: Turn, how: Matched) -> None:
    """Go on with what is open; with nothing open, begin as ever."""
    turn.matched, turn.again = how, None
    if turn.runs:
        ask_again(turn)
    else:
        start_or_tell(turn)


def _restart(turn: Turn) -> None:
    """Begin the flow that talks anew, or the start flow where none is going on."""
    if turn.runs:
        renew(turn)
    else:
        start_or_tell(turn)


def _go_back(turn: Turn) -> None:
    """Ask the question before the open one again.

    The open one's offer is forgotten, so that another "back" goes one further.
    """
    script, run = top(turn)
    open_ = open_offer(run)
    earlier = [offer for offer in run.offers.values() if offer.turn < open_.turn]
    if not earlier:
        turn.tell("first_question")
        ask_again(turn)
        return
    before = max(earlier, key=lambda offer: offer.turn)
    offers = {step: offer for step, offer in run.offers.items() if step != open_.step}
    follow(turn, script.go(run.model_copy(update={"offers": offers}), before.step, turn.scene))


def _help(turn: Turn) -> None:
    turn.tell("help")
    if len(turn.book.languages.all) > 1:
        turn.tell("help_language")
    if turn.runs:
        ask_again(turn)


def cancel(turn: Turn) -> None:
    """End the talk, as the contact wishes."""
    turn.end()
    turn.ended_at = turn.now
    turn.scheduled = ()
    turn.tell("cancelled")


def _ask_language(turn: Turn) -> None:
    """Offer the line's languages; with one alone there is nothing to choose."""
    languages = turn.book.languages.all
    if len(languages) == 1:
        _help(turn)
        return
    ways = [(engine_key("language", language.code), language.name) for language in languages]
    _ask_own(turn, "language", turn.language.texts["language"], ways)


def speak(turn: Turn, language: Language) -> None:
    """Go on in the language that the contact chose."""
    turn.matched, turn.again = "tap", None
    turn.speak(language)
    turn.tell("language_set")
    if turn.runs:
        ask_again(turn)


def inform(turn: Turn, found: Finding) -> None:
    """Answer what was asked beside the talk, and come back to the question; or ask which of several was meant."""
    turn.matched, turn.again = "faq", None
    if found.language is not None and turn.contact.locale is None:
        turn.speak(turn.book.languages.of(found.language))
    texts = turn.language.texts
    if not found.is_sure:
        near = [(engine_key("faq", known.name), known.title) for known in found.entries]
        _ask_own(turn, "faq", texts["near"], [*near, (engine_key("stay"), texts["none_of_these"])])
        return
    known = found.entries[0]
    turn.note = known.name
    *before, last = known.says
    for content in before:
        turn.say(content)
    ways = [(engine_key(way.kind, way.name), way.title) for way in known.follow_ups]
    if turn.runs:
        turn.say(last)
        script, run = top(turn)
        question = script.ask_again(run, turn.scene)
        text = texts["so"].format(question=question.text)
        turn.ask(run, question._replace(text=text), retries=run.retries)
    elif ways and isinstance(last, Text):
        _ask_own(turn, "faq", last.body, ways)
    else:
        turn.say(last)
