"""Rules for times of day: "half past five", "las cinco y media", "halb sechs", "साढ़े पाँच बजे", "5 pm", "17h30".

Words differ by language, the rules do not: what "halb" or "menos" does is said in the language's file.
"""

from collections.abc import Mapping

from engine.flow.answers.when.terms import Found, Means, Rule
from engine.flow.answers.when.text import Clock

PARTS = ("dawn", "morning", "midday", "afternoon", "evening", "night")
"""The parts of a day, as the languages' files name them."""

# The hours on a twelve-hour clock that are before noon in that part of the day; 12 itself is hour 0 here.
_BEFORE_NOON = {
    "dawn": range(12),
    "morning": range(12),
    "midday": range(10, 12),
    "afternoon": range(0),
    "evening": range(0),
    "night": range(6),
}
_IN_24 = {
    "dawn": range(12),
    "morning": range(13),
    "midday": range(10, 16),
    "afternoon": range(11, 21),
    "evening": range(15, 24),
    "night": (*range(17, 24), *range(7)),
}


def in_part(clock: Clock, part: str) -> Clock | None:
    """Return the time of day in a part of the day; None where it is not in it."""
    if not clock.open and clock.hour != 12:
        return clock if clock.hour in _IN_24[part] else None
    hour = clock.hour % 12
    if hour == 0 and part in ("midday", "afternoon"):
        return Clock(12, clock.minute, open=False)
    if hour == 0 and part == "morning":  # "12 in the morning" is said of either
        return None
    if hour == 0 and part in ("evening", "night", "dawn"):
        return Clock(0, clock.minute, open=False)
    return Clock(hour if hour in _BEFORE_NOON[part] else hour + 12, clock.minute, open=False)


