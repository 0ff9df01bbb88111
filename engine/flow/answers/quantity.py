"""`Quantity`: how much of what measure, or how many pieces; Babel (CLDR) knows the names of measures."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from babel.units import format_unit

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.amount import Amount
from engine.flow.answers.heard.agreed import agreed, is_long
from engine.flow.answers.heard.bounds import Bounds, bounds
from engine.flow.answers.heard.currencies import coins, currency_of
from engine.flow.answers.heard.lexicon import phrases
from engine.flow.answers.heard.meant import is_given, meant
from engine.flow.answers.heard.number_words import names
from engine.flow.answers.heard.numbers import Said, hear
from engine.flow.answers.heard.shown import one_or_unsure, plain, show_number
from engine.flow.answers.heard.sums import Mention
from engine.flow.answers.heard.units import CLDR, IN_SMALLER, PIECE, Unit, shares, units
from engine.flow.answers.reader import Expected, Here, Hint, Reader
from engine.flow.answers.when.countries import locale_of

_OFTEN_OTHER_WORDS = frozenset({"in", "st", "u", "as", "n", "a", "un"})
"""Short names of units that are words as well: only at the end, or right after the digits."""


class Quantity(Amount):
    """How much; compares by its amount."""

    unit: str
    """A short symbol: kg, g, l, ml, m, cm, ..., or `piece` for what is counted."""


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of quantities, else None."""
    if hint.type is not Quantity:
        return None
    return Reader(Expected("quantity"), partial(_read, bounds(hint)))


