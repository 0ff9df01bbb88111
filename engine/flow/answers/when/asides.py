"""What people say beside the day they mean: one that they deny, "not Friday, Saturday", and why, "because I work"."""

from engine.flow.answers.when.terms import Term

_SAYS = frozenset(
    {"date", "weekday", "numeric", "short", "span", "week_ref", "month_ref", "weekend_ref"}
    | {"time", "clock", "hours"}
)
_MEANINGLESS = frozenset({"fill", "link", "one", "thing"})
"""With these a number is none that could be meant."""


def without_asides(terms: list[Term]) -> list[Term]:
    """Return the terms without a day or time that is denied, and without the reason behind an answer."""
    return _before_reason(_not_denied(terms))


def _not_denied(terms: list[Term]) -> list[Term]:
    """Return what is left of "not Friday, Saturday" and "I can't on Friday but Saturday works"."""
    for at, term in enumerate(terms):
        if not term.means.keys() & {"comma", "but", "correct"}:
            continue
        clause, after = terms[:at], terms[at + 1 :]
        denied = any("denies" in one.means for one in clause)
        if denied and _only_denies(clause) and _any_says(clause) and _any_says(after):
            return after
    return terms


def _only_denies(clause: list[Term]) -> bool:
    """Tell whether nothing else is wrong with a clause, which would be wrong without it as well."""
    return not any(
        term.means.keys() & {"block", "unknown"} and "denies" not in term.means for term in clause
    )


def _before_reason(terms: list[Term]) -> list[Term]:
    for at, term in enumerate(terms):
        if "unknown" in term.means:  # who tells a story says "because" in it as well
            return terms
        if "because" in term.means and at + 2 < len(terms) and _any_says(terms[:at]):
            return terms[:at]
    return terms


def _any_says(terms: list[Term]) -> bool:
    return any(
        term.means.keys() & _SAYS
        or ("number" in term.means and not term.means.keys() & _MEANINGLESS)
        for term in terms
    )
