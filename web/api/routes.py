"""The routes of the public API, made of its table: errors in the one shape, a line in the log without bodies."""

import time
from typing import Final

import orjson
import structlog
from aiohttp import web

from web.api.broadcasts import (
    BODY_BYTES,
    BroadcastAccepted,
    BroadcastChange,
    BroadcastChecked,
    BroadcastRequest,
    BroadcastResults,
    BroadcastState,
    change_broadcast,
    check_broadcast,
    read_broadcast,
    read_broadcast_contacts,
    send_broadcast,
)
from web.api.chat_models import (
    ChatAct,
    ChatChanged,
    ChatEnded,
    ChatReleased,
    ChatReply,
    ChatState,
)
from web.api.chats import close_chat, read_chat, release_chat, reply_in_chat, take_chat
from web.api.document import document
from web.api.errors import (
    ApiError,
    BroadcastUnknown,
    ChatHeld,
    ChatUnknown,
    ContactOptedOut,
    ConversationBusy,
    FlowUnknown,
    LineForbidden,
    LineMissing,
    MessageUnknown,
    NobodyHoldsChat,
    ProviderFailed,
    SmsUnavailable,
    TemplateRefused,
    TemplatesUnavailable,
    TemplateUnknown,
    WindowIsClosed,
)
from web.api.handlers import read_message, send_message, start_flow
from web.api.models import (
    FlowAccepted,
    FlowRequest,
    LinePattern,
    MessageAccepted,
    MessageRequest,
    MessageState,
)
from web.api.requests import Limits, Reader
from web.api.table import PREFIX, Route
from web.api.templates import (
    Preview,
    PreviewRequest,
    TemplateAccepted,
    TemplateList,
    TemplateRequest,
    create_template,
    list_templates,
    preview_template,
)
from web.errors import NOSNIFF, answer_error
from web.settings import ApiSettings

log = structlog.get_logger()

CHAT: Final = {"line": LinePattern, "conversation": "^[0-9]{1,19}$"}
"""How the path names a chat."""

NO_CHAT: Final = (LineForbidden, LineMissing, ChatUnknown)

