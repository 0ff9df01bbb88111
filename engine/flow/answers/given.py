"""Whether a number or an address in a message is given as the answer, or is only asked about, refused or another's."""

import re
from collections.abc import Mapping

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


def _sets(words: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Return the words of each language; Hindi and Arabic are mixed with English."""
    sets = {language: frozenset(line.split()) for language, line in words.items()}
    return sets | {language: sets[language] | sets["en"] for language in ("hi", "ar")}


OURS, NOT, BUT = _sets(_OURS), _sets(_NOT), _sets(_BUT)


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
    near = words_of(_CLAUSE.split(before)[-1])[-NEAR:]
    return not NOT.get(language, NOT["en"]).isdisjoint(near) and BUT.get(
        language, BUT["en"]
    ).isdisjoint(near)
