"""What the pure parts cost by themselves: a step of the benchmark's talk, a free text read by each type."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.cloud.capabilities import CAPABILITIES
from bench.talk import GREETING, expected_talk
from engine.core.book import Book
from engine.core.content import ButtonReply, Buttons, Inbound, List, ListReply, Text
from engine.core.conversation import Contact, Conversation
from engine.core.effects import SendMessage
from engine.core.ids import ContactId, ConversationId, ExternalId, LineId
from engine.core.signals import Arrival, MessageReceived
from engine.core.step import Step, step
from engine.flow.answers.named import TYPES, parse
from engine.flow.answers.reader import Here
from engine.flow.load import load_flows

NOW = datetime(2026, 3, 10, 10, tzinfo=UTC)
ROUNDS = 2_000
"""Talks of three steps; a text is read a tenth as often."""

SAID: dict[str, tuple[str, ...]] = {
    "yes_no": ("yes please, go ahead", "I don't think so", "where are you?"),
    "int": ("make it twenty-two please", "I'll take 3", "no idea yet"),
    "decimal": ("two and a half metres", "1,234.50", "about that much"),
    "money": ("twelve euros fifty", "$1,200.50", "too much for me"),
    "quantity": ("half a kilo, please", "2 dozen eggs", "as much as you have"),
    "date": ("a week from next Friday", "the 3rd of April 2027", "when you have time"),
    "time": ("half past six in the evening", "17h30", "after lunch or so"),
    "datetime": ("tomorrow at noon", "Friday the 13th at 8:15 pm", "some other day"),
    "phone": ("call me on +34 612 345 678", "0049 30 1234567", "I have none"),
    "email": ("it's ana dot lopez at example dot com", "ana@example.com", "ask my boss"),
    "name": ("I'm Ana María de la Cruz", "my name is John O'Neil", "why do you ask?"),
}
"""What is read, by type: said in a sentence, said plainly, and what is no answer."""


@dataclass(frozen=True, slots=True)
class Inner:
    """CPU of the pure parts."""

    step_us: float
    """One step, a mean over the talk's three."""
    parse_us: dict[str, float]
    """Reading one text, by type; a mean over its texts."""


def measure(rounds: int = ROUNDS) -> Inner:
    """Measure in this process; what else it has done does not matter.

    Args:
        rounds: Talks of three steps; a text is read a tenth as often.
    """
    reads = rounds // 10
    return Inner(
        _step_us(rounds), {kind: _parse_us(kind, texts, reads) for kind, texts in SAID.items()}
    )


def _step_us(rounds: int) -> float:
    flows = load_flows(("flows",), Path(__file__).parent)
    book = Book(flows, CAPABILITIES, start="snack")
    contact = Contact(id=ContactId(1), phone="34600000001")
    fresh = Conversation(id=ConversationId(1), line=LineId("bench"), contact=contact)
    talk = expected_talk(0)

    def once() -> None:
        asked = step(fresh, _arrival(Text(body=GREETING)), NOW, book)
        size = step(asked.conversation, _arrival(_tap(asked, talk.size)), NOW, book)
        step(size.conversation, _arrival(_tap(size, talk.filling)), NOW, book)

    return _cpu_us(once, rounds) / 3


def _tap(asked: Step, title: str) -> Inbound:
    """Return the tap on an option of the question that a step asked."""
    for effect in asked.effects:
        match effect:
            case SendMessage(content=Buttons(buttons=buttons)):
                return next(ButtonReply(id=b.id, title=title) for b in buttons if b.title == title)
            case SendMessage(content=List(sections=sections)):
                rows = [row for section in sections for row in section.rows]
                return next(ListReply(id=row.id, title=title) for row in rows if row.title == title)
            case _:
                pass
    raise AssertionError("the step asked nothing")


def _arrival(content: Inbound) -> Arrival:
    signal = MessageReceived(external_id=ExternalId("m"), content=content, sent_at=NOW)
    return Arrival(line=LineId("bench"), key="m", signal=signal, received_at=NOW)


def _parse_us(kind: str, texts: tuple[str, ...], reads: int) -> float:
    assert kind in TYPES
    here = Here(NOW, "en", "ES")
    count = 0

    def once() -> None:
        nonlocal count
        count += 1
        for text in texts:
            parse(
                kind, f"{text}{' ' * (count % 97)}", here
            )  # never the very same text twice in a row

    once()
    return _cpu_us(once, reads) / len(texts)


def _cpu_us(deed: Callable[[], None], rounds: int) -> float:
    """Return the CPU time of a deed, the best of five."""
    deed()
    best, times = float("inf"), max(rounds // 5, 1)
    for _ in range(5):
        begun = time.process_time()
        for _ in range(times):
            deed()
        best = min(best, (time.process_time() - begun) / times)
    return best * 1e6
