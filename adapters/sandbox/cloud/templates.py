"""The body of `type: template`, and how it must fit the approved one."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from adapters.sandbox.cloud.refusals import CloudRefusal
from adapters.sandbox.settings import ApprovedTemplate
from adapters.sandbox.wire import NonEmpty, Wire

SCALAR = str | bool | int | float


class Language(Wire):
    """Which translation."""

    code: NonEmpty
    policy: Literal["deterministic"] = "deterministic"


class Parameter(Wire):
    """One variable: `type` names the key that carries it."""

    type: Literal[
        "text",
        "payload",
        "currency",
        "date_time",
        "image",
        "video",
        "document",
        "location",
        "product",
        "action",
        "coupon_code",
        "limited_time_offer",
        "tap_target_configuration",
    ]
    parameter_name: NonEmpty | None = None
    text: SCALAR | None = None
    payload: str | None = None
    currency: dict[str, JsonValue] | None = None
    date_time: dict[str, JsonValue] | None = None
    image: dict[str, JsonValue] | None = None
    video: dict[str, JsonValue] | None = None
    document: dict[str, JsonValue] | None = None
    location: dict[str, JsonValue] | None = None
    product: dict[str, JsonValue] | None = None
    action: dict[str, JsonValue] | None = None
    coupon_code: str | None = None
    limited_time_offer: dict[str, JsonValue] | None = None
    tap_target_configuration: list[JsonValue] | None = None

    @model_validator(mode="after")
    def _carries_its_type(self) -> "Parameter":
        if self.words is None and getattr(self, self.type) is None:
            raise PydanticCustomError("missing", "{what} is required", {"what": self.type})
        if self.type == "text" and self.text == "":
            raise PydanticCustomError("empty", "A text parameter must not be empty")
        return self

    @property
    def words(self) -> str | None:
        """The variable as it reads; None for what is shown in another way."""
        match self:
            case Parameter(type="text", text=str(words)):
                return words
            case Parameter(type="currency", currency={"fallback_value": str(words)}):
                return words
            case Parameter(type="date_time", date_time={"fallback_value": str(words)}):
                return words
            case _:
                return None


class Component(Wire):
    """The variables of one part of the template."""

    type: Annotated[
        str,
        Field(
            pattern=r"(?i)^(header|body|footer|button|carousel|limited_time_offer|order_status"
            r"|tap_target_configuration)$"
        ),
    ]
    parameters: tuple[Parameter, ...] = ()
    sub_type: (
        Annotated[
            str,
            Field(
                pattern=r"(?i)^(quick_reply|url|flow|catalog|mpm|spm|copy_code|order_details|payment_request"
                r"|voice_call|one_tap)$"
            ),
        ]
        | None
    ) = None
    index: Annotated[int, Field(ge=0, le=9)] | None = None
    cards: "tuple[CarouselCard, ...] | None" = None

    @model_validator(mode="after")
    def _whole(self) -> "Component":
        kind = self.type.lower()
        if kind == "button" and (self.sub_type is None or self.index is None):
            raise PydanticCustomError("missing", "A button needs sub_type and index")
        if kind == "carousel" and not self.cards:
            raise PydanticCustomError("missing", "A carousel needs cards")
        return self


class CarouselCard(Wire):
    """The variables of one card."""

    card_index: Annotated[int, Field(ge=0, le=9)]
    components: tuple[Component, ...]


class Template(Wire):
    """`template`."""

    name: NonEmpty
    language: Language
    components: tuple[Component, ...] = ()
    namespace: str | None = None

    @property
    def body(self) -> tuple[Parameter, ...]:
        """The body's variables, in order."""
        return tuple(
            parameter
            for component in self.components
            if component.type.lower() == "body"
            for parameter in component.parameters
        )


def fit(template: Template, approved: tuple[ApprovedTemplate, ...] | None) -> str:
    """Return what the phone shows of the template.

    Raises:
        CloudRefusal: 132001 for a name or language that is not approved, 132000 for a wrong number of variables.
    """
    given = [parameter.words or "" for parameter in template.body]
    if approved is None:
        return " · ".join([f"[{template.name}]", *given])
    for one in approved:
        if (one.name, one.language) == (template.name, template.language.code):
            return _filled(one, template, given)
    raise CloudRefusal(
        132001,
        f"template name ({template.name}) does not exist in {template.language.code}",
    )


def _filled(approved: ApprovedTemplate, template: Template, given: list[str]) -> str:
    if len(given) != len(approved.places):
        raise CloudRefusal(
            132000,
            f"body: number of localizable_params ({len(given)}) does not match the expected number of params "
            f"({len(approved.places)})",
        )
    above = {
        one.type
        for part in template.components
        if part.type.lower() == "header"
        for one in part.parameters
    }
    if approved.header is not None and approved.header not in above:
        raise CloudRefusal(132012, f"header: Format mismatch, expected {approved.header.upper()}")
    names = [parameter.parameter_name or "" for parameter in template.body]
    values = dict(zip(names if all(names) else approved.places, given, strict=True))
    missing = [place for place in approved.places if place not in values]
    if missing:
        raise CloudRefusal(132012, f"body: no parameter_name {missing[0]!r}")
    return approved.filled(values)
