"""What a message means: options, words, starts, not understood, media."""

import pytest

from engine.core.book import Book
from engine.core.content import (
    Buttons,
    Edited,
    Inbound,
    ListReply,
    Location,
    Reaction,
    Revoked,
    System,
    TemplateButton,
    Welcome,
)
from engine.core.ids import ExternalId
from engine.core.language import Languages
from engine.core.languages import LANGUAGES
from tests.builders import NOW, make_contact, make_message, make_photo
from tests.core.chat import Chat, at_confirm, at_size, titles_of
from tests.core.small import ORDER, WELCOME, Ask, Small, Tell, make_book

# --- options ---


@pytest.mark.parametrize(
    ("typed", "answer", "how"),
    [
        pytest.param("Funghi 🍄", "Funghi 🍄", "title", id="exact-title"),
        pytest.param("  funghi! ", "Funghi 🍄", "title", id="title-without-emoji"),
        pytest.param("🍕", "Margherita 🍕", "emoji", id="emoji"),
        pytest.param("🌶", "Diavola 🌶️", "emoji", id="emoji-without-selector"),
        pytest.param("4", "Quattro", "number", id="number"),
        pytest.param("2️⃣", "Funghi 🍄", "number", id="keycap"),
        pytest.param("margerita", "Margherita 🍕", "fuzzy", id="typing-error"),
    ],
)
def test_an_option_is_chosen_by(typed: str, answer: str, how: str) -> None:
    chat = Chat().says("order").says(typed)
    assert chat.run.answers == {"pizza": answer}
    assert chat.trace.matched == how
    assert (chat.trace.score is not None) == (how == "fuzzy")


def test_an_option_is_chosen_by_its_synonym() -> None:
    assert at_size().says("GRANDE").trace.matched == "synonym"


def test_a_typed_number_is_the_value_where_the_question_takes_numbers() -> None:
    ask = Ask("How many?", ("One for me", "A dozen"), reads="number")
    chat = Chat(make_book(Small("a", {"n": ask, "m": ask}), start="a")).says("hi").says("2")
    assert chat.run.answers == {"n": 2}


def test_a_number_beyond_the_options_is_not_understood() -> None:
    assert at_size().says("4").trace.matched == "retry"


def test_a_tap_without_an_id_is_taken_by_title_on_the_open_question() -> None:
    chat = at_size().says(ListReply(id=None, title="Large"))
    assert chat.run.answers["size"] == "Large"
    assert chat.trace.matched == "tap"


def test_a_template_button_without_our_payload_is_what_it_says() -> None:
    assert Chat().says(TemplateButton(payload="PROMO", title="Order")).asked == "order.pizza"


def test_a_template_button_may_carry_an_option_id() -> None:
    chat = at_size()
    asked = chat.shown[-1]
    assert isinstance(asked, Buttons)
    chat.says(TemplateButton(payload=asked.buttons[0].id, title="Small"))
    assert chat.run.answers["size"] == "Small"


# --- words ---


def test_menu_begins_the_start_flow_and_ends_the_rest() -> None:
    chat = Chat(make_book()).says("order").says("Menu")
    assert [run.flow for run in chat.conversation.runs] == ["welcome"]
    assert chat.trace.matched == "word"


def test_menu_asks_first_where_answers_would_be_lost() -> None:
    chat = at_size().says("Menu")
    assert chat.asked == "order.size"
    assert "would be lost" in chat.texts[0]
    assert chat.taps("Leave it").asked == "welcome.hello"
    assert [run.flow for run in chat.conversation.runs] == ["welcome"]


@pytest.mark.parametrize("how", ["taps", "says"])
def test_whoever_stays_is_asked_again(how: str) -> None:
    chat = at_size().says("Menu")
    assert getattr(chat, how)("Go on here").texts == ["Which size?"]
    assert chat.asked == "order.size"
    assert chat.taps("Large").asked == "order.quantity"


@pytest.mark.parametrize("said", ["2", "the second one"])
def test_a_number_answers_the_question_that_was_asked_last(said: str) -> None:
    chat = at_size().says("Menu").says(said)
    assert chat.texts == ["Which size?"]
    assert "size" not in chat.run.answers
    chat.says(said)
    assert chat.run.answers["size"] == "Medium"


