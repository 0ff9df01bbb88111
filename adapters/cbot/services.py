"""What the provider offers beside the chat: templates, the webhook's address, a look at the number.

Source: CBOT, "Basics"; 360dialog, messaging API reference: webhook, templates, health status, read 2026-08.
"""

import asyncio
from collections.abc import Sequence

from adapters.cbot.payloads import HEALTH, TEMPLATES, WEBHOOK
from adapters.cbot.settings import Api
from adapters.whatsapp.calls import Calls
from adapters.whatsapp.templates import read_template, render_draft
from adapters.wire import int_of, objects_of, part_of, text_in, text_of
from engine.core.errors import LineRejected, SendError
from engine.ports.services import ManualSetup, TemplateDraft, TemplateInfo, TemplateStatus

PAGE = 100
PAGES = 100
"""Ten thousand templates: more than an account may have."""


class Templates:
    """The templates of the number's account."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._namespace: str | None = None
        self._asked = False
        self._lock = asyncio.Lock()

    async def list(
        self, *, name: str | None = None, status: TemplateStatus | None = None
    ) -> Sequence[TemplateInfo]:
        """Return all templates, or those with this name or status. Raises SendError."""
        found: list[TemplateInfo] = []
        for page in range(PAGES):
            offset = page * PAGE
            answer = await self._calls.get(TEMPLATES, limit=str(PAGE), offset=str(offset))
            items = objects_of(answer, "waba_templates")
            found += [one for one in map(read_template, items) if one is not None]
            total = int_of(answer, "total")
            if not items or offset + len(items) >= (total or 0):
                break
        return [one for one in found if name in (None, one.name) and status in (None, one.status)]

    async def create(self, draft: TemplateDraft) -> TemplateInfo:
        """Hand a template in for approval. Raises SendError."""
        body = render_draft(draft)
        made = read_template({**body, **await self._calls.post(TEMPLATES, body)})
        assert made is not None
        return made

    async def namespace(self) -> str | None:
        """Return the account's namespace, asked for once; None where the provider does not tell.

        Raises:
            SendError: It cannot be asked just now; try again.
        """
        async with self._lock:
            if not self._asked:
                try:
                    known = (one.namespace for one in await self.list())
                    self._namespace = next((name for name in known if name), None)
                except SendError as error:
                    # A call that this provider lacks says nothing of the message: the send itself will tell.
                    if error.retryable and not isinstance(error, LineRejected):
                        raise
                self._asked = True
            return self._namespace


class Webhook:
    """Where the provider sends what comes in."""

    def __init__(self, calls: Calls, *, header: str | None) -> None:
        self._calls = calls
        self._header = header

    async def register(self, url: str) -> str:
        """Set the address, with the Basic header where one is configured, and read it back. Raises SendError."""
        body: dict[str, object] = {"url": url}
        if self._header is not None:
            body["headers"] = {"Authorization": self._header}
        await self._calls.post(WEBHOOK, body)
        told = text_of(await self._calls.get(WEBHOOK), "url")
        if told != url:
            return f"the provider took {url}, but still names {told}: look again in a minute"
        with_header = "" if self._header is None else ", with the line's user and password"
        return f"the provider sends webhooks to {url} now{with_header}"


class NumberProbe:
    """Looks at the number that sends."""

    def __init__(self, calls: Calls, *, api: Api) -> None:
        self._calls = calls
        self._api = api

    async def check_key(self) -> str:
        """Return where webhooks go, which the key alone may ask. Raises LineRejected."""
        url = text_of(await self._calls.get(WEBHOOK), "url")
        if not url:
            return "the provider takes the key; no webhook is set yet: run parley lines register"
        return f"the provider takes the key and sends webhooks to {url}"

    async def check_sender(self) -> str:
        """Return whether the number may send, and what is in its way. Raises SendError, or ManualSetup on-premise."""
        if self._api == "onpremise":
            raise ManualSetup(
                "the provider has no call that tells of the number; a test message tells (--to NUMBER)"
            )
        answer = await self._calls.get(HEALTH)
        state = text_in(answer, "health_status", "can_send_message") or "unknown"
        blocked = [
            f"{text_of(entity, 'entity_type')}: {text_of(error, 'error_description')}"
            for entity in objects_of(part_of(answer, "health_status"), "entities")
            for error in objects_of(entity, "errors")
        ]
        return "; ".join([f"sending is {state}", *blocked])
