"""The agents, for admins: who they are and what they may."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal

from aiohttp import web
from pydantic import BeforeValidator, ConfigDict, Field

from engine.core.errors import DefinitionError
from storage.agents import (
    ROLES,
    Agent,
    Role,
    add_agent,
    change_agent,
    disable_agent,
    enable_agent,
    find_agent,
    list_agents,
    read_login,
    set_password,
)
from storage.sessions import revoke_sessions
from web.inbox import pages
from web.inbox.acts import act_of
from web.inbox.errors import FormInvalid, NotFound
from web.inbox.forms import Form, read_form
from web.inbox.names import COLLEAGUES
from web.inbox.people.account import shown_sessions
from web.inbox.people.login import HASHING
from web.inbox.people.passwords import PasswordRefused, refuse_weak
from web.inbox.people.signing import SESSIONS
from web.inbox.table import PREFIX, Asked
from web.inbox.teams import teams_of
from web.inbox.texts import ENGLISH
from web.keys import DATABASE, SETTINGS

PEOPLE: Final = f"{PREFIX}/people"

CAPACITY_MOST: Final = 1000


def _none_if_empty(given: object) -> object:
    return None if given == "" else given


class Person(Form):
    """What an admin says of an agent."""

    name: Annotated[str, Field(max_length=80)] = ""
    role: Role = "agent"
    team: tuple[str, ...] = ()
    more_teams: str = ""
    """Others, with commas."""
    line: tuple[str, ...] = ()
    capacity: Annotated[
        Annotated[int, Field(ge=0, le=CAPACITY_MOST)] | None, BeforeValidator(_none_if_empty)
    ] = None


class NewPerson(Person):
    """An agent who is added."""

    login: str


class Password(Form):
    """A password as it is typed."""

    model_config = ConfigDict(str_strip_whitespace=False)

    password: str


class Access(Form):
    """Whether an agent is let in."""

    access: Literal["disable", "enable"]


async def show_people(asked: Asked) -> web.StreamResponse:
    """List the agents, with the form for another one."""
    return await _people(asked)


async def add_person(asked: Asked) -> web.StreamResponse:
    """Add an agent with a first password."""
    app = asked.app
    try:
        form, password = read_form(asked, NewPerson), read_form(asked, Password).password
        login = read_login(form.login)
        refuse_weak(password, login)
        agent = _said(asked, Agent(login, login, "agent"), form)
        await add_agent(
            app[DATABASE],
            agent,
            password_hash=await app[HASHING].hash(password),
            now=asked.now,
            note=act_of(app, asked.agent.actor, "agent_added", login, now=asked.now),
        )
    except (FormInvalid, DefinitionError) as refused:
        return await _people(asked, problem=str(refused), typed=_typed(asked))
    _forget(asked, login)
    return pages.redirect(asked, PEOPLE)


async def show_person(asked: Asked) -> web.StreamResponse:
    """Show one agent, to be changed."""
    return await _person(asked, await _needed(asked))


async def change_person(asked: Asked) -> web.StreamResponse:
    """Change what an agent may."""
    agent = await _needed(asked)
    try:
        changed = _said(asked, agent, read_form(asked, Person))
        if agent.role == "admin" and changed.role != "admin":
            await _refuse_last_admin(asked, agent)
    except FormInvalid as refused:
        return await _person(asked, agent, problem=str(refused))
    note = act_of(asked.app, asked.agent.actor, "agent_changed", agent.login, now=asked.now)
    await change_agent(asked.app[DATABASE], changed, note=note)
    _forget(asked, agent.login)
    return pages.redirect(asked, PEOPLE)


async def reset_password(asked: Asked) -> web.StreamResponse:
    """Give an agent another password; their sessions end, but the admin's own that asks."""
    agent, app = await _needed(asked), asked.app
    password = read_form(asked, Password).password
    try:
        refuse_weak(password, agent.login)
    except PasswordRefused as refused:
        return await _person(asked, agent, problem=str(refused))
    await set_password(
        app[DATABASE],
        agent.login,
        password_hash=await app[HASHING].hash(password),
        keep=asked.session.id,
        now=asked.now,
        note=act_of(app, asked.agent.actor, "password_changed", agent.login, now=asked.now),
    )
    _forget(asked, agent.login)
    return await _person(asked, agent, done=ENGLISH["password_done"])


