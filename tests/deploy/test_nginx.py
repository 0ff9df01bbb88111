"""The nginx file before real servers: what reaches Parley, what an agent's page hears, what the world does not see."""

import asyncio
import io
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web

from tests.deploy.front import PATIENCE_S, Front, nginx
from tests.ports import free_port
from tests.web.inbox.samples import PASSWORD
from tests.web.inbox.support import Inbox, csrf_in
from tests.web.support import Bot, running, signature, text_body
from web.inbox.people.passwords import hash_password
from web.inbox.people.signing import SECURE_COOKIE, csrf_token
from web.keys import MEDIA

MIB = 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def replica(port: int, handler: Handler) -> AsyncIterator[None]:
    """Serve every address of a port by one function."""
    app = web.Application(client_max_size=200 * MIB)
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def parley_behind(folder: Path) -> AsyncIterator[tuple[Front, Bot]]:
    """Serve a real bot behind nginx, as the guide configures it."""
    port = free_port()
    async with nginx(folder / "nginx", [port]) as front:
        more = f'[server]\npublic_url = "{front.origin}"\n[inbox]\nproxies = 1\n'
        async with running(folder, port=port, more=more) as bot:
            yield front, bot


async def post(session: aiohttp.ClientSession, origin: str, body: bytes) -> tuple[int, bytes]:
    headers = signature(body)
    url = f"{origin}/webhooks/shop"
    async with session.post(url, data=io.BytesIO(body), headers=headers) as answer:
        return answer.status, await answer.read()


# --- a real Parley ------------------------------------------------------------------------------------------


async def test_what_providers_post_is_stored_or_refused_in_parleys_words(tmp_path: Path) -> None:
    async with parley_behind(tmp_path) as (front, bot), front.session() as session:
        message = json.dumps(text_body("hi", id="wamid.through")).encode()
        taken, _ = await post(session, front.origin, message)
        stored = bot.rows("SELECT key FROM signal WHERE kind = 'message_received'")
        async with session.post(f"{front.origin}/webhooks/shop", data=message) as answer:
            unsigned = answer.status
        seen = (front.folder / "access.log").read_text()

    assert (taken, stored) == (200, [("wamid.through",)])
    assert unsigned == 401
    assert "/webhooks/" not in seen


async def test_an_agent_signs_in_sees_a_chat_come_at_once_and_sends_a_large_file(
    tmp_path: Path,
) -> None:
    async with parley_behind(tmp_path) as (front, bot):
        inbox = Inbox(bot)
        await inbox.add("ana", password_hash=hash_password(PASSWORD))
        jar = aiohttp.CookieJar(unsafe=True)  # the host is an address here
        connector = aiohttp.TCPConnector(ssl=front.tls)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:
            cookie = await _sign_in(session, front)
            events = session.get(f"{front.origin}/inbox/events?view=queue")
            async with events as stream, asyncio.timeout(PATIENCE_S):
                await _hears(stream, b"event: hello")
                await inbox.chat()
                await _hears(stream, b"Noor")  # it would wait in nginx for more, were it held back
            path = await inbox.chat(holder="ana")
            page = await _text(session, f"{front.origin}/inbox{path}")
            sent, told = await _upload(session, front, path, csrf_in(page), 20 * MIB)
            stored = await bot.app[MEDIA].get(told["key"])

    assert cookie["secure"]
    assert (sent, len(stored)) == (200, 20 * MIB)


async def _sign_in(session: aiohttp.ClientSession, front: Front) -> dict[str, object]:
    form = {"login": "ana", "password": PASSWORD, "next": "/inbox"}
    headers = {
        "Origin": front.origin,
        "Sec-Fetch-Site": "same-origin",
        "X-CSRF-Token": csrf_token(""),
    }
    url = f"{front.origin}/inbox/login"
    async with session.post(url, data=form, headers=headers, allow_redirects=False) as answer:
        assert answer.status in (200, 303), await answer.text()
        return dict(answer.cookies[SECURE_COOKIE])


