"""Taps and forms that Interakt tells twice, in two webhooks with two ids: the second one changes nothing.

A tap on a template's quick reply comes as `message_api_clicked` and, usually, as `message_received` with its text; a
filled form as `message_received` and as `message_api_flow_response`. Nothing names the one in the other, so they are
known by who, what and when: the provider's times of the two differ by moments. One process remembers; of two replicas
that each get one of the two, neither knows.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.whatsapp.changes import hash_of
from engine.core.content import FormReply, TemplateButton, Text
from engine.core.signals import Arrival, LineReported, MessageReceived

APART = timedelta(seconds=5)
"""How far apart the times of two twins may be; a person who taps reads what comes, and types the same later."""

REMEMBERED = 1024


@dataclass
class _First:
    key: str
    at: datetime
    sure: bool
    """Whether it is known to be a tap or a form; a text may be either."""
    twin: str | None = None


class Twins:
    """The latest taps, forms and texts of one line."""

    def __init__(self) -> None:
        self._firsts: OrderedDict[tuple[str, str], _First] = OrderedDict()

    def once(self, arrival: Arrival) -> Arrival:
        """Return the arrival, or a report of it where it tells again what another one told; twice is the same."""
        signal, sender = arrival.signal, arrival.sender
        if not isinstance(signal, MessageReceived) or sender is None:
            return arrival
        sure, what = True, ""
        match signal.content:
            case TemplateButton(title=title):
                what = title.strip()
            case Text(body=body):
                sure, what = False, body.strip()
            case FormReply(response=response):
                what = f"form:{hash_of(response)}"
            case _:
                return arrival
        who = sender.phone or sender.user_id or "", what
        first = self._firsts.get(who)
        if first is not None and first.key == arrival.key:
            return arrival
        if first is not None and _are_twins(first, arrival.key, signal.sent_at, sure=sure):
            first.twin = arrival.key
            return arrival.model_copy(update={"signal": _told_again(signal), "sender": None})
        self._firsts[who] = _First(arrival.key, signal.sent_at, sure)
        self._firsts.move_to_end(who)
        while len(self._firsts) > REMEMBERED:
            self._firsts.popitem(last=False)
        return arrival


def _are_twins(first: _First, key: str, at: datetime, *, sure: bool) -> bool:
    return first.twin in (None, key) and (first.sure or sure) and abs(first.at - at) <= APART


def _told_again(signal: MessageReceived) -> LineReported:
    return LineReported(field="told_again", data=signal.model_dump(mode="json"))
