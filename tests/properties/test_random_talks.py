"""Random talks with the flows we ship: what a message asked is all that an answer to it can change.

The memory of the contact (memory.py) is the judge, not the engine: after every tap and every answer to the newest
question it says which field may have changed. There is always a way out, three misunderstandings call a person, and
no turn says much.
"""

import asyncio
import itertools
import tomllib
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from engine.core.capabilities import Capabilities
from engine.core.content import (
    Inbound,
    ListReply,
    Location,
    Media,
    Reaction,
    Text,
    Unsupported,
    Welcome,
)
from engine.core.ids import ContactId, ExternalId, RunId
from engine.core.languages import LANGUAGES
from engine.flow.load import load_flows
from engine.flow.talk import Talk
from engine.flow.talk.talk import ANA
from parley.testing import PHONE_LINE, PLAIN_LINE
from storage.mapping import dump_state, load_state
from tests.properties.memory import (
    Answers,
    Asked,
    Memory,
    Option,
    answers_of,
    check_answer,
    given,
)

ROOT = Path(__file__).parents[2]
TONGUES = "tests/transcripts/flows/tongues"
FLOWS = {folder: load_flows([folder], ROOT) for folder in ("flows", TONGUES)}
SPOKEN = [language for language in LANGUAGES if language.code in ("en", "es", "ar")]

REPLIES_MOST = 6
"""Messages that one of the contact's is answered by, at the most; what waited for a code step is answered in a row."""
MISUNDERSTOOD_MOST = 3
"""Times in a row: the third calls a person."""


QUESTIONS = [
    ask
    for file in sorted((ROOT / "flows").glob("faq*.toml"))
    for entry in tomllib.loads(file.read_text(encoding="utf-8"))["question"]
    for ask in entry["asks"][:3]
]
WORDS = [word for language in SPOKEN for said in language.words.values() for word in said[:2]]
STARTS = [
    word
    for flows in FLOWS.values()
    for flow in flows.values()
    for word in (
        *flow.starts_on,
        *(one for said in flow.translated_starts.values() for one in said),
    )
]
CORRECTIONS = [
    "change the size to large",
    "make it two instead",
    "sorry, small",
    "no, I meant Funghi",
    "change the quantity to 7",
    "actually pick up",
    "cambia el tamaño a grande",
    "mejor pequeño",
    "perdón, quise decir 3",
    "غير الحجم إلى كبير",
    "لا، صغير",
]
ANSWERS = ["1", "2", "5", "12", "2 or 3", "4 or 5", "two", "dos", "ثلاثة", "٣", "yes", "sí", "نعم"]
TITLES = [
    "Large",
    "grande",
    "Smal",
    "marinara",
    "Diabola",
    "delivery",
    "No, thanks",
    "Rua Augusta 1",
]
HOW = ["tap", "title", "number"]
NONSENSE = "zxqv wkjh"

_ids = itertools.count(1)
"""Every talk is somebody else's: the shop remembers what a contact ordered last."""

Act = Callable[["Contact"], Awaitable[None]]


