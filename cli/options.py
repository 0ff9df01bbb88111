"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from web.settings import Settings

DEFAULT_CONFIG = Path("parley.toml")

F = TypeVar("F", bound=Callable[..., object])


def examples(*lines: str) -> str:
    """Return a command's epilog: one example a line, kept as they are."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def config_option(function: F) -> F:
    """Add `--config`."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        metavar="FILE",
        help="The configuration file.  [default: parley.toml]",
    )(function)


def line_option(function: F) -> F:
    """Add `--line`, which may be left out where one line is all there is."""
    return click.option(
        "--line", metavar="NAME", help="The line; may be left out where one is configured."
    )(function)


def config_path(config: Path | None) -> Path:
    """Return the configuration file that is meant."""
    return config or DEFAULT_CONFIG


def needed_settings(config: Path | None) -> "Settings":
    """Return the settings of a command that works on a running set-up: the file must be there.

    Raises:
        SettingsInvalid: It is missing or wrong.
    """
    return _load(config_path(config))


def offline_settings(config: Path | None) -> "Settings":
    """Return the settings of a command that needs no line of its own: without a file, the defaults.

    Raises:
        SettingsInvalid: The named file is missing, or the file is wrong.
    """
    if config is None and not DEFAULT_CONFIG.exists():
        return _load(None)
    return _load(config_path(config))


def _load(config: Path | None) -> "Settings":
    """Settings know every provider; a command that asks for none does not wait for them."""
    from web.settings import load_settings

    return load_settings(config)
