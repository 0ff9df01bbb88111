"""What an agent does to a chat with words: sends, sends again, reacts, notes. Each is done once for each client id.

The client id is made in the browser: a double tap, or a form sent again because the answer got lost, brings the same
one and is told what came of the first.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

import orjson
from aiohttp import web
from pydantic import StringConstraints

from engine.core.capabilities import Capabilities
from engine.core.content import Media, Outbound, Template
from engine.core.errors import ContentRejected
from engine.core.hands import HELD_BY
from engine.core.ids import ExternalId, LineId, MessageId
from engine.core.outbox import REPLIES, is_free_form, unwanted
from engine.core.signals import AgentReplied, Arrival, Signal
from engine.core.templates import ButtonShape
from engine.loops.refusals import is_stopped_marketing
from storage.audit import NO_LINE, Act
from storage.inbox import Note as StoredNote
from storage.inbox import add_note, delete_note, message_stored, save_draft
from storage.quoted import author_of_note
from storage.requested import Reserved, handled, keep_answer, reserve
from web.inbox.acts import act_of, audit, chat_subject
from web.inbox.chat.bubbles import render_entry
from web.inbox.chat.entries import Entry, Note
from web.inbox.chat.reading import message_called, names_of, read_message
from web.inbox.errors import NotFound
from web.inbox.forms import Form, read_form
from web.inbox.names import name_of
from web.inbox.table import Asked
from web.inbox.texts import ENGLISH
from web.inbox.writing.composer import MessageNumber, capabilities_of, is_open
from web.inbox.writing.files import read_file
from web.inbox.writing.sent import (
    ChatRefused,
    FileSaid,
    ReactionSaid,
    Said,
    TemplateSaid,
    TextSaid,
    content_of,
    read_said,
    template_of,
)
from web.keys import CLOCK, DATABASE, ENGINE, IDS, QUERIES, TEMPLATES

KEPT: Final = timedelta(days=2)
"""So long a client id is known; a phone that was without a network for a weekend sends what it kept."""

DONE: Final = 200

ClientId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{8,64}$")]


class SendForm(Form):
    """A message to the contact."""

    client: ClientId
    message: Annotated[str, StringConstraints(min_length=2, max_length=60_000)]
    """What is said, as JSON."""
    reply_to: MessageNumber = 0
    """The id of the message that it answers; 0 is none."""


class NoteForm(Form):
    """A note for the other agents."""

    client: ClientId
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


class OneForm(Form):
    """A message, or a note, by its id."""

    id: MessageNumber


class WindowShut(ChatRefused):
    """The window is closed: templates alone may be sent."""

    code = "window_shut"


class HeldByAnother(ChatRefused):
    """You do not hold this chat."""

    code = "held_by_another"


async def send_reply(asked: Asked) -> web.StreamResponse:
    """Send the contact a message, once for each client id."""
    form = read_form(asked, SendForm)
    said = read_said(form.message)
    kept = await reserved(asked, form.client)
    if kept.status is None:
        await _send(asked, form, said, kept)
    return await _answer(asked, kept.message, said)


async def retry(asked: Asked) -> web.StreamResponse:
    """Send a message of ours again that failed, or was held."""
    chat, message = asked.chat, MessageId(read_form(asked, OneForm).id)
    found = await message_stored(asked.app[DATABASE], chat.line, chat.id, message)
    if found is None or found.direction == "in":
        raise NotFound
    if chat.assignee != asked.agent.login and not asked.agent.may("supervisor"):
        raise held_by_another(asked)
    if found.origin in REPLIES:
        raise ChatRefused(ENGLISH["retry_bot"])
    refuse_shut(asked, _can(asked, chat.line), found.content)  # type: ignore[arg-type]  # ours, so outbound
    if not await asked.app[QUERIES].retry(message, now=asked.app[CLOCK].now(chat.line)):
        raise ChatRefused(ENGLISH["retry_past"])
    await audit(asked, "message_retried", f"{chat_subject(chat)}/{message}")
    asked.app[ENGINE].wake()
    return _json(asked, await read_message(asked.app, chat.line, chat.id, message), message)


async def note(asked: Asked) -> web.StreamResponse:
    """Keep a note for the other agents, once for each client id."""
    form, chat, login = read_form(asked, NoteForm), asked.chat, asked.agent.login
    kept = await reserved(asked, form.client)
    await add_note(
        asked.app[DATABASE],
        chat.line,
        chat.id,
        StoredNote(kept.message, login, form.text, asked.now),
        act=Act(kept.message, NO_LINE, asked.now, asked.agent.actor, "noted", chat_subject(chat)),
    )
    shown = Note(str(kept.message), asked.now, login, asked.agent.name, form.text)
    return _json(asked, [shown], kept.message)


async def drop_note(asked: Asked) -> web.StreamResponse:
    """Take a note back: one's own, or any for a supervisor."""
    chat, id_ = asked.chat, read_form(asked, OneForm).id
    login = await author_of_note(asked.app[DATABASE], chat.line, chat.id, id_)
    if login is None:
        raise NotFound
    if login != asked.agent.login and not asked.agent.may("supervisor"):
        raise ChatRefused(ENGLISH["note_of_another"])
    act = act_of(
        asked.app,
        asked.agent.actor,
        "note_deleted",
        f"{chat_subject(chat)}/{id_}",
        now=asked.now,
    )
    await delete_note(asked.app[DATABASE], chat.line, chat.id, id_, act=act)
    return _json(asked, [], MessageId(id_))


