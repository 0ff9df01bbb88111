"""The pieces that checks of a provider's request bodies are made of."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import PydanticCustomError

PLACEHOLDER = re.compile(r"<.*>|\{\{.*\}\}|http\(s\)://.*")
"""Printed examples stand with these in place of values; a sandbox takes them for any valid value."""

Object = dict[str, JsonValue]
"""A JSON object."""


class Wire(BaseModel):
    """A piece of a body; unknown keys are refused, as providers do with misspelt ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def utf16_length(text: str) -> int:
    """Return the length as WhatsApp counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def at_most(most: int) -> Callable[[str], str]:
    """Return a check of a text's length in UTF-16 units."""

    def check(text: str) -> str:
        if utf16_length(text) > most:
            raise PydanticCustomError(
                "too_long", "Length invalid. Min length: 1, Max length: {most}", {"most": most}
            )
        return text

    return check


def _url(text: str) -> str:
    if not re.match(r"https?://\S+$", text) and not PLACEHOLDER.fullmatch(text):
        raise PydanticCustomError("url", "Not a valid URL")
    return text


NonEmpty = Annotated[str, Field(min_length=1)]
Words20 = Annotated[NonEmpty, AfterValidator(at_most(20))]
Words24 = Annotated[NonEmpty, AfterValidator(at_most(24))]
Words60 = Annotated[NonEmpty, AfterValidator(at_most(60))]
Words72 = Annotated[NonEmpty, AfterValidator(at_most(72))]
Words160 = Annotated[NonEmpty, AfterValidator(at_most(160))]
Words200 = Annotated[NonEmpty, AfterValidator(at_most(200))]
Words256 = Annotated[NonEmpty, AfterValidator(at_most(256))]
Words1024 = Annotated[NonEmpty, AfterValidator(at_most(1024))]
Words4096 = Annotated[NonEmpty, AfterValidator(at_most(4096))]
Url = Annotated[NonEmpty, AfterValidator(_url)]
