"""Signing in and out."""

from typing import Final

from aiohttp import hdrs, web
from yarl import URL

from engine.ports.outside import NOTHING
from storage.agents import find_password_hash, fold_login, has_agents, rehash
from storage.audit import audited
from storage.sessions import begin_session, revoke_session
from storage.written import written
from web.inbox import pages
from web.inbox.acts import act_of
from web.inbox.forms import read_fields
from web.inbox.guard import safe_next, sign_in_address
from web.inbox.people.passwords import Hashing, is_outdated
from web.inbox.people.signing import SESSIONS, is_secure, set_cookie, signed_in, take_cookie
from web.inbox.people.throttle import Throttle, TooManyAttempts, client_address
from web.inbox.table import PREFIX, Asked
from web.inbox.texts import ENGLISH
from web.keys import CLOCK, DATABASE, SETTINGS

LOGIN_CHARS: Final = 200
"""Of what is typed as a login."""

HASHING = web.AppKey("inbox_hashing", Hashing)
THROTTLE = web.AppKey("inbox_throttle", Throttle)


async def show_login(request: web.Request) -> web.StreamResponse:
    """Show the page to sign in with; who is signed in goes on."""
    next_ = safe_next(request.query.get("next", PREFIX))
    if await signed_in(request, request.app[CLOCK].now()) is not None:
        return web.Response(status=303, headers={hdrs.LOCATION: next_})
    return await _page(request, next_)


async def log_in(request: web.Request) -> web.StreamResponse:
    """Sign in who knows the password. The session is a new one, whatever the browser showed."""
    app = request.app
    fields = await read_fields(request)
    login = fold_login(fields.get("login", "")[:LOGIN_CHARS])
    next_ = safe_next(fields.get("next", PREFIX))
    address = client_address(request, proxies=app[SETTINGS].inbox.proxies)
    try:
        app[THROTTLE].begin(login, address)
    except TooManyAttempts as early:
        return await _page(request, next_, login=login, status=429, wait_s=early.wait_s)
    password = fields.get("password", "")
    stored = await find_password_hash(app[DATABASE], login)
    if not await app[HASHING].matches(password, stored) or stored is None:
        await _note_failure(app, login if stored else "", address)
        return await _page(request, next_, login=login, status=401)
    app[THROTTLE].right(login, address)
    if is_outdated(stored):
        hashed = await app[HASHING].hash(password)
        await rehash(app[DATABASE], login, password_hash=hashed)
    return await _let_in(request, login, next_)


async def log_out(asked: Asked) -> web.StreamResponse:
    """End the session that asks."""
    await _end(asked.app, asked.agent.login, asked.session.id)
    response = pages.redirect(asked, sign_in_address())
    take_cookie(asked.request, response)
    return response


async def _let_in(request: web.Request, login: str, next_: str) -> web.StreamResponse:
    app, now = request.app, request.app[CLOCK].now()
    before = await signed_in(request, now)
    secret = await begin_session(
        app[DATABASE],
        login,
        client=request.headers.get(hdrs.USER_AGENT, ""),
        expires_at=app[SESSIONS].expires_at(now, now),
        now=now,
        note=act_of(app, f"agent:{login}", "signed_in", login, now=now),
    )
    if before is not None:  # the browser holds the new one alone
        await _end(app, before[0].agent.login, before[0].session.id)
    response = web.Response(status=303, headers={hdrs.LOCATION: next_})
    set_cookie(request, response, secret)
    return response


async def _end(app: web.Application, login: str, id_: str) -> None:
    now = app[CLOCK].now()
    note = act_of(app, f"agent:{login}", "signed_out", login, now=now)
    await revoke_session(app[DATABASE], login, id_, now=now, note=note)
    app[SESSIONS].forget(login)


async def _note_failure(app: web.Application, login: str, address: str) -> None:
    """Note a failed attempt; of an unknown login not what was typed, which may be a password in the wrong field."""
    act = act_of(app, f"address:{address}", "sign_in_failed", login, now=app[CLOCK].now())
    await written(app[DATABASE], audited(act), tells=NOTHING)


async def _page(
    request: web.Request,
    next_: str,
    *,
    login: str = "",
    status: int = 200,
    wait_s: int | None = None,
) -> web.Response:
    problem = ENGLISH["login_wrong"] if status == 401 else None
    if wait_s is not None:
        problem = ENGLISH["login_wait"].format(seconds=wait_s)
    anybody = await has_agents(request.app[DATABASE])
    response = pages.render_open(
        request,
        "login.html",
        status=status,
        next=next_,
        login=login,
        problem=problem,
        anybody=anybody,
        elsewhere=_elsewhere(request),
    )
    if wait_s is not None:
        response.headers["Retry-After"] = str(wait_s)
    return response


def _elsewhere(request: web.Request) -> str | None:
    """Return where to sign in instead; None where it works here.

    The cookie travels by https alone where the server's own address is one. A browser on the same machine keeps it all
    the same; any other one drops it without a word, and the agent would come back to this page for ever.
    """
    public_url = request.app[SETTINGS].server.public_url
    if not is_secure(request) or request.secure or public_url is None:
        return None
    here, there = request.url.host or "", URL(public_url).host
    return None if here in (there, "localhost", "127.0.0.1", "::1") else public_url
