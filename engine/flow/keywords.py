"""The keywords of a flow class, as in `class Order(Flow, starts_on=[...])`: which there are, what each may hold."""

from collections.abc import Iterator, Mapping, Sequence

from engine.core.errors import DefinitionError
from engine.core.words import fold, is_emoji
from engine.flow.problem import suggest
from engine.flow.targets import To
from engine.flow.templates import wrong_plan

KEYWORDS = ("starts_on", "start", "expires", "moved", "closed")


def check_keywords(flow: str, given: Mapping[str, object]) -> None:
    """Refuse keywords that are unknown or hold the wrong thing; a length of time is read by `after`.

    Raises:
        DefinitionError: One line per mistake, beginning with the flow.
    """
    wrong = [f"{flow}: {what}; {todo}" for what, todo in _mistakes(given)]
    if wrong:
        raise DefinitionError("\n".join(wrong))


def _mistakes(given: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in given.items():
        match key:
            case "starts_on":
                yield from _starts_on(value)
            case "start" if not isinstance(value, bool):
                yield f"start={value!r} is neither True nor False", "write start=True"
            case "moved":
                yield from _moved(value)
            case "closed":
                yield from wrong_plan(value)
            case _ if key not in KEYWORDS:
                yield f"{key}= is unknown", suggest(key, KEYWORDS, "{}=")
            case _:
                pass


def _starts_on(words: object) -> Iterator[tuple[str, str]]:
    if isinstance(words, str):
        yield f"starts_on={words!r} is one text", f"write a list: starts_on=[{words!r}]"
    elif not isinstance(words, Sequence | set | frozenset):
        yield f"starts_on={words!r} is no list", 'write one: starts_on=["order", "pizza"]'
    else:
        for word in words:
            if not isinstance(word, str) or not (fold(word) or is_emoji(word)):
                yield f"starts_on holds {word!r}, which nobody can say", "write words in quotes"


def _moved(moved: object) -> Iterator[tuple[str, str]]:
    if moved is None:
        return
    todo = 'write {"old_step": to.new_step}'
    if not isinstance(moved, Mapping):
        yield f"moved={moved!r} does not say what took the place of what", todo
        return
    for old, new in moved.items():
        if not isinstance(old, str) or not isinstance(new, str | To):
            yield f"moved={{{old!r}: {new!r}}} does not lead to a step", todo
