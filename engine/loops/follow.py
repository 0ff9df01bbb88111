"""Follows messages after they were said: tells the runs that wait for them, and the business's own servers.

Where no flow waits and no server is configured it asks the database nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from engine.core.book import Book
from engine.core.conversation import Conversation
from engine.core.ids import ConversationId, ExternalId, LineId, MessageId, NewsId
from engine.core.signals import Arrival, DeliveryReported, MessageSettled
from engine.core.step import Step
from engine.core.turn import RunEnded
from engine.core.value import Json
from engine.loops.handed import told_of
from engine.ports import Batch, MessageRow, MessageStatus, SendMark, Standing
from engine.ports.news import Hooks, News, NewsKind

_TOLD: frozenset[MessageStatus] = frozenset(
    ("sent", "delivered", "read", "played", "failed", "uncertain", "held", "cancelled", "stale")
)
"""What servers are told of: where a message came to rest, for the time being."""

_REPORTED: frozenset[MessageStatus] = frozenset(("delivered", "read", "played", "failed"))


class Follower:
    """What has to be told of one batch."""

    def __init__(
        self, *, books: Mapping[LineId, Book], hooks: Hooks, ids: Callable[[], int]
    ) -> None:
        """Set up.

        Args:
            books: Of each line: whether its flows wait for messages.
            hooks: The business's servers by name.
            ids: Gives the ids of news.
        """
        self._hooks = hooks
        self._ids = ids
        self.tells = bool(hooks)
        """Whether any server is told anything."""
        self._watching = {line for line, book in books.items() if book.watches}
        self.follows = {
            line
            for line in books
            if line in self._watching or self._is_told(line, "message_status")
        }
        """The lines whose messages' statuses anybody waits for."""

    def _is_told(self, line: LineId, kind: NewsKind) -> bool:
        return any(hook.wants(line, kind) for hook in self._hooks.values())

    # --- statuses -----------------------------------------------------------------------------

    async def statuses(
        self,
        batch: Batch,
        marks: Sequence[SendMark],
        reports: Sequence[tuple[LineId, DeliveryReported]],
        at: Callable[[LineId], datetime],
        now: datetime,
    ) -> tuple[list[Arrival], bool]:
        """Return the signals of messages that runs wait for and that have come to rest; tell the servers.

        Args:
            batch: It has written the marks and the reports already.
            marks: Its own.
            reports: Those of providers.
            at: The time on a line.
            now: The real time.

        Returns:
            The signals, and whether a server has something to be told.
        """
        if not self.follows:
            return [], False
        marked = {
            (mark.line, mark.id): mark.status
            for mark in marks
            if mark.line in self.follows and mark.status in _TOLD
        }
        said: dict[tuple[LineId, ExternalId], set[str]] = {}
        for line, report in reports:
            if line in self.follows:
                said.setdefault((line, report.external_id), set()).add(report.status)
        if not marked and not said:
            return [], False
        named = [(line, r.message) for line, r in reports if r.message and line in self.follows]
        standings = await batch.standings([*marked, *named], list(said))
        changed = [one for one in standings if _is_new(one, marked, said)]
        news = [one for standing in changed for one in self._status(standing)]
        if news:
            batch.news.add(news, now=now)
        return await self._settled(batch, standings, at), bool(news)

    async def coming(
        self, batch: Batch, conversations: Collection[tuple[LineId, ConversationId]]
    ) -> list[tuple[LineId, MessageId]]:
        """Return the messages that these conversations have coming, where a server is told of their fate."""
        told = [key for key in conversations if self._is_told(key[0], "message_status")]
        return await batch.waiting_messages(told) if told else []

    async def taken_back(
        self, batch: Batch, coming: Sequence[tuple[LineId, MessageId]], *, now: datetime
    ) -> bool:
        """Tell the servers which of these messages were cancelled or dropped; True where one has to be told."""
        ended = [
            one for one in await batch.standings(coming, []) if one.status in ("cancelled", "stale")
        ]
        news = [one for standing in ended for one in self._status(standing)]
        if news:
            batch.news.add(news, now=now)
        return bool(news)

    async def _settled(
        self, batch: Batch, standings: Iterable[Standing], at: Callable[[LineId], datetime]
    ) -> list[Arrival]:
        arrivals = [
            arrival for one in standings if (arrival := _arrival(one, at(one.line))) is not None
        ]
        settled = [
            (arrival.line, arrival.signal.message)
            for arrival in arrivals
            if isinstance(arrival.signal, MessageSettled)
        ]
        if settled:
            await batch.unwatch(settled)
        return arrivals

    def _status(self, standing: Standing) -> Iterable[News]:
        error: Json = None
        if standing.error_code is not None:
            error = {"code": standing.error_code, "text": standing.error}
        facts: Json = {"status": standing.status, "error": error}
        return self._news(
            "message_status", standing.line, standing.conversation, standing.at, standing.id, facts
        )

    # --- messages and flows ------------------------------------------------------------------------

    def messages(
        self,
        batch: Batch,
        rows: Sequence[MessageRow],
        *,
        now: datetime,
        ended: Collection[MessageId] = (),
    ) -> bool:
        """Tell the servers of messages in and out; True where one has something to be told.

        Args:
            batch: Where they are written.
            rows: The messages; one that is held at once is told as such, too.
            now: The real time.
            ended: Those of them that have come to rest already, whose status is told by itself.
        """
        news: list[News] = []
        for row in rows:
            if row.direction != "beside" and row.content.kind != "read_mark":
                kind: NewsKind = "message_received" if row.direction == "in" else "message_said"
                place = (row.line, row.conversation, row.at, row.id)
                news += self._news(kind, *place, None)
                if row.status == "held" and row.id not in ended:
                    held: Json = {"status": "held", "error": None}
                    news += self._news("message_status", *place, held)
        if news:
            batch.news.add(news, now=now)
        return bool(news)

    def results(self, batch: Batch, steps: Iterable[Step], *, now: datetime) -> bool:
        """Tell the servers of runs that came to their end; True where one has something to be told."""
        news = [
            one
            for step in steps
            for ended in step.ended
            for one in self._news(
                "flow_ended",
                step.conversation.line,
                step.conversation.id,
                now,
                None,
                _result(ended),
            )
        ]
        if news:
            batch.news.add(news, now=now)
        return bool(news)

    def handoffs(
        self, batch: Batch, turns: Iterable[tuple[Conversation, Step]], *, now: datetime
    ) -> bool:
        """Tell the servers who has which chat now; True where one has something to be told."""
        news = [
            one
            for before, step in turns
            for facts in told_of(before, step)
            for one in self._news(
                "handoff_changed",
                step.conversation.line,
                step.conversation.id,
                now,
                None,
                facts,
            )
        ]
        if news:
            batch.news.add(news, now=now)
        return bool(news)

    def _news(
        self,
        kind: NewsKind,
        line: LineId,
        conversation: ConversationId,
        at: datetime,
        message: MessageId | None,
        facts: Json,
    ) -> Iterable[News]:
        return [
            News(NewsId(self._ids()), name, line, conversation, kind, at, message, facts)
            for name, hook in self._hooks.items()
            if hook.wants(line, kind)
        ]


