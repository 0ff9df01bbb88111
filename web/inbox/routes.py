"""Every route of the inbox, with who may. The application has no other one under `/inbox`."""

from typing import Final

from web.inbox import pages
from web.inbox.chat import chat
from web.inbox.lists import lists
from web.inbox.live import installed, live, pushing
from web.inbox.people import account, audit, login, people
from web.inbox.side import chat_acts, dialogs, handing_back, side
from web.inbox.supervise import supervise
from web.inbox.table import CHAT as ONE
from web.inbox.table import OpenRoute, Route
from web.inbox.writing import composer, files, new_chat, picker, replies, sending

Table = tuple[Route | OpenRoute, ...]

LOGIN: Final[Table] = (
    OpenRoute("GET", "/login", login.show_login, "login"),
    OpenRoute("POST", "/login", login.log_in, "log_in"),
    OpenRoute("GET", "/static/{version:[0-9a-f]{16}}/{path:.+}", pages.serve_file, "static"),
    Route("POST", "/logout", login.log_out, "agent", "logout"),
)

ACCOUNT: Final[Table] = (
    Route("POST", "/availability", account.switch_availability, "agent", "availability"),
    Route("GET", "/account", account.show_account, "agent", "account"),
    Route("POST", "/account/sessions", account.revoke, "agent", "revoke_own"),
    Route("POST", "/account/password", account.change_password, "agent", "change_password"),
)

_ONE_PERSON: Final = "/people/{login:[^/]{1,200}}"

PEOPLE: Final[Table] = (
    Route("GET", "/people", people.show_people, "admin", "people"),
    Route("POST", "/people", people.add_person, "admin", "add_person"),
    Route("GET", _ONE_PERSON, people.show_person, "admin", "person"),
    Route("POST", _ONE_PERSON, people.change_person, "admin", "change_person"),
    Route("POST", f"{_ONE_PERSON}/password", people.reset_password, "admin", "reset_password"),
    Route("POST", f"{_ONE_PERSON}/access", people.set_access, "admin", "set_access"),
    Route("POST", f"{_ONE_PERSON}/sessions", people.end_sessions, "admin", "end_sessions"),
    Route("GET", "/audit", audit.show_audit, "admin", "audit"),
)

LISTS: Final[Table] = (
    Route("GET", "", lists.show_inbox, "agent", "inbox"),
    Route("GET", "/rows", lists.show_rows, "agent", "rows"),
    Route("GET", "/search", lists.search_chats, "agent", "search"),
)

_MESSAGE: Final = "{message:[1-9][0-9]{0,17}|[1-8][0-9]{18}}"

CHAT: Final[Table] = (
    Route("GET", ONE, chat.show_chat, "chat", "chat"),
    Route("GET", f"{ONE}/older", chat.show_older, "chat", "older"),
    Route("GET", f"{ONE}/composer", composer.show_composer, "chat", "composer"),
    Route("POST", f"{ONE}/draft", composer.keep_draft, "chat", "draft"),
    Route("POST", f"{ONE}/read", composer.note_read, "chat", "read"),
    Route("POST", f"{ONE}/send", sending.send_reply, "chat", "send"),
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

SIDE: Final[Table] = (
    Route("GET", ONE + "/side", side.show_side, "chat", "side"),
    Route("GET", ONE + "/diagram", side.show_diagram, "chat", "diagram"),
    Route("POST", ONE + "/claim", chat_acts.claim, "chat", "claim"),
    Route("GET", ONE + "/takeover", dialogs.ask_take_over, "chat", "ask_take_over"),
    Route("POST", ONE + "/takeover", chat_acts.take_over, "chat", "take_over"),
    Route("GET", ONE + "/assign", dialogs.ask_assign, "chat", "ask_assign"),
    Route("POST", ONE + "/assign", chat_acts.assign, "chat", "assign"),
    Route("GET", ONE + "/transfer", dialogs.ask_transfer, "chat", "ask_transfer"),
    Route("POST", ONE + "/transfer", chat_acts.transfer, "chat", "transfer"),
    Route("POST", ONE + "/handback", handing_back.review, "chat", "review"),
    Route("POST", ONE + "/release", handing_back.hand_back, "chat", "hand_back"),
    Route("GET", ONE + "/close", dialogs.ask_close, "chat", "ask_close"),
    Route("POST", ONE + "/close", chat_acts.close, "chat", "close"),
    Route("GET", ONE + "/snooze", dialogs.ask_snooze, "chat", "ask_snooze"),
    Route("POST", ONE + "/snooze", chat_acts.put_off, "chat", "snooze"),
    Route("POST", ONE + "/wake", chat_acts.wake, "chat", "wake"),
    Route("GET", ONE + "/labels", dialogs.ask_labels, "chat", "ask_labels"),
    Route("POST", ONE + "/labels", chat_acts.tag, "chat", "tag"),
)

SUPERVISE: Final[Table] = (
    Route("GET", "/supervise", supervise.show_supervise, "supervisor", "supervise"),
    Route("GET", "/supervise/now", supervise.show_now, "supervisor", "supervise_now"),
    Route("GET", "/supervise/figures.csv", supervise.download, "supervisor", "figures"),
    Route("GET", "/supervise/reassign", supervise.ask_reassign, "supervisor", "ask_reassign"),
    Route("POST", "/supervise/reassign", supervise.reassign, "supervisor", "reassign"),
)

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

ROUTES: Final[Table] = (*LOGIN, *ACCOUNT, *PEOPLE, *LISTS, *CHAT, *SIDE, *SUPERVISE, *LIVE, *REST)
