"""`Money`: an amount and its currency; Babel knows currencies, their names, signs and countries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import islice

from babel.numbers import get_currency_precision

from engine.core.content import Inbound, Text
from engine.core.script import Answer, Unsure
from engine.flow.answers.amount import Amount
from engine.flow.answers.heard.agreed import agreed, is_long
from engine.flow.answers.heard.bounds import Bounds, bounds
from engine.flow.answers.heard.currencies import (
    Coin,
    coins,
    currency_of,
    in_use,
    is_code,
    likely,
    scales,
)
from engine.flow.answers.heard.lexicon import phrases
from engine.flow.answers.heard.meant import is_given, meant
from engine.flow.answers.heard.number_words import names
from engine.flow.answers.heard.numbers import Said, hear
from engine.flow.answers.heard.shown import one_or_unsure, plain, show_money
from engine.flow.answers.heard.sums import Mention
from engine.flow.answers.heard.units import PIECE, units
from engine.flow.answers.reader import Expected, Here, Hint, Reader

_MOST_CHOICES = 4


class Money(Amount):
    """An amount of money; compares by its amount, so that `Annotated[Money, Ge(5)]` bounds it."""

    currency: str
    """ISO 4217, such as `EUR`."""


@dataclass(frozen=True, slots=True)
class Currency:
    """Says what is meant where only a number is said: `Annotated[Money, Currency("EUR")]`."""

    code: str
    """ISO 4217."""

    def __post_init__(self) -> None:
        if self.code not in in_use():
            raise ValueError(f"no currency {self.code!r}; one of ISO 4217, such as EUR")


def reader_for(hint: Hint) -> Reader | None:
    """Return the reader of amounts of money, else None."""
    if hint.type is not Money:
        return None
    home = next((one.code for one in hint.metadata if isinstance(one, Currency)), None)
    return Reader(Expected("money"), partial(_read, bounds(hint), home))


def _read(within: Bounds, home: str | None, content: Inbound, here: Here) -> Answer | Unsure | None:
    if not isinstance(content, Text):
        return None
    own = home or (currency_of(here.country) if here.country else None)
    sums = _Purse(hear(content.body, here.language, here.country), content.body, here, own).sums()
    answers = (
        Answer({"amount": plain(amount), "currency": currency}, show_money(amount, currency, here))
        for amount, currency in dict.fromkeys(sums)
        if amount in within
    )
    return one_or_unsure(list(islice(answers, _MOST_CHOICES)))


class _Purse:
    """The amounts of money in one message."""

    def __init__(self, said: Said, text: str, here: Here, own: str | None) -> None:
        self.said, self.text, self.own = said, text, own
        self.words = said.words
        self.coins = coins(said.language, here.country, own)
        self.language = said.language
        self.scales = scales(said.language)

    def sums(self) -> list[tuple[Decimal, str]]:
        """Return what the message may mean, the likeliest first."""
        mentions = [
            self._scaled(one)
            for one in meant(
                self.said, is_suffix=self._is_suffix, is_prefix=self._is_coin, most=True
            )
            if not (one.article and self._is_sign(one.first))
        ]
        priced = [
            (mention, coin) for mention in mentions if (coin := self._coin_of(mention)) is not None
        ]
        if not priced:
            return self._note() or self._without_number() or self._bare(mentions)
        if self._is_one_of_several(mentions, [mention for mention, _ in priced]):
            return []
        if any(self._is_one_of_two(mention) for mention, _ in priced):
            return []
        found = self._joined(priced, mentions)
        return found[0] if all(one == found[0] for one in found) else []

    def _is_coin(self, word: str) -> bool:
        return (word,) in self.coins

    def _is_sign(self, place: int) -> bool:
        """Tell whether the "a" is that of "A$"."""
        step = self._coin_at(place)
        return step is not None and step[1] > 1

    def _is_suffix(self, word: str) -> bool:
        return self._is_coin(word) or word in self.scales

    def _counts_things(self, mention: Mention) -> bool:
        """Tell whether it is so many kilos, hours or people, or a telephone number, and no price."""
        if is_long(self.said, mention):
            return True
        counted = (
            phrases(self.language, "money", "things"),
            phrases(self.language, "speech", "counted"),
        )
        if phrases(self.language, "money", "things_before").ends_at(self.words, mention.first):
            return True
        for place in (mention.end - 1, mention.end):
            step = units(self.language).at(self.words, place)
            if step is not None and step[0].symbol != PIECE:
                return True
            if any(things.at(self.words, place) for things in counted):
                return True
        return False

    def _is_one_of_two(self, mention: Mention) -> bool:
        """Tell whether another currency is offered for it: "25 euros or dollars"."""
        place = self._after(mention)
        step = self._coin_at(place)
        if step is None:
            return False
        place += step[1]
        joint = phrases(self.language, "speech", "or").at(self.words, place)
        return joint is not None and self._coin_at(place + joint[1]) is not None

    def _without_number(self) -> list[tuple[Decimal, str]]:
        """Return the one and a half of a currency that is said without its one: "euro y medio"."""
        parts = names(self.language).parts
        for place in range(len(self.words)):
            step = self._coin_at(place)
            if step is None:
                continue
            more = parts.at(self.words, place + step[1])
            if (
                more is not None
                and more[0].kind == "plus"
                and is_given(self.said, place, place + 1)
            ):
                return [
                    ((1 + more[0].value) * step[0].times, currency)
                    for currency in step[0].currencies
                ]
        return []

    def _note(self) -> list[tuple[Decimal, str]]:
        """Return what a banknote is worth that is called by its name."""
        found = [(place, self.coins.at(self.words, place)) for place in range(len(self.words))]
        notes = [
            step[0]
            for place, step in found
            if step is not None
            and step[0].amount is not None
            and is_given(self.said, place, place + step[1], most=True)
        ]
        return (
            [(notes[0].amount or Decimal(0), notes[0].currencies[0])]
            if len(set(notes)) == 1
            else []
        )

    def _bare(self, mentions: Sequence[Mention]) -> list[tuple[Decimal, str]]:
        """Return a number without a currency: in the contact's own, else in a likely one."""
        currencies = (self.own,) if self.own is not None else likely(self.language)
        if "%" in self.words or "٪" in self.words:
            return []  # a discount
        counted = [one for one in mentions if not self._counts_things(one)]
        return [
            (amount, currency)
            for amount in _possible(agreed(counted), currencies[0])
            for currency in currencies
        ]

    def _scaled(self, mention: Mention) -> Mention:
        """Return the number times the letter behind it that is a million beside a currency alone: "$1.2M"."""
        end = mention.end
        scale = self.scales.get(self.words[end]) if self.said.glued(end) else None
        if scale is None or not (self._coin_at(end + 1) or self._coin_before(mention)):
            return mention
        return replace(mention, values=tuple(one * scale for one in mention.values), end=end + 1)

    def _coin_of(self, mention: Mention) -> Coin | None:
        return self._coin_after(mention) or self._coin_before(mention)

    def _coin_after(self, mention: Mention) -> Coin | None:
        step = self._coin_at(self._after(mention))
        return step[0] if step is not None else None

    def _coin_at(self, place: int) -> tuple[Coin, int] | None:
        if place >= len(self.words):
            return None
        step = self.coins.at(self.words, place)
        if step is None or step[0].amount is not None or not is_code(self.words[place], self.text):
            return None
        return step

    def _after(self, mention: Mention) -> int:
        """Return where the currency of a number would stand: after "20,-", after "a million of"."""
        place = mention.end
        if self._coin_at(place) is None:
            place += self._dashes(place)
        of = phrases(self.language, "numbers", "of")
        step = of.at(self.words, place) if place < len(self.words) else None
        return (
            place + step[1]
            if step is not None and self._coin_at(place + step[1]) is not None
            else place
        )

    def _dashes(self, place: int) -> int:
        """Return how many signs stand for no cents, as in "20,-" and "500/-", or end an abbreviation."""
        if self.words[place : place + 1] == (".",) and self._coin_at(place + 1) is not None:
            return 1
        if self.words[place : place + 2] not in _NO_CENTS:
            return 0
        return 3 if self.words[place + 2 : place + 3] == ("-",) else 2

    def _coin_before(self, mention: Mention) -> Coin | None:
        for start in range(max(0, mention.first - 4), mention.first):
            step = self._coin_at(start)
            if (
                step is not None
                and start + step[1] == mention.first
                and not self._belongs_before(start)
            ):
                return step[0]
        return None

    def _belongs_before(self, place: int) -> bool:
        """Tell whether the currency is that of the number before it: the euros of "5 euros 50"."""
        return any(self._after(mention) == place for mention in self.said.mentions)

    def _is_one_of_several(self, mentions: Sequence[Mention], priced: Sequence[Mention]) -> bool:
        """Tell whether a number beside an amount is another amount: "20 or 30 euros"."""
        joints = phrases(self.language, "speech", "or")
        for mention in mentions:
            if mention in priced or (
                mention.weak and any(one.first == mention.end for one in priced)
            ):
                continue  # "a 20 dollar note"
            for other in priced:
                between = self.words[mention.end : other.first]
                if (
                    mention.end <= other.first
                    and len(between) <= 2
                    and all((word,) in joints for word in between)
                ):
                    return True
        return False

    def _joined(
        self, priced: list[tuple[Mention, Coin]], mentions: Sequence[Mention]
    ) -> list[list[tuple[Decimal, str]]]:
        """Return the amounts, the cents of each added to it."""
        found: list[list[tuple[Decimal, str]]] = []
        taken: set[int] = set()
        for mention, coin in priced:
            if mention.first in taken:
                continue
            cents, small = self._cents_after(mention, coin, mentions)
            if small is not None:
                taken.add(small.first)
            half = self._half_after(mention)
            found.append(
                [
                    (amount * coin.times + cents + half * coin.times, currency)
                    for currency in coin.currencies
                    for amount in _possible(mention.values, currency)
                ]
            )
        return found

    def _cents_after(
        self, mention: Mention, coin: Coin, mentions: Sequence[Mention]
    ) -> tuple[Decimal, Mention | None]:
        """Return the 50 of "5 euros 50", "5 euros and 50 cents"."""
        step = self._coin_at(self._after(mention))
        if step is None and (apart := self._cents_apart(mention, mentions)) is not None:
            return apart.value / 100, apart
        if step is None or coin.small:
            return Decimal(0), None
        end = self._after(mention) + step[1]
        following = next((one for one in mentions if one.first >= end), None)
        if following is None or following.value >= 100 or following.value != int(following.value):
            return Decimal(0), None
        between = self.words[end : following.first]
        joints = (
            phrases(self.language, "numbers", "and"),
            phrases(self.language, "numbers", "point"),
        )
        if len(between) > 1 or (
            not all((word,) in joint for word in between for joint in joints[:1])
            and not (between and (between[0],) in joints[1])
        ):
            return Decimal(0), None
        own = self._coin_after(following)
        if own is not None and not own.small:
            return Decimal(0), None
        written = self.words[following.first]
        whole_tens = (
            own is not None or following.value >= 10 or len(written) == 2 or not written.isdecimal()
        )
        return (following.value / 100, following) if whole_tens else (Decimal(0), None)

    def _cents_apart(self, mention: Mention, mentions: Sequence[Mention]) -> Mention | None:
        """Return the two digits after an amount whose currency is before it: "£7 50"."""
        following = next((one for one in mentions if one.first == mention.end), None)
        digits = self.words[mention.first : mention.end + 1]
        if following is None or not all(map(str.isdecimal, digits)):
            return None
        return following if len(digits[-1]) == 2 and len(digits) == 2 else None

    def _half_after(self, mention: Mention) -> Decimal:
        """Return the half of "five euros and a half"."""
        step = self._coin_at(self._after(mention))
        if step is None:
            return Decimal(0)
        end = self._after(mention) + step[1]
        part = names(self.language).parts.at(self.words, end) if end < len(self.words) else None
        return part[0].value if part is not None and part[0].kind == "plus" else Decimal(0)


_NO_CENTS = frozenset({(",", "-"), (".", "-"), ("/", "-")})


def _possible(values: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Return the amounts that the currency's small coins allow: nobody pays 1.234 euros, but 1,234."""
    precision = get_currency_precision(currency)
    if len(values) > 1 and precision >= 3:
        # With three decimals to its name a zero at the end is no sign of thousands.
        return [values[0]]
    found: list[Decimal] = []
    for value in values:
        if any(other == value * 1000 for other in values):
            continue
        places = -int(value.as_tuple().exponent) if value != int(value) else 0
        found.append(value * 1000 if places == 3 and precision < 3 else value)
    return list(dict.fromkeys(found))
