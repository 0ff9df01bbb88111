"""The talk that both sides of the benchmark know: three turns, what is said in each, what must come back.

The flow is `bench/flows/snack.py`; the floor says the same from the message alone.
"""

from dataclasses import dataclass

TURNS = 3
TALKS_PER_CONTACT = 14
"""42 replies: below the pair limit's burst of 45, so that no contact ever waits for its pace."""

GREETING = "hello there"
SIZES = ("Small", "Medium", "Large")
FILLINGS = ("Beans", "Cheese", "Chicken", "Potato", "Squash")
ASK_SIZE = "Which size would you like?"
ASK_FILLING = "And which filling?"


def done(size: str, filling: str) -> str:
    """Return the last reply."""
    return f"Thank you: {size}, {filling}. It is on its way."


@dataclass(frozen=True, slots=True)
class Expected:
    """What one talk must bring, and which options are tapped in it."""

    size: str
    filling: str

    @property
    def replies(self) -> tuple[str, str, str]:
        """The words of the three replies, in order."""
        return ASK_SIZE, ASK_FILLING, done(self.size, self.filling)


def expected_talk(number: int) -> Expected:
    """Return the talk of a running number: every pair of size and filling has its turn."""
    return Expected(SIZES[number % len(SIZES)], FILLINGS[number % len(FILLINGS)])