TABLE: Final[tuple[Route, ...]] = (
    Route(
        "POST",
        "/messages",
        "messages:send",
        send_message,
        "Send a message to a contact",
        status=202,
        takes=MessageRequest,
        gives=MessageAccepted,
        refuses=(
            *(LineForbidden, LineMissing, WindowIsClosed, ContactOptedOut),
            *(TemplateRefused, SmsUnavailable),
        ),
        links={
            "state": {"operationId": "read_message", "parameters": {"id": "$response.body#/id"}}
        },
    ),
    Route(
        "GET",
        "/messages/{id}",
        "messages:read",
        read_message,
        "Tell how far a message has come",
        status=200,
        gives=MessageState,
        refuses=(LineForbidden, MessageUnknown),
        parameters={"id": "^[0-9]{1,19}$"},
    ),
    Route(
        "POST",
        "/flows/{flow}/start",
        "flows:start",
        start_flow,
        "Begin a flow with a contact",
        status=202,
        takes=FlowRequest,
        gives=FlowAccepted,
        refuses=(LineForbidden, LineMissing, FlowUnknown, ConversationBusy, ContactOptedOut),
        parameters={"flow": "^[a-z][a-z0-9_]{0,63}$"},
    ),
    Route(
        "POST",
        "/broadcasts",
        "broadcasts:send",
        send_broadcast,
        "Send a template to many contacts",
        status=202,
        takes=BroadcastRequest,
        gives=BroadcastAccepted,
        refuses=(LineForbidden, LineMissing, TemplateRefused, SmsUnavailable),
        body_bytes=BODY_BYTES,
        links={
            "state": {
                "operationId": "read_broadcast",
                "parameters": {"broadcast": "$response.body#/id"},
            }
        },
    ),
    Route(
        "POST",
        "/broadcasts/check",
        "broadcasts:send",
        check_broadcast,
        "Say what a broadcast would come to",
        status=200,
        takes=BroadcastRequest,
        gives=BroadcastChecked,
        refuses=(LineForbidden, LineMissing, SmsUnavailable),
        body_bytes=BODY_BYTES,
        changes=False,
    ),
    Route(
        "GET",
        "/broadcasts/{broadcast}",
        "broadcasts:send",
        read_broadcast,
        "Tell how far a broadcast has come",
        status=200,
        gives=BroadcastState,
        refuses=(LineForbidden, BroadcastUnknown),
        parameters={"broadcast": "^[0-9]{1,19}$"},
    ),
    Route(
        "POST",
        "/broadcasts/{broadcast}",
        "broadcasts:send",
        change_broadcast,
        "Stop a broadcast, or go on with it",
        status=200,
        takes=BroadcastChange,
        gives=BroadcastState,
        refuses=(LineForbidden, BroadcastUnknown),
        parameters={"broadcast": "^[0-9]{1,19}$"},
    ),
    Route(
        "GET",
        "/broadcasts/{broadcast}/contacts/{after}",
        "broadcasts:send",
        read_broadcast_contacts,
        "Tell what became of a broadcast's contacts",
        status=200,
        gives=BroadcastResults,
        refuses=(LineForbidden, BroadcastUnknown),
        parameters={"broadcast": "^[0-9]{1,19}$", "after": "^[0-9]{1,18}$"},
    ),
    Route(
        "GET",
        "/templates/{line}",
        "templates:read",
        list_templates,
        "Tell of a line's templates as they were last synced",
        status=200,
        gives=TemplateList,
        refuses=(LineForbidden, LineMissing),
        parameters={"line": LinePattern},
    ),
    Route(
        "POST",
        "/templates",
        "templates:write",
        create_template,
        "Hand a template in for approval",
        status=201,
        takes=TemplateRequest,
        gives=TemplateAccepted,
        refuses=(
            *(LineForbidden, LineMissing),
            *(TemplateRefused, TemplatesUnavailable, ProviderFailed),
        ),
    ),
    Route(
        "POST",
        "/templates/preview",
        "templates:read",
        preview_template,
        "Show a template filled in, and whether it would be sent",
        status=200,
        takes=PreviewRequest,
        gives=Preview,
        refuses=(LineForbidden, LineMissing, TemplateUnknown),
        changes=False,
    ),
    Route(
        "GET",
        "/chats/{line}/{conversation}",
        "chats:read",
        read_chat,
        "Tell who has a chat, where its flow stands, and what was said",
        status=200,
        gives=ChatState,
        refuses=NO_CHAT,
        parameters=CHAT,
    ),
    Route(
        "POST",
        "/chats/{line}/{conversation}/takeover",
        "chats:write",
        take_chat,
        "Take a chat over",
        status=200,
        takes=ChatAct,
        gives=ChatChanged,
        refuses=(*NO_CHAT, ChatHeld),
        parameters=CHAT,
    ),
    Route(
        "POST",
        "/chats/{line}/{conversation}/messages",
        "chats:write",
        reply_in_chat,
        "Write to the contact as an agent, taking the chat over",
        status=202,
        takes=ChatReply,
        gives=MessageAccepted,
        refuses=(
            *(*NO_CHAT, ChatHeld, WindowIsClosed, ContactOptedOut),
            *(TemplateRefused, SmsUnavailable),
        ),
        parameters=CHAT,
    ),
    Route(
        "POST",
        "/chats/{line}/{conversation}/release",
        "chats:write",
        release_chat,
        "Give a chat back to the flows",
        status=200,
        takes=ChatReleased,
        gives=ChatChanged,
        refuses=(*NO_CHAT, ChatHeld, NobodyHoldsChat),
        parameters=CHAT,
    ),
    Route(
        "POST",
        "/chats/{line}/{conversation}/close",
        "chats:write",
        close_chat,
        "End a talk",
        status=200,
        takes=ChatEnded,
        gives=ChatChanged,
        refuses=(*NO_CHAT, ChatHeld),
        parameters=CHAT,
    ),
)
"""Every address but that of the document itself, which tells nobody anything that is not in the manual."""


def routes(settings: ApiSettings) -> list[web.RouteDef]:
    """Return the routes of the API, its document among them."""
    reader = Reader(Limits(per_second=settings.requests_per_second, burst=settings.burst))
    described = orjson.dumps(document(TABLE))

    async def describe(request: web.Request) -> web.StreamResponse:
        return web.Response(body=described, content_type="application/json", headers=NOSNIFF)

    return [
        web.get(f"{PREFIX}/openapi.json", describe, allow_head=False),
        *(_route(route, reader) for route in TABLE),
    ]


def _route(route: Route, reader: Reader) -> web.RouteDef:
    async def answer(request: web.Request) -> web.StreamResponse:
        begun = time.monotonic()
        token = None
        try:
            asked = await reader.read(route, request)
            token = asked.token.id
            given = await route.handler(asked)
            response: web.StreamResponse = web.Response(
                status=given.status,
                body=given.body,
                content_type="application/json",
                headers=NOSNIFF,
            )
        except Exception as error:
            response = answer_error(request, error)
            if isinstance(error, ApiError):
                response.headers.update(error.headers)
        log.info(
            "api_answered",
            method=route.method,
            route=route.path,
            status=response.status,
            token=token,
            elapsed_ms=round((time.monotonic() - begun) * 1000, 1),
        )
        return response

    kept = {"allow_head": False} if route.method == "GET" else {}
    return web.RouteDef(route.method, PREFIX + route.path, answer, kept)