class Contact:
    """Somebody who talks at random and remembers what was asked."""

    def __init__(self, folder: str, line: Capabilities, locale: str | None) -> None:
        self.flows = FLOWS[folder]
        self.start = "order" if folder == "flows" else "bread"
        self.talk = Talk(
            self.flows,
            capabilities=line,
            contact=ANA.model_copy(update={"id": ContactId(next(_ids)), "locale": locale}),
        )
        self.memory = Memory(self.talk, self.flows)
        self.talk.phone = self.memory
        self.misunderstood = 0

    async def sends(self, content: Inbound) -> None:
        """Send something; whatever it is, at most one question gets a new answer by it."""
        talk, before = self.talk, answers_of(self.talk)
        seen = len(talk.traces)
        await talk.sends(content)
        self.look(seen)
        asked = {
            (run.id, name)
            for run in talk.conversation.runs
            for name in run.answers
            if name in self.flows[run.flow].steps
        }
        has_run_code = any(trace.signal == "step_returned" for trace in talk.traces[seen:])
        assert has_run_code or len(given(before, answers_of(talk)) & asked) <= 1

    def look(self, seen: int) -> None:
        """Check what holds after any turn, and put the conversation through the database's JSON."""
        talk = self.talk
        heard = sum(
            trace.signal == "message_received" and trace.matched not in ("deferred", "recorded")
            for trace in talk.traces[seen:]
        )
        assert len(talk.replies) <= REPLIES_MOST * max(heard, 1)
        for trace in talk.traces[seen:]:
            if trace.matched == "retry":
                self.misunderstood += 1
            elif trace.matched not in ("recorded", "timer"):
                self.misunderstood = 0
            assert self.misunderstood <= MISUNDERSTOOD_MOST
        if self.misunderstood == MISUNDERSTOOD_MOST:
            assert talk.conversation.mode != "bot"
            self.misunderstood = 0
        kept = talk.conversation
        talk.conversation = load_state(
            dump_state(kept),
            id=kept.id,
            line=kept.line,
            version=kept.version,
            contact=kept.contact,
        )
        assert talk.conversation == kept

    @property
    def is_heard(self) -> bool:
        """Whether the flows answer now."""
        return self.talk.conversation.mode == "bot" and self.talk.conversation.busy is None

    async def answers(self, how: str, index: int) -> None:
        """Answer the newest question by a tap, its title or its number; then it has that answer."""
        asked, talk = self.memory.last, self.talk
        if asked is None or not asked.options or not self.is_heard or self._is_over(asked):
            await self.sends(Text(body="3"))
            return
        place = index % len(asked.options)
        option = asked.options[place]
        before, seen = answers_of(talk), len(talk.traces)
        taps = [tap for tap in self.memory.taps if tap.option is option]
        if how == "tap" and taps:
            await self.sends(taps[-1].reply)
        elif how == "number" and not any(one.title.isdecimal() for one in asked.options):
            await self.sends(Text(body=str(place + 1)))
        else:
            await self.sends(Text(body=option.title))
        self._check(asked, option, before)
        assert all(trace.matched != "retry" for trace in talk.traces[seen:]), (asked, option)
        run = next((run for run in talk.conversation.runs if run.id == asked.run), None)
        if run is not None and self.memory.answers(asked, option):
            value = run.answers[asked.step]
            assert value is None or option.title in (value, run.shown.get(asked.step), str(value))

    async def taps(self, index: int) -> None:
        """Tap any option that was ever shown, the newest first."""
        if self.memory.taps:
            tap = self.memory.taps[-1 - index % len(self.memory.taps)]
            before, hears = answers_of(self.talk), self.is_heard
            await self.sends(tap.reply)
            self._check(tap.asked, tap.option, before)
            assert hears is False or self.talk.replies or self._has(tap.asked.run), "a tap dropped"

    async def talks_nonsense(self) -> None:
        """Say what nobody understands until a person is called, or until it is an answer after all."""
        for _ in range(MISUNDERSTOOD_MOST):
            before = answers_of(self.talk)
            if not self.is_heard or not self.talk.conversation.runs:
                return
            await self.sends(Text(body=NONSENSE))
            await self.waits("20s")  # an answer may come in several texts
            if given(before, answers_of(self.talk)):
                return
        assert not self.is_heard

    async def digresses(self, word: str, how: str, index: int) -> None:
        """Say a word that works anywhere, then answer what was asked because of it."""
        await self.sends(Text(body=word))
        await self.answers(how, index)

    async def begins_anew(self, word: str, count: int, index: int) -> None:
        """Leave the talk, have it once more, and tap what is left from before."""
        left = len(self.memory.taps)
        await self.sends(Text(body=word))
        await self.sends(Text(body=self.start))
        for place in range(count):
            await self.answers("title", place)
        if left:
            await self.taps(len(self.memory.taps) - left + index % left)

    async def bursts(self, contents: list[Inbound]) -> None:
        """Send several things at once."""
        for content in contents:
            await self.sends(content)

    async def waits(self, length: str) -> None:
        """Do nothing for a while."""
        seen = len(self.talk.traces)
        await self.talk.waits(length)
        self.look(seen)

    async def has_an_agent(self) -> None:
        """Talk to a person for a while, who gives the chat back."""
        await self.talk.agent_takes_over()
        await self.sends(Text(body="to the agent"))
        self.talk.sees_nothing()
        await self.talk.agent_releases()
        self.misunderstood = 0

    async def is_kept_waiting(self) -> None:
        """Have the next code step take its time."""
        self.talk.steps_wait = True

    async def goes_on(self) -> None:
        """Have the code steps return; where people hold the chat, have it given back."""
        seen = len(self.talk.traces)
        await self.talk.run_steps()
        if self.talk.conversation.mode in ("waiting", "agent"):
            await self.talk.agent_releases()
            self.misunderstood = 0
        self.look(seen)

    async def finds_the_way_out(self, word: str, how: str) -> None:
        """Stop by "cancel", or by "menu" and its button; then begin with nothing answered."""
        await self.goes_on()
        code = self.talk.conversation.contact.locale or "en"
        language = next(one for one in SPOKEN if one.code == code)
        await self.sends(Text(body=language.words[word][0]))  # type: ignore[index]  # one of the two
        if any(answers_of(self.talk).values()):
            assert word == "menu"
            await self.answers(how, 0)
        assert not self._asked_and_answered()
        await self.sends(Text(body=self.start))
        assert self.talk.replies
        assert len(self.talk.conversation.runs) == 1
        assert not self._asked_and_answered()

    def _asked_and_answered(self) -> set[str]:
        return {
            name
            for run in self.talk.conversation.runs
            for name in run.answers
            if name in self.flows[run.flow].steps
        }

    def _check(self, asked: Asked, option: Option, before: Answers) -> None:
        check_answer(asked, option, self.memory.forms, before, answers_of(self.talk))

    def _has(self, run: RunId | None) -> bool:
        return any(one.id == run for one in self.talk.conversation.runs)

    def _is_over(self, asked: Asked) -> bool:
        return asked.run is not None and not self._has(asked.run)


