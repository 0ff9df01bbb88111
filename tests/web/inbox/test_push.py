"""Web Push with a push service on loopback: it checks what is signed, and reads as the browser would."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from yarl import URL

from adapters.public import PublicResolver, is_private
from engine.core.errors import ProviderUnreachable
from engine.core.signals import AgentTookOver, ChatAssigned
from storage.database import Database
from storage.push import subscriptions
from storage.sessions import revoke_sessions
from tests.loops.world import until
from tests.web.inbox.listening import listening
from tests.web.inbox.support import Browser, Inbox, serving_inbox
from tests.web.inbox.test_live import happens, writes
from web.inbox.acts import act_of
from web.inbox.errors import FormInvalid
from web.inbox.live import push
from web.inbox.live.hub import HUB, Hub
from web.inbox.live.push import Pusher
from web.inbox.live.pushing import PUSHER
from web.inbox.live.webpush import (
    CURVE,
    PLAIN_BYTES_MOST,
    Keys,
    KeyUnusable,
    Vapid,
    encrypt,
    from_base64,
    point_of,
    to_base64,
)
from web.keys import DATABASE

# --- one message -------------------------------------------------------------------------------


def number(word: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(sha256(word.encode()).digest()), CURVE)


def test_a_message_is_encrypted_as_others_read_it() -> None:
    # The digest is of what another program made of the same keys by RFC 8291.
    own, theirs = number("own"), number("theirs")
    auth, salt = sha256(b"auth").digest()[:16], sha256(b"salt").digest()[:16]
    plain = b"A parcel for the kitchen is at the door."
    sealed = encrypt(plain, Keys(point_of(theirs.public_key()), auth), salt=salt, own=own)
    assert sealed[:86] == salt + (4096).to_bytes(4) + b"\x41" + point_of(own.public_key())
    assert sha256(sealed).hexdigest() == (
        "d60f2bbb82c834ff92ccc78259f055b6"  # pragma: allowlist secret
        "bf6f75e376e26858d03bfee74243772c"  # pragma: allowlist secret
    )


def test_no_message_is_longer_than_push_services_take() -> None:
    keys = Phone().keys
    assert len(encrypt(b"x" * PLAIN_BYTES_MOST, keys)) == 4096
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * (PLAIN_BYTES_MOST + 1), keys)


@pytest.mark.parametrize(
    ("public_key", "auth"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("A" * 87, "A" * 22, id="no point"),
        pytest.param("A" * 40, "A" * 22, id="too short"),
        pytest.param("\u00e9" * 87, "A" * 22, id="no base64"),
    ],
)
def test_keys_that_no_browser_gives_are_refused(public_key: str, auth: str) -> None:
    with pytest.raises(KeyUnusable):
        Keys(from_base64(public_key), from_base64(auth))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "localhost"),
        *("db", "printer.local", "::ffff:127.0.0.1", "fe80::1", "fd00::1", "2130706433", ""),
        *("localhost.", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "ff02::1"),
    ],
)
def test_an_address_of_our_own_network_is_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", ["push.example.com", "8.8.8.8", "2001:4860:4860::8888"])
def test_an_address_of_the_open_web_is_not(host: str) -> None:
    assert not is_private(host)


# --- a browser and its push service ---------------------------------------------------------------


@dataclass
class Phone:
    """A browser with its keys; it reads what was encrypted for it."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(CURVE)
    )
    auth: bytes = b"0123456789abcdef"

    @property
    def keys(self) -> Keys:
        return Keys(point_of(self.private.public_key()), self.auth)

    def read(self, body: bytes) -> bytes:
        """Decrypt a message, as RFC 8291 tells a browser to."""
        salt, size, point, sealed = body[:16], body[20], body[21:86], body[86:]
        assert (int.from_bytes(body[16:20]), size) == (4096, 65)
        shared = self.private.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        )
        info = b"WebPush: info\0" + self.keys.public_key + point

        def derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
            return HKDF(SHA256(), length, salt, info).derive(secret)

        secret = derive(shared, self.auth, info, 32)
        key = derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(secret, salt, b"Content-Encoding: nonce\0", 12)
        return AESGCM(key).decrypt(nonce, sealed, None).removesuffix(b"\x02")


