"""A pretended provider on loopback with bad days: what it takes, what it answers and what it reports, by its mood.

It speaks the Cloud API's wire as far as texts go, and notes everything in the ledger. Beside it stands the service that
code steps call.
"""

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import random
import re
import socket
import struct
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Literal

import aiohttp
from aiohttp import web

from tests.faults.ledger import Ledger, Text

HEARD = re.compile(r"(\d+): heard (\d+)-t(\d+)$", re.MULTILINE)
"""Count, contact and number, as `bot_rounds` says them."""

NUMBER = "100000000000001"
SECRET = "rounds-secret"

Answer = Literal[
    "well",  # taken, and answered so
    "late",  # taken, answered after `hold_s`
    "never",  # taken, no answer; the connection is cut when the mood ends
    "twice",  # taken, and the answer is written twice
    "half",  # taken, half an answer, then the connection is cut
    "cut",  # taken, the connection is cut without an answer
    "reset",  # not taken: the connection is reset
    "error",  # not taken: 500
    "busy",  # not taken: 429 with the provider's own code for haste
]

Report = Literal["well", "late", "twice", "shuffled", "none"]


@dataclass(frozen=True, slots=True)
class Mood:
    """How the provider behaves for a while."""

    answer: Answer = "well"
    """What becomes of a request to send."""
    share: float = 1.0
    """How many of the requests it meets."""
    hold_s: float = 0.0
    """How long what is late is held."""
    report: Report = "well"
    """How the statuses come of what was taken."""


@dataclass
class Front:
    """What stands before the machines: posts to any that answers, as a balancer would.

    Args:
        session: For the posts.
        doors: The webhook's address at each machine.
        dice: Chooses.
        timeout_s: How long an answer is waited for.
    """

    session: aiohttp.ClientSession
    doors: Sequence[str]
    dice: random.Random
    timeout_s: float = 5.0

    async def post(self, body: bytes) -> int | None:
        """Bring a signed webhook to a machine; its HTTP status, None where none answered."""
        mark = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mark}"}
        timeout = aiohttp.ClientTimeout(total=self.timeout_s)
        for door in self.dice.sample(self.doors, len(self.doors)):
            try:
                async with self.session.post(
                    door, data=body, headers=headers, timeout=timeout
                ) as answer:
                    await answer.read()
                    return answer.status
            except aiohttp.ClientConnectorError:
                continue  # nobody listens: nothing has left
            except (aiohttp.ClientError, TimeoutError):
                return None
        return None


