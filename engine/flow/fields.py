"""The flow class: a pydantic model whose body is kept in order and whose fields may be unanswered."""

import inspect
import re
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, cast, get_args

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic._internal._model_construction import ModelMetaclass
from pydantic.errors import PydanticUserError
from pydantic.fields import FieldInfo

from engine.core.errors import DefinitionError, FlowError
from engine.core.value import Json
from engine.flow.keywords import check_keywords
from engine.flow.shows import shows_of
from engine.flow.steps import Ask, Body, Choose, Code, Handoff, Say, Source
from engine.flow.targets import To
from engine.flow.templates import Plan
from engine.flow.times import after

__all__ = ["Definition", "Field", "Flow", "Unanswered", "answers_of", "load"]


class Unanswered(FlowError, AttributeError):
    """A field was read that has no answer yet."""

    code = "unanswered"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a flow: its type, ready to validate."""

    name: str
    adapter: TypeAdapter[object]
    annotation: object
    """The whole type, constraints included."""
    optional: bool
    """Whether None is a value of it."""
    asked: bool
    """Whether a question fills it; others are data that code steps set."""
    default: object = None
    """What data holds before a step has set it."""
    shows: str | None = None
    """How a text shows a record of its own, or each of a list; with placeholders."""

    def parse(self, value: Json) -> object:
        """Return a stored answer as the flow holds it. Raises pydantic's ValidationError."""
        return self.adapter.validator.validate_python(
            value
        )  # the adapter's own way there costs more than the check


@dataclass(frozen=True, slots=True)
class Definition:
    """What a flow class says beside its fields, in the author's own order."""

    name: str
    """The class name in snake_case: what `to["name"]` calls it."""
    source: Source
    body: Mapping[str, Body]
    """Every step by name, in body order."""
    fields: Mapping[str, Field]
    untyped: frozenset[str]
    """Questions without an annotation: their answers are kept as text."""
    starts_on: tuple[str, ...]
    start: bool
    expires: timedelta | None
    moved: Mapping[str, str]
    """Steps that are gone -> the step that took their place."""
    closed: Plan | None = None
    """What becomes of what it says when the window is closed; None is as the line says."""
    on_failed: To | None = None
    """Where a run goes when a message of it fails that says nothing of its own."""


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


class _Names(dict[str, object]):
    """A class body that is being read: a step that is written twice would silently be lost."""

    def __setitem__(self, name: str, value: object) -> None:
        before = self.get(name)
        if isinstance(before, Body):
            raise DefinitionError(
                f"{name} is there already, at line {before.source.line}; give one of the two another name"
            )
        super().__setitem__(name, value)


class FlowMeta(ModelMetaclass):
    """Takes the questions out of the class body before pydantic sees them, and keeps the body's order.

    Pydantic would turn an `ask` into a default, and under `Annotated` it copies a default's own class away.
    """

    @classmethod
    def __prepare__(
        mcls, name: str, bases: tuple[type, ...], /, **keywords: object
    ) -> dict[str, object]:
        """Return what the class body is read into."""
        return _Names()

    def __new__(
        mcls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        starts_on: Sequence[str] = (),
        start: bool = False,
        expires: str | timedelta | None = None,
        moved: Mapping[str, str | To] | None = None,
        closed: Plan | None = None,
        on_failed: To | None = None,
        **unknown: object,
    ) -> type:
        """Build the class and its `Definition`. Raises DefinitionError, which the loader places."""
        given = {
            "starts_on": starts_on,
            "start": start,
            "moved": moved,
            "closed": closed,
            "on_failed": on_failed,
        }
        check_keywords(_snake(name), given | unknown)
        if "model_config" in {*namespace, *namespace.get("__annotations__", ())} and bases != (
            BaseModel,
        ):
            raise DefinitionError(
                f"{_snake(name)}.model_config: the name is pydantic's own; choose another name"
            )
        own = {key: value for key, value in namespace.items() if isinstance(value, Body)}
        rest = {key: value for key, value in namespace.items() if not isinstance(value, Ask)}
        with warnings.catch_warnings():
            # A field named like one of pydantic's own methods is told by `check`, with its line.
            warnings.simplefilter("ignore", UserWarning)
            try:
                cls: Any = super().__new__(mcls, name, bases, rest)  # the class being made
            except PydanticUserError as wrong:
                raise _refused(_snake(name), wrong) from wrong
        if name == "Flow" and namespace["__module__"] == __name__:
            return cast(type, cls)
        body: dict[str, Body] = {}
        for base in reversed(bases):
            if isinstance(base, FlowMeta) and issubclass(base, Flow) and base is not Flow:
                body |= base.__flow__.body
        body |= own
        fields = {
            key: _field(key, info, isinstance(body.get(key), Ask))
            for key, info in cls.__pydantic_fields__.items()
        }
        cls.__flow__ = Definition(
            name=_snake(name),
            source=_class_source(namespace, own),
            body=body,
            fields=fields,
            untyped=frozenset(
                key for key, part in body.items() if isinstance(part, Ask) and key not in fields
            ),
            starts_on=tuple(starts_on),
            start=start,
            expires=None if expires is None else after(expires),
            moved={old: str(new) for old, new in (moved or {}).items()},
            closed=closed,
            on_failed=on_failed,
        )
        return cast(type, cls)


