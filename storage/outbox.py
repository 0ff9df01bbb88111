"""What becomes of sends: marks of our own, reports of providers, entries to take up, sends nobody knows about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple, TypeVar

import orjson

from engine.core import limits
from engine.core.ids import ConversationId, LineId, MessageId, SignalId
from engine.core.signals import DeliveryReported, Status
from engine.ports import Direction, OutboxEntry, RefusedMessage, SendMark
from storage import closing, outbox_statements, statements
from storage.clean import clean_text, maybe_clean
from storage.columns import maybe_stamp, stamp
from storage.json_text import dump_json, dump_value
from storage.mapping import load_entry, load_refused, load_signal
from storage.postgres import OWNER_SPACE
from storage.statement import Call, Cell, Rows
from storage.transaction import Transaction

RANKS = {"sent": 1, "failed": 2, "delivered": 3, "read": 4, "played": 5}
"""Reports that change a message's status, by how much they tell; the statements hold the same order."""

K = TypeVar("K")
Report = tuple[LineId, SignalId, DeliveryReported]


class _Heard(NamedTuple):
    """All that a batch's reports say of one message."""

    most: DeliveryReported
    """The one that tells most."""
    times: dict[Status, datetime]
    """When it came to each status."""


class Outbox:
    """The outbox side of one transaction."""

    def __init__(self, transaction: Transaction, *, owner: int | None = None) -> None:
        self._transaction = transaction
        self._owner = owner

    def mark(self, marks: Sequence[SendMark]) -> None:
        """Write what became of sends, then look for statuses that came before."""
        latest = {(mark.line, mark.id): mark for mark in marks}
        rows = [_mark_cells(latest[key]) for key in sorted(latest)]
        self._transaction.later(Call(outbox_statements.MARK_SENDS, rows, (self._owner,)))
        self._replace(latest)
        exchanges = [
            (mark.line, mark.id, stamp(mark.at), dump_json(mark.exchange))
            for mark in marks
            if mark.exchange is not None
        ]
        if exchanges:
            self._transaction.later(Call(outbox_statements.ADD_EXCHANGES, sorted(exchanges)))
        named = sorted({(m.line, clean_text(m.external_id)) for m in marks if m.external_id})
        if named:
            now = max(mark.at for mark in marks)
            self._transaction.later(
                Call(outbox_statements.AWAITING, named), lambda rows: self._catch_up(rows, now)
            )

    def _replace(self, marks: Mapping[tuple[LineId, MessageId], SendMark]) -> None:
        replaced = [
            (*key, dump_value(mark.instead))
            for key, mark in sorted(marks.items())
            if mark.instead is not None
        ]
        if replaced:
            self._transaction.later(Call(outbox_statements.REPLACE_CONTENT, replaced))

    async def refused(
        self, reports: Sequence[tuple[LineId, DeliveryReported]]
    ) -> list[RefusedMessage]:
        """Return the messages that failed as these reports say."""
        keys = sorted(
            (line, report.message or 0, clean_text(report.external_id), clean_text(error.code))
            for line, report in reports
            for error in report.errors[:1]
        )
        (rows,) = await self._transaction.ask(Call(closing.REFUSED, keys))
        return list({row[1]: load_refused(row) for row in rows}.values())

    def put_back(self, marks: Sequence[SendMark]) -> None:
        """Hold or queue failed messages."""
        by_key = {(mark.line, mark.id): mark for mark in marks}
        rows = [(*key, by_key[key].status, stamp(by_key[key].at)) for key in sorted(by_key)]
        self._transaction.later(Call(closing.PUT_BACK, rows))
        self._replace(by_key)

    def _catch_up(self, rows: Rows, now: datetime) -> None:
        """Apply statuses that waited for their message."""
        if not rows:
            return
        reports = [
            (LineId(line), SignalId(signal), load_signal(content)) for line, signal, content in rows
        ]
        refusals = sorted(
            (line, signal, clean_text(report.external_id))
            for line, signal, report in reports
            if report.is_late_refusal
        )
        if refusals:
            self._transaction.later(Call(closing.HAND_ON, refusals))
            reports = [one for one in reports if not one[2].is_late_refusal]
        self._apply(reports, now)
        at = stamp(now)
        handled = sorted((line, signal, at) for line, signal, _ in reports)
        self._transaction.later(Call(statements.SET_HANDLED, handled))

    def report(self, reports: Sequence[Report], now: datetime) -> None:
        """Raise the messages' status; what speaks of a message not known yet waits."""
        self._apply(reports, now)
        rows = sorted(
            (line, signal, clean_text(report.external_id), report.message)
            for line, signal, report in reports
            if report.status in RANKS
        )
        if rows:
            self._transaction.later(Call(outbox_statements.AWAIT_MESSAGE, rows))

    def _apply(self, reports: Sequence[Report], now: datetime) -> None:
        by_id: dict[tuple[LineId, int], _Heard] = {}
        by_external_id: dict[tuple[LineId, str], _Heard] = {}
        for line, _, report in reports:
            if report.status not in RANKS:
                continue
            _hear(by_external_id, (line, clean_text(report.external_id)), report)
            if report.message is not None:
                _hear(by_id, (line, report.message), report)
        # By our own id first: that sets the external id, which the others are then found by.
        if by_id:
            rows = [(*key, *_report_cells(by_id[key])) for key in sorted(by_id)]
            self._transaction.later(Call(outbox_statements.REPORT_BY_ID, rows))
        if by_external_id:
            others = [
                (key[0], *_report_cells(by_external_id[key])) for key in sorted(by_external_id)
            ]
            self._transaction.later(Call(outbox_statements.REPORT_BY_EXTERNAL_ID, others))
        self._apply_aliases(reports, by_external_id, now)

    def _apply_aliases(
        self,
        reports: Sequence[Report],
        by_external_id: Mapping[tuple[LineId, str], _Heard],
        now: datetime,
    ) -> None:
        """Remember messages' second ids, and apply what came or waits under these."""
        named = sorted(
            {
                (line, clean_text(report.external_id), clean_text(report.alias))
                for line, _, report in reports
                if report.alias is not None and report.alias != report.external_id
            }
        )
        if named:
            self._transaction.later(Call(outbox_statements.SET_ALIASES, named))
        unsure = [
            (line, *_report_cells(heard))
            for (line, _), heard in sorted(by_external_id.items(), key=itemgetter(0))
            if heard.most.alias == heard.most.external_id
        ]
        if unsure:
            self._transaction.later(Call(outbox_statements.REPORT_BY_ALIAS, unsure))
        if named:
            aliases = sorted({(line, alias) for line, _, alias in named})
            self._transaction.later(
                Call(outbox_statements.AWAITING_ALIAS, aliases),
                lambda rows: self._catch_up(rows, now),
            )

    async def take(
        self,
        *,
        owner: int,
        now: datetime,
        busy: Sequence[ConversationId],
        limit: int,
        direction: Direction,
    ) -> list[OutboxEntry]:
        """Take up what may go now in one direction."""
        grace, waits = now - limits.STATUS_GRACE, now - limits.STATUS_WAITS
        times = tuple(map(stamp, (now, grace, waits, now + limits.CLOCKS_APART)))
        (ready,) = await self._transaction.ask(
            Call(
                outbox_statements.FIND_READY,
                scalars=(*times, direction, orjson.dumps(list(busy)).decode(), limit),
            )
        )
        if not ready:
            return []
        keys = sorted((line, conversation) for line, conversation in ready)
        (rows,) = await self._transaction.ask(
            Call(outbox_statements.READ_READY, keys, (*times, direction))
        )
        entries = [load_entry(row) for row in rows]
        if entries:
            taken = sorted((entry.line, entry.id, owner, times[0]) for entry in entries)
            self._transaction.later(Call(outbox_statements.TAKE_ENTRIES, taken))
        return entries

    async def adopt(self, *, owner: int, now: datetime, own: bool) -> int:
        """Make sends of dead owners uncertain."""
        (rows,) = await self._transaction.ask(
            Call(outbox_statements.FIND_ORPHANS, scalars=(owner, own, OWNER_SPACE))
        )
        if rows:
            at = stamp(now)
            orphans = [(line, message, at) for line, message in rows]
            self._transaction.later(Call(outbox_statements.SET_UNCERTAIN, orphans))
        return len(rows)


