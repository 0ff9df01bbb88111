"""What people take back or give a reason for: "Friday, no sorry, Saturday", "Saturday because on Friday I work"."""

from collections.abc import Iterator

from engine.flow.answers.when.lexicon import Lexicon
from engine.flow.answers.when.terms import Term

_DAY = frozenset(
    {"date", "weekday", "numeric", "short", "span", "week_ref", "month_ref", "weekend_ref"}
)
_CLOCK = frozenset({"time", "clock", "hours"})
_MEANINGLESS = frozenset({"fill", "link", "one", "thing"})
"""With these a number is none that could be meant."""


def meant(terms: list[Term], words: Lexicon) -> list[Term]:
    """Return the terms without those that are taken back, and without the reason behind an answer."""
    return _last_said(_before_reason(_not_denied(terms)), words)


def _not_denied(terms: list[Term]) -> list[Term]:
    """Return what is left of "not Friday, Saturday" and "I can't on Friday but Saturday works"."""
    for at, term in enumerate(terms):
        if not term.means.keys() & {"comma", "but", "correct"}:
            continue
        clause, after = terms[:at], terms[at + 1 :]
        denied = any("denies" in one.means for one in clause)
        other = any(one.means.keys() & {"block", "unknown"} - _denials(one) for one in clause)
        if denied and not other and any(map(_says, clause)) and any(map(_says, after)):
            return after
    return terms


def _denials(term: Term) -> frozenset[str]:
    return frozenset({"block"}) if "denies" in term.means else frozenset()


def _before_reason(terms: list[Term]) -> list[Term]:
    for at, term in enumerate(terms):
        if "unknown" in term.means:  # who tells a story says "because" in it as well
            return terms
        if "because" in term.means and at + 2 < len(terms) and any(map(_says, terms[:at])):
            return terms[:at]
    return terms


def _last_said(terms: list[Term], words: Lexicon) -> list[Term]:
    for at in reversed(range(1, len(terms) - 1)):
        if _corrects(terms, at, words):
            before, after = terms[:at], terms[at + 1 :]
            if any(map(_says, before)) and any(map(_says, after)):
                return [*_kept(before, after), *after]
    return terms


def _corrects(terms: list[Term], at: int, words: Lexicon) -> bool:
    means, before, after = terms[at].means, terms[at - 1].means, terms[at + 1].means
    if "rather" in means:  # "Friday, better Saturday", not "Friday is better, Saturday I work"
        return ("comma" in before or "no" in before) and "comma" not in after
    # "el viernes, no el sábado" denies Saturday; where another word denies, "no" takes back what stands before.
    return "correct" in means or (
        "no" in means and ("comma" in after or bool(words.settings.get("no_corrects")))
    )


def _kept(before: list[Term], after: list[Term]) -> Iterator[Term]:
    """Yield what still holds of the words before: of "Friday at 5, no, 6" the Friday."""
    dropped = [
        kinds for kinds in (_DAY, _CLOCK) if any(term.means.keys() & kinds for term in after)
    ]
    if not dropped:  # a number alone is said for what was said last
        last = next(term for term in reversed(before) if _says(term))
        dropped = [kinds for kinds in (_DAY, _CLOCK) if last.means.keys() & kinds]
    gone = frozenset().union(*dropped, {"no", "asked"})
    for term in before:
        if not (term.means.keys() & gone or _is_number(term)):
            yield term


def _says(term: Term) -> bool:
    return bool(term.means.keys() & (_DAY | _CLOCK)) or _is_number(term)


def _is_number(term: Term) -> bool:
    return "number" in term.means and not term.means.keys() & _MEANINGLESS
