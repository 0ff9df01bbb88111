"""What an agent sends, as the page says it, and the content that it becomes; what the line does not take is refused."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from engine.core.capabilities import Capabilities
from engine.core.content import (
    Button,
    Buttons,
    ButtonValue,
    List,
    Media,
    Outbound,
    Reaction,
    Row,
    Section,
    Template,
    Text,
)
from engine.core.ids import ExternalId
from engine.core.lengths import fits
from web.inbox.errors import FormInvalid
from web.inbox.texts import ENGLISH

KEY: Final = r"[0-9a-f]{64}"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Key = Annotated[str, StringConstraints(pattern=f"^{KEY}$")]


class ChatRefused(FormInvalid):
    """This cannot be done with the chat now; says why."""

    status = 409
    code = "chat_refused"


class TooLong(FormInvalid):
    """A text is longer than the contact's phone shows."""

    code = "too_long"


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TextSaid(_Said):
    """Words."""

    kind: Literal["text"]
    text: Words


class FileSaid(_Said):
    """A file that was put into the store before."""

    kind: Literal["file"]
    file: Key
    name: Annotated[str, StringConstraints(max_length=500)] = ""
    caption: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)] = ""


class ButtonsSaid(_Said):
    """A question with buttons."""

    kind: Literal["buttons"]
    text: Words
    buttons: Annotated[tuple[Short, ...], Field(min_length=1, max_length=10)]


class RowSaid(_Said):
    """One row of a list."""

    title: Short
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class ListSaid(_Said):
    """A question with a list."""

    kind: Literal["list"]
    text: Words
    label: Short
    rows: Annotated[tuple[RowSaid, ...], Field(min_length=1, max_length=50)]


class ReactionSaid(_Said):
    """An emoji on one of the contact's messages; None takes it back."""

    kind: Literal["reaction"]
    to: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    emoji: Annotated[str, StringConstraints(min_length=1, max_length=30)] | None


class TemplateSaid(_Said):
    """An approved message with its places filled."""

    kind: Literal["template"]
    name: Short
    language: Annotated[str, StringConstraints(min_length=2, max_length=16)]
    body: tuple[Annotated[str, StringConstraints(max_length=1100)], ...] = ()
    header: Annotated[str, StringConstraints(max_length=500)] = ""
    """The header's variable, or the address of its file."""
    buttons: dict[int, Annotated[str, StringConstraints(max_length=2000)]] = {}
    """By the button's place: the end of its address, or the code that it copies."""


Said = Annotated[
    TextSaid | FileSaid | ButtonsSaid | ListSaid | ReactionSaid | TemplateSaid,
    Field(discriminator="kind"),
]
_SAID: Final[TypeAdapter[Said]] = TypeAdapter(Said)


def read_said(text: str) -> Said:
    """Return what the page sends. Raises FormInvalid."""
    try:
        return _SAID.validate_json(text)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        raise FormInvalid(f"{at}: {first['msg']}") from None


def content_of(
    said: Said, can: Capabilities, *, file: Media | None, template: Template | None
) -> Outbound:
    """Return what is said as a content that the line takes.

    Args:
        said: What the page sends.
        can: What the line takes.
        file: The file that `said` names, as it is kept.
        template: The message of the template that `said` names.

    Raises:
        TooLong: A text is longer than its place.
        ChatRefused: The line does not take it.
    """
    for text, most in _texts(said, can):
        if not fits(text, most):
            raise TooLong(ENGLISH["too_long"].format(most=most, text=text[:40]))
    match said:
        case TextSaid():
            return Text(body=said.text, preview_url="http" in said.text)
        case FileSaid():
            assert file is not None
            return file.model_copy(update={"caption": said.caption or None})
        case ButtonsSaid():
            _refuse_unless("buttons" in can.kinds and len(said.buttons) <= can.buttons)
            titles = dict.fromkeys(said.buttons)
            buttons = (Button(id=f"agent:{n}", title=title) for n, title in enumerate(titles))
            return Buttons(body=said.text, buttons=tuple(buttons))
        case ListSaid():
            _refuse_unless("list" in can.kinds and len(said.rows) <= can.rows)
            return List(body=said.text, label=said.label, sections=(_section(said),))
        case ReactionSaid():
            _refuse_unless("reaction" in can.kinds)
            return Reaction(to=ExternalId(said.to), emoji=said.emoji)
        case TemplateSaid():
            assert template is not None
            return template
        case _:
            assert_never(said)


def _refuse_unless(taken: bool) -> None:
    if not taken:
        raise ChatRefused(ENGLISH["line_takes_none"])


def _section(said: ListSaid) -> Section:
    rows = (
        Row(id=f"agent:{n}", title=row.title, description=row.description or None)
        for n, row in enumerate(said.rows)
    )
    return Section(rows=tuple(rows))


def _texts(said: Said, can: Capabilities) -> Iterator[tuple[str, int]]:
    """Yield each text with the length that its place has."""
    match said:
        case TextSaid():
            yield said.text, can.text_length
        case FileSaid():
            yield said.caption, can.caption_length
        case ButtonsSaid():
            yield said.text, can.body_length
            yield from ((title, can.button_title_length) for title in said.buttons)
        case ListSaid():
            yield said.text, can.body_length
            yield said.label, can.list_label_length
            for row in said.rows:
                yield row.title, can.row_title_length
                yield row.description, can.row_description_length
        case ReactionSaid() | TemplateSaid():
            return
        case _:
            assert_never(said)


def template_of(said: TemplateSaid, header: str | Media | None) -> Template:
    """Return the message of a template."""
    values = (
        ButtonValue(index=index, value=value, use="url")
        for index, value in sorted(said.buttons.items())
    )
    return Template(
        name=said.name,
        language=said.language,
        body=said.body,
        header=header,
        buttons=tuple(values),
    )


def fields_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plain form's fields as a TemplateSaid's: `body.0`, `button.1`, `header`."""
    body = {int(n): v for k, v in form.items() if (n := _place(k, "body.")) is not None}
    buttons = {int(n): v for k, v in form.items() if (n := _place(k, "button.")) is not None}
    return {
        "kind": "template",
        "name": form.get("name", ""),
        "language": form.get("language", ""),
        "header": form.get("header", ""),
        "body": [value for _, value in sorted(body.items())],
        "buttons": buttons,
    }


def _place(name: str, before: str) -> str | None:
    rest = name.removeprefix(before)
    return rest if name.startswith(before) and rest.isdecimal() and len(rest) < 4 else None