class Provider:
    """One line's provider, with the service that code steps call.

    Args:
        ledger: What it notes everything in.
        dice: Decides what a mood meets.
    """

    def __init__(self, ledger: Ledger, dice: random.Random) -> None:
        self.ledger = ledger
        self.mood = Mood()
        self.front: Front | None = None
        """Where reports go; none are made before it is set."""
        self._dice = dice
        self._ids = itertools.count(1)
        self._healed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return its endpoints and the service's."""
        return [
            web.post(f"/v23.0/{NUMBER}/messages", self._messages),
            web.post("/service", self._service),
        ]

    def line(self, address: str) -> dict[str, str]:
        """Return the keys of a line that speaks with it at an address."""
        return {
            "provider": "cloud",
            "phone_number_id": NUMBER,
            "token": "rounds-token",
            "app_secret": SECRET,
            "verify_token": "rounds-verify",
            "base_url": f"{address}/v23.0",
        }

    def feel(self, mood: Mood) -> None:
        """Behave so from now on; what hung because of the mood before is cut."""
        self.mood = mood
        self._healed.set()
        self._healed = asyncio.Event()

    async def settled(self) -> None:
        """Wait until every report was delivered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Drop the reports that are still on their way."""
        self.feel(Mood())
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- what it is asked

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if "status" in body:
            return web.json_response({"success": True})
        contact = str(body["to"])
        found = HEARD.search(_words(body))
        send = self.ledger.received(
            body["biz_opaque_callback_data"],
            contact,
            count=int(found[1]) if found else None,
            text=Text(found[2], int(found[3])) if found else None,
        )
        mood = self.mood
        answer = mood.answer if self._dice.random() < mood.share else "well"
        if answer == "error":
            send.answered = 500
            return _refused(500, 131000)
        if answer == "busy":
            send.answered = 429
            return _refused(429, 130429)
        if answer == "reset":
            return _cut(request, reset=True)
        send.taken = True
        id_ = f"wamid.{next(self._ids)}"
        self._report(id_, send.callback_id, contact, mood)
        said = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": contact, "wa_id": contact}],
            "messages": [{"id": id_}],
        }
        if answer == "late":
            await self._hold(mood.hold_s)
        elif answer == "never":
            await self._hold(60)
        if answer in ("never", "cut"):
            return _cut(request)
        if answer in ("half", "twice"):
            return await _garbled(request, json.dumps(said).encode(), whole=answer == "twice")
        send.answered = 200
        return web.json_response(said)

    async def _service(self, request: web.Request) -> web.Response:
        """Count one more for who calls; a key that was heard before gets the answer that it had."""
        body = await request.json()
        contact, _, number = body["text"].partition("-t")
        self.ledger.called(body["key"], Text(contact, int(number)))
        return web.Response(text=str(len(self.ledger.calls)))

    async def _hold(self, hold_s: float) -> None:
        healed = self._healed
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(hold_s):
                await healed.wait()

    # --- what it reports

    def _report(self, id_: str, callback_id: str, contact: str, mood: Mood) -> None:
        statuses = ["sent", "delivered", "read"]
        match mood.report:
            case "none":
                return
            case "twice":
                statuses = [one for one in statuses for _ in range(2)]
            case "shuffled":
                self._dice.shuffle(statuses)
            case "well" | "late":
                pass
        late_s = mood.hold_s if mood.report == "late" else 0.0
        self._in_background(self._tell(id_, callback_id, contact, statuses, late_s))

    async def _tell(
        self, id_: str, callback_id: str, contact: str, statuses: Sequence[str], late_s: float
    ) -> None:
        await asyncio.sleep(late_s)
        for status in statuses:
            body = status_body(id_, callback_id, contact, status)
            await delivered(self._front().post, body)
            self.ledger.reports(callback_id)

    def _front(self) -> Front:
        assert self.front is not None
        return self.front

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def delivered(
    post: Callable[[bytes], Coroutine[None, None, int | None]], body: bytes
) -> None:
    """Deliver a webhook until it is answered 200, each try a little later than the one before."""
    wait_s = 0.05
    while await post(body) != 200:
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, 0.4)


def text_body(text: Text) -> bytes:
    """Return the webhook of a contact's text; each text has one id, however often it is delivered."""
    message = {
        "id": f"wamid.in.{text.contact}.{text.number}",
        "from": text.contact,
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": f"{text.contact}-t{text.number}"},
    }
    profile = {"profile": {"name": "Contact"}, "wa_id": text.contact}
    return _body({"contacts": [profile], "messages": [message]})


def status_body(id_: str, callback_id: str, contact: str, status: str) -> bytes:
    """Return the webhook of a message's status."""
    told = {
        "id": id_,
        "status": status,
        "timestamp": str(int(time.time())),
        "recipient_id": contact,
        "biz_opaque_callback_data": callback_id,
    }
    return _body({"statuses": [told]})


def _body(value: dict[str, object]) -> bytes:
    metadata = {"display_phone_number": "15550001000", "phone_number_id": NUMBER}
    change = {
        "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
        "field": "messages",
    }
    entry = {"id": "200000000000001", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _words(body: object) -> str:
    match body:
        case {"text": {"body": str(words)}} | {"interactive": {"body": {"text": str(words)}}}:
            return words
        case _:
            return ""


def _refused(status: int, code: int) -> web.Response:
    error = {"message": "A fault was asked for.", "type": "OAuthException", "code": code}
    return web.json_response({"error": error}, status=status)


async def _garbled(request: web.Request, said: bytes, *, whole: bool) -> web.StreamResponse:
    """Write an answer and write it again; or half of it, and cut."""
    assert request.transport is not None
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(
        said
    )
    request.transport.write((head + said) * 2 if whole else head + said[: len(said) // 2])
    return _cut(request)


def _cut(request: web.Request, *, reset: bool = False) -> web.StreamResponse:
    """Cut the connection; the response is for the handler's signature alone and is never written."""
    if request.transport is not None:
        if reset:
            peer: socket.socket = request.transport.get_extra_info("socket")
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            request.transport.abort()
        request.transport.close()
    return web.StreamResponse()
