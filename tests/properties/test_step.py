"""Whatever comes, in whatever order: the step does not crash, knows where it stands and keeps its promises."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core import limits, window
from engine.core.content import Edited, Inbound, ListReply, Reaction, Text, Unsupported, Welcome
from engine.core.effects import SendMessage
from engine.core.ids import ExternalId, RunId, TimerId, VisitId
from engine.core.outbox import is_free_form
from engine.core.scheduled import Scheduled
from engine.core.signals import (
    AgentReleased,
    AgentReplied,
    AgentTookOver,
    DeliveryReported,
    MessageReceived,
    Signal,
    StepReturned,
    TimerFired,
)
from tests.builders import NOW, make_message, make_photo, make_tap
from tests.core.chat import Chat
from tests.core.small import END, ORDER, WELCOME, Ask, Change, Code, Person, Small, make_book

ODD = Small(
    "odd",
    {
        "note": Ask(
            "Your note?",
            reads="words",
            remind=((timedelta(minutes=1), "Still there?"), (timedelta(minutes=30), None)),
            expires=timedelta(minutes=40),
            then="photo",
        ),
        "photo": Ask("A photo?", reads="photo"),
        "code": Code(),
        "where": Ask(
            "Where to?",
            routes={"On": "change", "Person": "person", "End": END},
            expires=timedelta(minutes=40),
        ),
        "person": Person("One moment."),
        "change": Change("order"),
    },
    starts_on=("odd",),
    expires=timedelta(hours=1),
)

TEXTS = [
    "hello",
    "order",
    "odd",
    "menu",
    "back",
    "cancel",
    "restart",
    "help",
    "agent",
    "thanks",
    "1",
    "2",
    "3",
    "99",
    "large",
    "grande",
    "funghi",
    "quatro",
    "yes",
    "no",
    "more",
    "🍕",
    "👍",
]

contents: st.SearchStrategy[Inbound] = st.one_of(
    st.sampled_from([Text(body=body) for body in [*TEXTS, "No, thanks", "Start again", ""]]),
    st.builds(Text, body=st.text(max_size=30)),
    st.just(make_photo()),
    st.sampled_from(
        [
            Reaction(to=ExternalId("w"), emoji="👍"),
            Edited(original=ExternalId("w"), body="x"),
            Welcome(),
            Unsupported(type="poll"),
            ListReply(id=None, title="Large"),
        ]
    ),
)

# Each action is drawn as data and performed on a Chat, so that hypothesis can shrink a failing talk.
actions = st.lists(
    st.one_of(
        st.tuples(st.just("message"), contents),
        st.tuples(st.just("late"), contents),
        st.tuples(st.just("group"), contents),
        st.tuples(st.just("tap"), st.integers(0, 200)),
        st.tuples(st.just("alien_tap"), st.text(max_size=20)),
        st.tuples(st.just("return"), st.sampled_from(["ok", "error", "past", "exit", "later"])),
        st.tuples(st.just("timer"), st.integers(0, 20)),
        st.tuples(st.just("wait"), st.sampled_from([1, 9, 60, 3600, 7200, 90000])),
        st.tuples(st.just("agent"), st.sampled_from(["take", "reply", "release", "resume"])),
        st.tuples(st.just("status"), st.none()),
        st.tuples(st.just("deploy"), st.integers(0, 4)),
    ),
    max_size=40,
)

BOOKS = (
    make_book(WELCOME, ORDER, ODD),
    make_book(WELCOME, ODD),
    make_book(WELCOME, Small("order", {"pizza": ORDER.places["pizza"], "n": Ask("?", ("A", "B"))})),
    make_book(Small("order", ORDER.places, gone=frozenset({"size"})), ODD, start="gone"),
    make_book(
        Small(
            "welcome",
            {"hi": Ask("Hi!", ("A", "B")), "more": Ask("More?", routes={"Yes": "hi", "No": END})},
            start=True,
        ),
        Small("order", {"how_big": Ask("?", ("Large", "XL"))}, renamed={"size": "how_big"}),
    ),
)


@settings(max_examples=250, deadline=None)
@given(actions)
def test_a_step_keeps_its_promises(talk: list[tuple[str, object]]) -> None:
    chat = Chat(BOOKS[0])
    timers: list[TimerFired] = []
    for action, detail in talk:
        if action == "wait":
            assert isinstance(detail, int)
            chat.waits(seconds=detail)
            continue
        if action == "deploy":
            assert isinstance(detail, int)
            chat.book = BOOKS[detail]
            continue
        signal = signal_of(chat, action, detail, timers)
        before = chat.conversation
        chat.gets(signal)  # itself checks the version and the way through JSON
        timers += [
            TimerFired(timer=TimerId(1), purpose=timer.purpose, run=timer.run, visit=timer.visit)
            for timer in chat.timers()
        ]
        check_state(chat)
        check_effects(chat)
        if chat.last.deferred:
            assert chat.last.effects == ()
            assert chat.conversation == before
        if before.mode == "agent" and isinstance(
            signal, MessageReceived | TimerFired | StepReturned
        ):
            # A scheduled message that a person keeps back is taken out, its timer with it; what the person said to a
            # closed window leaves when the contact writes.
            silent = {"start_timer", "cancel_timers", "release_held"}
            assert {effect.kind for effect in chat.last.effects} <= silent


def check_state(chat: Chat) -> None:
    conversation = chat.conversation
    assert len(conversation.runs) <= limits.RUNS_PER_CONVERSATION
    if conversation.busy is not None:
        assert conversation.mode == "bot"
        assert conversation.busy.visit == chat.run.visit
    elif conversation.mode == "bot" and conversation.runs and not chat.last.deferred:
        assert chat.run.asked is not None, "the bot talks and waits for nothing"
        assert chat.run.asked in chat.run.offers


def check_effects(chat: Chat) -> None:
    assert len(chat.last.effects) <= 12
    assert len(chat.sent) <= 6
    capabilities = chat.book.capabilities
    is_open = window.is_open(
        chat.conversation.window_closes_at, chat.now, length=capabilities.window
    )
    for effect in chat.last.effects:
        if isinstance(effect, SendMessage) and is_free_form(effect.content):
            assert (effect.met == "held") == (not is_open)


def signal_of(chat: Chat, action: str, detail: object, timers: list[TimerFired]) -> Signal:
    """Return the signal that the action stands for; one that cannot be made now is a message instead."""
    match action, detail:
        case "tap", int(index) if ids := option_ids(chat):
            return make_message(make_tap(ids[index % len(ids)]), at=chat.now)
        case "alien_tap", str(id):
            return make_message(make_tap(id), at=chat.now)
        case "late", Text() as content:
            return make_message(content, at=chat.now - timedelta(days=2))
        case "group", Text() as content:
            return make_message(content, at=chat.now, group_id="group")
        case "return", str(how):
            return returned(chat, how)
        case "timer", int(index) if timers:
            return timers[index % len(timers)]
        case "agent", str(deed):
            return agents(deed)
        case "status", _:
            return DeliveryReported(external_id=ExternalId("w"), status="read", at=NOW)
        case "message" | "late" | "group", content:
            return make_message(content, at=chat.now)  # type: ignore[arg-type]  # drawn from `contents`
        case _:
            return make_message("hello", at=chat.now)


def option_ids(chat: Chat) -> list[str]:
    """Every option id that stands on the contact's phone."""
    return [
        button["id"]
        for content in chat.shown
        for part in [content.model_dump()]
        for button in [
            *part.get("buttons", ()),
            *(row for section in part.get("sections", ()) for row in section["rows"]),
        ]
    ]


def returned(chat: Chat, how: str) -> StepReturned:
    busy = chat.conversation.busy
    later = Scheduled(
        name="word", due_at=chat.now + timedelta(hours=1), says=Text(body="As promised.")
    )
    run, visit = (busy.run, busy.visit) if busy and how != "past" else (RunId(1), VisitId(1))
    return StepReturned(
        run=run,
        visit=visit,
        exit="size" if how == "exit" else None,
        error="Boom" if how == "error" else None,
        said=(later, Text(body="Working on it.")) if how == "later" else (later.says,),
    )


def agents(deed: str) -> Signal:
    match deed:
        case "take":
            return AgentTookOver(agent="bo")
        case "reply":
            return AgentReplied(agent="bo", content=Text(body="Hi, Bo here."))
        case "release":
            return AgentReleased(agent="bo", answers={"quantity": 3})
        case _:
            return AgentReleased(agent="bo", resume="pizza")
