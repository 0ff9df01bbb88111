"""Works beside other replicas: hears what they wrote, shares the lines' rates, takes over what one that is gone left.

On SQLite there are none; there it hears of what commands wrote, and takes up at its start what the last process left.
"""

import asyncio
from collections.abc import Callable, Collection

import structlog

from engine.core.conversation import Conversation
from engine.core.errors import StorageError
from engine.core.ids import ConversationId, LineId, VisitId
from engine.loops.code_steps import StepRunner
from engine.loops.sender import Sender
from engine.loops.shares import LOOK_S, Shares
from engine.loops.writer import Writer
from engine.ports import Batch, Clock, Store
from engine.ports.outside import Outside

log = structlog.get_logger()

GUARD_S = 0.5
"""How often is looked whether this process may still be taken to live."""

HOLD_S = 1.2
"""How long nothing is sent after a look at which that was not known."""

NET_S = 10.0
"""How often is looked for what somebody left although nobody was seen to go."""

Visit = tuple[ConversationId, VisitId]


class Replicas:
    """Keeps this process right among the others."""

    def __init__(
        self,
        *,
        store: Store,
        writer: Writer,
        code_steps: StepRunner,
        sender: Sender,
        clock: Clock,
        owner: int,
        lines: Collection[LineId],
        heard: Callable[[Outside], None],
        shows: Callable[[], bool],
    ) -> None:
        """Set up.

        Args:
            store: Hears of the others.
            writer: Writes down what is taken over.
            code_steps: Runs the code steps that are.
            sender: Holds and shares.
            clock: Real time for what is taken over, monotonic time for the looks.
            owner: This process's number.
            lines: Those that this process serves.
            heard: Told what the others left to do or to show.
            shows: Tells whether anybody here wants to know which chats change elsewhere.
        """
        self._store = store
        self._writer = writer
        self._code_steps = code_steps
        self._sender = sender
        self._clock = clock
        self._owner = owner
        self._lines = lines
        self._heard = heard
        self._shows = shows
        self._shares = Shares(owner)
        self._live: frozenset[int] = frozenset()
        self._looked = asyncio.Event()
        """Set by each look, for what is done after it."""
        self._has_left = True
        """Whether somebody may have left something since it was looked for."""
        self._left_at = 0.0
        """When was looked last for what somebody left."""
        self._sought_at = 0.0
        """When was looked last for lost code steps."""
        self._terms = store.terms
        self._suspects: set[Visit] = set()
        """Code steps that are this process's and did not run here at the last look."""
        self._shown_for = 0
        """For how many looks chats have been shown here."""

    async def begin(self) -> None:
        """Take up what earlier processes left, and join those that live. Raises StoreUnavailable."""
        await (
            self._store.changed_outside()
        )  # what was written until now the loops read when they begin
        await self._look()
        await self._take_over(own=True)

    async def run(self) -> None:
        """Hear, look, mend and guard until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hear())
            tasks.create_task(self._mend())
            tasks.create_task(self._guard())

    async def _guard(self) -> None:
        """Begin no send while others may take this process for dead; a look at them could wait for too long."""
        while True:
            if not self._store.is_sure:
                self._sender.hold(HOLD_S)
            await asyncio.sleep(GUARD_S)

    async def _hear(self) -> None:
        looks_at = self._clock.monotonic() + LOOK_S
        while True:
            await self._store.hear(max(0.0, looks_at - self._clock.monotonic()))
            try:
                heard = await self._store.changed_outside()
                if heard:
                    self._heard(heard)
                if heard.replicas or self._clock.monotonic() >= looks_at:
                    looks_at = self._clock.monotonic() + LOOK_S
                    await self._look()
                    now = self._clock.monotonic()
                    looks_at = min(looks_at, now + self._shares.looks_by(now))
            except StorageError as error:
                log.warning("replicas_not_seen", code=error.code)

    # --- looks ------------------------------------------------------------------------------

    async def _look(self) -> None:
        """Look who lives, and share the rates with them: nothing else is waited for, or sends would wait with it."""
        shows, asked_at = self._shows(), self._clock.monotonic()
        live = (await self._store.replicas(shows=shows)).live
        if not live:
            return  # of one that can only be alone
        share = self._shares.looked(
            live,
            terms=self._store.terms,
            asked_at=asked_at,
            answered_at=self._clock.monotonic(),
        )
        self._sender.share(share)
        gone, self._live = self._live - live, live
        if gone:
            log.info("replicas_gone", count=len(gone), live=len(live))
            self._has_left = True
        self._catch_up(shows)
        self._looked.set()

    async def _mend(self) -> None:
        """Take over after each look what was left, and find what was lost."""
        while True:
            await self._looked.wait()
            self._looked.clear()
            try:
                if self._has_left or self._clock.monotonic() - self._left_at >= NET_S:
                    await self._take_over(own=False)
                if self._clock.monotonic() - self._sought_at >= LOOK_S / 2:
                    self._sought_at = self._clock.monotonic()
                    await self._find_lost_steps()
            except StorageError as error:
                log.warning("replicas_not_mended", code=error.code)

    def _catch_up(self, shows: bool) -> None:
        """Look once at all that is shown here when the others have begun to tell of it: they see that a look later."""
        self._shown_for = self._shown_for + 1 if shows else 0
        if self._shown_for == 3:
            self._heard(Outside(many=True))

    async def _take_over(self, *, own: bool) -> None:
        """Take over what processes that are gone had under way; with `own` also one of this number.

        Two that do so at once do not meet: who looks whether an owner lives keeps the others from it until its commit.
        """
        self._has_left = False  # who goes from here on is looked for again
        now = self._clock.now()

        async def take(batch: Batch) -> tuple[int, list[Conversation]]:
            sends = await batch.adopt_orphans(owner=self._owner, now=now, own=own)
            await batch.news.take_over(own=own)
            batch.taken.free_media(own=own)
            left = await batch.taken.left_steps(self._lines, own=own)
            held = await batch.claim(left) if left else {}
            batch.taken.steps([(one.line, one.id) for one in held.values()])
            return sends, list(held.values())

        try:
            sends, steps = await self._writer.write(take)
        except StorageError:
            self._has_left = True
            raise
        self._left_at = self._clock.monotonic()
        self._code_steps.take_up(steps)
        if sends:
            log.info("sends_left_unknown", count=sends)
        if steps:
            log.info("code_steps_taken_over", count=len(steps))

    async def _find_lost_steps(self) -> None:
        """Run the code steps of a commit that nobody was told of, because its connection broke.

        One that does not run here at two of these looks is lost: between a commit and its start is less than that.
        """
        terms = self._store.terms
        if terms == self._terms and not self._suspects:
            return
        busy = await self._store.busy_conversations(own=True)
        self._terms = terms  # only now: a look that failed is made again
        idle = {
            (one.id, one.busy.visit): one
            for one in busy
            if one.busy is not None and one.line in self._lines and not self._code_steps.runs(one)
        }
        lost = [one for visit, one in idle.items() if visit in self._suspects]
        self._suspects = idle.keys() - self._suspects
        self._code_steps.take_up(lost)
