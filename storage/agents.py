"""The agents: added, found, changed, disabled. A login is never used again: stories name it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

import orjson
from sqlalchemy import select
from sqlalchemy.sql import Select
from sqlmodel import col

from engine.core.errors import DefinitionError, ValueRefused
from storage import tables
from storage.audit import NO_LINE, Act, audited
from storage.clean import clean_text
from storage.columns import maybe_time, read_time, stamp
from storage.database import Database
from storage.statement import Call, insert, update
from storage.written import written

Role = Literal["agent", "supervisor", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""Each may what the one before it may."""

LOGIN_CHARS: Final = 64
RESERVED: Final = frozenset({"rule", "nobody", "command", "system"})
"""What stands in stories where no agent did something."""

_LOGIN = re.compile(r"\w[\w.@+-]*")

_ADD = insert(
    "agent",
    "line_id text, login text, name text, password_hash text, role text, teams text, lines text,"
    " available bool, capacity bigint, created_at time",
)
_CHANGE = update(
    "agent",
    "line_id text, login text, name text, role text, teams text, lines text, capacity bigint",
    set_="name = :name, role = :role, teams = :teams, lines = :lines, capacity = :capacity",
    where="agent.line_id = :line_id AND agent.login = :login",
)
_PASSWORD = update(
    "agent",
    "line_id text, login text, password_hash text",
    set_="password_hash = :password_hash",
    where="agent.line_id = :line_id AND agent.login = :login",
)
_DISABLE = update(
    "agent",
    "line_id text, login text, now time",
    set_="disabled_at = :now, available = false",
    where="agent.line_id = :line_id AND agent.login = :login AND agent.disabled_at IS NULL",
)
_ENABLE = update(
    "agent",
    "line_id text, login text",
    set_="disabled_at = NULL",
    where="agent.line_id = :line_id AND agent.login = :login",
)
_AVAILABLE = update(
    "agent",
    "line_id text, login text, available bool",
    set_="available = :available",
    where="agent.line_id = :line_id AND agent.login = :login",
)
_REVOKE_ALL = update(
    "session",
    "line_id text, login text, keep text, now time",
    set_="revoked_at = :now",
    where="session.line_id = :line_id AND session.login = :login AND session.id <> :keep"
    " AND session.revoked_at IS NULL",
)


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who answers chats, or looks after those who do."""

    login: str
    """What they sign in with and what stories name; never changes."""
    name: str
    role: Role
    teams: frozenset[str] = frozenset()
    """Empty: every team."""
    lines: frozenset[str] = frozenset()
    """Empty: every line."""
    available: bool = False
    """Whether they want new chats."""
    capacity: int | None = None
    """Chats that they may be given at once; None is their team's."""
    seen_at: datetime | None = None
    created_at: datetime | None = None
    disabled_at: datetime | None = None

    def serves(self, line: str) -> bool:
        """Tell whether they may see the line."""
        return not self.lines or line in self.lines

    def may(self, role: Role) -> bool:
        """Tell whether they are at least this."""
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def actor(self) -> str:
        """How the audit names them."""
        return f"agent:{self.login}"


def read_login(given: str) -> str:
    """Return a login as it is stored: one spelling for what looks the same.

    Raises:
        DefinitionError: It cannot be one; the message says why.
    """
    login = fold_login(given)
    if not _LOGIN.fullmatch(login) or len(login) > LOGIN_CHARS:
        raise DefinitionError(
            f"{given[:LOGIN_CHARS]!r} cannot be a login: letters, digits and . _ @ + - alone,"
            f" at most {LOGIN_CHARS}"
        )
    if login in RESERVED:
        raise DefinitionError(f"{login!r} cannot be a login: stories use the word")
    return login


def fold_login(given: str) -> str:
    """Return what somebody types as a login in the spelling that is stored."""
    return unicodedata.normalize("NFKC", clean_text(given.strip()).casefold())


def login_taken(login: str) -> DefinitionError:
    """Return the error of who is to be added under a login that somebody has or had."""
    return DefinitionError(f"there is or was an agent {login!r}; take another login")


async def add_agent(
    database: Database, agent: Agent, *, password_hash: str, now: datetime, note: Act
) -> None:
    """Add an agent; `note` is who did it.

    Raises:
        DefinitionError: There is or was one with this login.
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    row = (
        *(NO_LINE, agent.login, clean_text(agent.name), password_hash, agent.role),
        *(_listed(agent.teams), _listed(agent.lines)),
        *(agent.available, agent.capacity, stamp(now)),
    )
    try:
        await written(database, Call(_ADD, [row]), audited(note))
    except ValueRefused:
        raise login_taken(agent.login) from None


async def change_agent(database: Database, agent: Agent, *, note: Act) -> None:
    """Store an agent's name, role, teams, lines and capacity. Raises StoreUnavailable."""
    row = (
        *(NO_LINE, agent.login, clean_text(agent.name), agent.role),
        *(_listed(agent.teams), _listed(agent.lines), agent.capacity),
    )
    await written(database, Call(_CHANGE, [row]), audited(note))


