"""What people say beside the day they mean: one that they deny, "not Friday, Saturday", and why, "because I work"."""

from collections.abc import Iterator

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
    """Return what is left of "not Friday, Saturday" and "Friday, I can't on Saturday"."""
    clauses = list(_clauses(terms))
    kept = [clause for at, clause in enumerate(clauses) if not _is_denied(clause, first=at == 0)]
    if len(kept) == len(clauses) or not any(map(_any_says, kept)):
        return terms
    return [term for clause in kept for term in clause]


def _clauses(terms: list[Term]) -> Iterator[list[Term]]:
    """Yield the parts between commas, each with the comma behind it."""
    clause: list[Term] = []
    for term in terms:
        clause.append(term)
        if term.means.keys() & {"comma", "but", "correct"}:
            yield clause
            clause = []
    yield clause


def _is_denied(clause: list[Term], *, first: bool) -> bool:
    """Tell whether a clause denies its day, and nothing else is wrong with it."""
    if any(term.means.keys() & {"block", "unknown"} - _denial(term) for term in clause):
        return False
    denials = [at for at, term in enumerate(clause) if "excludes" in term.means]
    if not denials or not _any_says(clause):
        return False
    # "lunes, no martes" and "kal, nahi parso" may as well correct.
    said_first = _any_says(clause[: denials[0]])
    return first or said_first or "no" not in clause[denials[0]].means


def _denial(term: Term) -> frozenset[str]:
    return frozenset({"block"}) if "excludes" in term.means else frozenset()


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
