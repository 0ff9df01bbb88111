"""The template picker: which templates a line has, the fields of one, and how it will look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiohttp import web
from pydantic import ValidationError

from engine.core.content import Template
from engine.core.ids import ConversationId, LineId, MessageId
from engine.core.previews import FilledTemplate, fill
from engine.core.templates import SENDABLE, KnownTemplate, TemplateShape, places
from storage.queries import TranscriptMessage
from storage.templates import stored_templates
from web.inbox import pages
from web.inbox.chat.entries import Bubble
from web.inbox.chat.reading import path_of
from web.inbox.errors import NotFound
from web.inbox.table import Asked
from web.inbox.texts import ENGLISH
from web.inbox.writing.sending import template_as_known
from web.inbox.writing.sent import TemplateSaid, fields_of
from web.keys import CLOCK, DATABASE, FLOWS
from web.transcript.view import view_transcript

SHOWN_MOST: Final = 60
"""Templates that are listed; with more one searches."""


@dataclass(frozen=True, slots=True)
class Option:
    """A template that can be chosen."""

    name: str
    language: str
    category: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a template to be filled."""

    name: str
    """Of the form's field."""
    label: str
    value: str = ""
    is_address: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A template with its places."""

    name: str
    language: str
    category: str | None
    places: tuple[Place, ...]


async def show_templates(asked: Asked) -> web.StreamResponse:
    """Show the templates that can be sent on the chat's line, those with the words that are searched."""
    return await show_of(
        asked, asked.chat.line, f"{path_of(asked.chat.line, asked.chat.id)}/templates"
    )


async def show_picker(asked: Asked) -> web.StreamResponse:
    """Show the picker itself, for whoever opens it over the chat."""
    base = f"{path_of(asked.chat.line, asked.chat.id)}/templates"
    return pages.render(asked, "picker.html", base=base)


async def show_template(asked: Asked) -> web.StreamResponse:
    """Show one template's places and how it will look."""
    base = f"{path_of(asked.chat.line, asked.chat.id)}/templates"
    return await show_one(asked, asked.chat.line, base, asked.request.query)


async def preview_template(asked: Asked) -> web.StreamResponse:
    """Show how a template will look with these values."""
    return await show_preview(asked, asked.chat.line, asked.form)


async def show_of(asked: Asked, line: LineId, base: str) -> web.StreamResponse:
    """Show a line's templates.

    Args:
        asked: The request.
        line: Whose templates.
        base: The address under which one of them is shown.
    """
    words = asked.request.query.get("q", "").casefold().split()[:8]
    found = [option for option in await options_of(asked.app, line) if _has(option, words)]
    return pages.render(
        asked,
        "picker_list.html",
        options=found[:SHOWN_MOST],
        more=max(0, len(found) - SHOWN_MOST),
        base=base,
        searched=bool(words),
    )


async def options_of(app: web.Application, line: LineId) -> list[Option]:
    """Return what can be sent on a line from a form, by name. Raises StoreUnavailable."""
    return [
        Option(one.name, one.language, one.category, one.shape.body)
        for one in await _known(app, line)
        if one.status in SENDABLE and one.shape is not None and _is_fillable(one.shape)
    ]


async def show_one(
    asked: Asked, line: LineId, base: str, given: Mapping[str, str]
) -> web.StreamResponse:
    """Show one template's places and how it will look. Raises NotFound."""
    one = await _one(asked.app, line, given.get("name", ""), given.get("language", ""))
    assert one.shape is not None
    chosen = Chosen(one.name, one.language, one.category, _places(one.shape))
    blank = TemplateSaid(kind="template", name=one.name, language=one.language)
    bubble = _bubble(asked, line, blank, one.shape)
    return pages.render(asked, "picker_one.html", chosen=chosen, entry=bubble, base=base)


async def show_preview(asked: Asked, line: LineId, form: Mapping[str, str]) -> web.StreamResponse:
    """Show how a template will look. Raises NotFound."""
    one = await _one(asked.app, line, form.get("name", ""), form.get("language", ""))
    assert one.shape is not None
    try:
        said = TemplateSaid.model_validate(fields_of(form))
    except ValidationError:
        raise NotFound from None
    return pages.render(asked, "picker_preview.html", entry=_bubble(asked, line, said, one.shape))


async def _known(app: web.Application, line: LineId) -> Sequence[KnownTemplate]:
    """Return a line's templates as its provider had them, else as they are written down, by name."""
    stored = await stored_templates(app[DATABASE], line)
    known = [one.known for one in stored.templates]
    if stored.synced_at is None:
        known = list(app[FLOWS].templates)
    return sorted(known, key=lambda one: (one.name, one.language))


async def _one(app: web.Application, line: LineId, name: str, language: str) -> KnownTemplate:
    for one in await _known(app, line):
        if (one.name, one.language) == (name, language) and one.shape is not None:
            return one
    raise NotFound


def _has(option: Option, words: Sequence[str]) -> bool:
    text = f"{option.name} {option.language} {option.category} {option.text}".casefold()
    return all(word in text for word in words)


def _is_fillable(shape: TemplateShape) -> bool:
    """Tell whether a form can fill it: cards and what is filled in ways of its own it cannot."""
    header = shape.header
    if shape.cards or (header is not None and header.format in ("location", "other")):
        return False
    return all(button.kind != "other" for button in shape.buttons)


def _places(shape: TemplateShape) -> tuple[Place, ...]:
    return (
        *_header_place(shape),
        *(
            Place(f"body.{index}", ENGLISH["template_place"].format(name=name))
            for index, name in enumerate(shape.variables)
        ),
        *(
            Place(f"button.{index}", ENGLISH[f"template_{need}"].format(title=button.title))
            for index, button in enumerate(shape.buttons)
            if (need := button.needs) is not None
        ),
    )


def _header_place(shape: TemplateShape) -> tuple[Place, ...]:
    header = shape.header
    if header is None or (header.format == "text" and not places(header.text)):
        return ()
    if header.format == "text":
        return (Place("header", ENGLISH["template_header"]),)
    label = ENGLISH["template_file"].format(kind=ENGLISH[header.format])
    return (Place("header", label, is_address=True),)


def _bubble(asked: Asked, line: LineId, said: TemplateSaid, shape: TemplateShape) -> Bubble:
    """Return a template as the transcript would show it; what is not filled yet shows its place."""
    given = template_as_known(asked, line, _with_places(said, shape))

    def words(template: Template) -> FilledTemplate:
        return fill(shape, template)

    message = _unsent(given, line, asked.app[CLOCK].now(line))
    (view,) = view_transcript([message], file_at=lambda _: "", words=words)
    return Bubble(view, asked.agent.name)


def _with_places(said: TemplateSaid, shape: TemplateShape) -> TemplateSaid:
    given = dict(enumerate(said.body))
    body = tuple(
        given.get(index, "").strip() or f"{{{{{name}}}}}"
        for index, name in enumerate(shape.variables)
    )
    buttons = {index: value for index, value in said.buttons.items() if value.strip()}
    return said.model_copy(update={"body": body, "buttons": buttons})


def _unsent(content: Template, line: LineId, now: datetime) -> TranscriptMessage:
    nothing: dict[str, Any] = dict.fromkeys(
        ("external_id", "reply_to", "extra", "retry_at", "error_code", "error")
    )
    return TranscriptMessage(
        id=MessageId(0),
        line=line,
        conversation=ConversationId(0),
        direction="out",
        origin="agent",
        content=content,
        status="queued",
        at=now,
        status_at=now,
        turn=0,
        attempts=0,
        maybe_twice=False,
        **nothing,
    )
