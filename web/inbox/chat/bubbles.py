"""Entries of a transcript as HTML; rendered once, they are every agent's."""

from aiohttp import web

from web.inbox.chat.entries import Entry
from web.inbox.pages import render_text


def render_entry(app: web.Application, entry: Entry) -> str:
    """Return an entry as HTML: one list item whose `id` is the entry's, for the page's `#messages`."""
    return render_text(app, "entry.html", one=entry).strip()
