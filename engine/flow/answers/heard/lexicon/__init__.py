"""What people say in each language around numbers, yes and no, money and measures: data that no library has.

One file a language, each with the same parts:

- `[numbers]`: the languages of num2words whose words count, and what they leave out: connectors, halves, articles,
  scales, colloquial and mistyped words (`words`), `label` ("number 4"), `hide` (phrases in which a number word is
  none), `none` (zero where it is said alone), `weak` words that are a one or an article, words a slip away that mean
  something else (`not_slips`), `sounds` that are mistaken for others, `last_verb` (two and give), Arabic duals.
- `[speech]`: what makes a message no answer, or another one: `ask` and `ask_first` (questions, by a phrase anywhere
  or at the beginning; `ask_next` begins one after an answer) but for `request`, and a `request_modal` with a
  `request_verb` after it; `tag` (before a question mark that asks nothing: "50, ok?"); `unsure`, `vague`; `not`
  (before what is denied) and `not_after`; `only` (what is left of a denial: "nothing but 3"); `but`; `correct` and
  `sum_up` (what follows counts, as after a `hesitate` alone); `was` before a number or an address and `gone` after it
  say that it is none any more; `bound` and `bound_after` ("more than"), of them `most` and `most_after` ("300 max")
  where a limit is an answer, and `more` and `more_after`, which denied are such a limit;
  `or` (between two that are offered); `clock_before` and `clock_after` (times, ordinals), `not_months` ("4 may be
  enough"), `counted` (people, seats: "Friday 4 people" is no date, "4 people" no price); `delay` after a measure ("2
  min away"); `each` after a price, `priced` before it; `past` ("3 last time"); `figure` after a great number ("mil
  gracias"); `topic`, `topic_after`, `reference` (numbers of phones, streets, orders).
- `[yes_no]`: phrases; of `weak_yes` those that answer only when nothing else is said; `particles` beat what is said
  after them ("no, it's fine"); a `deed` is a no where it is denied ("I didn't ask for that"); `later` puts off and
  takes no refusal back; `rhetorical` ones ask nothing with their question mark; `if` is a yes that without its accent
  may begin a condition; `short` has the words that people shorten, each with its short forms.
- `[money]`: words for currencies, `kinds` of them that several countries share (the likeliest first; `also` those that
  are called so at home only), slang and notes with what they are worth, small coins, `scales` (letters: "$1.2M"),
  what is likely where nobody names a currency, and the `things` that a bare number counts when it is no price, beside
  what is `counted`, after it and before it (`things_before`).
- `[units]`: words for measures beside those of CLDR; a unit may come with its amount ("0.5 kg"); `shares` say their
  amount themselves, `other` measures have no symbol and are not counted as pieces, `sizes` may stand before one.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from engine.flow.answers.heard.spoken import Phrases, words_of

LANGUAGES = ("en", "es", "pt", "fr", "hi", "ar", "de")


@cache
def read(language: str) -> Mapping[str, Any]:
    """Return a language's file; English for a language that has none."""
    code = language if language in LANGUAGES else "en"
    return tomllib.loads(resources.files(__name__).joinpath(f"{code}.toml").read_text("utf-8"))


@cache
def phrases(language: str, part: str, name: str) -> Phrases[bool]:
    """Return one list of a language's file, such as `speech`, `unsure`."""
    return Phrases((words, True) for words in spelt(read(language)[part].get(name, ()), language))


def spelt(said: Iterable[str], language: str) -> Iterable[tuple[str, ...]]:
    """Yield phrases as they stand among tokens; German umlauts also as people type them without."""
    for phrase in said:
        yield words_of(phrase, language)
        if language == "de" and any(letter in phrase.casefold() for letter in "äöü"):
            yield words_of(_without_umlauts(phrase), language)


def _without_umlauts(phrase: str) -> str:
    return phrase.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
