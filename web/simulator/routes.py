"""The simulator over HTTP: the page, its stream of states, and one call for each deed."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, TypeVar

import jinja2
import orjson
from aiohttp import BodyPartReader, hdrs, web
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from adapters.sandbox.cloud import routes as cloud_routes
from engine.core.errors import PayloadTooLarge, StorageError
from engine.core.ids import ConversationId, MessageId
from web import transcript
from web.errors import answering
from web.simulator.guard import Handler, guarded
from web.simulator.phones import BASE, CLOUD, Phones, SimulatorRefused
from web.simulator.simulator import Simulator
from web.simulator.texts import ENGLISH

HERE: Final = Path(__file__).parent

FILE_BYTES: Final = 16 * 1024 * 1024
"""The largest file the page sends; enough for WhatsApp's largest film. Source: Cloud API media, read 2026-08."""

HEARTBEAT_S: Final = 15.0
"""A stream that carries nothing for this long gets a comment: a dead page is noticed and let go."""

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: https:; media-src 'self' blob: https:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
"""No script but our own files. Pictures may come from https: a flow may send one by its address."""

SHOWN_TYPES: Final = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "image/gif",
        "video/mp4", "video/3gpp", "video/webm",
        "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm",
        "application/pdf", "text/plain",
    }
)  # fmt: skip
"""What a browser may show from our origin; all else is a download, so that no file becomes a page of ours."""

OPENED = web.AppKey("simulator", Simulator)
"""The simulator of a running application: it needs the database."""

ID: Final = "[1-9][0-9]{0,17}|[1-8][0-9]{18}"
"""A number of at most 63 bits, as our ids are."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4096)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class _Call(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Deed(_Call):
    contact: Id


class Add(_Call):
    """Someone new."""

    name: Name


class Say(_Deed):
    """A text."""

    text: Words


class Tap(_Deed):
    """A tap on a button."""

    message: Id
    option: Id
    title: str


class Choose(Tap):
    """A row of a list."""

    description: str | None = None


class Place(_Deed):
    """A place on the map."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    name: str | None = None
    address: str | None = None


class React(_Deed):
    """An emoji on a message; None takes it back."""

    message: Id
    emoji: Annotated[str, StringConstraints(min_length=1, max_length=30)] | None


class Jump(_Deed):
    """How far the line's clock moves ahead; never back, and at most a month at once."""

    seconds: int = Field(gt=0, le=31 * 86400)


CallT = TypeVar("CallT", bound=_Call)


