"""A business as a webhook sees it: checks the signature, keeps what came, answers as told."""

import hashlib
import hmac
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

import orjson
from pydantic import JsonValue

from adapters.sandbox.cloud import CloudSandbox, CloudSettings
from adapters.sandbox.courier import Heard

Object = dict[str, JsonValue]

START = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


class Business:
    """Stands in for the other end of `post`, without a network."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self.values: list[Object] = []
        """`value` of each webhook, in the order of arrival."""
        self.answers: deque[int | None] = deque()
        """What to answer next; 200 when empty."""

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Heard | None:
        mark = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        assert headers["X-Hub-Signature-256"] == f"sha256={mark}"
        (entry,) = orjson.loads(body)["entry"]
        (change,) = entry["changes"]
        assert change["field"] == "messages"
        self.values.append(change["value"])
        status = self.answers.popleft() if self.answers else 200
        return None if status is None else Heard(status)

    @property
    def messages(self) -> list[Object]:
        return [cast("Object", one) for value in self.values for one in _listed(value, "messages")]

    @property
    def statuses(self) -> list[Object]:
        return [cast("Object", one) for value in self.values for one in _listed(value, "statuses")]


def _listed(value: Object, key: str) -> list[JsonValue]:
    return cast("list[JsonValue]", value.get(key, []))


class Clock:
    """Both clocks of a sandbox, moved by hand."""

    def __init__(self) -> None:
        self.at = START
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_by(self, **length: float) -> None:
        self.at += timedelta(**length)
        self.seconds += timedelta(**length).total_seconds()


class Bench:
    """A sandbox with its business and its clock."""

    def __init__(self, settings: CloudSettings | None = None) -> None:
        self.settings = settings or CloudSettings()
        self.clock = Clock()
        self.business = Business(self.settings.app_secret)
        self.sandbox = CloudSandbox(
            self.settings,
            now=self.clock.now,
            monotonic=self.clock.monotonic,
            post=self.business.post,
        )

    def send(self, body: Object) -> Object:
        """Send as the HTTP face does. Raises CloudRefusal."""
        request, _ = self.sandbox.receive("POST", "/v23.0/1/messages", body)
        return self.sandbox.answer(body, request)


def text_to(to: str, body: str = "Hello", **more: JsonValue) -> Object:
    return {
        "messaging_product": "whatsapp",
        "to": to,
        "type": "text",
        "text": {"body": body},
        **more,
    }
