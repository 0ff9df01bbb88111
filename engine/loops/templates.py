"""Keeps what is known of templates: from the database at start, from providers every few hours and when they tell.

A message is measured against it without any wait. What was learned of a template that does not fit, or is unknown, is
asked for anew: it may have been approved a minute ago.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from engine.core.content import Template
from engine.core.errors import ContentRejected, SendError, StorageError
from engine.core.ids import LineId
from engine.core.previews import FilledTemplate, fill
from engine.core.templates import (
    Known,
    KnownTemplate,
    TemplateChange,
    by_name,
    canonical,
    changed,
    chosen,
    fit,
)
from engine.ports import Adapter, Clock
from engine.ports.services import TemplateBook, TemplateInfo
from engine.ports.templates import TemplateStore

log = structlog.get_logger()

FRESH = timedelta(minutes=5)
"""What another process, or this one before its restart, has synced so lately is not asked for again at start."""

SOON_S = 60.0
"""How long after one sync of a line an event, or a message that does not fit, may ask for the next."""

RETRY_FIRST_S = 60.0
"""How long after a sync that failed the line is asked again; twice as long each time, up to the interval."""

LOOK_S = 60.0
"""How often the database is asked whether another process has synced."""

LIST_WITHIN_S = 300.0
"""How long a provider may take for its whole list."""


class NoShapes:
    """Knows no template: every one passes."""

    def known(self, line: LineId, name: str) -> Sequence[KnownTemplate]:
        """Return nothing."""
        return ()

    def fitted(self, line: LineId, template: Template) -> Template:
        """Return the message as it is."""
        return template


class _Line:
    """What is known of one line's templates, and when they are asked for."""

    def __init__(self, book: TemplateBook | None) -> None:
        self.book = book
        self.known: Known | None = None
        """None until they were synced once."""
        self.due_s = 0.0
        """When, in monotonic time, they are asked for again."""
        self.asked_s = -SOON_S
        self.failures = 0
        self.mark: object = None
        self.told: set[str] = set()
        """Unknown names that the log has."""


