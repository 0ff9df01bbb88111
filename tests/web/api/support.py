"""A served API: two lines against a pretended Meta, one flow, and whoever calls it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final, get_args

from engine.core.ids import LineId
from engine.core.templates import TemplateShape
from engine.core.value import Json
from engine.ports.services import TemplateInfo
from storage.broadcasts import Recipient, StoredBroadcasts
from storage.tokens import create_token
from tests.web.support import SANDBOX, Bot, line_table, running
from web.api.table import Scope
from web.keys import DATABASE

WITHIN_S = 30
"""For what happens by itself; it is nearly always there at once."""

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

TEA = '''"""Asks how the tea shall be."""

from typing import Annotated, Literal

from annotated_types import Interval

from parley import END, Flow, ask, say


class Tea(Flow, starts_on=["tea"]):
    size: Literal["Small", "Large"] = ask("Which size?")
    cups: Annotated[int, Interval(ge=1, le=9)] = ask("How many?")
    done = say("Here you are.", then=END)
'''

TEMPLATE: Final[dict[str, Json]] = {"kind": "template", "name": "tea_is_ready", "language": "en"}
TEXT: Final[dict[str, Json]] = {"kind": "text", "body": "Your tea is ready."}

WRITTEN = """
[[template]]
name = "order_is_ready"
language = "en"
category = "utility"
body = "{{1}}, your order {{2}} is ready."

[[template]]
name = "big_sale"
language = "en"
category = "marketing"
body = "All teas at half their price!"
"""
"""What the line `shop` knows of templates; all others pass."""

SYNCED: Final = (
    TemplateInfo(
        name="order_is_ready",
        language="en",
        status="approved",
        category="utility",
        shape=TemplateShape(body="{{1}}, your order {{2}} is ready."),
    ),
    TemplateInfo(
        name="big_sale",
        language="en",
        status="approved",
        category="marketing",
        shape=TemplateShape(body="All teas at half their price!"),
    ),
)
"""The same as a provider lists it: who stores templates of `shop` stores these too, or the server, which looks
every minute, would forget what the other tests ask for."""

CHATS: Final = {
    act: f"521555000300{place}"
    for place, act in enumerate(("read", "takeover", "messages", "release", "close"))
}
"""A contact who has written, for each thing that is done with chats."""

_numbers = count(5215560000000)
_names = count(1)


@dataclass(frozen=True)
class Answered:
    """What the API answered."""

    status: int
    said: Any
    text: str
    headers: Mapping[str, str]

    @property
    def refusal(self) -> tuple[int, str]:
        """The status and the code of an error, whose shape is the one of every error."""
        assert set(self.said) == {"ok", "error", "code", "status"}
        assert self.said["ok"] is False
        assert self.said["status"] == self.status
        assert self.headers["Content-Type"].startswith("application/json")
        return self.status, self.said["code"]


@dataclass(frozen=True)
class Api:
    """The served API."""

    bot: Bot
    token: str
    """Of every scope, on every line."""

    async def make_token(
        self, *, scopes: Sequence[str] = SCOPES, lines: Sequence[str] = (), name: str | None = None
    ) -> str:
        return await create_token(
            self.bot.app[DATABASE],
            name or f"token-{next(_names)}",
            scopes=scopes,
            lines=lines,
            now=datetime.now(UTC),
        )

    async def call(
        self,
        method: str,
        path: str,
        body: Json | bytes = None,
        *,
        token: str | None = "",
        key: str | None = None,
    ) -> Answered:
        """Ask the API, with the token of everything unless another or None is named."""
        shown = self.token if token == "" else token
        headers = {} if shown is None else {"Authorization": f"Bearer {shown}"}
        headers |= {} if key is None else {"Idempotency-Key": key}
        sent: dict[str, Any] = {"data" if isinstance(body, bytes) else "json": body}
        sent = {} if body is None else sent
        url = f"/api/v1{path}"
        async with self.bot.client.request(method, url, headers=headers, **sent) as answer:
            return Answered(answer.status, await answer.json(), await answer.text(), answer.headers)

    async def send(self, phone: str, content: Json = None, **more: Any) -> Answered:
        """Ask for a message to a phone on the line `shop`; a template unless another content is named."""
        body: dict[str, Json] = {
            "line": more.pop("line", "shop"),
            "to": {"phone": phone},
            "content": TEMPLATE if content is None else content,
            "closed": more.pop("closed", "fail"),
        }
        return await self.call("POST", "/messages", body, **more)

    async def start(self, phone: str, flow: str = "tea", **more: Any) -> Answered:
        """Ask for a flow with a phone on the line `shop`."""
        body: dict[str, Json] = {
            "line": "shop",
            "contact": {"phone": phone},
            "answers": more.pop("answers", {}),
            "if_busy": more.pop("if_busy", "queue"),
        }
        return await self.call("POST", f"/flows/{flow}/start", body, **more)

    async def hears(self, phone: str, text: str) -> None:
        """Let a contact write, and wait for the bot's answer."""
        contact = self.bot.sandbox.contact(phone)
        await contact.says(text)
        await contact.receives(timeout_s=WITHIN_S)

    async def until(self, id_: str, *statuses: str) -> Answered:
        """Ask for a message's status until it is one of these."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                answered = await self.call("GET", f"/messages/{id_}")
                if answered.said.get("status") in statuses:
                    return answered
                await asyncio.sleep(0.05)

    def chat(self, phone: str) -> str:
        """Return the conversation with a phone on the line `shop`."""
        ((conversation,),) = self.bot.rows(
            "SELECT c.id FROM conversation c JOIN contact p ON p.line_id = c.line_id"
            " AND p.id = c.contact_id WHERE p.line_id = 'shop' AND p.phone = ?",
            phone,
        )
        return str(conversation)

    def messages(self, phone: str) -> list[tuple[str, str]]:
        """Return what was said to a phone: the content's JSON and the status, oldest first."""
        found = self.bot.rows(
            "SELECT m.content, m.status FROM message m JOIN conversation c ON c.id = m.conversation_id"
            " JOIN contact p ON p.id = c.contact_id WHERE p.phone = ? AND m.direction = 'out'"
            " ORDER BY m.id",
            phone,
        )
        return [(str(content), str(status)) for content, status in found]


def new_phone() -> str:
    """Return the number of somebody who was never here."""
    return str(next(_numbers))


@asynccontextmanager
async def serving_api(folder: Path) -> AsyncIterator[Api]:
    """Serve the lines `shop` and `kiosk`; of the latter's templates the account is asked."""
    kiosk = line_table("kiosk", "106540352242999", base_url="{base_url}")
    kiosk += f'business_account_id = "{SANDBOX.account_id}"\n'
    (folder / "flows").mkdir()
    (folder / "flows" / "templates.toml").write_text(WRITTEN, "utf-8")
    more = f"{kiosk}\n[api]\nrequests_per_second = 1000\nburst = 100000\n"
    async with running(folder, flow=TEA, more=more) as bot:
        # Broadcast 1, which sends nothing.
        nobody = Recipient(1, "", None, "no number")
        await StoredBroadcasts(bot.app[DATABASE]).begin(
            LineId("shop"),
            [nobody],
            template="tea_is_ready",
            language="en",
            source="tea.csv",
            now=datetime.now(UTC),
        )
        served = Api(bot, await Api(bot, "").make_token(name="everything"))
        for phone in CHATS.values():
            await served.hears(phone, "tea")
        yield served
