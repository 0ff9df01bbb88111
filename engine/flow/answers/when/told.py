"""What a message tells of days and times, and what of it a correction leaves: "Friday at 5, no sorry, at 6"."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from engine.flow.answers.when.spans import Span
from engine.flow.answers.when.terms import Duration, Found, Means, Place, Rule, Term
from engine.flow.answers.when.text import Clock, NumericDate


@dataclass
class Mentions:
    """The days and times of a message, each with all it may mean."""

    place: Place
    dates: list[tuple[date, ...]] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    monthly: list[int] = field(default_factory=list)
    """Days of a month that any month may have: "the 13th"."""
    times: list[Clock] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    away: list[Duration] = field(default_factory=list)
    numerics: list[NumericDate] = field(default_factory=list)
    either: list[tuple[NumericDate, Clock]] = field(default_factory=list)
    """Numbers such as 5.30 that are a date or a time."""
    numbers: list[Mapping[str, object]] = field(default_factory=list)
    beside: bool = False
    """Whether one of them stands beside a day of the week: "Friday 13", not "Friday at 8, for 2"."""
    hours: list[tuple[Clock, Clock]] = field(default_factory=list)
    """From one time to another."""
    spans: list[Span] = field(default_factory=list)
    """From one day to another."""
    refs: list[tuple[str, int]] = field(default_factory=list)
    """Whole weeks and months: next week, April."""
    errand: bool = False
    """Whether something else comes before or after it: "after school"."""
    weekend: bool = False
    midnight: bool = False
    now: bool = False
    weak: bool = False
    """Whether a word may be another: mistyped, or short."""
    lengths: int = 0
    """Lengths of time that are no time: "for two hours"."""
    idle: int = 0
    """Words that are polite, or say what is to happen then."""
    denied: set[str] = field(default_factory=set)
    """Whether a day or a time is said not to be it: "3 pm, not 2 pm"."""
    unknown: int = 0
    """Words that nobody knows."""

    @property
    def names_day(self) -> bool:
        """Whether it names a day."""
        return bool(self.dates or self.weekdays or self.monthly or self.numerics)

    @property
    def says_day(self) -> bool:
        """Whether it says anything of a day."""
        return any(getattr(self, name) for name in _OF_DAY)

    @property
    def says_time(self) -> bool:
        """Whether it says anything of a time of day, or a number that may be one."""
        return any(getattr(self, name) for name in _OF_TIME)

    @property
    def says_anything(self) -> bool:
        """Whether it says anything of a day or a time."""
        return self.says_day or self.says_time or any(getattr(self, name) for name in _OF_BOTH)

    @property
    def wants_another(self) -> bool:
        """Whether a day or a time was denied and none given in its place."""
        return ("day" in self.denied and not self.says_day) or (
            "time" in self.denied and not self.says_time
        )


_OF_DAY = ("dates", "weekdays", "monthly", "numerics", "spans", "refs", "weekend")
_OF_TIME = ("times", "parts", "hours", "either", "numbers", "beside", "midnight")
_OF_BOTH = ("moments", "away", "now")

_NOTHING: Mapping[str, object] = {}


_NAMES = frozenset({"at", "time", "clock", "date", "weekday", "numeric", "dayof"})
"""What begins to name a day or a time."""


def corrects(terms: list[Term], at: int, place: Place, *, told: bool) -> bool:
    """Tell whether what follows stands for what was said before: "sorry", "I mean", "no, Friday"."""
    means = terms[at].means
    ahead = terms[at - 1].means.keys() if at else frozenset()
    behind = terms[at + 1].means.keys() if at + 1 < len(terms) else frozenset()
    if "rather" in means:  # "Friday, better Saturday", not "Friday is better, Saturday I work"
        return "comma" not in behind and bool(ahead & {"comma", "no", "but"})
    if "correct" in means:
        # "j'attends" waits; "non, attends" and "attends, 17h" do not.
        return "block" not in means or "comma" in behind or "no" in ahead
    if "no" not in means:
        return False
    # In Spanish no is not as well: "a las 5 no a las 6" may be either, "no, no, a las 6" is clear.
    settings = place.words.settings
    clear = settings.get("no_is_never_not") or (
        told and (settings.get("no_takes_back") or "no" in ahead)
    )
    return bool(behind & {"comma", "correct", "no"} or (clear and behind & _NAMES))


def beside_weekday(terms: list[Term], at: int) -> bool:
    """Tell whether a number and a day of the week stand side by side here."""
    ahead = [term.means for term in terms[:at] if not term.means.keys() & {"comma", "dayof"}]
    return bool(ahead) and any(
        "number" in one and "weekday" in other
        for one, other in ((terms[at].means, ahead[-1]), (ahead[-1], terms[at].means))
    )


def corrected(before: Mentions, after: Mentions, *, denied: bool = False) -> Mentions:
    """Return what is left where what was said after stands for what was said before it.

    A day stands for a day and a time for a time; of a number alone that comes after a day nobody knows for which.
    `denied` is a no between the two: with nothing after it, nothing is left.
    """
    day, clock = after.says_day, after.says_time
    told = replace(
        after,
        weak=before.weak or after.weak,
        errand=before.errand or after.errand,
        lengths=before.lengths + after.lengths,
        idle=before.idle + after.idle,
        unknown=before.unknown + after.unknown,
        denied=before.denied | after.denied,
        numbers=[*after.numbers],
    )
    if any(getattr(after, name) for name in _OF_BOTH):
        return told
    if denied and not (day or clock):
        told.numbers += [_NOTHING, _NOTHING]
        return told
    if clock and not day:
        told.away = [length for length in before.away if not length.minutes]
    if not (day or clock):
        _keep(before, told, _OF_BOTH)
    if not day:
        _keep(before, told, _OF_DAY)
    if not clock:
        _keep(before, told, _OF_TIME)
    if after.numbers and not day and before.says_day and not before.says_time:
        told.numbers += [_NOTHING, _NOTHING]
    return told


def _keep(before: Mentions, told: Mentions, names: tuple[str, ...]) -> None:
    for name in names:
        setattr(told, name, getattr(before, name))


def _denied(found: Found) -> Means:
    return {"denied": "day" if found.kind("k") in ("date", "weekday") else "time"}


_DAY_OR_TIME = "k:time|clock|date|weekday"

DENIALS = (
    Rule(
        f"denies (?:(?!comma) at|about|link|dayof)* {_DAY_OR_TIME}|number (?=fill* (?:comma|but|$))",
        _denied,
    ),
    Rule(f"{_DAY_OR_TIME} denies (?=comma|but)", _denied),
)
"""Days and times that are said not to be it: "3 pm, not 2 pm"."""