def _is_new(
    one: Standing,
    marked: Mapping[tuple[LineId, MessageId], MessageStatus],
    said: Mapping[tuple[LineId, ExternalId], set[str]],
) -> bool:
    """Tell whether this batch brought the message to where it stands; a late report of less changes nothing."""
    mark = marked.get((one.line, one.id))
    if mark == one.status or (mark == "sent" and one.status in _REPORTED):
        return (
            True  # the second: a report had come first, and waited; told twice it has the same id
        )
    names = [name for name in (one.external_id, one.alias) if name is not None]
    return any(
        one.status in (statuses := said.get((one.line, name), ()))
        or ("sent" in statuses and one.status in _REPORTED)
        or ("failed" in statuses and one.status == "held")  # refused late for a closed window
        for name in names
    )


def _arrival(standing: Standing, at: datetime) -> Arrival | None:
    """Return the signal for the run that waits, if this is what it waits for."""
    watch = standing.watch
    status = None if watch is None else watch.outcome(standing.status)
    if watch is None or status is None:
        return None
    error = ": ".join(filter(None, (standing.error_code, standing.error)))
    told = (error or standing.status) if status == "failed" else None
    signal = MessageSettled(message=standing.id, watch=watch, status=status, error=told)
    return Arrival(
        line=standing.line,
        key=f"settled:{standing.id}:{status}",
        signal=signal,
        received_at=at,
        conversation=standing.conversation,
    )


def _result(ended: RunEnded) -> Json:
    run = ended.run
    return {
        "flow": run.flow,
        "run": run.id,
        "complete": ended.is_complete,
        "answers": dict(run.answers),
        "shown": dict(run.shown),
    }
