"""Who a chat's contact is, in words: number, language, local time, what they want and what is known of them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time

from engine.core.content import ContactUpdate, Content
from engine.core.conversation import Contact
from engine.core.value import Json
from engine.flow.here import country_of
from engine.flow.text import show
from web.inbox.lists.rows import shown_phone

OURS: Final = "en"
"""What the inbox is written in."""


@dataclass(frozen=True, slots=True)
class Wants:
    """What a contact wants of us: a key of the texts, and since when."""

    key: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """The contact."""

    name: str | None
    phone: str | None
    """As people write it, with the country code."""
    dial: str | None
    """For a `tel:` link."""
    user_id: str | None
    language: str | None
    country: str | None
    there: str | None
    """What time it is where they are; None where nothing tells."""
    wants: Wants
    known: tuple[tuple[str, str], ...]
    """What flows told the provider of them: names and values."""
    tags: tuple[str, ...]


def about(
    contact: Contact, *, zone: tzinfo | None, said: Iterable[Content], now: datetime
) -> About:
    """Return who the contact is.

    Args:
        contact: The contact.
        zone: Where they are; None where nothing tells.
        said: What passed in the chat, oldest first: updates of the contact among it are taken together.
        now: The time.
    """
    known, tags = _known(said)
    return About(
        name=contact.name,
        phone=None if contact.phone is None else shown_phone(contact.phone),
        dial=None if contact.phone is None else f"+{contact.phone}",
        user_id=contact.user_id,
        language=_language(contact.locale),
        country=_country(country_of(contact)),
        there=None if zone is None else _clock(now.astimezone(zone), now),
        wants=_wants(contact),
        known=tuple((name, show(value)) for name, value in known.items()),
        tags=tags,
    )


def day(at: datetime, zone: tzinfo) -> str:
    """Return a day as the inbox writes it."""
    return format_date(at.astimezone(zone), "d MMM yyyy", locale=OURS)


def _known(said: Iterable[Content]) -> tuple[Mapping[str, Json], tuple[str, ...]]:
    known: dict[str, Json] = {}
    tags: dict[str, None] = {}
    for content in said:
        if isinstance(content, ContactUpdate):
            known |= content.traits
            tags |= dict.fromkeys(content.tags)
    return known, tuple(tags)


def _language(locale: str | None) -> str | None:
    if not locale:
        return None
    try:
        return Locale.parse(locale.replace("-", "_")).get_language_name(OURS)
    except (ValueError, UnknownLocaleError):
        return locale


def _country(code: str | None) -> str | None:
    return None if code is None else Locale(OURS).territories.get(code, code)


def _clock(there: datetime, now: datetime) -> str:
    """Return the hour, with the weekday where it is another day than by universal time."""
    clock = format_time(there, "HH:mm", locale=OURS)
    return (
        clock if there.date() == now.date() else f"{format_date(there, 'EEE', locale=OURS)} {clock}"
    )


def _wants(contact: Contact) -> Wants:
    if contact.opted_out_at is not None:
        return Wants("wants_none", format_date(contact.opted_out_at, "d MMM yyyy", locale=OURS))
    if contact.marketing_stopped_at is not None:
        since = format_date(contact.marketing_stopped_at, "d MMM yyyy", locale=OURS)
        return Wants("wants_no_news", since)
    return Wants("wants_all")
