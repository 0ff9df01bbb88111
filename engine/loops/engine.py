"""The engine of one process: wires the loops together, starts them, keeps them alive, stops them in order."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from engine.core.book import Book
from engine.core.errors import StorageError, StoreUnavailable
from engine.core.ids import ConversationId, ExternalId, LineId
from engine.core.signals import Arrival, LineReported
from engine.loops.assigner import NO_TEAMS, Assigner, TeamRules
from engine.loops.batch import BatchSteps
from engine.loops.broadcasts import BroadcastLoop
from engine.loops.code_steps import StepRunner
from engine.loops.follow import Follower
from engine.loops.media import MediaFetcher
from engine.loops.performer import LineSetup, Outcome, Performer
from engine.loops.poster import Poster
from engine.loops.replicas import Replicas
from engine.loops.runner import Runner
from engine.loops.sender import Sender
from engine.loops.teller import Teller
from engine.loops.templates import Templates
from engine.loops.timers import Timers
from engine.loops.typing import Typing
from engine.loops.writer import Writer
from engine.ports import Adapter, Clock, IdFactory, MediaStore, Store
from engine.ports.broadcasts import Broadcasts
from engine.ports.desk import CodeSteps
from engine.ports.helpdesk import NO_HELPDESKS, Helpdesk
from engine.ports.news import NO_HOOKS, Hooks
from engine.ports.outside import Outside
from engine.ports.people import Assigning

log = structlog.get_logger()

STOP_WITHIN_S = 8.0
"""A graceful stop takes at most this long; what has not ended by then goes on after the next start."""

RESTART_AFTER_S = 1.0
"""A loop that died of a fault of ours starts again after this."""

HOUSEKEEPING_S = 60.0

Listener = Callable[[LineId, ConversationId | None], None]
"""Told after each commit which conversations changed; None for something of the line that names none."""

Reported = Callable[[LineId, ExternalId], None]
"""Told after each commit which messages a provider told the status of, by the provider's names."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether this process does its work."""

    loops: dict[str, bool]
    """Each loop's name and whether it runs."""
    accepts: bool
    """Whether it has started and is not stopping."""

    @property
    def is_well(self) -> bool:
        """Whether it takes what comes, and every loop runs."""
        return self.accepts and all(self.loops.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """What this process has done since it started."""

    batches: int
    """Transactions of the writer."""
    batched: int
    """Signals that came in with them."""
    sends: dict[tuple[LineId, str], int]
    """Sends by line and result: `sent`, or how else they ended."""
    paused: dict[LineId, bool]
    """Whether each line waits because its provider refuses the line as a whole."""


class Engine:
    """Takes signals in, steps conversations, sends replies."""

    def __init__(
        self,
        *,
        store: Store,
        adapters: dict[LineId, Adapter],
        books: dict[LineId, Book],
        code_steps: CodeSteps,
        clock: Clock,
        ids: IdFactory,
        media_store: MediaStore,
        owner: int,
        listener: Listener | None = None,
        reported: Reported | None = None,
        outside: Callable[[Outside], None] | None = None,
        shows: Callable[[], bool] = lambda: False,
        hooks: Hooks = NO_HOOKS,
        broadcasts: Broadcasts | None = None,
        templates: Templates | None = None,
        assigning: Assigning | None = None,
        teams: TeamRules = NO_TEAMS,
        helpdesks: Mapping[LineId, Helpdesk] = NO_HELPDESKS,
    ) -> None:
        """Wire the loops; nothing runs before `start`.

        Args:
            store: The durable state.
            adapters: One for each line.
            books: The flows and limits of each line; the same keys as `adapters`.
            code_steps: Runs the authors' steps.
            clock: The time, by line.
            ids: Gives the ids of messages and timers.
            media_store: Keeps the bytes of files.
            owner: This process's number: no two live processes share one.
            listener: Told after each commit what changed.
            reported: Told after each commit of statuses.
            outside: Told what another process wrote, as far as that is known.
            shows: Tells whether `outside` is to be told which chats change at other replicas.
            hooks: The business's own servers, by name.
            broadcasts: Those that are to be handed out; None where nobody can begin one.
            templates: What is known of templates, and keeps it up to date; None knows nothing.
            assigning: The queue and who is there; None where nobody answers chats.
            teams: How each team's chats are shared out.
            helpdesks: The lines whose chats go to their provider's own inbox.
        """
        self._templates = templates
        self._store = store
        self._owner = owner
        self._clock = clock
        self._listener = listener
        self._reported = reported
        self._outside = outside
        self._accepting = False
        self._sender = Sender(
            adapters=adapters,
            store=store,
            clock=clock,
            owner=owner,
            jitter=random.random,
            templates=templates,
        )
        lines = {
            line: LineSetup(books[line], adapter.read_marks, helpdesks.get(line))
            for line, adapter in adapters.items()
        }
        performer = Performer(
            lines=lines,
            clock=clock,
            ids=ids,
            owner=owner,
            departures=self._sender,
            templates=templates,
        )
        follower = Follower(books=books, hooks=hooks, ids=ids)
        steps = BatchSteps(lines=lines, clock=clock, performer=performer, follower=follower)
        self._writer = Writer(
            store=store,
            steps=steps,
            committed=self._committed,
            sends=lambda: self._sender.is_sending,
        )
        self._sender.marks = self._writer
        self._teller = Teller(
            adapters=adapters,
            store=store,
            marks=self._writer,
            clock=clock,
            owner=owner,
            jitter=random.random,
        )
        self._poster = Poster(hooks=hooks, writer=self._writer, clock=clock, jitter=random.random)
        self._posts = bool(hooks)
        self._lines = lines
        self._runner = Runner(store=store, writer=self._writer, lines=lines)
        self._media = MediaFetcher(
            adapters=adapters,
            store=store,
            writer=self._writer,
            clock=clock,
            media_store=media_store,
            fetched=self._tell,
        )
        types = {line for line, adapter in adapters.items() if adapter.capabilities.typing}
        self._code_steps = StepRunner(
            code_steps=code_steps,
            store=store,
            writer=self._writer,
            clock=clock,
            ids=ids,
            fetch=self._media.fetch_now,
            said=self._said,
            capabilities={line: adapter.capabilities for line, adapter in adapters.items()},
            closed={line: book.closed for line, book in books.items()},
            typing=Typing(types, self._sender.show_typing),
            follower=follower,
        )
        self._timers = Timers(
            store=store,
            writer=self._writer,
            clock=clock,
            lines=list(adapters),
            has_time=self._code_steps.has_time,
        )
        self._replicas = Replicas(
            store=store,
            writer=self._writer,
            code_steps=self._code_steps,
            sender=self._sender,
            clock=clock,
            owner=owner,
            lines=list(adapters),
            heard=self._heard,
            shows=shows,
        )
        self._broadcasts = broadcasts and BroadcastLoop(
            broadcasts=broadcasts,
            accept=self.accept,
            room=self._sender.room,
            clock=clock,
            ids=ids,
            owner=owner,
            lines=list(adapters),
        )
        self._assigner: Assigner | None = None
        if assigning is not None and teams.act:
            self._assigner = Assigner(
                assigning=assigning,
                rules=teams,
                accept=self.accept,
                clock=clock,
                lines=list(adapters),
            )
        self._loops: dict[str, asyncio.Task[None]] = {}

    # --- in ---------------------------------------------------------------------------------

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Store signals; returns once they are committed, and stepped where that was possible at once.

        Raises:
            StoreUnavailable: Nothing of them is sure to be stored; the provider should deliver them again.
        """
        if not self._accepting:
            raise StoreUnavailable("the server is stopping")
        await self._writer.accept(arrivals)
        if self._templates is not None:
            for arrival in arrivals:
                if isinstance(arrival.signal, LineReported) and arrival.signal.template is not None:
                    self._templates.heard(arrival.line, arrival.signal.template)

    def wake(self) -> None:
        """Look at everything soon: a clock was moved, or another process wrote."""
        self._timers.wake()
        self._runner.wake()
        self._sender.wake()
        self._teller.wake()
        self._media.wake()
        self._poster.wake()
        if self._broadcasts:
            self._broadcasts.wake()
        if self._assigner:
            self._assigner.wake()

    def _heard(self, told: Outside) -> None:
        """Let those look who have something to do or to show after what another process wrote."""
        if told.is_unknown:
            self.wake()
        if told.signals:
            self._runner.wake()
        if told.sends:
            self._sender.wake()
        if told.handoffs and self._assigner:
            self._assigner.wake()
        if self._outside is not None:
            self._outside(told)

    def health(self) -> Health:
        """Return which loops run."""
        loops = {name: not task.done() for name, task in self._loops.items()}
        return Health(loops, self._accepting)

    def figures(self) -> Figures:
        """Return what was done so far."""
        writer, sender = self._writer, self._sender
        return Figures(writer.batches, writer.batched, sender.sends(), sender.paused())

    # --- life -------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the loops and take up what an earlier process left."""
        if self._templates is not None:
            await self._templates.load()
        self._keep("writer", self._writer.run)
        await self._replicas.begin()
        self._keep("runner", self._runner.run)
        self._keep("sender", self._sender.run)
        self._keep("teller", self._teller.run)
        if self._posts:
            self._keep("poster", self._poster.run)
        self._keep("timers", self._timers.run)
        self._keep("media", self._media.run)
        self._keep("housekeeping", self._housekeeping)
        self._keep("replicas", self._replicas.run)
        if self._templates is not None:
            self._keep("templates", self._templates.run)
        self._accepting = True
        if self._broadcasts:
            await self._broadcasts.begin()
            self._keep("broadcasts", self._broadcasts.run)
        if self._assigner:
            self._keep("assigner", self._assigner.run)

    async def stop(self, within_s: float = STOP_WITHIN_S) -> None:
        """Take nothing new, finish or hand back what runs, write it all down."""
        self._accepting = False
        if self._broadcasts:
            self._broadcasts.stop()
        if self._assigner:
            self._assigner.stop()
        deadline = self._clock.monotonic() + within_s
        self._runner.stop()
        self._timers.stop()
        self._media.stop()
        try:
            async with asyncio.timeout(within_s * 0.75):
                await asyncio.gather(
                    self._sender.stop(),
                    self._teller.stop(),
                    *([self._poster.stop()] if self._posts else []),
                    self._code_steps.stop(within_s * 0.5),
                )
        except TimeoutError:
            log.warning("sends_unfinished_at_stop")
        await self._writer.close()
        writer = self._loops.get("writer")
        if writer is not None:
            await asyncio.wait({writer}, timeout=max(0.1, deadline - self._clock.monotonic()))
        for task in self._loops.values():
            task.cancel()
        await asyncio.gather(*self._loops.values(), return_exceptions=True)

    def _keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self._loops[name] = asyncio.create_task(self._run_again(name, run), name=f"parley-{name}")

    async def _run_again(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a loop until it ends by itself; a fault of ours in it is logged and it starts again."""
        while True:
            try:
                await run()
            except Exception:
                log.exception("loop_failed", loop=name)
                await asyncio.sleep(RESTART_AFTER_S)
            else:
                return

    async def _housekeeping(self) -> None:
        """Forget what is past its time."""
        last_sweep = self._clock.monotonic()
        while True:
            try:
                if self._clock.monotonic() - last_sweep >= HOUSEKEEPING_S:
                    now = self._clock.now()
                    more = await self._writer.write(lambda batch: batch.sweep(now=now))  # noqa: B023
                    if not more:  # what is left is swept in the next round, a second later
                        last_sweep = self._clock.monotonic()
            except StorageError as error:
                log.warning("housekeeping_failed", code=error.code)
            await asyncio.sleep(1.0)

    # --- after a commit ---------------------------------------------------------------------

    def _committed(self, outcome: Outcome) -> None:
        """Perform what a committed batch asks for."""
        if outcome.entries:
            self._sender.depart(outcome.entries)
        if outcome.arrived:
            self._sender.arrived(outcome.arrived)
        for conversation, visit in outcome.steps:
            self._code_steps.start(conversation, visit)
        if outcome.timers:
            self._timers.changed(outcome.timers)
        if outcome.queued:
            self._sender.wake()
        if outcome.told:
            self._teller.wake()
        if outcome.news:
            self._poster.wake()
        if outcome.media:
            self._media.wake()
        if outcome.freed:
            self._runner.wake()
        if outcome.handoffs and self._assigner:
            self._assigner.wake()
        for line, changed in outcome.changed:
            self._tell(line, changed)
        if self._reported is not None:
            for line, external_id in outcome.reported:
                self._reported(line, external_id)

    def _said(self) -> None:
        self._sender.wake()
        self._teller.wake()
        self._poster.wake()

    def _tell(self, line: LineId, conversation: ConversationId | None) -> None:
        if self._listener is not None:
            self._listener(line, conversation)