# --- sending ----------------------------------------------------------------------------------------------


async def reserved(asked: Asked, client: str) -> Reserved:
    """Return what is known of a client id: the message id that was given out for it, and whether it was done."""
    return await reserve(
        asked.app[DATABASE],
        token=asked.agent.actor,
        key=client,
        request_hash="",
        message=MessageId(asked.app[IDS]()),
        now=asked.now,
        forget_before=asked.now - KEPT,
    )


async def _send(asked: Asked, form: SendForm, said: Said, kept: Reserved) -> None:
    """Hand the message in. Raises ChatRefused where it is not sent."""
    app, chat = asked.app, asked.chat
    can = _can(asked, chat.line)
    if chat.mode != "agent" or chat.assignee != asked.agent.login:
        raise held_by_another(asked)
    content = await read_content(asked, chat.line, said, can)
    refuse_unwanted(asked, content)
    refuse_shut(asked, can, content)
    signal = AgentReplied(
        agent=asked.agent.login,
        content=content,
        message=kept.message,
        reply_to=await _quoted(asked, form.reply_to),
    )
    await accept_as_agent(asked, signal, key=f"agent:{form.client}")
    await keep_done(asked, form.client, "replied", f"{chat_subject(chat)}/{kept.message}", kept)
    # Whatever else is sent leaves what the agent began to write where it is.
    if isinstance(said, TextSaid | FileSaid):
        await save_draft(app[DATABASE], chat.line, chat.id, asked.agent.login, "", now=asked.now)


async def accept_as_agent(asked: Asked, signal: Signal, *, key: str) -> None:
    """Hand in what an agent does to the chat. Raises ChatRefused where another holds it by now."""
    app, chat = asked.app, asked.chat
    arrival = Arrival(
        line=chat.line,
        key=key,
        signal=signal,
        received_at=app[CLOCK].now(chat.line),
        conversation=chat.id,
    )
    await app[ENGINE].accept([arrival])
    came = await handled(app[DATABASE], chat.line, key)
    note_ = came.trace.note if came and came.trace else None
    if note_ is not None and note_.startswith(HELD_BY):
        await names_of(app)
        raise ChatRefused(_held(asked, note_.removeprefix(HELD_BY)))


async def keep_done(asked: Asked, client: str, act: str, subject: str, kept: Reserved) -> None:
    """Remember that a client id's deed is done, and note it; the audit's line has the message's own id."""
    await keep_answer(
        asked.app[DATABASE],
        token=asked.agent.actor,
        key=client,
        status=DONE,
        body="",
        act=Act(kept.message, NO_LINE, asked.now, asked.agent.actor, act, subject),
    )


