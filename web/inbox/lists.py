"""The inbox's page, its lists of chats, and the search."""

from aiohttp import web

from web.inbox import pages, shell
from web.inbox.listing import read_rows, read_wanted
from web.inbox.rows import render_row
from web.inbox.table import Asked

__all__ = ["render_row", "show_inbox", "show_rows"]


async def show_inbox(asked: Asked) -> web.StreamResponse:
    """Show the inbox with no chat open."""
    return await shell.show(asked)


async def show_rows(asked: Asked) -> web.StreamResponse:
    """Show the next rows of a list, for its end to be replaced by them."""
    wanted = read_wanted(asked.request.query, None, asked.agent)
    rows, more = await read_rows(asked, wanted, asked.request.query.get("before"))
    return pages.render(
        asked,
        "rows.html",
        rows=rows,
        more=wanted.href("/rows", before=more) if more else None,
        more_page=wanted.href(before=more) if more else None,
    )
