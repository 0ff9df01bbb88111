"""No more messages, messages again, no marketing: what changes it, and what a contact then gets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.core.content import (
    Assignment,
    ButtonReply,
    Inbound,
    Outbound,
    Template,
    TemplateButton,
    Text,
)
from engine.core.conversation import NextFlow
from engine.core.effects import Origin, RecordConsent, SendMessage
from engine.core.ids import MessageId
from engine.core.language import Language, Languages
from engine.core.languages import CANCELS, ENGLISH, LANGUAGES, STARTS, STOPS
from engine.core.outbox import unwanted
from engine.core.scheduled import Scheduled
from engine.core.signals import (
    AgentReplied,
    AgentTookOver,
    ConsentBy,
    ConsentChange,
    ConsentChanged,
    MessageRequested,
)
from engine.core.step import may_interrupt
from engine.core.words import fold
from tests.builders import NOW, make_contact, make_message, make_photo
from tests.core.chat import Chat, at_confirm, at_size, kinds_of
from tests.core.small import END, Ask, Small, Tell, make_book

OUT = ENGLISH.texts["opted_out"]
IN = ENGLISH.texts["opted_in"]
SPANISH = next(language for language in LANGUAGES if language.code == "es")
OFFER = Template(name="summer_sale", language="en", category="marketing")
READY = Template(name="order_ready", language="en", category="utility")
NOTES = Small(
    "notes",
    {
        "text": Ask("Tell us.", reads="words", join=timedelta(seconds=2)),
        "way": Ask("Which?", ("Stop", "Go"), routes={"Stop": "bye", "Go": "bye"}),
        "bye": Tell("Bye!", then=END),
    },
    starts_on=("notes",),
)


def opted_out(chat: Chat | None = None) -> Chat:
    return (chat or at_size()).says("stop")


def records(chat: Chat) -> list[tuple[ConsentChange, ConsentBy]]:
    return [(e.change, e.by) for e in chat.last.effects if isinstance(e, RecordConsent)]


def told(change: ConsentChange, *, by: ConsentBy = "provider", ago_s: int = 0) -> ConsentChanged:
    at = NOW - timedelta(seconds=ago_s)
    return ConsentChanged(change=change, by=by, source="their event", at=at)


PARCEL = Small(
    "parcel",
    {"notice": Tell("Here it is.", wait="delivered"), "more": Ask("More?", ("Yes", "No"))},
    starts_on=("parcel",),
)


@pytest.mark.parametrize("gone", [False, True], ids=["a message is waited for", "changed flow"])
def test_a_stop_counts_where_no_question_is_open(gone: bool) -> None:
    chat = Chat(make_book(PARCEL)).says("parcel")
    if gone:
        chat.book = make_book()
    chat.says("stop")
    assert records(chat) == [("opted_out", "contact")]
    assert chat.texts == [OUT]
    assert chat.conversation.runs == ()


# --- the words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_each_language_names_the_word_that_brings_the_messages_back(language: Language) -> None:
    named = language.texts["opted_out"].split("*")[1]
    assert fold(named) in language.starts
    assert "stop" in language.stops
    assert len(language.stops) > 5


def test_a_word_that_stops_all_messages_means_nothing_else_in_any_language() -> None:
    assert CANCELS.isdisjoint(STOPS)
    assert STARTS.keys().isdisjoint(STOPS)
    for language in LANGUAGES:
        assert set(language.meant).isdisjoint(STOPS), language.code
        assert language.endings.isdisjoint(STOPS), language.code


@pytest.mark.parametrize(
    "said", ["STOP", "stop!", "Unsubscribe", "opt-out", "baja", "إلغاء الاشتراك"]
)
def test_a_word_of_any_language_ends_it_all_and_is_confirmed_once(said: str) -> None:
    chat = at_size().says(said)
    assert chat.conversation.contact.opted_out_at == NOW
    assert chat.conversation.runs == ()
    assert [(m.content, m.origin, m.met) for m in chat.sent] == [(Text(body=OUT), "consent", None)]
    assert records(chat) == [("opted_out", "contact")]
    assert (chat.trace.matched, chat.trace.effects[-1]) == ("consent", "send text")


@pytest.mark.parametrize("said", ["please stop", "stop it now", "don't stop", "stop the order"])
def test_more_words_than_these_ask_for_nothing_of_the_kind(said: str) -> None:
    assert at_size().says(said).conversation.contact.opted_out_at is None


def test_it_is_confirmed_in_the_contacts_language_else_in_the_words() -> None:
    both = Languages((ENGLISH, SPANISH))
    known = Chat(make_book(languages=both)).says("unsubscribe")
    assert known.texts == [SPANISH.texts["opted_out"]]
    unknown = Chat(make_book(languages=both), contact=make_contact(locale=None))
    assert unknown.says("darme de baja").texts == [SPANISH.texts["opted_out"]]
    assert unknown.conversation.contact.locale == "es"
    foreign = Chat(contact=make_contact(locale=None)).says("désabonner")
    assert foreign.texts[0].startswith("Vous ne recevrez plus")
    assert foreign.conversation.contact.locale is None, "no line's language"
    assert foreign.waits(seconds=1).says("reprendre").texts[0].startswith("D'accord")


def test_an_authors_own_words_count_too() -> None:
    own = Languages((replace(ENGLISH, stop=("basta",), start=("dale",)),))
    chat = Chat(make_book(languages=own)).says("basta")
    assert chat.texts == [OUT]
    assert chat.says("dale").texts[0].startswith(IN)


def test_an_option_on_offer_is_meant_before_the_word() -> None:
    chat = Chat(make_book(NOTES)).says("notes").says("a note")
    timer = chat.timers()[0]
    assert chat.waits(seconds=5).rings(timer).asked == "notes.way"
    assert chat.says("stop").texts == ["Bye!"]
    assert chat.conversation.contact.opted_out_at is None


def test_two_texts_that_together_are_the_word_count_as_it() -> None:
    chat = Chat(make_book(NOTES)).says("notes").says("opt")
    timer = chat.timers()[0]
    chat.says("out").waits(seconds=5)
    assert chat.rings(timer).texts == [OUT]


def test_a_templates_button_says_it_as_well_but_not_one_of_an_option() -> None:
    assert Chat().says(TemplateButton(title="Stop", payload=None)).texts == [OUT]
    agent = Chat().gets(AgentTookOver(agent="bo"))
    tapped = agent.says(TemplateButton(title="Stop", payload="p1:1:order.size:Stop"))
    assert tapped.conversation.contact.opted_out_at is None
    assert tapped.says(TemplateButton(title="Stop", payload=None)).texts == [OUT]


def test_an_authors_button_named_so_says_it_too() -> None:
    assert Chat().says(ButtonReply(id="mine", title="Unsubscribe")).texts == [OUT]


def test_it_works_while_people_hold_the_chat() -> None:
    waiting = at_confirm().taps("Ask a person").says("stop")
    assert (waiting.conversation.mode, waiting.conversation.team) == ("bot", None)
    held = at_size().gets(AgentTookOver(agent="bo")).says("stop")
    assert (held.conversation.mode, held.texts) == ("agent", [OUT])
    assert at_size().gets(AgentTookOver(agent="bo")).says("hello").sent == []


def test_it_does_not_wait_for_a_code_step() -> None:
    assert may_interrupt(make_message("Stop"))
    chat = at_confirm().taps("Yes").says("stop")
    assert (chat.conversation.busy, chat.texts) == (None, [OUT])
    assert "cancel_timers" in kinds_of(chat.last.effects)


def test_one_that_comes_a_week_late_still_counts() -> None:
    chat = Chat()
    week_old = NOW - timedelta(days=7)
    chat.gets(make_message("stop", at=week_old), received_at=NOW)
    assert chat.conversation.contact.opted_out_at == week_old
    assert [m.met for m in chat.sent] == ["failed"]
    late = Chat().gets(make_message("hello", at=week_old), received_at=NOW)
    assert late.trace.note == "older than the window: it starts no flow"


# --- afterwards ------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["order", "hello", "help", "stop", make_photo()])
def test_the_flows_are_silent_whatever_is_written(content: Inbound | str) -> None:
    chat = opted_out().says(content)
    assert (chat.sent, chat.trace.matched) == ([], "recorded")
    assert chat.trace.note == "the contact has opted out"
    assert chat.conversation.turn == opted_out().conversation.turn


def test_what_others_say_is_cancelled_and_what_a_provider_is_told_is_not() -> None:
    chat = opted_out().gets(AgentTookOver(agent="bo"))
    assert mets(chat.gets(AgentReplied(agent="bo", content=Text(body="Hi")))) == ["opted_out"]
    wanted = MessageRequested(message=MessageId(9), content=READY, origin="api")
    assert mets(chat.gets(wanted)) == ["opted_out"]
    assert chat.sent[0].id == 9
    assert chat.trace.effects == ("send template opted_out",)
    note = AgentReplied(agent="bo", content=Assignment(agent="kim"))
    assert mets(chat.gets(note)) == [None]


def mets(chat: Chat) -> list[str | None]:
    return [message.met for message in chat.sent]


def test_a_step_that_ends_after_it_says_nothing() -> None:
    chat = at_confirm().taps("Yes")
    # As when the contact turns out to be one who has opted out under another address.
    contact = chat.conversation.contact.model_copy(update={"opted_out_at": NOW})
    chat.conversation = chat.conversation.model_copy(update={"contact": contact})
    chat.returns(said=(Text(body="Ordered!"),))
    assert set(mets(chat)) == {"opted_out"}


@pytest.mark.parametrize("said", ["start", "Subscribe", "alta"])
def test_a_word_brings_the_messages_back_and_the_talk_begins_anew(said: str) -> None:
    chat = opted_out().waits(seconds=1).says(said)
    assert chat.conversation.contact.opted_out_at is None
    assert chat.texts == [f"{IN}\n\nHi! How can we help?"]
    assert records(chat) == [("opted_in", "contact")]
    assert chat.conversation.runs


def test_a_word_to_begin_again_is_none_to_who_gets_messages() -> None:
    assert records(Chat().says("start")) == []


def test_one_written_before_the_opt_out_changes_nothing() -> None:
    chat = opted_out()
    chat.gets(make_message("start", at=NOW - timedelta(seconds=2)), received_at=NOW)
    assert chat.conversation.contact.opted_out_at == NOW
    assert chat.trace.note == "opted_in: older than what is known"
    chat.gets(make_message("start", at=NOW - timedelta(milliseconds=900)), received_at=NOW)
    assert records(chat) == [("opted_in", "contact")]


def test_messages_come_back_without_a_flow_where_people_or_a_closed_window_wait() -> None:
    held = opted_out(at_size().gets(AgentTookOver(agent="bo"))).waits(seconds=1).says("start")
    assert (held.conversation.mode, held.texts) == ("agent", [IN])
    late = opted_out()
    late.conversation = late.conversation.model_copy(update={"window_closes_at": None})
    late.waits(days=7)
    late.gets(make_message("start", at=late.now - timedelta(days=2)), received_at=late.now)
    assert (late.conversation.runs, late.sent) == ((), [])
    assert late.conversation.contact.opted_out_at is None


def test_a_closed_talk_begins_again_too() -> None:
    chat = opted_out()
    chat.conversation = chat.conversation.model_copy(update={"mode": "closed"})
    assert chat.waits(seconds=1).says("start").conversation.mode == "bot"


def test_nothing_that_was_still_to_come_outlives_it() -> None:
    later = Scheduled(name="later", due_at=NOW + timedelta(hours=1), says=HELLO)
    waits = {"next_flows": (NextFlow(flow="order"),), "scheduled": (later,)}
    chat = at_size()
    chat.conversation = chat.conversation.model_copy(update=waits)
    chat.says("stop")
    assert (chat.texts, chat.conversation.runs) == ([OUT], ())
    assert (chat.conversation.next_flows, chat.conversation.scheduled) == ((), ())


# --- told by providers and agents ------------------------------------------------------------------


def test_what_a_provider_or_an_agent_tells_counts_without_a_word() -> None:
    chat = at_size().gets(told("opted_out", by="agent"))
    assert (chat.sent, records(chat)) == ([], [("opted_out", "agent")])
    assert (chat.conversation.runs, chat.trace.matched) == ((), "consent")
    chat.gets(told("opted_in"))
    assert (chat.sent, chat.conversation.contact.opted_out_at) == ([], None)


def test_it_does_not_wait_for_a_code_step_either() -> None:
    assert at_confirm().taps("Yes").gets(told("opted_out")).conversation.busy is None


def test_what_is_known_already_is_not_recorded_again() -> None:
    chat = opted_out().gets(told("opted_out"))
    assert (records(chat), chat.trace.note) == ([], "opted_out: it was so before")
    assert records(Chat().gets(told("marketing_resumed"))) == []


def test_shuffled_preferences_end_as_the_contact_left_them() -> None:
    chat = Chat().gets(told("marketing_stopped")).gets(told("marketing_resumed", ago_s=5))
    assert chat.conversation.contact.marketing_stopped_at == NOW


def test_a_marketing_stop_leaves_the_talk_alone() -> None:
    chat = at_size().gets(told("marketing_stopped"))
    assert chat.asked == "order.size"
    assert chat.conversation.contact.opted_out_at is None
    assert mets(chat.says("large")) == [None]
    asked = MessageRequested(message=MessageId(1), content=OFFER, origin="api")
    assert mets(chat.gets(asked)) == ["marketing_stopped"]
    chat.gets(told("marketing_resumed"))
    assert mets(chat.gets(asked)) == [None]


# --- what is not wanted ------------------------------------------------------------------------------

HELLO = Text(body="hello")


@pytest.mark.parametrize(
    ("content", "origin", "opted", "stopped"),
    [
        pytest.param(HELLO, "flow", "opted_out", None, id="a flow's words"),
        pytest.param(HELLO, "agent", "opted_out", None, id="an agent's words"),
        pytest.param(HELLO, "consent", None, None, id="the confirmation"),
        pytest.param(Assignment(agent="kim"), "flow", None, None, id="a deed"),
        pytest.param(READY, "api", "opted_out", None, id="a template of use"),
        pytest.param(OFFER, "flow", "opted_out", "marketing_stopped", id="a marketing template"),
        pytest.param(READY, "broadcast", "opted_out", "marketing_stopped", id="a broadcast"),
    ],
)
def test_who_wants_what(
    content: Outbound, origin: Origin, opted: str | None, stopped: str | None
) -> None:
    assert unwanted(make_contact(opted_out_at=NOW), content, origin) == opted
    assert unwanted(make_contact(marketing_stopped_at=NOW), content, origin) == stopped
    assert unwanted(make_contact(), content, origin) is None


def test_a_confirmation_is_the_last_thing_of_its_turn() -> None:
    assert isinstance(opted_out().last.effects[-1], SendMessage)
