"""Times as authors write them, what they come to for a contact, and what `check` says of wrong ones."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.core.conversation import Contact
from engine.core.errors import DefinitionError
from engine.core.hours import Times
from engine.core.ids import ContactId
from engine.core.quiet import read_quiet_hours
from engine.core.script import Scene
from engine.flow.check import check_flows
from engine.flow.draw import draw
from engine.flow.hours import ANY_HOURS, LineHours
from engine.flow.targets import To
from engine.flow.times import (
    BeforeClose,
    Clock,
    Reminder,
    When,
    after,
    before_close,
    due_at,
    in_days,
    read_reminders,
    read_when,
    tomorrow,
    written_length,
)
from engine.flow.timing import Timing, moment_of
from engine.flow.translatable import texts_of
from parley.testing import PHONE_LINE, PLAIN_LINE
from tests.flow.written import Find, Written

MADRID = ZoneInfo("Europe/Madrid")
HOUR = timedelta(hours=1)


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


# --- as authors write them ---------------------------------------------------------------------------


def test_a_time_with_a_text_is_a_reminder() -> None:
    assert after("2h", "Still there?") == Reminder(2 * HOUR, "Still there?")
    assert tomorrow("9:05", "Morning!") == Reminder(Clock(time(9, 5), 1), "Morning!")
    assert before_close("1h") == Reminder(BeforeClose(HOUR))
    assert tomorrow(time(9)) == in_days(1, "09:00")


def test_one_reminder_or_several_and_the_nudge_are_read_in_order() -> None:
    nudge = before_close("1h", "Quick!")
    assert read_reminders("2h", None) == (Reminder(2 * HOUR),)
    assert read_reminders([HOUR, tomorrow("9:00"), after("2h", "x")], nudge) == (
        Reminder(HOUR),
        Reminder(Clock(time(9), 1)),
        Reminder(2 * HOUR, "x"),
        nudge,
    )
    assert read_reminders(None, None) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: after("2 hours", "x"), id="length"),
        pytest.param(lambda: after("2h", " "), id="nothing to say"),
        pytest.param(lambda: tomorrow("25:00"), id="no time of day"),
        pytest.param(lambda: in_days(0, "9:00"), id="today"),
        pytest.param(lambda: in_days(True, "9:00"), id="no number"),
        pytest.param(lambda: before_close("0h"), id="no length"),
        pytest.param(lambda: read_reminders(5, None), id="no reminder"),
        pytest.param(lambda: read_reminders(None, after("1h", "x")), id="no nudge"),
        pytest.param(lambda: read_when(5), id="no time"),
        pytest.param(lambda: read_when("soon"), id="no word"),
    ],
)
def test_what_is_no_time_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(DefinitionError):
        wrong()


def test_lengths_are_written_back_as_authors_write_them() -> None:
    lengths = [timedelta(days=2), 26 * HOUR, timedelta(minutes=90), timedelta(seconds=61)]
    assert [written_length(length) for length in lengths] == ["2d", "26h", "90m", "61s"]


# --- what they come to -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "now", "due"),
    [
        pytest.param("2h", "2026-06-01T10:00", "2026-06-01T12:00", id="length"),
        pytest.param("18:30", "2026-06-01T10:00", "2026-06-01T16:30", id="today"),
        pytest.param("18:30", "2026-06-01T16:30", "2026-06-02T16:30", id="over-for-today"),
        pytest.param("09:00", "2026-03-28T10:00", "2026-03-29T07:00", id="over-the-change"),
        pytest.param("02:30", "2026-03-28T10:00", "2026-03-29T01:30", id="jumped-over"),
        pytest.param("02:30", "2026-10-24T10:00", "2026-10-25T00:30", id="twice"),
        pytest.param(tomorrow("09:00"), "2026-05-31T22:30", "2026-06-02T07:00", id="local-day"),
        pytest.param(
            datetime.fromisoformat("2026-06-01T09:00"),
            "2026-05-01T00:00",
            "2026-06-01T07:00",
            id="contacts-own",
        ),
        pytest.param(
            datetime(2026, 6, 1, 9, tzinfo=UTC), "2026-05-01T00:00", "2026-06-01T09:00", id="aware"
        ),
    ],
)
def test_a_time_is_the_contacts_own(when: When | str, now: str, due: str) -> None:
    assert due_at(read_when(when), utc(now), MADRID) == utc(due)


@pytest.mark.parametrize(
    ("phone", "line", "zone"),
    [
        pytest.param("525512345678", "Europe/Madrid", "America/Mexico_City", id="one-zone"),
        pytest.param("34612345678", "Europe/Madrid", "Europe/Madrid", id="several"),
        pytest.param("34612345678", None, "Atlantic/Canary", id="several-and-no-line"),
        pytest.param("1", "Europe/Madrid", "Europe/Madrid", id="no-number"),
        pytest.param(None, None, "UTC", id="nothing-known"),
    ],
)
def test_the_zone_is_the_numbers_where_it_has_one_else_the_lines(
    phone: str | None, line: str | None, zone: str
) -> None:
    hours = LineHours(zone=None if line is None else ZoneInfo(line))
    assert str(hours.zone_of(Contact(id=ContactId(1), phone=phone))) == zone


NIGHT = LineHours(zone=MADRID, quiet=read_quiet_hours("21:00-08:00"))


def scene(now: str, hours: LineHours | None = NIGHT) -> Scene:
    contact = Contact(id=ContactId(1), phone="34612345678")
    return Scene(contact, PHONE_LINE, utc(now), visits=0, budget=50, hours=hours)


def due_of(reminder: Reminder, now: str, *, since: str, closes: str | None = None) -> str | None:
    timing = Timing((reminder,), (None,), None, None)
    window = None if closes is None else utc(closes)
    (due,) = timing.times(scene(now), since=utc(since), closes=window).reminders
    return None if due is None else due.replace(tzinfo=None).isoformat(timespec="minutes")


def test_what_is_due_in_quiet_hours_comes_after_them() -> None:
    day, night = "2026-06-01T12:00", "2026-06-01T20:00"
    assert due_of(after("2h", "x"), day, since=day) == "2026-06-01T14:00"
    assert due_of(after("2h", "x"), night, since=night) == "2026-06-02T06:00"
    assert moment_of(read_when("23:00"), scene(day)) == utc("2026-06-02T06:00")


def test_what_was_due_while_nobody_ran_is_due_now_or_in_the_morning() -> None:
    due = "2026-06-01T12:00"
    assert due_of(after("2h", "x"), "2026-06-01T16:00", since=due) == "2026-06-01T16:00"
    assert due_of(after("2h", "x"), "2026-06-01T22:00", since=due) == "2026-06-02T06:00"


@pytest.mark.parametrize(
    ("now", "closes", "due"),
    [
        pytest.param("2026-06-01T12:00", "2026-06-02T12:00", "2026-06-02T11:00", id="day"),
        pytest.param("2026-06-01T12:00", "2026-06-02T02:00", "2026-06-01T18:59", id="night"),
        pytest.param("2026-06-02T11:30", "2026-06-02T12:00", "2026-06-02T11:30", id="late"),
        pytest.param("2026-06-02T12:00", "2026-06-02T12:00", None, id="too-late"),
        pytest.param("2026-06-01T20:00", "2026-06-02T02:00", None, id="late-at-night"),
        pytest.param("2026-06-01T12:00", "2026-06-01T12:30", None, id="sooner-than-that"),
        pytest.param("2026-06-01T12:00", None, None, id="no-window"),
    ],
)
def test_a_nudge_comes_in_the_open_window_or_not_at_all(
    now: str, closes: str | None, due: str | None
) -> None:
    nudge = before_close("1h", "x")
    assert due_of(nudge, now, since="2026-06-01T12:00", closes=closes) == due


def test_an_end_that_says_something_waits_for_the_morning_and_a_silent_one_does_not() -> None:
    now = utc("2026-06-01T20:00")
    silent, speaking = (Timing((), (), HOUR, then) for then in (None, To(step="a")))
    at_night = scene("2026-06-01T20:00")
    assert silent.times(at_night, since=now, closes=None).expires_at == now + HOUR
    assert speaking.times(at_night, since=now, closes=None) == Times(
        (), utc("2026-06-02T06:00"), "a"
    )


def test_without_a_clock_of_its_own_a_line_is_never_quiet() -> None:
    assert moment_of(read_when("3h"), scene("2026-06-01T22:00", None)) == utc("2026-06-02T01:00")
    at = utc("2026-06-01T22:00")
    assert ANY_HOURS.before_quiet(scene("2026-06-01T22:00").contact, at) == at


# --- what check says ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "what"),
    [
        pytest.param(
            'a: str = ask("A?", remind=[after("1h", "x"), after("3h", "y")], expires="2h", then=END)',
            "the reminder after 3h never comes: its expires='2h' is no longer",
            id="longer-than-expires",
        ),
        pytest.param(
            'a: str = ask("A?", remind="5h")',
            "the reminder after 5h never comes: the flow's expires='4h' is no longer",
            id="longer-than-the-flow",
        ),
        pytest.param(
            'a = choose("A?", {"Yes": END}, expires="5h")',
            "it never expires by itself: the flow's expires='4h' ends the talk first",
            id="expires-after-the-flow",
        ),
        pytest.param(
            'a: str = ask("A?", remind=["1h", after("60m", "x")])',
            "2 reminders come after 1h",
            id="twice",
        ),
        pytest.param(
            'a: str = ask("A?", nudge=before_close("24h", "x"))',
            "before_close('1d') is longer than the window, 1d",
            id="longer-than-the-window",
        ),
        pytest.param(
            'a: str = ask("A?", remind=after("1h", "{b}?"))',
            "{b} is no field of this flow",
            id="placeholder",
        ),
        pytest.param(
            'a = say("A", at=datetime(2026, 1, 2, 9), closed="fail")',
            "at=2026-01-02 09:00 is past, so it is never said",
            id="past",
        ),
    ],
)
def test_a_time_that_cannot_be_right_is_named(written: Written, line: str, what: str) -> None:
    flows = written.flows(f"""
        from datetime import datetime
        from parley import after, before_close

        class Shop(Flow, expires="4h"):
            {line}  # here
    """)
    now = utc("2026-06-01T00:00")
    problem = written.the_problem(check_flows(flows, capabilities=[PHONE_LINE], now=now))
    assert problem.what == what


def test_a_nudge_on_lines_without_a_window_is_named(written: Written) -> None:
    flows = written.flows("""
        from parley import before_close

        class Shop(Flow):
            a: str = ask("A?", nudge=before_close("1h", "x"))  # here
    """)
    plain = PLAIN_LINE.model_copy(update={"window": None})
    problem = written.the_problem(check_flows(flows, capabilities=[plain]))
    assert problem.what == "no line has a window, so nothing nudges"


def test_a_date_ahead_and_an_unknown_now_are_no_problem(written: Written) -> None:
    flows = written.flows("""
        from datetime import UTC, datetime

        class Shop(Flow):
            a = say("A", at=datetime(2026, 6, 1, 9))
            b = say("B", at=datetime(2026, 6, 1, 9, tzinfo=UTC))
            c = say("C", at=lambda: None)
    """)
    assert check_flows(flows) == []
    assert check_flows(flows, now=utc("2026-06-01T08:00")) == []


def test_a_function_of_the_wrong_kind_is_told(written: Written) -> None:
    with pytest.raises(DefinitionError) as told:
        written.flows("""
            class Shop(Flow):
                async def when(self): ...
                a = say("A", at=when)
                b = say("B", at=lambda a, b, c: None)
                c = say("C", if_silent=True)
                d: str = ask("D?", then=END)
        """)
    assert "at= is an async function" in str(told.value)
    assert "at= takes 3 arguments" in str(told.value)
    assert "if_silent= is for what is said later" in str(told.value)
    assert "then= is where it goes on when it has expired, and nothing says when" in str(told.value)


def test_the_diagram_shows_where_a_question_goes_that_nobody_answers(
    find: Find, written: Written
) -> None:
    (flow,) = written.flows("""
        class Shop(Flow):
            a: str = ask("A?", expires="36h", then=to.c)
            b = say("B", at="18:00")
            c = say("C", then=END)
    """)
    drawn = draw(flow)
    assert "no answer in 36h" in drawn
    assert "b (later)" in drawn


def test_reminders_are_translated_as_every_text(written: Written) -> None:
    (flow,) = written.flows("""
        from parley import after

        class Shop(Flow):
            a: str = ask("A?", remind=after("1h", "Still there?"))
    """)
    assert ("Still there?", "shop.a") in texts_of(flow.definition)
