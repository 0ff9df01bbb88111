"""What the public API does with templates: tells of them, hands one in, shows one, refuses what does not fit."""

from datetime import datetime
from typing import Final, Literal

from engine.core.content import Template
from engine.core.errors import ContentRejected, SendError
from engine.core.ids import LineId
from engine.core.previews import preview
from engine.core.templates import KnownTemplate, TemplateStatus, chosen
from engine.ports.services import TemplateDraft, TemplateInfo
from storage.templates import add_template, stored_templates
from web.api.errors import (
    ProviderFailed,
    SmsUnavailable,
    TemplateRefused,
    TemplatesUnavailable,
    TemplateUnknown,
)
from web.api.models import LineField, Model
from web.api.once import Deed, Done, once
from web.api.replies import answer_of, line_of
from web.api.table import Answer, Asked
from web.broadcast import sms_problem
from web.keys import ADAPTERS, DATABASE, FLOWS, SETTINGS, TEMPLATES

HANDED_IN = "template_handed_in"

NOT_EMPTY: Final = ("name", "language", "body")


class TemplateList(Model):
    """A line's templates."""

    ok: Literal[True] = True
    line: str
    synced_at: datetime | None
    """When the provider was asked last; none where it never was, or had none."""
    templates: tuple[KnownTemplate, ...]


class TemplateRequest(Model):
    """A template to be approved."""

    line: LineField
    """The line whose provider approves it."""
    template: TemplateDraft


class TemplateAccepted(Model):
    """The provider has it now; whether it approves it is told by `GET /api/v1/templates/{line}`."""

    ok: Literal[True] = True
    template: KnownTemplate


class PreviewRequest(Model):
    """A template's message, to be looked at."""

    line: LineField
    content: Template


class Preview(Model):
    """A template's message as the contact would see it."""

    ok: Literal[True] = True
    text: str
    language: str
    """The language that would go out."""
    status: TemplateStatus
    problem: str | None
    """Why it would not be sent, and what to do; none where it would."""


async def list_templates(asked: Asked) -> Answer:
    """Tell of a line's templates as they were last synced."""
    line = line_of(asked, asked.path["line"])
    found = await stored_templates(asked.app[DATABASE], line)
    told = TemplateList(
        line=line, synced_at=found.synced_at, templates=tuple(one.known for one in found.templates)
    )
    return answer_of(200, told)


async def create_template(asked: Asked) -> Answer:
    """Hand a template in for approval."""
    request = asked.body
    assert isinstance(request, TemplateRequest)
    line, draft = line_of(asked, request.line), request.template
    for name in NOT_EMPTY:
        if not getattr(draft, name).strip():
            raise TemplateRefused(f"template.{name}: is empty")

    async def do(deed: Deed) -> Done:
        made = await _handed_in(asked, line, draft)
        answer = TemplateAccepted(template=made.known)
        return Done(answer_of(201, answer), HANDED_IN, f"{made.name} {made.language}")

    return await once(asked, line, do)


async def preview_template(asked: Asked) -> Answer:
    """Show a template with its variables filled; nothing is sent."""
    request = asked.body
    assert isinstance(request, PreviewRequest)
    line, content = line_of(asked, request.line), request.content
    templates = asked.app[TEMPLATES]
    language = asked.app[FLOWS].languages.first.code
    one = chosen(templates.known(line, content.name), content, language=language)
    if one is None or one.shape is None:
        raise TemplateUnknown
    problem: str | None = None
    try:
        content = templates.fitted(line, content)
    except ContentRejected as rejected:
        problem = str(rejected)
    shown = Preview(
        text=preview(one.shape, content), language=one.language, status=one.status, problem=problem
    )
    return answer_of(200, shown)


def refuse_misfit(asked: Asked, line: LineId, *contents: object) -> None:
    """Refuse a template that the outbox would fail at once. Raises TemplateRefused."""
    for content in contents:
        if isinstance(content, Template):
            try:
                asked.app[TEMPLATES].fitted(line, content)
            except ContentRejected as rejected:
                raise TemplateRefused(str(rejected)) from None


def refuse_sms(asked: Asked, line: LineId, content: object) -> None:
    """Refuse an SMS that would not go out. Raises SmsUnavailable."""
    if isinstance(content, Template) and content.sms is not None:
        problem = sms_problem(asked.app[SETTINGS].lines[line].provider, content.sms)
        if problem:
            raise SmsUnavailable(f"lines.{line}: {problem}.")


# --- how ---------------------------------------------------------------------------------------------


async def _handed_in(asked: Asked, line: LineId, draft: TemplateDraft) -> TemplateInfo:
    book = asked.app[ADAPTERS][line].services.templates
    if book is None:
        raise TemplatesUnavailable
    try:
        made = await book.create(draft)
    except SendError as error:
        if error.retryable or error.code == "answer_lost":
            raise ProviderFailed(str(error)) from error
        raise TemplateRefused(str(error)) from error
    # Known from now on, as what it is: nobody can send it before it is approved.
    made = made if made.shape is not None else made.model_copy(update={"shape": draft.shape})
    await add_template(asked.app[DATABASE], line, made)
    asked.app[TEMPLATES].added(line, made.known)
    return made
