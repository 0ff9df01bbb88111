"""What a turn says -> messages, each with what the window makes of it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from engine.core.book import Book
from engine.core.closed import Closed, Plan, Planned, Speech, content_of, plan_of
from engine.core.content import DEEDS, Template
from engine.core.conversation import Conversation
from engine.core.effects import SendMessage
from engine.core.parts import parts_of
from engine.core.turn import Turn
from engine.core.watch import Watch
from engine.core.widget import Asked, compose

Whole = tuple[Closed, Watch | None]
"""A plan with nothing left open."""


def messages_said(turn: Turn) -> list[SendMessage]:
    """Return what the turn says and asks, in order; all of one plan shares bubbles."""
    asked = turn.asked
    own = None if asked is None else asked.question.plan
    plan = _whole(turn, own)
    if not turn.said:
        return _composed(turn, (), asked, plan)
    shares = asked is None or turn.is_open
    if shares and own is None and not any(isinstance(one, Planned) for one in turn.said):
        return _composed(turn, turn.said, asked, plan)
    if shares and all(_plan_of(turn, one) == plan for one in turn.said):
        return _composed(turn, turn.said, asked, plan)
    parts = _parts(turn)
    messages: list[SendMessage] = []
    for index, (each, said) in enumerate(parts, start=1):
        if index == len(parts) and each == plan and _share(turn, plan):
            return [*messages, *_composed(turn, said, asked, each)]
        messages += _composed(turn, said, None, each)
    return messages if asked is None else [*messages, *_composed(turn, [], asked, plan)]


def _whole(turn: Turn, plan: Plan | None) -> Whole:
    closed, watch = plan or (None, None)
    return closed or turn.book.closed, watch


def _plan_of(turn: Turn, said: Speech) -> Whole:
    return _whole(turn, plan_of(said))


def _share(turn: Turn, plan: Whole) -> bool:
    """Tell whether the question may stand below what is said: what was not seen can then be asked again alone."""
    return turn.is_open or (isinstance(plan[0], Template) and plan[0] != turn.stood_in)


def _parts(turn: Turn) -> list[tuple[Whole, list[Speech]]]:
    """Return what is said by its plan, in order; deeds first, which stand between no two texts."""
    deeds: list[Speech] = [one for one in turn.said if one.kind in DEEDS]
    talk = [one for one in turn.said if one.kind not in DEEDS]
    parts = [(plan, list(said)) for plan, said in groupby(talk, lambda one: _plan_of(turn, one))]
    return [(_whole(turn, None), deeds), *parts] if deeds else parts


def _composed(
    turn: Turn, said: Sequence[Speech], asked: Asked | None, plan: Whole
) -> list[SendMessage]:
    """Return messages of one plan: texts that follow each other share a bubble."""
    contents = [content_of(one) for one in said] if said else []
    messages, questions = compose(contents, asked, turn.book.capabilities)
    told = len(messages) - questions
    closed, watch = plan
    sent = [
        turn.send(content, question=index >= told, closed=closed, watch=watch)
        for index, content in enumerate(messages)
    ]
    if watch is not None and watch.until is not None:
        for message in sent[:-1]:  # the last to leave is the one to wait for
            message.watch = watch.model_copy(update={"until": None})
    if asked is not None and sent and _was_not_seen(sent[-1], asked):
        turn.unseen = turn.number
    return sent


def messages_of(
    conversation: Conversation, speech: Speech, now: datetime, book: Book
) -> list[SendMessage]:
    """Return what a flow says beside its turns as messages, in parts, each with what the window makes of it."""
    turn = Turn(conversation, now, book)
    parts = parts_of(content_of(speech), book.capabilities)
    closed, watch = plan_of(speech) or (None, None)
    return [turn.send(part, origin="flow", closed=closed, watch=watch) for part in parts]


def _was_not_seen(message: SendMessage, asked: Asked) -> bool:
    """Tell whether the message that asks met a closed window, so that nobody knows what was asked."""
    return message.met is not None or (message.instead_of is not None and not asked.question.told)
