"""What the case files of days and times cannot say: bounds, ranges, zones, what is shown, and that nothing raises."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import pytest
from annotated_types import Ge, Interval
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from engine.core.content import Text
from engine.core.script import Answer, Unsure
from engine.core.value import Json
from engine.flow.answers import readers_for
from engine.flow.answers.named import parse, understand
from engine.flow.answers.ranges import DateRange, DateTimeRange
from engine.flow.answers.reader import Here
from engine.flow.answers.when.countries import first_weekday, reads_month_first
from engine.flow.answers.when.lexicon import LANGUAGES, lexicon
from engine.flow.answers.when.tense import InFuture, InPast
from tests.answers.cases import files, read_cases

TUESDAY = datetime(2026, 3, 10, 10, tzinfo=UTC)


def here(language: str = "en", country: str | None = None, now: datetime = TUESDAY) -> Here:
    return Here(now, language, country)


def read(kind: Any, text: str, place: Here) -> Answer | Unsure | None:
    adapter = TypeAdapter[Any](kind)

    def valid(value: Json) -> bool:
        try:
            adapter.validate_python(value)
        except ValueError:
            return False
        return True

    return understand(readers_for(kind), Text(body=text), place, valid)


def values(meant: Answer | Unsure | None) -> list[Json]:
    match meant:
        case None:
            return []
        case Answer(value=value):
            return [value]
        case Unsure(answers=answers):
            return [one.value for one in answers]


# --- never raises, always the same ----------------------------------------------------------------------

SAID = sorted({case.said for path in files() for case in read_cases(path)})


@settings(deadline=None, max_examples=300)
@given(
    parts=st.lists(st.sampled_from(SAID) | st.text(max_size=12) | st.characters(), max_size=6),
    language=st.sampled_from((*LANGUAGES, "it", "")),
    kind=st.sampled_from((date, datetime, DateRange, DateTimeRange)),
)
def test_no_text_raises_and_what_is_read_is_stored_as_it_is(
    parts: list[str], language: str, kind: type[object]
) -> None:
    meant = read(kind, " ".join(parts), here(language))

    for value in values(meant):
        adapter = TypeAdapter[Any](kind)
        assert adapter.dump_python(adapter.validate_python(value), mode="json") == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud800 tomorrow",
        "‮tomorrow‬",
        "5" * 4096,
        "at 5 " * 800,
        "12/" * 500,
        "99999999999999/9/9",
    ],
)
@pytest.mark.parametrize("kind", ["date", "time", "datetime"])
def test_odd_texts_are_read_or_not_but_never_raise(kind: str, text: str) -> None:
    parse(kind, text, here())


def test_invisible_signs_do_not_hide_a_day() -> None:
    assert parse("date", "\u200f\u2067غدا\u2069", here("ar")) == {"value": "2026-03-11"}


# --- bounds -----------------------------------------------------------------------------------------------


def test_of_two_meanings_the_one_within_the_bounds_is_taken() -> None:
    bounded = Annotated[date, Interval(ge=date(2026, 3, 1), le=date(2026, 12, 31))]

    assert values(read(date, "03/04", here())) == ["2026-04-03", "2027-03-04"]
    assert values(read(bounded, "03/04", here())) == ["2026-04-03"]
    assert values(read(Annotated[date, Ge(date(2030, 1, 1))], "tomorrow", here())) == []


def test_the_future_and_the_past_are_as_of_the_moment_it_is_said() -> None:
    assert values(read(Annotated[date, InFuture], "yesterday", here())) == []
    assert values(read(Annotated[date, InFuture], "today", here())) == ["2026-03-10"]
    assert values(read(Annotated[date, InPast], "12 March 1990", here())) == ["1990-03-12"]
    assert values(read(Annotated[date, InPast], "tomorrow", here())) == []
    assert values(read(Annotated[datetime, InFuture], "today at 9 am", here())) == []


# --- countries and zones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "month_first"),
    [
        ("US", True),
        ("PH", True),
        ("GB", False),
        ("MX", False),
        ("DE", False),
        ("SE", False),
        ("CA", None),
        (None, None),
    ],
)
def test_the_country_says_whether_the_month_comes_first(
    country: str | None, month_first: bool | None
) -> None:
    assert reads_month_first("en", country) is month_first


def test_a_country_nobody_knows_is_as_none() -> None:
    assert reads_month_first("en", "XX") is None
    assert first_weekday("en", "XX") == 0


def test_a_sunday_of_next_week_depends_on_where_weeks_begin() -> None:
    assert parse("date", "Sunday next week", here(country="GB")) == {"value": "2026-03-22"}
    assert parse("date", "Sunday next week", here(country="US")) == {"value": "2026-03-15"}


def test_hours_are_counted_across_a_change_of_clocks() -> None:
    before = datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/Madrid"))

    assert parse("datetime", "en 3 horas", here("es", now=before)) == {
        "value": "2026-03-29T04:30:00+02:00"
    }
    assert parse("datetime", "hoy a las 02:30", here("es", now=before)) == {
        "value": "2026-03-29T03:30:00+02:00"
    }


def test_a_moment_with_its_offset_is_told_in_the_contacts_zone() -> None:
    tokyo = datetime(2026, 3, 10, 10, tzinfo=ZoneInfo("Asia/Tokyo"))

    assert parse("datetime", "2026-03-12T18:30Z", here(now=tokyo)) == {
        "value": "2026-03-13T03:30:00+09:00"
    }


# --- slips of the pen --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en", "wednseday", "2026-03-11"),
        ("en", "satruday", "2026-03-14"),
        ("en", "12 septmber", "2026-09-12"),
        ("es", "miercoels", "2026-03-11"),
        ("de", "Donnestag", "2026-03-12"),
        ("fr", "vendrdei", "2026-03-13"),
    ],
)
def test_a_slip_is_understood(language: str, said: str, meant: str) -> None:
    assert parse("date", said, here(language)) == {"value": meant}


@pytest.mark.parametrize(
    ("language", "said"), [("en", "thuesday"), ("en", "12 juny"), ("es", "4 de junlio")]
)
def test_a_slip_between_two_is_neither(language: str, said: str) -> None:
    assert parse("date", said, here(language)) == {"value": None}


def test_no_month_or_weekday_is_a_slip_of_another() -> None:
    for language in LANGUAGES:
        words = lexicon(language)
        for phrase, means in words.names():
            slip = words.mistyped(phrase)
            assert slip is None or {"weekday": slip.get("weekday"), "month": slip.get("month")} == {
                "weekday": means.get("weekday"),
                "month": means.get("month"),
            }


# --- what is shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "country", "shown"),
    [
        ("en", "US", "Fri, Mar 13, 6:00 PM"),
        ("en", "GB", "Fri 13 Mar, 18:00"),
        ("es", "ES", "vie, 13 mar, 18:00"),
        ("de", "DE", "Fr., 13. März, 18:00"),
        ("hi", "IN", "शुक्र, 13 मार्च, 6:00 pm"),
    ],
)
def test_a_moment_is_shown_as_people_write_it_there(
    language: str, country: str, shown: str
) -> None:
    meant = read(datetime, "2026-03-13T18:00", here(language, country))

    assert isinstance(meant, Answer)
    assert meant.shown == shown


def test_a_far_date_is_shown_with_its_year() -> None:
    meant = read(date, "12 March 1990", here(country="GB"))

    assert isinstance(meant, Answer)
    assert meant.shown == "Mon, 12 Mar 1990"


# --- ranges ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said", "start", "end"),
    [
        ("en", "from Friday to Sunday", "2026-03-13", "2026-03-15"),
        ("en", "15 to 18 April please", "2026-04-15", "2026-04-18"),
        ("en", "from 28 December to 3 January", "2026-12-28", "2027-01-03"),
        ("en", "next week", "2026-03-16", "2026-03-22"),
        ("en", "this weekend", "2026-03-14", "2026-03-15"),
        ("en", "in April", "2026-04-01", "2026-04-30"),
        ("en", "tomorrow", "2026-03-11", "2026-03-11"),
        ("es", "del 15 al 18 de abril", "2026-04-15", "2026-04-18"),
        ("es", "entre el lunes y el miércoles", "2026-03-16", "2026-03-18"),
        ("pt", "do dia 15 ao dia 18 de abril", "2026-04-15", "2026-04-18"),
        ("fr", "du 15 au 18 avril", "2026-04-15", "2026-04-18"),
        ("hi", "शुक्रवार से रविवार", "2026-03-13", "2026-03-15"),
        ("ar", "من الجمعة الى الأحد", "2026-03-13", "2026-03-15"),
        ("de", "vom 15. bis 18. April", "2026-04-15", "2026-04-18"),
    ],
)
def test_days_in_a_row(language: str, said: str, start: str, end: str) -> None:
    assert values(read(DateRange, said, here(language))) == [{"start": start, "end": end}]


@pytest.mark.parametrize(
    ("language", "said", "start", "end"),
    [
        ("en", "tomorrow evening", "2026-03-11T18:00:00Z", "2026-03-11T21:00:00Z"),
        ("en", "Friday 6-8pm", "2026-03-13T18:00:00Z", "2026-03-13T20:00:00Z"),
        ("en", "tomorrow between 10:00 and 12:30", "2026-03-11T10:00:00Z", "2026-03-11T12:30:00Z"),
        (
            "es",
            "mañana de las 5 a las 7 de la tarde",
            "2026-03-11T17:00:00Z",
            "2026-03-11T19:00:00Z",
        ),
        ("pt", "amanhã à tarde", "2026-03-11T12:00:00Z", "2026-03-11T19:00:00Z"),
        ("fr", "demain de 17h à 19h", "2026-03-11T17:00:00Z", "2026-03-11T19:00:00Z"),
        ("hi", "कल शाम 5 से 7 बजे", "2026-03-11T17:00:00Z", "2026-03-11T19:00:00Z"),
        ("de", "morgen von 17 bis 19 Uhr", "2026-03-11T17:00:00Z", "2026-03-11T19:00:00Z"),
    ],
)
def test_a_span_of_time(language: str, said: str, start: str, end: str) -> None:
    assert values(read(DateTimeRange, said, here(language))) == [{"start": start, "end": end}]


def test_hours_of_morning_or_evening_are_asked_back() -> None:
    meant = read(DateTimeRange, "tomorrow from 5 to 7", here())

    assert values(meant) == [
        {"start": "2026-03-11T17:00:00Z", "end": "2026-03-11T19:00:00Z"},
        {"start": "2026-03-11T05:00:00Z", "end": "2026-03-11T07:00:00Z"},
    ]


@pytest.mark.parametrize(
    "said", ["maybe Friday to Sunday", "from Friday", "tomorrow", "hello", "Friday or Sunday"]
)
def test_no_span_of_time(said: str) -> None:
    assert values(read(DateTimeRange, said, here())) == []


def test_a_range_is_in_order() -> None:
    with pytest.raises(ValueError, match="no earlier"):
        DateRange(start=date(2026, 3, 2), end=date(2026, 3, 1))
    with pytest.raises(ValueError, match="ends later"):
        DateTimeRange(start=TUESDAY, end=TUESDAY)
