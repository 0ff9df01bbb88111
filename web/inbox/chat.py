"""One chat: its transcript, and what is written."""

from aiohttp import web

from web.inbox import pages
from web.inbox.table import Asked


async def show_chat(asked: Asked) -> web.StreamResponse:
    """Show the inbox with a chat open."""
    return pages.render(asked, "inbox.html", chat=asked.chat)
