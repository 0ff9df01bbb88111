"""Shows the inbox: the whole page, or the one region that htmx asks for."""

from typing import Final

from aiohttp import web

from web.inbox import pages
from web.inbox.lists.finding import find
from web.inbox.lists.listing import read_list
from web.inbox.table import Asked
from web.inbox.texts import ENGLISH, lists, live
from web.inbox.texts import chat as chat_texts

TARGET: Final = "HX-Target"
"""Which region htmx puts the answer into."""


async def show(asked: Asked, *, chat: object = None, side: object = None) -> web.Response:
    """Show the inbox with a chat open, or none.

    Args:
        asked: The request.
        chat: What chat.html reads; None shows that nothing is open.
        side: What side.html reads.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    target = asked.request.headers.get(TARGET) if asked.is_fragment else None
    opened = asked.loaded
    if target == "open":
        return pages.render(asked, "open.html", chat=chat, side=side, opened=opened)
    list_ = await read_list(asked)
    found = await find(asked, list_.words) if list_.words else None
    if target == "list":
        return pages.render(asked, "list.html", list=list_, found=found)
    parts = (*lists.IN_SCRIPTS, *chat_texts.IN_SCRIPTS, *live.IN_SCRIPTS)
    texts = {key: ENGLISH[key] for key in parts}
    return pages.render(
        asked,
        "inbox.html",
        list=list_,
        found=found,
        chat=chat,
        side=side,
        opened=opened,
        texts=texts,
    )
