"""Avatars and lengths of time, as rows show them."""

from datetime import UTC, datetime, timedelta

import pytest

from web.inbox.lists.faces import TONES, initials, tone
from web.inbox.lists.rows import shown_name, view_window
from web.inbox.times import ago, lasted, left

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Torres", "AT"),
        ("  noor  ", "N"),
        ("Benedikt Freiherr von und zu Oberhausen", "BO"),
        ("Dr. Katharina M. Schulze", "DS"),
        ("🌸 Lily 🌸", "L"),
        ("محمد بن عبد الرحمن", "م"),
        ("राहुल शर्मा", "रा"),
        ("é\u0301milie zola", "É\u0301Z"),
        ("李小龙", "李"),
        ("🎉🎉", ""),
        ("+49 170", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_name_gives_its_letters(name: str | None, letters: str) -> None:
    assert initials(name) == letters


def test_contacts_of_one_moment_get_different_colours() -> None:
    ids = [382677775749746689 + 64 * number for number in range(60)]

    assert {tone(id_) for id_ in ids} == set(range(TONES))
    assert tone(ids[0]) == tone(ids[0])


@pytest.mark.parametrize(
    ("since", "shown"),
    [
        (timedelta(), "now"),
        (-MINUTE, "now"),
        (59 * SECOND, "now"),
        (MINUTE, "1 min"),
        (59 * MINUTE, "59 min"),
        (HOUR, "1 h"),
        (47 * HOUR, "47 h"),
        (48 * HOUR, "2 d"),
        (7 * DAY - SECOND, "6 d"),
        (7 * DAY, "14 Nov"),
        (400 * DAY, "17 Oct 2025"),
    ],
)
def test_what_is_past_is_told_shortly(since: timedelta, shown: str) -> None:
    assert ago(NOW - since, NOW) == shown


def test_a_wait_is_told_as_a_length_however_long() -> None:
    assert [lasted(NOW - length, NOW) for length in (SECOND, 5 * MINUTE, 30 * DAY)] == [
        "now",
        "5 min",
        "30 d",
    ]


@pytest.mark.parametrize(
    ("rest", "shown"),
    [
        (timedelta(), "1 min"),
        (20 * SECOND, "1 min"),
        (59 * MINUTE, "59 min"),
        (HOUR, "1 h"),
        (HOUR + 40 * MINUTE, "1 h 40"),
        (2 * HOUR + 40 * MINUTE, "2 h"),
        (23 * HOUR, "23 h"),
        (3 * DAY, "3 d"),
    ],
)
def test_the_last_hours_are_told_with_their_minutes(rest: timedelta, shown: str) -> None:
    assert left(NOW + rest, NOW) == shown


@pytest.mark.parametrize(
    ("rest", "level", "share"),
    [
        (24 * HOUR, "calm", 100),
        (30 * HOUR, "calm", 100),
        (2 * HOUR, "calm", 8),
        (2 * HOUR - SECOND, "soon", 8),
        (30 * MINUTE, "soon", 2),
        (30 * MINUTE - SECOND, "last", 2),
        (SECOND, "last", 0),
        (timedelta(), "closed", 0),
        (-DAY, "closed", 0),
    ],
)
def test_the_window_turns_amber_and_red_as_it_ends(rest: timedelta, level: str, share: int) -> None:
    window = view_window(NOW + rest, NOW)

    assert window is not None
    assert (window.level, window.share) == (level, share)


def test_a_contact_who_never_wrote_has_no_window() -> None:
    assert view_window(None, NOW) is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (("Ana", "5215550001111", None), "Ana"),
        (("  ", "4915112345678", None), "+49 1511 2345678"),
        ((None, "1", None), "+1"),
        ((None, None, "US.77"), "US.77"),
        ((None, None, None), "?"),
    ],
)
def test_who_has_no_name_is_called_by_the_number(
    given: tuple[str | None, str | None, str | None], shown: str
) -> None:
    assert shown_name(*given) == shown
