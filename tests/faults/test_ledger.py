"""The ledger finds each thing that may go wrong: it decides over all rounds, so it is shown to be able to say no."""

from collections.abc import Callable
from dataclasses import fields
from itertools import count

import pytest

from tests.faults.ledger import Figures, Ledger, Send, Text

ANA = "5215550000001"


class Story:
    """Tells a ledger what happened, a second apart."""

    def __init__(self) -> None:
        seconds = count()
        self.ledger = Ledger(lambda: float(next(seconds)))

    def accepts(self, number: int, *, status: int | None = 200) -> None:
        self.ledger.posts(Text(ANA, number))
        self.ledger.answered(Text(ANA, number), status)

    def calls(self, number: int, *, key: str | None = None) -> None:
        self.ledger.called(key or f"key-{number}", Text(ANA, number))

    def replies(self, number: int, *, id_: str | None = None, as_: int | None = None) -> Send:
        send = self.ledger.received(
            id_ or f"id-{number}", ANA, count=as_ or number, text=Text(ANA, number)
        )
        send.taken = True
        return send

    def whole(self, number: int) -> None:
        """Let one text go its whole way."""
        self.accepts(number)
        self.calls(number)
        self.replies(number)

    def opens(self) -> None:
        self.accepts(0)
        self.ledger.received("hello", ANA, count=None, text=None).taken = True


def test_a_calm_talk_is_well() -> None:
    story = Story()
    story.opens()
    story.whole(1)
    story.whole(2)
    figures = story.ledger.figures(marked=set())
    assert figures == Figures(rounds=1, accepted=3, stepped=2, replies=3)
    assert figures.is_well


def lost(story: Story) -> None:
    story.accepts(1)
    story.calls(1)
    story.replies(1).taken = False


def opening_lost(story: Story) -> None:
    story.ledger.posts(Text("another", 0))
    story.ledger.answered(Text("another", 0), 200)


def answered_under_two_ids(story: Story) -> None:
    story.whole(1)
    story.replies(1, id_="another")


def called_under_two_keys(story: Story) -> None:
    story.whole(1)
    story.calls(1, key="another")


def same_number_twice(story: Story) -> None:
    story.whole(1)
    story.accepts(2)
    story.replies(2, as_=1)


def number_left_out(story: Story) -> None:
    story.whole(1)
    story.accepts(2)
    story.replies(2, as_=3)


def overtaken(story: Story) -> None:
    story.accepts(1)
    story.accepts(2)
    story.replies(2, as_=1)
    story.replies(1, as_=2)


def overtaken_by_one_between(story: Story) -> None:
    story.accepts(1)
    story.ledger.posts(Text(ANA, 3))
    story.accepts(2)
    story.ledger.answered(Text(ANA, 3), 200)
    story.replies(2, as_=1)
    story.replies(3, as_=2)
    story.replies(1, as_=3)


def replies_shuffled(story: Story) -> None:
    story.accepts(1)
    story.accepts(2)
    story.replies(2)
    story.replies(1)


def called_for_out_of_order(story: Story) -> None:
    story.accepts(1)
    story.accepts(2)
    story.calls(2)
    story.calls(1)
    story.replies(1)
    story.replies(2)


def repeated(story: Story) -> None:
    story.whole(1)
    story.replies(1)


def repeated_though_reported(story: Story) -> None:
    story.whole(1)
    story.ledger.reports("id-1")
    story.replies(1)


@pytest.mark.parametrize(
    ("tells", "finds"),
    [
        (lost, {"lost"}),
        (opening_lost, {"lost"}),
        (answered_under_two_ids, {"stepped_twice", "out_of_order"}),
        (called_under_two_keys, {"stepped_twice"}),
        (same_number_twice, {"out_of_order"}),
        (number_left_out, {"out_of_order"}),
        (overtaken, {"out_of_order"}),
        (overtaken_by_one_between, {"out_of_order"}),
        (replies_shuffled, {"out_of_order"}),
        (called_for_out_of_order, {"out_of_order"}),
        (repeated, {"unmarked"}),
        (repeated_though_reported, {"unmarked", "needless"}),
    ],
)
def test_each_fault_is_found(tells: Callable[[Story], None], finds: set[str]) -> None:
    story = Story()
    story.opens()
    tells(story)
    figures = story.ledger.figures(marked=set())
    faults = ("lost", "stepped_twice", "out_of_order", "unmarked", "needless", "stuck", "fell")
    assert {one for one in faults if getattr(figures, one)} == finds
    assert not figures.is_well


def test_texts_under_way_at_once_may_be_answered_in_either_order() -> None:
    story = Story()
    story.opens()
    story.ledger.posts(Text(ANA, 1))
    story.accepts(2)
    story.ledger.answered(Text(ANA, 1), 200)
    story.replies(2, as_=1)
    story.replies(1, as_=2)
    assert story.ledger.figures(marked=set()).is_well


def test_what_was_never_taken_is_not_missed() -> None:
    story = Story()
    story.opens()
    story.accepts(1, status=503)
    story.accepts(2, status=None)
    assert story.ledger.figures(marked=set()).is_well


def test_a_repeat_that_is_marked_and_was_not_reported_is_well() -> None:
    story = Story()
    story.opens()
    story.whole(1)
    story.replies(1)
    figures = story.ledger.figures(marked={"id-1"})
    assert (figures.repeats, figures.marked) == (1, 1)
    assert figures.is_well


def test_figures_add_up() -> None:
    one = Figures(**{field.name: 1 for field in fields(Figures)})
    assert one + one == Figures(**{field.name: 2 for field in fields(Figures)})
    assert not one.is_well
    assert "1 stepped twice" in str(one)
