"""Reads the forms of the two send calls: what the phone shows of them, or the refusal."""

from dataclasses import dataclass
from typing import TypeVar, assert_never, cast

import orjson
from pydantic import JsonValue, TypeAdapter, ValidationError

from adapters.sandbox.gupshup.refusals import GupshupRefusal
from adapters.sandbox.gupshup.wire import (
    HEADER,
    MESSAGE,
    POSTBACKS,
    TEMPLATE,
    AnyMessage,
    Audio,
    Contact,
    File,
    Image,
    List,
    Location,
    QuickReply,
    Reaction,
    Sticker,
    Template,
    Text,
    Video,
)
from adapters.sandbox.phone import Option
from adapters.sandbox.settings import ApprovedTemplate

Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of the business as the phone shows it."""

    type: str
    content: JsonValue
    text: str
    options: tuple[Option, ...] = ()
    reply_to: str | None = None
    mark: str | None = None
    """Its `msgid`: what taps on it name."""


def read_session(fields: dict[str, str]) -> tuple[AnyMessage, Outgoing]:
    """Return the message of a `msg` call.

    Raises:
        GupshupRefusal: 400, naming what is wrong.
    """
    raw = _json(fields, "message")
    message = _checked(MESSAGE, raw, "message")
    mark = message.msgid if isinstance(message, QuickReply | List) else None
    return message, Outgoing(
        type=message.type,
        content=raw,
        text=_words(message),
        options=_options(message),
        reply_to=message.context.msgId if message.context else None,
        mark=mark,
    )


def read_template(
    fields: dict[str, str], approved: tuple[ApprovedTemplate, ...] | None
) -> Outgoing:
    """Return the message of a `template/msg` call.

    Raises:
        GupshupRefusal: 400 for the form; 4003 for an id that is not approved, 132000 for a wrong number of variables.
    """
    raw = _json(fields, "template")
    template = _checked(TEMPLATE, raw, "template")
    content: dict[str, JsonValue] = {"template": raw}
    if "message" in fields:
        content["message"] = _json(fields, "message")
        _checked(HEADER, content["message"], "message")
    postbacks: dict[int, str] = {}
    if "postbackTexts" in fields:
        content["postbackTexts"] = _json(fields, "postbackTexts")
        given = _checked(POSTBACKS, content["postbackTexts"], "postbackTexts")
        postbacks = {one.index: one.text for one in given}
    words, titles = fit(template, approved)
    if approved is None:
        # Nobody told the titles of its buttons: the payloads stand for them.
        titles = tuple(postbacks.values())
    options = tuple(
        Option("quick_reply", postbacks.get(place, ""), title) for place, title in enumerate(titles)
    )
    return Outgoing(type="template", content=content, text=words, options=options)


def fit(
    template: Template, approved: tuple[ApprovedTemplate, ...] | None
) -> tuple[str, tuple[str, ...]]:
    """Return the words the phone shows of a template, and the titles of its quick replies.

    Raises:
        GupshupRefusal: 4003 or 132000.
    """
    if approved is None:
        return " · ".join([f"[{template.id}]", *template.params]), ()
    for one in approved:
        if template.id in (one.id, one.name):
            if len(one.places) != len(template.params):
                raise GupshupRefusal(132000, "")
            return one.filled(dict(zip(one.places, template.params, strict=True))), one.buttons
    raise GupshupRefusal(4003, "")


def _json(fields: dict[str, str], name: str) -> JsonValue:
    if name not in fields:
        raise GupshupRefusal(400, f"{name}: the parameter is required")
    try:
        return cast("JsonValue", orjson.loads(fields[name]))
    except orjson.JSONDecodeError:
        raise GupshupRefusal(400, f"{name}: not valid JSON") from None


def _checked(adapter: TypeAdapter[Checked], raw: JsonValue, name: str) -> Checked:
    try:
        return adapter.validate_python(raw, strict=False)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        at = ".".join([name, *(str(step) for step in first["loc"])])
        raise GupshupRefusal(400, f"{at}: {first['msg']}") from None


def _words(message: AnyMessage) -> str:
    match message:
        case Text(text=words) | List(body=words):
            return words
        case QuickReply(content=content):
            return content.text
        case Image() | File() | Video():
            return message.caption or ""
        case Audio() | Sticker() | Location() | Contact() | Reaction():
            return ""
        case _:
            assert_never(message)


def _options(message: AnyMessage) -> tuple[Option, ...]:
    match message:
        case QuickReply(options=options):
            return tuple(Option("button", one.postbackText or "", one.title) for one in options)
        case List(items=items):
            return tuple(
                Option("row", row.postbackText or "", row.title, row.description)
                for item in items
                for row in item.options
            )
        case _:
            return ()
