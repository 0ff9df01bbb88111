"""Turns pydantic's errors into one readable line each: the key's path, what is wrong, the allowed form."""

import difflib
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

PLAIN = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "model_attributes_type": "must be a table",
    "tuple_type": 'must be a list such as ["flows"]',
    "list_type": 'must be a list such as ["flows"]',
    "path_type": "must be a path in quotes",
}
"""Words for the errors that people meet; pydantic's own words stand for the others."""


def readable(wrong: ValidationError, model: type[BaseModel]) -> list[str]:
    """Return one line per problem; values are never repeated, because any of them may be a secret."""
    return [_line(error, model) for error in wrong.errors(include_input=False, include_url=False)]


def _line(error: ErrorDetails, model: type[BaseModel]) -> str:
    path, fields = _walk(error["loc"], model)
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return f"{path}: unknown key{_suggestion(path.rpartition('.')[2], fields)}"
        case "missing":
            return f"{path}: is missing"
        case "union_tag_not_found":
            return f"{path}.provider: is missing; one of {_expected(error, model)}"
        case "union_tag_invalid":
            return f"{path}.provider: unknown; one of {context['expected_tags']}"
        case "literal_error" | "enum":
            return f"{path}: must be {context['expected']}"
        case "greater_than_equal":
            return f"{path}: must be at least {context['ge']}"
        case "less_than_equal":
            return f"{path}: must be at most {context['le']}"
        case "string_pattern_mismatch" if path.endswith(".[key]"):
            return (
                f"{path.removesuffix('.[key]')}: a line's name is lower-case letters, digits and single underscores, "
                "beginning with a letter"
            )
        case "value_error":
            return f"{path}: {context['error']}"
        case kind:
            return f"{path}: {PLAIN.get(kind, error['msg'])}"


def _suggestion(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(known)}" if known else ""


def _walk(loc: tuple[int | str, ...], model: type[BaseModel]) -> tuple[str, list[str]]:
    """Return the key's path as the file has it, and the keys known beside it.

    pydantic puts a union's tag into its location; the file has no such level, so it is left out.
    """
    kind: Any = model
    path: list[str] = []
    known: list[str] = []
    for part in loc:
        kind = _bare(kind)
        members = list(_members(kind))
        tagged = [member for member in members if part in _tags(member)]
        if len(members) > 1 and tagged:
            kind = tagged[0]
            continue
        path.append(str(part))
        known = []
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            known = [name for name in kind.model_fields if name != "folder"]
            kind = kind.model_fields[str(part)].annotation if part in kind.model_fields else None
        elif get_origin(kind) is dict:
            kind = get_args(kind)[1]
        else:
            kind = None
    return ".".join(path), known


def _expected(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind: Any = model
    for part in error["loc"]:
        kind = _bare(kind)
        kind = get_args(kind)[1] if get_origin(kind) is dict else kind.model_fields[part].annotation
    return ", ".join(f"'{tag}'" for member in _members(_bare(kind)) for tag in _tags(member))


def _bare(kind: Any) -> Any:
    return _bare(get_args(kind)[0]) if get_origin(kind) is Annotated else kind


def _members(kind: Any) -> Iterator[Any]:
    if get_origin(kind) in (Union, types.UnionType):
        yield from get_args(kind)
    else:
        yield kind


def _tags(member: Any) -> tuple[Any, ...]:
    member = _bare(member)
    if not (isinstance(member, type) and issubclass(member, BaseModel)):
        return ()
    field = member.model_fields.get("provider")
    return get_args(field.annotation) if field and get_origin(field.annotation) is Literal else ()
