"""What Meta offers beside the chat: an account's templates and webhook address, and a look at a number.

Source: Business Management API, message templates and subscribed apps; Cloud API, phone numbers, read 2026-08.
"""

from collections.abc import Sequence

from adapters.whatsapp.calls import Calls
from adapters.whatsapp.templates import read_template, render_draft
from adapters.wire import objects_of, part_of, text_in, text_of
from engine.ports.services import ManualSetup, TemplateDraft, TemplateInfo, TemplateStatus

PAGE = 100
PAGES = 100
"""Ten thousand templates: more than an account may have."""

FIELDS = "id,name,language,status,category,components,rejected_reason"


class Templates:
    """The templates of one WhatsApp Business account."""

    def __init__(self, graph: Calls, *, account: str) -> None:
        self._graph = graph
        self._path = f"{account}/message_templates"

    async def list(
        self, *, name: str | None = None, status: TemplateStatus | None = None
    ) -> Sequence[TemplateInfo]:
        """Return all templates, or those with this name or status. Raises SendError."""
        found: list[TemplateInfo] = []
        asked = {"fields": FIELDS, "limit": str(PAGE), **({"name": name} if name else {})}
        after: str | None = None
        for _ in range(PAGES):
            page = await self._graph.get(self._path, **asked, **({"after": after} if after else {}))
            read = map(read_template, objects_of(page, "data"))
            # Meta finds names that contain the words too.
            found += [one for one in read if one and name in (None, one.name)]
            paging = part_of(page, "paging")
            after = text_in(paging, "cursors", "after")
            if after is None or text_of(paging, "next") is None:
                break
        return [one for one in found if status in (None, one.status)]

    async def create(self, draft: TemplateDraft) -> TemplateInfo:
        """Hand a template in for approval. Raises SendError."""
        body = render_draft(draft)
        answer = await self._graph.post(self._path, body)
        made = read_template({**body, **answer})
        assert made is not None
        return made


class Webhook:
    """Where Meta sends this account's webhooks."""

    def __init__(self, graph: Calls, *, account: str | None, verify_token: str) -> None:
        self._graph = graph
        self._account = account
        self._verify_token = verify_token

    async def register(self, url: str) -> str:
        """Set the account's own address; Meta asks it at once for the verify token.

        Raises:
            ManualSetup: The line names no `business_account_id`.
            SendError: Meta refused.
        """
        if self._account is None:
            raise ManualSetup(
                f"In Meta's app dashboard open WhatsApp, Configuration: paste {url} as callback URL and the line's "
                "verify_token beside it, then subscribe to the field messages. With business_account_id in the line's "
                "table this is done by this command."
            )
        body: dict[str, object] = {
            "override_callback_uri": url,
            "verify_token": self._verify_token,
        }
        await self._graph.post(f"{self._account}/subscribed_apps", body)
        return f"Meta sends the account's webhooks to {url} now"


class NumberProbe:
    """Looks at the number that sends."""

    def __init__(self, graph: Calls, *, number: str) -> None:
        self._graph = graph
        self._number = number

    async def check_key(self) -> str:
        """Return that the token may see the number. Raises LineRejected."""
        await self._graph.get(self._number, fields="id")
        return "Meta takes the token"

    async def check_sender(self) -> str:
        """Return the number's name, its standing and its quality. Raises SendError."""
        asked = "display_phone_number,verified_name,quality_rating,status"
        found = await self._graph.get(self._number, fields=asked)
        shown = [text_of(found, key) for key in asked.split(",")]
        return ", ".join(text for text in shown if text) or "the number is there"
