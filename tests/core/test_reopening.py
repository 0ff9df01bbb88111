"""A question named alone is put again; a choice further on is taken at once."""

import pytest

from engine.core.language import Languages
from engine.core.languages import LANGUAGES
from tests.core.chat import Chat
from tests.core.small import Ask, Small, make_book

ALL = Languages(LANGUAGES)

SHOP = Small(
    "shop",
    {
        "size": Ask("Which size?", ("Small", "Large")),
        "colour": Ask("Which colour?", ("Red", "Blue")),
        "confirm": Ask(
            "Shall we?",
            routes={"Yes": "END", "Change": "menu", "Help": "aid", "Something else": "size"},
        ),
        "menu": Ask("What?", routes={"Gift wrap": "wrap", "A person": "aid"}),
        "aid": Ask("Whom?", routes={"A person": "END", "A book": "END"}),
        "wrap": Ask("Which paper?", ("Gold", "Green")),
        "sure": Ask("Sure?", ("Of course",)),
    },
    start=True,
)
SIDE = Small(
    "side", {"q": Ask("Which city?", ("Rome", "Lima")), "r": Ask("Day?", ("Mon",))}, ("trip",)
)


def at_summary() -> Chat:
    """Return a contact who has answered what comes before the summary."""
    chat = Chat(make_book(SHOP, SIDE, languages=ALL))
    return chat.says("hi").taps("Small").taps("Red")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("change the size", "shop.size"),
        ("I want to change the size, please", "shop.size"),
        ("the size is wrong", "shop.size"),
        ("change the coluor", "shop.colour"),
        ("cambiar size", "shop.size"),
        ("change the colour", "shop.colour"),
        ("add gift wrap", "shop.wrap"),
        ("gift wrap, please", "shop.wrap"),
        ("gift wraap", "shop.wrap"),
        ("a person", "shop.confirm"),
        ("change the person", "shop.confirm"),
        ("change the size and the paper", "shop.confirm"),
        ("something is wrong", "shop.confirm"),
        ("I don't want to change the size", "shop.confirm"),
        ("change the wrap of the present", "shop.confirm"),
        ("change " + "the size " * 20, "shop.confirm"),
    ],
)
def test_what_is_named_alone_is_asked(said: str, asked: str) -> None:
    assert at_summary().says(said).asked == asked


def test_a_question_put_again_goes_on_where_the_talk_was() -> None:
    chat = at_summary().says("change the size").says("large")
    assert chat.asked == "shop.confirm"
    assert chat.run.answers == {"size": "Large", "colour": "Red"}


def test_two_questions_of_one_name_are_not_put_again() -> None:
    twins = Small(
        "twins",
        {
            "first name": Ask("First?", ("Ann", "Eve")),
            "last name": Ask("Last?", ("Lee", "Ray")),
            "sure": Ask("Sure?", ("Yes", "No")),
        },
        start=True,
    )
    chat = Chat(make_book(twins)).says("hi").taps("Ann").taps("Lee")
    assert chat.says("change the name").asked == "twins.sure"
    assert chat.says("change the last name").asked == "twins.last name"


def test_what_waits_below_is_put_again_where_nothing_is_lost() -> None:
    chat = at_summary().says("trip")
    assert chat.says("change the size").asked == "shop.size"
    chat.says("small").says("trip").says("Rome")
    assert chat.says("change the size").asked == "side.r"


def test_a_question_below_whose_flow_is_gone_is_left() -> None:
    chat = at_summary().says("trip")
    chat.book = make_book(SIDE, languages=ALL)
    assert chat.says("change the size").asked == "side.q"


def test_a_question_put_again_whose_flow_must_begin_anew_begins_it() -> None:
    chat = at_summary().says("trip")
    gone = Small("shop", SHOP.places, start=True, gone=frozenset({"confirm"}))
    chat.book = make_book(gone, SIDE, languages=ALL)
    assert chat.says("change the colour").asked == "shop.size"
    assert chat.run.answers == {}
