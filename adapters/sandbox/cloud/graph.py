"""The HTTP face that the business talks to: Meta's paths, auth and answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

import orjson
from aiohttp import BodyPartReader, web
from pydantic import JsonValue

from adapters.sandbox.cloud.sandbox import CloudSandbox
from adapters.sandbox.cloud.webhooks import Object
from adapters.sandbox.faults import Fault
from adapters.sandbox.ledger import Request
from adapters.sandbox.media import UPLOAD_BYTES, StoredFile
from adapters.sandbox.refusals import Refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


class Graph:
    """The provider's endpoints of one sandbox.

    Args:
        sandbox: Whose number it is.
        prefix: What stands before the version in the path, such as `/sandbox`.
    """

    def __init__(self, sandbox: CloudSandbox, prefix: str) -> None:
        self._sandbox = sandbox
        self._prefix = prefix

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoints: messages, media up and down."""
        version = self._prefix + r"/{version:v\d+\.\d+}"
        return [
            web.post(version + "/{number}/messages", self._messages),
            web.post(version + "/{number}/media", self._upload),
            web.get(version + r"/{media:\d+}", self._media),
            web.delete(version + r"/{media:\d+}", self._forget),
            web.get(self._prefix + "/_media/{ticket}", self._download),
        ]

    async def _messages(self, http: web.Request) -> web.StreamResponse:
        body = _parsed(await http.read())
        request, fault = self._sandbox.receive(http.method, http.path, body)
        return await self._answered(http, request, fault, lambda: self._accept(http, body, request))

    def _accept(self, http: web.Request, body: JsonValue, request: Request) -> Object:
        self._authorise(http)
        if http.match_info["number"] != self._sandbox.settings.phone_number_id:
            raise _unknown_object(http.match_info["number"])
        if not isinstance(body, dict):
            raise Refusal(100, "The body is not a JSON object.")
        return self._sandbox.answer(body, request)

    async def _upload(self, http: web.Request) -> web.StreamResponse:
        form: dict[str, str] = {}
        file: StoredFile | None = None
        if http.content_type == "multipart/form-data":
            async for part in await http.multipart():
                if not isinstance(part, BodyPartReader):
                    continue
                if part.name == "file":
                    kind = part.headers.get("Content-Type", "application/octet-stream")
                    data = bytes(await part.read(decode=True))
                    file = StoredFile(self._sandbox.new_number(), data, kind, part.filename)
                elif part.name is not None:
                    form[part.name] = await part.text()
        about = cast("JsonValue", {**form, "file": None if file is None else len(file.data)})
        request, fault = self._sandbox.receive(http.method, http.path, about)

        def take() -> Object:
            self._authorise(http)
            if http.match_info["number"] != self._sandbox.settings.phone_number_id:
                raise _unknown_object(http.match_info["number"])
            return self._keep(form, file)

        return await self._answered(http, request, fault, take)

    def _keep(self, form: dict[str, str], file: StoredFile | None) -> Object:
        if form.get("messaging_product") != "whatsapp":
            raise Refusal(100, "The parameter messaging_product is required.")
        if file is None:
            raise Refusal(100, "The parameter file is required.")
        most = UPLOAD_BYTES.get(file.mime_type.partition(";")[0].strip())
        if most is None:
            kinds = ", ".join(sorted(UPLOAD_BYTES))
            raise Refusal(
                100, f"Param file must be a file with one of the following types: {kinds}."
            )
        if not 0 < len(file.data) <= most:
            raise Refusal(131053, f"The file is empty or larger than {most} bytes.")
        self._sandbox.shelf.add(file)
        return {"id": file.id}

    async def _media(self, http: web.Request) -> web.StreamResponse:
        request, fault = self._sandbox.receive(http.method, http.path, None)

        def look_up() -> Object:
            self._authorise(http)
            file = self._sandbox.shelf.files.get(http.match_info["media"])
            if file is None:
                raise _unknown_object(http.match_info["media"])
            ticket = self._sandbox.new_number()
            self._sandbox.shelf.issue(file.id, ticket, self._sandbox.now())
            return {
                "messaging_product": "whatsapp",
                "url": f"{http.url.origin()}{self._prefix}/_media/{ticket}",
                "mime_type": file.mime_type,
                "sha256": file.hex_digest,
                "file_size": len(file.data),
                "id": file.id,
            }

        return await self._answered(http, request, fault, look_up)

    async def _forget(self, http: web.Request) -> web.StreamResponse:
        request, fault = self._sandbox.receive(http.method, http.path, None)

        def forget() -> Object:
            self._authorise(http)
            if not self._sandbox.shelf.remove(http.match_info["media"]):
                raise _unknown_object(http.match_info["media"])
            return {"success": True}

        return await self._answered(http, request, fault, forget)

    async def _download(self, http: web.Request) -> web.StreamResponse:
        request, fault = self._sandbox.receive(http.method, http.path, None)
        found: list[StoredFile] = []

        def open_file() -> Object:
            self._authorise(http)
            file = self._sandbox.shelf.open(http.match_info["ticket"], self._sandbox.now())
            if file is None:
                raise Refusal(100, "The address has run out.", status=404)
            found.append(file)
            return {}

        answer = await self._answered(http, request, fault, open_file)
        if not found or fault is not None:
            return answer
        return web.Response(body=found[0].data, headers={"Content-Type": found[0].mime_type})

    def _authorise(self, http: web.Request) -> None:
        given = http.headers.get("Authorization", "")
        if given != f"Bearer {self._sandbox.settings.token}":
            raise Refusal(190, "Invalid OAuth access token - Cannot parse access token")

    async def _answered(
        self,
        http: web.Request,
        request: Request,
        fault: Fault | None,
        work: Callable[[], Object],
    ) -> web.StreamResponse:
        """Do the work, unless the fault forbids it; answer in the fault's way, or as Meta does."""
        trace_id = f"A{request.number:021d}"
        headers: dict[str, str] = {}
        try:
            if fault is not None and not fault.takes:
                raise Refusal(fault.code, "A fault was asked for.", status=fault.status)
            status, body = 200, work()
        except Refusal as refusal:
            status, body = refusal.http_status, refusal.body(trace_id)
            request.code = refusal.code
            if fault is not None and fault.retry_after_s is not None:
                headers["Retry-After"] = str(fault.retry_after_s)
        data = orjson.dumps(body)
        if fault is None or (fault.kind == "error" and not fault.takes):
            request.status = status
            return web.Response(
                body=data, status=status, headers=headers, content_type="application/json"
            )
        return await self._spoilt(http, request, fault, data)

    async def _spoilt(
        self, http: web.Request, request: Request, fault: Fault, data: bytes
    ) -> web.StreamResponse:
        match fault.kind:
            case "error":
                request.status = Refusal(fault.code, "", status=fault.status).http_status
                body = orjson.dumps(Refusal(fault.code, "A fault was asked for.").body("A"))
                return web.Response(
                    body=body, status=request.status, content_type="application/json"
                )
            case "html":
                request.status = fault.status or 502
                return web.Response(text=HTML, status=request.status, content_type="text/html")
            case "half":
                answer = web.StreamResponse(headers={"Content-Type": "application/json"})
                answer.content_length = len(data)
                await answer.prepare(http)
                await answer.write(data[: len(data) // 2])
                return _cut(http)
            case "timeout":
                try:
                    async with asyncio.timeout(fault.hold_s):
                        await self._sandbox.closing.wait()
                except TimeoutError:
                    pass
                return _cut(http)
            case "close":
                return _cut(http)


def _cut(http: web.Request) -> web.StreamResponse:
    """Cut the connection; the response is for the handler's signature alone and is never written."""
    if http.transport is not None:
        http.transport.close()
    return web.Response()


def _parsed(raw: bytes) -> JsonValue:
    try:
        return cast("JsonValue", orjson.loads(raw))
    except orjson.JSONDecodeError:
        return None


def _unknown_object(id_: str) -> Refusal:
    return Refusal(
        100,
        f"Unsupported request. Object with ID '{id_}' does not exist, cannot be loaded due to missing permissions, "
        "or does not support this operation",
        subcode=33,
    )
