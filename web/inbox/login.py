"""Signing in and out."""

from typing import Final

from aiohttp import hdrs, web

from storage.agents import find_password_hash, fold_login, has_agents, rehash
from storage.sessions import begin_session, revoke_session
from web.inbox import pages
from web.inbox.acts import act_of
from web.inbox.forms import read_fields
from web.inbox.guard import safe_next, sign_in_address
from web.inbox.passwords import Hashing, is_outdated
from web.inbox.signing import SESSIONS, set_cookie, signed_in, take_cookie
from web.inbox.table import PREFIX, Asked
from web.inbox.texts import ENGLISH
from web.keys import CLOCK, DATABASE

LOGIN_CHARS: Final = 200
"""Of what is typed as a login."""


class Door:
    """What signing in needs beside the database."""

    def __init__(self) -> None:
        self.hashing = Hashing()


DOOR = web.AppKey("inbox_door", Door)


async def show_login(request: web.Request) -> web.StreamResponse:
    """Show the page to sign in with; who is signed in goes on."""
    next_ = safe_next(request.query.get("next", PREFIX))
    if await signed_in(request, request.app[CLOCK].now()) is not None:
        return web.Response(status=303, headers={hdrs.LOCATION: next_})
    return await _page(request, next_)


async def log_in(request: web.Request) -> web.StreamResponse:
    """Sign in who knows the password. The session is a new one, whatever the browser showed."""
    app, now = request.app, request.app[CLOCK].now()
    fields = await read_fields(request)
    login = fold_login(fields.get("login", "")[:LOGIN_CHARS])
    next_ = safe_next(fields.get("next", PREFIX))
    password = fields.get("password", "")
    stored = await find_password_hash(app[DATABASE], login)
    if not await app[DOOR].hashing.matches(password, stored):
        return await _page(request, next_, login=login, problem=ENGLISH["login_wrong"], status=401)
    assert stored is not None
    if is_outdated(stored):
        hashed = await app[DOOR].hashing.hash(password)
        await rehash(app[DATABASE], login, password_hash=hashed)
    secret = await begin_session(
        app[DATABASE],
        login,
        client=request.headers.get(hdrs.USER_AGENT, ""),
        expires_at=app[SESSIONS].expires_at(now, now),
        now=now,
        note=act_of(app, f"agent:{login}", "signed_in", login, now=now),
    )
    response = web.Response(status=303, headers={hdrs.LOCATION: next_})
    set_cookie(request, response, secret)
    return response


async def log_out(asked: Asked) -> web.StreamResponse:
    """End the session that asks."""
    await revoke_session(
        asked.app[DATABASE],
        asked.agent.login,
        asked.session.id,
        now=asked.now,
        note=act_of(asked.app, asked.agent.actor, "signed_out", asked.agent.login, now=asked.now),
    )
    asked.app[SESSIONS].forget(asked.agent.login)
    response = pages.redirect(asked, sign_in_address())
    take_cookie(asked.request, response)
    return response


async def _page(
    request: web.Request,
    next_: str,
    *,
    login: str = "",
    problem: str | None = None,
    status: int = 200,
) -> web.Response:
    anybody = await has_agents(request.app[DATABASE])
    return pages.render_open(
        request,
        "login.html",
        status=status,
        next=next_,
        login=login,
        problem=problem,
        anybody=anybody,
    )
