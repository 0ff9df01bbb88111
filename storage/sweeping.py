"""What is past its time: signals that no provider will deliver again, statuses that never met their message."""

from datetime import datetime, timedelta

from engine.core import limits
from storage import statements
from storage.columns import stamp
from storage.statement import Call
from storage.transaction import Transaction

REPORT_WAITS = timedelta(days=1)
"""How long a status waits for the message it speaks of; after this it was never ours."""

SWEEP_MOST = 500
"""Signals of a line forgotten in one sweep, so that a batch with a sweep in it stays within some 50 ms."""


async def sweep(transaction: Transaction, now: datetime) -> bool:
    """Forget signals after SIGNAL_KEPT and give up statuses; True where more of it is left than one sweep forgets."""
    before = stamp(now - limits.SIGNAL_KEPT)
    given_up = (stamp(now), stamp(now - REPORT_WAITS))
    lines, _ = await transaction.ask(
        Call(statements.SIGNAL_LINES), Call(statements.GIVE_UP_REPORTS, scalars=given_up)
    )
    forgotten = await transaction.ask(
        *(Call(statements.FORGET_SIGNALS, scalars=(line, SWEEP_MOST, before)) for (line,) in lines)
    )
    return any(len(rows) == SWEEP_MOST for rows in forgotten)
