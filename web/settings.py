"""The configuration: one TOML file, each key overridable by the environment; what is wrong is refused readably."""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from adapters.registry import LineConfig
from adapters.settings import Length, SecretSettings, check_zone
from engine.core.errors import DefinitionError
from engine.flow.opening import read_opening
from engine.loops.assigner import CAPACITY, Assign
from web.problems import readable

ENVIRONMENT_PREFIX = "PARLEY_"
SQLITE = "sqlite:///"

_AT_LINE = re.compile(r"at line (\d+)")

LineName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
"""In URLs and in the names of environment variables, hence this narrow."""


TeamName = Annotated[str, StringConstraints(pattern=r"^\S(.{0,58}\S)?$")]
"""As flow files write it: `front desk` is a table `[teams."front desk"]`."""

News = Literal["messages", "statuses", "results", "handoffs"]
EVERY_NEWS: tuple[News, ...] = get_args(News)


class SettingsInvalid(DefinitionError):
    """The configuration is wrong.

    Args:
        problems: One readable line each, beginning with the key's path.
    """

    code = "settings_invalid"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _comma_separated(given: object) -> object:
    """Let an environment variable carry a list: `PARLEY_FLOWS__PATHS=flows,more_flows`."""
    return [part.strip() for part in given.split(",")] if isinstance(given, str) else given


def _semicolon_separated(given: object) -> object:
    """Let an environment variable carry several hours: they have commas of their own."""
    return [part.strip() for part in given.split(";")] if isinstance(given, str) else given


def _web_address(url: str) -> str:
    if not re.match(r"^https?://[^/\s]+", url):
        raise ValueError("must be an address such as https://bot.example.com")
    return url.rstrip("/")


def _listening_place(given: str) -> str:
    if not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\s\[\]]+):\d{1,5}", given):
        raise ValueError("must be an address with a port, such as 127.0.0.1:9400")
    if not 1 <= int(given.rpartition(":")[2]) <= 65535:
        raise ValueError("must name a port from 1 to 65535")
    return given


