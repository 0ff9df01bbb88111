"""A real application on loopback: its own SQLite file, its flows, and a pretended Meta that it talks to."""

import asyncio
import hmac
import io
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.sandbox.cloud import CloudSandbox, CloudSettings, served
from engine.core.value import Json
from tests.ports import free_port
from tests.ready import ready
from web.app import build_app
from web.settings import Settings, load_settings

Client = TestClient[web.Request, web.Application]

SANDBOX = CloudSettings()

DRINKS = '''"""Asks for a drink."""

from parley import END, Flow, choose, say, to


class Drinks(Flow, start=True):
    drink = choose("Tea or coffee?", {"Tea": to.tea, "Coffee": to.coffee})
    tea = say("Here is your tea.", then=END)
    coffee = say("Here is your coffee.", then=END)
'''

LINE = """
[lines.{name}]
provider = "cloud"
phone_number_id = "{number}"
token = "{token}"
app_secret = "{secret}"
verify_token = "{verify}"
base_url = "{base_url}"
"""


def line_table(name: str, number: str, *, base_url: str, secret: str = SANDBOX.app_secret) -> str:
    """Return the TOML of one Cloud line."""
    return LINE.format(
        name=name,
        number=number,
        token=SANDBOX.token,
        secret=secret,
        verify=SANDBOX.verify_token,
        base_url=base_url,
    )


def write_flow(folder: Path, text: str = DRINKS) -> None:
    """Put one flow file into the folder's `flows`."""
    flows = folder / "flows"
    flows.mkdir(exist_ok=True)
    (flows / "talk.py").write_text(text, "utf-8")


@dataclass(frozen=True)
class Bot:
    """A running application and what surrounds it."""

    client: Client
    sandbox: CloudSandbox
    settings: Settings
    app: web.Application

    async def post(
        self,
        body: Json | bytes,
        *,
        line: str = "shop",
        secret: str = SANDBOX.app_secret,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Post a webhook as Meta would; the status and the body of the answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = signature(data, secret) if headers is None else headers
        async with self.client.post(
            f"/webhooks/{line}", data=io.BytesIO(data), headers=signed
        ) as answer:
            return answer.status, await answer.read()

    def rows(self, statement: str, *values: str | int) -> list[tuple[object, ...]]:
        """Ask the database file itself."""
        return rows(self.settings, statement, *values)

    async def writes(self, statement: str, *values: str | int) -> None:
        """Write to the database file as another program would.

        In a thread: the server shares this one, and may hold the lock that is asked for.
        """

        def write() -> None:
            file = self.settings.database.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(statement, values)
                connection.execute("COMMIT")

        await asyncio.to_thread(write)


def rows(settings: Settings, statement: str, *values: str | int) -> list[tuple[object, ...]]:
    """Ask a database file as any other program would."""
    file = settings.database.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as reader:
        return reader.execute(statement, values).fetchall()


def signature(body: bytes, secret: str = SANDBOX.app_secret) -> dict[str, str]:
    """Return the header Meta signs a body with."""
    return {"X-Hub-Signature-256": f"sha256={hmac.digest(secret.encode(), body, 'sha256').hex()}"}


def text_body(
    text: str,
    *,
    id: str = "wamid.1",
    sender: str = "5215550001",
    number: str = SANDBOX.phone_number_id,
    timestamp: int = 1_900_000_000,
) -> Json:
    """Return a webhook body with one text message."""
    message: Json = {
        "from": sender,
        "id": id,
        "timestamp": str(timestamp),
        "type": "text",
        "text": {"body": text},
    }
    return body_with({"messages": [message]}, number=number)


def body_with(value: dict[str, Json], *, number: str = SANDBOX.phone_number_id) -> Json:
    """Return a webhook body with one change of the field `messages`."""
    metadata: Json = {"display_phone_number": "15550001000", "phone_number_id": number}
    change: Json = {
        "field": "messages",
        "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": SANDBOX.account_id, "changes": [change]}],
    }


@asynccontextmanager
async def running(
    folder: Path,
    *,
    flow: str = DRINKS,
    more: str = "",
    sandbox: CloudSettings = SANDBOX,
    port: int | None = None,
) -> AsyncIterator[Bot]:
    """Serve one line `shop` against a sandbox.

    Args:
        folder: Where configuration, flows and database go.
        flow: The text of the flow file.
        more: Further TOML; `{base_url}` stands for the sandbox's address.
        sandbox: How Meta behaves.
        port: Where the server listens; None takes a free one.
    """
    write_flow(folder, flow)
    port = port or free_port()
    webhook = f"http://127.0.0.1:{port}/webhooks/shop"
    meta = CloudSandbox(sandbox.model_copy(update={"webhook_url": webhook}))
    async with served(meta) as address:
        base_url = f"{address}/v23.0"
        file = folder / "parley.toml"
        shop = line_table("shop", sandbox.phone_number_id, base_url=base_url)
        file.write_text(shop + more.replace("{base_url}", base_url), "utf-8")
        settings = load_settings(file)
        if settings.database.url.startswith("sqlite:///"):
            ready(Path(settings.database.url.removeprefix("sqlite:///")))
        app = build_app(settings)
        async with TestClient(TestServer(app, port=port)) as client:
            yield Bot(client, meta, settings, app)
