"""Chats that wait for people: acknowledged, outside the hours, unclaimed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.core.content import Reaction
from engine.core.effects import CancelTimers
from engine.core.handing import with_opens
from engine.core.ids import ExternalId, RunId
from engine.core.languages import ENGLISH
from engine.core.signals import (
    ChatAssigned,
)
from engine.core.teams import Team, Teams
from engine.core.turn import scene_of
from engine.flow.hours import read_hours
from tests.builders import NOW, make_message, make_photo
from tests.core.chat import Chat, at_confirm
from tests.core.handed import (
    STILL,
    TAKE,
    UNCLAIMED,
    closed_for,
    fired,
    handed_off,
    records,
    rings,
    timer_of,
)
from tests.core.small import Person, Small, make_book

# --- waiting ---------------------------------------------------------------------------------------


def test_who_waits_is_told_at_most_every_half_hour_that_it_is_kept() -> None:
    chat = handed_off()
    assert chat.says("hello?").sent == []
    assert chat.waits(minutes=29).says("hello?").trace.matched == "recorded"
    assert chat.waits(minutes=2).says("hello?").texts == [STILL]
    assert (chat.trace.matched, chat.sent[0].origin) == ("waiting", "engine")
    assert chat.waits(minutes=29).says(make_photo()).sent == []
    assert chat.waits(minutes=2).says(make_photo()).texts == [STILL]


def test_the_time_between_acknowledgements_can_be_set() -> None:
    chat = handed_off(teams=Teams(acknowledge_every=timedelta(minutes=5)))
    assert chat.waits(minutes=5).says("hello?").texts == [STILL]


def test_a_reaction_is_not_acknowledged() -> None:
    chat = handed_off().waits(hours=2)
    assert chat.says(Reaction(to=ExternalId("x"), emoji="👍")).sent == []


def test_what_comes_a_day_late_is_not_acknowledged() -> None:
    chat = handed_off().waits(hours=48)
    chat.gets(make_message("hello?", at=NOW), received_at=chat.now)
    assert (chat.sent, chat.trace.matched) == ([], "recorded")


def test_who_was_put_into_the_queue_unasked_is_acknowledged_at_once() -> None:
    chat = at_confirm().gets(ChatAssigned(by="cy", team="bar"))
    assert (chat.conversation.mode, chat.conversation.team) == ("waiting", "bar")
    assert chat.says("hello?").texts == [STILL]


def test_a_chat_handed_off_before_handoffs_were_written_down_gets_its_row() -> None:
    chat = Chat(mode="waiting", team="kitchen").says("hello?")
    handoff = chat.conversation.handoff
    assert handoff is not None
    assert (handoff.turn, handoff.reason) == (chat.conversation.turn, "flow")
    assert [record.team for record in records(chat)] == ["kitchen"]


def test_an_opt_out_ends_the_waiting() -> None:
    chat = handed_off().says("stop")
    assert (chat.conversation.mode, chat.conversation.handoff) == ("bot", None)
    assert [record.ended for record in records(chat)] == ["contact"]


# --- nobody claims it ------------------------------------------------------------------------------


def test_after_a_while_the_contact_is_told_once_that_nobody_is_free() -> None:
    chat = handed_off()
    timer = timer_of(chat)
    assert timer is not None
    assert (timer.due_at, timer.run) == (NOW + timedelta(minutes=15), 0)
    rings(chat)
    assert (chat.texts, chat.sent[0].origin) == ([UNCLAIMED], "timer")
    assert chat.conversation.mode == "waiting"
    assert [(row.handoff.late, row.handoff.due_at) for row in records(chat)] == [(True, None)]
    assert chat.gets(fired(timer.visit)).trace.note == "it is not due yet"
    assert chat.waits(minutes=29).says("hello?").sent == []
    assert chat.waits(minutes=1).says("hello?").texts == [STILL]


@pytest.mark.parametrize(
    ("person", "teams", "minutes", "words"),
    [
        (Person("One moment."), Teams(), 15, UNCLAIMED),
        (
            Person("One moment.", team="bar", unclaimed="Sorry!"),
            Teams({"bar": Team(unclaimed_after=timedelta(minutes=5))}),
            5,
            "Sorry!",
        ),
        (
            Person("One moment.", team="bar", unclaimed_after=timedelta(minutes=1)),
            Teams({"bar": Team(unclaimed_after=None)}),
            1,
            UNCLAIMED,
        ),
    ],
    ids=["engine's", "team's", "author's"],
)
def test_the_authors_time_and_words_come_before_the_teams_and_the_engines(
    person: Person, teams: Teams, minutes: int, words: str
) -> None:
    chat = Chat(make_book(Small("a", {"person": person}), start="a", teams=teams)).says("hi")
    timer = timer_of(chat)
    assert timer is not None
    assert timer.due_at == NOW + timedelta(minutes=minutes)
    assert rings(chat).texts == [words]


def test_a_team_may_never_tell_that_nobody_is_free() -> None:
    teams = Teams(everybody=Team(unclaimed_after=None))
    chat = Chat(make_book(Small("a", {"person": Person("Hm.")}), start="a", teams=teams)).says("hi")
    assert timer_of(chat) is None


def test_nobody_is_told_in_the_quiet_hours() -> None:
    chat = handed_off(hours=read_hours("UTC", "12:10-13:00"))
    timer = timer_of(chat)
    assert timer is not None
    assert timer.due_at == NOW + timedelta(hours=1)


def test_who_is_not_claimed_before_the_hours_end_is_told_when_they_begin() -> None:
    chat = handed_off()
    chat.book = replace(chat.book, teams=Teams({"kitchen": closed_for(3)}))
    words = ENGLISH.texts["outside"].replace("{opens}", "in 2:45:00")
    assert rings(chat).texts == [words]
    assert [row.handoff.late for row in records(chat)] == [True]


def test_a_claim_takes_the_time_away() -> None:
    chat = handed_off().gets(TAKE)
    assert CancelTimers(run=RunId(0), purpose="handoff") in chat.last.effects
    handoff = chat.conversation.handoff
    assert handoff is not None
    assert (handoff.claimed_at, handoff.due_at) == (NOW, None)


def test_back_in_the_queue_the_time_begins_anew() -> None:
    chat = handed_off().gets(TAKE).waits(hours=1)
    chat.gets(ChatAssigned(by="bo", seen="bo", team="kitchen"))
    assert (chat.conversation.mode, chat.conversation.assignee) == ("waiting", None)
    timer = timer_of(chat)
    assert timer is not None
    assert timer.due_at == chat.now + timedelta(minutes=15)
    claimed = chat.conversation.handoff
    assert claimed is not None
    assert claimed.claimed_at == NOW
    rings(chat).gets(TAKE)
    assert timer_of(chat.gets(ChatAssigned(by="bo", seen="bo"))) is None  # told once is enough


def test_a_time_of_an_earlier_handoff_is_past() -> None:
    chat = handed_off()
    first = chat.conversation.handoff
    assert first is not None
    chat.says("menu").says("agent")
    assert chat.gets(fired(first.turn)).trace.note == "the handoff is past"
    assert Chat().gets(fired(1)).trace.note == "the handoff is past"


def test_a_held_chat_has_nothing_due() -> None:
    chat = handed_off().gets(TAKE)
    handoff = chat.conversation.handoff
    assert handoff is not None
    assert chat.gets(fired(handoff.turn)).trace.note == "it is not due yet"


# --- outside the hours -----------------------------------------------------------------------------


def test_outside_the_hours_the_engine_says_when_they_begin() -> None:
    chat = handed_off(teams=Teams({"kitchen": closed_for(3)}))
    said = ENGLISH.texts["outside"].replace("{opens}", "in 3:00:00")
    assert chat.texts == [said]
    timer = timer_of(chat)
    assert timer is not None
    assert timer.due_at == NOW + timedelta(hours=3, minutes=15)
    assert chat.waits(hours=1).says("hello?").texts == [said.replace("3:00", "2:00")]
    assert chat.waits(hours=2).says("hello?").texts == [STILL]


@pytest.mark.parametrize("words", ["agent", "human"])
def test_what_no_author_handed_off_has_everybodys_hours(words: str) -> None:
    teams = Teams(everybody=closed_for(1))
    chat = Chat(make_book(teams=teams)).says("order").says(words)
    assert chat.texts == [ENGLISH.texts["outside"].replace("{opens}", "in 1:00:00")]


def test_the_authors_words_for_it_are_said_again_to_who_writes() -> None:
    person = Person("One moment.", outside="Closed, back {opens}.")
    book = make_book(
        Small("a", {"person": person}), start="a", teams=Teams(everybody=closed_for(2))
    )
    chat = Chat(book).says("hi")
    assert chat.texts == [
        "Closed, back {opens}."
    ]  # the flow layer fills it in; this small one does not
    assert chat.waits(hours=1).says("hm").texts == ["Closed, back in 1:00:00."]


def test_a_time_that_ends_in_a_stop_takes_no_second_one() -> None:
    assert with_opens("Back {opens}.", "at 9 a.m.") == "Back at 9 a.m."
    assert with_opens("Back {opens}.", "at 9") == "Back at 9."


def test_the_scene_of_a_conversation_is_known_without_a_turn() -> None:
    chat = handed_off(teams=Teams({"kitchen": closed_for(3)}))
    scene = scene_of(chat.conversation, NOW, chat.book)
    assert (scene.contact, scene.teams) == (chat.conversation.contact, chat.book.teams)
