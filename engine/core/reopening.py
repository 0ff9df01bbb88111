"""Questions that are named alone: "change the address", "add a note"; and choices that one of the open one's leads to.

Only what can be told for certain: an answered question of which every word is a name, or a title of one further menu.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from engine.core.choosing import match_words
from engine.core.conversation import Offer
from engine.core.correction import LONGEST, names_question
from engine.core.matching import Match, match_exact, match_fuzzy
from engine.core.meaning import Led, Reopened
from engine.core.stack import top
from engine.core.turn import Turn
from engine.core.words import fold, fold_known


def find_reopened(turn: Turn, body: str) -> Reopened | Led | None:
    """Return the question that a message asks to be put again: a choice further on, or an answered one."""
    for field in _fields(turn, body):
        led = find_led(turn, field)
        if led is not None:
            return led
        for depth in range(len(turn.runs), 0, -1):
            run = turn.runs[depth - 1]
            script = turn.book.scripts.get(run.flow)
            if script is None or any(above.answers for above in turn.runs[depth:]):
                break
            called = script.called(run, turn.scene)
            answered = [step for step in run.offers if step in run.answers]
            steps = [one for one in answered if names_question(turn, field, called.get(one, ()))]
            if steps:
                return Reopened(depth, steps[0]) if len(steps) == 1 else None
    return None


def find_led(turn: Turn, said: str) -> Led | None:
    """Return the choice that a text names in the menus that the open question's options lead to."""
    script, run = top(turn)
    found = []
    for step, options in script.further(run, turn.scene).items():
        offer = Offer(step=step, turn=turn.number, options=options)
        match = (
            match_exact(offer, said)
            or match_fuzzy(offer, said)
            or match_words(offer, said, turn.book.languages.wording)
        )
        if isinstance(match, Match):
            found.append(Led(step, match))
    return found[0] if len(found) == 1 else None


def _fields(turn: Turn, body: str) -> Iterator[str]:
    """Yield what a message calls a question that is to be put again, the own language's ways first."""
    wish = turn.book.languages.wording.bare(fold(body)) if len(body) <= LONGEST else ""
    own = turn.language
    for language in (own, *(one for one in turn.book.languages.all if one is not own)):
        for pattern in _patterns(language.reopen):
            found = pattern.fullmatch(wish)
            # "Something is wrong" names nothing, though a way to a question may be called "Something else".
            if found is not None and not language.small_words.issuperset(found["field"].split()):
                yield found["field"]


@lru_cache(maxsize=64)
def _patterns(ways: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(re.escape(fold_known(way)).replace(r"\{field\}", r"(?P<field>\S.{0,39}?)"))
        for way in ways
    )
