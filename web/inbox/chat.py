"""One chat: its transcript, and what is written."""

from aiohttp import web

from web.inbox import shell
from web.inbox.side import read_side
from web.inbox.table import Asked


async def show_chat(asked: Asked) -> web.StreamResponse:
    """Show the inbox with a chat open."""
    return await shell.show(asked, chat=asked.chat, side=await read_side(asked, asked.chat))
