"""The base of every value the engine passes around: frozen, strict about names, comparable."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, PlainSerializer

Json = JsonValue
"""Anything that JSON can carry."""

Utc = Annotated[AwareDatetime, PlainSerializer(lambda at: at.isoformat(), when_used="json")]
"""A time that knows its zone; ours are always UTC."""


class Value(BaseModel):
    """A frozen value: equal by content, refusing names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
