"""The audit, for admins: what everybody did."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from storage.agents import list_agents
from storage.audit import Act, read_audit
from web.inbox import pages
from web.inbox.table import Asked
from web.inbox.texts import ENGLISH
from web.keys import DATABASE

_CHAT: Final = re.compile(r"([a-z][a-z0-9_]*/[0-9]+)(?:/[0-9]+)?(?: (.*))?", re.DOTALL)
"""How `acts.chat_subject` names a chat; a message's id may follow, and to whom the chat was given."""

_ID: Final = re.compile(r"[0-9]{1,18}|[1-8][0-9]{18}")


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An act as the page lists it."""

    act: str
    who: str
    subject: str
    chat: str | None
    """The chat that it was done to, as the address of its page goes on."""
    at: datetime


async def show_audit(asked: Asked) -> web.StreamResponse:
    """Show what agents and admins did, newest first."""
    query = asked.request.query
    who, act, before = query.get("agent", ""), query.get("act", ""), query.get("before", "")
    found = await read_audit(
        asked.app[DATABASE],
        who=who,
        act=act,
        before=int(before) if _ID.fullmatch(before) else None,
    )
    acts = {
        name.removeprefix("did_"): text for name, text in ENGLISH.items() if name.startswith("did_")
    }
    return pages.render(
        asked,
        "audit.html",
        agents=await list_agents(asked.app[DATABASE]),
        acts=acts,
        shown=list(map(_shown, found.acts)),
        before=found.before,
        who=who,
        act=act,
    )


def _shown(act: Act) -> ShownAct:
    chat = _CHAT.fullmatch(act.subject)
    return ShownAct(
        act=act.act,
        who=ENGLISH["audit_command"] if act.actor == "command" else act.actor.partition(":")[2],
        subject=act.subject if chat is None else chat[2] or "",
        chat=None if chat is None else chat[1],
        at=act.at,
    )