@dataclass
class Service:
    """A push service: `answers` are its next ones, 201 to all after."""

    phone: Phone = field(default_factory=Phone)
    answers: deque[int] = field(default_factory=deque)
    told: list[dict[str, str]] = field(default_factory=list)
    tried: int = 0
    origin: str = ""
    key: str = ""
    """The key that the browser subscribed with."""

    @property
    def endpoint(self) -> str:
        return f"{self.origin}/push/abc"

    async def receive(self, request: web.Request) -> web.Response:
        self.tried += 1
        self._check(request.headers["Authorization"])
        assert request.headers["Content-Encoding"] == "aes128gcm"
        assert int(request.headers["TTL"]) > 0
        assert len(request.headers["Topic"]) <= 32
        told = json.loads(self.phone.read(await request.read()))
        status = self.answers.popleft() if self.answers else 201
        if status == 201:
            self.told.append(told)
        return web.Response(status=status, headers={"Retry-After": "0"} if status == 503 else {})

    def _check(self, header: str) -> None:
        """Check the server's signature with the key that the browser subscribed with."""
        scheme, _, rest = header.partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert (scheme, given["k"]) == ("vapid", self.key)
        signed, _, signature = given["t"].rpartition(".")
        raw = from_base64(signature)
        public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_base64(self.key))
        told = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        public.verify(told, signed.encode(), ec.ECDSA(SHA256()))
        head, claims = (json.loads(from_base64(part)) for part in signed.split("."))
        assert head == {"typ": "JWT", "alg": "ES256"}
        assert claims["aud"] == self.origin
        assert 0 < claims["exp"] - datetime.now(UTC).timestamp() <= 24 * 3600


@asynccontextmanager
async def push_service() -> AsyncIterator[Service]:
    service = Service()
    app = web.Application()
    app.router.add_post("/push/{id}", service.receive)
    async with TestServer(app) as server:
        service.origin = str(server.make_url("/").origin())
        yield service


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with push_service() as service:
        yield service


@pytest.fixture
async def inbox(tmp_path: Path, service: Service) -> AsyncIterator[Inbox]:
    more = f'\n[inbox]\npush_allow = ["{service.origin}"]\n'
    async with serving_inbox(tmp_path, more=more) as inbox:
        yield inbox


async def subscribes(browser: Browser, service: Service) -> None:
    """Let a browser subscribe, as notify.js does."""
    told = await browser.get("/push", accept="application/json")
    service.key = json.loads(told.text)["key"]
    keys = service.phone.keys
    form = {"endpoint": service.endpoint, "public_key": to_base64(keys.public_key)}
    answer = await browser.post("/push/subscribe", {**form, "auth": to_base64(keys.auth)})
    assert answer.status == 204, answer.text


async def kept(inbox: Inbox) -> list[str]:
    found = await subscriptions(inbox.bot.app[DATABASE], now=datetime.now(UTC))
    return [one.login for one, _ in found]


# --- who is told what ----------------------------------------------------------------------------------


async def test_an_agent_with_no_page_open_is_told_of_new_chats_and_of_messages_in_their_own(
    inbox: Inbox, service: Service
) -> None:
    ana = await inbox.sign_in("ana", available=True)
    await subscribes(ana, service)
    path = await inbox.chat(team="kitchen")
    await until(lambda: len(service.told) == 1)
    assert service.told[0]["title"] == "Noor is waiting for an answer"
    assert service.told[0]["url"] == f"/inbox{path}"
    await happens(inbox, path, AgentTookOver(agent="ana"))
    await until(lambda: len(service.told) == 2)
    await writes(inbox, path, "my card is 4111")
    await until(lambda: len(service.told) == 3)
    assert service.told[2]["title"] == "New message from Noor"
    assert "4111" not in str(service.told), "a locked screen tells who, never what"


async def test_of_who_is_away_of_another_team_or_before_a_page_nobody_is_told(
    inbox: Inbox, service: Service
) -> None:
    away = await inbox.sign_in("away")
    async with push_service() as of_cook, push_service() as of_bo:
        pusher = inbox.bot.app[PUSHER]
        pusher._allowed |= {of_cook.origin, of_bo.origin}
        cook = await inbox.sign_in("cook", teams=["kitchen"], available=True)
        bo = await inbox.sign_in("bo", available=True)
        for browser, own in ((away, service), (cook, of_cook), (bo, of_bo)):
            await subscribes(browser, own)
        async with listening(bo) as page:
            await inbox.chat(team="bar")
            await page.hears("notice", cause="chat")
            # The page is there, but nobody looks at it any more.
            await page.looks(visible=False)
            last = await inbox.chat(team="bar")
            await until(lambda: len(of_bo.told) == 1)
        assert of_bo.told[0]["url"] == f"/inbox{last}"
        assert (service.tried, of_cook.tried) == (0, 0)


async def test_a_message_in_anothers_chat_is_told_to_who_holds_it_alone(
    inbox: Inbox, service: Service
) -> None:
    ana = await inbox.sign_in("ana", available=True)
    await inbox.sign_in("bo", available=True)
    path = await inbox.chat(holder="bo")
    await subscribes(ana, service)
    await writes(inbox, path, "for bo")
    await happens(inbox, path, ChatAssigned(by="bo", agent="ana", seen="bo"))
    await until(lambda: len(service.told) == 1)
    assert "waiting" in service.told[0]["title"]


