"""Several calls as one statement: only where that changes nothing, and with each call's own answer."""

import pytest

from storage import outbox_statements, statements
from storage.fused import Fused, fused
from storage.statement import BEGIN, COMMIT, Call, Statement, ask, insert, update
from tests.storage.world import ANA, BEN, SHOP, World

ADD_CUPS = insert("cup", "line_id text, id bigint")
ADD_POTS = insert("pot", "line_id text, id bigint")
FILL_CUPS = update("cup", "line_id text, id bigint", set_="full = true", where="cup.id = :id")
FIND_CUPS = ask("SELECT c.id FROM {keys} JOIN cup c ON c.id = k.id", keys="id bigint")
NOTHING = Statement("", "")
"""What this database needs nothing for."""
FIND_POTS = ask("SELECT p.id FROM pot p WHERE p.id > :id", scalars="id bigint")


def calls_of(*given: Statement) -> list[tuple[int, ...]]:
    return [one.calls for one in fused(given)]


@pytest.mark.parametrize(
    ("given", "together"),
    [
        pytest.param([ADD_CUPS, ADD_POTS], [(0, 1)], id="other-tables"),
        pytest.param([ADD_CUPS, FILL_CUPS], [(0,), (1,)], id="one-table-written-twice"),
        pytest.param([ADD_CUPS, FIND_CUPS], [(0,), (1,)], id="read-after-written"),
        pytest.param([FIND_CUPS, FILL_CUPS], [(0,), (1,)], id="written-after-read"),
        pytest.param([FIND_CUPS, FIND_POTS], [(0,), (1,)], id="two-answers"),
        pytest.param([ADD_CUPS, FIND_POTS], [(0, 1)], id="a-question-of-another-table"),
        pytest.param([FIND_CUPS, ADD_POTS], [(1, 0)], id="what-answers-stands-last"),
        pytest.param([BEGIN, ADD_CUPS, COMMIT], [(0,), (1,), (2,)], id="bounds-alone"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_calls_go_together_where_none_touches_what_another_writes(
    given: list[Statement], together: list[tuple[int, ...]]
) -> None:
    assert calls_of(*given) == together


def test_the_parts_number_their_parameters_on() -> None:
    assert list(fused((ADD_CUPS, FIND_POTS))) == [
        Fused(
            f"WITH part_0 AS ({ADD_CUPS.postgres}) SELECT p.id FROM pot p WHERE p.id > $3::bigint",
            (0, 1),
            1,
        )
    ]


def test_a_statement_that_begins_with_parts_of_its_own_keeps_them() -> None:
    (one,) = fused((ADD_CUPS, statements.ADD_SIGNALS))

    assert one.text.startswith("WITH part_0 AS (INSERT INTO cup ")
    assert "), numbered AS MATERIALIZED (SELECT nextval('signal_id')" in one.text
    assert "$10::text[]" in one.text


def test_what_a_turn_writes_is_one_statement() -> None:
    written = (statements.SAVE_CONVERSATIONS, statements.ADD_MESSAGES, statements.ADD_TURNS)

    assert calls_of(*written) == [(1, 2, 0)]
    assert calls_of(outbox_statements.MARK_SENDS, outbox_statements.AWAITING) == [(0, 1)]
    # The claim's rows are locked before anything else is asked of them.
    assert len(fused((statements.CLAIM_CONVERSATIONS, statements.BEHIND))) == 2


async def test_each_call_gets_its_own_answer_and_all_are_done(postgres_world: World) -> None:
    run = postgres_world.database.link.run
    found = Call(
        statements.FIND_ADDRESSES,
        [(place, SHOP, "phone", str(one.phone)) for place, one in enumerate((ANA, BEN))],
    )
    answers = await run(
        [
            Call(NOTHING),
            Call(statements.ADD_CONTACTS, [(SHOP, 1, "49170", None, "Ana")]),
            Call(statements.ADD_CONVERSATIONS, [(SHOP, 2, 1, 0, "bot", False, "{}")]),
            Call(statements.ADD_ADDRESSES, [(SHOP, "phone", str(ANA.phone), 1)]),
            Call(statements.ADD_TURNS, ()),
            found,
            Call(statements.UNFINISHED, [(SHOP, 2)]),
        ]
    )

    assert [len(rows) for rows in answers] == [0, 0, 0, 0, 0, 1, 0]
    assert answers[5][0][:2] == (SHOP, 2)
