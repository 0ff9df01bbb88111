"""What stands below a transcript: a place to write, templates where the window is closed, or who has the chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from aiohttp import web
from pydantic import Field

from engine.core import limits, window
from engine.core.capabilities import Capabilities
from engine.core.content import Reaction
from engine.core.conversation import Conversation
from engine.core.ids import LineId, MessageId
from engine.core.value import Json
from storage.inbox import draft_of, mark_read, message_stored, save_draft
from storage.queries import TranscriptMessage
from web.inbox import pages
from web.inbox.chat.reading import names_of, path_of
from web.inbox.forms import Form, read_form
from web.inbox.names import name_of
from web.inbox.table import Asked
from web.inbox.writing.kinds import takes
from web.keys import ADAPTERS, CLOCK, DATABASE, IDS, TEMPLATES
from web.transcript.body import AsideView
from web.transcript.view import summary

DRAFT_CHARS: Final = 8_000
"""Twice the longest message: what is too long is to be shortened, not lost."""

State = Literal[
    "open", "shut", "unwanted", "other", "elsewhere", "waiting", "bot", "closed", "lineless"
]
"""Who may write: this agent; this agent, but templates alone, as the window is closed; nobody, as the contact wants
nothing; another agent; people elsewhere; nobody yet; the bot; nobody any more; nobody, as the line is not served."""

NO_LIMITS: Final[Mapping[str, Json]] = {"buttons": 0, "rows": 0, "reacts": False, "files": {}}
"""Of a line that is served no more."""

MessageNumber = Annotated[int, Field(ge=0, lt=2**63)]


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that is answered."""

    id: str
    external_id: str
    words: str | AsideView


@dataclass(frozen=True, slots=True)
class Composer:
    """What composer.html shows."""

    state: State
    path: str
    """Where the chat is."""
    holder: str | None
    """The name of the agent who holds the chat."""
    seen: str
    """Their login: who decides says whom they saw. Empty: nobody."""
    place: str
    closes_at: datetime | None
    """When the window closes for what is sent now; None where nothing closes."""
    now: datetime
    draft: str
    quoted: Quoted | None
    act: str
    """Makes a claim by its form count once."""
    limits: Mapping[str, Json]
    """What the line takes, for the page's own checks."""


class DraftForm(Form):
    """What an agent began to write."""

    text: Annotated[str, Field(max_length=DRAFT_CHARS)] = ""
    reply_to: MessageNumber = 0
    """The id of the message that it answers; 0 is none."""


class ReadForm(Form):
    """How far the chat was looked at."""

    message: MessageNumber


async def read_composer(asked: Asked) -> Composer:
    """Return what stands below the chat of the path, for who asks. Raises StoreUnavailable."""
    app, chat = asked.app, asked.chat
    can, now = capabilities_of(app, chat.line), app[CLOCK].now(chat.line)
    draft = await draft_of(app[DATABASE], chat.line, chat.id, asked.agent.login)
    reply_to = None if draft is None else draft.reply_to
    await names_of(app)
    closes = chat.window_closes_at
    return Composer(
        state=state_of(asked, can, now),
        path=path_of(chat.line, chat.id),
        holder=name_of(app, chat.assignee) if chat.assignee else None,
        seen=chat.assignee or "",
        place=chat.handoff.place if chat.handoff else "inbox",
        closes_at=closes - limits.WINDOW_MARGIN if closes and can and can.window else None,
        now=now,
        draft=draft.text if draft else "",
        quoted=await _quoted(asked, reply_to) if reply_to else None,
        act=str(app[IDS]()),
        limits=limits_of(can) if can else NO_LIMITS,
    )


def state_of(asked: Asked, can: Capabilities | None, now: datetime) -> State:
    """Return who may write, as the chat was when the request came."""
    chat = asked.chat
    if can is None:
        return "lineless"
    match chat.mode:
        case "waiting" | "bot" | "closed":
            return chat.mode
        case "agent" if chat.assignee is None:
            return "elsewhere"
        case "agent" if chat.assignee != asked.agent.login:
            return "other"
        case "agent" if chat.contact.opted_out_at is not None:
            return "unwanted"
        case "agent":
            return "open" if is_open(chat, can, now) else "shut"


def is_open(chat: Conversation, can: Capabilities, now: datetime) -> bool:
    """Tell whether a free-form message that is sent now would still leave."""
    return window.is_open(chat.window_closes_at, now + limits.WINDOW_MARGIN, length=can.window)


def capabilities_of(app: web.Application, line: LineId) -> Capabilities | None:
    """Return what a line can carry; None where it is configured no more."""
    adapter = app[ADAPTERS].get(line)
    return None if adapter is None else adapter.capabilities


def limits_of(can: Capabilities) -> dict[str, Json]:
    """Return what a page checks before anything is sent."""
    files: dict[str, Json] = {
        kind: {"bytes": most, "types": [*types]} for kind, (most, types) in takes(can).items()
    }
    return {
        "text": can.text_length,
        "caption": can.caption_length,
        "body": can.body_length,
        "buttons": can.buttons if "buttons" in can.kinds else 0,
        "button": can.button_title_length,
        "rows": can.rows if "list" in can.kinds else 0,
        "row": can.row_title_length,
        "description": can.row_description_length,
        "label": can.list_label_length,
        "reacts": "reaction" in can.kinds,
        "files": files,
    }


async def show_composer(asked: Asked) -> web.StreamResponse:
    """Show what stands below the chat, as it is now."""
    return pages.render(asked, "composer.html", composer=await read_composer(asked))


async def keep_draft(asked: Asked) -> web.StreamResponse:
    """Keep what the agent began to write."""
    form, chat = read_form(asked, DraftForm), asked.chat
    await save_draft(
        asked.app[DATABASE],
        chat.line,
        chat.id,
        asked.agent.login,
        form.text,
        reply_to=MessageId(form.reply_to) if form.reply_to else None,
        now=asked.now,
    )
    return web.Response(status=204)


async def note_read(asked: Asked) -> web.StreamResponse:
    """Write how far the agent has read."""
    form, chat = read_form(asked, ReadForm), asked.chat
    read = (chat.line, chat.id, MessageId(form.message))
    await mark_read(asked.app[DATABASE], asked.agent.login, [read])
    return web.Response(status=204)


async def _quoted(asked: Asked, message: MessageId) -> Quoted | None:
    chat = asked.chat
    found = await message_stored(asked.app[DATABASE], chat.line, chat.id, message)
    if found is None or found.external_id is None or isinstance(found.content, Reaction):
        return None
    return quoted_view(asked.app, found, found.external_id)


def quoted_view(app: web.Application, message: TranscriptMessage, external_id: str) -> Quoted:
    """Return a message as the one that is answered."""
    words = summary(message.content, lambda template: app[TEMPLATES].words(message.line, template))
    return Quoted(str(message.id), external_id, words)
