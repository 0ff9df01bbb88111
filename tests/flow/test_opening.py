"""A team's hours: how they are written, when they begin, and how the contact reads that."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.core.conversation import Contact
from engine.core.ids import ContactId
from engine.core.languages import LANGUAGES
from engine.flow.hours import read_hours
from engine.flow.opening import OpeningHours, read_opening

FRIDAY_EVENING = datetime(2026, 3, 6, 20, tzinfo=UTC)


def opening(*written: str, zone: str | None = None) -> OpeningHours:
    hours = read_opening(written, zone)
    assert hours is not None
    return hours


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "now", "opens"),
    [
        ("mon-fri 09:00-18:00", "2026-03-06 17:59", "2026-03-06 17:59"),
        ("mon-fri 09:00-18:00", "2026-03-06 18:00", "2026-03-09 09:00"),
        ("mon-fri 9:00 - 18:00", "2026-03-06 08:00", "2026-03-06 09:00"),
        ("sat, sun 10:00-14:00", "2026-03-06 20:00", "2026-03-07 10:00"),
        ("fri-mon 10:00-14:00", "2026-03-03 20:00", "2026-03-06 10:00"),
        ("Daily 08:00-20:00", "2026-03-06 20:00", "2026-03-07 08:00"),
        ("08:00-20:00", "2026-03-06 07:00", "2026-03-06 08:00"),
        ("fri 20:00-02:00", "2026-03-07 01:00", "2026-03-07 01:00"),
        ("fri 20:00-02:00", "2026-03-07 02:00", "2026-03-13 20:00"),
        ("mon 09:00-10:00", "2026-03-02 10:30", "2026-03-09 09:00"),
        ("daily 00:00-24:00", "2026-03-06 23:59", "2026-03-06 23:59"),
    ],
)
def test_somebody_answers_now_or_when_the_hours_begin(written: str, now: str, opens: str) -> None:
    assert opening(written).opens_at(at(now)) == at(opens)


def test_hours_are_meant_where_the_team_is_also_when_the_clocks_change() -> None:
    madrid = opening("mon-fri 09:00-18:00", zone="Europe/Madrid")
    assert madrid.opens_at(at("2026-03-27 20:00")) == at("2026-03-30 07:00")  # summer time by then
    assert madrid.opens_at(at("2026-03-20 20:00")) == at("2026-03-23 08:00")


def test_several_hours_are_taken_together() -> None:
    kitchen = opening("mon-fri 09:00-13:00", "mon-fri 15:00-18:00")
    assert kitchen.opens_at(at("2026-03-06 14:00")) == at("2026-03-06 15:00")


def test_without_hours_somebody_always_answers() -> None:
    assert read_opening((), None) is None


@pytest.mark.parametrize(
    "written",
    [
        "mon-fri",
        "monday 09:00-18:00",
        "mon 9-18",
        "mon 09:00-09:00",
        "mon 24:00-02:00",
        "mon-x 9:00-10:00",
    ],
)
def test_what_is_written_otherwise_is_refused_with_how_to(written: str) -> None:
    with pytest.raises(ValueError, match=written):
        read_opening([written], None)


@pytest.mark.parametrize(
    ("phone", "code", "words"),
    [
        (
            "442071838750",
            "en",
            "today at 22:00; tomorrow at 09:00; on Monday at 09:00; on Tue 17 Mar at 09:00",
        ),
        (
            "4915112345678",
            "de",
            "heute um 23:00 Uhr; morgen um 10:00 Uhr; am Montag um 10:00 Uhr; am Di., 17. März um 10:00 Uhr",
        ),
        (
            "34600000001",
            "es",
            "hoy a las 22:00; mañana a las 9:00; el lunes a las 9:00; el mar, 17 mar a las 9:00",
        ),
        (
            "33612345678",
            "fr",
            "aujourd'hui à 23:00; demain à 10:00; lundi à 10:00; mar. 17 mars à 10:00",
        ),
        (
            "5511912345678",
            "pt",
            "hoje às 19:00; amanhã às 06:00; segunda-feira, às 06:00; ter., 17 de mar., às 06:00",
        ),
        (
            "919812345678",
            "hi",
            "आज 3:30 am से; आज 2:30 pm से; सोमवार को 2:30 pm से; मंगल, 17 मार्च को 2:30 pm से",
        ),
        (
            "966512345678",
            "ar",
            "غدًا الساعة 1:00 ص; غدًا الساعة 12:00 م; يوم الاثنين الساعة 12:00 م; يوم الثلاثاء، 17 مارس الساعة 12:00 م",
        ),
    ],
    ids=["en", "de", "es", "fr", "pt", "hi", "ar"],
)
def test_the_contact_reads_when_in_their_language_and_zone(
    phone: str, code: str, words: str
) -> None:
    language = next(one for one in LANGUAGES if one.code == code)
    contact = Contact(id=ContactId(1), phone=phone)
    times = [22, 33, 57 + 24, 57 + 24 * 9]
    day = FRIDAY_EVENING.replace(hour=0)
    said = [
        opening("09:00-18:00").in_words(
            day + timedelta(hours=hours),
            now=FRIDAY_EVENING,
            contact=contact,
            hours=None,
            language=language,
        )
        for hours in times
    ]
    assert "; ".join(said) == words


def test_a_line_may_say_which_zone_a_contact_is_in() -> None:
    contact = Contact(id=ContactId(1), user_id="u")
    said = opening("09:00-18:00").in_words(
        FRIDAY_EVENING + timedelta(hours=1),
        now=FRIDAY_EVENING,
        contact=contact,
        hours=read_hours("Asia/Tokyo", None),
        language=LANGUAGES[0],
    )
    assert "6:00" in said
