"""What the outside saw, and what follows from it: the ledger decides whether anything was lost, repeated or shuffled.

It is told by the pretended provider, by who talks and by the service that code steps call, each as it happens, in one
order. It knows nothing of Parley's tables; who checks hands in one thing from them: which messages are marked as
perhaps sent twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field, replace
from typing import NamedTuple


class Text(NamedTuple):
    """One text of a contact: no two are equal."""

    contact: str
    number: int
    """Counts a contact's texts from 0; the first opens the talk, each other one is answered by name."""


@dataclass(slots=True)
class Webhook:
    """One text on its way in."""

    text: Text
    posted_at: float
    """When its first try began."""
    tries: int = 0
    accepted_at: float | None = None
    """When it was first answered 200; None while it was not."""
    answers: list[int | None] = field(default_factory=list)
    """The HTTP status of each try that ended; None where no answer came."""


@dataclass(slots=True)
class Send:
    """One request to send that the provider received."""

    at: float
    callback_id: str
    """Our message's id, as the request carries it."""
    contact: str
    count: int | None
    """Which of the contact's texts the reply says it is; None where it answers none by name."""
    text: Text | None
    """The text that it names."""
    taken: bool = False
    """Whether it reached the contact, whatever became of the answer."""
    answered: int | None = None
    """The HTTP status that was written to its end; None where none was."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the outside effect."""

    at: float
    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Figures:
    """What a round, or many, came to."""

    rounds: int = 0
    accepted: int = 0
    """Texts whose webhook was answered 200."""
    stepped: int = 0
    """Texts that a reply named or an outside effect was called for."""
    replies: int = 0
    """Messages that reached a contact, repeats included."""
    repeats: int = 0
    """Those that had reached it before, under the same id."""
    marked: int = 0
    """Messages marked as perhaps sent twice."""
    lost: int = 0
    """Accepted texts without a reply."""
    stepped_twice: int = 0
    """Texts answered under two ids, called for under two keys, or counted twice."""
    out_of_order: int = 0
    """Replies that overtook the reply to an earlier text, or counted otherwise than they came."""
    unmarked: int = 0
    """Repeats that are not marked."""
    needless: int = 0
    """Repeats of what had been reported, and the report answered 200, before."""
    stuck: int = 0
    """Contacts whose last text, written when all was well again, got no answer."""
    fell: int = 0
    """Machines that ended without being asked to."""

    def __add__(self, other: "Figures") -> "Figures":
        """Return both together."""
        names = self.__dataclass_fields__
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in names})

    def __str__(self) -> str:
        """Return them in words."""
        return ", ".join(
            f"{getattr(self, name)} {name.replace('_', ' ')}" for name in self.__dataclass_fields__
        )

    @property
    def is_well(self) -> bool:
        """Whether nothing went wrong."""
        wrong = (self.lost, self.stepped_twice, self.out_of_order, self.unmarked)
        return not any((*wrong, self.needless, self.stuck, self.fell))


