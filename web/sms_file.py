"""Reads what a broadcast says by SMS where its message cannot be delivered."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from engine.core.content import Sms
from engine.core.errors import DefinitionError


def read_sms(file: Path) -> Sms:
    """Read the SMS of a TOML file; its `variables` are names of columns.

    Raises:
        DefinitionError: It cannot be read, or a key is missing or wrong; one line for each.
    """
    try:
        return Sms.model_validate(tomllib.loads(file.read_text("utf-8")))
    except ValidationError as wrong:
        problems = (
            f"{file}: {'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in wrong.errors(include_url=False)
        )
        raise DefinitionError("\n".join(problems)) from None
    except (OSError, ValueError) as error:
        raise DefinitionError(f"{file}: cannot be read: {error}") from None
