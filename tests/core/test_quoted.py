"""A tap without its option id means what the quoted message shows; without one, the open question alone."""

import pytest

from engine.core.content import (
    Actions,
    Button,
    ButtonReply,
    Buttons,
    Card,
    Carousel,
    Context,
    Inbound,
    List,
    ListReply,
    Outbound,
    Text,
)
from engine.core.ids import ExternalId
from engine.core.quoted import quoted_by, resolved, titled
from engine.core.signals import AgentTookOver, Arrival, MessageReceived
from tests.builders import make_arrival, make_message, make_tap
from tests.core.chat import Chat, at_confirm
from tests.core.small import ORDER, Ask, Small, make_book

QUOTED = ExternalId("wamid.ours")


def replying(content: Inbound | str, to: ExternalId | None = QUOTED) -> Arrival:
    message = make_message(content).model_copy(update={"context": Context(reply_to=to)})
    return make_arrival(message)


def tap_of(chat: Chat, title: str, shown: Outbound) -> Inbound:
    """Return what a tap by title on a message comes to."""
    signal = resolved(replying(make_tap(None, title)), shown).signal
    assert isinstance(signal, MessageReceived)
    return signal.content


@pytest.mark.parametrize(
    "arrival",
    [
        pytest.param(make_arrival(make_message(make_tap(None, "Yes"))), id="nothing-quoted"),
        pytest.param(replying(make_tap(None, "Yes"), to=None), id="no-message-named"),
        pytest.param(replying(make_tap("p1:1:order.size:large", "Large")), id="with-its-id"),
        pytest.param(replying("Large"), id="a-text"),
        pytest.param(make_arrival(AgentTookOver(agent="Eva")), id="no-message-at-all"),
    ],
)
def test_only_a_tap_without_its_id_asks_for_the_message(arrival: Arrival) -> None:
    assert quoted_by(arrival) is None


@pytest.mark.parametrize("id_", [None, "somebody-elses"])
@pytest.mark.parametrize("kind", [make_tap, ListReply])
def test_a_tap_without_our_id_names_its_message(id_: str | None, kind: object) -> None:
    tap = make_tap(id_, "Large") if kind is make_tap else ListReply(id=id_, title="Large")
    assert quoted_by(replying(tap)) == QUOTED


def test_a_tap_by_title_on_an_older_message_changes_that_answer() -> None:
    chat = at_confirm()
    sizes = next(one for one in chat.shown if isinstance(one, Buttons) and "size" in one.body)
    chat.says(tap_of(chat, "Small", sizes))
    assert chat.run.answers["size"] == "Small"
    assert chat.trace.matched == "old_tap"


def test_a_title_of_the_open_question_on_an_older_message_is_not_its_answer() -> None:
    places = {"a": Ask("A?", ("Yes", "No")), "b": Ask("B?", ("Yes", "No")), "c": Ask("C?", ("Ok",))}
    chat = Chat(make_book(Small("a", places, start=True))).says("hi").taps("No")
    chat.says(tap_of(chat, "Yes", chat.shown[0]))
    assert chat.run.answers == {"a": "Yes"}
    assert chat.asked == "a.b"


def test_a_place_behind_the_title_is_the_options_own() -> None:
    """Gupshup's `reply` is the title and the option's place, counted from 1."""
    chat = at_confirm()
    sizes = next(one for one in chat.shown if isinstance(one, Buttons) and "size" in one.body)
    assert [button.title for button in sizes.buttons] == ["Small", "Medium", "Large"]
    small, _, large = (button.id for button in sizes.buttons)
    assert tap_of(chat, "Small 1", sizes) == make_tap(small, "Small 1")
    assert tap_of(chat, "Large 3", sizes) == make_tap(large, "Large 3")
    assert tap_of(chat, "Large 1", sizes) == make_tap(None, "Large 1")


CARDS = Carousel(
    body="Ours",
    cards=(
        Card(title="Red", actions=(Button(id="red", title="This red"),)),
        Card(title="White", actions=(Button(id="white", title="This white"),)),
    ),
    actions=(Button(id="menu", title="Menu"),),
)


@pytest.mark.parametrize(
    ("title", "id_"), [("This red", "red"), ("This white", "white"), ("Menu", "menu")]
)
def test_a_button_of_a_card_is_found_by_its_title(title: str, id_: str) -> None:
    assert tap_of(at_confirm(), title, CARDS) == make_tap(id_, title)


def test_a_button_below_a_text_is_found_by_its_title() -> None:
    shown = Actions(body="Ours", actions=CARDS.actions)
    assert tap_of(at_confirm(), "Menu", shown) == make_tap("menu", "Menu")


def test_a_row_is_found_as_a_button_is() -> None:
    cities = tuple(f"City {letter}" for letter in "ABCDE")
    chat = Chat(make_book(Small("a", {"q": Ask("?", cities)}, start=True), ORDER)).says("hi")
    assert isinstance(chat.shown[0], List)
    assert tap_of(chat, "City B", chat.shown[0]) == make_tap("p1:1:a.q:city b", "City B")


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(Text(body="Large"), id="a-text-shows-no-options"),
        pytest.param(
            Buttons.model_validate(
                {"body": "?", "buttons": [{"id": str(n), "title": "Large"} for n in range(2)]}
            ),
            id="two-options-of-that-title",
        ),
    ],
)
def test_what_the_message_does_not_tell_stays_open(shown: Outbound) -> None:
    arrival = replying(make_tap(None, "Large"))
    assert resolved(arrival, shown) is arrival


# --- taps that name their option alone -----------------------------------------------------------


def title_of(chat: Chat, tap: Inbound) -> str:
    signal = titled(make_arrival(make_message(tap)), chat.conversation).signal
    assert isinstance(signal, MessageReceived)
    assert isinstance(signal.content, ButtonReply)
    return signal.content.title


def test_a_tap_without_a_title_gets_its_options() -> None:
    chat = at_confirm()
    sizes = next(one for one in chat.shown if isinstance(one, Buttons) and "size" in one.body)
    for button in sizes.buttons:
        assert title_of(chat, make_tap(button.id, "")) == button.title


@pytest.mark.parametrize(
    ("id_", "title"),
    [
        pytest.param(None, "", id="no-id"),
        pytest.param("somebody-elses", "", id="not-ours"),
        pytest.param("p1:1:order.size:huge", "", id="no-such-option"),
        pytest.param("p1:1:order.colour:red", "", id="no-such-question"),
        pytest.param("p1:1:another.size:large", "", id="no-such-flow"),
        pytest.param("p1:1:order.size:large", "XL", id="with-a-title"),
    ],
)
def test_what_a_tap_says_itself_stays(id_: str | None, title: str) -> None:
    assert title_of(at_confirm(), make_tap(id_, title)) == title


@pytest.mark.parametrize(
    "arrival",
    [
        pytest.param(replying("Large"), id="a-text"),
        pytest.param(make_arrival(AgentTookOver(agent="Eva")), id="no-message-at-all"),
    ],
)
def test_what_is_no_tap_stays(arrival: Arrival) -> None:
    assert titled(arrival, at_confirm().conversation) is arrival
