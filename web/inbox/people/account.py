"""One's own account: whether one wants chats, the browsers one is signed in with, the password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aiohttp import web
from pydantic import ConfigDict

from storage.agents import find_password_hash, set_available, set_password
from storage.sessions import Session, revoke_session, revoke_sessions, sessions_of
from web.inbox import pages
from web.inbox.acts import act_of
from web.inbox.errors import FormInvalid
from web.inbox.forms import Form, read_form
from web.inbox.people.browsers import browser_name
from web.inbox.people.login import HASHING, THROTTLE
from web.inbox.people.passwords import PasswordRefused, refuse_weak
from web.inbox.people.signing import SESSIONS
from web.inbox.people.throttle import TooManyAttempts, client_address
from web.inbox.table import PREFIX, Asked
from web.inbox.texts import ENGLISH
from web.keys import DATABASE, SETTINGS

ACCOUNT = f"{PREFIX}/account"

OTHERS = "others"


class Availability(Form):
    """Whether one wants new chats."""

    available: Literal["yes", "no"]


class Revoking(Form):
    """A session's id, or `others`."""

    session: str


class NewPassword(Form):
    """The old password and the new one, as they are typed."""

    model_config = ConfigDict(str_strip_whitespace=False)

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session as the page lists it."""

    id: str
    name: str
    seen_at: datetime
    created_at: datetime
    is_this: bool


async def switch_availability(asked: Asked) -> web.StreamResponse:
    """Store whether the agent wants new chats."""
    wants = read_form(asked, Availability).available == "yes"
    act = "became_available" if wants else "became_unavailable"
    note = act_of(asked.app, asked.agent.actor, act, asked.agent.login, now=asked.now)
    await set_available(asked.app[DATABASE], asked.agent.login, wants, note=note)
    asked.app[SESSIONS].forget(asked.agent.login)
    if asked.is_fragment:
        return pages.render(asked, "availability.html", available=wants)
    return pages.redirect(asked, PREFIX)


async def show_account(asked: Asked) -> web.StreamResponse:
    """Show one's sessions, and the form for another password."""
    return await _page(asked)


async def revoke(asked: Asked) -> web.StreamResponse:
    """End one of one's own sessions, or all others."""
    wanted, login = read_form(asked, Revoking).session, asked.agent.login
    database, now = asked.app[DATABASE], asked.now
    note = act_of(asked.app, asked.agent.actor, "sessions_revoked", login, now=now)
    if wanted == OTHERS:
        await revoke_sessions(database, login, keep=asked.session.id, now=now, note=note)
    else:
        await revoke_session(database, login, wanted, now=now, note=note)
    asked.app[SESSIONS].forget(login)
    return pages.redirect(asked, ACCOUNT)


async def change_password(asked: Asked) -> web.StreamResponse:
    """Change one's own password; one's other sessions end."""
    form, login, app = read_form(asked, NewPassword), asked.agent.login, asked.app
    address = client_address(asked.request, proxies=app[SETTINGS].inbox.proxies)
    try:
        app[THROTTLE].begin(login, address)
        stored = await find_password_hash(app[DATABASE], login)
        if not await app[HASHING].matches(form.old, stored):
            raise FormInvalid(ENGLISH["password_wrong"])
        app[THROTTLE].right(login, address)
        refuse_weak(form.new, login)
    except TooManyAttempts as early:
        return await _page(asked, problem=ENGLISH["login_wait"].format(seconds=early.wait_s))
    except (FormInvalid, PasswordRefused) as refused:
        return await _page(asked, problem=str(refused))
    await set_password(
        app[DATABASE],
        login,
        password_hash=await app[HASHING].hash(form.new),
        keep=asked.session.id,
        now=asked.now,
        note=act_of(app, asked.agent.actor, "password_changed", login, now=asked.now),
    )
    app[SESSIONS].forget(login)
    return await _page(asked, done=ENGLISH["password_done"])


async def shown_sessions(asked: Asked, login: str) -> list[ShownSession]:
    """Return an agent's sessions as a page lists them."""
    found = await sessions_of(asked.app[DATABASE], login, now=asked.now)
    return [
        ShownSession(
            session.id,
            _name(session),
            session.seen_at,
            session.created_at,
            session.id == asked.session.id,
        )
        for session in found
    ]


def _name(session: Session) -> str:
    browser, system = browser_name(session.client)
    if browser is None and system is None:
        return ENGLISH["session_unknown"]
    if browser is None or system is None:
        return browser or system or ""
    return ENGLISH["session_name"].format(browser=browser, system=system)


async def _page(asked: Asked, *, problem: str = "", done: str = "") -> web.Response:
    return pages.render(
        asked,
        "account.html",
        status=422 if problem else 200,
        sessions=await shown_sessions(asked, asked.agent.login),
        problem=problem,
        done=done,
    )
