"""Tells the business's own servers: what is posted, how it is signed, what of an answer counts."""

import hashlib
import hmac
import time
from typing import Protocol

import orjson
from multidict import CIMultiDict
from yarl import URL

from adapters.http import Answer
from engine.core.errors import SendError
from engine.core.ids import LineId
from engine.core.value import Json
from engine.ports import Exchange
from engine.ports.news import Hook, NewsKind, Posting
from web.settings import News, Settings, WebhookSettings

POST_S = 10.0
"""For the whole post; a server that thinks longer should take it and think afterwards."""

TIMESTAMP = "X-Parley-Timestamp"
SIGNATURE = "X-Parley-Signature"

KINDS: dict[News, tuple[NewsKind, ...]] = {
    "messages": ("message_received", "message_said"),
    "statuses": ("message_status",),
    "results": ("flow_ended",),
    "handoffs": ("handoff_changed",),
}


class Call(Protocol):
    """`adapters.http.call`, the one door to other servers, with its session."""

    async def __call__(
        self, method: str, url: URL, /, *, headers: CIMultiDict[str], body: bytes, timeout_s: float
    ) -> tuple[Answer | SendError, Exchange]:
        """Call a server; return its answer or what the failure means."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature header: HMAC-SHA256 over the timestamp, a dot and the body as it is posted."""
    made = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={made.hexdigest()}"


class HttpHook:
    """One `[webhooks.NAME]`; implements `engine.ports.news.Hook`."""

    def __init__(self, name: str, settings: WebhookSettings, call: Call) -> None:
        self._name = name
        self._url = URL(settings.url)
        self._secret = "" if settings.secret is None else settings.secret.get_secret_value()
        self._lines = frozenset(settings.lines)
        self._kinds = frozenset(kind for event in settings.events for kind in KINDS[event])
        self._call = call

    @property
    def name(self) -> str:
        """What the configuration calls it."""
        return self._name

    def wants(self, line: LineId, kind: NewsKind) -> bool:
        """Tell whether it is told of this."""
        return kind in self._kinds and (not self._lines or line in self._lines)

    async def post(self, posting: Posting) -> str | None:
        """Post once; anything but a 2xx within the time is a refusal, and its reason is returned."""
        body = body_of(posting)
        timestamp = str(int(time.time()))
        headers = CIMultiDict(
            {
                "Content-Type": "application/json",
                TIMESTAMP: timestamp,
                SIGNATURE: sign(self._secret, timestamp, body),
            }
        )
        answer, _ = await self._call(
            "POST", self._url, headers=headers, body=body, timeout_s=POST_S
        )
        if isinstance(answer, SendError):
            return str(answer)
        return None if 200 <= answer.status < 300 else f"it answered {answer.status}"


def build_hooks(settings: Settings, call: Call) -> dict[str, Hook]:
    """Return the configured servers by name; their secrets have been read."""
    return {name: HttpHook(name, hook, call) for name, hook in settings.webhooks.items()}


def body_of(posting: Posting) -> bytes:
    """Return what is posted. Ids are texts: 63 bits are more than a number in JavaScript holds."""
    news = posting.news
    told: dict[str, Json] = {
        "id": news_id(posting),
        "event": news.kind,
        "at": f"{news.at.isoformat().removesuffix('+00:00')}Z",
        "line": news.line,
        "conversation": str(news.conversation),
        "contact": {"phone": posting.phone, "user_id": posting.user_id, "name": posting.name},
    }
    if posting.told is not None:
        told["message"] = _message(posting)
    match news.kind:
        case "message_status":
            told["status"] = news.facts
        case "flow_ended":
            told["result"] = news.facts
        case "handoff_changed":
            told["handoff"] = news.facts
        case "message_received" | "message_said":
            pass
    return orjson.dumps(told)


def news_id(posting: Posting) -> str:
    """Return what tells a fact from every other; told again it is the same."""
    news, facts = posting.news, posting.news.facts
    match news.kind:
        case "message_status":
            status = facts["status"] if isinstance(facts, dict) else ""
            return f"{news.message}:{status}:{int(news.at.timestamp() * 1000)}"
        case "flow_ended":
            run = facts["run"] if isinstance(facts, dict) else ""
            return f"{news.conversation}:run:{run}"
        case "handoff_changed":
            handoff = facts if isinstance(facts, dict) else {}
            told = f"{handoff.get('number')}:{handoff.get('state')}"
            return f"{news.conversation}:handoff:{told}:{int(news.at.timestamp() * 1000)}"
        case "message_received" | "message_said":
            return f"{news.message}"


def _message(posting: Posting) -> Json:
    told = posting.told
    assert told is not None
    message: dict[str, Json] = {
        "id": str(told.id),
        "external_id": told.external_id,
        "origin": told.origin,
    }
    if posting.news.kind != "message_status":  # it was told with the message
        message["content"] = told.content.model_dump(mode="json", exclude_none=True)
    return message
