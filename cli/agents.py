"""`parley agents`."""

import asyncio
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from getpass import GetPassWarning
from pathlib import Path

import click

from cli.database import made, opened
from cli.options import config_option, examples, offline_settings
from cli.words import clock_time
from engine.core.errors import DefinitionError
from storage import Database, Queries, TimeIds
from storage.agents import (
    Agent,
    Role,
    add_agent,
    change_agent,
    disable_agent,
    enable_agent,
    find_agent,
    list_agents,
    login_taken,
    read_login,
    set_password,
)
from storage.audit import NO_LINE, Act
from storage.people import COMMANDS
from storage.sessions import Session, revoke_sessions, sessions_of
from storage.tokens import COMMAND
from web.inbox.people.passwords import hash_password, refuse_weak
from web.settings import Settings

PASSWORD_VARIABLE = "PARLEY_AGENT_PASSWORD"  # noqa: S105 - a variable's name

stdin_option = click.option(
    "--password-stdin",
    "stdin",
    is_flag=True,
    help=f"Read the password from standard input; {PASSWORD_VARIABLE} may hold it too.",
)
login_argument = click.argument("login")


@click.group()
def agents() -> None:
    """Add and change the people who answer chats in the inbox."""


@agents.command(
    "add",
    epilog=examples(
        "parley agents add ana --admin", "parley agents add luis --name 'Luis R.' --team kitchen"
    ),
)
@login_argument
@click.option("--name", metavar="TEXT", help="What colleagues see; the login unless given.")
@click.option("--admin", is_flag=True, help="May everything, and looks after the agents.")
@click.option("--supervisor", is_flag=True, help="Sees every chat of their lines.")
@click.option(
    "--team", "teams", metavar="NAME", multiple=True, help="A team of theirs; none is every one."
)
@click.option(
    "--line", "lines", metavar="NAME", multiple=True, help="A line they see; none is every one."
)
@stdin_option
@config_option
def add_command(
    login: str,
    name: str | None,
    admin: bool,
    supervisor: bool,
    teams: tuple[str, ...],
    lines: tuple[str, ...],
    stdin: bool,
    config: Path | None,
) -> None:
    """Add the agent LOGIN and ask for a password, twice; before the first `parley serve`, too."""
    if admin and supervisor:
        raise click.UsageError("--admin and --supervisor are two roles: choose one")
    settings = offline_settings(config)
    refuse_unknown(settings, lines)
    login = read_login(login)
    asyncio.run(_refuse_taken(settings, login))
    role: Role = "admin" if admin else "supervisor" if supervisor else "agent"
    agent = Agent(login, name or login, role, frozenset(teams), frozenset(lines))
    asyncio.run(_add(settings, agent, _password(login, stdin)))
    click.echo(f"added {login!r}, {role}")


@agents.command("list", epilog=examples("parley agents list"))
@config_option
def list_command(config: Path | None) -> None:
    """List the agents: login, name, role, teams, lines, when they were last here, or disabled."""
    found = asyncio.run(_list(offline_settings(config)))
    for agent in found:
        click.echo(_told(agent))
    if not found:
        click.echo("no agents; the first: parley agents add LOGIN --admin")


@agents.command(
    "change", epilog=examples("parley agents change luis --role supervisor --line shop")
)
@login_argument
@click.option("--name", metavar="TEXT", help="What colleagues see.")
@click.option("--role", type=click.Choice(["agent", "supervisor", "admin"]))
@click.option("--team", "teams", metavar="NAME", multiple=True, help="The teams from now on.")
@click.option("--line", "lines", metavar="NAME", multiple=True, help="The lines from now on.")
@click.option("--every-team", is_flag=True, help="Every team from now on.")
@click.option("--every-line", is_flag=True, help="Every line from now on.")
@config_option
def change_command(
    login: str,
    name: str | None,
    role: Role | None,
    teams: tuple[str, ...],
    lines: tuple[str, ...],
    every_team: bool,
    every_line: bool,
    config: Path | None,
) -> None:
    """Change the agent LOGIN: what is not named stays. A running server knows within 5 seconds."""
    settings = offline_settings(config)
    refuse_unknown(settings, lines)

    def changed(agent: Agent) -> Agent:
        return replace(
            agent,
            name=name or agent.name,
            role=role or agent.role,
            teams=frozenset(teams) if teams or every_team else agent.teams,
            lines=frozenset(lines) if lines or every_line else agent.lines,
        )

    asyncio.run(_change(settings, read_login(login), changed))
    click.echo(f"changed {login!r}")


@agents.command("password", epilog=examples("parley agents password luis"))
@login_argument
@stdin_option
@config_option
def password_command(login: str, stdin: bool, config: Path | None) -> None:
    """Give the agent LOGIN another password; their sessions end."""
    settings = offline_settings(config)
    login = read_login(login)
    asyncio.run(_refuse_unknown_agent(settings, login))
    asyncio.run(_change_password(settings, login, _password(login, stdin)))
    click.echo(f"changed the password of {login!r}; their sessions have ended")


