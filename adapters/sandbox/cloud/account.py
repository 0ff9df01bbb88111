"""What a pretended Meta keeps of a business account beside its messages: the number, templates, the webhook's address.

Source: Cloud API, phone numbers; Business Management API, message templates and subscribed apps, read 2026-08.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from adapters.sandbox.cloud.refusals import CloudRefusal
from adapters.sandbox.cloud.settings import CloudSettings
from adapters.sandbox.wire import Object

CATEGORIES = frozenset({"UTILITY", "MARKETING", "AUTHENTICATION"})

NAME = re.compile(r"[a-z0-9_]{1,512}")

PAGE = 25
"""Templates in an answer that names no `limit`."""


@dataclass
class Account:
    """The account's books; what is handed in waits for approval for ever."""

    current: Callable[[], CloudSettings]
    """The sandbox's settings, which a test may change."""
    handed_in: list[Object] = field(default_factory=list)

    def number(self) -> Object:
        """Return what Meta says of the number."""
        settings = self.current()
        return {
            "id": settings.phone_number_id,
            "display_phone_number": f"+{settings.display_phone_number}",
            "verified_name": "Sandbox",
            "quality_rating": "GREEN",
            "status": "CONNECTED",
        }

    def templates(self, *, name: str | None, limit: str | None, after: str | None) -> Object:
        """Return a page of the templates; a name finds those that contain it."""
        size = int(limit) if limit and limit.isdigit() else PAGE
        begin = int(after) if after and after.isdigit() else 0
        found = [one for one in self._all() if name is None or name in str(one["name"])]
        end = begin + size
        paging: Object = {"cursors": {"before": str(begin), "after": str(end)}}
        if end < len(found):
            paging["next"] = f"message_templates?after={end}"
        return {"data": [*found[begin:end]], "paging": paging}

    def hand_in(self, body: Object, id_: str) -> Object:
        """Take a template in as pending."""
        name, language = body.get("name"), body.get("language")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise CloudRefusal(100, "Invalid parameter: name has lower-case letters, digits and _")
        if not isinstance(language, str) or not language:
            raise CloudRefusal(100, "The parameter language is required.")
        if body.get("category") not in CATEGORIES:
            raise CloudRefusal(100, f"Param category must be one of {sorted(CATEGORIES)}")
        components = body.get("components")
        if not isinstance(components, list) or "BODY" not in map(_type_of, components):
            raise CloudRefusal(100, "Param components must hold one of type BODY")
        if any((one["name"], one["language"]) == (name, language) for one in self._all()):
            raise CloudRefusal(
                100, "Content in this language already exists for this template", subcode=2388024
            )
        self.handed_in.append({**body, "id": id_, "status": "PENDING"})
        return {"id": id_, "status": "PENDING", "category": body["category"]}

    def _all(self) -> Iterator[Object]:
        for place, one in enumerate(self.current().templates or ()):
            yield {
                "id": one.id or str(300000000000001 + place),
                "name": one.name,
                "language": one.language,
                "category": one.category.upper(),
                "status": "APPROVED",
                "components": one.components,
            }
        yield from self.handed_in


def _type_of(component: object) -> object:
    return component.get("type") if isinstance(component, dict) else None