def _sent(contents: st.SearchStrategy[Inbound]) -> st.SearchStrategy[Act]:
    return contents.map(lambda content: lambda contact: contact.sends(content))


texts: st.SearchStrategy[Inbound] = st.one_of(
    st.sampled_from(STARTS),
    st.sampled_from(WORDS),
    st.sampled_from(CORRECTIONS),
    st.sampled_from(ANSWERS),
    st.sampled_from(TITLES),
    st.sampled_from(QUESTIONS),
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0"), max_size=30
    ),  # no database keeps it
    st.sampled_from([NONSENSE, "x" * 4096, ""]),
).map(lambda body: Text(body=body))
unusual: st.SearchStrategy[Inbound] = st.sampled_from(
    [
        Media(kind="image", external_id="file-1"),
        Location(latitude=38.72, longitude=-9.14),
        Reaction(to=ExternalId("out-1"), emoji="👍"),
        Welcome(),
        Unsupported(type="poll_creation"),
        ListReply(id=None, title="Large"),
        ListReply(id="p1:1:order.size:Large", title="Large"),
    ]
)
answering: st.SearchStrategy[Act] = st.builds(
    lambda how, index: lambda contact: contact.answers(how, index),
    st.sampled_from(HOW),
    st.integers(0, 9),
)
acts: st.SearchStrategy[Act] = st.one_of(
    answering,
    answering,
    answering,
    _sent(texts),
    _sent(texts),
    _sent(unusual),
    st.integers(0, 30).map(lambda index: lambda contact: contact.taps(index)),
    st.integers(0, 30).map(lambda index: lambda contact: contact.taps(index)),
    st.builds(
        lambda word, how, index: lambda contact: contact.digresses(word, how, index),
        st.sampled_from([*WORDS, *STARTS, *QUESTIONS]),
        st.sampled_from(HOW),
        st.integers(0, 2),
    ),
    st.builds(
        lambda word, count, index: lambda contact: contact.begins_anew(word, count, index),
        st.sampled_from(["cancel", "restart"]),
        st.integers(0, 3),
        st.integers(0, 9),
    ),
    st.lists(st.one_of(texts, unusual), min_size=2, max_size=5).map(
        lambda several: lambda contact: contact.bursts(several)
    ),
    st.sampled_from(["20s", "15m", "3h", "30h"]).map(
        lambda length: lambda contact: contact.waits(length)
    ),
    st.sampled_from(
        [
            Contact.talks_nonsense,
            Contact.has_an_agent,
            Contact.is_kept_waiting,
            Contact.goes_on,
        ]
    ),
)


@examples(
    line=st.sampled_from([PHONE_LINE, PLAIN_LINE]),
    folder=st.sampled_from(sorted(FLOWS)),
    locale=st.sampled_from([None, "en", "es", "ar"]),
    talk_of=st.lists(acts, min_size=3, max_size=30),
    word=st.sampled_from(["cancel", "menu"]),
    how=st.sampled_from(HOW),
)
@settings(max_examples=250, deadline=None)
def test_an_answer_changes_what_was_asked_alone(
    line: Capabilities, folder: str, locale: str | None, talk_of: list[Act], word: str, how: str
) -> None:
    contact = Contact(folder, line, locale)

    async def play() -> None:
        await contact.sends(Text(body=contact.start))
        for act in talk_of:
            await act(contact)
        await contact.finds_the_way_out(word, how)

    asyncio.run(play())
