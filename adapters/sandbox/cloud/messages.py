"""Reads a body sent to `/messages`: a checked value, or the refusal that Meta documents for it."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, JsonValue, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from adapters.sandbox.cloud.interactive import Interactive
from adapters.sandbox.cloud.refusals import CloudRefusal
from adapters.sandbox.cloud.templates import Template
from adapters.sandbox.cloud.wire import (
    Audio,
    Captioned,
    Cards,
    Context,
    Document,
    File,
    Location,
    Reaction,
    Text,
)
from adapters.sandbox.wire import PLACEHOLDER, NonEmpty, Wire, at_most

CALLBACK_CHARS = 512
"""The room in `biz_opaque_callback_data`. Source: messages reference, read 2026-08."""

CONTENTS: dict[str, TypeAdapter[object]] = {
    "text": TypeAdapter(Text),
    "image": TypeAdapter(Captioned),
    "video": TypeAdapter(Captioned),
    "audio": TypeAdapter(Audio),
    "document": TypeAdapter(Document),
    "sticker": TypeAdapter(File),
    "location": TypeAdapter(Location),
    "contacts": TypeAdapter(Cards),
    "reaction": TypeAdapter(Reaction),
    "interactive": TypeAdapter(Interactive),
    "template": TypeAdapter(Template),
}

USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?\w+")


class Message(Wire):
    """The frame around every content."""

    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual", "group"] = "individual"
    to: str | int | None = None
    recipient: NonEmpty | None = None
    type: str = "text"
    context: Context | None = None
    biz_opaque_callback_data: Annotated[str, AfterValidator(at_most(CALLBACK_CHARS))] | None = None
    recipient_identity_key_hash: str | None = None
    product_policy: Literal["CLOUD_API_FALLBACK", "STRICT"] | None = None
    message_activity_sharing: bool | None = None
    ttl: int | None = None

    @model_validator(mode="after")
    def _addressed(self) -> "Message":
        if self.to is None and self.recipient is None:
            raise PydanticCustomError("missing", "The parameter to is required.")
        return self

    @property
    def input(self) -> str:
        """The address as given; `to` wins where both stand."""
        return str(self.to) if self.to is not None else str(self.recipient)

    @property
    def address(self) -> str:
        """The address as WhatsApp knows it: digits alone for a phone, a user or group id as it is.

        Raises:
            CloudRefusal: It is none of these.
        """
        if self.to is None or self.recipient_type == "group":
            return self.input
        digits = re.sub(r"[^0-9]", "", self.input)
        if PLACEHOLDER.fullmatch(self.input) or USER_ID.fullmatch(self.input):
            return self.input
        if re.search(r"[^0-9+\-(). ]", self.input) or not 5 <= len(digits) <= 15:
            raise CloudRefusal(131009, f"to: {self.input!r} is not a phone number")
        return digits


class Typing(Wire):
    """`typing_indicator`."""

    type: Literal["text"]


class ReadMark(Wire):
    """Marks a message of the contact as read; typing shows until the answer, at most 25 s."""

    messaging_product: Literal["whatsapp"]
    status: Literal["read"]
    message_id: NonEmpty
    typing_indicator: Typing | None = None


def read_message(body: dict[str, JsonValue]) -> tuple[Message, object]:
    """Return the frame and its content, one of `CONTENTS`.

    Raises:
        CloudRefusal: 100, 131008 or 131009, as documented for the mistake.
    """
    kind = body.get("type", "text")
    if not isinstance(kind, str) or kind not in CONTENTS:
        kinds = ", ".join(sorted(CONTENTS)).upper()
        raise CloudRefusal(100, f"Param type must be one of {{{kinds}}} - got {kind!r}.")
    frame = {key: value for key, value in body.items() if key != kind}
    try:
        message = Message.model_validate(frame)
    except ValidationError as exc:
        raise _refused_frame(exc.errors()[0]) from exc
    if kind not in body:
        raise CloudRefusal(131008, f"The parameter {kind} is required.")
    try:
        return message, CONTENTS[kind].validate_python(body[kind])
    except ValidationError as exc:
        raise _refused_content(kind, exc.errors()[0]) from exc


def read_mark(body: dict[str, JsonValue]) -> ReadMark:
    """Return the read mark.

    Raises:
        CloudRefusal: As for a message.
    """
    try:
        return ReadMark.model_validate(body)
    except ValidationError as exc:
        raise _refused_frame(exc.errors()[0]) from exc


def _refused_frame(error: ErrorDetails) -> CloudRefusal:
    # The Graph API checks its own parameters before WhatsApp sees the body: code 100 for those.
    if error["type"] == "missing":
        name = str(error["loc"][0]) if error["loc"] else "to"
        return CloudRefusal(100, f"The parameter {name} is required.")
    return _refused_content("", error)


def _refused_content(kind: str, error: ErrorDetails) -> CloudRefusal:
    steps = [str(step) for step in error["loc"]]
    path = ".".join([kind, *steps] if kind else steps)
    match error["type"]:
        case "missing" | "union_tag_not_found":
            return CloudRefusal(131008, f"{path}: {error['msg']}")
        case "extra_forbidden":
            return CloudRefusal(100, f'Unexpected key "{steps[-1]}" on param "{path}"')
        case _:
            return CloudRefusal(131009, f"{path}: {error['msg']}")


def file_ids(content: JsonValue) -> list[str]:
    """Return the ids of uploaded files that a content names, wherever they stand in it."""
    match content:
        case {"id": str(id_), **rest} if not rest.keys() - {"caption", "filename", "voice"}:
            return [id_]
        case dict():
            return [id_ for value in content.values() for id_ in file_ids(value)]
        case list():
            return [id_ for value in content for id_ in file_ids(value)]
        case _:
            return []