@agents.command("disable", epilog=examples("parley agents disable luis"))
@login_argument
@click.option("--again", is_flag=True, help="Let them in again instead.")
@config_option
def disable_command(login: str, again: bool, config: Path | None) -> None:
    """Let the agent LOGIN in no more; their sessions end within 5 seconds. What they wrote stays."""
    asyncio.run(_disable(offline_settings(config), read_login(login), again=again))
    click.echo(f"enabled {login!r}" if again else f"disabled {login!r}")


@agents.command(
    "sessions",
    epilog=examples("parley agents sessions luis", "parley agents sessions luis --revoke"),
)
@login_argument
@click.option("--revoke", is_flag=True, help="End them all.")
@config_option
def sessions_command(login: str, revoke: bool, config: Path | None) -> None:
    """List the browsers that the agent LOGIN is signed in with."""
    found = asyncio.run(_sessions(offline_settings(config), read_login(login), revoke=revoke))
    for session in found:
        seen, begun = clock_time(session.seen_at), clock_time(session.created_at)
        click.echo(f"{session.client or 'unknown'}  last seen {seen}  since {begun}")
    if not found:
        click.echo("no sessions")
    elif revoke:
        click.echo("revoked")


def refuse_unknown(settings: Settings, lines: Sequence[str]) -> None:
    """Refuse lines that are not configured. Raises DefinitionError."""
    for line in lines:
        if line not in settings.lines:
            known = ", ".join(settings.lines) or "none"
            raise DefinitionError(f"no line {line!r}; configured: {known}")


def _password(login: str, stdin: bool) -> str:
    """Return the password that is given or typed. Raises PasswordRefused."""
    if stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = os.environ.get(PASSWORD_VARIABLE, "") or _asked_password()
    refuse_weak(password, login)
    return password


def _asked_password() -> str:
    """Ask for a password, twice. Raises DefinitionError where there is no terminal that hides what is typed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            return str(
                click.prompt("Password", hide_input=True, confirmation_prompt="Again", err=True)
            )
        except GetPassWarning:
            raise DefinitionError(
                "there is no terminal to ask for the password; "
                f"pipe it in with --password-stdin, or set {PASSWORD_VARIABLE}"
            ) from None


async def _act(database: Database, act: str, login: str, now: datetime) -> Act:
    ids = TimeIds(COMMANDS, after=await Queries(database).newest_id())
    return Act(ids(), NO_LINE, now, COMMAND, act, login)


async def _refuse_taken(settings: Settings, login: str) -> None:
    """Refuse before a password is typed what would be refused after it."""
    async with made(settings) as database:
        if await find_agent(database, login) is not None:
            raise login_taken(login)


async def _refuse_unknown_agent(settings: Settings, login: str) -> None:
    async with opened(settings) as database:
        await _needed(database, login)


async def _add(settings: Settings, agent: Agent, password: str) -> None:
    now = datetime.now(UTC)
    async with opened(settings) as database:
        note = await _act(database, "agent_added", agent.login, now)
        hashed = hash_password(password)
        await add_agent(database, agent, password_hash=hashed, now=now, note=note)


async def _list(settings: Settings) -> list[Agent]:
    async with opened(settings) as database:
        return await list_agents(database)


async def _change(settings: Settings, login: str, changed: Callable[[Agent], Agent]) -> None:
    async with opened(settings) as database:
        agent = await _needed(database, login)
        note = await _act(database, "agent_changed", login, datetime.now(UTC))
        await change_agent(database, changed(agent), note=note)


async def _change_password(settings: Settings, login: str, password: str) -> None:
    now = datetime.now(UTC)
    async with opened(settings) as database:
        await _needed(database, login)
        await set_password(
            database,
            login,
            password_hash=hash_password(password),
            keep=None,
            now=now,
            note=await _act(database, "password_changed", login, now),
        )


async def _disable(settings: Settings, login: str, *, again: bool) -> None:
    now = datetime.now(UTC)
    async with opened(settings) as database:
        await _needed(database, login)
        if again:
            note = await _act(database, "agent_enabled", login, now)
            await enable_agent(database, login, note=note)
        else:
            note = await _act(database, "agent_disabled", login, now)
            await disable_agent(database, login, now=now, note=note)


async def _sessions(settings: Settings, login: str, *, revoke: bool) -> list[Session]:
    now = datetime.now(UTC)
    async with opened(settings) as database:
        await _needed(database, login)
        found = await sessions_of(database, login, now=now)
        if revoke:
            note = await _act(database, "sessions_revoked", login, now)
            await revoke_sessions(database, login, keep=None, now=now, note=note)
        return found


async def _needed(database: Database, login: str) -> Agent:
    agent = await find_agent(database, login)
    if agent is None:
        raise DefinitionError(f"no agent {login!r}; `parley agents list` names them")
    return agent


def _told(agent: Agent) -> str:
    seen = "never here" if agent.seen_at is None else f"last here {clock_time(agent.seen_at)}"
    parts = (
        agent.login,
        agent.name,
        agent.role,
        ", ".join(sorted(agent.teams)) or "every team",
        ", ".join(sorted(agent.lines)) or "every line",
        seen,
        agent.disabled_at and f"disabled {clock_time(agent.disabled_at)}",
    )
    return "  ".join(part for part in parts if part)
