"""What the contact wants of us: no more messages, messages again, no marketing; said by the contact or told of it.

Nothing here decides what is sent: `outbox.unwanted` does, from the two times kept with the contact.
"""

from datetime import datetime, timedelta
from typing import Final

from engine.core.content import Inbound, TemplateButton, Text
from engine.core.effects import RecordConsent
from engine.core.handing import end_handoff
from engine.core.language import Language
from engine.core.languages import STARTS, STOPS
from engine.core.options import parse_option_id
from engine.core.signals import ConsentBy, ConsentChange, ConsentChanged
from engine.core.stack import begin_start
from engine.core.turn import Turn
from engine.core.words import fold

_KEPT_IN: Final[dict[ConsentChange, str]] = {
    "opted_out": "opted_out_at",
    "opted_in": "opted_out_at",
    "marketing_stopped": "marketing_stopped_at",
    "marketing_resumed": "marketing_stopped_at",
}
"""The contact's field that a change sets or empties."""

_ONE_SECOND: Final = timedelta(seconds=1)
"""Providers tell whole seconds: what is said within one of them counts in the order it came."""

_STOPS: Final[tuple[ConsentChange, ...]] = ("opted_out", "marketing_stopped")


def stopped_in(turn: Turn, said: str) -> Language | None:
    """Return the language in which a folded text asks for no more messages; None if it does not.

    The words of every language of the engine count on every line: who wants out need not know what it talks.
    """
    languages = turn.book.languages
    if said not in STOPS and said not in languages.stops:
        return None
    return languages.stopped_in(turn.contact.locale, said) or STOPS[said]


def _started_in(turn: Turn, said: str) -> Language | None:
    return turn.book.languages.started_in(turn.contact.locale, said) or STARTS.get(said)


def hear_consent(turn: Turn, content: Inbound) -> bool:
    """Do what a message means to consent where that goes before all else; False if it means nothing to it.

    To who has opted out nothing is said, but for a word that lets messages come again. While an agent has the chat, or
    a code step runs, no option can be meant by a word that stops them.
    """
    if turn.contact.opted_out_at is None:
        is_elsewhere = turn.busy is not None or turn.mode in ("waiting", "agent")
        return is_elsewhere and hear_stop(turn, content)
    said = _said(content)
    language = None if said is None else _started_in(turn, said)
    if language is None:
        turn.note = "the contact has opted out"
    else:
        _opt_in(turn, language)
    return True


def asks_to_stop(turn: Turn, content: Inbound) -> bool:
    """Tell whether a message asks by itself for no more messages."""
    said = _said(content)
    return said is not None and stopped_in(turn, said) is not None


def hear_stop(turn: Turn, content: Inbound) -> bool:
    """Opt the contact out where the message asks for that by itself, whatever is on offer; False if it does not."""
    said = _said(content)
    language = None if said is None else stopped_in(turn, said)
    if language is None:
        return False
    opt_out(turn, language)
    return True


def opt_out(turn: Turn, language: Language) -> None:
    """Say nothing more to the contact but that, in the contact's language or the one it was asked in."""
    _change(turn, "opted_out", "contact", _message(turn), turn.heard_at or turn.now)
    _go_silent(turn)
    confirmation = Text(body=_learn(turn, language).texts["opted_out"])
    turn.effects.append(turn.send(confirmation, origin="consent", closed="fail"))


def _opt_in(turn: Turn, language: Language) -> None:
    """Talk to the contact again, from the start; unless it was written before the opt-out and came late."""
    if not _change(turn, "opted_in", "contact", _message(turn), turn.heard_at or turn.now):
        return
    if turn.mode == "closed":
        turn.mode = "bot"
    if not turn.is_open:
        return  # it came a day late: nothing may be said to it
    turn.said.append(Text(body=_learn(turn, language).texts["opted_in"]))
    if turn.mode == "bot":
        turn.end()
        begin_start(turn)


def _learn(turn: Turn, language: Language) -> Language:
    """Return what to answer in: the contact's language, else the one that was just used, known from now on."""
    if turn.contact.locale is not None:
        return turn.language
    if language is not turn.language and language in turn.book.languages.all:
        turn.speak(language)
    return language


def take_consent(turn: Turn, signal: ConsentChanged) -> None:
    """Take in what a provider or an agent says that the contact wants; nothing is said of it."""
    if _change(turn, signal.change, signal.by, signal.source, signal.at) and (
        signal.change == "opted_out"
    ):
        _go_silent(turn)


def _change(turn: Turn, change: ConsentChange, by: ConsentBy, source: str, at: datetime) -> bool:
    """Set what is known of the contact and record it; False if that is known already, or known better."""
    field = _KEPT_IN[change]
    stops = change in _STOPS
    before: datetime | None = getattr(turn.contact, field)
    if stops == (before is not None):
        turn.note = f"{change}: it was so before"
        return False
    if before is not None and at + _ONE_SECOND <= before:
        turn.note = f"{change}: older than what is known"
        return False
    turn.matched = "consent"
    turn.contact = turn.contact.model_copy(update={field: at if stops else None})
    turn.effects.append(RecordConsent(change, by, source, at))
    return True


def _go_silent(turn: Turn) -> None:
    """End what was going on and what was to come; nobody waits any more for an agent who could not answer."""
    turn.end()
    turn.again, turn.next_flows, turn.scheduled = None, (), ()
    if turn.mode == "waiting":
        end_handoff(turn, "contact")


def _message(turn: Turn) -> str:
    return turn.last_inbound_id or ""


def _said(content: Inbound) -> str | None:
    """Return what is said in words: typed, or by a template's button that carries no option of ours."""
    match content:
        case Text(body=body):
            return fold(body)
        case TemplateButton(payload=payload, title=title) if parse_option_id(payload) is None:
            return fold(title)
        case _:
            return None