class Templates:
    """What is known of the templates of all lines.

    Args:
        adapters: By line; those whose provider lists templates are synced.
        store: Keeps what was synced.
        clock: The time.
        language: The lines' own, for a contact whose language a template is not in.
        every: How often a provider is asked; None never, then the command does it.
        written: What the author wrote into `templates.toml`, for lines that were never synced.
    """

    def __init__(
        self,
        *,
        adapters: Mapping[LineId, Adapter],
        store: TemplateStore,
        clock: Clock,
        language: str | None = None,
        every: timedelta | None = None,
        written: Sequence[KnownTemplate] = (),
    ) -> None:
        self._lines = {
            line: _Line(adapter.services.templates) for line, adapter in adapters.items()
        }
        self._store = store
        self._clock = clock
        self._language = language
        self._every_s = None if every is None else every.total_seconds()
        self._written = by_name(written)
        self._changes: list[tuple[LineId, TemplateChange]] = []
        self._more = asyncio.Event()
        self._looked_s = 0.0

    # --- asked by whoever sends or shows ----------------------------------------------------

    def known(self, line: LineId, name: str) -> Sequence[KnownTemplate]:
        """Return every language of a template on a line; empty where nothing is known of it."""
        state = self._lines.get(line)
        if state is None or state.known is None:
            return self._written.get(name, ())
        return state.known.get(name, ())

    def fitted(self, line: LineId, template: Template) -> Template:
        """Return a message as it may leave.

        Raises:
            ContentRejected: It may not go; the text says what to do.
        """
        known = self.known(line, template.name)
        if not known:
            self._tell_unknown(line, template.name)
            return template
        try:
            return fit(known, template, language=self._language)
        except ContentRejected:
            self._ask_soon(line)
            raise

    def words(self, line: LineId, template: Template) -> FilledTemplate | None:
        """Return a message as the contact sees it; None where nothing is known of the template's parts."""
        one = chosen(self.known(line, template.name), template, language=self._language)
        return None if one is None or one.shape is None else fill(one.shape, template)

    def heard(self, line: LineId, change: TemplateChange) -> None:
        """Take what a provider told of a template: it counts at once, is stored, and is asked for soon."""
        state = self._lines.get(line)
        if state is None:
            return
        if state.known is not None:
            state.known = {
                name: tuple(changed(one, change) for one in languages)
                for name, languages in state.known.items()
            }
        if change.name is not None:
            self._changes.append((line, change))
            self._more.set()
        self._ask_soon(line)

    def added(self, line: LineId, one: KnownTemplate) -> None:
        """Take in a template that was just handed in; the provider's list is asked for soon."""
        state = self._lines[line]
        if state.known is not None:
            code = canonical(one.language)
            others = state.known.get(one.name, ())
            kept = [other for other in others if canonical(other.language) != code]
            state.known = {**state.known, one.name: (*kept, one)}
        self._ask_soon(line)

    def _tell_unknown(self, line: LineId, name: str) -> None:
        state = self._lines.get(line)
        if state is not None and name not in state.told:
            state.told.add(name)
            log.info("template_unknown", line=line, template=name)
            self._ask_soon(line)

    def _ask_soon(self, line: LineId) -> None:
        state = self._lines.get(line)
        if state is not None and self._every_s is not None and state.book is not None:
            state.due_s = min(state.due_s, state.asked_s + SOON_S)
            self._more.set()

    # --- the loop ---------------------------------------------------------------------------

    async def load(self) -> None:
        """Take up what was synced earlier. Raises StoreUnavailable."""
        marks = await self._store.marks()
        for line, state in self._lines.items():
            stored = await self._store.stored(line)
            if stored.synced_at is None:
                continue
            state.known = by_name([one.known for one in stored.templates])
            state.mark = marks.get(line)
            age = self._clock.now() - stored.synced_at
            if age < FRESH and self._every_s is not None:
                state.due_s = self._clock.monotonic() + self._every_s - age.total_seconds()

    async def run(self) -> None:
        """Sync what is due, when told and in time, until cancelled."""
        while True:
            self._more.clear()
            await self.look()
            try:
                async with asyncio.timeout(self._pause_s()):
                    await self._more.wait()
            except TimeoutError:
                pass

    async def look(self) -> None:
        """Store what was told, take up what other processes synced, and ask the providers that are due."""
        try:
            while self._changes:
                await self._store.change(*self._changes[0])
                self._changes.pop(0)
            if self._clock.monotonic() >= self._looked_s + LOOK_S:
                await self._take_up()
                self._looked_s = self._clock.monotonic()
        except StorageError as error:
            log.warning("templates_not_stored", code=error.code)
        if self._every_s is not None:
            for line, state in self._lines.items():
                if state.book is not None and state.due_s <= self._clock.monotonic():
                    await self._sync(line, state, state.book)

    def _pause_s(self) -> float:
        now = self._clock.monotonic()
        ends = [self._looked_s + LOOK_S]
        if self._every_s is not None:
            ends += [state.due_s for state in self._lines.values() if state.book is not None]
        return max(0.0, min(ends) - now)

    async def _take_up(self) -> None:
        """Read a line's templates again where another process, such as the command, has synced them."""
        for line, mark in (await self._store.marks()).items():
            state = self._lines.get(line)
            if state is not None and mark != state.mark:
                stored = await self._store.stored(line)
                state.known = by_name([one.known for one in stored.templates])
                state.mark = mark

    async def _sync(self, line: LineId, state: _Line, book: TemplateBook) -> None:
        assert self._every_s is not None
        state.asked_s = self._clock.monotonic()
        try:
            async with asyncio.timeout(LIST_WITHIN_S):
                found = await book.list()
            await self._keep(line, state, found)
        except (SendError, StorageError, TimeoutError) as error:
            wait = min(RETRY_FIRST_S * 2**state.failures, self._every_s)
            state.failures += 1
            state.due_s = self._clock.monotonic() + wait
            code = getattr(error, "code", "timeout")
            log.warning("templates_not_synced", line=line, code=code, seconds=round(wait))
            return
        state.failures = 0
        state.due_s = self._clock.monotonic() + self._every_s

    async def _keep(self, line: LineId, state: _Line, found: Sequence[TemplateInfo]) -> None:
        await self._store.save(line, found, now=self._clock.now())
        state.known = by_name([one.known for one in found])
        state.told.clear()
        state.mark = (await self._store.marks()).get(line)
        approved = sum(one.status == "approved" for one in found)
        log.info("templates_synced", line=line, count=len(found), approved=approved)
