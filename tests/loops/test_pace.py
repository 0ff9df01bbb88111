"""A provider's rates: so many a second on a line, so many to one contact."""

import pytest

from engine.core.ids import ConversationId
from engine.loops.pace import CONTACTS_KEPT, Pace
from engine.loops.shares import Share

ANA, BEN = ConversationId(1), ConversationId(2)


def pace(per_second: float = 0, interval: float = 0, burst: int = 1) -> Pace:
    return Pace(per_second=per_second, pair_interval_s=interval, pair_burst=burst)


def leaves(pace: Pace, contact: ConversationId, now: float) -> bool:
    if pace.wait(contact, now) > 0:
        return False
    pace.take(contact, now)
    return True


def test_no_limit_never_waits() -> None:
    free = pace()
    assert all(leaves(free, ANA, 0.0) for _ in range(10_000))


def test_a_line_never_exceeds_its_rate_in_any_second() -> None:
    line = pace(per_second=80)
    sent = [tick / 1000 for tick in range(5_000) if leaves(line, ConversationId(tick), tick / 1000)]
    most = max(sum(start <= at < start + 1 for at in sent) for start in sent)
    assert most <= 80
    assert len(sent) >= 80 * 0.9 * 4.9


def test_one_contact_gets_a_burst_and_then_the_steady_pace() -> None:
    pair = pace(interval=6, burst=45)
    assert [leaves(pair, ANA, 0.0) for _ in range(46)] == [True] * 45 + [False]
    assert leaves(pair, BEN, 0.0), "another contact is not held up"
    assert pair.wait(ANA, 0.0) == 6.0
    assert leaves(pair, ANA, 6.0)
    assert not leaves(pair, ANA, 6.0)


def test_the_providers_refusal_empties_the_burst() -> None:
    pair = pace(interval=6, burst=45)
    assert leaves(pair, ANA, 0.0)
    pair.slow_down(ANA, 0.0)
    assert pair.wait(ANA, 0.0) == 6.0


def test_a_line_without_a_pair_limit_takes_no_notice() -> None:
    line = pace(per_second=10)
    line.slow_down(ANA, 0.0)
    assert line.wait(ANA, 1.0) == 0


def test_a_rested_contact_is_forgotten() -> None:
    pair = pace(interval=6, burst=2)
    pair.take(ANA, 0.0)
    pair.take(BEN, 5.0)
    pair.take(ConversationId(3), 7.0)
    assert list(pair._pairs) == [BEN, 3]


def test_memory_is_bounded() -> None:
    pair = pace(interval=6, burst=45)
    for contact in range(CONTACTS_KEPT + 10):
        pair.take(ConversationId(contact), 0.0)
    assert len(pair._pairs) == CONTACTS_KEPT


def test_who_is_in_no_hurry_lets_those_who_wait_go_first() -> None:
    line = pace(per_second=10)  # a burst of one, then nine a second
    line.take(ANA, 0.0)
    ready = line.interval_s + 0.001
    with line.queued(1):
        assert line.wait(BEN, ready, 3) >= line.interval_s
        assert line.wait(BEN, ready, 1) == 0
        assert line.wait(BEN, ready, 0) == 0
        assert line.room(ready, 64) == 0
        with line.queued(1):
            pass
        assert line.wait(BEN, ready, 3) > 0, "one of the two still waits"
    assert line.wait(BEN, ready, 3) == 0
    assert line.room(ready, 64) == 1


def test_there_is_room_for_as_many_as_may_leave_at_once() -> None:
    line = pace(per_second=80)
    assert line.room(0.0, 64) == 4
    for contact in range(4):
        line.take(ConversationId(contact), 0.0)
    assert line.room(0.0, 64) == 0
    assert pace().room(0.0, 64) == 64
    free = pace()
    with free.queued(1):
        assert free.wait(ANA, 0.0, 3) == 0, "without a limit nobody waits for anybody"


RATES = [(80, 1), (80, 2), (80, 3), (80, 7), (20, 3), (10, 5), (5, 1), (5, 3), (1.9, 1)]


@pytest.mark.parametrize(("per_second", "parts"), RATES)
def test_processes_that_share_a_line_never_exceed_its_rate_together(
    per_second: float, parts: int
) -> None:
    lines = [pace(per_second=per_second) for _ in range(parts)]
    for line in lines:
        line.share(Share(parts), 0.0)
    sent = [
        tick / 1000
        for tick in range(5_000)
        for line in lines
        if leaves(line, ConversationId(tick), tick / 1000)
    ]
    assert max(sum(start <= at < start + 1 for at in sent) for start in sent) <= per_second
    assert sum(at >= 1 for at in sent) >= 0.6 * 4 * min(per_second, parts * (per_second // parts))


@pytest.mark.parametrize(("per_second", "parts"), [(80, 1), (80, 3), (500, 7)])
def test_what_a_stall_held_up_on_its_way_out_is_counted_too(per_second: float, parts: int) -> None:
    left: list[float] = []
    for _ in range(parts):
        line = pace(per_second=per_second)
        line.share(Share(parts), 0.0)
        while leaves(line, ANA, 1.0):
            left.append(5.0)  # they were let go, and the process stood still before they left
        left += [5 + tick / 1000 for tick in range(3_000) if leaves(line, ANA, 5 + tick / 1000)]
    assert max(sum(start <= at < start + 1 for at in left) for start in left) <= per_second


def test_nothing_leaves_once_the_share_has_lapsed_and_a_new_one_begins_with_nothing() -> None:
    line, free = pace(per_second=80), pace()
    for one in (line, free):
        one.share(Share(3, until=4.0), 0.0)
    assert line.wait(ANA, 3.9) == 0
    assert line.wait(ANA, 4.0) > 0
    assert line.room(4.0, 64) == 0
    line.share(Share(3, until=9.0), 6.0)
    assert line.wait(ANA, 6.0) > 0
    assert line.room(6.0, 64) == 0
    assert line.wait(ANA, 6.1) == 0
    assert free.wait(ANA, 5.0) == 0, "a line without a limit has nothing to share"
    assert free.room(5.0, 64) == 64


def test_a_line_without_a_limit_is_shared_by_any_number() -> None:
    free = pace()
    free.share(Share(3), 0.0)
    assert all(leaves(free, ANA, 0.0) for _ in range(100))
