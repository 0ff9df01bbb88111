"""A kind that nobody handles is an error, never silence: the types forbid it, and so does the running program."""

from collections.abc import Callable
from typing import cast

import pytest

from engine.core import beside, outcome, parts, stack, step, talk
from engine.core.content import Deed, OpenUrl, in_words
from engine.core.conversation import Run
from engine.core.effects import Effect
from engine.core.ids import RunId, TimerId, VisitId
from engine.core.languages import ENGLISH
from engine.core.meaning import Meaning
from engine.core.script import Pause, Visit
from engine.core.signals import Signal, TimerFired, TimerPurpose
from engine.core.turn import Turn
from engine.core.words import Word
from tests.builders import NOW, make_arrival, make_conversation
from tests.core.small import make_book

ALIEN = object()


def make_turn() -> Turn:
    return Turn(make_conversation(), NOW, make_book())


def alien_signal() -> None:
    arrival = make_arrival().model_copy(update={"signal": cast(Signal, ALIEN)})
    step.step(make_conversation(), arrival, NOW, make_book())


def alien_timer() -> None:
    fired = TimerFired(timer=TimerId(1), purpose="run_expires", run=RunId(1), visit=VisitId(1))
    alien = fired.model_copy(update={"purpose": cast(TimerPurpose, "alien")})
    step.step(make_conversation(), make_arrival(alien), NOW, make_book())


def alien_meaning() -> None:
    talk._act(make_turn(), cast(Meaning, ALIEN))


def alien_word() -> None:
    beside.say_word(make_turn(), cast(Word, "alien"), ENGLISH)


def alien_effect() -> None:
    outcome._name(cast(Effect, ALIEN))


def alien_pause() -> None:
    opened = make_turn()
    run = Run(id=RunId(1), flow="order", step="size", visit=VisitId(1))
    opened.runs = (run,)
    stack.follow(opened, Visit(run, (), cast(Pause, ALIEN), (), 1))


def alien_action() -> None:
    parts.action_in_words(cast(OpenUrl, ALIEN))


def alien_deed() -> None:
    in_words(cast(Deed, ALIEN))


@pytest.mark.parametrize(
    "handled",
    [
        alien_action,
        alien_deed,
        alien_signal,
        alien_timer,
        alien_meaning,
        alien_word,
        alien_effect,
        alien_pause,
    ],
    ids=lambda handled: str(getattr(handled, "__name__", "")),
)
def test_a_kind_that_nobody_handles_is_refused(handled: Callable[[], None]) -> None:
    with pytest.raises(AssertionError):
        handled()
