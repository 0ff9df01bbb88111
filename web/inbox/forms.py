"""Reads a form into a model; what is wrong is said by the field's name."""

from typing import Final, TypeVar, get_origin
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict, MultiDictProxy
from pydantic import BaseModel, ConfigDict, ValidationError

from web.inbox.errors import FormInvalid
from web.inbox.table import Asked

FIELDS_MOST: Final = 500
"""Fields of one form."""


class Form(BaseModel):
    """What a form brings; its other fields, the token among them, are not asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


Given = TypeVar("Given", bound=Form)


async def read_fields(request: web.Request) -> MultiDictProxy[str]:
    """Read a urlencoded body; other kinds are left for the handler.

    Not `request.post()`: it decodes by whatever charset the request names.

    Raises:
        FormInvalid: It has more fields than any form of ours.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        return MultiDictProxy(MultiDict[str]())
    body = (await request.read()).decode("utf-8", "replace")
    try:
        fields = parse_qsl(body, keep_blank_values=True, max_num_fields=FIELDS_MOST)
    except ValueError:
        raise FormInvalid("The form has too many fields.") from None
    return MultiDictProxy(MultiDict(fields))


def read_form(asked: Asked, form: type[Given]) -> Given:
    """Return the form's fields, checked; a tuple's are all of its name.

    Raises:
        FormInvalid: One is missing or wrong.
    """
    given: dict[str, object] = {}
    for name, field in form.model_fields.items():
        values = asked.form.getall(name, [])
        if get_origin(field.annotation) is tuple:
            given[name] = tuple(values)
        elif values:
            given[name] = values[-1]
    try:
        return form.model_validate(given)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        raise FormInvalid(f"{at}: {first['msg']}" if at else first["msg"]) from None