if TYPE_CHECKING:
    # What a flow is to type checkers: a class with fields, whose keywords are checked. Not a pydantic model: its mypy
    # plugin would refuse the steps, which have no annotation.
    class Flow:
        """A talk as a class: an annotated field is a question, body order is the happy path."""

        __flow__: ClassVar[Definition]

        def __init__(self, **answers: object) -> None: ...

        def __init_subclass__(
            cls,
            *,
            starts_on: Sequence[str] = (),
            start: bool = False,
            expires: str | timedelta | None = None,
            moved: Mapping[str, str | To] | None = None,
            closed: Plan | None = None,
            on_failed: To | None = None,
        ) -> None: ...

else:

    class Flow(BaseModel, metaclass=FlowMeta):
        """A talk as a class: an annotated field is a question, body order is the happy path.

        Class keywords: `starts_on` (words that begin it), `start` (begins when nothing else matches), `expires` (how
        long after the contact's last message a run ends, such as "2h"), `moved` (steps that are gone -> what took
        their place), `closed` (what becomes of what it says when the window is closed, such as "hold"), `on_failed`
        (where a run goes when one of its messages cannot be sent or delivered).
        """

        model_config = ConfigDict(
            ignored_types=(Choose, Say, Handoff, Code),
            validate_assignment=True,
            extra="forbid",
        )

        def __getattr__(self, name):
            """Answer for fields that have no value yet; pydantic answers for the rest."""
            if name not in type(self).__flow__.fields:
                return super().__getattr__(name)
            if _is_passed_over(self, name):
                return None
            raise Unanswered(f"{type(self).__flow__.name}.{name} has no answer yet")

        def __delattr__(self, name):
            """Forget an answer, so that its question is asked again."""
            if name not in type(self).__flow__.fields:
                super().__delattr__(name)
            self.__dict__.pop(name, None)
            self.__pydantic_fields_set__.discard(name)


def load(cls: type[Flow], answers: Mapping[str, Json]) -> Flow:
    """Return the flow with stored answers; what is missing, unknown or no longer valid is unanswered."""
    values: dict[str, object] = {}
    for name, field in cls.__flow__.fields.items():
        if name not in answers:
            continue
        with suppress(ValidationError):
            # None is a skip, stored whatever the type says.
            values[name] = None if answers[name] is None else field.parse(answers[name])
    model = cast(type[BaseModel], cls)
    return cast(Flow, model.model_construct(_fields_set=set(values), **values))


def answers_of(flow: Flow) -> dict[str, Json]:
    """Return what is answered, as it is stored."""
    fields = type(flow).__flow__.fields
    answered = cast(BaseModel, flow).__pydantic_fields_set__
    kept = {name: flow.__dict__[name] for name in answered}
    return {
        name: None if value is None else fields[name].adapter.dump_python(value, mode="json")
        for name, value in kept.items()
    }


def _is_passed_over(flow: Flow, name: str) -> bool:
    """Tell whether an unanswered field reads as None: its type allows it, and its question is not due."""
    definition = type(flow).__flow__
    part = definition.body.get(name)
    if not isinstance(part, Ask) or not definition.fields[name].optional:
        return False
    if part.on_request or part.when is None:
        return part.on_request
    # An async condition cannot be asked here; code that runs past the question without an answer reads None.
    return inspect.iscoroutinefunction(part.when) or not part.when(flow)


def _field(name: str, info: FieldInfo, asked: bool) -> Field:
    annotation: Any = info.rebuild_annotation()  # any type an author may write
    return Field(
        name=name,
        adapter=TypeAdapter(annotation),
        annotation=annotation,
        optional=info.annotation is None or NoneType in get_args(info.annotation),
        asked=asked,
        default=None if asked or info.is_required() else info.default,
        shows=shows_of(annotation),
    )


def _refused(flow: str, wrong: PydanticUserError) -> DefinitionError:
    """Return why a class body is none, in one line; pydantic's own words go on for several."""
    what = wrong.message.partition("\n")[0].partition(". ")[0]
    if wrong.code == "model-field-missing-annotation":
        what = what.replace("A non-annotated attribute was detected: ", "")
        return DefinitionError(
            f"{flow}: {what} has no type; write one, as in limit: int = 3, or move it above the class"
        )
    what = what.replace("Unable to generate pydantic-core schema for", "no field can hold")
    return DefinitionError(f"{flow}: {what}; give it another type or name")


def _class_source(namespace: Mapping[str, object], own: Mapping[str, Body]) -> Source:
    """Return where the class stands; before Python 3.13 only its parts know."""
    first = next(iter(own.values()), None)
    file = first.source.file if first else str(namespace["__module__"])
    line = namespace.get("__firstlineno__", first.source.line if first else 1)
    return Source(file, line if isinstance(line, int) else 1)
