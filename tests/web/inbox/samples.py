"""For each route of the inbox a request that is right: the table of rights makes the wrong ones of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

PASSWORD: Final = "seven green herons"


@dataclass(frozen=True)
class Sample:
    """What to send, and what comes of it where it is allowed."""

    form: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    """Of the path; a chat's line and conversation are filled in."""
    query: str = ""
    status: int = 200
    held: bool = False
    """Of a chat's: whether the agent holds it."""
    noted: str = ""
    """The act that the audit has of it."""


LOGIN: Final = {
    "login": Sample(),
    "log_in": Sample({"login": "nobody-yet", "password": PASSWORD}, status=401),
    "static": Sample(parts={"version": "0" * 16, "path": "base.css"}),
    "logout": Sample(status=303),
}

ACCOUNT: Final = {
    "availability": Sample({"available": "yes"}, status=303),
    "account": Sample(),
    "revoke_own": Sample({"session": "others"}, status=303),
    "change_password": Sample({"old": PASSWORD, "new": PASSWORD}, status=422),
}

SOMEBODY: Final = {"login": "somebody"}
"""An agent who is there for these requests."""

PEOPLE: Final = {
    "people": Sample(),
    "add_person": Sample({"login": "somebody", "password": PASSWORD}, status=422),
    "person": Sample(parts=SOMEBODY),
    "change_person": Sample({"name": "Some Body"}, SOMEBODY, status=303),
    "reset_password": Sample({"password": "short"}, SOMEBODY, status=422),
    "set_access": Sample({"access": "enable"}, SOMEBODY, status=303),
    "end_sessions": Sample({}, SOMEBODY),
    "audit": Sample(query="?agent=somebody"),
}

LISTS: Final = {
    "inbox": Sample(),
    "rows": Sample(query="?view=all"),
    "search": Sample(query="?q=hello"),
}

CLIENT: Final = {"client": "sample-client"}
TEMPLATE: Final = "?name=no_such&language=en"

CHAT: Final = {
    "chat": Sample(),
    "older": Sample(query="?before=1"),
    "composer": Sample(),
    "draft": Sample({"text": "Dear"}, status=204),
    "read": Sample({"message": "1"}, status=204),
    "send": Sample(
        CLIENT | {"message": '{"kind": "text", "text": "hello"}'}, held=True, noted="replied"
    ),
    "retry": Sample({"id": "1"}, status=404),
    "note": Sample(CLIENT | {"text": "for us"}, noted="noted"),
    "drop_note": Sample({"id": "1"}, status=404),
    "upload": Sample(status=409),
    "file": Sample(parts={"message": "1"}, status=404),
    "templates": Sample(),
    "picker": Sample(),
    "template": Sample(query=TEMPLATE, status=404),
    "preview": Sample({"name": "no_such", "language": "en"}, status=404),
    "offer_replies": Sample(),
    "replies": Sample(),
    "save_reply": Sample({"shortcut": "hi", "text": "Hello"}, status=303),
    "drop_reply": Sample({"shortcut": "hi"}, status=303),
    "new_chat": Sample(),
    "begin_chat": Sample(CLIENT | {"line": "shop", "phone": "none"}, status=422),
    "new_templates": Sample(query="?line=shop"),
    "new_template": Sample(query=f"{TEMPLATE}&line=shop", status=404),
    "new_preview": Sample({"line": "shop", "name": "no_such", "language": "en"}, status=404),
}

ACT: Final = {"act": "1"}

SIDE: Final = {
    "side": Sample(),
    "diagram": Sample(),
    "claim": Sample(ACT, status=303, noted="chat_claimed"),
    "ask_take_over": Sample(),
    "take_over": Sample(ACT, status=303, noted="chat_taken_over"),
    "ask_assign": Sample(),
    "assign": Sample(ACT | {"to": "somebody"}, status=303, noted="chat_assigned"),
    "ask_transfer": Sample(),
    "transfer": Sample(ACT, status=303, noted="chat_transferred"),
    "review": Sample(ACT, status=303),
    "hand_back": Sample(ACT | {"run": "1"}, status=303, held=True, noted="chat_released"),
    "ask_close": Sample(),
    "close": Sample(ACT | {"reason": "answered"}, status=303, held=True, noted="chat_closed"),
    "ask_snooze": Sample(),
    "snooze": Sample({"until": "hour"}, status=303, noted="chat_snoozed"),
    "wake": Sample(status=303, noted="chat_woken"),
    "ask_labels": Sample(),
    "tag": Sample({"name": "angry"}, status=303, noted="label_added"),
}

SUPERVISE: Final = {
    "supervise": Sample(),
    "supervise_now": Sample(),
    "figures": Sample(),
    "ask_reassign": Sample(query="?login=somebody"),
    "reassign": Sample(ACT | {"login": "somebody"}, status=303),
}

ENDPOINT: Final = {"endpoint": "https://push.example.com/abc"}

LIVE: Final = {
    "events": Sample(query="?view=queue"),
    "presence": Sample({"stream": "unknown", "visible": "yes"}, status=204),
    "push_key": Sample(),
    "push_subscribe": Sample(ENDPOINT | {"public_key": "none", "auth": "none"}, status=422),
    "push_unsubscribe": Sample(ENDPOINT, status=204),
    "manifest": Sample(),
    "worker": Sample(),
    "offline": Sample(),
}

REST: Final = {"nothing": Sample(parts={"path": "no-such-page"}, status=404)}

QUIET: Final = frozenset(
    {"draft", "read", "preview", "review", "upload", "retry", "drop_note", "presence"}
)
"""What is sent without being an act, and whose samples there is nothing to do for."""

SAMPLES: Final = {
    **LOGIN,
    **ACCOUNT,
    **PEOPLE,
    **LISTS,
    **CHAT,
    **SIDE,
    **SUPERVISE,
    **LIVE,
    **REST,
}
