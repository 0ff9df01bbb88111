"""However processes come, go, stall and lose their locks: all together never exceed a line's rate in any second."""

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.ids import ConversationId
from engine.loops.pace import Pace
from engine.loops.shares import LOOK_S, VALID_S, Share, Shares

RATE = 80
STEP_S = 0.01
LONG_S = 40.0

TROUBLE = ("comes", "dies", "stalls", "sends late", "rests", "looks late", "loses")


@dataclass
class Process:
    """One that has something to send most of the time."""

    owner: int
    terms: int = 1
    has_lock: bool = True
    lives: bool = True
    locks_at: float = 0.0
    """When it has its lock again that it lost."""
    stands_until: float = 0.0
    rests_until: float = 0.0
    """Until then it has nothing to send."""
    looks_at: float = 0.0
    looking: "tuple[float, float, frozenset[int]] | None" = None
    """A look under way: when it was asked, when its answer comes, what that says."""
    look_takes_s: float = 0.2
    """How long each way of the next look takes at the most."""
    late: int = 0
    """Messages that were let go and have not left yet, because the process stands still."""
    pace: Pace = field(
        default_factory=lambda: Pace(per_second=RATE, pair_interval_s=0, pair_burst=1)
    )

    def __post_init__(self) -> None:
        self.shares = Shares(self.owner)
        self.pace.share(Share(until=0.0), 0.0)


@dataclass
class Town:
    """Processes on one database, and what leaves them."""

    dice: random.Random
    now: float = 0.0
    processes: list[Process] = field(default_factory=list)
    left: list[float] = field(default_factory=list)

    def comes(self) -> None:
        self.processes.append(Process(len(self.processes), looks_at=self.now))

    def runs(self, seconds: float) -> None:
        """Let it run without trouble."""
        end = self.now + seconds
        while self.now < end:
            self.now += STEP_S
            for one in self.dice.sample(self.processes, k=len(self.processes)):
                if one.lives and self.now >= one.stands_until:
                    self._goes_on(one)

    def _goes_on(self, one: Process) -> None:
        self.left += [self.now] * one.late
        one.late = 0
        if not one.has_lock and self.now >= one.locks_at:
            one.has_lock = True
            one.terms += 1
        # What has come due is done in any order: sends may come before the look, after however long a stall.
        for does in self.dice.sample([self._looks, self._sends], k=2):
            does(one)

    def _looks(self, one: Process) -> None:
        if one.looking is None and self.now >= one.looks_at:
            live = frozenset(p.owner for p in self.processes if p.has_lock)
            asked, told = (self.dice.random() * one.look_takes_s for _ in range(2))
            one.looking = (self.now - asked, self.now + told, live)
            one.look_takes_s = 0.2
        elif one.looking is not None and self.now >= one.looking[1]:
            asked_at, _, live = one.looking
            one.looking = None
            share = one.shares.looked(
                live, terms=one.terms, asked_at=asked_at, answered_at=self.now
            )
            one.pace.share(share, self.now)
            one.looks_at = self.now + one.shares.looks_by(self.now) * self.dice.random()

    def _sends(self, one: Process) -> None:
        if self.now < one.rests_until:
            return
        while one.pace.wait(ConversationId(1), self.now) == 0:
            one.pace.take(ConversationId(1), self.now)
            if self.now < one.stands_until:
                one.late += 1
            else:
                self.left.append(self.now)

    def trouble(self) -> None:
        """Let something happen to one of them, or let one come."""
        running = [p for p in self.processes if p.lives and p.stands_until <= self.now]
        if not running:
            return
        one = self.dice.choice(running)
        match self.dice.choice(TROUBLE):
            case "comes" if sum(p.lives for p in self.processes) < 4:
                self.comes()
            case "dies" if sum(p.lives for p in self.processes) > 1:
                one.lives = one.has_lock = False
            case "stalls":
                one.stands_until = self.now + self.dice.uniform(0, 6)
            case "sends late":
                one.stands_until = self.now + self.dice.uniform(0, 6)
                self._sends(one)
            case "rests":
                one.rests_until = self.now + self.dice.uniform(0, 3)
            case "looks late":
                one.look_takes_s = 3.0
            case "loses":
                one.has_lock, one.locks_at = False, self.now + self.dice.uniform(0, 5)
            case _:
                pass

    def most_in_a_second(self) -> int:
        """Return how many left within a second at the most, wherever it began."""
        most = first = 0
        for last, at in enumerate(self.left):
            while self.left[first] <= at - 1 + 1e-9:
                first += 1
            most = max(most, last - first + 1)
        return most

    def a_second(self, seconds: float) -> float:
        """Return how many left in each of the last seconds."""
        return sum(at > self.now - seconds for at in self.left) / seconds


def town(dice: random.Random, count: int) -> Town:
    it = Town(dice)
    for _ in range(count):
        it.comes()
    return it


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_no_second_sees_more_than_the_rate(seed: int) -> None:
    dice = random.Random(seed)
    it = town(dice, dice.randint(2, 4))
    while it.now < LONG_S:
        it.trouble()
        it.runs(dice.uniform(0, 8))
    assert it.most_in_a_second() <= RATE


@pytest.mark.parametrize("count", [1, 2, 3])
def test_those_who_live_have_the_whole_rate_again_soon_after_one_has_gone(count: int) -> None:
    it = town(random.Random(count), count + 1)
    it.runs(VALID_S + 6)
    assert it.a_second(2) >= 0.8 * RATE
    it.processes[0].lives = it.processes[0].has_lock = False
    it.runs(1)
    assert it.a_second(1) <= (count / (count + 1)) * RATE
    it.runs(VALID_S + 3 * LOOK_S + 1)
    assert it.a_second(1) >= 0.8 * RATE
    assert it.most_in_a_second() <= RATE


def test_one_that_comes_waits_for_all_that_the_others_may_believe() -> None:
    it = town(random.Random(1), 1)
    it.runs(VALID_S + 6)
    assert it.left, "the first one sends once it may"
    it.comes()
    it.processes[0].stands_until = it.now + VALID_S  # it has not seen the other
    before, it.left = it.left, []
    it.runs(VALID_S - 0.1)
    assert before
    assert it.left == []
    it.runs(VALID_S + 6)
    assert it.a_second(1) >= 0.8 * RATE
