"""A desk for code steps that lives as long as the test, as the database does between two runs of a step."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from engine.core.closed import Speech
from engine.core.content import Media
from engine.core.conversation import Busy, Conversation, Run
from engine.core.ids import ConversationId, LineId, RunId, VisitId
from engine.core.value import Json
from engine.ports import CallRow
from tests.builders import NOW
from tests.flow.walking import ANA


class Desk:
    """Implements `engine.ports.desk.Desk`."""

    key = "line:1:7"

    def __init__(self) -> None:
        self.calls: dict[str, CallRow] = {}
        self.said_now: list[tuple[int, Speech]] = []
        self.files: dict[str | None, bytes] = {}

    def now(self) -> datetime:
        return NOW

    def within(self, length: timedelta) -> AbstractAsyncContextManager[object]:
        return asyncio.timeout(length.total_seconds())

    async def say_now(self, ordinal: int, speech: Speech) -> None:
        self.said_now.append((ordinal, speech))

    async def find_call(self, key: str) -> CallRow | None:
        return self.calls.get(key)

    async def save_call(self, key: str, call: CallRow) -> None:
        self.calls[key] = call

    async def fetch(self, media: Media) -> bytes:
        return self.files[media.external_id]


def busy(flow: str, step: str, answers: dict[str, Json] | None = None) -> Conversation:
    """Return a conversation whose code step runs."""
    run = Run(id=RunId(3), flow=flow, step=step, visit=VisitId(7), answers=answers or {})
    return Conversation(
        id=ConversationId(1),
        line=LineId("line"),
        contact=ANA,
        runs=(run,),
        busy=Busy(visit=VisitId(7), run=RunId(3), flow=flow, step=step, since=NOW),
    )
