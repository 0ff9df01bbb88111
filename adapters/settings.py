"""What every line's settings share, and where its secrets come from: the value itself, a file, or the environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator
from yarl import URL

from engine.core.errors import DefinitionError
from engine.core.quiet import read_quiet_hours
from engine.core.times import read_length
from engine.ports.helpdesk import Helpdesk


def _check_url(url: str) -> str:
    try:
        known = URL(url)
        good = (
            known.scheme in {"http", "https"}
            and bool(known.host)
            and not any(map(url.count, "?# \t\n"))
        )
    except ValueError:
        good = False
    if not good:
        raise ValueError("must be an http or https URL without query, such as https://host/path")
    return url.rstrip("/")


BaseUrl = Annotated[str, AfterValidator(_check_url)]
"""Where a provider's calls go, without a slash at the end."""


def check_zone(name: str) -> str:
    """Return the name of a time zone; refuse any other."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, a folder of zones, or no name at all
        raise ValueError("must be a time zone such as Europe/Madrid") from None
    return name


def _check_quiet(hours: str) -> str:
    read_quiet_hours(hours)
    return hours


def _check_length(written: str) -> str:
    try:
        read_length(written)
    except DefinitionError as error:
        raise ValueError(str(error)) from error
    return written


Length = Annotated[str, AfterValidator(_check_length)]
"""A length of time, such as "30s", "2h" or "3d"."""


class SecretSettings(BaseModel):
    """A table with secrets.

    A secret KEY may be given as `KEY`, as `KEY_file` (a path; the file's text without the line end) or as `KEY_env`
    (the name of an environment variable).
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    required_secrets: ClassVar[tuple[str, ...]] = ()
    optional_secrets: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _check_secrets(self) -> Self:
        for key in (*self.required_secrets, *self.optional_secrets):
            given = [name for name in _sources(key) if getattr(self, name) is not None]
            if len(given) > 1:
                raise ValueError(f"give one of {', '.join(given)}, not {len(given)}")
            if not given and key in self.required_secrets:
                raise ValueError(f"{key} is missing: give {key}, {key}_file or {key}_env")
        return self

    def with_secrets(
        self, *, folder: Path, environ: Mapping[str, str], where: str = "the line"
    ) -> Self:
        """Return the settings with every secret read; read ones stay as they are.

        Args:
            folder: What a relative path is relative to: the folder of the configuration file.
            environ: The environment.
            where: What an error's message begins with, such as `lines.shop`.

        Raises:
            DefinitionError: A file cannot be read, a variable is not set, or a secret is empty; a line for each.
        """
        found: dict[str, SecretStr] = {}
        unread: list[str] = []
        for key in (*self.required_secrets, *self.optional_secrets):
            try:
                secret = self._read_secret(key, folder=folder, environ=environ)
            except ValueError as error:
                unread.append(f"{where}.{error}")
                continue
            if secret is not None:
                found[key] = SecretStr(secret)
        if unread:
            raise DefinitionError("\n".join(unread))
        return self.model_copy(update=found)

    def _read_secret(self, key: str, *, folder: Path, environ: Mapping[str, str]) -> str | None:
        value, file, variable = (getattr(self, name) for name in _sources(key))
        if isinstance(value, SecretStr):
            return _checked(value.get_secret_value(), key)
        if isinstance(file, Path):
            try:
                text = (folder / file).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"{key}_file {str(file)!r} cannot be read: {error}") from error
            return _checked(text.strip(), f"{key}_file")
        if isinstance(variable, str):
            if variable not in environ:
                raise ValueError(f"{key}_env names {variable!r}, which is not set")
            return _checked(environ[variable].strip(), f"{key}_env")
        return None


class LineSettings(SecretSettings):
    """One `[lines.NAME]` table; each provider adds its own keys."""

    optional_secrets: ClassVar[tuple[str, ...]] = ("webhook_secret",)
    account_keys: ClassVar[tuple[str, ...]] = ()
    """Whose values together say which account a line is at its provider, where bodies do not name it."""

    start: str | None = None
    """The flow that begins when nothing else matches; None is the flow marked `start=True`."""
    time_zone: Annotated[str, AfterValidator(check_zone)] | None = None
    """Where the line is, such as `Europe/Madrid`: the time of contacts whose number does not tell theirs."""
    quiet_hours: Annotated[str, AfterValidator(_check_quiet)] | None = None
    """When nobody is spoken to unasked, in the contact's time: `21:00-08:00`. Reminders and scheduled messages wait."""
    closed: Literal["hold", "fail"] = "hold"
    """What becomes of a message that meets a closed window, where neither it nor its flow has a plan."""
    hold_ttl: Length = "3d"
    """What was held for longer when the contact writes again is dropped as stale, visibly."""
    rate_per_second: float | None = Field(default=None, ge=0)
    """Sends on this line a second; 0 is no limit, None the provider's own ceiling."""
    webhook_secret: SecretStr | None = None
    """Makes the webhook's URL secret where the provider signs nothing."""
    webhook_secret_file: Path | None = None
    webhook_secret_env: str | None = None

    def secret(self, key: str) -> str:
        """Return a secret's value, "" where an optional one is not set.

        Raises:
            DefinitionError: A required one has not been read yet; see `with_secrets`.
        """
        value = getattr(self, key)
        if isinstance(value, SecretStr):
            return value.get_secret_value()
        if key in self.required_secrets:
            raise DefinitionError(f"{key} has not been read from its file or variable")
        return ""

    @property
    def own_helpdesk(self) -> Helpdesk | None:
        """The provider's own inbox, where chats that are handed off go to it; None is Parley's."""
        return None

    @property
    def is_guarded(self) -> bool:
        """Whether more than a signature keeps strangers from posting webhooks; the secrets have been read."""
        return self.webhook_secret is not None

    @property
    def account(self) -> tuple[object, ...]:
        """Which account this is; () where that cannot be told. Its secrets have been read."""
        return tuple(getattr(self, key) for key in self.account_keys)


def _sources(key: str) -> tuple[str, str, str]:
    return key, f"{key}_file", f"{key}_env"


def _checked(secret: str, name: str) -> str:
    """Return the secret if it can stand in a header: a line end there would begin another header."""
    if not secret or not secret.isprintable():
        raise ValueError(f"{name} is empty or holds line ends or control signs")
    return secret
