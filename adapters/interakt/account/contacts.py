"""The account's users and what they did. Source: Interakt Public APIs, Track and Customer APIs, read 2026-08."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.interakt.client import Client
from adapters.interakt.errors import NOBODY
from adapters.interakt.parse import sender_of
from adapters.interakt.payloads import CUSTOMER_BY_ID, CUSTOMER_BY_PHONE, CUSTOMERS, EVENTS, USERS
from adapters.interakt.render import render_address, split_phone
from adapters.wire import (
    Wire,
    int_of,
    iso_time_of,
    items_of,
    known,
    objects_of,
    part_of,
    text_of,
    tidy,
)
from engine.core.addresses import spellings_of
from engine.core.errors import AddressRejected, SendError
from engine.core.value import Json
from engine.ports.services import ContactPage, Filter, Profile

_UNSAFE = re.compile(rb"[^A-Za-z0-9._~-]")

PAGE = 100
"""The most users of one page."""


class ContactBook:
    """The account's users."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def save(self, profile: Profile) -> None:
        """Add or update a user; what Interakt keeps no field for is left out. Raises SendError."""
        await self._client.told("POST", USERS, render_profile(profile))

    async def find(self, *, phone: str | None = None, user_id: str | None = None) -> Profile | None:
        """Return who has this number or the business's own id, None if nobody has. Raises SendError.

        Interakt looks a number up without its country code, so what it finds is compared whole, and in a country that
        writes its numbers in two ways, the other one is asked for too.
        """
        if phone is None:
            return next(iter(await self._found(CUSTOMER_BY_ID + _escaped(user_id or ""))), None)
        spellings = spellings_of(phone)
        for one in spellings:
            parts = split_phone(one)
            found = await self._found(CUSTOMER_BY_PHONE + (one if parts is None else parts[1]))
            for profile in found:
                if profile.phone in spellings:
                    return profile
        return None

    async def _found(self, path: str) -> Sequence[Profile]:
        try:
            body = await self._client.told("GET", path)
        except SendError as error:
            if error.provider_code == NOBODY or "not found" in str(error).lower():
                return ()
            raise
        return tuple(map(read_profile, objects_of(part_of(body, "data"), "customers")))

    async def list(
        self, *, filters: Sequence[Filter] = (), offset: int = 0, limit: int = PAGE
    ) -> ContactPage:
        """Return a page of users, 100 at most; a condition that Interakt does not know is refused. Raises SendError."""
        asked = {"filters": [_render_filter(one, first=not at) for at, one in enumerate(filters)]}
        query = {"offset": str(offset), "limit": str(min(limit, PAGE))}
        data = part_of(await self._client.told("POST", CUSTOMERS, asked, query=query), "data")
        return ContactPage(
            tuple(map(read_profile, objects_of(data, "customers"))),
            int_of(data, "total_customers"),
            data.get("has_next_page") is True,
        )


class EventTracker:
    """The users' timelines."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def track(
        self,
        name: str,
        traits: dict[str, Json],
        *,
        phone: str | None = None,
        user_id: str | None = None,
    ) -> None:
        """Record an event of whoever has this number or the business's own id. Raises SendError."""
        who = render_user(phone, user_id)
        await self._client.told("POST", EVENTS, {**who, "event": name, "traits": traits})


def render_user(phone: str | None, user_id: str | None) -> Wire:
    """Return the keys that say who, by number and by the business's own id. Raises AddressRejected."""
    if phone is None and user_id is None:
        raise AddressRejected("neither a phone nor a user id says who it is")
    address = {} if phone is None else render_address(phone, None)
    return {**address, **known(userId=user_id)}


def render_profile(profile: Profile) -> Wire:
    """Return the body that saves a user. Raises AddressRejected."""
    return {
        **render_user(profile.phone, profile.user_id),
        "traits": {**known(name=profile.name, email=profile.email), **profile.traits},
        **known(
            tags=list(profile.tags) or None,
            add_to_sales_cycle=profile.sales_cycle,
            createdAt=None if profile.created_at is None else _stamp(profile.created_at),
        ),
    }


def read_profile(customer: Wire) -> Profile:
    """Return a user as Interakt has it."""
    sender, traits = sender_of(customer), part_of(customer, "traits")
    return Profile(
        phone=None if sender is None else sender.phone,
        user_id=text_of(customer, "user_id"),
        name=text_of(traits, "name"),
        email=text_of(traits, "email"),
        traits={
            str(key): tidy(value) for key, value in traits.items() if key not in ("name", "email")
        },
        tags=tuple(tag for tag in items_of(customer, "tags") if isinstance(tag, str)),
        created_at=iso_time_of(customer, "created_at_utc", otherwise=None),
    )


def _render_filter(one: Filter, *, first: bool) -> Wire:
    joined = {} if first else {"supr_op": one.joined_by}
    return {"trait": one.trait, "op": one.op, **joined, "val": one.value}


def _escaped(part: str) -> str:
    """Return a part of a path; a slash in an id begins no other part."""
    return _UNSAFE.sub(lambda found: b"%%%02X" % found[0][0], part.encode()).decode()


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