class Pages:
    """The handlers of the simulator.

    Args:
        phones: The contacts and their pretended Meta.
        suggestions: What a page offers to say first.
    """

    def __init__(self, phones: Phones, *, suggestions: tuple[str, ...]) -> None:
        self._phones = phones
        self._suggestions = suggestions
        loader = jinja2.FileSystemLoader(HERE / "templates")
        environment = jinja2.Environment(
            loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
        )
        self._page = environment.get_template("simulator.html")

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return every route under `/simulator`, the pretended Meta's among them."""
        api = f"{BASE}/api"
        own: list[tuple[str, str, Handler]] = [
            (hdrs.METH_GET, BASE, self.page),
            (hdrs.METH_GET, f"{BASE}/static/{{name}}", self.asset),
            (hdrs.METH_GET, f"{BASE}/events", self.events),
            (
                hdrs.METH_GET,
                f"{BASE}/media/{{conversation:{ID}}}/{{message:{ID}}}",
                self.media,
            ),
            (hdrs.METH_GET, f"{api}/state", self.state),
            (hdrs.METH_POST, f"{api}/contacts", self.add),
            (hdrs.METH_POST, f"{api}/say", self.say),
            (hdrs.METH_POST, f"{api}/tap", self.tap),
            (hdrs.METH_POST, f"{api}/choose", self.choose),
            (hdrs.METH_POST, f"{api}/location", self.location),
            (hdrs.METH_POST, f"{api}/media", self.send_file),
            (hdrs.METH_POST, f"{api}/react", self.react),
            (hdrs.METH_POST, f"{api}/jump", self.jump),
        ]
        cloud = cloud_routes(self._phones.sandbox, CLOUD)
        meta = [(route.method, route.path, self._noticed(route.handler)) for route in cloud]
        return [
            web.route(method, path, answering(guarded(handler)))
            for method, path, handler in own + meta
        ]

    # --- what is shown

    async def page(self, request: web.Request) -> web.Response:
        """Show the page of one contact's phone; without one, or with one unknown, of the first."""
        phones = [contact.address for contact in self._phones.contacts]
        wanted = request.query.get("contact", "")
        boot = {
            "base": BASE,
            "contact": wanted if wanted in phones else phones[0],
            "suggestions": self._suggestions,
            "file_bytes": FILE_BYTES,
            "texts": ENGLISH,
        }
        # Inside a script element nothing is unescaped, so no "<" may stand in it.
        text = self._page.render(
            t=ENGLISH,
            base=BASE,
            boot=Markup(orjson.dumps(boot).decode().replace("<", r"\u003c")),  # noqa: S704
        )
        return web.Response(text=text, content_type="text/html", headers=HEADERS)

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """Serve one file of the page's own, or one that every page of Parley begins with."""
        name = request.match_info["name"]
        for folder in (HERE / "static", transcript.STATIC):
            path = folder / name
            if path.parent == folder and path.is_file():
                return web.FileResponse(path, headers=HEADERS)
        raise web.HTTPNotFound

    async def state(self, request: web.Request) -> web.Response:
        """Return what the page shows of one contact's phone."""
        return _json(await request.app[OPENED].state(request.query.get("contact", "")))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Send the state now and after each change, until the page leaves or the server stops."""
        contact = request.query.get("contact", "")
        self._phones.contact(contact)
        stream = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        hub = self._phones.hub
        simulator = request.app[OPENED]
        with hub.page() as changed:
            while not hub.closed:
                changed.clear()
                try:
                    state = orjson.dumps(await simulator.state(contact))
                    await stream.write(b"event: state\ndata: " + state + b"\n\n")
                    await self._phones.read(contact)
                    await _wait(changed, stream)
                except (ConnectionError, StorageError):
                    # The page is gone, or the database: a page that is still there asks again by itself.
                    break
        return stream

    async def media(self, request: web.Request) -> web.Response:
        """Serve a file of a transcript, with a type that cannot become a page of ours."""
        conversation = ConversationId(int(request.match_info["conversation"]))
        message = MessageId(int(request.match_info["message"]))
        file = await request.app[OPENED].file(conversation, message)
        shown = file.mime_type in SHOWN_TYPES
        headers = {
            **HEADERS,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Disposition": "inline" if shown else "attachment",
            "Cache-Control": "private, max-age=86400, immutable",
        }
        kind = file.mime_type if shown else "application/octet-stream"
        return web.Response(body=file.data, content_type=kind, headers=headers)

    # --- what is done

    async def add(self, request: web.Request) -> web.Response:
        """Add a contact and return its phone."""
        call = await _read(request, Add)
        contact = self._phones.add(call.name)
        self._phones.hub.wake()
        return _json({"ok": True, "phone": contact.address})

    async def say(self, request: web.Request) -> web.Response:
        """Write a text."""
        call = await _read(request, Say)
        await self._phones.say(call.contact, call.text)
        return _done()

    async def tap(self, request: web.Request) -> web.Response:
        """Tap a button."""
        call = await _read(request, Tap)
        await self._phones.tap(
            call.contact, message=call.message, option=call.option, title=call.title
        )
        return _done()

    async def choose(self, request: web.Request) -> web.Response:
        """Choose a row of a list."""
        call = await _read(request, Choose)
        await self._phones.choose(
            call.contact,
            message=call.message,
            option=call.option,
            title=call.title,
            description=call.description,
        )
        return _done()

    async def location(self, request: web.Request) -> web.Response:
        """Send a place."""
        call = await _read(request, Place)
        await self._phones.send_location(
            call.contact, call.latitude, call.longitude, name=call.name, address=call.address
        )
        return _done()

    async def react(self, request: web.Request) -> web.Response:
        """Put an emoji on a message, or take it back."""
        call = await _read(request, React)
        await self._phones.react(call.contact, message=call.message, emoji=call.emoji)
        return _done()

    async def jump(self, request: web.Request) -> web.Response:
        """Move the line's clock ahead."""
        call = await _read(request, Jump)
        await request.app[OPENED].jump(call.seconds)
        return _done()

    async def send_file(self, request: web.Request) -> web.Response:
        """Send a file from the contact's phone: a form of `contact`, `caption` and `file`."""
        if not request.content_type.startswith("multipart/"):
            raise SimulatorRefused("Send the file as a form.")
        given: dict[str, str] = {}
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise SimulatorRefused("The form holds a form.")
            if part.name != "file":
                given[part.name or ""] = (await part.text())[:2048]
                continue
            await self._phones.send_file(
                given.get("contact", ""),
                await _bytes(part),
                mime_type=part.headers.get(hdrs.CONTENT_TYPE, "application/octet-stream"),
                filename=(part.filename or "file")[:240],
                caption=given.get("caption") or None,
            )
            return _done()
        raise SimulatorRefused("The form holds no file.")

    def _noticed(self, handler: Handler) -> Handler:
        """Tell the pages what the pretended Meta was asked: a typing mark changes no database."""

        async def handle(request: web.Request) -> web.StreamResponse:
            answer = await handler(request)
            self._phones.hub.wake()
            return answer

        return handle


async def _read(request: web.Request, call: type[CallT]) -> CallT:
    """Read a call's JSON. Raises SimulatorRefused, naming what is wrong."""
    try:
        return call.model_validate_json(await request.read())
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        raise SimulatorRefused(f"{at or 'body'}: {first['msg']}") from None


async def _bytes(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        data += chunk
        if len(data) > FILE_BYTES:
            raise PayloadTooLarge("The file is larger than the simulator sends.")
    return bytes(data)


async def _wait(changed: asyncio.Event, stream: web.StreamResponse) -> None:
    """Wait for a change; meanwhile send a comment now and then. Raises ConnectionError where the page is gone."""
    while not changed.is_set():
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await changed.wait()
        except TimeoutError:
            await stream.write(b": still here\n\n")


def _json(answer: object) -> web.Response:
    return web.Response(body=orjson.dumps(answer), content_type="application/json", headers=HEADERS)


def _done() -> web.Response:
    return _json({"ok": True})
