"""What a line cannot carry as one message comes as several, each with its own taps."""

from datetime import UTC, datetime

import pytest

from engine.core.capabilities import Capabilities
from engine.core.content import (
    Actions,
    AddEvent,
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Dial,
    Media,
    OpenUrl,
    Outbound,
    ShowLocation,
    Text,
)
from engine.core.parts import action_in_words, parts_of
from engine.core.signals import AgentReplied, AgentTookOver
from tests.builders import PHONE, PLAIN
from tests.core.chat import at_size

RED = Media(kind="image", url="https://files.example/red.jpg")
WHITE = Media(kind="image", url="https://files.example/white.jpg")
SOUND = Media(kind="audio", url="https://files.example/oven.mp3")
CALL = Dial(id="call", title="Call", phone="+525550000009")
SEE = OpenUrl(id="see", title="See", url="https://shop.example/red")
ORDER_RED, ORDER_WHITE = Button(id="red", title="This red"), Button(id="white", title="This white")

WITHOUT_CARDS = PHONE.model_copy(update={"kinds": PHONE.kinds - {"carousel"}})
BARE = WITHOUT_CARDS.model_copy(update={"media_header": False})
RICH = PHONE.model_copy(update={"kinds": PHONE.kinds | {"actions"}})

PIZZAS = Carousel(
    body="Two of ours",
    cards=(
        Card(title="Diavola", body="Hot", media=RED, actions=(ORDER_RED,)),
        Card(title="Bianca", media=WHITE, actions=(ORDER_WHITE,)),
    ),
)


def with_cards(*cards: Card, **changes: object) -> Carousel:
    return PIZZAS.model_copy(update={"cards": cards, **changes})


def card(**changes: object) -> Card:
    return PIZZAS.cards[0].model_copy(update=changes)


@pytest.mark.parametrize(
    ("content", "can"),
    [
        pytest.param(PIZZAS, PHONE, id="cards-that-are-alike"),
        pytest.param(with_cards(card(actions=(CALL,))), RICH, id="any-card-where-any-action-goes"),
        pytest.param(Actions(body="?", actions=(CALL,)), RICH, id="actions"),
        pytest.param(Text(body="Hi"), PLAIN, id="text"),
        pytest.param(
            Buttons(body="?", buttons=(ORDER_RED,), header=RED), PHONE, id="a-picture-above"
        ),
        pytest.param(
            Buttons(body="?", buttons=(ORDER_RED,), header="Pizza"), BARE, id="words-above"
        ),
    ],
)
def test_what_the_line_shows_goes_as_it_is(content: Outbound, can: Capabilities) -> None:
    assert parts_of(content, can) == [content]


def test_cards_come_in_turn_with_picture_and_buttons() -> None:
    assert parts_of(PIZZAS, WITHOUT_CARDS) == [
        Text(body="Two of ours"),
        Buttons(body="Diavola\nHot", buttons=(ORDER_RED,), header=RED),
        Buttons(body="Bianca", buttons=(ORDER_WHITE,), header=WHITE),
    ]


def test_a_picture_comes_before_the_buttons_that_it_cannot_stand_above() -> None:
    assert parts_of(PIZZAS, BARE) == [
        Text(body="Two of ours"),
        RED,
        Buttons(body="Diavola\nHot", buttons=(ORDER_RED,)),
        WHITE,
        Buttons(body="Bianca", buttons=(ORDER_WHITE,)),
    ]


def test_on_a_line_of_plain_text_a_card_is_a_picture_with_its_words_below() -> None:
    assert parts_of(PIZZAS, PLAIN) == [
        Text(body="Two of ours"),
        RED.model_copy(update={"caption": "Diavola\nHot\n- This red"}),
        WHITE.model_copy(update={"caption": "Bianca\n- This white"}),
    ]


PLAIN_CARD = card(title="Bianca", media=WHITE, actions=(ORDER_WHITE,))


@pytest.mark.parametrize(
    "carousel",
    [
        pytest.param(with_cards(PLAIN_CARD), id="one-card"),
        pytest.param(with_cards(*[PLAIN_CARD] * 11), id="too-many"),
        pytest.param(with_cards(PLAIN_CARD, card(media=None)), id="no-picture"),
        pytest.param(with_cards(PLAIN_CARD, card(media=SOUND)), id="a-sound"),
        pytest.param(with_cards(PLAIN_CARD, card(actions=())), id="no-buttons"),
        pytest.param(with_cards(PLAIN_CARD, card(actions=(CALL,))), id="a-call"),
        pytest.param(with_cards(PLAIN_CARD, card(actions=(SEE, ORDER_RED))), id="both-kinds"),
        pytest.param(with_cards(PLAIN_CARD, card(body="x" * 161)), id="a-long-text"),
        pytest.param(PIZZAS.model_copy(update={"body": None}), id="no-text-above"),
        pytest.param(PIZZAS.model_copy(update={"actions": (CALL,)}), id="buttons-below-all"),
    ],
)
def test_cards_that_whatsapp_does_not_swipe_come_in_turn(carousel: Carousel) -> None:
    parts = parts_of(carousel, PHONE)
    assert all(not isinstance(part, Carousel) for part in parts)
    assert len(parts) >= len(carousel.cards)


