"""The base of every value the engine passes around: frozen, strict about names, comparable."""

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, dataclass_transform

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, TypeAdapter
from pydantic.dataclasses import dataclass

Json = JsonValue
"""Anything that JSON can carry."""

Utc = AwareDatetime
"""A time that knows its zone; ours are always UTC."""

_new, _set = object.__new__, object.__setattr__


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field,))
class Value:
    """A frozen value: checked when it is made, equal by content, refusing names it does not know.

    Its classes are pydantic dataclasses. A pydantic model has a `__getattr__`, which makes each reading of a field
    cost three times as much, and a message reads about 700. The methods are named as a model's are. See
    docs/decisions, note 9.
    """

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]
    _adapter: ClassVar[TypeAdapter[Any]]

    def __init_subclass__(cls) -> None:
        """Make a dataclass of the class itself, in place."""
        super().__init_subclass__()
        dataclass(cls, config=ConfigDict(extra="forbid"), frozen=True, kw_only=True)
        cls._adapter = TypeAdapter(cls)

    @classmethod
    def trusted(cls, **fields: Any) -> Self:
        """Return a value of fields that are right already, every one of them given; nothing is checked.

        For what a reader of ours has just made of an inbound message, or the core of what it holds, and for nothing
        else: a wrong field would be found far from here. It takes a third of the time of checking.
        """
        made = _new(cls)
        _set(made, "__dict__", fields)
        return made

    @classmethod
    def holding(cls, fields: dict[str, Any]) -> Self:
        """Return a value that takes over this dict of all its fields, unchecked; nobody else keeps it."""
        made = _new(cls)
        _set(made, "__dict__", fields)
        return made

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """Return a copy with some fields changed, unchecked; nested values are shared, as they are frozen."""
        twin = _new(self.__class__)
        _set(twin, "__dict__", {**self.__dict__, **update})
        return twin

    @classmethod
    def model_validate(cls, data: object) -> Self:
        """Return the value that plain data says. Raises pydantic's ValidationError."""
        made: Self = cls._adapter.validator.validate_python(data)
        return made

    @classmethod
    def model_validate_json(cls, data: str | bytes) -> Self:
        """Return the value that JSON says. Raises pydantic's ValidationError."""
        made: Self = cls._adapter.validator.validate_json(data)
        return made

    def model_dump(
        self,
        *,
        mode: Literal["python", "json"] = "python",
        exclude: set[str] | None = None,
        exclude_none: bool = False,
        exclude_defaults: bool = False,
    ) -> dict[str, Any]:
        """Return the fields as plain data; tuples and times stay what they are unless it shall be JSON."""
        data: dict[str, Any] = self._adapter.dump_python(
            self,
            mode=mode,
            exclude=exclude,
            exclude_none=exclude_none,
            exclude_defaults=exclude_defaults,
        )
        return data

    def model_dump_json(self) -> str:
        """Return the value as JSON."""
        return self._adapter.dump_json(self).decode()
