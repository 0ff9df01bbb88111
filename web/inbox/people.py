"""The agents themselves: whether they want chats, their sessions and passwords; and for admins, who they are."""

from typing import Literal

from aiohttp import web

from storage.agents import set_available
from web.inbox import pages
from web.inbox.acts import act_of
from web.inbox.forms import Form, read_form
from web.inbox.signing import SESSIONS
from web.inbox.table import PREFIX, Asked
from web.keys import DATABASE


class Availability(Form):
    """Whether one wants new chats."""

    available: Literal["yes", "no"]


async def switch_availability(asked: Asked) -> web.StreamResponse:
    """Store whether the agent wants new chats."""
    wants = read_form(asked, Availability).available == "yes"
    act = "became_available" if wants else "became_unavailable"
    note = act_of(asked.app, asked.agent.actor, act, asked.agent.login, now=asked.now)
    await set_available(asked.app[DATABASE], asked.agent.login, wants, note=note)
    asked.app[SESSIONS].forget(asked.agent.login)
    if asked.is_fragment:
        return pages.render(asked, "availability.html", available=wants)
    return pages.redirect(asked, PREFIX)
