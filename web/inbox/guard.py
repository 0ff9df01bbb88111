"""Stands before every route of the inbox: who asks, from which page, may they. Nothing else decides that.

Other sites are kept out twice: by what the browser says about where a request comes from, and by a token that only our
own pages hold. A chat that is not there and one that an agent may not see are answered alike.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import hdrs, web
from multidict import MultiDict, MultiDictProxy
from yarl import URL

from engine.core.conversation import Conversation
from engine.core.errors import ParleyError, StorageError
from engine.core.ids import ConversationId, LineId
from storage.agents import Agent
from web.errors import answer_error
from web.inbox import pages
from web.inbox.errors import (
    ForeignPage,
    FormInvalid,
    InboxError,
    NotFound,
    RoleMissing,
    SignInNeeded,
    TokenMissing,
)
from web.inbox.forms import read_fields
from web.inbox.people.signing import csrf_token, looked_up, signed_in
from web.inbox.rights import sees
from web.inbox.table import PREFIX, Asked, OpenRoute, Route
from web.keys import CLOCK, QUERIES, SETTINGS

CSRF_HEADER: Final = "X-CSRF-Token"
CSRF_FIELD: Final = "csrf"

WATCHED_EVERY_S: Final = 5.0
"""So often an open stream's session is looked at."""

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # `no-referrer` would make browsers post our own forms with the origin `null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""On every answer, unless the handler says it otherwise."""

CLOSING = web.AppKey("inbox_closing", asyncio.Event)
"""Set when the server stops."""

_Plain = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


def guarded(route: Route | OpenRoute) -> _Plain:
    """Return a route's handler behind all checks; what it raises is answered as the browser asked for it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            _refuse_foreign(request)
            if isinstance(route, OpenRoute):
                response = await route.handler(request)
            else:
                asked = await _read(route, request)
                response = await (_watched(route, asked) if route.streams else route.handler(asked))
        except Exception as error:
            response = _refusal(request, error)
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    return answer


# --- where the request comes from ----------------------------------------------------------------------------


def _refuse_foreign(request: web.Request) -> None:
    """Refuse what another site's page asks the agent's browser to do; a link to us may be followed."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method == hdrs.METH_GET:
        if site not in ("same-origin", "none") and not _is_followed(request):
            raise ForeignPage
        return
    if site != "same-origin" or request.headers.get(hdrs.ORIGIN, "") not in _origins(request):
        raise ForeignPage


def _is_followed(request: web.Request) -> bool:
    """Tell whether a person follows a link: the page it stood on sees nothing of the answer."""
    followed = request.headers.get("Sec-Fetch-Mode") == "navigate"
    return followed and request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _origins(request: web.Request) -> set[str]:
    """Return how a page of ours may be addressed; what ends TLS before us makes https of our http."""
    own = {f"{scheme}://{request.host}" for scheme in ("http", "https")}
    public_url = request.app[SETTINGS].server.public_url
    return own | {str(URL(public_url).origin())} if public_url else own


# --- who asks -------------------------------------------------------------------------------------------------


async def _read(route: Route, request: web.Request) -> Asked:
    """Return the request as its handler takes it.

    Raises:
        InboxError: It is refused.
        StoreUnavailable: The database does not answer.
    """
    now = request.app[CLOCK].now()
    found = await signed_in(request, now)
    if found is None:
        raise SignInNeeded
    signed, secret = found
    csrf = csrf_token(secret)
    form = MultiDictProxy(MultiDict[str]())
    if request.method != hdrs.METH_GET:
        form = await read_fields(request)
        shown = request.headers.get(CSRF_HEADER) or form.get(CSRF_FIELD) or ""
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), csrf.encode()):
            raise TokenMissing
    if route.access in ("supervisor", "admin") and not signed.agent.may(route.access):
        raise RoleMissing
    chat = await _chat(request, signed.agent) if route.access == "chat" else None
    return Asked(request, request.app, signed.agent, signed.session, csrf, now, chat, form)


async def _chat(request: web.Request, agent: Agent) -> Conversation:
    line = LineId(request.match_info["line"])
    id_ = ConversationId(int(request.match_info["conversation"]))
    # Asked in any case: how long the answer takes does not tell which of the two it is.
    chat = await request.app[QUERIES].conversation(line, id_)
    if chat is None or not sees(agent, chat):
        raise NotFound
    return chat


