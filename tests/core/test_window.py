"""The window at step time."""

from datetime import timedelta

from engine.core.book import Book
from tests.builders import NOW, PHONE, make_message
from tests.core.chat import Chat, at_confirm, at_size


def test_a_message_opens_the_window() -> None:
    chat = Chat().says("hello")
    assert chat.conversation.window_closes_at == NOW + timedelta(hours=24)
    assert chat.sent[0].met is None


def test_what_a_flow_says_in_a_closed_window_is_held() -> None:
    chat = at_confirm().taps("Yes").waits(hours=25).returns()
    assert [message.met for message in chat.sent] == ["held"]


def test_a_line_without_a_window_holds_nothing() -> None:
    chat = Chat()
    chat.book = Book(chat.book.scripts, PHONE.model_copy(update={"window": None}), None)
    chat.says("order").taps("Quattro").taps("Large").says("1").taps("Yes")
    chat.waits(hours=99).returns()
    assert [message.met for message in chat.sent] == [None]
    assert chat.conversation.window_closes_at is None


def test_a_message_older_than_the_window_starts_no_flow() -> None:
    late = NOW + timedelta(hours=24)
    chat = Chat().gets(make_message("order"), received_at=late)
    assert chat.sent == []
    assert chat.conversation.runs == ()
    assert chat.conversation.last_inbound_at == late


def test_a_message_older_than_the_window_may_answer_but_not_switch() -> None:
    chat = at_size().waits(hours=24)
    chat.gets(make_message("menu"), received_at=chat.now)
    assert chat.asked == "order.size"
    assert chat.sent == []
    chat.gets(make_message("Large"), received_at=chat.now)
    assert chat.asked == "order.quantity"
    assert [message.met for message in chat.sent] == ["held"]


def test_a_time_from_the_future_does_not_stretch_the_window() -> None:
    chat = Chat().gets(make_message("hello", at=NOW + timedelta(days=9)))
    assert chat.conversation.window_closes_at == NOW + timedelta(hours=24)


def test_an_older_message_does_not_turn_the_clock_back() -> None:
    chat = at_size()
    chat.gets(make_message("Large"), received_at=NOW - timedelta(minutes=5))
    assert chat.conversation.last_inbound_at == NOW