@pytest.mark.parametrize(
    ("preview", "title", "body"),
    [
        ("nothing", "New message in one of your chats", ""),
        ("name", "New message from Noor", ""),
        ("text", "New message from Noor", "is it ready?"),
    ],
)
async def test_the_operator_says_how_much_a_notification_tells(
    tmp_path: Path, service: Service, preview: str, title: str, body: str
) -> None:
    more = f'\n[inbox]\npush_preview = "{preview}"\npush_allow = ["{service.origin}"]\n'
    async with serving_inbox(tmp_path, more=more) as inbox:
        ana = await inbox.sign_in("ana")
        async with listening(ana, {"view": "mine"}) as page:  # its own chat is no news to her
            path = await inbox.chat(holder="ana")
            await page.hears("row")
        await until(lambda: not inbox.bot.app[HUB].streams)
        await subscribes(ana, service)
        await writes(inbox, path, "is it ready?")
        told = {"title": title, "body": body}
        await until(lambda: any(told.items() <= one.items() for one in service.told), timeout_s=30)


# --- what becomes of a message ------------------------------------------------------------------------------


async def test_a_browser_that_its_service_does_not_know_any_more_is_forgotten(
    inbox: Inbox, service: Service
) -> None:
    service.answers.append(410)
    await subscribes(await inbox.sign_in("ana", available=True), service)
    assert await kept(inbox) == ["ana"]
    await inbox.chat()
    async with asyncio.timeout(10):
        while await kept(inbox):
            await asyncio.sleep(0.02)
    assert service.told == []


async def test_a_message_is_sent_again_while_the_service_is_down(
    inbox: Inbox, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "FIRST_RETRY_S", 0.02)
    service.answers.extend([503, 500, 429])
    await subscribes(await inbox.sign_in("ana", available=True), service)
    await inbox.chat()
    await until(lambda: len(service.told) == 1)
    assert service.tried == 4


async def test_the_key_outlives_the_server(tmp_path: Path) -> None:
    keys = set()
    for _ in range(2):
        async with serving_inbox(tmp_path) as inbox:
            keys.add(inbox.bot.app[PUSHER].public_key)
    assert len(keys) == 1


# --- subscribing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.com/x",
        "https://127.0.0.1/x",
        "https://[::1]:8443/x",
        "https://10.0.0.7/x",
        "https://169.254.169.254/latest",
        "https://localhost/x",
        "https://intranet/x",
        "https://ana:secret@push.example.com/x",  # pragma: allowlist secret
        "ftp://push.example.com/x",
        "javascript:alert(1)",
        "https://",
        "x",
    ],
)
def test_an_endpoint_that_is_no_public_https_address_is_refused(
    tmp_path: Path, endpoint: str
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'unopened.db'}")

    async def post(*_: object) -> ProviderUnreachable:
        return ProviderUnreachable()

    pusher = Pusher(
        database,
        Hub(),
        now=lambda: datetime.now(UTC),
        words=lambda _: ("", ""),
        post=post,
        subject=None,
    )
    assert pusher.check("https://push.example.com/x")
    with pytest.raises(FormInvalid, match="endpoint"):
        pusher.check(endpoint)


async def test_a_browser_is_not_subscribed_with_a_private_endpoint_or_false_keys(
    inbox: Inbox, service: Service
) -> None:
    ana = await inbox.sign_in("ana")
    keys = service.phone.keys
    form = {"public_key": to_base64(keys.public_key), "auth": to_base64(keys.auth)}
    private = await ana.post("/push/subscribe", {**form, "endpoint": "https://192.168.1.1/x"})
    wrong = {**form, "endpoint": service.endpoint, "auth": "short"}
    assert (private.status, (await ana.post("/push/subscribe", wrong)).status) == (422, 422)
    assert await kept(inbox) == []


async def test_a_name_that_leads_into_our_own_network_leads_nowhere() -> None:
    resolver = PublicResolver()
    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("localhost", 443)
    allowed = PublicResolver({"http://localhost:1"})
    assert await allowed.resolve("localhost", 443)


async def test_a_browser_belongs_to_who_subscribed_last_and_leaves_with_the_session(
    inbox: Inbox, service: Service
) -> None:
    ana, bo = await inbox.sign_in("ana"), await inbox.sign_in("bo")
    await subscribes(ana, service)
    await subscribes(bo, service)
    assert await kept(inbox) == ["bo"]
    app, now = inbox.bot.app, datetime.now(UTC)
    note = act_of(app, "command", "sessions_revoked", "bo", now=now)
    await revoke_sessions(app[DATABASE], "bo", keep=None, now=now, note=note)
    assert await kept(inbox) == []


async def test_a_browser_can_leave(inbox: Inbox, service: Service) -> None:
    ana = await inbox.sign_in("ana")
    await subscribes(ana, service)
    left = await ana.post("/push/unsubscribe", {"endpoint": service.endpoint})
    assert (left.status, await kept(inbox)) == (204, [])


def test_a_token_is_for_the_services_origin_alone() -> None:
    vapid = Vapid.make()
    url = URL("https://push.example.com/a/b?c")
    header = vapid.header(url, subject="https://bot.example.com", now=datetime.now(UTC))
    claims = json.loads(from_base64(header.split(".")[1]))
    assert (claims["aud"], claims["sub"]) == ("https://push.example.com", "https://bot.example.com")
    assert Vapid(vapid.private).public == vapid.public