async def _watched(route: Route, asked: Asked) -> web.StreamResponse:
    """Run a handler that goes on, until it ends by itself, the session does, or the server."""
    closing = asyncio.ensure_future(asked.app[CLOSING].wait())
    handling = asyncio.ensure_future(route.handler(asked))
    try:
        while not (handling.done() or closing.done()):
            await asyncio.wait(
                {handling, closing},
                timeout=WATCHED_EVERY_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not handling.done() and not await _lasts(asked):
                break
        if handling.done():
            return _result(handling)
    finally:
        for task in (handling, closing):
            task.cancel()
        await asyncio.gather(handling, closing, return_exceptions=True)
    log.info("inbox_stream_ended", route=route.name)
    # What was begun has no end of its own; the connection is its end, and this answer goes nowhere.
    if asked.request.transport is not None:
        asked.request.transport.close()
    return web.Response(status=204)


def _result(handling: asyncio.Future[web.StreamResponse]) -> web.StreamResponse:
    """Return what a stream ended with; that the browser left is no error."""
    try:
        return handling.result()
    except ConnectionError:
        return web.Response(status=204)  # it goes nowhere


async def _lasts(asked: Asked) -> bool:
    """Tell whether a stream's session counts and its agent may still what they might when it began."""
    try:
        signed = await looked_up(asked.request, asked.session, asked.app[CLOCK].now())
    except StorageError:
        return True  # the stream finds that out by itself
    return signed is not None and _rights(signed.agent) == _rights(asked.agent)


def _rights(agent: Agent) -> tuple[object, ...]:
    return agent.role, agent.lines, agent.teams


# --- what is refused ------------------------------------------------------------------------------------------


def _refusal(request: web.Request, error: Exception) -> web.StreamResponse:
    """Answer an error: a page to a page, a small part to htmx, the one JSON shape to a script."""
    if isinstance(error, SignInNeeded):
        return _to_sign_in(request, error)
    response = answer_error(request, error)
    if wants_json(request):
        return response
    code = error.code if isinstance(error, ParleyError) else "server_failed"
    said = str(error) if isinstance(error, FormInvalid) else None
    shown = pages.render_error(request, status=response.status, code=code, said=said)
    shown.headers.update(
        {
            name: response.headers[name]
            for name in ("Retry-After", "Allow")
            if name in response.headers
        }
    )
    return shown


def _to_sign_in(request: web.Request, error: InboxError) -> web.StreamResponse:
    if wants_json(request):
        return answer_error(request, error)
    if "HX-Request" in request.headers:
        here = safe_next(URL(request.headers.get("HX-Current-URL", "")).raw_path_qs)
        return web.Response(status=401, headers={"HX-Redirect": sign_in_address(here)})
    here = safe_next(request.rel_url.raw_path_qs) if request.method == hdrs.METH_GET else PREFIX
    return web.Response(status=303, headers={hdrs.LOCATION: sign_in_address(here)})


def wants_json(request: web.Request) -> bool:
    """Tell whether a script asks and reads JSON."""
    accepted = request.headers.get(hdrs.ACCEPT, "")
    return "application/json" in accepted and "HX-Request" not in request.headers


def sign_in_address(next_: str = PREFIX) -> str:
    """Return where to sign in, and to go on from there."""
    login = URL(f"{PREFIX}/login")
    return str(login if next_ == PREFIX else login.with_query(next=next_))


def safe_next(given: str) -> str:
    """Return a path of the inbox to go on at; what leads anywhere else becomes the inbox itself.

    Browsers take a backslash for `/` and `%2e` for a dot, and leave tabs and line breaks out: none may stand in it.
    """
    begins = given == PREFIX or given.startswith((f"{PREFIX}/", f"{PREFIX}?"))
    dotted = given.lower().replace("%2e", ".")
    plain = given.isascii() and given.isprintable() and "\\" not in given and "/.." not in dotted
    return given if begins and plain and not given.startswith(f"{PREFIX}/login") else PREFIX
