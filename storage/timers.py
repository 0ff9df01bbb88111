"""A batch's timer changes, in the order given, as one set of deletions and one of insertions behind it."""

from collections.abc import Iterator, Sequence

from engine.core.effects import StartTimer
from engine.ports import TimerChange
from storage import statements
from storage.columns import stamp
from storage.statement import Call, Cell

Cells = tuple[Cell, ...]


def change(changes: Sequence[TimerChange]) -> Iterator[Call]:
    """Yield what does the changes, in the order given."""
    cancels, starts = fold(changes)
    if cancels:
        yield Call(statements.CANCEL_TIMERS, cancels)
    if starts:
        yield Call(statements.START_TIMERS, starts)


def fold(changes: Sequence[TimerChange]) -> tuple[list[Cells], list[Cells]]:
    """Return the rows of CANCEL_TIMERS and of START_TIMERS that together do what the changes do one by one.

    A start behind a cancellation survives it; one before it never reaches the database.
    """
    starts: dict[Cells, Cells] = {}
    cancels: dict[Cells, None] = {}
    for change in changes:
        effect, place = change.effect, (change.line, change.conversation)
        if isinstance(effect, StartTimer):
            key = (*place, effect.run, effect.purpose)
            starts[key] = (*key, change.id, effect.visit, stamp(effect.due_at))
            continue
        cancel = (*place, effect.run, effect.purpose, effect.timer)
        cancels[cancel] = None
        for started in [key for key, row in starts.items() if _covers(cancel, row)]:
            del starts[started]
    return sorted(cancels, key=_place), sorted(starts.values(), key=_place)


def _covers(cancel: Cells, row: Cells) -> bool:
    """Tell whether a timer's row (place, run, purpose, id and more) is what the cancellation means."""
    return all(asked in (None, own) for own, asked in zip(row, cancel, strict=False))


def _place(cells: Cells) -> Cells:
    return cells[:2]
