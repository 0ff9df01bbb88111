"""Errors as answers: the error's own status, and one JSON shape for all of them."""

from collections.abc import Awaitable, Callable

import orjson
import structlog
from aiohttp import web

from engine.core.errors import ParleyError, PayloadTooLarge

RETRY_AFTER_S = 5
"""What a provider is told when the database does not answer; short, as most outages are."""

NOSNIFF = {"X-Content-Type-Options": "nosniff"}
"""An error may quote what came in: no browser may take it for a page."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


def refusal(
    status: int, code: str, message: str, *, headers: dict[str, str] | None = None
) -> web.Response:
    """Return `{"ok": false, "error", "code", "status"}` with that status."""
    return web.Response(
        status=status,
        body=orjson.dumps({"ok": False, "error": message, "code": code, "status": status}),
        content_type="application/json",
        headers=NOSNIFF | (headers or {}),
    )


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what a handler raises into an answer; costs nothing where it raises nothing."""
    try:
        return await handler(request)
    except ParleyError as error:
        return _answer_parley_error(error)
    except web.HTTPRequestEntityTooLarge:
        return _answer_parley_error(PayloadTooLarge())
    except web.HTTPException as answer:
        if answer.status < 400:
            raise
        kept = {"Allow": answer.headers["Allow"]} if "Allow" in answer.headers else None
        code = answer.reason.lower().replace(" ", "_")
        return refusal(answer.status, code, f"{answer.reason}.", headers=kept)
    except Exception:
        log.exception("request_failed", method=request.method, route=_route(request))
        return refusal(500, "internal_error", "The server met an error of its own; see its log.")


def _answer_parley_error(error: ParleyError) -> web.Response:
    wait = {"Retry-After": str(RETRY_AFTER_S)} if error.status == 503 else None
    return refusal(error.status, error.code, str(error), headers=wait)


def _route(request: web.Request) -> str:
    """Return the route's pattern; the path itself may hold a webhook's secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""