async def set_access(asked: Asked) -> web.StreamResponse:
    """Let an agent in no more, or again."""
    agent, database = await _needed(asked), asked.app[DATABASE]
    ends = read_form(asked, Access).access == "disable"
    act = "agent_disabled" if ends else "agent_enabled"
    note = act_of(asked.app, asked.agent.actor, act, agent.login, now=asked.now)
    try:
        if ends:
            await _refuse_last_admin(asked, agent)
            await disable_agent(database, agent.login, now=asked.now, note=note)
        else:
            await enable_agent(database, agent.login, note=note)
    except FormInvalid as refused:
        return await _person(asked, agent, problem=str(refused))
    _forget(asked, agent.login)
    return pages.redirect(asked, PEOPLE)


async def end_sessions(asked: Asked) -> web.StreamResponse:
    """End an agent's sessions, but the admin's own that asks."""
    agent = await _needed(asked)
    note = act_of(asked.app, asked.agent.actor, "sessions_revoked", agent.login, now=asked.now)
    await revoke_sessions(
        asked.app[DATABASE], agent.login, keep=asked.session.id, now=asked.now, note=note
    )
    _forget(asked, agent.login)
    return await _person(asked, agent, done=ENGLISH["sessions_done"])


def _said(asked: Asked, agent: Agent, form: Person) -> Agent:
    """Return the agent as the form says. Raises FormInvalid."""
    unknown = [line for line in form.line if line not in asked.app[SETTINGS].lines]
    if unknown:
        raise FormInvalid(ENGLISH["line_unknown"].format(line=unknown[0]))
    more = (team.strip() for team in form.more_teams.split(","))
    return replace(
        agent,
        name=form.name or agent.name,
        role=form.role,
        teams=frozenset(team for team in (*form.team, *more) if team),
        lines=frozenset(form.line),
        capacity=form.capacity,
    )


async def _needed(asked: Asked) -> Agent:
    """Return the agent of the path. Raises NotFound."""
    agent = await find_agent(asked.app[DATABASE], asked.request.match_info["login"])
    if agent is None:
        raise NotFound
    return agent


async def _refuse_last_admin(asked: Asked, agent: Agent) -> None:
    """Refuse to lock everybody out. Raises FormInvalid."""
    others = [
        one
        for one in await list_agents(asked.app[DATABASE])
        if one.role == "admin" and one.disabled_at is None and one.login != agent.login
    ]
    if not others:
        raise FormInvalid(ENGLISH["last_admin"])


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form that is shown again; anything may stand in it."""

    login: str
    name: str
    role: str
    teams: tuple[str, ...]
    lines: tuple[str, ...]
    capacity: str


def _typed(asked: Asked) -> Typed:
    given = asked.form
    more = (team.strip() for team in given.get("more_teams", "").split(","))
    return Typed(
        login=given.get("login", ""),
        name=given.get("name", ""),
        role=given.get("role", ROLES[0]),
        teams=tuple(team for team in (*given.getall("team", []), *more) if team),
        lines=tuple(given.getall("line", [])),
        capacity=given.get("capacity", ""),
    )


async def _people(asked: Asked, *, problem: str = "", typed: Typed | None = None) -> web.Response:
    return pages.render(
        asked,
        "people.html",
        status=422 if problem else 200,
        agents=await list_agents(asked.app[DATABASE]),
        typed=typed,
        problem=problem,
        **await _choices(asked, typed.teams if typed else ()),
    )


async def _person(asked: Asked, agent: Agent, *, problem: str = "", done: str = "") -> web.Response:
    return pages.render(
        asked,
        "person.html",
        status=422 if problem else 200,
        person=agent,
        sessions=await shown_sessions(asked, agent.login),
        problem=problem,
        done=done,
        **await _choices(asked, agent.teams),
    )


async def _choices(asked: Asked, chosen: Iterable[str]) -> dict[str, object]:
    """Return what may be chosen, and what is chosen already."""
    return {
        "roles": ROLES,
        "lines": sorted(asked.app[SETTINGS].lines),
        "teams": sorted({*await teams_of(asked.app), *chosen}, key=str.casefold),
    }


def _forget(asked: Asked, login: str) -> None:
    """Let what was changed count in this process at once."""
    asked.app[SESSIONS].forget(login)
    asked.app[COLLEAGUES].forget()