def test_a_number_that_the_question_asked_last_has_not_is_for_the_open_one() -> None:
    chat = at_size().says("Menu").says("3")
    assert chat.run.answers["size"] == "Large"


def test_menu_without_a_start_flow_loses_nothing_unasked() -> None:
    chat = Chat(make_book(ORDER)).says("menu")
    assert "received" in chat.texts[0]
    assert chat.says("order").says("menu").texts == ["Which pizza?"]
    chat.says("Margherita").says("menu")
    assert titles_of(chat.shown[-1]) == ["Leave it", "Go on here"]
    assert set(chat.run.answers) == {"pizza"}
    chat.taps("Leave it")
    assert chat.conversation.runs == ()
    assert chat.texts[0].startswith("Cancelled")


def test_an_old_button_to_leave_agrees_to_no_later_loss() -> None:
    chat = Chat(make_book(ORDER)).says("order").says("Margherita").says("menu").taps("Leave it")
    chat.says("order").says("Margherita").taps("Leave it")
    assert titles_of(chat.shown[-1]) == ["Leave it", "Go on here"]
    assert set(chat.run.answers) == {"pizza"}


def test_back_asks_the_question_before() -> None:
    chat = at_size().taps("Large").says("back")
    assert chat.asked == "order.size"
    assert chat.says("back").asked == "order.pizza"
    assert chat.says("back").texts == ["There is nothing before this.\n\nWhich pizza?"]


def test_going_back_keeps_the_other_answers() -> None:
    chat = at_size().taps("Large").says("back")
    assert chat.run.answers == {"pizza": "Funghi 🍄"}
    assert chat.says("Small").asked == "order.quantity"


def test_cancel_ends_everything() -> None:
    chat = Chat().says("hello").taps("Order a pizza").says("cancel")
    assert chat.conversation.runs == ()
    assert chat.conversation.ended_at == NOW
    assert chat.says("ok").sent == []


def test_restart_begins_the_flow_anew() -> None:
    chat = at_confirm().says("restart")
    assert chat.asked == "order.pizza"
    assert chat.run.answers == {}


def test_restart_leaves_the_caller_waiting() -> None:
    chat = Chat().says("hello").taps("Order a pizza").taps("Quattro").says("start over")
    assert [run.flow for run in chat.conversation.runs] == ["welcome", "order"]
    assert chat.asked == "order.pizza"


def test_restart_with_nothing_going_on_begins_the_start_flow() -> None:
    assert Chat().says("restart").asked == "welcome.hello"


def test_help_tells_the_words_and_asks_again() -> None:
    chat = at_size().says("help")
    assert chat.texts[0].startswith("You can write *menu*")
    assert chat.texts[0].endswith("Which size?")
    assert chat.asked == "order.size"


def test_help_with_nothing_going_on_tells_the_words() -> None:
    assert Chat().says("help").texts[0].endswith("talk to a person.")


def test_agent_hands_off_and_keeps_the_place() -> None:
    chat = at_size().says("agent")
    assert chat.handoffs() == ["word"]
    assert chat.conversation.resume == "size"
    assert Chat().says("human").conversation.resume is None


@pytest.mark.parametrize("word", ["back", "cancel"])
def test_a_word_about_a_talk_means_nothing_where_none_is(word: str) -> None:
    assert Chat().says(word).asked == "welcome.hello"


def test_an_option_wins_over_a_word() -> None:
    ask = Ask("Next?", routes={"Help": "told", "Back": "told"})
    chat = Chat(make_book(Small("a", {"q": ask, "told": Tell("Told.")}), start="a"))
    assert chat.says("hi").says("help").texts == ["Told."]


def test_a_word_wins_over_free_text() -> None:
    free = Small("a", {"q": Ask("Your note?", reads="words")})
    assert Chat(make_book(free, WELCOME, start="welcome")).says("menu").trace.matched == "word"


# --- starts ---


def test_a_flow_begins_on_its_words() -> None:
    assert Chat().says("pizza").asked == "order.pizza"
    assert Chat().says("PIZZA!").trace.matched == "starts_on"


def test_a_flow_named_in_a_menu_takes_its_place() -> None:
    chat = Chat().says("hello").says("order")
    assert [run.flow for run in chat.conversation.runs] == ["order"]


