"""Whether a number or an address in a message is given as the answer, or is only asked about, refused or another's."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from engine.flow.answers.heard.lexicon import phrases
from engine.flow.answers.heard.spoken import Phrases, fold
from engine.flow.answers.heard.spoken import words_of as spoken_words

_OURS = {
    "en": "your yours whose who",
    "es": "tu tuyo tuya vuestro vuestra vuestros vuestras quién quien quienes",
    "pt": "seu seus teu vosso vossa quem vocês",
    "fr": "votre vôtre vôtres vos ton tien qui",
    "de": "ihre ihrer deine dein eure euer wer wessen",
    "hi": "aapka aapki aapke apka apki tumhara tumhari tera kiska kiski kaun kisne"
    " आपका आपकी आपके तुम्हारा किसका किसकी कौन किसने",
    "ar": "رقمك رقمكم ايميلك إيميلك ايميلكم إيميلكم بريدك بريدكم عنوانكم مين لمن",
}
"""Words that make a question one about the business's own number, or about whose it is."""

_NOT = {
    "en": "not isnt never dont no",
    "es": "no nunca tampoco",
    "pt": "não nao nunca nem",
    "fr": "pas jamais plus",
    "de": "nicht kein keine nie",
    "hi": "mat nahi nahin nahi na मत नहीं ना",
    "ar": "لا ليس مش مو ما مب",
}

_BUT = {
    "en": "but only just than other",
    "es": "sino solo sólo otro otra más que",
    "pt": "só outro outra mas que senão",
    "fr": "que autre seulement mais",
    "de": "nur sondern außer als",
    "hi": "sirf bas lekin सिर्फ सिर्फ़ बस लेकिन",
    "ar": "إلا الا غير بس لكن",
}
"""What makes "I have no other than ..." an answer."""

_CLAUSE = re.compile(r"[,;:!?،؛؟।\n]|\.(?=\s)|-\s")

NEAR = 4
"""How many words before a number may refuse it: "please don't write to ..."."""


GONE_NEAR = 6
"""How many words after a number may say that it is none."""

_MIXED = ("hi", "ar")
_AROUND = ".,;:!?…-–—*()،؛؟।"


def _sets(words: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Return the words of each language; Hindi and Arabic are mixed with English."""
    sets = {language: frozenset(line.split()) for language, line in words.items()}
    return sets | {language: sets[language] | sets["en"] for language in _MIXED}


OURS, NOT, BUT = _sets(_OURS), _sets(_NOT), _sets(_BUT)

_SPACED = re.compile(r"\S+")


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, apostrophes left out."""
    return re.findall(r"[^\W\d_](?:\w|[\u0900-\u0963])*", re.sub("['’`]", "", text.casefold()))


def is_asked_about(text: str, language: str) -> bool:
    """Tell whether the message asks about a number or an address rather than giving one."""
    if "?" not in text and "؟" not in text:
        return False
    return not OURS.get(language, OURS["en"]).isdisjoint(words_of(text))


def is_refused(before: str, language: str) -> bool:
    """Tell whether what stands before a number or an address says that it is not the one."""
    clause = _CLAUSE.split(before)[-1]
    last = spoken_words(clause, language)[-NEAR:]
    if any(old.anywhere(last) for old in _lists("was", language)):
        return True
    near = words_of(clause)[-NEAR:]
    return not NOT.get(language, NOT["en"]).isdisjoint(near) and BUT.get(
        language, BUT["en"]
    ).isdisjoint(near)


def is_gone(after: str, language: str) -> bool:
    """Tell whether what stands after a number or an address says that it is not the one any more."""
    words = spoken_words(_CLAUSE.split(after.strip(" ,)("))[0], language)[:GONE_NEAR]
    return any(gone.anywhere(words) for gone in _lists("gone", language))


def corrected(text: str, places: Sequence[tuple[int, int]], language: str) -> str:
    """Return the text from its last correction on: "X no sorry Y" is " Y".

    Args:
        text: The message.
        places: Where its numbers or addresses begin and end, in order.
        language: ISO 639-1.
    """
    for (_, end), (start, _) in reversed(list(pairwise(places))):
        if (at := _correction(text[end:start], language)) is not None:
            return text[end + at :]
    return text


def _correction(between: str, language: str) -> int | None:
    """Return where the last correction in a text ends, if it is near the text's end; else None."""
    spaced = list(_SPACED.finditer(between))
    words = [fold(one.group().strip(_AROUND), language) for one in spaced]
    ends = [
        place + step[1]
        for place in range(len(words))
        for corrections in _lists("correct", language)
        if (step := corrections.at(words, place))
    ]
    last = max(ends, default=0)
    return spaced[last - 1].end() if last and len(words) - last <= NEAR else None


def _lists(name: str, language: str) -> list[Phrases[bool]]:
    """Return a list of what is said, in the language; Hindi and Arabic are mixed with English."""
    known = language if language in NOT else "en"
    return [_list(one, name) for one in dict.fromkeys((known, "en" if known in _MIXED else known))]


@cache
def _list(language: str, name: str) -> Phrases[bool]:
    return phrases(language, "speech", name)
