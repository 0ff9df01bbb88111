"""The bodies of Sobot's customers and templates, and how lists of them are answered.

Source: Sobot API documentation, "Customers" and "Templates", read 2026-08.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from adapters.sandbox.sobot.wire import Mobile
from adapters.sandbox.wire import NonEmpty, Object, Url, Wire, Words20, Words60, Words1024

PAGE_SIZE = 20

VARIABLE = re.compile(r"\{\{\d+\}\}")


class Profile(Wire):
    """What is kept of a customer."""

    name: Annotated[NonEmpty, Field(max_length=100)]
    email: Annotated[str, Field(pattern=r"^\S+@\S+\.\S+$")] | None = None
    gender: Literal["Male", "Female", "Famale"] | None = None
    date_of_birth: Annotated[str, Field(pattern=r"^\d{2}-\d{2}-\d{4}$")] | None = None
    facebook_profile: Url | None = None
    linkedin_profile: Url | None = None
    twitter_profile: Url | None = None
    extra_fields: dict[Annotated[str, Field(pattern=r"^\S+$")], JsonValue] | None = None
    labels: tuple[str, ...] | None = None


class Customer(Profile):
    """A customer as it is added."""

    mobile: Mobile


class BodyExample(Wire):
    """What may stand for the body's variables."""

    body_text: tuple[tuple[NonEmpty, ...]]


class HeaderExample(Wire):
    """What may stand for the header's variable."""

    header_text: tuple[NonEmpty]


class CallButton(Wire):
    """A button that calls."""

    phone_number: Mobile
    text: Words20


class Draft(Wire):
    """A template as it is handed in."""

    category: Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
    entity_name: Annotated[NonEmpty, Field(max_length=128)]
    template_type: Literal["TEXT", "MEDIA"]
    body: Words1024
    lang_code: NonEmpty = "en_US"
    header_type: Literal["TEXT", "IMAGE", "VIDEO", "DOCUMENT"] | None = None
    header: Words60 | None = None
    footer: Words60 | None = None
    example: Url | None = None
    example_body_param: BodyExample | None = None
    example_header_param: HeaderExample | None = None
    buttons: Annotated[tuple[Words20, ...], Field(min_length=1, max_length=3)] | None = None
    sub_type: Literal["CTA"] | None = None
    phone_numbers: Annotated[tuple[CallButton, ...], Field(max_length=1)] | None = None
    url: Url | None = None
    example_website: Url | None = None
    url_name: Words20 | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Draft":
        """Ask for what the tables ask for beside something else."""
        places = len(set(VARIABLE.findall(self.body)))
        examples = self.example_body_param.body_text[0] if self.example_body_param else ()
        wanted = {
            "example_body_param": places == len(examples),
            "header": self.header_type != "TEXT" or self.header is not None,
            "header_type": self.template_type == "TEXT" or self.header_type is not None,
            "example": self.header_type in (None, "TEXT") or self.example is not None,
            "sub_type": self.sub_type == "CTA" or not (self.url or self.phone_numbers),
            "url_name": self.url is None or self.url_name is not None,
            "example_website": not VARIABLE.search(self.url or "") or bool(self.example_website),
        }
        for name, is_there in wanted.items():
            if not is_there:
                raise PydanticCustomError("missing", "{what} is required", {"what": name})
        return self


def page(items: Sequence[Object], number: int, address: str) -> Object:
    """Return one page of a list.

    Args:
        items: All of them.
        number: Which page, from 1.
        address: Of the list itself, with its query; the next page is named by it.
    """
    first = (number - 1) * PAGE_SIZE
    shown = items[first : first + PAGE_SIZE]
    join = "&" if "?" in address else "?"
    more = len(items) > first + PAGE_SIZE
    return {
        "count": len(items),
        "size": PAGE_SIZE,
        "next": f"{address}{join}page={number + 1}" if more else None,
        "previous": f"{address}{join}page={number - 1}" if number > 1 else None,
        "code": 200,
        "data": list(shown),
    }