def _hear(heard: dict[K, _Heard], key: K, report: DeliveryReported) -> None:
    """Add a report to what is known of its message: one row a message is enough, however many came."""
    before = heard.get(key)
    if before is None:
        heard[key] = _Heard(report, {report.status: report.at})
        return
    before.times.setdefault(report.status, report.at)
    if RANKS[report.status] > RANKS[before.most.status]:
        heard[key] = before._replace(most=report)


def _report_cells(heard: _Heard) -> tuple[Cell, ...]:
    """Make the cells of a report's common columns."""
    report = heard.most
    error = report.errors[0] if report.errors and report.status == "failed" else None
    return (
        report.status,
        stamp(report.at),
        None if error is None else clean_text(error.code),
        None if error is None else maybe_clean(error.details or error.title),
        clean_text(report.external_id),
        *(maybe_stamp(heard.times.get(status)) for status in outbox_statements.REPORTED),
    )


def _mark_cells(mark: SendMark) -> tuple[Cell, ...]:
    """Make the row of MARK_SENDS."""
    return (
        mark.line,
        mark.conversation,
        mark.id,
        mark.status,
        stamp(mark.at),
        mark.external_id and clean_text(mark.external_id),
        mark.attempts,
        maybe_stamp(mark.retry_at),
        mark.error_code and clean_text(mark.error_code),
        mark.error and clean_text(mark.error),
        mark.maybe_twice,
    )
