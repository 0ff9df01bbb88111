"""Canned replies: filled for a chat as the composer offers them, and the page where they are kept."""

import re
from typing import Annotated, Final

import orjson
from aiohttp import web
from pydantic import StringConstraints

from engine.core.conversation import Contact
from storage.agents import Agent
from storage.inbox import CannedReply, canned_replies, delete_canned_reply, save_canned_reply
from web.inbox import pages
from web.inbox.acts import act_of
from web.inbox.forms import Form, read_form
from web.inbox.table import PREFIX, Asked
from web.keys import DATABASE

_PLACE: Final = re.compile(r"\{(contact\.name|contact\.phone|agent\.name)(?:\|([^{}|]*))?\}")


class ReplyForm(Form):
    """One canned reply."""

    shortcut: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,40}$")]
    text: Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class ShortcutForm(Form):
    """One of them, by its shortcut."""

    shortcut: Annotated[str, StringConstraints(min_length=1, max_length=40)]


async def offer_replies(asked: Asked) -> web.StreamResponse:
    """Return every canned reply with its places filled for the chat of the path."""
    replies = [
        {"shortcut": one.shortcut, "text": filled(one.text, asked.chat.contact, asked.agent)}
        for one in await canned_replies(asked.app[DATABASE])
    ]
    body = orjson.dumps({"ok": True, "replies": replies})
    return web.Response(body=body, content_type="application/json")


def filled(text: str, contact: Contact, agent: Agent) -> str:
    """Return a canned reply with its places filled; what is not known is said by the words behind the bar."""
    known = {
        "contact.name": contact.name,
        "contact.phone": f"+{contact.phone}" if contact.phone else None,
        "agent.name": agent.name,
    }
    return _PLACE.sub(lambda place: known[place[1]] or place[2] or "", text)


async def show_replies(asked: Asked) -> web.StreamResponse:
    """Show the canned replies; who supervises may change them."""
    return pages.render(
        asked,
        "replies.html",
        replies=await canned_replies(asked.app[DATABASE]),
        may_change=asked.agent.may("supervisor"),
    )


async def save_reply(asked: Asked) -> web.StreamResponse:
    """Keep a canned reply, a new one or one that is changed."""
    form = read_form(asked, ReplyForm)
    act = act_of(asked.app, asked.agent.actor, "reply_saved", form.shortcut, now=asked.now)
    await save_canned_reply(asked.app[DATABASE], CannedReply(form.shortcut, form.text), act=act)
    return pages.redirect(asked, f"{PREFIX}/replies")


async def drop_reply(asked: Asked) -> web.StreamResponse:
    """Forget a canned reply."""
    shortcut = read_form(asked, ShortcutForm).shortcut
    act = act_of(asked.app, asked.agent.actor, "reply_deleted", shortcut, now=asked.now)
    await delete_canned_reply(asked.app[DATABASE], shortcut, act=act)
    return pages.redirect(asked, f"{PREFIX}/replies")