async def set_password(
    database: Database,
    login: str,
    *,
    password_hash: str,
    keep: str | None,
    now: datetime,
    note: Act,
) -> None:
    """Store another password and revoke the sessions that began with the old one, but `keep`.

    Raises:
        StoreUnavailable: The database does not answer; nothing was changed.
    """
    await written(
        database,
        Call(_PASSWORD, [(NO_LINE, login, password_hash)]),
        revoke_all(login, keep=keep, now=now),
        audited(note),
    )


async def rehash(database: Database, login: str, *, password_hash: str) -> None:
    """Store the same password under today's parameters. Raises StoreUnavailable."""
    await written(database, Call(_PASSWORD, [(NO_LINE, login, password_hash)]))


async def disable_agent(database: Database, login: str, *, now: datetime, note: Act) -> None:
    """Let an agent in no more, and end their sessions at once. Raises StoreUnavailable."""
    await written(
        database,
        Call(_DISABLE, [(NO_LINE, login, stamp(now))]),
        revoke_all(login, keep=None, now=now),
        audited(note),
    )


async def enable_agent(database: Database, login: str, *, note: Act) -> None:
    """Let a disabled agent in again. Raises StoreUnavailable."""
    await written(database, Call(_ENABLE, [(NO_LINE, login)]), audited(note))


async def set_available(database: Database, login: str, available: bool, *, note: Act) -> None:
    """Store whether an agent wants new chats. Raises StoreUnavailable."""
    await written(database, Call(_AVAILABLE, [(NO_LINE, login, available)]), audited(note))


async def find_agent(database: Database, login: str) -> Agent | None:
    """Return an agent by login, a disabled one too. Raises StoreUnavailable."""
    found = await _found(database, login)
    return None if found is None else agent_of(found)


async def find_password_hash(database: Database, login: str) -> str | None:
    """Return the hash of an agent's password; None for a stranger and a disabled agent. Raises StoreUnavailable."""
    found = await _found(database, login)
    return None if found is None or found.disabled_at is not None else str(found.password_hash)


async def list_agents(database: Database) -> list[Agent]:
    """Return every agent, disabled ones too, by login. Raises StoreUnavailable."""
    async with database.read() as connection:
        rows = (await connection.execute(_asked().order_by(col(_t.login)))).all()
    return [agent_of(row) for row in rows]


async def has_agents(database: Database) -> bool:
    """Tell whether anybody was ever added. Raises StoreUnavailable."""
    async with database.read() as connection:
        asked = select(col(_t.login)).where(col(_t.line_id) == NO_LINE).limit(1)
        return (await connection.execute(asked)).first() is not None


def revoke_all(login: str, *, keep: str | None, now: datetime) -> Call:
    """Return what ends an agent's sessions but the one with the id `keep`."""
    return Call(_REVOKE_ALL, [(NO_LINE, login, keep or "", stamp(now))])


_t = tables.AgentRow
AGENT_COLUMNS: Final = (
    *(_t.login, _t.name, _t.role, _t.teams, _t.lines, _t.available, _t.capacity),
    *(_t.seen_at, _t.created_at, _t.disabled_at),
)
"""What `agent_of` reads."""


def agent_of(row: Any) -> Agent:
    """Read an agent from a row that has AGENT_COLUMNS."""
    return Agent(
        login=row.login,
        name=row.name,
        role=row.role,
        teams=frozenset(orjson.loads(row.teams)),
        lines=frozenset(orjson.loads(row.lines)),
        available=row.available,
        capacity=row.capacity,
        seen_at=maybe_time(row.seen_at),
        created_at=read_time(row.created_at),
        disabled_at=maybe_time(row.disabled_at),
    )


async def _found(database: Database, login: str) -> Any:
    async with database.read() as connection:
        asked = _asked().where(col(_t.login) == clean_text(login))
        return (await connection.execute(asked)).one_or_none()


def _asked() -> Select[Any, *tuple[Any, ...]]:
    columns = (*AGENT_COLUMNS, _t.password_hash)
    return select(*map(col, columns)).where(col(_t.line_id) == NO_LINE)


def _listed(names: Iterable[str]) -> str:
    return orjson.dumps(sorted(names)).decode()
