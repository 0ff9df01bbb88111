"""The inbox's page and its lists of chats."""

from aiohttp import web

from web.inbox import pages
from web.inbox.table import Asked


async def show_inbox(asked: Asked) -> web.StreamResponse:
    """Show the inbox."""
    return pages.render(asked, "inbox.html", chat=None)
