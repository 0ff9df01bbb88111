"""A few statements in a transaction of their own, for commands and pages; the loops have their batches."""

from storage.database import Database
from storage.statement import Call, Rows, notice
from storage.transaction import Transaction


async def written(database: Database, *calls: Call) -> list[Rows]:
    """Run these calls in one transaction, tell the other processes, and return the answers.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    async with database.write_lock:
        transaction = Transaction(database.link)
        try:
            answers = await transaction.ask(*calls, notice(database.itself))
            await transaction.commit()
        except BaseException:
            await transaction.rollback()
            raise
    return answers[: len(calls)]
