"""What a process may believe of a look at who lives. That all together keep to a rate: tests/properties/test_shares."""

from engine.loops.shares import LOOK_S, NEVER, VALID_S, Share, Shares

ONE, TWO = 1, 2
BOTH = frozenset({ONE, TWO})
SOON = VALID_S + 1
"""When one that came at 0 has joined."""


def looked(shares: Shares, at: float, live: frozenset[int] = BOTH, *, terms: int = 1) -> Share:
    return shares.looked(live, terms=terms, asked_at=at, answered_at=at)


def joined() -> Shares:
    shares = Shares(ONE)
    for at in (0.0, SOON - 2, SOON - 1, SOON):
        looked(shares, at)
    return shares


def test_one_that_comes_sends_once_it_has_been_there_for_as_long_as_a_look_counts() -> None:
    shares = Shares(ONE)
    assert looked(shares, 0.0) == Share(2, NEVER)
    assert looked(shares, 1.5) == Share(2, NEVER)
    assert shares.looks_by(1.5) == LOOK_S
    assert shares.looks_by(2.0) == VALID_S - 2.0, "it looks as soon as that makes it one"
    assert looked(shares, VALID_S) == Share(2, 2 * VALID_S)
    assert shares.looks_by(VALID_S) == LOOK_S


def test_a_look_counts_from_when_it_was_asked() -> None:
    shares = joined()
    share = shares.looked(BOTH, terms=1, asked_at=SOON + 0.5, answered_at=SOON + 0.9)
    assert share.until == SOON + 0.5 + VALID_S


def test_one_that_comes_counts_at_once_and_one_that_is_missed_for_a_while() -> None:
    shares = joined()
    assert looked(shares, SOON + 1, BOTH | {3}).parts == 3
    alone = frozenset({ONE})
    assert looked(shares, SOON + 2, alone).parts == 3
    assert looked(shares, SOON + 4, alone).parts == 3
    assert looked(shares, SOON + 2 + VALID_S, alone).parts == 1
    assert looked(shares, SOON + 5, BOTH).parts == 2


def test_one_whose_lock_was_lost_between_two_looks_joins_anew() -> None:
    shares = joined()
    assert looked(shares, SOON + 1, terms=2).until == SOON + VALID_S, "as the look before it said"
    assert looked(shares, SOON + 2, terms=2).until == SOON + VALID_S
    assert looked(shares, SOON + 1 + VALID_S, terms=2).until == SOON + 1 + 2 * VALID_S


def test_one_that_does_not_see_itself_joins_anew_when_it_does() -> None:
    shares = joined()
    assert looked(shares, SOON + 1, frozenset({TWO})) == Share(2, SOON + VALID_S)
    assert looked(shares, SOON + 2).until == SOON + VALID_S
    assert looked(shares, SOON + 2 + VALID_S).until == SOON + 2 + 2 * VALID_S


def test_one_that_looked_too_late_joins_anew() -> None:
    shares = joined()
    late = SOON + VALID_S + 0.1
    assert looked(shares, late).until < late
    assert looked(shares, late + 1).until < late
    assert looked(shares, late + VALID_S).until == late + 2 * VALID_S