def test_a_flow_named_among_answers_returns_to_the_question() -> None:
    side = Small("side", {"q": Ask("Which city?", ("Rome", "Lima"))}, starts_on=("cities",))
    chat = Chat(make_book(WELCOME, ORDER, side))
    chat.says("order").taps("Funghi 🍄").says("cities")
    assert [run.flow for run in chat.conversation.runs] == ["order", "side"]
    assert chat.says("Rome").asked == "order.size"
    assert chat.run.answers == {"pizza": "Funghi 🍄"}


def test_a_flow_that_is_going_on_is_not_begun_again_by_its_words() -> None:
    chat = at_size().says("order")
    assert (chat.trace.matched, chat.texts) == ("starts_on", ["Which size?"])
    assert chat.run.answers


def test_a_thanks_alone_is_not_misunderstood() -> None:
    chat = at_size().says("thanks!")
    assert (chat.trace.matched, chat.texts) == ("word", ["Which size?"])
    assert chat.run.retries == 0


# --- wishes ---


@pytest.mark.parametrize(
    ("said", "flow"),
    [
        ("I want to order, please", "order"),
        ("can I have a pizza?", "order"),
        ("hello, pizza!", "order"),
        ("I don't want to order", "welcome"),
        ("where is my order", "welcome"),
        ("order a taxi", "welcome"),
        ("please", "welcome"),
        ("order " * 30, "welcome"),
    ],
)
def test_a_wish_names_a_flow(said: str, flow: str) -> None:
    order = Small("order", {"size": Ask("Which size?", ("S", "L"))}, starts_on=("order", "pizza"))
    chat = Chat(make_book(WELCOME, order)).says(said)
    assert [run.flow for run in chat.conversation.runs] == [flow]


def test_a_wish_in_one_language_tells_the_contacts() -> None:
    words = {"es": ("pan", "una barra de pan"), "ar": ("خبز",)}
    bread = Small(
        "bread",
        {"size": Ask("Which size?", ("S", "L"))},
        starts_on=("bread",),
        translated_starts=words,
    )
    chat = Chat(make_book(bread, languages=Languages(LANGUAGES)), contact=make_contact(locale=None))
    assert chat.says("hola, quiero pan").conversation.contact.locale == "es"


@pytest.mark.parametrize(
    ("said", "matched", "runs"),
    [
        ("I want to cancel, please", "word", 0),
        ("can I talk to a human?", "word", 1),
        ("hi, back please", "word", 1),
        ("I don't want to cancel", "retry", 1),
    ],
)
def test_a_wish_names_a_word(said: str, matched: str, runs: int) -> None:
    chat = at_size().says(said)
    assert (chat.trace.matched, len(chat.conversation.runs)) == (matched, runs)


def test_words_of_a_talk_are_no_wish_without_one() -> None:
    assert Chat().says("go back, please").asked == "welcome.hello"


def test_a_wish_for_a_flow_that_waits_below_loses_no_answers() -> None:
    side = Small(
        "side", {"q": Ask("City?", ("Rome",)), "r": Ask("Day?", ("Mon",))}, starts_on=("cities",)
    )
    chat = Chat(make_book(WELCOME, ORDER, side))
    chat.says("order").taps("Funghi 🍄").says("the cities, please").says("Rome")
    assert chat.says("I want to order").trace.matched == "retry"


def test_the_lines_own_start_flow_wins() -> None:
    assert Chat(make_book(WELCOME, ORDER, start="order")).says("hello").asked == "order.pizza"


@pytest.mark.parametrize(
    "book",
    [
        pytest.param(make_book(ORDER), id="none-marked"),
        pytest.param(make_book(WELCOME, Small("b", {"b": Tell("b")}, start=True)), id="two-marked"),
        pytest.param(make_book(WELCOME, start="gone"), id="named-one-missing"),
    ],
)
def test_without_a_start_flow_the_contact_is_told_once_a_day(book: Book) -> None:
    chat = Chat(book).says("hello")
    assert len(chat.sent) == 1
    assert chat.sent[0].origin == "engine"
    assert chat.waits(hours=23).says("hello?").sent == []
    assert chat.trace.matched == "quiet"
    assert len(chat.waits(hours=1).says("hello??").sent) == 1


