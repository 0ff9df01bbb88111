"""Errors as answers: the error's own status, and one JSON shape for all of them."""

from collections.abc import Awaitable, Callable

import orjson
import structlog
from aiohttp import hdrs, web

from engine.core.errors import ParleyError, PayloadTooLarge

RETRY_AFTER_S = 5
"""What a provider is told when the database does not answer; short, as most outages are."""

NOSNIFF = {"X-Content-Type-Options": "nosniff"}
"""An error may quote what came in: no browser may take it for a page."""

NO_PAGE = {**NOSNIFF, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
"""And one that does all the same runs and frames nothing."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


def refusal(
    status: int, code: str, message: str, *, headers: dict[str, str] | None = None
) -> web.Response:
    """Return `{"ok": false, "error", "code", "status"}` with that status."""
    return web.Response(
        status=status,
        body=error_body(status, code, message),
        content_type="application/json",
        headers=NO_PAGE | (headers or {}),
    )


def error_body(status: int, code: str, message: str) -> bytes:
    """Return the JSON of an error."""
    return orjson.dumps({"ok": False, "error": message, "code": code, "status": status})


def answer_error(request: web.Request, error: Exception) -> web.Response:
    """Return the answer to what a handler raised; call it where that was caught.

    Raises:
        HTTPException: It is no error but an answer already, such as a redirect.
    """
    return answer_failure(error, method=request.method, route=_route(request))


def answer_failure(error: Exception, *, method: str, route: str) -> web.Response:
    """Return the answer to what was raised on the way of a request to a route; else as `answer_error`."""
    match error:
        case ParleyError():
            return _answer_parley_error(error)
        case web.HTTPRequestEntityTooLarge():
            return _answer_parley_error(PayloadTooLarge())
        case web.HTTPException() if error.status < 400:
            raise error
        case web.HTTPException():
            kept = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
            code = error.reason.lower().replace(" ", "_")
            return refusal(error.status, code, f"{error.reason}.", headers=kept)
        case _:
            log.exception("request_failed", method=method, route=route)
            return refusal(
                500, "internal_error", "The server met an error of its own; see its log."
            )


def answering(handler: Handler) -> Handler:
    """Return the handler with the errors it raises turned into answers.

    Not a middleware: where an application has one, aiohttp puts two coroutines around every request, and the webhooks,
    which turn their errors themselves, would pay for them.
    """

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Exception as error:
            return answer_error(request, error)

    return answer


@answering
async def _answer_no_route(request: web.Request) -> web.StreamResponse:
    """Say of a request that no route takes whether its path is unknown, or its method wrong there."""
    allowed: set[str] = set()
    here = request.match_info.route.resource
    for resource in request.app.router.resources():
        if resource is not here:
            allowed |= (await resource.resolve(request))[1]
    raise web.HTTPMethodNotAllowed(request.method, allowed) if allowed else web.HTTPNotFound()


def no_route() -> web.RouteDef:
    """Return the route of what no other route takes."""
    return web.route(hdrs.METH_ANY, "/{path:(?s:.*)}", _answer_no_route)  # a line break too


def _answer_parley_error(error: ParleyError) -> web.Response:
    wait = {"Retry-After": str(RETRY_AFTER_S)} if error.status == 503 else None
    return refusal(error.status, error.code, str(error), headers=wait)


def _route(request: web.Request) -> str:
    """Return the route's pattern; the path itself may hold a webhook's secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""
