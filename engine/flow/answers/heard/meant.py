"""Which of the numbers in a message are meant: not those asked, denied, bounded, corrected or about something else."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from engine.flow.answers.heard.agreed import agreed
from engine.flow.answers.heard.currencies import coins
from engine.flow.answers.heard.lexicon import phrases
from engine.flow.answers.heard.number_words import names
from engine.flow.answers.heard.numbers import Said
from engine.flow.answers.heard.speech import Glue, Knows, Speech
from engine.flow.answers.heard.sums import Mention
from engine.flow.answers.heard.units import units

_MOST_WORDS = 40
"""A message of more words tells something else."""

_HUNDREDTHS = frozenset(map(Decimal, range(10, 100)))
"""What is said in centimetres after whole metres."""

_PARTS = 2
"""A whole has no fewer."""


def meant(
    said: Said,
    *,
    is_suffix: Knows | None = None,
    is_prefix: Knows | None = None,
    most: bool = False,
) -> list[Mention]:
    """Return the numbers that may be the answer, in order.

    Args:
        said: The message.
        is_suffix: Whether a word may be written right after digits, as the "kg" of "2kg"; measures may by themselves.
        is_prefix: Whether a word may be written right before digits, as the "rs" of "rs500".
        most: Whether "up to 300" is 300, as it is where somebody says what they would pay.
    """
    measures = units(said.language)
    glue = Glue(is_suffix or (lambda word: (word,) in measures), is_prefix or (lambda word: False))
    speech = Speech(said, most=most)
    if not said.mentions or len(said.words) > _MOST_WORDS or speech.unsure():
        return []
    if any(speech.bounded(mention) for mention in said.mentions):
        return []
    if any(speech.opposed(*pair) for pair in pairwise(said.mentions)):
        return []
    return _corrected([one for one in said.mentions if speech.counts(one, glue)], speech)


_NO_GLUE = Glue(lambda word: True, lambda word: True)


def is_given(said: Said, first: int, end: int, *, most: bool = False) -> bool:
    """Tell whether what stands there without a number of its own may be the answer: not asked, denied or doubted."""
    speech, mention = Speech(said, most=most), Mention(first, end, (Decimal(1),))
    return not (speech.unsure() or speech.bounded(mention)) and speech.counts(mention, _NO_GLUE)


def number_in(said: Said) -> tuple[Decimal, ...]:
    """Return what the one number meant in a message may be; "2 kilos and a half" is two and a half."""
    counts = [mention for mention in meant(said) if not _is_price_of_one(said, mention)]
    halved = [_with_half(said, mention) for mention in _with_hundredths(said, counts)]
    return agreed(_without_parts(halved))


def _with_hundredths(said: Said, mentions: list[Mention]) -> list[Mention]:
    """Return "un mètre quatre-vingts" and "1m75" as one number, in metres."""
    joined: list[Mention] = []
    heard = {mention.first: mention for mention in said.mentions}
    for mention in mentions:
        step = units(said.language).at(said.words, mention.end)
        metres = step is not None and step[0].symbol == "m"
        after = heard.get(mention.end + step[1]) if step is not None and metres else None
        if joined and mention.first < joined[-1].end:
            continue
        if after is None or after.value not in _HUNDREDTHS:
            joined.append(mention)
        else:
            values = (mention.value + after.value / 100,)
            joined.append(replace(mention, end=after.end, values=values, weak=False))
    return joined


def _is_price_of_one(said: Said, mention: Mention) -> bool:
    """Tell whether it says what one costs, or which one is meant: "$20 each", "the 2 euro ones"."""
    money, each = coins(said.language, None, None), phrases(said.language, "speech", "each")
    priced = phrases(said.language, "speech", "priced")
    named = money.at(said.words, mention.end)
    if named is None and not money.ends_at(said.words, mention.first):
        return False
    place = mention.end + (named[1] if named else 0)
    return priced.ends_at(said.words, mention.first) or each.at(said.words, place) is not None


def _without_parts(mentions: list[Mention]) -> list[Mention]:
    """Return the whole alone where the numbers after it are its parts: "6, 4 adults and 2 children"."""
    if len(mentions) <= _PARTS or any(len(one.values) > 1 for one in mentions):
        return mentions
    whole, *parts = mentions
    return [whole] if whole.value == sum(one.value for one in parts) else mentions


def _with_half(said: Said, mention: Mention) -> Mention:
    """Return the number with the half that is said after its thing."""
    place = mention.end + 1
    thing = said.tokens[mention.end] if mention.end < len(said.tokens) else None
    if thing is None or thing.kind != "word":
        return mention
    more = names(said.language).parts.at(said.words, place)
    if more is None or more[0].kind != "plus":
        return mention
    return replace(mention, values=tuple(value + more[0].value for value in mention.values))


def is_question(said: Said, place: int = 0) -> bool:
    """Tell whether the sentence at the place asks something else than to be given what it names."""
    return bool(said.words) and Speech(said).asks(place)


def _corrected(mentions: list[Mention], speech: Speech) -> list[Mention]:
    """Return what stands after the last "no wait"; nothing is corrected before the first number."""
    for before, after in reversed(list(pairwise(mentions))):
        if speech.corrects(before.end, after.first):
            at = mentions.index(after)
            return mentions[at:]
    return mentions
