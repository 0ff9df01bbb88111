"""The base of every value the engine passes around: frozen, strict about names, comparable."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

Json = JsonValue
"""Anything that JSON can carry."""

Utc = AwareDatetime
"""A time that knows its zone; ours are always UTC."""

_set = object.__setattr__


class Value(BaseModel):
    """A frozen value: equal by content, refusing names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @classmethod
    def trusted(cls, **fields: Any) -> Self:
        """Return a value of fields that are right already, every one of them given; nothing is checked.

        For what a reader of ours has just made of an inbound message, and for nothing else: a wrong field would be
        found far from here. It takes half the time of checking; pydantic's `model_construct` takes longer than both.
        """
        made = object.__new__(cls)
        _set(made, "__dict__", fields)
        _set(made, "__pydantic_fields_set__", set(fields))
        _set(made, "__pydantic_extra__", None)
        _set(made, "__pydantic_private__", None)
        return made

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields changed, unchecked; nested values are shared, as they are frozen.

        As pydantic does, without looking for what our values never have, extra fields and private attributes, and
        without noting which fields were given and which left to their defaults: nothing of ours asks. A turn makes
        about five copies, each in half the time. See docs/decisions, note 8.
        """
        twin = object.__new__(type(self))
        _set(twin, "__dict__", {**self.__dict__, **(update or {})})
        _set(twin, "__pydantic_fields_set__", self.__pydantic_fields_set__)
        _set(twin, "__pydantic_extra__", None)
        _set(twin, "__pydantic_private__", None)
        return twin
