"""When a snoozed chat comes back, by the agent's own clock."""

from datetime import UTC, datetime, timedelta

import pytest

from web.inbox.side.snoozing import read_until, read_zone, snoozes

ROME = read_zone("Europe/Rome")
WEDNESDAY = datetime(2026, 8, 5, 12, 0, tzinfo=UTC)  # 14:00 in Rome


def offered(now: datetime) -> dict[str, str]:
    return {one.name: f"{one.until:%a %H:%M}" for one in snoozes(now, ROME)}


def test_times_are_the_agents_own() -> None:
    assert offered(WEDNESDAY) == {
        "hour": "Wed 15:00",
        "evening": "Wed 18:00",
        "tomorrow": "Thu 09:00",
        "monday": "Mon 09:00",
    }


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        (WEDNESDAY.replace(hour=15, minute=40), "evening"),
        (WEDNESDAY.replace(hour=20), "evening"),
        (WEDNESDAY + timedelta(days=4), "monday"),
    ],
    ids=["evening is near", "evening is over", "Sunday: Monday is tomorrow"],
)
def test_no_time_is_offered_twice_or_too_late(now: datetime, missing: str) -> None:
    assert missing not in offered(now)


def test_on_a_monday_the_next_one_is_meant() -> None:
    monday = WEDNESDAY + timedelta(days=5)
    until = {one.name: one.until for one in snoozes(monday, ROME)}["monday"]
    assert until.date() - monday.date() == timedelta(days=7)


def test_clocks_that_change_overnight_are_minded() -> None:
    saturday = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    tomorrow = read_until("tomorrow", saturday, ROME)
    assert tomorrow == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)


def test_a_time_of_ones_own_is_read_as_the_browser_writes_it() -> None:
    assert read_until("2026-08-06T10:30", WEDNESDAY, ROME) == datetime(
        2026, 8, 6, 8, 30, tzinfo=UTC
    )
    assert read_until("hour", WEDNESDAY, ROME) == WEDNESDAY + timedelta(hours=1)


@pytest.mark.parametrize("given", ["", "soon", "2026-08-05T13:59", "2028-01-01T00:00", "9999"])
def test_what_is_no_time_to_come_is_none(given: str) -> None:
    assert read_until(given, WEDNESDAY, ROME) is None


@pytest.mark.parametrize("name", ["", "Mars/Base", "../../etc/passwd", "Europe", "x" * 500, "a\0b"])
def test_a_zone_that_is_none_is_universal_time(name: str) -> None:
    assert read_zone(name).key == "UTC"