def test_a_card_that_opens_a_page_is_a_link_below_its_picture() -> None:
    linked = with_cards(card(actions=(SEE,)), body=None)
    assert parts_of(linked, WITHOUT_CARDS) == [
        CallToAction(body="Diavola\nHot", title="See", url=SEE.url, id="see", header=RED)
    ]
    without_links = WITHOUT_CARDS.model_copy(update={"kinds": WITHOUT_CARDS.kinds - {"cta_url"}})
    assert parts_of(linked, without_links) == [
        RED.model_copy(update={"caption": "Diavola\nHot\nSee: https://shop.example/red"})
    ]


def test_what_is_no_reply_is_said_above_the_replies() -> None:
    mixed = Actions(body="Reach us", actions=(CALL, ORDER_RED))
    assert parts_of(mixed, PHONE) == [
        Buttons(body="Reach us\nCall: +525550000009", buttons=(ORDER_RED,))
    ]


@pytest.mark.parametrize(
    "replies",
    [
        pytest.param(tuple(Button(id=f"b{n}", title=f"B{n}") for n in range(4)), id="too-many"),
        pytest.param((Button(id="b", title="x" * 21),), id="a-long-title"),
    ],
)
def test_replies_that_are_no_buttons_here_are_written_to_be_typed(
    replies: tuple[Button, ...],
) -> None:
    """Without numbers: a typed number is the open question's."""
    written = "\n".join(f"- {reply.title}" for reply in replies)
    assert parts_of(Actions(body="?", actions=replies), PHONE) == [Text(body=f"?\n{written}")]


def test_a_text_too_long_for_buttons_keeps_its_words() -> None:
    long = "x" * 1025
    assert parts_of(Actions(body=long, actions=(ORDER_RED,)), PHONE) == [
        Text(body=f"{long}\n- This red")
    ]
    assert parts_of(Actions(body=long, actions=(SEE,)), PHONE) == [
        Text(body=f"{long}\nSee: https://shop.example/red")
    ]


def test_buttons_below_all_cards_come_with_the_text_else_last() -> None:
    more = PIZZAS.model_copy(update={"actions": (Button(id="menu", title="Menu"),)})
    menu = (Button(id="menu", title="Menu"),)
    assert parts_of(more, WITHOUT_CARDS)[0] == Buttons(body="Two of ours", buttons=menu)
    nameless = more.model_copy(update={"body": None})
    assert parts_of(nameless, WITHOUT_CARDS)[-1] == Buttons(body="…", buttons=menu)


def test_a_file_that_carries_no_words_comes_before_them() -> None:
    spoken = with_cards(card(media=SOUND, actions=()), body=None)
    assert parts_of(spoken, WITHOUT_CARDS) == [SOUND, Text(body="Diavola\nHot")]
    silent = with_cards(Card(media=SOUND), body=None)
    assert parts_of(silent, WITHOUT_CARDS) == [SOUND]


def test_a_picture_that_cannot_stand_above_a_question_comes_before_it() -> None:
    asked = Buttons(body="?", buttons=(ORDER_RED,), header=RED)
    assert parts_of(asked, BARE) == [RED, asked.model_copy(update={"header": None})]
    link = CallToAction(body="?", title="See", url=SEE.url, header=SOUND)
    assert parts_of(link, PHONE) == [SOUND, link.model_copy(update={"header": None})]


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (SEE, "See: https://shop.example/red"),
        (CALL, "Call: +525550000009"),
        (ShowLocation(id="m", title="Map", latitude=1, longitude=-2.5), "Map: 1, -2.5"),
        (
            ShowLocation(id="m", title="Map", latitude=1, longitude=2, label="Shop"),
            "Map: Shop 1, 2",
        ),
        (
            AddEvent(
                id="e",
                title="Remind me",
                event="Tasting",
                starts_at=datetime(2026, 8, 1, 18, 30, tzinfo=UTC),
                ends_at=datetime(2026, 8, 1, 20, tzinfo=UTC),
            ),
            "Remind me: Tasting, 2026-08-01 18:30 UTC",
        ),
    ],
    ids=["url", "phone", "place", "named-place", "event"],
)
def test_an_action_is_said_in_a_line(
    action: OpenUrl | Dial | ShowLocation | AddEvent, words: str
) -> None:
    assert action_in_words(action) == words


def test_what_an_agent_sends_is_parted_too() -> None:
    chat = at_size().gets(AgentTookOver(agent="bo"))
    one = PIZZAS.model_copy(update={"cards": PIZZAS.cards[:1]})
    chat.gets(AgentReplied(agent="bo", content=one))
    assert [content.kind for content in chat.shown[-2:]] == ["text", "buttons"]
