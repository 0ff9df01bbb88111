"""Several calls as one statement, for PostgreSQL: each trip there costs as much as writing ten rows.

The parts of one statement see the database as it was before any of them, and run in no order. So only calls are put
together of which none names a table that another one writes, and of which one at the most answers.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from storage.statement import BEGIN, COMMIT, Statement

_WRITTEN = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
_NAMED = re.compile(r"\b(?:INTO|UPDATE|FROM|JOIN|USING) (\w+)")
_PARAMETER = re.compile(r"\$(\d+)")
_SILENT = ("INSERT ", "UPDATE ", "DELETE ")


class Fused(NamedTuple):
    """One statement for several calls."""

    text: str
    calls: tuple[int, ...]
    """Which they are, in the order of their parameters."""
    answers: int
    """Whose rows come back."""


class _Group:
    """Calls that go together so far."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.texts: list[str] = []
        self.answers: int | None = None
        self._written: set[str] = set()
        self._named: set[str] = set()

    def takes(self, text: str) -> bool:
        """Tell whether a call may go with these."""
        if not self.calls:
            return True
        if not _is_silent(text) and self.answers is not None:
            return False
        return not (_written(text) & self._named or _named(text) & self._written)

    def add(self, call: int, text: str) -> None:
        """Let a call go with these."""
        if not _is_silent(text):
            self.answers = call
        self.calls.append(call)
        self.texts.append(text)
        self._written |= _written(text)
        self._named |= _named(text)

    def fused(self) -> Fused:
        """Write the statement: the call that answers last, the others before it as parts of a WITH."""
        answers = self.calls[-1] if self.answers is None else self.answers
        order = [call for call in self.calls if call != answers] + [answers]
        texts, shift = [], 0
        for call in order:
            text, shift = _shifted(self.texts[self.calls.index(call)], shift)
            texts.append(text)
        *parts, last = texts
        if parts:
            within = ", ".join(f"part_{place} AS ({text})" for place, text in enumerate(parts))
            more = f", {last.removeprefix('WITH ')}" if last.startswith("WITH ") else f" {last}"
            last = f"WITH {within}{more}"
        return Fused(last, tuple(order), answers)


@lru_cache(maxsize=512)
def fused(statements: tuple[Statement, ...]) -> Sequence[Fused]:
    """Put calls of these statements together as far as that changes nothing, in their order."""
    groups = [_Group()]
    for call, statement in enumerate(statements):
        alone = statement in (BEGIN, COMMIT)
        if alone or not groups[-1].takes(statement.postgres):
            groups.append(_Group())
        groups[-1].add(call, statement.postgres)
        if alone:
            groups.append(_Group())
    return [group.fused() for group in groups if group.calls]


def _is_silent(text: str) -> bool:
    """Tell whether a statement answers nothing and runs to its end as a part of another: a question would not."""
    return text.startswith(_SILENT) and " RETURNING " not in text


def _written(text: str) -> set[str]:
    return set(_WRITTEN.findall(text))


def _named(text: str) -> set[str]:
    return set(_NAMED.findall(text))


def _shifted(text: str, by: int) -> tuple[str, int]:
    """Number a statement's parameters on from another's; return the last number, too."""
    last = max((int(number) for number in _PARAMETER.findall(text)), default=0)
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + by}", text), by + last
