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

LISTS: Final = {"inbox": Sample()}

CHAT: Final = {"chat": Sample()}

SIDE: Final[dict[str, Sample]] = {}

SUPERVISE: Final[dict[str, Sample]] = {}

LIVE: Final[dict[str, Sample]] = {}

REST: Final = {"nothing": Sample(parts={"path": "no-such-page"}, status=404)}

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
