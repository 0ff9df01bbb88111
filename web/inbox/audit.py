"""The audit, for admins: what everybody did."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from storage.agents import list_agents
from storage.audit import Act, read_audit
from web.inbox import pages
from web.inbox.table import PREFIX, Asked
from web.inbox.texts import ENGLISH
from web.keys import DATABASE

_CHAT: Final = re.compile(r"[a-z][a-z0-9_]*/[0-9]+")
"""How `acts.chat_subject` names a chat."""

_ID: Final = re.compile(r"[0-9]{1,18}|[1-8][0-9]{18}")


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An act as the page lists it."""

    act: str
    who: str
    subject: str
    chat: str | None
    """Where the chat is that it was done to."""
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
        name.removeprefix("act_"): text for name, text in ENGLISH.items() if name.startswith("act_")
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
    is_chat = _CHAT.fullmatch(act.subject) is not None
    return ShownAct(
        act=act.act,
        who=ENGLISH["audit_command"] if act.actor == "command" else act.actor.partition(":")[2],
        subject=act.subject,
        chat=f"{PREFIX}/chats/{act.subject}" if is_chat else None,
        at=act.at,
    )
