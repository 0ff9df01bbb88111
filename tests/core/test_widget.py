"""How a question looks on a line, and which texts share a bubble."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.capabilities import Capabilities
from engine.core.content import (
    Actions,
    Buttons,
    Dial,
    Event,
    List,
    Location,
    LocationRequest,
    Media,
    Outbound,
    Text,
)
from engine.core.conversation import OfferedOption
from engine.core.languages import ENGLISH
from engine.core.lengths import utf16_length
from engine.core.options import build_option_id, make_offer, page_of, parse_option_id
from engine.core.question import Options, Question, ShownOption
from engine.core.widget import Asked, compose, shape
from tests.builders import PHONE, PLAIN
from tests.core.chat import titles_of

PLACE = Location(latitude=1, longitude=2)


def asked(
    *titles: str,
    text: str = "Which?",
    description: str | None = None,
    label: str | None = None,
    numbered: bool = False,
    wants_location: bool = False,
) -> Asked:
    options = Options(
        ShownOption(OfferedOption(key=str(index), title=title, value=title), description)
        for index, title in enumerate(titles)
    )
    question = Question("size", text, options, label, wants_location, numbered)
    return Asked("order", question, make_offer(question, flow="order", turn=5), ENGLISH)


def form(question: Asked, capabilities: Capabilities = PHONE) -> Outbound:
    messages, alone = compose((), question, capabilities)
    assert alone == len(messages) == 1
    return messages[0]


def limited(**changes: object) -> Capabilities:
    return PHONE.model_copy(update=changes)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        pytest.param(asked("S"), "buttons", id="one-option"),
        pytest.param(asked("S", "M", "L"), "buttons", id="three"),
        pytest.param(asked("S", "M", "L", "XL"), "list", id="four"),
        pytest.param(asked("x" * 20), "buttons", id="title-20"),
        pytest.param(asked("x" * 21), "list", id="title-21"),
        pytest.param(asked("🍕" * 10), "buttons", id="ten-emoji-are-20-units"),
        pytest.param(asked("🍕" * 11), "list", id="eleven-emoji"),
        pytest.param(asked("S", description="small"), "list", id="description"),
        pytest.param(asked("x" * 24), "list", id="row-24"),
        pytest.param(asked("x" * 25), "text", id="row-25"),
        pytest.param(asked("S", description="x" * 72), "list", id="description-72"),
        pytest.param(asked("S", description="x" * 73), "text", id="description-73"),
        pytest.param(asked(*"ABCD", label="x" * 20), "list", id="label-20"),
        pytest.param(asked(*"ABCD", label="x" * 21), "text", id="label-21"),
        pytest.param(asked("S", text="x" * 1024), "buttons", id="body-1024"),
        pytest.param(asked("S", text="x" * 1025), "text", id="body-1025"),
        pytest.param(asked("S", "S"), "text", id="equal-titles"),
        pytest.param(asked("S", ""), "text", id="empty-title"),
        pytest.param(asked("S", "M", numbered=True), "text", id="numbered"),
        pytest.param(asked(), "text", id="no-options"),
        pytest.param(asked(wants_location=True), "location_request", id="location"),
        pytest.param(asked(wants_location=True, text="x" * 1025), "text", id="long-location"),
        pytest.param(asked("Skip", wants_location=True), "buttons", id="location-with-skip"),
    ],
)
def test_the_first_form_that_fits_is_taken(question: Asked, kind: str) -> None:
    assert form(question).kind == kind


@pytest.mark.parametrize(
    ("capabilities", "kind"),
    [
        pytest.param(limited(kinds=frozenset({"text", "list"})), "list", id="no-buttons"),
        pytest.param(limited(kinds=frozenset({"text"})), "text", id="text-alone"),
        pytest.param(limited(buttons=1), "list", id="one-button"),
    ],
)
def test_a_line_shows_what_it_can(capabilities: Capabilities, kind: str) -> None:
    assert form(asked("S", "M"), capabilities).kind == kind


def test_a_line_without_location_requests_asks_in_words() -> None:
    assert form(asked(wants_location=True), limited(kinds=frozenset({"text"}))).kind == "text"


def test_option_ids_name_turn_flow_step_and_key() -> None:
    buttons = form(asked("S", "M"))
    assert isinstance(buttons, Buttons)
    assert [button.id for button in buttons.buttons] == ["p1:5:order.size:0", "p1:5:order.size:1"]


def test_numbered_text_shows_every_option_and_its_description() -> None:
    text = form(asked("Small", "Large", description="€9", numbered=True))
    assert text == Text(
        body="Which?\n\n1. Small - €9\n2. Large - €9\n\nReply with the number of your choice."
    )


def test_a_list_has_its_authors_label() -> None:
    shown = form(asked(*"ABCD", label="Sizes"))
    assert isinstance(shown, List)
    assert shown.label == "Sizes"


@pytest.mark.parametrize(("count", "rows"), [(10, 10), (11, 10)], ids=["ten", "eleven"])
def test_ten_rows_are_a_list_and_eleven_are_pages(count: int, rows: int) -> None:
    titles = titles_of(form(asked(*(f"T{index}" for index in range(count)))))
    assert len(titles) == rows
    assert (titles[-1] == "More…") == (count > 10)


# --- bubbles -------------------------------------------------------------------------------------


def test_texts_share_a_bubble_with_the_question() -> None:
    messages, alone = compose((Text(body="Hi."), Text(body="Good.")), asked("S"), PHONE)
    assert len(messages) == 1
    assert isinstance(messages[0], Buttons)
    assert messages[0].body == "Hi.\n\nGood.\n\nWhich?"
    assert alone == 0


def test_media_ends_a_bubble() -> None:
    said = (Text(body="a"), PLACE, Text(body="b"), Text(body="c", preview_url=True))
    messages, alone = compose(said, None, PHONE)
    assert messages == [Text(body="a"), PLACE, Text(body="b\n\nc", preview_url=True)]
    assert alone == 0


def test_a_question_after_media_stands_alone() -> None:
    messages, alone = compose((PLACE,), asked("S"), PHONE)
    assert [message.kind for message in messages] == ["location", "buttons"]
    assert alone == 1


def test_a_question_never_loses_its_buttons_to_a_text_before_it() -> None:
    messages, alone = compose((Text(body="x" * 1020),), asked("S"), PHONE)
    assert [message.kind for message in messages] == ["text", "buttons"]
    assert alone == 1


def test_texts_too_long_together_stay_apart() -> None:
    messages, _ = compose((Text(body="x" * 4000), Text(body="y" * 100)), None, PHONE)
    assert [len(m.body) for m in messages if isinstance(m, Text)] == [4000, 100]


def test_a_text_too_long_for_the_line_is_parted_at_spaces() -> None:
    text = " ".join(["word"] * 100)
    messages, _ = compose((Text(body=text),), asked(text="And?"), PLAIN)
    bodies = [message.body for message in messages if isinstance(message, Text)]
    assert all(len(body) <= 160 for body in bodies)
    assert " ".join(bodies) == text + " And?"


def test_a_long_numbered_question_comes_in_several_messages() -> None:
    question = asked(*(f"Option number {index}" for index in range(30)))
    messages, alone = compose((Text(body="Hello."),), question, PLAIN)
    assert len(messages) > 3
    assert alone == len(messages) - 1


@given(st.text(max_size=400), st.integers(2, 50))
def test_nothing_of_a_text_is_cut_but_the_spaces_between_its_parts(text: str, limit: int) -> None:
    capabilities = limited(text_length=limit)
    messages, _ = compose((Text(body=text),), None, capabilities)
    bodies = [message.body for message in messages if isinstance(message, Text)]
    assert "".join("".join(bodies).split()) == "".join(text.split())
    assert all(utf16_length(body) <= limit for body in bodies)


def test_a_text_that_ends_in_spaces_at_the_limit_leaves_no_empty_message() -> None:
    messages, _ = compose((Text(body="x" * 160 + " " * 10),), None, PLAIN)
    assert messages == [Text(body="x" * 160)]


# --- markup --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("*Hi* _you_ ~there~", "Hi you there"),
        ("*_both_*", "both"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("a*b*c", "a*b*c"),
        ("*one\ntwo*", "*one\ntwo*"),
    ],
)
def test_markup_goes_where_a_line_has_none(text: str, plain: str) -> None:
    assert compose((Text(body=text),), None, PLAIN)[0] == [Text(body=plain)]
    assert compose((), asked(text=text), PLAIN)[0] == [Text(body=plain)]
    assert compose((Text(body=text),), None, PHONE)[0] == [Text(body=text)]


def test_what_is_no_text_passes_as_it_is() -> None:
    photo = Media(kind="image", stored="ab", caption="*hi*")
    assert compose((photo,), None, PLAIN)[0] == [photo]


def test_a_location_request_may_follow_a_text_in_its_bubble() -> None:
    messages, _ = compose((Text(body="Nearly done."),), asked(wants_location=True), PHONE)
    assert messages == [LocationRequest(body="Nearly done.\n\nWhich?")]


# --- option ids ----------------------------------------------------------------------------------


def test_an_option_id_comes_back_as_it_was() -> None:
    option = parse_option_id(build_option_id(7, "order", "size", "a:b.c"))
    assert option is not None
    assert (option.turn, option.flow, option.step, option.key) == (7, "order", "size", "a:b.c")


@pytest.mark.parametrize(
    "text",
    [None, "", "p1", "p2:1:a.b:c", "p1:x:a.b:c", "p1:1:ab:c", "p1:٣:a.b:c", f"p1:{'9' * 19}:a.b:c"],
)
def test_what_is_not_our_option_id_is_none(text: str | None) -> None:
    assert parse_option_id(text) is None


@given(st.text())
def test_any_text_may_be_parsed(text: str) -> None:
    parse_option_id(text)
    parse_option_id(f"p1:{text}")
    page_of(text)


def test_a_key_too_long_for_an_option_id_becomes_its_place() -> None:
    options = Options(
        ShownOption(OfferedOption(key=key, title=key[:9], value=key)) for key in ("a", "é" * 100)
    )
    offer = make_offer(Question("size", "?", options), flow="order", turn=5)
    assert [option.key for option in offer.options] == ["a", "!1"]
    assert offer.options[1].value == "é" * 100


def test_the_form_of_a_question_can_be_told_before_it_is_asked() -> None:
    for question in (asked("S"), asked(*"ABCD"), asked("S", "S"), asked(wants_location=True)):
        assert shape(question, "Which?", PHONE) == [form(question)]


@pytest.mark.parametrize(
    ("titles", "alike"),
    [
        pytest.param((), False, id="none"),
        pytest.param(("Small", "Medium"), False, id="different"),
        pytest.param(("Small", "Small"), True, id="same"),
        pytest.param(("Small", " SMALL"), True, id="case-and-spaces"),
    ],
)
def test_titles_are_alike_where_people_see_no_difference(
    titles: tuple[str, ...], alike: bool
) -> None:
    assert asked(*titles).question.options.alike is alike


def test_what_the_widget_measures_of_options() -> None:
    options = asked("Small 🍕", "M", description="für zwei").question.options
    assert [option.title for option in options.offered] == ["Small 🍕", "M"]
    assert (options.longest_title, options.longest_description, options.longest_key) == (8, 8, 1)
    assert (options.described, options.distinct) == (True, True)
    assert not asked("S", "").question.options.distinct
    nothing = asked().question.options
    assert (nothing.longest_title, nothing.longest_description, nothing.longest_key) == (0, 0, 0)
    assert (nothing.described, nothing.distinct) == (False, True)


EVENT = Event(name="Ordered")


def test_a_deed_stands_between_no_two_texts() -> None:
    said: list[Outbound] = [Text(body="One."), EVENT, Text(body="Two.")]
    assert compose(said, None, PHONE) == ([EVENT, Text(body="One.\n\nTwo.")], 0)
    messages, alone = compose(said, asked("S"), PHONE)
    assert [message.kind for message in messages] == ["event", "buttons"]
    assert alone == 0
    assert compose([EVENT], asked("S"), PHONE)[1] == 1


def test_what_is_said_comes_in_the_parts_that_the_line_can_carry() -> None:
    ring = Actions(body="Ring us", actions=(Dial(id="1", title="Call", phone="+525550000009"),))
    assert compose([Text(body="Hi"), ring], None, PHONE) == (
        [Text(body="Hi\n\nRing us\nCall: +525550000009")],
        0,
    )
