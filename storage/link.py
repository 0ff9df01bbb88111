"""The writer's connection as the unit of work sees it; SQLite and PostgreSQL each bring theirs."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from storage.statement import Call, Rows


class Link(Protocol):
    """One connection that writes. It opens when first used and again after it broke."""

    errors: Counter[str]
    """How often it failed so far, by the error's code."""

    async def run(self, calls: Sequence[Call]) -> list[Rows]:
        """Run the calls in order and return what each one answers.

        Raises:
            StoreUnavailable: The database does not answer, is full, locked or read-only.
            ConcurrentUpdate: Another writer was faster; the transaction is to be done again.
            ValueRefused: A value of these calls; doing it again would not help.
        """

    async def rollback(self) -> None:
        """Undo the open transaction, if there is one; never raises."""

    async def close(self) -> None:
        """Close the connection."""