def _read(within: Bounds, content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    measured = _Scale(hear(content.body, here.language, here.country), here).measured()
    if measured is None:
        return None
    return one_or_unsure(
        [_answer(amount, measured.unit, here) for amount in measured.amounts if amount in within]
    )


def _answer(amount: Decimal, unit: str, here: Here) -> Answer:
    return Answer({"amount": plain(amount), "unit": unit}, _shown(amount, unit, here))


def _shown(amount: Decimal, unit: str, here: Here) -> str:
    """Return "2 kg" as it is written in the contact's language; pieces as their number."""
    if unit not in CLDR:
        return show_number(amount, here) if unit == PIECE else f"{show_number(amount, here)} {unit}"
    return format_unit(amount, CLDR[unit], "short", locale=locale_of(here.language, here.country))


class _Measured(NamedTuple):
    """What is said of one measure."""

    amounts: tuple[Decimal, ...]
    unit: str
    first: int
    end: int


class _Scale:
    """The quantities in one message."""

    def __init__(self, said: Said, here: Here) -> None:
        self.said, self.words = said, said.words
        self.units = units(said.language)
        self.names = names(said.language)
        self.here = here

    def measured(self) -> _Measured | None:
        """Return the one quantity that is said, None where there are several or none."""
        share = self._share()
        if share is not None:
            return share
        mentions = [one for one in meant(self.said) if not self._is_money(one)]
        found = self._summed(self._with_units(mentions))
        if self._is_open(found):
            return None
        if not found:
            values = agreed([one for one in mentions if not self._is_uncounted(one)])
            return _Measured(values, PIECE, 0, 0) if values else None
        # "and a spoon of salt" is a second thing, "a" alone may be anything.
        spare = [
            one for one in mentions if (one.joined or not one.weak) and not self._inside(one, found)
        ]
        if (
            spare
            or self._names_another(found)
            or len({(one.amounts, one.unit) for one in found}) > 1
        ):
            return None
        return found[0]

    def _is_uncounted(self, mention: Mention) -> bool:
        """Tell whether a number without a measure counts no pieces: so many of a measure that is not known."""
        other = phrases(self.said.language, "units", "other")
        return is_long(self.said, mention) or other.at(self.words, mention.end) is not None

    def _share(self) -> _Measured | None:
        """Return what a phrase means that is a measure by itself: "cuarto y mitad"."""
        known = shares(self.said.language)
        steps = [(place, known.at(self.words, place)) for place in range(len(self.words))]
        found = [(place, *step) for place, step in steps if step is not None]
        if len(found) != 1:
            return None
        place, unit, length = found[0]
        if not self._is_given(place, place + length):
            return None
        return _Measured((unit.times,), unit.symbol, place, place + length)

    def _is_open(self, found: Sequence[_Measured]) -> bool:
        """Tell whether a measure without its number is one of two: "a kilo or two", "kilo o kilo y medio"."""
        joints = phrases(self.said.language, "speech", "or")
        begun = {one.first for one in self.said.mentions} | {one.first for one in found}
        return any(
            self._unit_at(place) is not None
            and not any(one.first <= place < one.end for one in found)
            and (self.words[place + 1],) in joints
            and place + 2 in begun
            for place in range(len(self.words) - 1)
        )

    def _names_another(self, found: Sequence[_Measured]) -> bool:
        """Tell whether another thing is joined to what is measured: "y uno de azúcar", Arabic's "وكيلو سكر"."""
        rest = range(found[0].end, len(self.words))
        if self.said.language == "ar":  # its "and" is no word of its own
            return any(
                self.words[place].startswith("و") and (self.words[place][1:],) in self.units
                for place in rest
            )
        joints = phrases(self.said.language, "numbers", "and")
        return any((self.words[place],) in joints and self._is_one_of(place + 1) for place in rest)

    def _is_one_of(self, place: int) -> bool:
        """Tell whether "a" or "one of" stands there, which are no number where nothing is counted."""
        part = self.names.parts.at(self.words, place)
        if part is None or part[0].kind != "hide":
            return part is not None and part[0].kind == "article"
        return (self.words[place + part[1] - 1],) in phrases(self.said.language, "numbers", "of")

    def _is_money(self, mention: Mention) -> bool:
        # Without a country no slang is known: "mangos" are pesos in Argentina, and mangoes.
        home = currency_of(self.here.country) if self.here.country else ""
        known = coins(self.said.language, self.here.country, home)
        after = mention.end < len(self.words) and known.at(self.words, mention.end)
        before = mention.first > 0 and self.words[mention.first - 1] in _SIGNS
        return before or (bool(after) and self._unit_at(mention.end) is None)

    def _inside(self, mention: Mention, found: Sequence[_Measured]) -> bool:
        return any(one.first <= mention.first < one.end for one in found)

    def _with_units(self, mentions: Sequence[Mention]) -> list[_Measured]:
        found: list[_Measured] = []
        for mention in mentions:
            if found and mention.first < found[-1].end:
                continue
            place = self._after_of(mention)
            step = self._unit_at(place)
            if step is not None:
                one = self._measure(mention.values, step, mention.first, place)
                found.append(self._with_rest(one, mentions))
            elif mention.fraction and (unit := self._quarter_kilo(mention)) is not None:
                found.append(_Measured(mention.values, unit, mention.first, mention.end))
        return found + self._without_number(mentions, found)

    def _quarter_kilo(self, mention: Mention) -> str | None:
        """Return the measure of a quarter that names it: Hindi's "pav" is one of a kilo."""
        step = self.units.at(self.words, mention.end - 1)
        return step[0].symbol if step is not None and step[0].times == Decimal("0.25") else None

    def _measure(
        self, values: tuple[Decimal, ...], step: tuple[Unit, int], first: int, place: int
    ) -> _Measured:
        unit, length = step
        end = place + length
        more = self.names.parts.at(self.words, end) if end < len(self.words) else None
        if more is not None and more[0].kind == "plus":
            values = tuple(value + more[0].value for value in values)
            end += more[1]
        return _Measured(tuple(value * unit.times for value in values), unit.symbol, first, end)

    def _with_rest(self, one: _Measured, mentions: Sequence[Mention]) -> _Measured:
        """Return the measure with what follows it in a smaller one that is not named: "1kg500", "un metro setenta"."""
        smaller = _REST.get(one.unit)
        rest = self._glued_digits(one.end)
        if smaller is None or len(one.amounts) > 1 or one.amounts[0] != int(one.amounts[0]):
            return one
        if rest is None:
            place = one.end + self._is_joint(one.end)
            following = [mention for mention in mentions if mention.first == place]
            if not following or not self._ends_measure(following[0].end):
                return one
            number, end = following[0].value, following[0].end
            if not smaller.least <= number < smaller.times or number != int(number):
                return one
        else:
            number, end = Decimal(rest), one.end + 1
            if len(rest) < len(str(smaller.times)) - 1 and smaller.times != _MINUTES:
                number *= 10 ** (len(str(smaller.times)) - 1 - len(rest))  # "1l5"
            if number >= smaller.times:
                return one
        amount = one.amounts[0] + number / smaller.times
        return _Measured((amount,), one.unit, one.first, end)

    def _is_joint(self, place: int) -> bool:
        """Tell whether an "and" or a "point" stands there: "un metro con cincuenta"."""
        return any(
            self.words[place : place + 1] in phrases(self.said.language, "numbers", name)
            for name in ("and", "point")
        )

    def _ends_measure(self, place: int) -> bool:
        """Tell whether nothing is counted by the number before the place: "2 kilos y 100 huevos" is no 2.1 kg."""
        if place >= len(self.words) or self.said.tokens[place].kind == "sign":
            return True
        language = self.said.language
        known = (phrases(language, "numbers", "of"), phrases(language, "yes_no", "filler"))
        return any(one.at(self.words, place) for one in known)

    def _glued_digits(self, place: int) -> str | None:
        """Return the digits written right after a measure, the 500 of "1kg500"."""
        if place >= len(self.words) or not self.said.glued(place):
            return None
        return self.words[place] if self.words[place].isdecimal() else None

    def _without_number(
        self, mentions: Sequence[Mention], found: Sequence[_Measured]
    ) -> list[_Measured]:
        """Return measures that say their one without a number: "kilo y medio", or after it: "كيلو واحد"."""
        more: list[_Measured] = []
        for place in range(len(self.words)):
            step = self._unit_at(place)
            if step is None or any(one.first <= place < one.end for one in found):
                continue
            end = place + step[1]
            following = self.names.parts.at(self.words, end) if end < len(self.words) else None
            number = next((one for one in mentions if one.first == end), None)
            if following is not None and following[0].kind == "plus" and self._is_given(place, end):
                more.append(self._measure((Decimal(1),), step, place, place))
            elif self._goes_on(step[0], end, found):
                more.append(_Measured((step[0].times,), step[0].symbol, place, end))
            elif number is not None and step[0].symbol != PIECE and self.said.language == "ar":
                values = tuple(value * step[0].times for value in number.values)
                more.append(_Measured(values, step[0].symbol, place, number.end))
            elif self._is_arabic_one(step, end) and self._is_given(place, end):
                more.append(_Measured((step[0].times,), step[0].symbol, place, end))
        return more

    def _goes_on(self, unit: Unit, end: int, found: Sequence[_Measured]) -> bool:
        """Tell whether a smaller measure is added to it: "kilo y 300 gramos"."""
        smaller = IN_SMALLER.get(unit.symbol, {})
        return self._is_joint(end) and any(
            one.first == end + 1 and one.unit in smaller for one in found
        )

    def _is_arabic_one(self, step: tuple[Unit, int], end: int) -> bool:
        """Tell whether a measure alone before its thing means one: "لتر حليب"."""
        named = end < len(self.words) and self.said.tokens[end].kind == "word"
        return (
            self.said.language == "ar"
            and named
            and step[0].symbol != PIECE
            and not self.said.mentions
        )

    def _is_given(self, place: int, end: int) -> bool:
        return is_given(self.said, place, end)

    def _unit_at(self, place: int) -> tuple[Unit, int] | None:
        if place >= len(self.words):
            return None
        step = self.units.at(self.words, place)
        if step is None or self.words[place] not in _OFTEN_OTHER_WORDS:
            return step
        return step if self.said.glued(place) or place + step[1] == len(self.words) else None

    def _after_of(self, mention: Mention) -> int:
        """Return where the measure of a number would stand: after "half of a"."""
        place = mention.end
        size = phrases(self.said.language, "units", "sizes").at(self.words, place)
        if size is not None and self._unit_at(place + size[1]) is not None:
            return place + size[1]  # "two big cups"
        of = phrases(self.said.language, "numbers", "of")
        for _ in range(2):
            if place >= len(self.words) or self._unit_at(place) is not None:
                break
            step = of.at(self.words, place)
            if step is None or (
                self._unit_at(place + step[1]) is None and place + step[1] >= len(self.words)
            ):
                break
            place += step[1]
        return place if self._unit_at(place) is not None else mention.end

    def _summed(self, found: list[_Measured]) -> list[_Measured]:
        """Return the measures, smaller ones added to those before them: "1 kg 500 g"."""
        joined: list[_Measured] = []
        for one in sorted(found, key=lambda one: one.first):
            before = joined[-1] if joined else None
            factor = IN_SMALLER.get(before.unit, {}).get(one.unit) if before is not None else None
            near = before is not None and one.first - before.end <= 1
            if before is None or factor is None or not near:
                joined.append(one)
                continue
            amount = before.amounts[0] + one.amounts[0] / factor
            joined[-1] = _Measured((amount,), before.unit, before.first, one.end)
        return joined


class _Smaller(NamedTuple):
    """What is counted by a number after a measure."""

    times: int
    least: int
    """Where it is said in words: a smaller number counts things."""


_MINUTES = 60
_REST = {
    "kg": _Smaller(1000, 50),
    "l": _Smaller(1000, 50),
    "m": _Smaller(100, 5),
    "h": _Smaller(_MINUTES, 5),
}

_SIGNS = frozenset("$€£¥₹₽₺₩₪฿₫₴₦₱")
