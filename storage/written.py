"""Short writes of commands and pages, each a few statements; the loops have their batches.

Writes that wait at the same time go in one transaction: a commit costs the same whatever is in it, and each one keeps
the loops' next batch waiting.
"""

from dataclasses import dataclass

from engine.core.errors import StorageError, ValueRefused
from engine.ports.outside import NOTHING, UNKNOWN, Outside
from storage.database import Database
from storage.notices import notice
from storage.statement import Call, Rows
from storage.transaction import Transaction, to_the_end


@dataclass(slots=True)
class Write:
    """One caller's statements, and what came of them."""

    calls: tuple[Call, ...]
    tells: Outside
    answers: list[Rows] | None = None
    error: StorageError | None = None


async def written(database: Database, *calls: Call, tells: Outside = UNKNOWN) -> list[Rows]:
    """Run these calls in one transaction, tell the other processes, and return the answers.

    Args:
        database: Where to.
        calls: What is run.
        tells: What of it leaves the others something to do or to show.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    mine = Write(calls, tells)
    database.waiting.append(mine)
    async with database.write_lock:
        if mine.answers is None and mine.error is None:
            # For all who wait, who find theirs done when the lock comes to them: who is cancelled, as a page that goes
            # away is, still learns for the others whether it was committed.
            await to_the_end(_write(database, mine))
    if mine.error is not None:
        raise mine.error
    assert mine.answers is not None
    return mine.answers


async def _write(database: Database, leader: Write) -> None:
    """Write all that waits; where one of them is refused for what it holds, each by itself."""
    together, database.waiting = database.waiting, []
    try:
        await _commit(database, together)
    except ValueRefused:
        for one in together:
            try:
                await _commit(database, [one])
            except StorageError as error:
                one.error = error
    except StorageError as error:
        for one in together:
            one.error = error
    except BaseException:
        # It was the leader's to fail: each of the others has its turn at the lock.
        others = [one for one in together if one is not leader]
        database.waiting = others + database.waiting
        raise


async def _commit(database: Database, together: list[Write]) -> None:
    transaction = Transaction(database.link)
    try:
        calls = [call for one in together for call in one.calls]
        told = NOTHING
        for one in together:
            told = told.and_(one.tells)
        if told:
            calls.append(notice(database.itself, told))
        answers = await transaction.ask(*calls)
        await transaction.commit()
    except BaseException:
        await transaction.rollback()
        raise
    for one in together:
        one.answers, answers = answers[: len(one.calls)], answers[len(one.calls) :]
