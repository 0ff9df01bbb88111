"""Chats in people's hands, for the tests of what happens there."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.core.content import Text
from engine.core.conversation import Contact
from engine.core.effects import RecordHandoff, StartTimer
from engine.core.hours import Hours
from engine.core.ids import ExternalId, RunId, TimerId, VisitId
from engine.core.language import Language
from engine.core.languages import ENGLISH
from engine.core.signals import (
    AgentTookOver,
    BusinessReplied,
    TimerFired,
)
from engine.core.teams import EVERYBODY, Team, Teams
from tests.builders import NOW
from tests.core.chat import Chat, at_confirm

TAKE = AgentTookOver(agent="bo")
STILL = ENGLISH.texts["still_waiting"]
UNCLAIMED = ENGLISH.texts["unclaimed"]


@dataclass(frozen=True)
class From:
    """Somebody answers from a time on, for good."""

    at: datetime

    def opens_at(self, at: datetime) -> datetime:
        return max(at, self.at)

    def in_words(
        self,
        opens_at: datetime,
        *,
        now: datetime,
        contact: Contact,
        hours: Hours | None,
        language: Language,
    ) -> str:
        return f"in {opens_at - now}"


def closed_for(hours: float) -> Team:
    """Return a team that answers some hours from now on."""
    return Team(opening=From(NOW + timedelta(hours=hours)))


def handed_off(
    *, teams: Teams = EVERYBODY, helpdesk: bool = False, hours: Hours | None = None
) -> Chat:
    """Return a contact who asked for a person of the kitchen."""
    chat = at_confirm()
    chat.book = replace(chat.book, teams=teams, helpdesk=helpdesk, hours=hours)
    return chat.taps("Ask a person")


def timer_of(chat: Chat) -> StartTimer | None:
    timers = [timer for timer in chat.timers() if timer.purpose == "handoff"]
    assert len(timers) <= 1
    return timers[0] if timers else None


def rings(chat: Chat) -> Chat:
    """Let the handoff's time come."""
    handoff = chat.conversation.handoff
    assert handoff is not None
    assert handoff.due_at is not None
    chat.now = max(chat.now, handoff.due_at)
    return chat.gets(fired(handoff.turn))


def fired(turn: int) -> TimerFired:
    return TimerFired(timer=TimerId(1), purpose="handoff", run=RunId(0), visit=VisitId(turn))


def echo(
    body: str = "We are on it.", *, at: datetime = NOW, key: str = "echo-1"
) -> BusinessReplied:
    content = {"external_id": ExternalId(key), "content": Text(body=body), "sent_at": at}
    return BusinessReplied.model_validate({"echo": content})


def records(chat: Chat) -> list[RecordHandoff]:
    return [effect for effect in chat.last.effects if isinstance(effect, RecordHandoff)]
