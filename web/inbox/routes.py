"""Every route of the inbox, with who may. The application has no other one under `/inbox`."""

from typing import Final

from web.inbox import chat, lists, login, pages, people
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

LIVE: Final[Table] = ()

REST: Final[Table] = (Route("GET", "/{path:.*}", pages.show_nothing, "agent", "nothing"),)
"""Last: what no other one takes."""

ROUTES: Final[Table] = (*LOGIN, *PEOPLE, *LISTS, *CHAT, *SIDE, *SUPERVISE, *LIVE, *REST)
