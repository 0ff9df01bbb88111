"""Every route of the inbox, with who may. The application has no other one under `/inbox`."""

from typing import Final

from web.inbox import chat, installed, lists, live, login, pages, people, pushing
from web.inbox.table import CHAT as ONE
from web.inbox.table import OpenRoute, Route

Table = tuple[Route | OpenRoute, ...]

LOGIN: Final[Table] = (
    OpenRoute("GET", "/login", login.show_login, "login"),
    OpenRoute("POST", "/login", login.log_in, "log_in"),
    OpenRoute("GET", "/static/{version:[0-9a-f]{16}}/{path:.+}", pages.serve_file, "static"),
    Route("POST", "/logout", login.log_out, "agent", "logout"),
)

PEOPLE: Final[Table] = (
    Route("POST", "/availability", people.switch_availability, "agent", "availability"),
)

LISTS: Final[Table] = (
    Route("GET", "", lists.show_inbox, "agent", "inbox"),
    Route("GET", "/rows", lists.show_rows, "agent", "rows"),
)

CHAT: Final[Table] = (Route("GET", ONE, chat.show_chat, "chat", "chat"),)

SIDE: Final[Table] = ()

SUPERVISE: Final[Table] = ()

LIVE: Final[Table] = (
    Route("GET", "/events", live.stream_events, "agent", "events", streams=True),
    Route("POST", "/presence", live.note_presence, "agent", "presence"),
    Route("GET", "/push", pushing.show_key, "agent", "push_key"),
    Route("POST", "/push/subscribe", pushing.add_browser, "agent", "push_subscribe"),
    Route("POST", "/push/unsubscribe", pushing.remove_browser, "agent", "push_unsubscribe"),
    OpenRoute("GET", "/manifest.webmanifest", installed.show_manifest, "manifest"),
    OpenRoute("GET", "/sw.js", installed.serve_worker, "worker"),
    OpenRoute("GET", "/offline", installed.show_offline, "offline"),
)

REST: Final[Table] = (Route("GET", "/{path:.*}", pages.show_nothing, "agent", "nothing"),)
"""Last: what no other one takes."""

ROUTES: Final[Table] = (*LOGIN, *PEOPLE, *LISTS, *CHAT, *SIDE, *SUPERVISE, *LIVE, *REST)
