"""Adds up the words and digits of one number: "two hundred and five", "saadhe teen lakh", "2 and a half thousand"."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.flow.answers.heard.lexicon import phrases
from engine.flow.answers.heard.number_words import Names, Part
from engine.flow.answers.heard.numerals import Convention, readings
from engine.flow.answers.heard.spoken import Token


@dataclass(frozen=True, slots=True)
class Mention:
    """A number that is said, and where."""

    first: int
    end: int
    """The token after its last."""
    values: tuple[Decimal, ...]
    """What it may mean, the likeliest first."""
    weak: bool = False
    """Whether it may as well be an article or a pronoun: "un", "eine", "one"."""
    article: bool = False
    """Whether it is nothing but an article: "a"."""
    fraction: bool = False
    """Whether it is a half or a quarter and nothing more."""
    joined: bool = False
    """Whether an "and" joins it to what is before it."""

    @property
    def value(self) -> Decimal:
        """The likeliest meaning."""
        return self.values[0]


_Element = tuple[Part, int]
_ZERO = Decimal(0)


class Sum:
    """Adds up the parts of one number, from left to right."""

    def __init__(
        self,
        tokens: Sequence[Token],
        words: Sequence[str],
        known: Names,
        ways: tuple[Convention, ...],
    ) -> None:
        """Begin with nothing."""
        self.tokens, self.words, self.known, self.ways = tokens, words, known, ways
        self.total: tuple[Decimal, ...] = (_ZERO,)
        self.group: tuple[Decimal, ...] | None = None
        self.slot = 0
        """The power of ten of the group's last part, which smaller ones may follow; 0: nothing may."""
        self.scale: Decimal | None = None
        """The last scale."""
        self.unit = Decimal(1)
        """What "and a half" is a half of."""
        self.digits = False
        """Whether the group was written in digits."""
        self.done = False

    def read(self, start: int) -> Mention | None:
        """Return the number that begins at the token, None where none does."""
        begin, sign = self._sign(start)
        place = begin
        weak = article = fraction = False
        while place < len(self.words) and not self.done:
            element = self._element(place)
            if element is None:
                break
            part, length = element
            end = self._take(part, place, length, first=place == begin)
            if end is None:
                break
            alone = place == begin
            weak = alone and (part.kind == "article" or self.words[place] in self.known.weak)
            article = alone and part.kind == "article"
            fraction = part.kind == "fraction"
            place = end
        if place == begin or (weak and not self._is_one(begin)):
            return None
        group = self.group or (_ZERO,)
        values = tuple(sign * (total + one) for total in self.total for one in group)
        before = self.known.part(self.words[start - 1]) if start else None
        joined = before is not None and before.kind == "and"
        return Mention(start, place, tuple(dict.fromkeys(values)), weak, article, fraction, joined)

    def _is_one(self, place: int) -> bool:
        """Tell whether "one" counts; after a determiner it stands for a thing."""
        after = self.known.weak_after
        return (
            not after
            or place == 0
            or self.tokens[place - 1].kind == "sign"
            or self.words[place - 1] in after
        )

    def _sign(self, start: int) -> tuple[int, int]:
        after = start + 1
        if after >= len(self.tokens):
            return start, 1
        token, following = self.tokens[start], self.tokens[after]
        if token.text in ("-", "+") and following.kind == "number" and token.end == following.start:
            alone = start == 0 or self.tokens[start - 1].end < token.start
            return (after, -1 if token.text == "-" else 1) if alone else (start, 1)
        found = self.known.parts.at(self.words, start)
        if found is not None and found[0].kind == "minus":
            after = start + found[1]
            if after < len(self.tokens) and self._element(after) is not None:
                return after, -1
        return start, 1

    def _element(self, place: int) -> _Element | None:
        """Return what stands at the place; a number in digits is a `small` of no value."""
        found = self.known.parts.at(self.words, place)
        if found is not None:
            return found if found[0].kind not in ("hide", "minus") else None
        return (_DIGITS, 1) if self.tokens[place].kind == "number" else None

    def _take(self, part: Part, place: int, length: int, *, first: bool) -> int | None:
        """Add a part; return the place after it, None where it does not belong to the number."""
        end = place + length
        match part.kind:
            case "small" if part is _DIGITS:
                return self._take_digits(place)
            case "small" | "hundreds":
                return end if self._add(part.value) else None
            case "article":
                return self._take_article(end) if first else None
            case "hundred":
                return end if self._multiply_by_hundred() else None
            case "scale":
                return end if self._scale(part.value, place, first) else None
            case "dozen":
                return end if self._dozen() else None
            case "fraction":
                return self._take_fraction(part.value, end, first)
            case "plus":
                return self._take_plus(part.value, end, first)
            case "more":
                return self._take_more(part.value, end) if self.group is None else None
            case "point":
                return self._take_decimals(end)
            case "and":
                return None if first else self._take_and(end)
            case _:
                return None

    def _take_digits(self, place: int) -> int | None:
        written = self.words[place]
        values = readings(written, self.ways)
        if not values:
            return None
        if self.group is not None:
            # "1 1/2"
            if "/" not in written or len(self.group) > 1 or self.group[0] != int(self.group[0]):
                return None
            self.group = (self.group[0] + values[0],)
            self.done = True
            return place + 1
        if self.scale is not None and (values[0] >= self.scale or "/" in written):
            return None
        self.group, self.slot, self.digits, self.unit = values, 0, True, Decimal(1)
        return place + 1

    def _add(self, value: Decimal, *, joined: bool = False) -> bool:
        group = self.group
        slot = _slot(value)
        if group is None:
            if self.scale is not None and value >= self.scale:
                return False
            self.group, self.slot, self.unit = (value,), slot, Decimal(1)
            return True
        fits = (self.slot == 100 and value < 100) or (
            self.slot == 10 and 1 <= value <= 9 and (joined or self.known.joins_tens)
        )
        turned = (
            joined
            and self.known.ones_first
            and self.slot == 1
            and value in _ROUND_TENS
            and 1 <= group[0] % 100 <= 9
        )
        if not (fits or turned):
            return False
        self.group, self.slot = (group[0] + value,), 1 if turned else slot
        return True

    def _multiply_by_hundred(self) -> bool:
        if self.group is None:
            self.group = (Decimal(100),)
        elif self.slot != 100 and 0 < self.group[0] < 100:
            self.group = tuple(one * 100 for one in self.group)
        else:
            return False
        self.slot, self.unit, self.digits = 100, Decimal(100), False
        return True

    def _scale(self, scale: Decimal, place: int, first: bool) -> bool:
        if len(self.words[place]) <= 2 and (first or not self.digits):
            return False  # "k" and "m" are no number of their own
        group = self.group
        if self.scale is None or scale < self.scale:
            factor = group if group is not None else ((Decimal(1),) if self.scale is None else None)
            if factor is None:
                return False
            self.total = tuple(total + one * scale for total in self.total for one in factor)
        elif scale > self.scale:  # "mil millones", "lakh crore"
            self.total = ((self.total[0] + (group[0] if group else _ZERO)) * scale,)
        else:
            return False
        self.group, self.slot, self.scale, self.unit, self.digits = None, 0, scale, scale, False
        return True

    def _dozen(self) -> bool:
        if self.total != (_ZERO,) or self.slot == 100:
            return False
        group = self.group or (Decimal(1),)
        self.group, self.slot, self.unit, self.digits = (
            tuple(one * 12 for one in group),
            0,
            Decimal(12),
            False,
        )
        return True

    def _take_article(self, end: int) -> int | None:
        self.group, self.slot = (Decimal(1),), 1
        following = self._element(end) if end < len(self.words) else None
        self.done = following is None or following[0].kind not in (
            "hundred",
            "scale",
            "dozen",
            "fraction",
        )
        return end

    def _take_fraction(self, value: Decimal, end: int, first: bool) -> int | None:
        if self.group is not None and not (self.slot == 1 and 1 <= self.group[0] <= 3):
            return None
        if not first and self.group is None:
            return None
        if self.group is not None and (self.group[0] > 1 and value != Decimal("0.25")):
            return None
        self.group, self.slot = ((self.group[0] if self.group else Decimal(1)) * value,), 0
        after = self._after_of(end)
        if after is None:
            self.done = True
            return end
        return after

    def _after_of(self, place: int) -> int | None:
        """Return the place of what a fraction is taken of: the million of "half a million"."""
        of = phrases(self.known.language, "numbers", "of")
        for _ in range(3):
            found = self._element(place) if place < len(self.words) else None
            if found is not None and found[0].kind in ("hundred", "scale", "dozen"):
                return place
            step = of.at(self.words, place)
            if step is None:
                break
            place += step[1]
        return None

    def _take_plus(self, value: Decimal, end: int, first: bool) -> int | None:
        if first:
            if value < 0:
                return None
            return self._take_fraction(value, end, first)
        if self.group is not None:
            unit = self.unit if self.unit == 12 else Decimal(1)
            self.group = tuple(one + value * unit for one in self.group)
        else:
            self.total = tuple(total + value * self.unit for total in self.total)
        self.done = self.scale is not None or self.unit == 12
        self.slot, self.digits = 0, True
        return end

    def _take_more(self, value: Decimal, place: int) -> int | None:
        """Take Hindi's "saadhe teen" (3.5), "sawa" (1.25), "paune do" (1.75), "sawa lakh"."""
        found = self._element(place) if place < len(self.words) else None
        if found is not None and found[0].kind == "small":
            number = (
                found[0].value
                if found[0] is not _DIGITS
                else (readings(self.words[place], self.ways) or (_ZERO,))[0]
            )
            if number == int(number) and number > 0:
                self.group, self.slot, self.digits = (number + value,), 1, False
                return place + found[1]
            return None
        scaled = found is not None and found[0].kind in ("hundred", "scale")
        if not scaled and value != Decimal("0.25"):
            return None
        self.group, self.slot = (1 + value,), 1
        return place

    def _take_decimals(self, place: int) -> int | None:
        """Take what is said after the point: "two five" or "twenty five"."""
        if self.group is not None and (len(self.group) > 1 or self.group[0] != int(self.group[0])):
            return None
        opening = place == 1 and self.words[0] in _OPENING_POINTS
        if self.group is None and self.words[place - 1] not in ("point", "dot") and not opening:
            return None
        said = ""
        while place < len(self.words):
            found = self._element(place)
            if self.words[place] in _SPOKEN_ZERO:
                found = Part("small"), 1
            if found is None or found[0].kind != "small":
                break
            value = found[0].value if found[0] is not _DIGITS else None
            piece = self.words[place] if value is None else f"{value:f}"
            if not piece.isdecimal() or (len(piece) > 1 and said.strip("0")):
                break
            tens = _ZERO if said else self._tens_after(place + found[1], value)
            said += f"{tens + value:f}" if tens and value else piece
            place += found[1] + (2 if tens else 0)
        if not said or (self.group is None and len(said) > 3):
            return None
        self.group = ((self.group[0] if self.group else _ZERO) + Decimal(f"0.{said}"),)
        self.slot, self.digits = 0, True
        return place

    def _tens_after(self, place: int, value: Decimal | None) -> Decimal:
        """Return the twenty of "five and twenty" where the language says it so, else zero."""
        joint = self._element(place) if place < len(self.words) else None
        tens = self._element(place + 1) if place + 1 < len(self.words) else None
        turned = self.known.ones_first and value is not None and 1 <= value <= 9
        if not turned or joint is None or joint[0].kind != "and" or tens is None:
            return _ZERO
        return tens[0].value if tens[0].value in _ROUND_TENS else _ZERO

    def _take_and(self, place: int) -> int | None:
        """Take what "and" joins, where it belongs to the number: "hundred and five", "cinco y" does not."""
        found = self._element(place) if place < len(self.words) else None
        if found is None:
            return None
        part, length = found
        if part is _DIGITS:
            joins = "/" in self.words[place] or (self.scale is not None and self.group is None)
            return self._take_digits(place) if joins else None
        if part.kind == "small":
            return place + length if self._add(part.value, joined=True) else None
        if (
            part.kind in ("hundreds", "scale", "hundred")
            and self.group is None
            and self.scale is not None
        ):
            return self._take(part, place, length, first=False)
        return None


_DIGITS = Part("small", Decimal(-1))
_OPENING_POINTS = frozenset(
    {"punto", "ponto", "punkt", "komma", "virgule", "virgula", "فاصله", "نقطه"}
)
"""Words for the point that begin a number where they begin the message; Spanish "coma" is "eat" too."""
_SPOKEN_ZERO = frozenset({"oh"})
"""Zero after the point alone: "one point oh five"."""
_ROUND_TENS = frozenset(map(Decimal, range(20, 100, 10)))


def _slot(value: Decimal) -> int:
    if value >= 100:
        return 100
    return 10 if value >= 20 and value % 10 == 0 else 1
