"""Rules for lengths of time, "an hour and a half", "साढ़े तीन घंटे", and for what is counted from now: "in 3 days"."""

from engine.flow.answers.when.reckoning import add, coming, dates_meant
from engine.flow.answers.when.terms import Duration, Found, Means, Rule


def from_weekday(found: Found) -> Means | None:
    """Return "a week on Monday": counted from the next such day."""
    if found.duration("l").minutes:  # "so in einer halben Stunde" names no Sunday
        return None
    near, length = coming(found.number("w"), found.place.today), found.duration("l")
    return dates_meant(
        add(near, length if length.also_days is None else Duration(days=length.also_days))
    )


def from_day(found: Found) -> Means | None:
    """Return "two weeks from tomorrow"; "today in 40 minutes" is a moment, not a day."""
    if found.duration("l").minutes:
        return None
    return dates_meant(*(add(day, found.duration("l")) for day in found.days("d")))


def from_day_said_after(found: Found) -> Means | None:
    """Return "a week tomorrow", which only English says."""
    return from_day(found) if found.place.words.settings.get("length_before_day") else None


def _length(found: Found) -> Means | None:
    count = found.amount("n") if "n" in found else 1.0
    return _duration(
        count, found.word("u"), halves="half" in found, words="figure" not in found, found=found
    )


def _parts_length(found: Found) -> Means | None:
    """Return "two and a quarter hours" and "2 1/2 hours"; German "fünf viertel Stunden" is five of them."""
    count, fraction = found.amount("n"), found.number("f") / 60
    times = "and" not in found and fraction != 0.5
    return _duration(
        count * fraction if times else count + fraction,
        found.word("u"),
        halves=False,
        words=False,
        found=found,
    )


def _hours_minutes(found: Found) -> Means | None:
    """Return "une heure et quart", "uma hora e quinze"."""
    more = found.number("f") if "f" in found else found.number("m")
    return {"length": Duration(minutes=round(60 * found.amount("n")) + more)}


def _half_length(found: Found) -> Means | None:
    return _duration(0.5, found.word("u"), halves=False, words=False, found=found)


def _before_hour_length(found: Found) -> Means | None:
    """Return साढ़े तीन घंटे: three hours and a half."""
    count = found.amount("n") + found.number("b") / 60
    return _duration(count, found.word("u"), halves=False, words=False, found=found)


def _whole_length(found: Found) -> Means | None:
    hour, _, minute = found.word("w").partition(":")
    return _duration(
        int(hour) + int(minute) / 60, found.word("u"), halves=False, words=False, found=found
    )


def _duration(count: float, unit: str, *, halves: bool, words: bool, found: Found) -> Means | None:
    count += 0.5 if halves else 0
    if not 0 <= count <= 10_000:
        return None
    whole = count == int(count)
    match unit:
        case "minute" | "hour":
            return {"length": Duration(minutes=round(count * (60 if unit == "hour" else 1)))}
        case "fortnight":
            return {"length": Duration(days=round(14 * count))} if whole else None
        case "week":
            return {"length": Duration(days=round(7 * count))} if whole else None
        case "day":
            if count == 0.5:
                return None
            idiom = found.place.words.settings.get(f"days_{int(count)}") if words else None
            also = idiom if isinstance(idiom, int) else None
            return {"length": Duration(days=int(count), also_days=also)} if whole else None
        case "month":
            return {"length": Duration(months=int(count))} if whole else None
        case "year":
            return {"length": Duration(months=round(12 * count))}
        case _:
            return None


def _minutes(found: Found) -> Means | None:
    return {"length": Duration(minutes=found.number("l"))}


def _hours_and(found: Found) -> Means | None:
    """Return "an hour and a half"."""
    more = found.number("f") if "f" in found else 30
    return (
        None if found.number("l") % 60 else {"length": Duration(minutes=found.number("l") + more)}
    )


def _sum(found: Found) -> Means | None:
    return {"length": found.duration("a") + found.duration("b")}


def _in(found: Found) -> Means | None:
    return {"away": found.duration("l")}


def _in_long(found: Found) -> Means | None:
    return {"away": Duration(minutes=found.number("g"))}  # "dans 1h30"


def _ago(found: Found) -> Means | None:
    length = found.duration("l")
    return {"away": Duration(-length.months, -length.days, -length.minutes)}


def _dual(found: Found) -> Means | None:
    count, _, unit = found.word("d").partition(" ")
    return _duration(float(count), unit, halves=False, words=False, found=found)


LENGTHS = (
    Rule("n:number|decimal|one and:and? f:fraction (?:one|link)* u:unit", _parts_length),
    Rule("n:number|one u:unit and? half:half", _length),
    Rule("b:before_hour n:number u:unit", _before_hour_length),
    Rule("w:whole u:unit", _whole_length),
    Rule("(?:one|link)* half (?:one|link)* u:unit", _half_length),
    Rule("n:number|one hour_unit and f:fraction", _hours_minutes),
    Rule("n:number|one hour_unit and m:minute (?!unit|thing)", _hours_minutes),
    Rule("n:number|one|decimal u:unit (?!weekday)", _length),
    Rule("l:minutes_long and half", _hours_and),
    Rule("l:minutes_long and f:fraction", _hours_and),
    Rule("l:minutes_long", _minutes),
    Rule("d:dual (?!day|weekday)", _dual),
    Rule("a:length (?:and|link)* b:length", _sum),
)
"""Lengths of time."""

AWAY = (
    Rule("in+ g:long", _in_long),
    Rule("g:long later", _in_long),
    Rule("w:weekday link* in l:length", from_weekday),
    Rule("d:date link* in l:length", from_day),
    Rule("d:date since|until|link* l:length later", from_day),  # आज से तीन दिन बाद
    Rule("in+ about|fill? l:length later?", _in),
    Rule("l:length later", _in),
    Rule("ago_before l:length", _ago),
    Rule("l:length ago", _ago),
)
"""Lengths counted from now."""
