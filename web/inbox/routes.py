"""Every route of the inbox, with who may. The application has no other one under `/inbox`."""

from typing import Final

from web.inbox import (
    chat,
    composer,
    files,
    lists,
    login,
    new_chat,
    pages,
    people,
    picker,
    replies,
    sending,
)
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

_MESSAGE: Final = "{message:[1-9][0-9]{0,17}|[1-8][0-9]{18}}"

CHAT: Final[Table] = (
    Route("GET", ONE, chat.show_chat, "chat", "chat"),
    Route("GET", f"{ONE}/older", chat.show_older, "chat", "older"),
    Route("GET", f"{ONE}/messages/{_MESSAGE}", chat.show_message, "chat", "message"),
    Route("GET", f"{ONE}/composer", composer.show_composer, "chat", "composer"),
    Route("POST", f"{ONE}/draft", composer.keep_draft, "chat", "draft"),
    Route("POST", f"{ONE}/read", composer.note_read, "chat", "read"),
    Route("POST", f"{ONE}/send", sending.send, "chat", "send"),
    Route("POST", f"{ONE}/retry", sending.retry, "chat", "retry"),
    Route("POST", f"{ONE}/notes", sending.note, "chat", "note"),
    Route("POST", f"{ONE}/notes/delete", sending.drop_note, "chat", "drop_note"),
    Route("POST", f"{ONE}/files", files.upload, "chat", "upload"),
    Route("GET", f"{ONE}/files/{_MESSAGE}", files.show_file, "chat", "file"),
    Route("GET", f"{ONE}/templates", picker.show_templates, "chat", "templates"),
    Route("GET", f"{ONE}/templates/picker", picker.show_picker, "chat", "picker"),
    Route("GET", f"{ONE}/templates/one", picker.show_template, "chat", "template"),
    Route("POST", f"{ONE}/templates/preview", picker.preview_template, "chat", "preview"),
    Route("GET", f"{ONE}/replies", replies.offer_replies, "chat", "offer_replies"),
    Route("GET", "/replies", replies.show_replies, "agent", "replies"),
    Route("POST", "/replies", replies.save_reply, "supervisor", "save_reply"),
    Route("POST", "/replies/delete", replies.drop_reply, "supervisor", "drop_reply"),
    Route("GET", "/new", new_chat.show_new, "agent", "new_chat"),
    Route("POST", "/new", new_chat.begin_chat, "agent", "begin_chat"),
    Route("GET", "/new/templates", new_chat.show_new_templates, "agent", "new_templates"),
    Route("GET", "/new/templates/one", new_chat.show_new_template, "agent", "new_template"),
    Route("POST", "/new/templates/preview", new_chat.preview_new, "agent", "new_preview"),
)

SIDE: Final[Table] = ()

SUPERVISE: Final[Table] = ()

LIVE: Final[Table] = ()

REST: Final[Table] = (Route("GET", "/{path:.*}", pages.show_nothing, "agent", "nothing"),)
"""Last: what no other one takes."""

ROUTES: Final[Table] = (*LOGIN, *PEOPLE, *LISTS, *CHAT, *SIDE, *SUPERVISE, *LIVE, *REST)
