"""The floor: what aiohttp alone costs to take a webhook and answer it by one client POST.

No state, no signature check, no database: the reply follows from the message in hand. Anything durable costs more; the
benchmark tells how much.
"""

import asyncio
import multiprocessing
import signal
import sys

import aiohttp
import click
import orjson
import uvloop
from aiohttp import web

from bench.talk import ASK_FILLING, ASK_SIZE, FILLINGS, SIZES, done

SESSION = web.AppKey("SESSION", aiohttp.ClientSession)
PROVIDER = web.AppKey("PROVIDER", str)

HEADERS = {"Authorization": "Bearer bench", "Content-Type": "application/json"}


def content_of(message: dict[str, dict[str, dict[str, str]]]) -> dict[str, object]:
    """Return the reply's content: the next question, or thanks."""
    answer = message.get("interactive", {})
    if "list_reply" in answer:
        size, _, filling = answer["list_reply"]["id"].partition("/")
        return {"type": "text", "text": {"body": done(size, filling)}}
    if "button_reply" in answer:
        size = answer["button_reply"]["id"]
        rows = [{"id": f"{size}/{name}", "title": name} for name in FILLINGS]
        action: dict[str, object] = {"button": "Choose", "sections": [{"rows": rows}]}
        return _interactive("list", ASK_FILLING, action)
    buttons = [{"type": "reply", "reply": {"id": name, "title": name}} for name in SIZES]
    return _interactive("button", ASK_SIZE, {"buttons": buttons})


def _interactive(kind: str, words: str, action: dict[str, object]) -> dict[str, object]:
    content = {"type": kind, "body": {"text": words}, "action": action}
    return {"type": "interactive", "interactive": content}


async def answer_webhook(request: web.Request) -> web.Response:
    """Answer each message of the webhook, then the webhook."""
    for entry in orjson.loads(await request.read())["entry"]:
        for change in entry["changes"]:
            for message in change["value"]["messages"]:
                reply = {"messaging_product": "whatsapp", "to": message["from"]} | content_of(
                    message
                )
                async with request.app[SESSION].post(
                    request.app[PROVIDER], data=orjson.dumps(reply), headers=HEADERS
                ) as answer:
                    orjson.loads(await answer.read())
    return web.Response()


async def serve(port: int, provider: str, *, shared: bool = False) -> None:
    """Serve until the process is ended.

    Args:
        port: Where, on this machine alone.
        provider: The URL that replies are posted to.
        shared: Whether other processes listen there too, each taking its part of the connections.
    """
    app = web.Application()
    app[PROVIDER] = provider
    app[SESSION] = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    app.router.add_post("/webhooks/bench", answer_webhook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_port=shared).start()
    await asyncio.Event().wait()


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--provider", required=True, help="The URL that replies are posted to.")
@click.option("--workers", type=click.IntRange(1), default=1, help="Processes that share the port.")
def main(port: int, provider: str, workers: int) -> None:
    """Serve the floor."""
    if workers == 1:
        uvloop.run(serve(port, provider))
        return
    others = [
        multiprocessing.Process(target=_worker, args=(port, provider), daemon=True)
        for _ in range(workers)
    ]
    for one in others:
        one.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # which ends the daemons
    for one in others:
        one.join()


def _worker(port: int, provider: str) -> None:
    uvloop.run(serve(port, provider, shared=True))


if __name__ == "__main__":
    main()
