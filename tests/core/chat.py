"""A talk with the core alone: each signal is stepped, and the conversation goes through JSON between two of them."""

from datetime import datetime, timedelta

from engine.core.book import Book
from engine.core.content import Buttons, Inbound, List, Outbound, Text
from engine.core.conversation import Conversation, Run
from engine.core.effects import CancelTimers, Effect, HandOff, SendMessage, StartTimer
from engine.core.ids import TimerId
from engine.core.scheduled import Saying
from engine.core.signals import Signal, StepReturned, TimerFired
from engine.core.step import Step, step
from engine.core.trace import Trace
from engine.core.value import Json
from tests.builders import NOW, make_arrival, make_conversation, make_message, make_tap
from tests.core.small import make_book


class Chat:
    """Holds one conversation; `last` is the latest step."""

    def __init__(self, book: Book | None = None, **changes: object) -> None:
        self.book = book or make_book()
        self.conversation = make_conversation(**changes)
        self.now = NOW
        self.last = Step(self.conversation, (), Trace("none", "recorded"))
        self.shown: list[Outbound] = []
        """Everything sent so far; `taps` looks here, as a phone would."""

    def gets(self, signal: Signal, *, received_at: datetime | None = None) -> "Chat":
        arrival = make_arrival(signal, at=received_at or self.now)
        before = self.conversation
        self.last = step(before, arrival, self.now, self.book)
        after = self.last.conversation
        assert after.version == before.version + (after != before)
        self.conversation = Conversation.model_validate_json(after.model_dump_json())
        assert self.conversation == after
        self.shown += [message.content for message in self.sent]
        return self

    def says(self, content: Inbound | str) -> "Chat":
        return self.gets(make_message(content, at=self.now))

    def taps(self, title: str, *, back: int = 0) -> "Chat":
        """Tap on the newest widget that shows the title, or on one `back` before it."""
        ids = [id for content in self.shown for id in _tappable(content, title)]
        return self.says(make_tap(ids[-1 - back], title))

    def returns(
        self,
        *,
        exit: str | None = None,
        error: str | None = None,
        answers: dict[str, Json] | None = None,
        said: tuple[Saying, ...] = (),
    ) -> "Chat":
        busy = self.conversation.busy
        assert busy is not None
        return self.gets(
            StepReturned(
                run=busy.run,
                visit=busy.visit,
                exit=exit,
                error=error,
                answers=answers or {},
                said=said,
            )
        )

    def rings(self, timer: StartTimer) -> "Chat":
        return self.gets(
            TimerFired(timer=TimerId(1), purpose=timer.purpose, run=timer.run, visit=timer.visit)
        )

    def waits(self, **length: float) -> "Chat":
        self.now += timedelta(**length)
        return self

    @property
    def sent(self) -> list[SendMessage]:
        return [effect for effect in self.last.effects if isinstance(effect, SendMessage)]

    @property
    def texts(self) -> list[str]:
        return [text_of(message.content) for message in self.sent]

    @property
    def trace(self) -> Trace:
        return self.last.trace

    @property
    def run(self) -> Run:
        return self.conversation.runs[-1]

    @property
    def asked(self) -> str | None:
        """The open question as `flow.step`."""
        runs = self.conversation.runs
        return f"{runs[-1].flow}.{runs[-1].asked}" if runs and runs[-1].asked else None

    def timers(self) -> list[StartTimer]:
        return [effect for effect in self.last.effects if isinstance(effect, StartTimer)]

    def cancelled(self) -> list[str | None]:
        return [effect.purpose for effect in self.last.effects if isinstance(effect, CancelTimers)]

    def handoffs(self) -> list[str]:
        return [effect.reason for effect in self.last.effects if isinstance(effect, HandOff)]


def at_size() -> Chat:
    """Return a contact who ordered a Funghi and is asked which size."""
    return Chat().says("order").taps("Funghi 🍄")


def at_confirm() -> Chat:
    """Return a contact who ordered two large Funghi and is asked whether to make it."""
    return at_size().taps("Large").says("2")


def text_of(content: Outbound) -> str:
    match content:
        case Text(body=body) | Buttons(body=body) | List(body=body):
            return body
        case _:
            return content.kind


def titles_of(content: Outbound) -> list[str]:
    return [title for title, _ in _options(content)]


def kinds_of(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.kind for effect in effects]


def _tappable(content: Outbound, title: str) -> list[str]:
    return [id for shown, id in _options(content) if shown == title]


def _options(content: Outbound) -> list[tuple[str, str]]:
    match content:
        case Buttons(buttons=buttons):
            return [(button.title, button.id) for button in buttons]
        case List(sections=sections):
            return [(row.title, row.id) for section in sections for row in section.rows]
        case _:
            return []
