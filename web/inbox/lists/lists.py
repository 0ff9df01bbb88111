"""The inbox's page, its lists of chats, and the search."""

from aiohttp import web

from web.inbox import pages, shell
from web.inbox.lists.finding import find
from web.inbox.lists.listing import read_list, read_rows, read_wanted
from web.inbox.lists.rows import render_row
from web.inbox.table import Asked

__all__ = ["render_row", "search_chats", "show_inbox", "show_rows"]


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


async def search_chats(asked: Asked) -> web.StreamResponse:
    """Show what a search finds in the place of the rows; for no words the rows again."""
    words = asked.request.query.get("q", "").strip()
    if not words:
        return pages.render(asked, "list_body.html", list=await read_list(asked), found=None)
    before = asked.request.query.get("before", "")
    if before.isdecimal() and len(before) < 20:
        found = await find(asked, words, int(before))
        return pages.render(asked, "hits.html", hits=found.messages, more=found.more)
    return pages.render(asked, "found.html", found=await find(asked, words))