def moved(clock: Clock, minutes: int) -> Clock:
    """Return the time some minutes later, or earlier."""
    total = (clock.hour * 60 + clock.minute + minutes) % (24 * 60)
    return Clock(total // 60, total % 60, clock.open)


def _time(clock: Clock | None) -> Means | None:
    return None if clock is None else {"time": clock}


def _fraction(found: Found) -> int:
    return sum(found.number(name) for name in ("f", "m") if name in found)


def _past(found: Found) -> Means | None:
    return _time(moved(found.clock("h"), _fraction(found)))


def _and_minutes(found: Found) -> Means | None:
    return _past(found) if found.place.words.settings.get("and_minutes") else None


def _to(found: Found) -> Means | None:
    return _time(moved(found.clock("h"), -_fraction(found)))


def _at_to(found: Found) -> Means | None:
    """Return "at 10 to 4"; without the at it may be from ten to four, and so may "at 9 to 5"."""
    return _to(found) if found.number("m") % 5 == 0 else None


def _half_less(found: Found) -> Means | None:
    return _time(moved(found.clock("h"), found.number("f") - found.number("m")))


def _before_hour(found: Found) -> Means | None:
    more = found.number("m") if "m" in found else 0
    return _time(
        moved(
            found.clock("h"),
            found.number("b") - more if "less" in found else found.number("b") + more,
        )
    )


def _whole(found: Found) -> Means | None:
    hour, _, minute = found.word("w").partition(":")
    return _time(Clock(int(hour), int(minute), open=True))


def _hour_minutes(found: Found) -> Means | None:
    clock = found.clock("h")
    return _time(Clock(clock.hour, found.number("m"), clock.open and clock.hour != 12))


def _figures_minutes(found: Found) -> Means | None:
    clock = found.clock("h")
    return _time(Clock(clock.hour, found.number("m"), clock.open and clock.hour != 12, "h"))


def _at(found: Found) -> Means | None:
    return _time(found.clock("h"))


def _oclock(found: Found) -> Means | None:
    clock, settings = found.clock("h"), found.place.words.settings
    if clock.hour == 12 and settings.get("twelve_is_noon"):
        return _time(clock._replace(open=False))
    # "10h" and "10 Uhr" are a morning's; "8 Uhr" and "acht Uhr" are said of an evening as well.
    return _time(
        clock._replace(written="h" if found.kind("h") == "figure_hour" and clock.hour >= 9 else "")
    )


def _hours_as_clock(found: Found) -> Means | None:
    """Return "17 horas" as a time; "2 horas" is a length, but in languages that tell the time so."""
    if found.clock("h").hour < 13 and not found.place.words.settings.get("hours_tell_time"):
        return None
    return _oclock(found)


def _written(found: Found) -> Means | None:
    return _time(found.clock("c")._replace(written="h"))


def settled(clock: Clock, settings: Mapping[str, object]) -> Clock:
    """Return the time as people mean it who write 24 hours: from seven on, a clock in figures is what it says."""
    means_24 = settings.get("clock") == 24 or (clock.written == "h" and settings.get("h_is_24"))
    return clock._replace(open=False) if clock.written and clock.hour >= 7 and means_24 else clock


def _am(found: Found) -> Means | None:
    clock = found.clock("h")
    if not clock.open and clock.hour > 12:
        return None
    return _time(Clock(clock.hour % 12, clock.minute, open=False))


def _pm(found: Found) -> Means | None:
    clock = found.clock("h")
    return _time(Clock(clock.hour % 12 + 12, clock.minute, open=False))


def _part(found: Found) -> Means | None:
    if found.word("p") == "midday" and found.clock("h").hour > 12:
        return None  # "sábado 14 a mediodía" is twelve on the 14th
    clock = in_part(found.clock("h"), found.word("p"))
    return None if clock is None else {"time": clock, "of_part": found.word("p")}


def _by_daylight(found: Found) -> Means | None:
    """Return "दिन के तीन बजे", three of the day: in the afternoon."""
    if not found.place.words.settings.get("day_is_daylight"):
        return None
    return _time(in_part(found.clock("t"), "midday"))


def _part_today(found: Found) -> Means | None:
    clock = in_part(found.clock("h"), found.word("p"))
    return None if clock is None else {"date": (found.place.today,), "time": clock}


def _noon_and(found: Found) -> Means | None:
    clock = Clock(12 if found.kind("h") == "noon" else 0, 0, open=False)
    return _time(moved(clock, -_fraction(found) if "less" in found else _fraction(found)))


def _noon_minutes(found: Found) -> Means | None:
    """Return "midi trente"; a lower number behind noon may be anything."""
    minute = found.number("m")
    return _noon_and(found) if minute >= 15 and minute % 5 == 0 else None


def _half_at_night(found: Found) -> Means | None:
    """Return "ثمانية ونص الليل": half past eight at night, not eight and midnight."""
    if not found.place.words.settings.get("midnight_may_be_half"):
        return None
    return _time(in_part(moved(found.clock("h"), 30), "night"))


def _twelve_noon(found: Found) -> Means | None:
    return _time(Clock(12, 0, open=False)) if found.clock("h").hour == 12 else None


def _twelve_midnight(found: Found) -> Means | None:
    if found.clock("h").hour not in (0, 12):
        return None
    return {"time": Clock(0, 0, open=False), "at_midnight": "midnight"}


_HOUR = "h:hour|clock_hour"
_PART = "(?:f:fraction | m:minute) minute_unit?"

FRACTIONS = (
    # fünf vor halb drei; halb sechs; साढ़े पाँच; half five
    Rule(
        f"!counts at|about* m:minute minute_unit? less:to b:before_hour at|about* {_HOUR} oclock?",
        _before_hour,
    ),
    Rule(
        f"!counts at|about* m:minute minute_unit? past b:before_hour at|about* {_HOUR} oclock?",
        _before_hour,
    ),
    Rule(f"!counts at|about* b:before_hour at|about* {_HOUR} oclock?", _before_hour),
    Rule("!counts at|about* w:whole oclock", _whole),
    # quarter past five; zehn nach acht; quarter to five; cuarto para las cinco
    Rule(f"!counts at|about* {_PART} past at|about* {_HOUR} oclock?", _past),
    Rule("!counts at+ about* m:minute to at|about* h:hour oclock?", _at_to),
    Rule(f"!counts at|about* (?!figure until figure) {_PART} to at|about* {_HOUR} oclock?", _to),
    # las cinco y media; cinq heures et quart; الخامسة والنصف وخمس; 5 बजकर 20 मिनट
    Rule(f"!counts at|about* {_HOUR} oclock? and? f:fraction and m:minute minute_unit?", _past),
    Rule(
        f"!counts at|about* {_HOUR} oclock? and? f:fraction minus m:minute minute_unit?", _half_less
    ),
    Rule(f"!counts at|about* {_HOUR} oclock? and f:fraction", _past),
    Rule(f"!counts at|about* {_HOUR} oclock f:fraction", _past),
    Rule(f"!counts at|about* {_HOUR} oclock? and m:minute minute_unit", _past),
    Rule(f"!counts at+ {_HOUR} oclock? and m:minute (?!month | link month)", _past),
    Rule("!counts at|about* h:clock_hour and m:minute (?!month | link month)", _past),
    Rule("!counts at|about* h:hour oclock and m:minute (?!month | link month)", _past),
    Rule("!counts at|about* h:hour and m:minutes (?!month|link|unit|thing)", _and_minutes),
    Rule(f"!counts at|about* {_HOUR} oclock? minus link* {_PART}", _to),
    Rule(f"!counts at|about* {_HOUR} oclock? and midnight", _half_at_night),
    Rule("!counts h:noon|midnight and? f:fraction", _noon_and),
    Rule("!counts h:noon|midnight and m:minute (?!oclock|hour_unit)", _noon_and),
    Rule("!counts h:noon|midnight and? m:minute minute_unit", _noon_and),
    Rule("!counts h:noon|midnight m:minute (?!oclock|hour_unit|unit|thing)", _noon_minutes),
    Rule(f"!counts h:noon|midnight less:minus link* {_PART}", _noon_and),
    Rule(f"!counts {_PART} past h:noon|midnight", _noon_and),
    Rule(f"!counts {_PART} less:to h:noon|midnight", _noon_and),
    Rule("!counts h:hour|clock_hour to_come m:minute minute_unit?", _to),  # 6 बजने में 10 मिनट
    Rule("!counts at|about* h:hour oclock? (?:at|link)* noon", _twelve_noon),
    Rule("!counts at|about* h:hour oclock? (?:at|link)* midnight", _twelve_midnight),
    Rule("party number (?=at|time)", lambda found: {"fill": "for so many"}),
)
"""Fractions of an hour; before the days, or "las 5 y 15" would lose its minutes to them."""

HOURS = (
    Rule("!counts h:hour|digits (?=today_part)", _at),
    Rule(
        "!counts p:today_part h:hour|digits (?!unit|thing|unknown|month | link month)", _part_today
    ),
    Rule("!counts at|about* c:clock oclock", _written),
    Rule("!counts at|about+ c:clock", _written),
    Rule("!counts at|about* h:hour m:minutes (?=am|pm)", _hour_minutes),
    Rule("!counts h:hour hour_unit (?=part | link part)", _at),
    Rule("h:hour|time|clock|digits|digits3 am", _am),
    Rule("h:hour|time|clock|digits|digits3 pm", _pm),
    Rule("!counts at|about* h:digits|digits3 oclock|hour_unit", _oclock),
    Rule("!counts at|about* h:figure_hour oclock (?!one) m:minute minute_unit?", _figures_minutes),
    Rule("!counts at|about* h:hour oclock (?!one) m:minute minute_unit?", _hour_minutes),
    Rule("!counts at|about* h:figure_hour oclock (?!later|ago)", _oclock),
    Rule("!counts at|about* h:hour oclock (?!later|ago)", _oclock),
    Rule("!counts at|about+ h:hour m:minutes (?!unit|thing|unknown)", _hour_minutes),
    Rule("!counts at+ h:hour hour_unit", _at),
    Rule("!counts at+ about* h:hour|clock_hour|digits (?!unit|thing|month | link month)", _at),
    Rule("!counts about+ h:hour|clock_hour (?!unit|thing|unknown|month | link month)", _at),
    Rule("!counts at|about* h:clock_hour m:minutes", _hour_minutes),
    Rule("!counts at|about* h:clock_hour", _at),
    Rule("!counts at+ h:time", _at),
    Rule("h:time am", _am),
    Rule("h:time pm", _pm),
    Rule("!counts h:hour hour_unit (?!later|ago)", _hours_as_clock),
)
"""Times that their words make clear."""

LOOSE_HOURS = (
    Rule("!counts h:hour|digits (?=today_part)", _at),
    Rule(
        "!counts p:today_part h:hour|digits (?!unit|thing|unknown|month | link month)", _part_today
    ),
    Rule("!counts h:hour|digits (?:at|link)* p:part", _part),
    Rule("!counts p:part (?:at|link)* h:hour|digits (?!unit|thing|month | link month)", _part),
    Rule("!counts h:hour m:minutes (?!unit|thing|month|unknown|fraction)", _hour_minutes),
    Rule("day_unit link* t:time", _by_daylight),
    Rule("t:time link* day_unit", _by_daylight),
    Rule(
        "t:time|clock (?:fill|comma)* party number (?=fill*$)",
        lambda found: {"time": found.clock("t")},
    ),
)
"""Times that stand beside a part of the day, once the days have taken their numbers."""
