"""The HTTP face that the business talks to, as far as all providers share it: the ledger, faults, answers."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import orjson
from aiohttp import BodyPartReader, web
from pydantic import JsonValue

from adapters.sandbox.faults import Fault
from adapters.sandbox.ledger import Request
from adapters.sandbox.media import StoredFile
from adapters.sandbox.reply import Refusal, Reply

if TYPE_CHECKING:
    from adapters.sandbox.sandbox import Sandbox

HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


async def answered(
    sandbox: "Sandbox", http: web.Request, body: JsonValue, work: Callable[[Request], Reply]
) -> web.StreamResponse:
    """Note a request, do its work unless a fault forbids it, and answer in the fault's way or as the provider does.

    Args:
        sandbox: Whose request it is.
        http: The request.
        body: What the ledger keeps of its body.
        work: Checks it, acts and answers; raises a Refusal for what the provider would not take.
    """
    request, fault = sandbox.receive(http.method, http.path, body)
    reply = _worked(sandbox, request, fault, work)
    if fault is None or fault.kind == "slow" or (fault.kind == "error" and not fault.takes):
        if fault is not None and fault.kind == "slow":
            await _hold(sandbox, fault.hold_s)
        request.status = reply.status
        return _response(reply)
    return await _spoilt(sandbox, http, request, fault, reply)


def _worked(
    sandbox: "Sandbox", request: Request, fault: Fault | None, work: Callable[[Request], Reply]
) -> Reply:
    try:
        if fault is not None and not fault.takes:
            raise sandbox.refusal(fault.code, "A fault was asked for.", status=fault.status)
        return work(request)
    except Refusal as refusal:
        request.code = refusal.code
        reply = refusal.reply(request.number)
        if fault is not None and fault.retry_after_s is not None:
            reply.headers["Retry-After"] = str(fault.retry_after_s)
        return reply


async def _spoilt(
    sandbox: "Sandbox", http: web.Request, request: Request, fault: Fault, reply: Reply
) -> web.StreamResponse:
    """Answer what a fault makes of a reply whose message may have been taken."""
    match fault.kind:
        case "error":
            refusal = sandbox.refusal(fault.code, "A fault was asked for.", status=fault.status)
            error = refusal.reply(request.number)
            request.status = error.status
            return _response(error)
        case "html":
            request.status = fault.status or 502
            return web.Response(text=HTML, status=request.status, content_type="text/html")
        case "half":
            data = _bytes(reply)
            answer = web.StreamResponse(headers={"Content-Type": reply.content_type})
            answer.content_length = len(data)
            await answer.prepare(http)
            await answer.write(data[: len(data) // 2])
            return _cut(http)
        case "timeout":
            await _hold(sandbox, fault.hold_s)
            return _cut(http)
        case _:
            return _cut(http)


async def _hold(sandbox: "Sandbox", hold_s: float) -> None:
    try:
        async with asyncio.timeout(hold_s):
            await sandbox.closing.wait()
    except TimeoutError:
        pass


def _cut(http: web.Request) -> web.StreamResponse:
    """Cut the connection; the response is for the handler's signature alone and is never written."""
    if http.transport is not None:
        http.transport.close()
    return web.Response()


def _bytes(reply: Reply) -> bytes:
    return reply.body if isinstance(reply.body, bytes) else orjson.dumps(reply.body)


def _response(reply: Reply) -> web.Response:
    headers = {"Content-Type": reply.content_type, **reply.headers}
    return web.Response(body=_bytes(reply), status=reply.status, headers=headers)


async def json_body(http: web.Request) -> JsonValue:
    """Return the JSON body, None where it is none."""
    try:
        return cast("JsonValue", orjson.loads(await http.read()))
    except orjson.JSONDecodeError:
        return None


async def form_body(
    sandbox: "Sandbox", http: web.Request, *, file: str = "file"
) -> tuple[dict[str, str], StoredFile | None]:
    """Return the fields of a form and the file in it; a body that is no form has neither.

    Args:
        sandbox: Gives the file its id.
        http: The request.
        file: The field of a multipart form that carries the file.
    """
    fields: dict[str, str] = {}
    if http.content_type == "application/x-www-form-urlencoded":
        return {key: str(value) for key, value in (await http.post()).items()}, None
    found: StoredFile | None = None
    if http.content_type == "multipart/form-data":
        async for part in await http.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.name == file:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                data = bytes(await part.read(decode=True))
                found = StoredFile(sandbox.ids.number(), data, kind, part.filename)
            elif part.name is not None:
                fields[part.name] = await part.text()
    return fields, found


def file_reply(file: StoredFile) -> Reply:
    """Return the answer that is the file itself."""
    return Reply(file.data, content_type=file.mime_type)
