"""The bodies of the WhatsApp calls. Source: Interakt Public APIs, read 2026-08."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from adapters.sandbox.cloud.interactive import Buttons, List
from adapters.sandbox.wire import NonEmpty, Url, Wire, Words1024, Words4096

Callback = Annotated[str, Field(max_length=512)]
"""What comes back with every status."""


class Addressed(Wire):
    """Who: a whole number, or country code and number, or an id; never a number in both forms."""

    countryCode: Annotated[str, Field(pattern=r"^\+\d{1,4}$")] | None = None
    phoneNumber: Annotated[str, Field(pattern=r"^[1-9]\d{3,14}$")] | None = None
    fullPhoneNumber: Annotated[str, Field(pattern=r"^\+?\d{6,15}$")] | None = None
    userId: str | None = None

    @model_validator(mode="after")
    def _once(self) -> "Addressed":
        parts = self.countryCode is not None, self.phoneNumber is not None
        if parts[0] != parts[1]:
            raise PydanticCustomError("half", "countryCode and phoneNumber go together")
        if self.fullPhoneNumber is not None and any(parts):
            raise PydanticCustomError("both", "Both fullPhoneNumber and phoneNumber are given")
        if not (self.fullPhoneNumber or all(parts) or self.userId):
            raise PydanticCustomError("nobody", "fullPhoneNumber or phoneNumber is required")
        return self

    @property
    def digits(self) -> str | None:
        """The whole number without `+`; None where an id alone names the person."""
        whole = self.fullPhoneNumber or f"{self.countryCode or ''}{self.phoneNumber or ''}"
        return whole.removeprefix("+") or None


class SmsContent(Wire):
    """The text as it is registered, and what fills its places."""

    message: NonEmpty
    dlt_te_id: NonEmpty
    variables: tuple[str, ...] = ()


class Sms(Wire):
    """What goes out where the message itself cannot."""

    channel: Literal["sms"]
    sender_id: NonEmpty
    pe_id: NonEmpty
    provider_name: NonEmpty
    content: SmsContent


Fallback = Annotated[tuple[Sms, ...], Field(min_length=1)]


class Words(Wire):
    """The words of a text."""

    message: Words4096


class File(Wire):
    """A file by its address, words below it, a name."""

    mediaUrl: Url
    message: Words1024 | None = None
    fileName: NonEmpty | None = None


class Reply(Wire):
    """WhatsApp's own object of a question with buttons."""

    message: Buttons


class Menu(Wire):
    """WhatsApp's own object of a list."""

    message: List


class Free(Addressed):
    """What every free-form message has."""

    callbackData: Callback | None = None


class TextMessage(Free):
    """`Text`."""

    type: Literal["Text"]
    data: Words


class FileMessage(Free):
    """A file of each kind."""

    type: Literal["Audio", "Image", "Document", "Video", "Sticker"]
    data: File


class ButtonMessage(Free):
    """`InteractiveButton`."""

    type: Literal["InteractiveButton"]
    data: Reply


class ListMessage(Free):
    """`InteractiveList`."""

    type: Literal["InteractiveList"]
    data: Menu


Values = dict[str, tuple[str, ...]]


class Card(Wire):
    """What fills one card."""

    headerValues: tuple[Url, ...] = ()
    bodyValues: tuple[str, ...] = ()
    buttonValues: Values = Field(default_factory=dict)


class Template(Wire):
    """An approved message, filled."""

    name: NonEmpty
    languageCode: NonEmpty
    headerValues: tuple[str, ...] = ()
    bodyValues: tuple[str, ...] = ()
    buttonValues: Values = Field(default_factory=dict)
    fileName: NonEmpty | None = None
    carouselCards: tuple[Card, ...] = ()
    order_details: tuple[dict[str, JsonValue], ...] = ()
    order_status: dict[str, JsonValue] | None = None


class TemplateMessage(Free):
    """`Template`; RCS takes the same."""

    type: Literal["Template"]
    template: Template
    template_category: Literal["utility", "marketing", "authentication"] | None = None
    campaignId: NonEmpty | None = None
    fallback: Fallback | None = None


Message = Annotated[
    TextMessage | FileMessage | ButtonMessage | ListMessage | TemplateMessage,
    Field(discriminator="type"),
]


# --- what is no message ------------------------------------------------------------------------------


class Tracked(Addressed):
    """A customer to add or update."""

    traits: dict[str, JsonValue] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    add_to_sales_cycle: bool | None = None
    createdAt: str | None = None


class Happened(Addressed):
    """Something a customer did."""

    event: NonEmpty
    traits: dict[str, JsonValue] = Field(default_factory=dict)


class Campaign(Wire):
    """A campaign to send templates for."""

    campaign_name: NonEmpty
    campaign_type: Literal["PublicAPI"]
    template_name: NonEmpty
    language_code: NonEmpty


class Condition(Wire):
    """One condition on customers."""

    trait: NonEmpty
    op: Literal["eq", "ne", "neq", "gt", "lt", "gte", "lte", "contains"]
    val: JsonValue
    supr_op: Literal["and", "or"] = "and"


class Search(Wire):
    """Which customers."""

    filters: tuple[Condition, ...] = ()


class Assigned(Wire):
    """Whose chat goes to whom."""

    user_phone_number: Annotated[str, Field(pattern=r"^\d{6,15}$")]
    agent_email: Annotated[str, Field(pattern=r"^\S+@\S+$")]


class DraftButton(Wire):
    """A button of a template to be approved."""

    type: Literal["PHONE_NUMBER", "URL", "QUICK_REPLY"]
    text: NonEmpty
    phone_number: NonEmpty | None = None
    url: Url | None = None


class Draft(Wire):
    """A template to be approved."""

    display_name: NonEmpty
    language: NonEmpty
    category: NonEmpty
    body: Words1024
    body_text: tuple[str, ...] = ()
    header_format: Literal["TEXT", "IMAGE", "VIDEO", "DOCUMENT"] | None = None
    header: str | None = None
    header_text: tuple[str, ...] = ()
    header_handle: tuple[str, ...] = ()
    header_handle_file_url: str | None = None
    header_handle_file_name: str | None = None
    footer: str | None = None
    button_type: Literal["Call To Action", "Quick Replies"] | None = None
    buttons: tuple[DraftButton, ...] = ()
    button_text: str | tuple[str, ...] | None = None
    carousel_cards: tuple[dict[str, JsonValue], ...] = ()