@pytest.mark.parametrize("said", ["Thanks!", "ok", "👍", "❤️ 🙏🏽"])
def test_a_thanks_after_the_end_gets_no_reply(said: str) -> None:
    chat = Chat().says("hello").taps("Hours").taps("No, thanks")
    assert chat.waits(minutes=10).says(said).sent == []
    assert chat.trace.matched == "quiet"
    assert chat.waits(seconds=1).says(said).asked == "welcome.hello"


def test_more_than_a_thanks_after_the_end_gets_its_reply() -> None:
    chat = Chat().says("hello").taps("Hours").taps("No, thanks")
    assert chat.says("Thanks, and when do you open?").asked == "welcome.hello"


def test_a_first_contact_is_welcomed_before_writing() -> None:
    assert Chat().says(Welcome()).asked == "welcome.hello"
    assert Chat(make_book(ORDER)).says(Welcome()).sent == []
    assert at_size().says(Welcome()).sent == []


def test_a_closed_conversation_opens_with_the_next_message() -> None:
    chat = Chat(mode="closed").says("hello")
    assert chat.conversation.mode == "bot"
    assert chat.asked == "welcome.hello"


# --- not understood ---


def test_not_understood_is_retried_then_spelled_out_then_handed_off() -> None:
    chat = at_size().says("the blue one")
    assert chat.texts == ["Please, something else."]
    assert chat.trace.note == "expected something else"
    chat.says("really blue")
    assert chat.texts == [
        "Please, something else.\n\nWhich size?\n\n1. Small\n2. Medium\n3. Large\n\n"
        "Reply with the number of your choice."
    ]
    before = chat.run.answers
    assert chat.says("blue!").handoffs() == ["not_understood"]
    assert chat.run.answers == before
    assert chat.conversation.resume == "size"


def test_an_answer_forgets_the_retries() -> None:
    chat = at_size().says("blue").says("blue").says("2")
    assert chat.run.answers["size"] == "Medium"
    assert chat.run.retries == 0


def test_help_does_not_forget_the_retries() -> None:
    chat = at_size().says("blue").says("help").says("blue").says("blue")
    assert chat.handoffs() == ["not_understood"]


# --- media and the unusual ---


def test_a_photo_answers_the_question_that_asks_for_one() -> None:
    flow = Small("a", {"photo": Ask("A photo?", reads="photo"), "n": Ask("How many?")})
    chat = Chat(make_book(flow, start="a")).says("hi").says(make_photo())
    assert chat.asked == "a.n"
    assert chat.run.shown == {"photo": "photo"}


def test_unasked_photos_get_one_retry_a_burst() -> None:
    chat = at_size().says(make_photo())
    assert chat.texts == ["Please, something else."]
    assert chat.waits(seconds=9).says(make_photo()).sent == []
    assert chat.waits(seconds=9).says(make_photo()).sent == []
    assert chat.run.retries == 1
    assert len(chat.waits(seconds=11).says(make_photo()).sent) == 1


def test_an_album_as_the_first_message_begins_one_flow() -> None:
    chat = Chat().says(make_photo())
    assert chat.asked == "welcome.hello"
    assert chat.says(make_photo()).sent == []
    assert chat.run.retries == 0


def test_the_rest_of_an_album_after_an_end_begins_nothing() -> None:
    flow = Small("a", {"photo": Ask("A photo?", reads="photo")})
    chat = Chat(make_book(flow, start="a")).says("hi").says(make_photo()).says(make_photo())
    assert chat.conversation.runs == ()


def test_a_place_is_no_option() -> None:
    assert at_size().says(Location(latitude=19.4, longitude=-99.1)).trace.matched == "retry"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(Reaction(to=ExternalId("w"), emoji="👍"), id="reaction"),
        pytest.param(Edited(original=ExternalId("w"), body="Large"), id="edited"),
        pytest.param(Revoked(original=ExternalId("w")), id="revoked"),
        pytest.param(System(event="user_changed_number"), id="system"),
    ],
)
def test_what_is_no_message_is_recorded_alone(content: Inbound) -> None:
    chat = at_size()
    before = chat.conversation
    assert chat.waits(hours=1).says(content).conversation == before
    assert chat.trace.matched == "recorded"


def test_a_group_message_is_recorded_alone() -> None:
    chat = at_size()
    before = chat.conversation
    chat.waits(hours=1).gets(make_message("Large", group_id="group"))
    assert chat.conversation == before