class Ledger:
    """Keeps what the outside saw of one round.

    Args:
        now: Seconds that never go back; all that is noted stands in this time.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.webhooks: dict[Text, Webhook] = {}
        self.sends: list[Send] = []
        """Every request to send, in the order of arrival."""
        self.calls: list[Call] = []
        """Every call of the outside effect, in the order of arrival."""
        self.reported: dict[str, float] = {}
        """Our message's id -> when a webhook with a status of it was first answered 200."""

    # --- noted as it happens

    def posts(self, text: Text) -> None:
        """Note that a try to deliver a text begins."""
        webhook = self.webhooks.setdefault(text, Webhook(text, self.now()))
        webhook.tries += 1

    def answered(self, text: Text, status: int | None) -> None:
        """Note how a try ended; None is no answer."""
        webhook = self.webhooks[text]
        webhook.answers.append(status)
        if status == 200 and webhook.accepted_at is None:
            webhook.accepted_at = self.now()

    def received(
        self, callback_id: str, contact: str, *, count: int | None, text: Text | None
    ) -> Send:
        """Note a request to send; the provider notes in what is returned what became of it."""
        send = Send(self.now(), callback_id, contact, count, text)
        self.sends.append(send)
        return send

    def reports(self, callback_id: str) -> None:
        """Note that a status of a message was answered 200."""
        self.reported.setdefault(callback_id, self.now())

    def called(self, key: str, text: Text) -> None:
        """Note a call of the outside effect."""
        self.calls.append(Call(self.now(), key, text))

    # --- what follows

    def accepted(self) -> set[Text]:
        """Return the texts whose webhook was answered 200."""
        return {one.text for one in self.webhooks.values() if one.accepted_at is not None}

    def replies(self) -> dict[str, list[Send]]:
        """Return each contact's replies that name a text, in the order they reached it; repeats are left out."""
        found: dict[str, dict[str, Send]] = defaultdict(dict)
        for send in self.sends:
            if send.taken and send.text is not None:
                found[send.contact].setdefault(send.callback_id, send)
        return {contact: list(sends.values()) for contact, sends in found.items()}

    def unanswered(self) -> set[Text]:
        """Return the accepted texts that no reply has named: lost, where that stays so.

        A contact's first text is answered by any message at all.
        """
        named = {send.text for sends in self.replies().values() for send in sends}
        reached = {send.contact for send in self.sends if send.taken}
        return {
            text
            for text in self.accepted()
            if (text not in named if text.number else text.contact not in reached)
        }

    def stepped(self) -> set[Text]:
        """Return the texts that came to anything."""
        named = {send.text for sends in self.replies().values() for send in sends if send.text}
        return named | {call.text for call in self.calls}

    def stepped_twice(self) -> set[Text]:
        """Return the texts answered under two ids, called for under two keys, or given two numbers."""
        ids: dict[Text, set[str]] = defaultdict(set)
        for send in self.sends:
            if send.text is not None:
                ids[send.text].add(f"{send.callback_id} {send.count}")
        keys: dict[Text, set[str]] = defaultdict(set)
        for call in self.calls:
            keys[call.text].add(call.key)
        return {text for one in (ids, keys) for text, found in one.items() if len(found) > 1}

    def out_of_order(self) -> list[str]:
        """Return, in words, what came otherwise than it was accepted.

        A text that was accepted before another was first posted must be counted, called for and answered before it.
        Of two that were under way at once either may be first, but the answers must come as they count: 1, 2, 3.
        """
        return [*self._miscounted(), *self._overtaken()]

    def repeats(self) -> list[Send]:
        """Return the sends that reached a contact again under the same id."""
        seen: set[str] = set()
        again: list[Send] = []
        for send in self.sends:
            if send.taken and send.callback_id in seen:
                again.append(send)
            if send.taken:
                seen.add(send.callback_id)
        return again

    def needless(self, *, slack_s: float) -> list[Send]:
        """Return the repeats of what had been reported before, and the report answered 200.

        Args:
            slack_s: How long a send may have been on its way when the report was taken.
        """
        return [
            send
            for send in self.repeats()
            if send.callback_id in self.reported
            and send.at > self.reported[send.callback_id] + slack_s
        ]

    def figures(
        self,
        *,
        marked: Set[str],
        stuck: Set[str] = frozenset(),
        fell: int = 0,
        slack_s: float = 0.5,
    ) -> Figures:
        """Return what it all came to.

        Args:
            marked: Our messages' ids that are marked as perhaps sent twice.
            stuck: The contacts that got no answer at the end.
            fell: How many machines ended without being asked to.
            slack_s: As for `needless`.
        """
        repeats = self.repeats()
        return Figures(
            rounds=1,
            accepted=len(self.accepted()),
            stepped=len(self.stepped()),
            replies=sum(send.taken for send in self.sends),
            repeats=len(repeats),
            marked=len(marked),
            lost=len(self.unanswered()),
            stepped_twice=len(self.stepped_twice()),
            out_of_order=len(self.out_of_order()),
            unmarked=len({send.callback_id for send in repeats} - marked),
            needless=len(self.needless(slack_s=slack_s)),
            stuck=len(stuck),
            fell=fell,
        )

    # --- how

    def _miscounted(self) -> Iterator[str]:
        for contact, sends in self.replies().items():
            counts = [send.count for send in sends]
            if counts != list(range(1, len(counts) + 1)):
                yield f"{contact}: answers came as {counts}"

    def _overtaken(self) -> Iterator[str]:
        for contact, sends in self.replies().items():
            yield from self._shuffled([s.text for s in sends if s.text], f"{contact}: answered")
        called: dict[str, list[Text]] = defaultdict(list)
        for text in dict.fromkeys(call.text for call in self.calls):
            called[text.contact].append(text)
        for contact, texts in called.items():
            yield from self._shuffled(texts, f"{contact}: called for")

    def _shuffled(self, texts: list[Text], what: str) -> Iterator[str]:
        """Tell of each text that was accepted before one ahead of it here was first posted."""
        last: Webhook | None = None
        for webhook in (self.webhooks[text] for text in texts):
            if last is None or webhook.posted_at > last.posted_at:
                last = webhook
            elif webhook.accepted_at is not None and webhook.accepted_at < last.posted_at:
                yield f"{what} {last.text.number} before {webhook.text.number}"
