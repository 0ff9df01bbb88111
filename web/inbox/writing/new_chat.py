"""A new chat: a line, a number, and the template that begins it; the agent holds the chat from then on."""

from typing import Annotated, Final

import orjson
import phonenumbers
from aiohttp import web
from pydantic import StringConstraints, ValidationError

from engine.core.addresses import spellings_of
from engine.core.content import Outbound
from engine.core.conversation import Conversation
from engine.core.hands import HELD_BY
from engine.core.ids import LineId
from engine.core.outbox import unwanted
from engine.core.signals import AgentReplied, AgentTookOver, Arrival, Sender
from engine.loops.refusals import is_stopped_marketing
from storage.requested import handled
from web.contact_file import read_phone
from web.inbox import pages
from web.inbox.acts import chat_subject
from web.inbox.chat.reading import names_of, path_of
from web.inbox.errors import FormInvalid, NotFound
from web.inbox.forms import Form, read_form
from web.inbox.names import name_of
from web.inbox.rights import sees
from web.inbox.table import PREFIX, Asked
from web.inbox.texts import ENGLISH
from web.inbox.texts.chat import IN_SCRIPTS
from web.inbox.writing.picker import show_of, show_one, show_preview
from web.inbox.writing.sending import ClientId, HeldByAnother, fitted, keep_done, reserved
from web.inbox.writing.sent import ChatRefused, TemplateSaid, fields_of
from web.keys import ADAPTERS, CLOCK, DATABASE, ENGINE, QUERIES, TEMPLATES

NEW: Final = f"{PREFIX}/new"


class NewChatForm(Form):
    """Whom to write to; the template's own fields come beside it."""

    client: ClientId
    line: Annotated[str, StringConstraints(max_length=64)]
    phone: Annotated[str, StringConstraints(min_length=1, max_length=40)]


async def show_new(asked: Asked) -> web.StreamResponse:
    """Show the form of a new chat."""
    lines = lines_of(asked)
    line = asked.request.query.get("line", "")
    return pages.render(
        asked,
        "new_chat.html",
        lines=lines,
        line=line if line in lines else (lines[0] if lines else ""),
        phone=asked.request.query.get("phone", ""),
        texts={key: ENGLISH[key] for key in IN_SCRIPTS},
    )


async def show_new_templates(asked: Asked) -> web.StreamResponse:
    """Show the templates of the line that is chosen."""
    return await show_of(
        asked, _line(asked, asked.request.query.get("line", "")), f"{NEW}/templates"
    )


async def show_new_template(asked: Asked) -> web.StreamResponse:
    """Show one of them with its places."""
    query = asked.request.query
    return await show_one(asked, _line(asked, query.get("line", "")), f"{NEW}/templates", query)


async def preview_new(asked: Asked) -> web.StreamResponse:
    """Show how it will look."""
    return await show_preview(asked, _line(asked, asked.form.get("line", "")), asked.form)


async def begin_chat(asked: Asked) -> web.StreamResponse:
    """Take the contact's chat over and send the template, once for each client id; answers where the chat is."""
    form = read_form(asked, NewChatForm)
    line = _line(asked, form.line)
    phone, problem = read_phone(form.phone)
    if problem is not None or not _is_possible(phone):
        raise FormInvalid(ENGLISH["phone_wrong"])
    kept = await reserved(asked, form.client)
    if kept.status is None:
        said = _template(asked)
        content = fitted(asked, line, said)
        before = await _chat_of(asked, line, phone)
        _refuse_unwanted(asked, line, before, content)
        sender = Sender(phone=phone, is_typed=True)
        await _take(asked, line, sender, f"agent:{form.client}:take")
        reply = AgentReplied(agent=asked.agent.login, content=content, message=kept.message)
        await _accept(asked, line, sender, f"agent:{form.client}", reply)
    chat = await _chat_of(asked, line, phone)
    if chat is None:
        raise NotFound
    if kept.status is None:
        subject = f"{chat_subject(chat)}/{kept.message}"
        await keep_done(asked, form.client, "chat_begun", subject, kept)
    body = orjson.dumps({"ok": True, "path": path_of(chat.line, chat.id)})
    return web.Response(body=body, content_type="application/json")


def lines_of(asked: Asked) -> list[str]:
    """Return the lines that an agent may write on."""
    return [line for line in asked.app[ADAPTERS] if asked.agent.serves(line)]


def _is_possible(phone: str) -> bool:
    """Tell whether a number can be one, as it is dialled or as WhatsApp writes it: in Mexico those differ."""
    for spelling in spellings_of(phone):
        try:
            number = phonenumbers.parse(f"+{spelling}")
        except phonenumbers.NumberParseException:
            continue
        told = phonenumbers.is_possible_number_with_reason(number)
        if told == phonenumbers.ValidationResult.IS_POSSIBLE:
            return True
    return False


def _line(asked: Asked, name: str) -> LineId:
    if name not in lines_of(asked):
        raise NotFound
    return LineId(name)


def _template(asked: Asked) -> TemplateSaid:
    try:
        return TemplateSaid.model_validate(fields_of(asked.form))
    except ValidationError as wrong:
        at = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise FormInvalid(f"{at}: {wrong.errors()[0]['msg']}") from None


async def _chat_of(asked: Asked, line: LineId, phone: str) -> Conversation | None:
    found = await asked.app[QUERIES].conversations_of(phone, line=line)
    return found[0] if found else None


def _refuse_unwanted(
    asked: Asked, line: LineId, before: Conversation | None, content: Outbound
) -> None:
    if before is None:
        return
    if not sees(asked.agent, before):
        raise ChatRefused(ENGLISH["chat_of_another_team"])
    contact = before.contact
    if unwanted(contact, content, "agent") == "opted_out":
        raise ChatRefused(ENGLISH["opted_out"])
    if unwanted(contact, content, "agent") or is_stopped_marketing(
        contact, line, content, asked.app[TEMPLATES]
    ):
        raise ChatRefused(ENGLISH["marketing_stopped"])


async def _take(asked: Asked, line: LineId, sender: Sender, key: str) -> None:
    """Take the chat, unless another agent holds it. Raises HeldByAnother."""
    await _accept(asked, line, sender, key, AgentTookOver(agent=asked.agent.login))
    came = await handled(asked.app[DATABASE], line, key)
    note = came.trace.note if came and came.trace else None
    if note is not None and note.startswith(HELD_BY):
        await names_of(asked.app)
        holder = name_of(asked.app, note.removeprefix(HELD_BY))
        raise HeldByAnother(ENGLISH["refused_held"].format(name=holder))


async def _accept(
    asked: Asked, line: LineId, sender: Sender, key: str, signal: AgentTookOver | AgentReplied
) -> None:
    arrival = Arrival(
        line=line,
        key=key,
        signal=signal,
        received_at=asked.app[CLOCK].now(line),
        sender=sender,
    )
    await asked.app[ENGINE].accept([arrival])