async def _hears(stream: aiohttp.ClientResponse, words: bytes) -> None:
    while words not in await stream.content.readline():
        pass


async def _text(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        assert answer.status == 200
        return await answer.text()


async def _upload(
    session: aiohttp.ClientSession, front: Front, path: str, csrf: str, size: int
) -> tuple[int, dict[str, str]]:
    headers = {
        "Origin": front.origin,
        "Sec-Fetch-Site": "same-origin",
        "X-CSRF-Token": csrf,
        "X-File-Name": quote("menu.pdf"),
        "Content-Type": "application/octet-stream",
        "Accept": "application/json",
    }
    data = b"%PDF-1.7\n" + bytes(size - 9)
    url = f"{front.origin}/inbox{path}/files"
    async with session.post(url, data=io.BytesIO(data), headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("path", ["/readyz", "/metrics", "/simulator", "/simulator/state"])
async def test_the_world_does_not_see_what_is_for_the_machine(tmp_path: Path, path: str) -> None:
    async def show(request: web.Request) -> web.Response:
        return web.Response()

    port = free_port()
    async with (
        nginx(tmp_path / "nginx", [port]) as front,
        replica(port, show),
        front.session() as session,
        session.get(front.origin + path) as answer,
    ):
        assert answer.status == 404


# --- the way in ---------------------------------------------------------------------------------------------


async def test_plain_http_is_sent_to_tls_and_tls_speaks_http_2(tmp_path: Path) -> None:
    async with (
        nginx(tmp_path / "nginx", [free_port()]) as front,
        aiohttp.ClientSession() as session,
    ):
        url = f"{front.plain_origin}/webhooks/shop?a=b"
        async with session.post(url, data=b"{}", allow_redirects=False) as answer:
            sent_to = (answer.status, answer.headers["Location"])
        chosen = await asyncio.to_thread(_protocol, front)

    # 308 keeps a POST a POST.
    assert sent_to == (308, "https://127.0.0.1/webhooks/shop?a=b")
    assert chosen == ("h2", "TLSv1.3")


def _protocol(front: Front) -> tuple[str | None, str | None]:
    offers = ssl.create_default_context(cafile=str(front.folder / "fullchain.pem"))
    offers.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", front.port)) as plain,
        offers.wrap_socket(plain, server_hostname="127.0.0.1") as spoken,
    ):
        return spoken.selected_alpn_protocol(), spoken.version()


async def test_parley_is_told_who_asked_and_by_which_name(tmp_path: Path) -> None:
    async def show(request: web.Request) -> web.Response:
        return web.json_response(dict(request.headers))

    port = free_port()
    async with nginx(tmp_path / "nginx", [port]) as front, replica(port, show):
        forged = {"X-Forwarded-For": "192.0.2.1"}
        async with (
            front.session() as session,
            session.get(f"{front.origin}/inbox", headers=forged) as answer,
        ):
            headers = await answer.json()

    assert headers["Host"] == f"127.0.0.1:{front.port}"
    assert headers["X-Forwarded-For"] == "192.0.2.1, 127.0.0.1"  # the last is nginx's own
    assert headers["X-Forwarded-Proto"] == "https"


@pytest.mark.parametrize(
    ("path", "megabytes"),
    [("/webhooks/shop", 5), ("/api/v1/messages", 5), ("/inbox/chats/shop/1/files", 102)],
)
async def test_a_body_that_is_too_large_is_refused_before_it_is_sent(
    tmp_path: Path, path: str, megabytes: int
) -> None:
    async with nginx(tmp_path / "nginx", [free_port()]) as front:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {megabytes * MIB}\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", front.port, ssl=front.tls)
        writer.write(head.encode())
        async with asyncio.timeout(PATIENCE_S):
            told = await reader.readuntil(b"}")
        writer.close()

    assert told.startswith(b"HTTP/1.1 413 ")
    assert json.loads(told.partition(b"\r\n\r\n")[2])["code"] == "payload_too_large"


# --- several replicas ---------------------------------------------------------------------------------------


async def test_where_no_replica_answers_a_provider_is_asked_to_come_again(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    async with nginx(tmp_path / "nginx", ports) as front, front.session() as session:
        url = f"{front.origin}/webhooks/shop"
        async with session.post(url, data=b"{}") as answer:
            told = (answer.status, answer.headers["Retry-After"], answer.content_type)
            body = await answer.json()

    assert told == (503, "2", "application/json")
    assert body["ok"] is False


async def test_a_webhook_whose_replica_goes_away_in_the_middle_reaches_the_next(
    tmp_path: Path,
) -> None:
    taken: list[bytes] = []

    async def goes_away(request: web.Request) -> web.Response:
        taken.append(await request.read())
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def takes(request: web.Request) -> web.Response:
        taken.append(await request.read())
        return web.Response()

    ports = [free_port(), free_port()]
    async with (
        nginx(tmp_path / "nginx", ports) as front,
        replica(ports[0], goes_away),
        replica(ports[1], takes),
        front.session() as session,
    ):
        for body in (b"first", b"second"):  # one of them is handed to the first replica
            url = f"{front.origin}/webhooks/shop"
            async with session.post(url, data=body) as answer:
                assert answer.status == 200

    assert sorted(taken) in ([b"first", b"first", b"second"], [b"first", b"second", b"second"])


async def test_what_an_api_call_or_a_page_changes_is_never_sent_twice(tmp_path: Path) -> None:
    taken: list[str] = []

    async def goes_away(request: web.Request) -> web.Response:
        await request.read()
        taken.append(request.path)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    ports = [free_port(), free_port()]
    paths = ["/api/v1/messages", "/inbox/chats/shop/1/reply"]
    async with (
        nginx(tmp_path / "nginx", ports) as front,
        replica(ports[0], goes_away),
        replica(ports[1], goes_away),
        front.session() as session,
    ):
        for path in paths:
            async with session.post(front.origin + path, data=b"{}") as answer:
                assert answer.status == 503

    assert taken == paths


async def test_an_office_stays_at_one_replica(tmp_path: Path) -> None:
    asked: list[int] = []

    def counts(port: int) -> Handler:
        async def show(request: web.Request) -> web.Response:
            asked.append(port)
            return web.Response()

        return show

    ports = [free_port(), free_port(), free_port()]
    async with (
        nginx(tmp_path / "nginx", ports) as front,
        replica(ports[0], counts(ports[0])),
        replica(ports[1], counts(ports[1])),
        replica(ports[2], counts(ports[2])),
        front.session() as session,
    ):
        for path in ("/inbox", "/inbox/chats/shop/1", "/inbox/events", "/inbox/presence"):
            async with session.get(front.origin + path) as answer:
                assert answer.status == 200
        at_inbox = set(asked)
        for _ in range(3):
            async with session.get(f"{front.origin}/healthz") as answer:
                assert answer.status == 200

    assert len(at_inbox) == 1
    assert set(asked[4:]) == set(ports)


async def test_a_replicas_own_503_is_passed_on_and_nobody_is_left_alone_for_it(
    tmp_path: Path,
) -> None:
    """A line whose provider sends once is taken by the spool while others answer 503: nginx must go on asking."""
    asked: list[str] = []

    async def away(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=503, text="own", headers={"Retry-After": "5"})

    ports = [free_port(), free_port()]
    async with (
        nginx(tmp_path / "nginx", ports) as front,
        replica(ports[0], away),
        replica(ports[1], away),
        front.session() as session,
    ):
        for _ in range(8):
            url = f"{front.origin}/webhooks/shop"
            async with session.post(url, data=b"{}") as answer:
                assert (answer.status, await answer.text()) == (503, "own")

    assert len(asked) == 8