def _database_address(url: str) -> str:
    if not re.match(r"^(sqlite:///.|postgresql(\+asyncpg)?://.)", url):
        raise ValueError("must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    return url


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class ServerSettings(_Section):
    """Where the program listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    """0 takes any free port and prints it."""
    public_url: Annotated[str, AfterValidator(_web_address)] | None = None
    """How providers reach this server; the webhook addresses printed at start begin with it."""


class DatabaseSettings(_Section):
    """Where everything is kept."""

    url: Annotated[str, AfterValidator(_database_address)] = Field(
        default=f"{SQLITE}parley.db", repr=False
    )


class FlowSettings(_Section):
    """Where the flow files are."""

    paths: Annotated[tuple[str, ...], BeforeValidator(_comma_separated)] = ("flows",)
    """Folders, relative to the configuration file, or names of installed packages."""
    languages: Annotated[tuple[str, ...], BeforeValidator(_comma_separated)] = ()
    """ISO 639-1 of the languages to talk, the flow files' own first; empty: English and every one with a catalogue."""


class MediaSettings(_Section):
    """Where files are kept that contacts send."""

    path: Path = Path("media")
    max_bytes: int = Field(default=100 * 1024 * 1024, ge=1)
    """Larger files are not fetched. WhatsApp's largest is a document of 100 MB. Source: media reference, 2026-08."""


class WebhookSettings(SecretSettings):
    """One `[webhooks.NAME]` table: a server of yours that is told what happens."""

    required_secrets: ClassVar[tuple[str, ...]] = ("secret",)

    url: Annotated[str, AfterValidator(_web_address)]
    """Where it is posted to; redirects are not followed."""
    secret: SecretStr | None = None
    """What the posts are signed with; also `secret_file` or `secret_env`."""
    secret_file: Path | None = None
    secret_env: str | None = None
    events: Annotated[tuple[News, ...], BeforeValidator(_comma_separated)] = EVERY_NEWS
    """What it is told of: `messages` in and out, their `statuses`, the `results` of flows, `handoffs` to people."""
    lines: Annotated[tuple[str, ...], BeforeValidator(_comma_separated)] = ()
    """Of which lines; empty: of all."""


class SpoolSettings(_Section):
    """Where webhooks wait that the database refuses, of providers that send each once."""

    path: Path | None = None
    """None: beside the SQLite file, and `parley.spool` beside the configuration with PostgreSQL."""
    max_bytes: int = Field(default=64 * 1024 * 1024, ge=1)
    """When it is full, or cannot be written, such a webhook is answered 503 and is lost."""


class ApiSettings(_Section):
    """How much the public API takes."""

    requests_per_second: int = Field(default=20, ge=1)
    """Of one token, in the long run and in one process; more is answered 429."""
    burst: int = Field(default=100, ge=1)
    """So many requests of a token may come at once."""


class InboxSettings(_Section):
    """How agents sign in and work, and whether they can search."""

    session_hours: float = Field(default=12, gt=0, le=720)
    """An agent who does nothing for this long signs in again; after 30 days each does."""
    proxies: int = Field(default=0, ge=0, le=10)
    """Servers of yours before this one, each noting at the end of `X-Forwarded-For` who asked it."""
    search: bool = True
    """Whether contacts and messages are read into an index, as soon as there is an agent."""
    close_reasons: Annotated[tuple[str, ...], BeforeValidator(_comma_separated)] = (
        "Solved",
        "No answer",
        "Spam",
        "Wrong number",
    )
    """What an agent chooses from when closing a chat; another reason may always be written."""
    push_preview: Literal["nothing", "name", "text"] = "name"
    """What a notification on an agent's phone tells: that somebody wrote, who, or also what."""
    push_allow: Annotated[tuple[str, ...], BeforeValidator(_comma_separated)] = ()
    """Origins of push services that may be private or without https, such as one of your own network."""


class MetricsSettings(SecretSettings):
    """Where a monitoring system reads how the work goes; without either key nobody can."""

    optional_secrets: ClassVar[tuple[str, ...]] = ("token",)

    listen: Annotated[str, AfterValidator(_listening_place)] | None = None
    """A port of its own, such as `127.0.0.1:9400`; each further worker takes the next one."""
    token: SecretStr | None = None
    """What whoever reads them must show; without `listen` they stand under it at the server's own port."""
    token_file: Path | None = None
    token_env: str | None = None


class TemplateSettings(_Section):
    """How the providers' templates are kept in mind."""

    sync_hours: float = Field(default=6, ge=0)
    """How often each provider is asked for its templates, at start and after; 0 leaves it to `templates sync`."""


class HandoffSettings(_Section):
    """How chats are handed to people, where a team or a handoff says nothing else."""

    hours: Annotated[tuple[str, ...], BeforeValidator(_semicolon_separated)] = ()
    """When somebody answers, such as `["mon-fri 09:00-18:00", "sat 10:00-14:00"]`; empty: always."""
    time_zone: Annotated[str, AfterValidator(check_zone)] | None = None
    """The zone that hours are meant in, such as `Europe/Madrid`; without it UTC."""
    unclaimed_after: Length | Literal["never"] = "15m"
    """How long a chat waits, from when the hours begin, until the contact is told that nobody is free."""
    acknowledge_every: Length = "30m"
    """Who writes while the chat waits is told at most this often that it is kept."""
    phone_quiet: Length = "30m"
    """How long the flows are silent after the business wrote from its own phone."""
    resume_after: Length = "12h"
    """How long they are silent after a handoff to a helpdesk that does not tell when it is done."""
    absent_after: Length | Literal["never"] = "10m"
    """How long an agent is not seen until what they leave unanswered goes back to its queue."""

    @model_validator(mode="after")
    def _check_hours(self) -> Self:
        read_opening(self.hours, self.time_zone)
        return self


class TeamSettings(_Section):
    """One `[teams.NAME]` table: people that handoffs name by `team="NAME"`."""

    name: str = ""
    """What agents see; empty: NAME itself."""
    hours: Annotated[tuple[str, ...], BeforeValidator(_semicolon_separated)] | None = None
    """When the team answers; without it as `[handoffs]` says, and `[]` is always."""
    time_zone: Annotated[str, AfterValidator(check_zone)] | None = None
    """The zone of its hours; without it that of `[handoffs]`."""
    unclaimed_after: Length | Literal["never"] | None = None
    """How long a chat waits for it until the contact is told; without it as `[handoffs]` says."""
    assign: Assign = "manual"
    """Who gets a chat that waits: whoever takes it; who has gone longest without; who has the fewest."""
    capacity: int = Field(default=CAPACITY, ge=0)
    """Chats that an agent may be given at once, where the agent has no number of their own."""
    absent_after: Length | Literal["never"] | None = None
    """How long its agents are not seen until a chat goes back; without it as `[handoffs]` says."""

    @model_validator(mode="after")
    def _check_hours(self) -> Self:
        read_opening(self.hours or (), self.time_zone)
        return self


class LogSettings(_Section):
    """What is logged to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Settings(BaseSettings):
    """Everything that can be configured. `folder` is set by `load_settings` alone."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    folder: Path = Path()
    """The configuration file's folder, where relative paths begin."""
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    flows: FlowSettings = FlowSettings()
    lines: dict[LineName, LineConfig] = {}
    webhooks: dict[LineName, WebhookSettings] = {}
    teams: dict[TeamName, TeamSettings] = {}
    handoffs: HandoffSettings = HandoffSettings()
    media: MediaSettings = MediaSettings()
    spool: SpoolSettings = SpoolSettings()
    api: ApiSettings = ApiSettings()
    inbox: InboxSettings = InboxSettings()
    templates: TemplateSettings = TemplateSettings()
    metrics: MetricsSettings = MetricsSettings()
    log: LogSettings = LogSettings()

    @property
    def spool_file(self) -> Path:
        """Where the spool stands."""
        if self.spool.path is not None:
            return self.folder / self.spool.path
        if self.database.url.startswith(SQLITE):
            return Path(f"{self.database.url.removeprefix(SQLITE)}.spool")
        return self.folder / "parley.spool"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file; no other source counts."""
        return EnvironmentSource(settings_cls), init_settings


class EnvironmentSource(PydanticBaseSettingsSource):
    """Reads `PARLEY_SECTION__KEY` and `PARLEY_LINES__NAME__KEY`.

    pydantic-settings' own source would drop an unknown section silently, and would turn a line's all-digit
    `phone_number_id` into a number because a line's fields depend on its provider.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return a whole section; the base class asks for it, `__call__` does not."""
        return self().get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the variables' values as nested tables, all of them text."""
        tables: dict[str, Any] = {}
        for name, value in sorted(os.environ.items()):
            path = name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
            if name.startswith(ENVIRONMENT_PREFIX) and len(path) > 1:
                table = tables
                for part in path[:-1]:
                    table = table.setdefault(part, {})
                    if not isinstance(table, dict):
                        raise SettingsInvalid([f"{name}: {part} is set as a whole already"])
                table[path[-1]] = value
        return tables


def load_settings(path: Path | None) -> Settings:
    """Read the configuration; secrets in files and variables are left for `read_secrets`.

    Args:
        path: The TOML file; None for the defaults and the environment alone, relative to the working folder.

    Raises:
        SettingsInvalid: The file cannot be read, or a key or value is wrong; one line per problem.
    """
    data = _read_toml(path) if path else {}
    if "folder" in data:
        raise SettingsInvalid(["folder: unknown key"])
    folder = path.absolute().parent if path else Path.cwd()
    try:
        settings = Settings(**data, folder=folder)
    except ValidationError as wrong:
        raise SettingsInvalid(readable(wrong, Settings)) from None
    placed = {
        "database": _database_beside(folder, settings.database),
        "media": settings.media.model_copy(update={"path": folder / settings.media.path}),
    }
    return settings.model_copy(update=placed)


def _database_beside(folder: Path, database: DatabaseSettings) -> DatabaseSettings:
    if not database.url.startswith(SQLITE):
        return database
    file = folder / database.url.removeprefix(SQLITE)
    return database.model_copy(update={"url": f"{SQLITE}{file}"})


def read_secrets(settings: Settings) -> Settings:
    """Return the settings with every line's secrets read from their files and variables; read ones stay as they are.

    Apart from `load_settings`, because only a server needs them: a flow is checked and talked to without.

    Raises:
        SettingsInvalid: A secret cannot be read; one line per problem.
    """
    lines: dict[str, LineConfig] = {}
    problems: list[str] = []
    for name, line in settings.lines.items():
        try:
            lines[name] = line.with_secrets(
                folder=settings.folder, environ=os.environ, where=f"lines.{name}"
            )
        except DefinitionError as error:
            problems += str(error).splitlines()
    webhooks: dict[str, WebhookSettings] = {}
    for name, webhook in settings.webhooks.items():
        unknown = [line for line in webhook.lines if line not in settings.lines]
        problems += [f"webhooks.{name}.lines: there is no line {line!r}" for line in unknown]
        try:
            webhooks[name] = webhook.with_secrets(
                folder=settings.folder, environ=os.environ, where=f"webhooks.{name}"
            )
        except DefinitionError as error:
            problems += str(error).splitlines()
    metrics = settings.metrics
    try:
        metrics = metrics.with_secrets(folder=settings.folder, environ=os.environ, where="metrics")
    except DefinitionError as error:
        problems += str(error).splitlines()
    if problems:
        raise SettingsInvalid(problems)
    return settings.model_copy(update={"lines": lines, "webhooks": webhooks, "metrics": metrics})


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsInvalid(
            [f"{path}: no such file; write one or name another with --config"]
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid([f"{path}: cannot be read: {error}"]) from None
    except tomllib.TOMLDecodeError as error:
        line = _AT_LINE.search(str(error))
        place = f"{path}:{line[1]}" if line else str(path)
        raise SettingsInvalid([f"{place}: not valid TOML: {error}"]) from None
