"""An adapter for tests: it remembers what was sent and fails when told to. Shipped, so that authors can use it."""

import asyncio
from collections import deque
from datetime import datetime

import orjson
from pydantic import TypeAdapter, ValidationError

from adapters.cloud.capabilities import CAPABILITIES
from adapters.line import LineAdapter
from adapters.wire import Wire, items_of, load_object, part_of, text_of, tidy, time_of
from engine.core.capabilities import Capabilities
from engine.core.content import Inbound, Media, Unsupported
from engine.core.errors import ContentRejected, PayloadInvalid, SendError, SignatureInvalid
from engine.core.ids import ExternalId, LineId, MessageId
from engine.core.signals import Arrival, DeliveryReported, LineReported, MessageReceived, Sender
from engine.ports import Accepted, FetchedMedia, Outgoing, Parcel, Refused, WebhookRequest
from engine.ports.services import NO_SERVICES, Services

INBOUND: TypeAdapter[Inbound] = TypeAdapter(Inbound)

HEADER = "x-fake-secret"


class FakeAdapter(LineAdapter):
    """A provider that exists in memory alone.

    Its webhook body is `{"account"?, "messages"?: [{id, from, content, timestamp?}], "statuses"?: [{id, status,
    message?, timestamp?}]}`, where `content` is one of ours; `message_payload` writes one.

    Args:
        line: The line it serves.
        capabilities: What it can show; those of a Cloud line by default.
        account: What bodies call it.
        secret: Wanted in the header `x-fake-secret`; None takes any request.
        read_marks: Whether turns mark what they answer as read.
        services: What it offers beside the chat.
    """

    def __init__(
        self,
        line: LineId,
        *,
        capabilities: Capabilities = CAPABILITIES,
        account: str | None = None,
        secret: str | None = None,
        read_marks: bool = False,
        services: Services = NO_SERVICES,
    ) -> None:
        super().__init__(
            line,
            account=account,
            capabilities=capabilities,
            read_marks=read_marks,
            services=services,
        )
        self._secret = secret
        self._failures: deque[SendError | None] = deque()
        self._gate = asyncio.Event()
        self._gate.set()
        self.tried: list[Outgoing] = []
        """Every send that began, in order, refused ones too."""
        self.sent: list[Outgoing] = []
        """What was accepted, in order."""
        self.files: dict[str, FetchedMedia] = {}
        """What `fetch` finds, by external id."""
        self.closed = False

    # --- what a test tells it --------------------------------------------------------------------

    def refuse(self, *errors: SendError | None) -> None:
        """Refuse the next sends with these errors, in order; None lets one through. AnswerLost loses the answer."""
        self._failures.extend(errors)

    def hold(self) -> None:
        """Let every send wait until `release`: a slow provider without a clock."""
        self._gate.clear()

    def release(self) -> None:
        """Let the waiting sends go on."""
        self._gate.set()

    # --- the adapter -----------------------------------------------------------------------------

    def challenge(self, query: dict[str, str]) -> str:
        """Return the `challenge` of the query. Raises PayloadInvalid."""
        if "challenge" not in query:
            raise PayloadInvalid("no challenge in the query")
        return query["challenge"]

    def verify(self, request: WebhookRequest) -> None:
        """Compare the header with the secret. Raises SignatureInvalid."""
        if self._secret is not None and request.headers.get(HEADER) != self._secret:
            raise SignatureInvalid

    def parse(self, body: bytes, *, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid."""
        payload = load_object(body)
        arrivals = [
            *(self._read_message(item, received_at) for item in items_of(payload, "messages")),
            *(self._read_status(item, received_at) for item in items_of(payload, "statuses")),
        ]
        return [Parcel(text_of(payload, "account"), tuple(arrivals))] if arrivals else []

    async def send(self, outgoing: Outgoing) -> Accepted | Refused:
        """Remember the message and accept it, or do what the test said."""
        self.tried.append(outgoing)
        await self._gate.wait()
        error = self._failures.popleft() if self._failures else None
        if error is not None:
            return Refused(error)
        self.sent.append(outgoing)
        return Accepted(ExternalId(f"fake:{outgoing.id}:{len(self.sent)}"))

    async def fetch(self, media: Media) -> FetchedMedia:
        """Return a file of `files`. Raises ContentRejected."""
        found = self.files.get(media.external_id or "")
        if found is None:
            raise ContentRejected("no such file")
        return found

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    # --- reading ---------------------------------------------------------------------------------

    def _read_message(self, item: object, received_at: datetime) -> Arrival:
        message: Wire = item if isinstance(item, dict) else {}
        key, phone = text_of(message, "id"), text_of(message, "from")
        if key is None or phone is None:
            return self._report(item, received_at)
        signal = MessageReceived(
            external_id=ExternalId(key),
            content=_read_content(part_of(message, "content")),
            sent_at=time_of(message, "timestamp", otherwise=received_at),
        )
        sender = Sender(phone=phone)
        return Arrival(
            line=self._line, key=key, signal=signal, received_at=received_at, sender=sender
        )

    def _read_status(self, item: object, received_at: datetime) -> Arrival:
        status: Wire = item if isinstance(item, dict) else {}
        try:
            signal = DeliveryReported.model_validate(
                {
                    "external_id": text_of(status, "id"),
                    "message": status.get("message"),
                    "status": status.get("status"),
                    "at": time_of(status, "timestamp", otherwise=received_at),
                }
            )
        except ValidationError:
            return self._report(item, received_at)
        key = f"{signal.external_id}:{signal.status}"
        return Arrival(line=self._line, key=key, signal=signal, received_at=received_at)

    def _report(self, item: object, received_at: datetime) -> Arrival:
        data = tidy(item)
        key = f"report:{orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()}"
        signal = LineReported(field="unknown", data=data)
        return Arrival(line=self._line, key=key, signal=signal, received_at=received_at)


def message_payload(
    content: Inbound, *, id: str, sender: str = "5215550001", account: str | None = None
) -> bytes:
    """Return a webhook body with one message."""
    message = {"id": id, "from": sender, "content": content.model_dump(mode="json")}
    return orjson.dumps({"account": account, "messages": [message]})


def status_payload(id: str, status: str, *, message: MessageId | None = None) -> bytes:
    """Return a webhook body with one delivery report."""
    return orjson.dumps({"statuses": [{"id": id, "status": status, "message": message}]})


def _read_content(content: Wire) -> Inbound:
    try:
        return INBOUND.validate_python(content)
    except ValidationError:
        return Unsupported(type=text_of(content, "kind") or "")