async def read_content(asked: Asked, line: LineId, said: Said, can: Capabilities) -> Outbound:
    """Return what is said as the content that goes out. Raises InboxError where the line would not take it."""
    file = (
        await read_file(asked.app, said.file, said.name, can)
        if isinstance(said, FileSaid)
        else None
    )
    template = fitted(asked, line, said) if isinstance(said, TemplateSaid) else None
    return content_of(said, can, file=file, template=template)


def fitted(asked: Asked, line: LineId, said: TemplateSaid) -> Template:
    """Return a template's message as it may leave. Raises ChatRefused."""
    try:
        return asked.app[TEMPLATES].fitted(line, template_as_known(asked, line, said))
    except ContentRejected as rejected:
        raise ChatRefused(ENGLISH["template_refused"].format(why=rejected)) from None


def template_as_known(asked: Asked, line: LineId, said: TemplateSaid) -> Template:
    """Return a template's message, its values told apart by what the template's parts are."""
    known = asked.app[TEMPLATES].known(line, said.name)
    one = next((one for one in known if one.language == said.language), None)
    shape = None if one is None else one.shape
    header: str | Media | None = said.header or None
    if header and shape and shape.header:
        match shape.header.format:
            case "image" | "video" | "document" as kind:
                header = Media(kind=kind, url=said.header)
            case _:
                pass
    made = template_of(said, header)
    shapes = () if shape is None else shape.buttons
    return made.model_copy(
        update={
            "buttons": tuple(
                value.model_copy(update={"use": _use(shapes, value.index)})
                for value in made.buttons
            )
        }
    )


def _use(shapes: Sequence[ButtonShape], index: int) -> str:
    return (shapes[index].takes if 0 <= index < len(shapes) else None) or "url"


def refuse_unwanted(asked: Asked, content: Outbound) -> None:
    """Refuse what the contact has said it does not want. Raises ChatRefused."""
    contact = asked.chat.contact
    if unwanted(contact, content, "agent") == "opted_out":
        raise ChatRefused(ENGLISH["opted_out"])
    if unwanted(contact, content, "agent") or is_stopped_marketing(
        contact, asked.chat.line, content, asked.app[TEMPLATES]
    ):
        raise ChatRefused(ENGLISH["marketing_stopped"])


def refuse_shut(asked: Asked, can: Capabilities, content: Outbound) -> None:
    """Refuse what a closed window would keep back. Raises WindowShut."""
    chat = asked.chat
    if is_free_form(content) and not is_open(chat, can, asked.app[CLOCK].now(chat.line)):
        raise WindowShut(ENGLISH["window_shut"])


def held_by_another(asked: Asked) -> HeldByAnother:
    """Return that somebody else, or nobody, holds the chat of the path."""
    return HeldByAnother(_held(asked, asked.chat.assignee))


def _held(asked: Asked, login: str | None) -> str:
    known = login is not None and login != "nobody"
    return (
        ENGLISH["refused_held"].format(name=name_of(asked.app, login or ""))
        if known
        else ENGLISH["refused_nobody"]
    )


def _can(asked: Asked, line: LineId) -> Capabilities:
    can = capabilities_of(asked.app, line)
    if can is None:
        raise ChatRefused(ENGLISH["lineless"])
    return can


async def _quoted(asked: Asked, message: int) -> ExternalId | None:
    if not message:
        return None
    chat = asked.chat
    found = await message_stored(asked.app[DATABASE], chat.line, chat.id, MessageId(message))
    return None if found is None else found.external_id


# --- the answer -------------------------------------------------------------------------------------------


async def _answer(asked: Asked, message: MessageId, said: Said) -> web.Response:
    """Answer with the bubbles that the page shows now: the message's own, or the one that was reacted to."""
    chat, shown = asked.chat, message
    if isinstance(said, ReactionSaid):
        target = await message_called(asked.app, chat.line, chat.id, ExternalId(said.to))
        shown = message if target is None else target.id
    return _json(asked, await read_message(asked.app, chat.line, chat.id, shown), message)


def _json(asked: Asked, entries: Sequence[Entry], message: MessageId) -> web.Response:
    html = [{"id": one.id, "html": render_entry(asked.app, one)} for one in entries]
    body = orjson.dumps({"ok": True, "id": str(message), "entries": html})
    return web.Response(body=body, content_type="application/json")
