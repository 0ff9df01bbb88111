"""What an Interakt account keeps beside the chat: customers, templates, campaigns, files. In memory alone."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from adapters.sandbox.interakt.wire import Condition, Draft, Tracked
from adapters.sandbox.settings import ApprovedTemplate
from adapters.sandbox.wire import Object

LANGUAGES = {"english": "en", "hindi": "hi", "spanish": "es", "arabic": "ar", "portuguese": "pt"}
"""What templates handed in by a language's name are called afterwards."""


def iso(at: datetime) -> str:
    """Return a time as Interakt writes it: UTC without a zone, six digits of the second."""
    return at.replace(tzinfo=None).isoformat(timespec="microseconds")


@dataclass
class Customer:
    """One entry of the address book."""

    id: str
    phone: str
    created_at: str
    modified_at: str
    country_code: str = ""
    phone_number: str = ""
    user_id: str | None = None
    traits: Object = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    events: list[tuple[str, Object]] = field(default_factory=list)
    agent: str | None = None
    """Who has the chat, by e-mail address."""
    in_sales_cycle: bool = False

    def shown(self) -> Object:
        """Return the customer as the calls show one."""
        return {
            "id": self.id,
            "created_at_utc": self.created_at,
            "modified_at_utc": self.modified_at,
            "phone_number": self.phone_number,
            "country_code": self.country_code,
            "user_id": self.user_id,
            "channel_phone_number": self.phone,
            "traits": self.traits,
            "tag_names": list[JsonValue](self.tags),
            "customer_created_at_source": "API",
        }

    def trait(self, name: str) -> JsonValue:
        """Return what a condition asks for: a field of the entry, or a trait."""
        return self.shown().get(name, self.traits.get(name))


_OPERATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda has, asked: bool(has == asked),
    "ne": lambda has, asked: bool(has != asked),
    "neq": lambda has, asked: bool(has != asked),
    "gt": lambda has, asked: bool(has > asked),
    "lt": lambda has, asked: bool(has < asked),
    "gte": lambda has, asked: bool(has >= asked),
    "lte": lambda has, asked: bool(has <= asked),
    "contains": lambda has, asked: asked in has,
}


def meets(customer: Customer, filters: Sequence[Condition]) -> bool:
    """Tell whether a customer meets the conditions, each joined to those before it."""
    so_far = True
    for place, condition in enumerate(filters):
        one = _meets_one(customer, condition)
        is_or = place > 0 and condition.supr_op == "or"
        so_far = (so_far or one) if is_or else (so_far and one)
    return so_far


def _meets_one(customer: Customer, condition: Condition) -> bool:
    try:
        return _OPERATIONS[condition.op](customer.trait(condition.trait), condition.val)
    except TypeError:  # compared with another type, or with nothing
        return False


def take_tracked(customer: Customer, tracked: Tracked, now: datetime) -> None:
    """Write what was told of a customer; a trait sent again replaces the old one."""
    customer.traits |= tracked.traits
    customer.tags = list(dict.fromkeys((*customer.tags, *tracked.tags)))
    customer.user_id = tracked.userId or customer.user_id
    customer.in_sales_cycle = customer.in_sales_cycle or bool(tracked.add_to_sales_cycle)
    customer.created_at = tracked.createdAt or customer.created_at
    customer.country_code = tracked.countryCode or customer.country_code
    customer.phone_number = tracked.phoneNumber or customer.phone_number
    customer.modified_at = iso(now)


def known_of(approved: ApprovedTemplate, now: str, organization_id: str) -> "KnownTemplate":
    """Return a configured template as one that was handed in."""
    draft = Draft.model_validate(
        {
            "display_name": approved.name,
            "language": approved.language,
            "category": approved.category,
            "body": approved.body or approved.name,
            "header_format": approved.header and approved.header.upper(),
            "buttons": [{"type": "QUICK_REPLY", "text": title} for title in approved.buttons],
        }
    )
    id_ = approved.id or f"{approved.name}-{approved.language}"
    return KnownTemplate(id_, draft, now, organization_id, f"wa-{id_}", "APPROVED")


@dataclass
class KnownTemplate:
    """A template that was handed in."""

    id: str
    draft: Draft
    created_at: str
    organization_id: str
    wa_id: str
    status: str = "WAITING"

    @property
    def name(self) -> str:
        """How sends name it."""
        return self.draft.display_name.strip().lower().replace(" ", "_")

    @property
    def language(self) -> str:
        """Its language's code."""
        return LANGUAGES.get(self.draft.language.lower(), self.draft.language)

    @property
    def category(self) -> str:
        """What it was handed in as, the first of several."""
        return self.draft.category.partition("/")[0].upper()

    def shown(self) -> Object:
        """Return the template as the calls show one: lists as JSON in a text."""
        draft = self.draft
        buttons = [button.model_dump(exclude_none=True) for button in draft.buttons]
        return {
            "id": self.id,
            "created_at_utc": self.created_at,
            "modified_at_utc": self.created_at,
            "name": self.name,
            "display_name": draft.display_name,
            "language": self.language,
            "category": self.category,
            "header_format": draft.header_format,
            "header": draft.header,
            "header_handle_file_url": draft.header_handle_file_url,
            "header_handle_file_name": draft.header_handle_file_name,
            "body": draft.body,
            "body_text": json.dumps(draft.body_text),
            "footer": draft.footer,
            "buttons": json.dumps(json.dumps(buttons or {})),
            "carousel_cards": json.dumps(draft.carousel_cards) if draft.carousel_cards else None,
            "organization_id": self.organization_id,
            "approval_status": self.status,
            "wa_template_id": self.wa_id,
            "is_archived": False,
            "channel_type": "Whatsapp",
            "rejection_reason": None,
            "variable_present": "Yes" if "{{" in draft.body else "No",
        }
