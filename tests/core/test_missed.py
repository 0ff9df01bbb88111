"""What the traces say of a message that was not understood: `parley missed` counts them by it."""

from engine.core.content import Media
from engine.core.trace import NOT_UNDERSTOOD, NOTHING_NEAR
from tests.core.chat import Chat, at_size
from tests.core.small import ORDER, make_book


def test_a_misunderstanding_names_its_step() -> None:
    trace = at_size().says("purple").trace
    assert (trace.before, trace.note) == ("order.size", f"{NOT_UNDERSTOOD}something else")


def test_a_question_that_nothing_knows_is_noted() -> None:
    assert Chat().says("Where can we park?").trace.note == NOTHING_NEAR
    assert Chat(make_book(ORDER)).says("Where can we park?").trace.note == NOTHING_NEAR


def test_a_greeting_and_a_photo_ask_nothing() -> None:
    assert Chat().says("hi").trace.note is None
    assert Chat().says(Media(kind="image", external_id="1")).trace.note is None


def test_the_longest_text_an_empty_one_and_a_photo_are_misunderstood_like_any_other() -> None:
    for content in ("x" * 4096, "", " \n ", Media(kind="image", external_id="1")):
        chat = at_size().says(content)
        assert (chat.texts, chat.run.retries) == (["Please, something else."], 1)
